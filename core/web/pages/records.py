"""What pages of records share: the model of an address, the state of its list, the records a person has selected."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs

from flask import request, url_for

from core.errors import NotFound, Refused
from core.i18n import _
from core.model import Attached, Model
from core.queries import COUNT_LIMIT
from core.views.matching import matching
from core.views.state import ListState, entry_of, read_state
from core.web.requests import context

CLOSED = frozenset({"core.change", "core.change_set"})


def model_of(name: str) -> Any:
    """Return the installed model of an address; raise NotFound for what has no pages, installed or not."""
    model = context().registry.by_name.get(name)
    if model is None or not issubclass(model, Model) or issubclass(model, Attached) or name in CLOSED:
        raise NotFound(_("There is no such page here. The app it belonged to may have been removed."))
    return model


def state_of(model: Any, view: str, query: str | None = None) -> ListState:
    """Return the state that this address tells, or the query given."""
    told = request.args.to_dict(flat=False) if query is None else parse_qs(query.lstrip("?"), keep_blank_values=True)
    return read_state(context().registry, model, view, told, request.script_root)


def trail_of(model: Any, state: ListState) -> list[tuple[Any, str]]:
    """Return the path to a page: the app its menu line belongs to, else one that opens such records."""
    registry = context().registry
    entry = entry_of(registry, model, state.menu)
    menus = [menu for menu in registry.menus for one in menu.entries if (one is entry if entry else one.model is model)]
    if not menus and model.__model__.startswith("core.") and context().user.is_admin:
        return [(_("Settings"), url_for("settings.page"))]
    return [(menu.title, "") for menu in menus[:1]]


def selected(model: Any) -> list[int]:
    """Return the ids a bulk action is for: those ticked, or all that match the list it was started from."""
    if request.form.get("every") == "1":
        state = state_of(model, "list", request.form.get("query", ""))
        found = matching(context(), model, state, COUNT_LIMIT + 1)
    else:
        found = numbers(request.form.getlist("ids"))
    if len(found) > COUNT_LIMIT:
        text = _("At most %(count)s records can be changed at once. Narrow the list by a filter.", count=COUNT_LIMIT)
        raise Refused(text)
    return found


def numbers(texts: Sequence[str]) -> list[int]:
    """Return the ids among what a form sent, each once."""
    return list(dict.fromkeys(int(text) for text in texts if text.isascii() and text.isdecimal() and len(text) < 19))
