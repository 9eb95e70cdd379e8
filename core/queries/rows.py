"""Rows: tuples of columns, never entities; linked records as id and title, many of them by one statement each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.orm import aliased

from core.context import Context
from core.i18n import Text
from core.registry import FieldInfo

from .domain import resolve
from .prepared import IDS, among, prepared
from .source import Source

Row = dict[str, Any]


class Ref(NamedTuple):
    """A linked record: its id and what it is called; no title when the reader may not see it."""

    id: int
    title: str | None
    color: int | None = None


def read(ctx: Context, model: Any, ids: Sequence[int], names: Sequence[str], *, titles: bool = True) -> list[Row]:
    """Return the named fields of these records, in the order of the ids; those the reader may not see are left out.

    Every row has `id` and, where the model has one, `version`. A link is a `Ref` or None, many links a tuple of Ref.
    Without `titles` a link is its id, and no other table is joined for it.
    """
    if not ids:
        return []
    key = ("read", model, tuple(names), titles)
    reader = prepared(ctx, key, lambda: _Reader(ctx, model, tuple(names), titles=titles))
    found = {row["id"]: row for row in reader.rows(ctx, ids)}
    rows = [found[one] for one in ids if one in found]
    for field in reader.many:
        _attach(ctx, model, field, rows)
    return rows


class _Reader:
    """The statement of one choice of fields, and how its tuples become rows."""

    def __init__(self, ctx: Context, model: Any, names: tuple[str, ...], *, titles: bool) -> None:
        self.titles = titles
        source = Source(ctx.registry, model)
        columns: list[Any] = [model.id]
        self.plan: list[tuple[str, FieldInfo | None, int]] = [("id", None, 0)]
        self.many: list[FieldInfo] = []
        if hasattr(model, "version"):
            self._add(columns, "version", None, model.version)
        for name in names:
            if name in ("id", "version"):
                continue
            path = resolve(ctx.registry, model, name)
            field = path[-1]
            if field.is_many:
                self.many.append(field)
                continue
            self._add(columns, name, field, source.column(path))
            if field.is_link and titles:
                columns.append(source.title(path))
        self.statement = source.apply(select(*columns).select_from(model)).where(among(ctx, model.id))

    def _add(self, columns: list[Any], name: str, field: FieldInfo | None, column: Any) -> None:
        self.plan.append((name, field, len(columns)))
        columns.append(column)

    def rows(self, ctx: Context, ids: Sequence[int]) -> list[Row]:
        found = ctx.session.execute(self.statement, {IDS: list(ids)}).all()
        rows = []
        for values in found:
            row: Row = {}
            for name, field, place in self.plan:
                value = values[place]
                if field is not None and field.is_link and self.titles:
                    value = None if value is None else Ref(value, _title(field, values[place + 1], ctx))
                elif field is not None and field.meta.translated and value:
                    value = str(Text(value))
                row[name] = value
            rows.append(row)
        return rows


def _title(field: FieldInfo, title: Any, ctx: Context) -> str | None:
    if title is None:
        return None
    named = ctx.registry.info(field.target).title
    return str(Text(title)) if named is not None and named.meta.translated else str(title)


def _attach(ctx: Context, model: Any, field: FieldInfo, rows: list[Row]) -> None:
    """Read what hangs on these rows through one field of many records."""
    found: dict[int, list[Ref]] = {row["id"]: [] for row in rows}
    statement = prepared(ctx, ("many", model, field.name), lambda: _many_statement(ctx, model, field))
    for record_id, other, title, color in ctx.session.execute(statement, {IDS: list(found)}):
        found[record_id].append(Ref(other, _title(field, title, ctx), color))
    for row in rows:
        row[field.name] = tuple(found[row["id"]])


def _many_statement(ctx: Context, model: Any, field: FieldInfo) -> Any:
    info = ctx.registry.info(field.target)
    # records of the same model, such as the persons of an organisation, stand beside their owner under another name
    target = aliased(field.target, flat=True) if field.target is model else field.target
    title = target.id if info.title is None else getattr(target, info.title.key)
    color = target.color if "color" in info.fields else sa.null()
    statement = select(model.id, target.id, title, color).select_from(model)
    statement = statement.join(getattr(model, field.key).of_type(target))
    order = (target.sequence, target.id) if "sequence" in info.fields else (target.id,)
    return statement.where(among(ctx, model.id)).order_by(*order)
