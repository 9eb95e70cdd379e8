"""From a filter to SQL: one statement per shape of filter, its values as binds.

`shape` gives what a statement is kept under and the values of the moment; `where` builds the condition the first time.
Both walk the filter in the same order, so the n-th comparison finds the n-th bind.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import UTC, datetime, time
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.context import Context
from core.db.folding import like, pattern
from core.i18n import reader_period
from core.registry import FieldInfo

from .domain import AnyOf, Condition, Domain, Every, Not, Sql
from .source import Source

Values = dict[str, Any]


def shape(ctx: Context, domain: Domain) -> tuple[Hashable, Values]:
    """Return the filter without its values, hashable, and the values by the names of their binds."""
    values: Values = {}
    return _shape(ctx, domain, values), values


def _shape(ctx: Context, domain: Domain, values: Values) -> Hashable:
    if isinstance(domain, Sql):
        return ("sql", domain.name, id(domain.expression))
    if isinstance(domain, Not):
        return ("not", _shape(ctx, domain.part, values))
    if isinstance(domain, (Every, AnyOf)):
        return (type(domain).__name__, *(_shape(ctx, part, values) for part in domain.parts))
    form = _form(domain)
    _bind(ctx, domain, form, values)
    return (tuple(field.name for field in domain.path), form)


def _form(one: Condition) -> str:
    """Return how a comparison is written, which depends on its value only where SQL does."""
    if one.operator in ("=", "!=") and one.value is None:
        return "not_set" if one.operator == "=" else "set"
    if one.operator in ("in", "not_in") and None in one.value:
        return f"{one.operator}_or_empty"
    return one.operator


def _bind(ctx: Context, one: Condition, form: str, values: Values) -> None:
    name = f"v{len(values)}"
    if form in ("set", "not_set"):
        values[name] = None
    elif form == "period":
        start, end = _period(ctx, one)
        values[name], values[f"{name}_end"] = start, end
    elif form in ("contains", "not_contains"):
        values[name] = pattern(one.value)
    elif form == "starts":
        values[name] = pattern(one.value, before="")
    elif form.startswith(("in", "not_in")):
        values[name] = [value for value in one.value if value is not None]
    else:
        values[name] = one.value


def _period(ctx: Context, one: Condition) -> tuple[Any, Any]:
    start, end = reader_period(one.value, ctx.today, ctx.locale)
    if one.field.kind != "datetime":
        return start, end
    zone = ctx.locale.zone
    return tuple(datetime.combine(day, time.min, zone).astimezone(UTC) for day in (start, end))  # type: ignore[return-value]


def where(source: Source, domain: Domain) -> Any:
    """Return the condition in SQL with named binds, None when everything is wanted."""
    return _Writer(source).write(domain)


class _Writer:
    """Writes one filter, counting its binds."""

    def __init__(self, source: Source) -> None:
        self.source, self.count = source, 0

    def write(self, domain: Domain) -> Any:
        if isinstance(domain, Sql):
            return domain.expression
        if isinstance(domain, Not):
            inner = self.write(domain.part)
            return sa.false() if inner is None else sa.not_(sa.func.coalesce(inner, sa.false()))
        if isinstance(domain, (Every, AnyOf)):
            parts = [part for part in map(self.write, domain.parts) if part is not None]
            if not parts:
                return None if isinstance(domain, Every) else sa.false()
            return sa.and_(*parts) if isinstance(domain, Every) else sa.or_(*parts)
        return self._condition(domain)

    def _condition(self, one: Condition) -> Any:
        name = f"v{self.count}"
        form = _form(one)
        self.count += 2 if form == "period" else 1
        return self._walk(self.source.model, (), one.path, form, name)

    def _walk(self, entity: Any, way: tuple[FieldInfo, ...], path: tuple[FieldInfo, ...], form: str, name: str) -> Any:
        """Go along the path: single links are joined, many of them become an EXISTS."""
        for place, field in enumerate(path):
            if field.is_many:
                relation = getattr(self.source.entity(way + path[:place]), field.key)
                return self._many(relation, field, path[place + 1 :], form, name)
        target = path[-1]
        if target.is_link and form in ("contains", "not_contains", "starts"):
            return _compare(self.source.title(way + path), form, name)
        return _compare(self.source.column(way + path), form, name)

    def _many(self, relation: Any, field: FieldInfo, rest: tuple[FieldInfo, ...], form: str, name: str) -> Any:
        if form == "not_set":
            return sa.not_(relation.any())
        if form == "set":
            return relation.any()
        negative = {"!=": "=", "not_in": "in", "not_in_or_empty": "in", "not_contains": "contains"}
        found = relation.any(self._inside(field.target, rest, negative.get(form, form), name))
        return sa.not_(found) if form in negative else found

    def _inside(self, target: Any, rest: tuple[FieldInfo, ...], form: str, name: str) -> Any:
        """Return the condition on one of the many records; what it needs joined is joined in a sub-select."""
        other = aliased(target)
        inner = Source(self.source.registry, other)
        title = self.source.registry.info(target).title
        if rest:
            column = inner.column(rest)
        elif form in ("contains", "starts") and title is not None:
            column = inner.of(other, title)
        else:
            return _compare(target.id, form, name)
        statement = inner.apply(sa.select(other.id).select_from(other)).where(_compare(column, form, name))
        return target.id.in_(statement)


def _compare(column: Any, form: str, name: str) -> Any:
    for group in (_empty, _list, _text):
        found = group(column, form, name)
        if found is not None:
            return found
    bind: Any = sa.bindparam(name)
    if form == "period":
        return sa.and_(column >= bind, column < sa.bindparam(f"{name}_end"))
    if form == "!=":
        return sa.or_(column != bind, column.is_(None))
    operators = {"=": "__eq__", ">": "__gt__", ">=": "__ge__", "<": "__lt__", "<=": "__le__"}
    return getattr(column, operators[form])(bind)


def _empty(column: Any, form: str, _name: str) -> Any:
    if form == "set":
        return column.isnot(None)
    return column.is_(None) if form == "not_set" else None


def _list(column: Any, form: str, name: str) -> Any:
    if not form.startswith(("in", "not_in")):
        return None
    bind: Any = sa.bindparam(name, expanding=True)
    if form == "in":
        return column.in_(bind)
    if form == "in_or_empty":
        return sa.or_(column.in_(bind), column.is_(None))
    if form == "not_in":
        return sa.or_(column.not_in(bind), column.is_(None))
    return sa.and_(column.not_in(bind), column.isnot(None))


def _text(column: Any, form: str, name: str) -> Any:
    if form in ("contains", "starts"):
        return like(column, sa.bindparam(name, type_=sa.String()))
    if form == "not_contains":
        return sa.or_(sa.not_(like(column, sa.bindparam(name, type_=sa.String()))), column.is_(None))
    return None


def names_in(domain: Domain) -> Iterator[str]:
    """Yield the first field of every comparison."""
    if isinstance(domain, Condition):
        yield domain.path[0].name
    elif isinstance(domain, Not):
        yield from names_in(domain.part)
    elif isinstance(domain, (Every, AnyOf)):
        for part in domain.parts:
            yield from names_in(part)
