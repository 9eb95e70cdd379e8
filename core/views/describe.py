"""Filters in words: what a chip says of a filter that has no name of its own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from typing import Any

from core.context import Context
from core.i18n import Text, _, period_title
from core.queries import AnyOf, Condition, Domain, Every, Not, Sql, titles
from core.registry import FieldInfo

EQUAL = frozenset({"=", "in", "contains", "starts", "period"})


def describe(ctx: Context, domain: Domain) -> str:
    """Return a filter as a person would say it, in the reader's language."""
    if isinstance(domain, Condition):
        return _condition(ctx, domain)
    if isinstance(domain, Not):
        return str(_("not (%(filter)s)", filter=describe(ctx, domain.part)))
    if isinstance(domain, Sql):
        return str(_("A ready-made filter"))
    return _joined(ctx, domain)


def _joined(ctx: Context, domain: Every | AnyOf) -> str:
    parts = [describe(ctx, part) for part in domain.parts]
    if not parts:
        return str(_("Everything"))
    text = parts[0]
    for part in parts[1:]:
        both = isinstance(domain, Every)
        text = str(_("%(one)s and %(other)s", one=text, other=part) if both else _either(text, part))
    return text


def _either(one: str, other: str) -> Text:
    return _("%(one)s or %(other)s", one=one, other=other)


def alternatives(texts: Sequence[str]) -> str:
    """Return texts joined by "or"."""
    return reduce(lambda one, other: str(_either(one, other)), texts)


def _condition(ctx: Context, one: Condition) -> str:
    name = " › ".join(str(field.label) for field in one.path)
    if one.operator == "set":
        return str(_("%(field)s is given", field=name))
    if one.operator == "not_set" or (one.operator == "=" and one.value is None):
        return str(_("%(field)s is empty", field=name))
    value = _value(ctx, one)
    if one.operator in EQUAL:
        return str(_("%(field)s: %(value)s", field=name, value=value))
    if one.operator in ("!=", "not_in", "not_contains"):
        return str(_("%(field)s: not %(value)s", field=name, value=value))
    return f"{name} {one.operator} {value}"


def _value(ctx: Context, one: Condition) -> str:
    if one.operator == "period":
        return str(period_title(one.value))
    values: Sequence[Any] = one.value if isinstance(one.value, tuple) else (one.value,)
    if one.field.target is not None and all(isinstance(value, int) for value in values):
        named = titles(ctx, one.field.target, [value for value in values if value is not None])
        return " / ".join(named.get(value, "—") for value in values)
    return " / ".join(_plain(ctx, one.field, value) for value in values)


def _plain(ctx: Context, field: FieldInfo, value: Any) -> str:
    if value is None:
        return str(_("empty"))
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    if field.meta.choices and value in field.meta.choices:
        return str(field.meta.choices[value])
    if isinstance(value, (int, float, Decimal, date, datetime)):
        return ctx.locale.show(value)
    return str(value)
