"""The one MetaData, names of constraints, and one mapper registry per addon.

Each addon has its own `sqlalchemy.orm.registry`, so a broken addon takes down only itself; the MetaData is shared, so
foreign keys between addons resolve.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import registry as MapperRegistry

CONVENTION = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
LONGEST_NAME = 63  # PostgreSQL cuts longer identifiers silently

metadata = sa.MetaData(naming_convention=CONVENTION)
mapper_registries: dict[str, MapperRegistry] = {}


def addon_of(module: str) -> str:
    """Return the addon a module belongs to: `addons.crm_lead.models` and `crm_lead.models` are both `crm_lead`."""
    parts = module.split(".")
    return parts[1] if parts[0] == "addons" and len(parts) > 1 else parts[0]


def mapper_registry(addon: str) -> MapperRegistry:
    """Return the mapper registry of an addon, made when first asked for."""
    if addon not in mapper_registries:
        mapper_registries[addon] = MapperRegistry(metadata=metadata)
    return mapper_registries[addon]


def tables_of(addon: str) -> list[sa.Table]:
    """Return the tables an addon declared, parents before children."""
    own = [table for table in metadata.tables.values() if table.info.get("addon") == addon]
    return list(sa.schema.sort_tables(own))


def forget(addon: str) -> None:
    """Unmap an addon's classes and drop its tables from the MetaData, so a repaired version can be loaded."""
    found = mapper_registries.pop(addon, None)
    if found is not None:
        found.dispose()
    for table in reversed(tables_of(addon)):
        metadata.remove(table)
