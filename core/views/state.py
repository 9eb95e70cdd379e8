"""The state of a list or a board, all of it in the address: what is searched, filtered, sorted, grouped and opened.

An address that says nothing of filters begins with those that are on at first; `f=` (empty) says that all are off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from core.declarations import Entry, Search
from core.registry import Registry

Args = Mapping[str, Sequence[str]]
LAST_PAGE = 1_000_000
MOST = 50
"""So many values of one kind an address may carry; more come from no person."""
LONGEST = 200
"""So many letters of a searched text are looked for."""


@dataclass(frozen=True, slots=True)
class ListState:
    """Where a person stands in the records of a model.

    `searches` are pairs of field and text (an empty field is everywhere), `domains` filters as JSON texts, `order`
    names with a minus for descending, `group` a field with an optional unit (`closing:month`), `opened` the keys of
    open groups (None: nobody has said yet), `counted` that everything is to be counted to the last.
    """

    model: str
    view: str = "list"
    root: str = ""
    menu: str = ""
    searches: tuple[tuple[str, str], ...] = ()
    filters: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    page: int = 1
    columns: tuple[str, ...] = ()
    group: str = ""
    opened: tuple[str, ...] | None = None
    archived: bool = False
    counted: bool = False
    defaults: tuple[str, ...] = ()

    @property
    def at_first(self) -> bool:
        """Whether just the filters are on that are on at first."""
        return self.filters == self.defaults and not (self.domains or self.searches or self.archived)

    @property
    def narrows(self) -> bool:
        """Whether anything keeps records out."""
        return bool(self.searches or self.filters or self.domains or self.archived)

    def pairs(self) -> list[tuple[str, str]]:
        """Return the state as pairs of an address."""
        found = [("menu", self.menu)] if self.menu else []
        if not self.at_first:
            found += [("f", name) for name in self.filters or ("",)]
        found += [("s", f"{field}:{text}") for field, text in self.searches]
        found += [("d", domain) for domain in self.domains]
        found += [("archived", "1")] if self.archived else []
        found += [("o", name) for name in self.order]
        found += [("g", self.group)] if self.group else []
        found += [("open", key) for key in self.opened or ()] if self.opened != () else [("open", "")]
        found += [("cols", ",".join(self.columns))] if self.columns else []
        found += [("count", "all")] if self.counted else []
        found += [("p", str(self.page))] if self.page > 1 else []
        return found

    def query(self) -> str:
        """Return the state as the query of an address, with its question mark; empty when there is nothing to say."""
        pairs = self.pairs()
        return "?" + urlencode(pairs) if pairs else ""

    def address(self, view: str = "", **changes: Any) -> str:
        """Return the address of this state with changes; a change of what is shown goes back to the first page."""
        if changes and "page" not in changes:
            changes["page"] = 1
        changed = replace(self, **changes) if changes else self
        return f"{self.base}/{view or self.view}{changed.query()}"

    @property
    def base(self) -> str:
        """The address of the model, without the view."""
        return f"{self.root}/m/{self.model}"

    def record_query(self) -> str:
        """Return what the address of a record carries, so that its page knows the list it stands in."""
        bare = replace(self, opened=None, columns=(), counted=False)
        return "?" + urlencode([("via", self.view), *bare.pairs()])

    def cleared(self) -> str:
        """Return the address with nothing that keeps records out."""
        return self.address(searches=(), filters=(), domains=(), archived=False, opened=None)


def read_state(registry: Registry, model: Any, view: str, args: Args, root: str = "") -> ListState:
    """Return the state an address tells; what is not understood is left out."""
    menu = _first(args, "menu")
    searches = _searches(args)
    domains = _all(args, "d")
    archived = _first(args, "archived") == "1"
    defaults = first_filters(registry, model, menu)
    silent = "f" not in args and not (searches or domains or archived)
    known = {one.name for one in search_of(registry, model).filters}
    return ListState(
        model=model.__model__,
        view=view,
        root=root,
        menu=menu,
        searches=searches,
        filters=defaults if silent else tuple(name for name in _all(args, "f") if name in known),
        domains=domains,
        order=_all(args, "o"),
        page=_page(_first(args, "p")),
        columns=tuple(name for name in _first(args, "cols").split(",") if name),
        group=_first(args, "g"),
        opened=_all(args, "open") if "open" in args else None,
        archived=archived,
        counted=_first(args, "count") == "all",
        defaults=defaults,
    )


def slug_of(entry: Entry) -> str:
    """Return the name of a menu line in addresses."""
    return entry.slug or str(entry.model.__model__)


def entry_of(registry: Registry, model: Any, menu: str) -> Entry | None:
    """Return the menu line an address belongs to; one that names none to the first line that shows all."""
    entries = [entry for one in registry.menus for entry in one.entries if entry.model is model]
    if menu:
        return next((entry for entry in entries if slug_of(entry) == menu), None)
    return next((entry for entry in entries if shows_all(entry)), None)


def shows_all(entry: Entry) -> bool:
    """Tell whether a menu line is nothing but its model: no filter, and nothing that new records begin with."""
    return not entry.filters and entry.domain is None and not entry.defaults


def search_of(registry: Registry, model: Any) -> Search:
    """Return what a model's search bar offers; nothing ready-made for a model that declares none."""
    found: Search | None = registry.view(model, "search")
    return found if found is not None else Search(model, ())


def first_filters(registry: Registry, model: Any, menu: str) -> tuple[str, ...]:
    """Return the filters that are on at first: those of the menu line, and those the model marks so."""
    filters = search_of(registry, model).filters
    entry = entry_of(registry, model, menu)
    wanted = {one.name for one in filters if one.default} | set(entry.filters if entry else ())
    return tuple(one.name for one in filters if one.name in wanted)


def _all(args: Args, name: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in args.get(name, ())[:MOST] if value))


def _first(args: Args, name: str) -> str:
    values = args.get(name, ())
    return values[0] if values else ""


def _searches(args: Args) -> tuple[tuple[str, str], ...]:
    """Return what was searched before (`s=field:text`) and what has just been typed (`q`, `in`)."""
    kept = [value.partition(":") for value in _all(args, "s")]
    found = [(field, text.strip()) for field, _colon, text in kept]
    found += [(_first(args, "in"), text.strip()) for text in _all(args, "q")]
    return tuple(dict.fromkeys((field, text[:LONGEST]) for field, text in found if text))


def _page(text: str) -> int:
    return min(max(int(text[:9]), 1), LAST_PAGE) if text.isascii() and text.isdecimal() else 1


def without(values: Iterable[Any], *gone: Any) -> tuple[Any, ...]:
    """Return the values that stay."""
    return tuple(value for value in values if value not in gone)
