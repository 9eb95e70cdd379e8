"""What goes when an addon goes: an export first, then its records elsewhere, then its tables."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import Connection

from core import operations
from core.context import Context
from core.db.naming import tables_of
from core.errors import GirihError
from core.models import Change, ChangeSet, ExternalKey, Job, Preference, Role, Setting
from core.registry import Registry, is_attached

from .seeding import seeded

BATCH = 2000


def models_of(registry: Registry, addon: str) -> tuple[Any, ...]:
    """Return the models and extensions an addon declared."""
    return tuple(model for model in registry.models if model.__addon__ == addon)


def row_counts(connection: Connection, addon: str) -> tuple[tuple[str, int], ...]:
    """Return the addon's tables that are there, with the number of their rows."""
    present = set(sa.inspect(connection).get_table_names())
    return tuple(
        (table.name, connection.execute(select(sa.func.count()).select_from(table)).scalar_one())
        for table in tables_of(addon)
        if table.name in present
    )


@contextmanager
def export(connection: Connection, registry: Registry, addon: str, version: str, path: Path) -> Iterator[Path]:
    """Write all rows of an addon and what hangs on them into a zip of JSON lines; removed again if the rest fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        private = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(private, "wb") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            about = {"addon": addon, "version": version, "at": datetime.now(UTC).isoformat()}
            archive.writestr("export.json", json.dumps(about, indent=2))
            for name, query in _queries(registry, addon):
                _write(connection, archive, name, query)
        yield path
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def export_path(folder: Path, database: str, addon: str) -> Path:
    """Return where the export of an addon goes."""
    return folder / "exports" / f"{database}-{addon}-{datetime.now(UTC):%Y%m%d-%H%M%S-%f}.zip"


def _queries(registry: Registry, addon: str) -> Iterator[tuple[str, sa.Select[Any]]]:
    for table in tables_of(addon):
        yield table.name, select(table)
    for table, hanging in _hanging(registry, addon):
        yield table.name, select(table).where(hanging)


def _hanging(registry: Registry, addon: str) -> Iterator[tuple[sa.Table, sa.ColumnElement[bool]]]:
    """The tables of others whose rows hang on the addon's records, with the condition that finds them."""
    names = [model.__model__ for model in models_of(registry, addon)]
    for model in registry.models:
        if is_attached(model) and model.__addon__ != addon and names:
            yield model.__table__, model.__table__.c.model.in_(names)


def _write(connection: Connection, archive: zipfile.ZipFile, name: str, query: sa.Select[Any]) -> None:
    with archive.open(f"{name}.jsonl", "w") as lines:
        result = connection.execute(query, execution_options={"yield_per": BATCH})
        for row in result.mappings():
            plain = {key: operations.plain(value) for key, value in row.items()}
            lines.write(json.dumps(plain, ensure_ascii=False, default=str).encode() + b"\n")


def delete_elsewhere(ctx: Context, connection: Connection, addon: str) -> None:
    """Delete what an addon has in the tables of others: seeds, roles, settings, jobs, what hangs on its records."""
    own_role = Role.code.startswith(f"{addon}.", autoescape=True)
    gone = {(Role.__model__, one) for one in connection.execute(select(Role.id).where(own_role)).scalars()}
    gone |= _delete_seeds(ctx, addon)
    for table, hanging in _hanging(ctx.registry, addon):
        connection.execute(sa.delete(table).where(hanging))
    prefix = f"{addon}."
    named = ((Role, Role.code), (Setting, Setting.key), (Job, Job.name))
    for model, column in named:
        connection.execute(sa.delete(model).where(column.startswith(prefix, autoescape=True)))
    connection.execute(sa.delete(ExternalKey).where(ExternalKey.space == addon))
    for model in models_of(ctx.registry, addon):
        connection.execute(sa.delete(Preference).where(Preference.key.contains(model.__model__, autoescape=True)))
    _delete_history(connection, gone)


def _delete_history(connection: Connection, gone: set[tuple[str, int]]) -> None:
    """Forget what is kept of records that came and went with an addon, and change sets left without a change."""
    for model, record_id in gone:
        connection.execute(sa.delete(Change).where(Change.model == model, Change.record_id == record_id))
    full = select(Change.id).where(Change.set_id == ChangeSet.id).exists()
    connection.execute(sa.delete(ChangeSet).where(ChangeSet.kind == "install", ~full))


def _delete_seeds(ctx: Context, addon: str) -> set[tuple[str, int]]:
    """Delete the records an addon brought into the tables of others, unless somebody uses them by now."""
    gone = set()
    for name, record_id in seeded(ctx, addon):
        model = ctx.registry.by_name.get(name)
        if model is None or model.__addon__ == addon:
            continue
        try:
            with ctx.session.begin_nested():
                operations.delete(ctx, model, record_id)
            gone.add((name, record_id))
        except GirihError:
            continue  # it is in use, or somebody has deleted it: it stays as it is
    return gone
