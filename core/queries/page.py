"""Pages of a list: the ids first, then the rest with the names of relations, as two statements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select

from core.context import Context
from core.registry import FieldInfo

from .conditions import names_in, shape, where
from .domain import Condition, Domain, both, id_field, parse, resolve
from .prepared import prepared
from .rows import Row, read
from .source import Source

COUNT_LIMIT = 10_000


def visible(ctx: Context, model: Any, domain: Any, archived: bool = False) -> Domain:
    """Return the parsed filter; archived records stay out unless asked for, or the filter speaks of `active`."""
    parsed = parse(ctx.registry, model, domain)
    info = ctx.registry.info(model)
    if archived or not info.archives or "active" in names_in(parsed):
        return parsed
    return both(parsed, Condition((info.fields["active"],), "=", True))


def page(
    ctx: Context,
    model: Any,
    names: Sequence[str],
    domain: Any = None,
    order: Sequence[str] = (),
    limit: int = 80,
    offset: int = 0,
    *,
    archived: bool = False,
) -> list[Row]:
    """Return one page of records: the named fields of at most `limit` of them.

    `order` are names of fields, with a minus for descending; equal ones come in the order of their ids.
    """
    return read(ctx, model, ids(ctx, model, domain, order, limit, offset, archived=archived), names)


def ids(
    ctx: Context,
    model: Any,
    domain: Any = None,
    order: Sequence[str] = (),
    limit: int | None = 80,
    offset: int = 0,
    *,
    archived: bool = False,
) -> list[int]:
    """Return the ids of one page; with `limit` None of all records that match."""
    wanted = visible(ctx, model, domain, archived)
    form, values = shape(ctx, wanted)
    key = ("ids", model, form, tuple(order), limit is None)
    statement = prepared(ctx, key, lambda: _ids(ctx, model, wanted, order, limit is not None))
    if limit is not None:
        values |= {"limit": limit, "offset": offset}
    return list(ctx.session.scalars(statement, values))


def _ids(ctx: Context, model: Any, domain: Domain, order: Sequence[str], limited: bool) -> Any:
    source = Source(ctx.registry, model)
    condition = where(source, domain)
    columns = ordering(ctx, source, order)
    statement = source.apply(select(model.id).select_from(model))
    if condition is not None:
        statement = statement.where(condition)
    statement = statement.order_by(*columns)
    if limited:
        statement = statement.limit(sa.bindparam("limit", type_=sa.Integer))
        statement = statement.offset(sa.bindparam("offset", type_=sa.Integer))
    return statement


def ordering(ctx: Context, source: Source, order: Sequence[str]) -> list[Any]:
    """Return the ORDER BY of a list of names; empty values come last either way, the id decides between equals."""
    columns: list[Any] = []
    for name in order:
        if name.lstrip("-") == "id":
            continue
        path = resolve(ctx.registry, source.model, name.lstrip("-"))
        column = _sortable(ctx, source, path)
        columns.append(_directed(ctx, column, path[-1], name.startswith("-")))
    last = bool(order) and order[0].startswith("-")
    return [*columns, source.model.id.desc() if last or not order else source.model.id.asc()]


def _sortable(ctx: Context, source: Source, path: tuple[FieldInfo, ...]) -> Any:
    """A link is sorted by the place its record has in a sequence, else by its title."""
    field = path[-1]
    if not field.is_link:
        return source.column(path)
    sequence = ctx.registry.fields(field.target).get("sequence")
    return source.title(path) if sequence is None else source.of(source.entity(path), sequence, path)


def _directed(ctx: Context, column: Any, field: FieldInfo, descending: bool) -> Any:
    directed = column.desc() if descending else column.asc()
    may_be_empty = not field.meta.required or field.is_link
    # PostgreSQL puts empty values first when descending, SQLite when ascending; saying it where it is so anyway
    # would keep the database from using an index
    if may_be_empty and descending == ctx.session.on_postgresql:
        return directed.nulls_last()
    return directed


def count(
    ctx: Context, model: Any, domain: Any = None, *, cap: int | None = COUNT_LIMIT, archived: bool = False
) -> int:
    """Return how many records match, counted up to `cap` + 1 (more than that is "many"); exactly with cap None."""
    wanted = visible(ctx, model, domain, archived)
    form, values = shape(ctx, wanted)
    statement = prepared(ctx, ("count", model, form, cap), lambda: _count(ctx, model, wanted, cap))
    return ctx.session.scalar(statement, values) or 0


def _count(ctx: Context, model: Any, domain: Domain, cap: int | None) -> Any:
    source = Source(ctx.registry, model)
    condition = where(source, domain)
    statement = source.apply(select(model.id).select_from(model))
    if condition is not None:
        statement = statement.where(condition)
    if cap is not None:
        statement = statement.limit(cap + 1)
    return select(func.count()).select_from(statement.subquery())


def get(ctx: Context, model: Any, record_id: int, names: Sequence[str]) -> Row | None:
    """Return the named fields of one record, None when it is not there or not to be seen."""
    rows = read(ctx, model, [record_id], names)
    return rows[0] if rows else None


def holds(ctx: Context, model: Any, record_ids: Sequence[int], domain: Any) -> set[int]:
    """Return those of the records for which a filter holds, archived ones too."""
    wanted = both(
        parse(ctx.registry, model, domain), Condition((id_field(ctx.registry, model),), "in", tuple(record_ids))
    )
    return set(ids(ctx, model, wanted, limit=None, archived=True)) if record_ids else set()
