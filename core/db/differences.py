"""What differs between the tables of a database and their declarations, found by Alembic."""

from __future__ import annotations

import warnings
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.operations import Operations, ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SAWarning
from sqlalchemy.schema import CreateIndex

from core.i18n import Text

from .naming import metadata
from .steps import Judge
from .sync import Step

COMPARED = [
    "alembic.autogenerate.schemas",
    "alembic.autogenerate.tables",
    "alembic.autogenerate.types",
    "alembic.autogenerate.constraints",
    "alembic.ext.checkconstraint_byname",
]


def operations(connection: Connection) -> Operations:
    """Return what changes the tables of a connection's database."""
    return Operations(MigrationContext.configure(connection))


def differences(connection: Connection, tables: dict[str, sa.Table]) -> list[Step | Text]:
    """Return a step or a sentence for each difference between tables and their declarations."""
    found: list[Any] = []
    for op in _compare(connection, tables):
        found.extend(op.ops if isinstance(op, ops.ModifyTableOps) else [op])
    return [*Judge(connection, tables).judge(found), *_particular_indexes(connection, tables)]


def _compare(connection: Connection, tables: dict[str, sa.Table]) -> list[Any]:
    def is_compared(thing: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:
        if kind == "table":
            return name in tables
        if kind == "index" and thing.table.name in tables:
            declared = {str(index.name): index for index in tables[thing.table.name].indexes}
            return str(name) not in declared or not _is_particular(declared[str(name)])
        return True

    context = MigrationContext.configure(
        connection,
        opts={
            "target_metadata": metadata,
            "compare_type": True,
            "autogenerate_plugins": COMPARED,
            "include_name": lambda name, kind, _parents: kind != "table" or name in tables,
            "include_object": is_compared,
        },
    )
    with warnings.catch_warnings():
        # indexes over expressions are looked at by name, see _particular_indexes
        warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index", SAWarning)
        warnings.filterwarnings(
            "ignore", "autogenerate skipping metadata-specified expression-based index", UserWarning
        )
        upgrade = produce_migrations(context, metadata).upgrade_ops
    return list(upgrade.ops) if upgrade is not None else []


def _is_particular(index: sa.Index) -> bool:
    """Indexes over expressions, parts of a table or of a special kind are not reflected faithfully: told by name."""
    plain = all(isinstance(expression, sa.Column) for expression in index.expressions)
    return not plain or bool(index.dialect_kwargs) or index._ddl_if is not None


def _particular_indexes(connection: Connection, tables: dict[str, sa.Table]) -> list[Step]:
    wanted = [index for table in tables.values() for index in table.indexes if _is_particular(index)]
    if not wanted:
        return []
    catalogue = "sqlite_master WHERE type = 'index'" if connection.dialect.name == "sqlite" else "pg_indexes"
    name = "name" if connection.dialect.name == "sqlite" else "indexname"
    present = set(connection.exec_driver_sql(f"SELECT {name} FROM {catalogue}").scalars())  # noqa: S608
    return [_index_step(index) for index in wanted if index.name not in present and _is_meant_for(index, connection)]


def _is_meant_for(index: sa.Index, connection: Connection) -> bool:
    condition = index._ddl_if
    return condition is None or condition._should_execute(CreateIndex(index), index, connection)


def _index_step(index: sa.Index) -> Step:
    assert index.table is not None
    return Step("index", index.table.name, str(index.name), lambda run: index.create(run.get_bind()))
