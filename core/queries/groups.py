"""Groups with counts and sums, and the first records of each: what a board, a grouped list and a total need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import func, select

from core.context import Context

from .conditions import shape, where
from .domain import Domain, resolve
from .page import ordering, visible
from .prepared import prepared
from .rows import Row, read
from .source import Source


@dataclass(frozen=True, slots=True)
class Group:
    """The records with one value of a field: how many, and the sums of the measures by name."""

    value: Any
    count: int
    sums: dict[str, Any] = field(default_factory=dict)


def totals(
    ctx: Context,
    model: Any,
    measures: Sequence[str],
    domain: Any = None,
    *,
    cap: int | None = None,
    archived: bool = False,
) -> Group:
    """Return the count and the sums of everything that matches.

    With `cap` at most `cap` + 1 records are looked at: a count above `cap` means "many", and its sums nothing.
    """
    wanted = visible(ctx, model, domain, archived)
    if cap is None:
        return _run(ctx, model, (), measures, wanted)[0]
    form, values = shape(ctx, wanted)
    key = ("totals", model, tuple(measures), form, cap)
    statement = prepared(ctx, key, lambda: _capped(ctx, model, measures, wanted, cap))
    count, *sums = ctx.session.execute(statement, values).one()
    return Group(None, count, dict(zip(measures, sums, strict=True)))


def _capped(ctx: Context, model: Any, measures: Sequence[str], wanted: Domain, cap: int) -> Any:
    source = Source(ctx.registry, model)
    columns = [source.column(resolve(ctx.registry, model, name)).label(f"m{n}") for n, name in enumerate(measures)]
    condition = where(source, wanted)
    statement = source.apply(select(model.id, *columns).select_from(model))
    if condition is not None:
        statement = statement.where(condition)
    rows = statement.limit(cap + 1).subquery()
    _id, *found = rows.columns
    return select(func.count(), *(func.sum(column) for column in found)).select_from(rows)


def groups(
    ctx: Context, model: Any, by: str, measures: Sequence[str] = (), domain: Any = None, *, archived: bool = False
) -> list[Group]:
    """Return a group for each value of a field that some record has; a link's value is its id."""
    return _run(ctx, model, (by,), measures, visible(ctx, model, domain, archived))


def _run(ctx: Context, model: Any, by: tuple[str, ...], measures: Sequence[str], wanted: Domain) -> list[Group]:
    form, values = shape(ctx, wanted)
    key = ("groups", model, by, tuple(measures), form)
    statement = prepared(ctx, key, lambda: _statement(ctx, model, by, measures, wanted))
    return [
        Group(row[0] if by else None, row[len(by)], dict(zip(measures, row[len(by) + 1 :], strict=True)))
        for row in ctx.session.execute(statement, values)
    ]


def _statement(ctx: Context, model: Any, by: tuple[str, ...], measures: Sequence[str], wanted: Domain) -> Any:
    source = Source(ctx.registry, model)
    keys = [source.column(resolve(ctx.registry, model, name)) for name in by]
    sums = [func.sum(source.column(resolve(ctx.registry, model, name))) for name in measures]
    condition = where(source, wanted)
    statement = source.apply(select(*keys, func.count(), *sums).select_from(model))
    if condition is not None:
        statement = statement.where(condition)
    return statement.group_by(*keys) if keys else statement


def first_of_each(
    ctx: Context,
    model: Any,
    by: str,
    values: Sequence[Any],
    names: Sequence[str],
    domain: Any = None,
    order: Sequence[str] = (),
    limit: int = 40,
    *,
    archived: bool = False,
) -> dict[Any, list[Row]]:
    """Return the first `limit` records of each group, read by two statements whatever the number of groups."""
    wanted = visible(ctx, model, domain, archived)
    form, binds = shape(ctx, wanted)
    empty = tuple(value is None for value in values)
    key = ("first", model, by, form, tuple(order), empty, limit)
    statement = prepared(ctx, key, lambda: _first(ctx, model, by, empty, wanted, order, limit))
    binds |= {f"group{place}": value for place, value in enumerate(values) if value is not None}
    places = ctx.session.execute(statement, binds).all() if values else []
    rows = {row["id"]: row for row in read(ctx, model, [place.id for place in places], names)}
    found: dict[Any, list[Row]] = {value: [] for value in values}
    for record_id, place in places:
        if record_id in rows:
            found[values[place]].append(rows[record_id])
    return found


def _first(
    ctx: Context, model: Any, by: str, empty: tuple[bool, ...], wanted: Domain, order: Sequence[str], limit: int
) -> Any:
    parts = []
    for place, is_empty in enumerate(empty):
        source = Source(ctx.registry, model)
        column = source.column(resolve(ctx.registry, model, by))
        condition = where(source, wanted)
        columns = ordering(ctx, source, order)
        number: Any = sa.literal_column(str(place)).label("place")
        statement = source.apply(select(model.id.label("id"), number).select_from(model))
        statement = statement.where(column.is_(None) if is_empty else column == sa.bindparam(f"group{place}"))
        if condition is not None:
            statement = statement.where(condition)
        part = statement.order_by(*columns).limit(limit).subquery(f"part{place}")
        parts.append(select(part.c.id, part.c.place))
    return sa.union_all(*parts)
