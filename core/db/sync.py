"""The schema follows the models, additively: what is missing is made, nothing that holds data is changed or dropped.

Everything happens in the caller's transaction; both databases can roll such changes back. What is not an addition
(a rename, another type, a required column without a value for old rows) needs a migration file of the addon.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations
from alembic.operations import Operations, ops
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError, SAWarning
from sqlalchemy.schema import CreateIndex

from core.i18n import Text, _

from .naming import metadata, tables_of
from .steps import Judge, Step

LOCK = 0x67697269
COMPARED = [
    "alembic.autogenerate.schemas",
    "alembic.autogenerate.tables",
    "alembic.autogenerate.types",
    "alembic.autogenerate.constraints",
    "alembic.ext.checkconstraint_byname",
]


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A table that will be made."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SchemaPlan:
    """What bringing one addon's tables up to date means; nothing of it is done while `blocked` says anything."""

    addon: str
    tables: tuple[TablePlan, ...] = ()
    columns: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()
    blocked: tuple[Text, ...] = ()
    steps: tuple[Step, ...] = field(default=(), repr=False, compare=False)

    @property
    def is_empty(self) -> bool:
        """Whether the tables are as declared."""
        return not (self.tables or self.steps or self.blocked)


class SchemaBlocked(Exception):
    """The tables cannot follow without a migration; `reasons` are sentences."""

    def __init__(self, addon: str, reasons: tuple[Text, ...]) -> None:
        self.addon, self.reasons = addon, reasons
        super().__init__(addon, *reasons)

    def __str__(self) -> str:
        lead = _("The tables of %(addon)s need a migration (a file in its migrations folder):", addon=self.addon)
        return "\n".join(map(str, (lead, *self.reasons)))


def lock(connection: Connection) -> None:
    """Let nobody else change the schema until the transaction ends; on SQLite the write lock does that."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def plan(connection: Connection, addon: str) -> SchemaPlan:
    """Compare an addon's tables with their declarations; changes nothing."""
    own = {table.name: table for table in tables_of(addon)}
    present = set(sa.inspect(connection).get_table_names())
    missing = [table for name, table in own.items() if name not in present]
    judged = list(_differences(connection, {name: table for name, table in own.items() if name in present}))
    steps = tuple(step for step in judged if isinstance(step, Step))
    return SchemaPlan(
        addon,
        tuple(TablePlan(table.name, tuple(table.columns.keys())) for table in missing),
        tuple(f"{step.table}.{step.name}" for step in steps if step.kind == "column"),
        tuple(dict.fromkeys(step.name for step in steps if step.kind == "index")),
        tuple(step.name for step in steps if step.kind == "constraint"),
        tuple(reason for reason in judged if isinstance(reason, Text)),
        steps,
    )


def apply(connection: Connection, addon: str) -> SchemaPlan:
    """Make what is missing and return what was made; SchemaBlocked when a migration is needed."""
    lock(connection)
    made = plan(connection, addon)
    if made.blocked:
        raise SchemaBlocked(addon, made.blocked)
    names = {table.name for table in made.tables}
    metadata.create_all(connection, [table for table in tables_of(addon) if table.name in names], checkfirst=False)
    run = Operations(MigrationContext.configure(connection))
    for step in made.steps:
        _run(run, addon, step)
    return made


def drop(connection: Connection, addon: str) -> tuple[str, ...]:
    """Drop an addon's tables with their rows and return their names."""
    present = set(sa.inspect(connection).get_table_names())
    tables = [table for table in reversed(tables_of(addon)) if table.name in present]
    quoted = [connection.dialect.identifier_preparer.format_table(table) for table in tables]
    if connection.dialect.name == "postgresql" and quoted:
        connection.exec_driver_sql(f"DROP TABLE {', '.join(quoted)}")  # together: they may point at each other
        return tuple(table.name for table in tables)
    for place, table in enumerate(tables):
        _let_go(connection, table, tables[place:])
        connection.exec_driver_sql(f"DROP TABLE {quoted[place]}")
    return tuple(table.name for table in tables)


def _let_go(connection: Connection, table: sa.Table, left: list[sa.Table]) -> None:
    """Empty the links to a table from itself and those dropped after it: SQLite drops no table others point at."""
    for other in left:
        for column in other.columns:
            if column.nullable and any(key.column.table is table for key in column.foreign_keys):
                connection.execute(sa.update(other).values({column: None}))


def _run(run: Operations, addon: str, step: Step) -> None:
    try:
        step.run(run)
    except IntegrityError as fault:
        reason = _("%(name)s cannot be added: rows of table %(table)s do not fit.", name=step.name, table=step.table)
        raise SchemaBlocked(addon, (reason,)) from fault


def _differences(connection: Connection, tables: dict[str, sa.Table]) -> list[Step | Text]:
    if not tables:
        return []
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
