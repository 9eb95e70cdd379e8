"""Empty lists and boards: nothing there yet, or what hides it, counted among what the reader may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from core.access import may
from core.context import Context
from core.i18n import _
from core.queries import COUNT_LIMIT, count

from .describe import alternatives
from .search import facets, wanted
from .state import ListState, read_state


@dataclass(frozen=True, slots=True)
class Hide:
    """One chip that hides records, and how many would show without it."""

    icon: str
    name: str
    text: str
    number: str
    href: str


@dataclass(frozen=True, slots=True)
class Empty:
    """Why there is nothing to see, and the ways on."""

    title: str
    text: str
    hides: tuple[Hide, ...] = ()
    clear: str = ""


def empty(ctx: Context, model: Any, state: ListState) -> Empty:
    """Explain an empty view."""
    info = ctx.registry.info(model)
    if state.page > 1:
        text = _("There are fewer pages than this.")
        return Empty(str(_("Nothing on this page")), str(text), clear=state.address(page=1))
    if not state.narrows:
        return _nothing_yet(ctx, model)
    plain = ListState(state.model, state.view, state.root, state.menu, defaults=state.defaults)
    everything = wanted(ctx, model, plain)
    seen = count(ctx, model, everything.domain, archived=everything.archived)
    if not seen and not state.archived:
        return _nothing_yet(ctx, model, state.cleared())
    title = _("Nothing passes all your filters")
    text = _("%(plural)s you may see: %(count)s. This is what hides them:", plural=info.plural, count=_many(ctx, seen))
    return Empty(str(title), str(text), tuple(_hides(ctx, model, state)), state.cleared())


def _nothing_yet(ctx: Context, model: Any, clear: str = "") -> Empty:
    info = ctx.registry.info(model)
    title = str(_("%(plural)s: nothing here yet", plural=info.plural))
    if may(ctx, model, "c"):
        return Empty(title, str(_("Make the first one; it appears here.")), clear=clear)
    return Empty(title, str(_("What colleagues share with you appears here.")), clear=clear)


def _hides(ctx: Context, model: Any, state: ListState) -> Iterator[Hide]:
    """Say of each chip how many records would show if it alone were removed."""
    icons = {"filter": "filter", "search": "search", "group": "stack-2"}
    for facet in facets(ctx, model, state):
        if facet.kind == "group":
            continue
        args = parse_qs(urlsplit(facet.remove).query, keep_blank_values=True)
        without = wanted(ctx, model, read_state(ctx.registry, model, state.view, args))
        number = count(ctx, model, without.domain, archived=without.archived)
        text = _("If only this is removed, so many show:")
        name = alternatives(facet.texts)
        yield Hide(icons[facet.kind], name, str(text), _many(ctx, number), facet.remove)


def _many(ctx: Context, number: int) -> str:
    shown = ctx.locale.number(min(number, COUNT_LIMIT))
    return f"{shown}+" if number > COUNT_LIMIT else shown
