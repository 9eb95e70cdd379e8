"""The schema follows the models, additively: what is missing is made, nothing that holds data is changed or dropped.

Everything happens in the caller's transaction; both databases can roll such changes back. What is not an addition
(a rename, another type, a required column without a value for old rows) needs a migration file of the addon.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from core.i18n import Text, _

from .naming import metadata, tables_of

if TYPE_CHECKING:
    from alembic.operations import Operations

LOCK = 0x67697269


@dataclass(frozen=True, slots=True)
class Step:
    """One change of a table that is already there: a column, an index or a constraint more."""

    kind: str
    table: str
    name: str
    run: Callable[[Operations], None]


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
    judged = _judged(connection, {name: table for name, table in own.items() if name in present})
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
    _run(connection, addon, made.steps)
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


def _judged(connection: Connection, tables: dict[str, sa.Table]) -> list[Step | Text]:
    if not tables:
        return []
    from .differences import differences  # -- reason: Alembic; a server that installs nothing does without it

    return differences(connection, tables)


def _run(connection: Connection, addon: str, steps: tuple[Step, ...]) -> None:
    if not steps:
        return
    from .differences import operations  # -- reason: as above

    run = operations(connection)
    for step in steps:
        try:
            step.run(run)
        except IntegrityError as fault:
            words = {"name": step.name, "table": step.table}
            reason = _("%(name)s cannot be added: rows of table %(table)s do not fit.", **words)
            raise SchemaBlocked(addon, (reason,)) from fault
