"""Ways on from a list or a board: its other views, and a new record with what is known of it here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from core.access import may
from core.context import Context
from core.i18n import Text, _
from core.operations import plain

from .state import ListState, entry_of

KINDS: Mapping[str, Text] = {"list": _("List"), "kanban": _("Kanban")}
"""The views a person can switch between, with what they are called."""


@dataclass(frozen=True, slots=True)
class Place:
    """A view of the same records."""

    kind: str
    label: str
    href: str
    current: bool


def view_kinds(ctx: Context, model: Any, menu: str = "") -> tuple[str, ...]:
    """Return the views of a model: those the menu line names, else all it has; a list there always is."""
    entry = entry_of(ctx.registry, model, menu)
    wished = entry.views if entry is not None else tuple(KINDS)
    found = [kind for kind in wished if kind == "list" or (kind in KINDS and ctx.registry.view(model, kind))]
    return tuple(found) or ("list",)


def view_places(ctx: Context, model: Any, state: ListState) -> tuple[Place, ...]:
    """Return the views to switch between; nothing when there is only one."""
    kinds = view_kinds(ctx, model, state.menu)
    if len(kinds) < 2:
        return ()
    shared = replace(state, opened=None, columns=(), counted=False, order=(), group="", page=1)
    return tuple(Place(kind, str(KINDS[kind]), shared.address(kind), kind == state.view) for kind in kinds)


def new_address(ctx: Context, model: Any, state: ListState, **known: Any) -> str:
    """Return where a record is made, with the values of the menu line and those known here; empty if not allowed."""
    if not may(ctx, model, "c"):
        return ""
    entry = entry_of(ctx.registry, model, state.menu)
    values: dict[str, Any] = {}
    for attr, value in (entry.defaults or {}).items() if entry is not None else ():
        values[ctx.registry.field(attr, model).name] = value
    pairs = [("menu", state.menu)] if state.menu else []
    pairs += [(f"default_{name}", _as_text(value)) for name, value in {**values, **known}.items()]
    return f"{state.base}/new" + ("?" + urlencode(pairs) if pairs else "")


def _as_text(value: Any) -> str:
    return ("1" if value else "0") if isinstance(value, bool) else str(plain(value))
