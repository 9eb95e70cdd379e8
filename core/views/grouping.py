"""Records by a field: what their groups are called, in which order they stand, and the filter of each.

A date is grouped by a unit of the reader's calendar (`closing:month`): the database counts days, which are then
gathered, so that a Jalali month costs what a Gregorian one does.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from core.context import Context
from core.declarations import attr_of
from core.i18n import UNITS, Text, Unit, _, label, start_of, step
from core.queries import BadFilter, Domain, Group, both, groups, parse, read, resolve
from core.registry import FieldInfo

from .cells import shown_kind
from .state import search_of

GROUPED = frozenset({"many2one", "selection", "boolean", "char", "date", "integer", "color", "email", "phone", "url"})
NOTHING = "none"
"""The key of the group of records without a value."""
_PLAIN, _CODED = re.compile(r"[A-Za-z0-9_-]{1,60}"), "x-"


@dataclass(frozen=True, slots=True)
class Bucket:
    """A group of records, named and counted."""

    key: str
    title: str
    value: Any
    count: int
    sums: dict[str, Any]


class Grouping:
    """Grouping by one field of a model, with a unit for dates."""

    def __init__(self, ctx: Context, model: Any, spec: str) -> None:
        name, _colon, unit = spec.partition(":")
        self.ctx, self.model, self.name = ctx, model, name
        path = resolve(ctx.registry, model, name)
        self.field: FieldInfo = path[-1]
        self.kind = shown_kind(self.field) if self.field.kind in ("computed", "many2one") else self.field.kind
        self.kind = "many2one" if self.field.is_link else self.kind
        self.unit: Unit | None = None
        if self.kind == "date":
            self.unit = unit if unit in UNITS else "month"
        if self.kind not in GROUPED:
            raise BadFilter(_("Records cannot be grouped by “%(name)s”.", name=self.field.label))

    def buckets(self, measures: Sequence[str], domain: Domain, archived: bool) -> list[Bucket]:
        """Return the groups some record is in, in their order."""
        found = self.counted(measures, domain, archived)
        titled = self.titled([group.value for group in found])
        by_value = {group.value: group for group in found}
        return [
            Bucket(self.key(value), title, value, by_value[value].count, by_value[value].sums)
            for value, title in titled
        ]

    def counted(self, measures: Sequence[str], domain: Domain, archived: bool) -> list[Group]:
        """Return the groups some record is in, in no order and without names."""
        found = groups(self.ctx, self.model, self.name, measures, domain, archived=archived)
        return found if self.unit is None else self._gathered(found)

    def _gathered(self, found: Sequence[Group]) -> list[Group]:
        """Add the days of each unit together."""
        locale, unit = self.ctx.locale, cast("Unit", self.unit)
        made: dict[Any, Group] = {}
        for group in found:
            value = group.value
            start = None if value is None else start_of(unit, value, locale.calendar, locale.first_weekday)
            known = made.get(start)
            made[start] = group if known is None else _added(known, group)
            made[start] = Group(start, made[start].count, made[start].sums)
        return list(made.values())

    def titled(self, values: Sequence[Any]) -> list[tuple[Any, str]]:
        """Return the values with what they are called, in the order people expect; nothing comes last."""
        known = [value for value in values if value is not None]
        found = list(self._titled(known))
        if len(known) < len(values):
            found.append((None, str(_("%(field)s: none", field=self.field.label))))
        return found

    def _titled(self, values: Sequence[Any]) -> Iterator[tuple[Any, str]]:
        if self.kind == "many2one":
            yield from self._records(values)
        elif self.kind == "selection":
            choices = self.field.meta.choices or {}
            yield from ((key, str(text)) for key, text in choices.items() if key in values)
            yield from ((value, str(value)) for value in values if value not in choices)
        elif self.kind == "boolean":
            for value in sorted(map(bool, values)):
                yield value, self.yes_or_no(value)
        elif self.unit is not None:
            yield from ((day, label(self.unit, day, self.ctx.locale)) for day in sorted(values))
        else:
            yield from ((value, self.ctx.locale.show(value)) for value in sorted(values))

    def yes_or_no(self, value: bool) -> str:
        """Return what a group of a yes-or-no field is called."""
        return str(self.field.label if value else _("Not: %(name)s", name=self.field.label))

    def _records(self, ids: Sequence[int]) -> list[tuple[Any, str]]:
        info = self.ctx.registry.info(self.field.target)
        title = info.title.name if info.title is not None else "id"
        names = [title, "sequence"] if "sequence" in info.fields else [title]
        rows = {row["id"]: row for row in read(self.ctx, self.field.target, list(ids), names)}
        hidden = str(_("(not visible to you)"))
        found = [(one, str(rows[one][title]) if one in rows else hidden) for one in ids]
        return sorted(found, key=lambda pair: (rows.get(pair[0], {}).get("sequence") or 0, pair[1]))

    def key(self, value: Hashable) -> str:
        """Return a value as it stands in addresses, made of letters that may stand in the id of an element too."""
        if value is None:
            return NOTHING
        if isinstance(value, bool):
            return "1" if value else "0"
        text = value.isoformat() if isinstance(value, date) else str(value)
        plain = _PLAIN.fullmatch(text) and text != NOTHING and not text.startswith(_CODED)
        return text if plain else _CODED + text.encode().hex()

    def value(self, key: str) -> Any:
        """Return the value of a key; raise BadFilter when it is none."""
        if key == NOTHING:
            return None
        try:
            if self.kind in ("many2one", "integer", "color"):
                return int(key)
            if self.kind == "boolean":
                return key == "1"
            if self.unit is not None:
                return date.fromisoformat(key)
            return bytes.fromhex(key.removeprefix(_CODED)).decode() if key.startswith(_CODED) else key
        except ValueError:
            raise BadFilter(_("There is no such group. Open the list again.")) from None

    def data(self, value: Any) -> list[Any]:
        """Return the filter of a group as plain data, for an address."""
        if value is None:
            return [self.name, "not_set"]
        if self.unit is None:
            return [self.name, "=", value]
        end = step(self.unit, value, 1, self.ctx.locale.calendar)
        return ["and", [self.name, ">=", value.isoformat()], [self.name, "<", end.isoformat()]]

    def domain(self, value: Any, wanted: Domain) -> Domain:
        """Return the filter of a group among the records wanted."""
        return both(wanted, parse(self.ctx.registry, self.model, self.data(value)))


def _added(one: Group, other: Group) -> Group:
    sums = {name: (one.sums[name] or 0) + (other.sums[name] or 0) for name in one.sums}
    return Group(one.value, one.count + other.count, sums)


def group_specs(ctx: Context, model: Any) -> list[tuple[str, Text]]:
    """Return the groupings offered: those the search names, else every link, choice and yes-or-no of the model."""
    named = [ctx.registry.find(attr_of(item)) for item in search_of(ctx.registry, model).groups]
    fields = [field for field in named if field is not None] or [
        field
        for field in ctx.registry.fields(model).values()
        if field.kind in ("many2one", "selection", "boolean") and field.is_stored and not field.meta.readonly
    ]
    return [_spec(field) for field in fields if shown_kind(field) in GROUPED or field.is_link]


def group_label(ctx: Context, model: Any, spec: str) -> Text:
    """Return what a grouping is called, offered or not."""
    known = dict(group_specs(ctx, model)).get(spec)
    return known or _spec(resolve(ctx.registry, model, spec.partition(":")[0])[-1])[1]


def _spec(field: FieldInfo) -> tuple[str, Text]:
    if shown_kind(field) != "date":
        return field.name, field.label
    return f"{field.name}:month", _("%(field)s: month", field=field.label)
