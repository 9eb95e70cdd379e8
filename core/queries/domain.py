"""Filters as data: `["and", ["stage.name", "=", "New"], ["not", ["tags", "in", [3]]]]`, safe to take from an address.

A filter is parsed against the registry into frozen conditions: every field must exist, every value must fit its kind.
Relative dates are conditions too: `["closing", "period", "this_month"]`, counted in the reader's calendar.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from core.db.types import Exact, Moment
from core.errors import GirihError
from core.fields import Meta
from core.i18n import Text, _, is_period
from core.registry import FieldInfo, Registry

DEPTH, PARTS = 8, 200
"""How deep and how wide a filter from an address may be."""

COMPARISONS = frozenset({"=", "!=", ">", ">=", "<", "<=", "in", "not_in"})
TEXT_OPERATORS = frozenset({"contains", "not_contains", "starts"})
EMPTY_OPERATORS = frozenset({"set", "not_set"})
TEXTS = frozenset({"char", "text", "rich_text", "phone", "email", "url"})
LINKS = frozenset({"many2one", "many2many", "tags", "one2many"})
LARGEST = 2**63
"""Both databases keep whole numbers below it; decimals are kept on SQLite as whole numbers of their last place."""


class BadFilter(GirihError):
    """A filter that cannot be understood."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One comparison: a path of fields (`stage.name`), an operator, a value in Python's own types."""

    path: tuple[FieldInfo, ...]
    operator: str
    value: Any = None

    @property
    def field(self) -> FieldInfo:
        """The field compared, the last of the path."""
        return self.path[-1]


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold; without parts it is always true."""

    parts: tuple[Domain, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Domain, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold."""

    part: Domain


@dataclass(frozen=True, slots=True)
class Sql:
    """A condition an addon wrote in SQL, over live values only: a ready-made filter, the `when` of a verb."""

    name: str
    expression: Any


Domain = Condition | Every | AnyOf | Not | Sql
ALL = Every()


def both(*domains: Domain | None) -> Domain:
    """Return the filter that asks for all of these."""
    parts = tuple(domain for domain in domains if domain is not None and domain != ALL)
    return parts[0] if len(parts) == 1 else Every(parts)


def conditions(domain: Domain) -> Iterator[Condition]:
    """Yield every comparison of a filter."""
    if isinstance(domain, Condition):
        yield domain
    elif isinstance(domain, Not):
        yield from conditions(domain.part)
    elif isinstance(domain, (Every, AnyOf)):
        for part in domain.parts:
            yield from conditions(part)


def parse(registry: Registry, model: Any, data: Any, depth: int = 0) -> Domain:
    """Return the filter that plain data says; raise BadFilter with a sentence for people.

    Already parsed filters and None (everything) are taken too.
    """
    if data is None or data == []:
        return ALL
    if isinstance(data, (Condition, Every, AnyOf, Not, Sql)):
        return data
    if not isinstance(data, (list, tuple)) or depth > DEPTH or len(data) > PARTS:
        raise BadFilter(_("This filter cannot be read. Remove it and choose it again."))
    head = data[0]
    if head in ("and", "or"):
        parts = tuple(parse(registry, model, part, depth + 1) for part in data[1:])
        return Every(parts) if head == "and" else AnyOf(parts)
    if head == "not" and len(data) == 2:
        return Not(parse(registry, model, data[1], depth + 1))
    if len(data) not in (2, 3) or not isinstance(head, str) or not isinstance(data[1], str):
        raise BadFilter(_("This filter cannot be read. Remove it and choose it again."))
    path = resolve(registry, model, head)
    operator = data[1]
    if operator in TEXT_OPERATORS and not _has_text(registry, path[-1]):
        raise BadFilter(_("“%(name)s” cannot be compared that way.", name=path[-1].label))
    return Condition(path, operator, _value(path[-1], operator, data[2] if len(data) == 3 else None))


def resolve(registry: Registry, model: Any, name: str) -> tuple[FieldInfo, ...]:
    """Return the fields along a path such as `stage.name`, `library.card_number` or `customer.library.card_number`."""
    path: list[FieldInfo] = []
    at, rest = model, name
    while rest:
        fields = registry.fields(at) if at in registry.infos else {}
        found = next((known for known in _prefixes(rest) if known in fields), None)
        if found is None and rest == "id" and fields:
            path.append(id_field(registry, at))
            break
        if found is None:
            raise BadFilter(_("There is no field “%(name)s” here.", name=name))
        path.append(fields[found])
        rest = rest[len(found) + 1 :]
        at = fields[found].target
    if not path:
        raise BadFilter(_("This filter cannot be read. Remove it and choose it again."))
    return tuple(path)


def id_field(registry: Registry, model: Any) -> FieldInfo:
    """Return the id of a model as a field: it can be compared, but stands in no list of fields."""
    key = ("id", model)
    if key not in registry.memo:
        meta = Meta("integer", Text("ID"), ("", 0), required=True, readonly=True)
        registry.memo[key] = FieldInfo("id", model, meta, model.id)
    found: FieldInfo = registry.memo[key]
    return found


def _prefixes(name: str) -> Iterator[str]:
    """Yield the longest prefix first: an extension's field has a dot in its name."""
    parts = name.split(".")
    for length in range(min(len(parts), 2), 0, -1):
        yield ".".join(parts[:length])


def _has_text(registry: Registry, field: FieldInfo) -> bool:
    """Say whether words can be looked for in a field: in a text, or in what the linked records are called."""
    if field.kind in LINKS and field.target in registry.infos:
        title = registry.info(field.target).title
        return title is not None and title.kind in TEXTS
    return _compared_as(field) in TEXTS | {"selection"}


def _compared_as(field: FieldInfo) -> str:
    """Return the kind a field's values are compared as: of what is computed the type decides."""
    if field.kind != "computed":
        return field.kind
    type_ = getattr(field.attr, "type", None) or getattr(field.attr.expression, "type", None)
    return next((kind for known, kind in _OF_TYPE if isinstance(type_, known)), "char")


_OF_TYPE: tuple[tuple[type[Any], str], ...] = (
    (sa.Boolean, "boolean"),
    (sa.Integer, "integer"),
    (Exact, "decimal"),
    (sa.Numeric, "decimal"),
    (Moment, "datetime"),
    (sa.DateTime, "datetime"),
    (sa.Date, "date"),
)


def _value(field: FieldInfo, operator: str, value: Any) -> Any:
    if operator in EMPTY_OPERATORS:
        return None
    if operator in TEXT_OPERATORS:
        return str(value if value is not None else "")
    kind = _compared_as(field)
    if operator == "period" and kind in ("date", "datetime"):
        if not isinstance(value, str) or not is_period(value):
            raise BadFilter(_("“%(value)s” is not a period.", value=str(value)))
        return value
    if operator not in COMPARISONS or kind == "json":
        raise BadFilter(_("“%(name)s” cannot be compared that way.", name=field.label))
    if operator in ("in", "not_in"):
        if not isinstance(value, (list, tuple)):
            value = [value]
        return tuple(dict.fromkeys(_one(field, kind, part) for part in value))
    return _one(field, kind, value)


def _one(field: FieldInfo, kind: str, value: Any) -> Any:
    """Return the value in the type of the field."""
    if value is None:
        return None
    try:
        found = _convert(kind, value)
        if isinstance(found, (int, Decimal)) and not -_limit(field, kind) < found < _limit(field, kind):
            raise ValueError(found)
        return found
    except (ValueError, TypeError, InvalidOperation, ArithmeticError):
        raise BadFilter(
            _("“%(value)s” does not fit the field “%(name)s”.", value=str(value), name=field.label)
        ) from None


def _limit(field: FieldInfo, kind: str) -> Decimal | int:
    """Return the number below which the column of a field keeps its numbers, on both databases."""
    if kind in ("decimal", "money"):
        return LARGEST / Decimal(10) ** (field.meta.scale or 0)
    return _LIMITS.get(kind, LARGEST) if field.name != "id" else LARGEST


_LIMITS = {"integer": 2**31, "color": 2**15}


def _convert(kind: str, value: Any) -> Any:
    if kind in ("integer", "color", "file", "image") or kind in LINKS:
        return int(value)
    if kind in ("decimal", "money"):
        return Decimal(str(value))
    if kind == "boolean":
        return value in (True, 1, "true", "1", "yes")
    if kind == "date":
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    if kind == "datetime":
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).astimezone(UTC)
    return str(value)
