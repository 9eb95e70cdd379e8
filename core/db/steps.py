"""What stands between a table as declared and as it is: steps that lose nothing, and what only a migration can do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, cast

import sqlalchemy as sa
from alembic.operations import Operations, ops
from sqlalchemy.engine import Connection

from core.i18n import Text, _

from .sync import Step

Judged = Step | Text | None
"""A step, a sentence that says why a migration is needed, or nothing to do."""


class Judge:
    """Decides what becomes of each difference between one addon's tables and their declarations."""

    def __init__(self, connection: Connection, tables: dict[str, sa.Table]) -> None:
        self.connection, self.tables = connection, tables
        self.dialect = connection.dialect
        self.on_sqlite = self.dialect.name == "sqlite"
        self.added: set[tuple[str, str]] = set()

    def judge(self, differences: list[Any]) -> Iterator[Step | Text]:
        """Yield a step or a sentence for each difference that matters; columns first, as the rest may need them."""
        if self.on_sqlite:
            differences = self._without_equal_links(differences)
        columns = [op for op in differences if isinstance(op, ops.AddColumnOp)]
        others = [op for op in differences if not isinstance(op, ops.AddColumnOp)]
        for op in (*columns, *others):
            judged = self._judge(op)
            if judged is not None:
                yield judged

    def _without_equal_links(self, differences: list[Any]) -> list[Any]:
        """Drop what only seems to differ: of a link added to a table SQLAlchemy reflects no ON DELETE on SQLite."""
        equal = {_columns(op) for op in differences if isinstance(op, ops.CreateForeignKeyOp) and self._is_there(op)}
        return [op for op in differences if _columns(op) not in equal]

    def _is_there(self, op: ops.CreateForeignKeyOp) -> bool:
        links = self.connection.exec_driver_sql(f"PRAGMA foreign_key_list({op.source_table})").all()
        wanted = (op.referent_table, *op.local_cols, *op.remote_cols, op.kw.get("ondelete") or "NO ACTION")
        return wanted in {(link.table, link[3], link.to, link.on_delete) for link in links}

    def _judge(self, op: Any) -> Judged:
        deciders: dict[type[Any], Callable[[Any], Judged]] = {
            ops.AddColumnOp: self._column,
            ops.CreateIndexOp: self._index,
            ops.DropIndexOp: self._dropped_index,
            ops.CreateForeignKeyOp: self._foreign_key,
            ops.CreateUniqueConstraintOp: self._constraint,
            ops.CreateCheckConstraintOp: self._constraint,
            ops.DropConstraintOp: self._dropped_constraint,
            ops.DropColumnOp: self._dropped_column,
            ops.AlterColumnOp: self._altered,
        }
        decide = deciders.get(type(op))
        return (
            decide(op) if decide else _("A difference no addon may have was found: %(what)s.", what=type(op).__name__)
        )

    def _column(self, op: ops.AddColumnOp) -> Judged:
        column = self.tables[op.table_name].c[op.column.name]
        words = {"column": column.name, "table": op.table_name}
        default = self._default(column)
        if not column.nullable and default is None:
            return _("Column %(column)s of table %(table)s is required and has no fixed value for old rows.", **words)
        if self.on_sqlite and _is_computed_default(column):
            return _("SQLite cannot add column %(column)s of table %(table)s: its default is computed.", **words)
        if self.on_sqlite and column.foreign_keys and default is not None:
            return _("SQLite cannot add column %(column)s of table %(table)s: it is a link with a default.", **words)
        self.added.add((op.table_name, column.name))
        return Step("column", op.table_name, column.name, lambda run: self._add_column(run, column, default))

    def _default(self, column: sa.Column[Any]) -> Any:
        """The value old rows get: what the database knows, else a fixed value of the field."""
        if column.server_default is not None:
            return getattr(column.server_default, "arg", None)
        if column.nullable or column.default is None or not column.default.is_scalar:
            return None
        value = column.default.arg  # type: ignore[attr-defined]
        if isinstance(value, str):
            return value
        return sa.text(
            str(sa.literal(value, column.type).compile(self.connection, compile_kwargs={"literal_binds": True}))
        )

    def _add_column(self, run: Operations, column: sa.Column[Any], default: Any) -> None:
        keys = [sa.ForeignKey(key.target_fullname, ondelete=key.ondelete) for key in column.foreign_keys]
        added: sa.Column[Any] = sa.Column(
            column.name,
            column.type,
            *(keys if self.on_sqlite else ()),  # elsewhere the foreign key follows as a step of its own, with its name
            nullable=column.nullable,
            server_default=default,
        )
        run.add_column(column.table.name, added, inline_references=True if self.on_sqlite else None)
        if default is not None and column.server_default is None and not self.on_sqlite:
            run.alter_column(column.table.name, column.name, server_default=None)

    def _index(self, op: ops.CreateIndexOp) -> Judged:
        index = next(index for index in self.tables[op.table_name].indexes if index.name == op.index_name)
        return Step("index", op.table_name, str(op.index_name), lambda run: index.create(run.get_bind()))

    def _dropped_index(self, op: ops.DropIndexOp) -> Judged:
        """An index that changed is made anew; one that nobody declared is the business of whoever made it."""
        if op.index_name not in {index.name for index in self.tables[str(op.table_name)].indexes}:
            return None
        return Step("index", str(op.table_name), str(op.index_name), lambda run: run.invoke(op))

    def _foreign_key(self, op: ops.CreateForeignKeyOp) -> Judged:
        words = {"columns": ", ".join(op.local_cols), "table": op.source_table}
        if not self.on_sqlite:
            return Step("constraint", op.source_table, str(op.constraint_name), lambda run: run.invoke(op))
        if all((op.source_table, column) in self.added for column in op.local_cols):
            return None
        return _("SQLite cannot make %(columns)s of table %(table)s a link afterwards.", **words)

    def _constraint(self, op: ops.CreateUniqueConstraintOp | ops.CreateCheckConstraintOp) -> Judged:
        name = str(op.constraint_name)
        if self.on_sqlite:
            return _("SQLite cannot add the constraint %(name)s to table %(table)s.", name=name, table=op.table_name)
        return Step("constraint", op.table_name, name, lambda run: run.invoke(op))

    def _dropped_constraint(self, op: ops.DropConstraintOp) -> Judged:
        words = {"name": str(op.constraint_name), "table": op.table_name}
        return _("The constraint %(name)s of table %(table)s is no longer declared as it is.", **words)

    def _dropped_column(self, op: ops.DropColumnOp) -> Judged:
        words = {"column": op.column_name, "table": op.table_name}
        return _("Column %(column)s of table %(table)s is no longer declared; its values would be lost.", **words)

    def _altered(self, op: ops.AlterColumnOp) -> Judged:
        words = {"column": op.column_name, "table": op.table_name}
        if op.modify_nullable is True:
            return _("Column %(column)s of table %(table)s is required no longer.", **words)
        if op.modify_nullable is False:
            return _("Column %(column)s of table %(table)s becomes required; old rows may be empty there.", **words)
        if op.modify_type is not None and not _is_wider(op.existing_type, op.modify_type):
            types = {"old": str(op.existing_type), "new": op.modify_type.compile(self.dialect)}
            return _("Column %(column)s of table %(table)s changes its type from %(old)s to %(new)s.", **words, **types)
        if self.on_sqlite:
            return None  # SQLite does not hold texts to a length
        return Step("column", op.table_name, op.column_name, lambda run: run.invoke(op))


def _columns(op: Any) -> tuple[str, ...] | None:
    """The table and columns of a difference that is about a link."""
    if isinstance(op, ops.CreateForeignKeyOp):
        return (op.source_table, *op.local_cols)
    if isinstance(op, ops.DropConstraintOp) and op.constraint_type == "foreignkey":
        return (op.table_name, *cast("sa.ForeignKeyConstraint", op.to_constraint()).column_keys)
    return None


def _is_wider(old: Any, new: Any) -> bool:
    if not (isinstance(old, sa.String) and isinstance(new, sa.String)):
        return False
    return new.length is None or (old.length is not None and new.length >= old.length)


def _is_computed_default(column: sa.Column[Any]) -> bool:
    given = getattr(column.server_default, "arg", None)
    return isinstance(given, sa.ClauseElement) and not isinstance(given, sa.TextClause)
