"""The search bar: from a state to the filter that is asked, and to the chips and choices a person sees."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.sql import visitors

from core.context import Context
from core.declarations import Filter, attr_of
from core.i18n import Text, Unreadable, _
from core.queries import ALL, AnyOf, BadFilter, Condition, Domain, Sql, both, parse, resolve
from core.queries import search as everywhere
from core.queries.domain import conditions
from core.registry import FieldInfo

from .cells import shown_kind
from .describe import describe
from .grouping import group_label, group_specs
from .state import ListState, entry_of, search_of, without

TEXTS = frozenset({"char", "text", "rich_text", "phone", "email", "url"})
SEARCHED = TEXTS | frozenset({"many2one", "many2many", "tags", "selection", "date"})
SEARCHED |= frozenset({"integer", "decimal", "money"})

MOST_VALUES = 500
"""So many values the filters of an address may compare with; SQLite takes no deeper conditions than twice that."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The records a state asks for; `archived` says that the filter decides itself about archived ones."""

    domain: Domain = ALL
    archived: bool = False


class Facet(NamedTuple):
    """One chip: alternatives joined by "or", and the address without it."""

    kind: str
    texts: tuple[str, ...]
    remove: str


class Option(NamedTuple):
    """A line of the panel; None in its place is a line between two kinds."""

    label: str
    href: str
    picked: bool


@dataclass(frozen=True, slots=True)
class SearchBar:
    """What the bar shows: chips, fields to search in, ready-made filters, groupings, and the state that lives on."""

    action: str
    facets: tuple[Facet, ...]
    hidden: tuple[tuple[str, str], ...]
    suggestions: tuple[tuple[str, str], ...]
    filters: tuple[Option | None, ...]
    groups: tuple[Option | None, ...]


def wanted(ctx: Context, model: Any, state: ListState) -> Wanted:
    """Return the filter of a state; raise BadFilter for what an address says and no field understands."""
    chosen = _chosen(ctx, model, state)
    parts: list[Domain | None] = [_entry_domain(ctx, model, state)]
    parts += [_alternatives(ctx, model, alike) for alike in chosen]
    parts += _searched(ctx, model, state)
    parts += _typed(ctx, model, state)
    if state.archived and ctx.registry.info(model).archives:
        parts.append(parse(ctx.registry, model, ["active", "=", False]))
    speaks = any(_speaks_of_active(model, one.condition) for alike in chosen for one in alike)
    return Wanted(both(*parts), speaks or state.archived)


def _entry_domain(ctx: Context, model: Any, state: ListState) -> Domain | None:
    entry = entry_of(ctx.registry, model, state.menu)
    if entry is None or entry.domain is None:
        return None
    return _as_domain(ctx, model, f"menu:{state.menu}", entry.domain)


def _chosen(ctx: Context, model: Any, state: ListState) -> list[list[Filter]]:
    """Return the filters that are on, alternatives together: those of one group; one without a group stands alone."""
    found: dict[str, list[Filter]] = {}
    for one in search_of(ctx.registry, model).filters:
        if one.name in state.filters:
            found.setdefault(one.group or f" {one.name}", []).append(one)
    return list(found.values())


def _alternatives(ctx: Context, model: Any, alike: list[Filter]) -> Domain:
    """Join filters by "or". Beside one that asks for archived records, the others still leave them out."""
    speaks = [_speaks_of_active(model, one.condition) for one in alike]
    found = [_as_domain(ctx, model, one.name, one.condition) for one in alike]
    if any(speaks):
        active = parse(ctx.registry, model, ["active", "=", True])
        found = [part if asks else both(part, active) for part, asks in zip(found, speaks, strict=True)]
    return _any(found)


def _as_domain(ctx: Context, model: Any, name: str, condition: Any) -> Domain:
    if isinstance(condition, (list, tuple)):
        return parse(ctx.registry, model, condition)
    return Sql(name, condition)


def _any(parts: list[Domain]) -> Domain:
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def _speaks_of_active(model: Any, condition: Any) -> bool:
    """Say whether a condition in SQL asks itself whether records are archived."""
    if not isinstance(condition, sa.ClauseElement):
        return False
    parts: Iterator[Any] = visitors.iterate(condition)
    columns = (part for part in parts if part.__visit_name__ == "column" and part.name == "active")
    return any(getattr(part.table, "name", None) == model.__tablename__ for part in columns)


def _typed(ctx: Context, model: Any, state: ListState) -> list[Domain]:
    """Return the filters an address brings along; BadFilter for more than a database would take in one statement."""
    found = [parse(ctx.registry, model, _json(text)) for text in state.domains]
    compared = (one.value for domain in found for one in conditions(domain))
    if sum(len(value) if isinstance(value, tuple) else 1 for value in compared) > MOST_VALUES:
        raise BadFilter(_("This filter compares too many values. Remove it and choose it again."))
    return found


def _json(text: str) -> Any:
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # halves of letters, which neither database nor page can hold
    except (ValueError, RecursionError):
        raise BadFilter(_("This filter cannot be read. Remove it and choose it again.")) from None
    return found


def _searched(ctx: Context, model: Any, state: ListState) -> Iterator[Domain | None]:
    """Texts in one field are alternatives; those in different fields must all be found."""
    by_field: dict[str, list[str]] = {}
    for field, text in state.searches:
        by_field.setdefault(field, []).append(text)
    for field, texts in by_field.items():
        parts = [_search_one(ctx, model, field, text) for text in texts]
        yield _any([part for part in parts if part is not None] or [ALL])


def _search_one(ctx: Context, model: Any, name: str, text: str) -> Domain | None:
    if not name:
        return everywhere(ctx.registry.info(model), text)
    path = resolve(ctx.registry, model, name)
    field = path[-1]
    kind = shown_kind(field) if field.kind == "computed" else field.kind
    reader = _READERS.get(kind)
    if reader is None:
        return parse(ctx.registry, model, ["and", *([name, "contains", word] for word in text.split())])
    operator, value = reader(ctx, field, text)
    return Condition(path, operator, value)


def _choices(ctx: Context, field: FieldInfo, text: str) -> tuple[str, Any]:
    typed = text.casefold()
    return "in", tuple(key for key, label in (field.meta.choices or {}).items() if typed in str(label).casefold())


def _number(ctx: Context, _field: FieldInfo, text: str) -> tuple[str, Any]:
    try:
        number = ctx.locale.parse_number(text)
    except Unreadable:
        return "in", ()
    whole = _field.kind in ("integer", "color")
    fits = abs(number) < Decimal(2**31) and (not whole or number == number.to_integral_value())
    return ("=", int(number) if whole else number) if fits else ("in", ())


def _day(ctx: Context, _field: FieldInfo, text: str) -> tuple[str, Any]:
    try:
        return "=", ctx.locale.parse_date(text)
    except Unreadable:
        return "in", ()


_READERS: dict[str, Callable[[Context, FieldInfo, str], tuple[str, Any]]] = {
    "selection": _choices,
    **dict.fromkeys(("integer", "decimal", "money", "color"), _number),
    "date": _day,
}


def search_bar(ctx: Context, model: Any, state: ListState) -> SearchBar:
    """Return the bar of a state."""
    hidden = [(name, value) for name, value in state.pairs() if name not in ("p", "open", "count")]
    if not any(name == "f" for name, _value in hidden):
        hidden += [("f", name) for name in state.filters or ("",)]
    return SearchBar(
        action=f"{state.base}/{state.view}",
        facets=tuple(facets(ctx, model, state)),
        hidden=tuple(hidden),
        suggestions=tuple(_suggestions(ctx, model)),
        filters=tuple(_filter_options(ctx, model, state)),
        groups=tuple(_group_options(ctx, model, state)),
    )


def facets(ctx: Context, model: Any, state: ListState) -> Iterator[Facet]:
    """Yield what narrows or groups the records, each with the address without it."""
    for alike in _chosen(ctx, model, state):
        rest = without(state.filters, *(one.name for one in alike))
        yield Facet("filter", tuple(str(one.label) for one in alike), state.address(filters=rest, opened=None))
    if state.archived:
        yield Facet("filter", (str(_("Archived")),), state.address(archived=False, opened=None))
    for text in state.domains:
        shown = describe(ctx, parse(ctx.registry, model, _json(text)))
        yield Facet("filter", (shown,), state.address(domains=without(state.domains, text), opened=None))
    if state.group:
        label = group_label(ctx, model, state.group)
        yield Facet("group", (str(label),), state.address(group="", opened=None))
    yield from _search_facets(ctx, model, state)


def _search_facets(ctx: Context, model: Any, state: ListState) -> Iterator[Facet]:
    for name in dict.fromkeys(field for field, _text in state.searches):
        texts = tuple(text for field, text in state.searches if field == name)
        if name:
            label = resolve(ctx.registry, model, name)[-1].label
            texts = (str(_("%(field)s: %(value)s", field=label, value=texts[0])), *texts[1:])
        rest = tuple(pair for pair in state.searches if pair[0] != name)
        yield Facet("search", texts, state.address(searches=rest, opened=None))


def _suggestions(ctx: Context, model: Any) -> Iterator[tuple[str, str]]:
    yield "", str(_("all fields"))
    for field in _search_fields(ctx, model):
        yield field.name, str(field.label)


def _search_fields(ctx: Context, model: Any) -> list[FieldInfo]:
    """Return the fields offered for searching: those the view names, else the title and all that are searched."""
    info = ctx.registry.info(model)
    named = [ctx.registry.find(attr_of(item)) for item in search_of(ctx.registry, model).fields]
    found: list[FieldInfo | None] = [*named]
    if not found:
        found = [info.title, *(field for field in info.fields.values() if field.meta.search)]
    fields = [field for field in found if field is not None and field.kind in SEARCHED]
    return list(dict.fromkeys(fields))


def _filter_options(ctx: Context, model: Any, state: ListState) -> Iterator[Option | None]:
    last: str | None = None
    declared = search_of(ctx.registry, model).filters
    for one in declared:
        if last is not None and (one.group or one.name) != last and (one.group or last):
            yield None
        last = one.group
        on = one.name in state.filters
        names = without(state.filters, one.name) if on else (*state.filters, one.name)
        ordered = tuple(each.name for each in declared if each.name in names)
        yield Option(str(one.label), state.address(filters=ordered, opened=None), on)
    if ctx.registry.info(model).archives and not any(_speaks_of_active(model, one.condition) for one in declared):
        if declared:
            yield None
        turned = state.address(archived=not state.archived, opened=None)
        yield Option(str(_("Archived")), turned, state.archived)


def _group_options(ctx: Context, model: Any, state: ListState) -> Iterator[Option | None]:
    for spec, label in group_specs(ctx, model):
        on = spec == state.group
        yield Option(str(label), state.address(group="" if on else spec, opened=None), on)


def entry_title(ctx: Context, model: Any, state: ListState) -> Text:
    """Return what the page is called: the menu line, else the model's plural."""
    entry = entry_of(ctx.registry, model, state.menu)
    return entry.title if entry is not None else ctx.registry.info(model).plural
