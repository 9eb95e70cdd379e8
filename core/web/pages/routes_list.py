"""Pages of lists: the list itself, its last line, the choice of columns, and what is done to selected records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from core.context import Context
from core.errors import Refused
from core.i18n import Text, _, ngettext
from core.operations import archive, commit, delete_many, restore
from core.views import lists
from core.views.columns import keep_columns
from core.views.places import view_kinds
from core.web.answers import toast, trigger
from core.web.pages.records import model_of, selected, state_of, trail_of
from core.web.requests import context

blueprint = Blueprint("lists", __name__)


@blueprint.get("/m/<model>")
def first(model: str) -> ResponseReturnValue:
    """Open a model in the first of its views."""
    found = model_of(model)
    kind = view_kinds(context(), found, request.args.get("menu", ""))[0]
    query = request.query_string.decode("ascii", "replace")
    return redirect(url_for("lists.first", model=model) + f"/{kind}" + (f"?{query}" if query else ""))


@blueprint.get("/m/<model>/list")
def page(model: str) -> ResponseReturnValue:
    """Show a list."""
    found = model_of(model)
    state = state_of(found, "list")
    shown = lists.load(context(), found, state)
    return render_template("list.html", page=shown, trail=trail_of(found, state), page_title=shown.title)


@blueprint.get("/m/<model>/list/foot")
def foot(model: str) -> ResponseReturnValue:
    """Show the last line of a long list, which takes longer than its rows."""
    found = model_of(model)
    state = state_of(found, "list")
    return render_template("list_foot.html", foot=lists.foot(context(), found, state))


@blueprint.post("/m/<model>/columns")
def columns(model: str) -> ResponseReturnValue:
    """Keep the columns a person chose; without any, the list shows those of its declaration again."""
    ctx = context()
    keep_columns(ctx, model_of(model), request.form.getlist("columns"))
    commit(ctx)
    return trigger(Response("", status=204), refreshPage={})


Deed = Callable[[Context, Any, Sequence[int]], Any]


@blueprint.post("/m/<model>/bulk/<action>")
def bulk(model: str, action: str) -> ResponseReturnValue:
    """Archive, bring back or delete the selected records."""
    deed, words = _DEEDS.get(action, (None, None))
    if deed is None or words is None:
        abort(404)
    ctx, found = context(), model_of(model)
    if action != "delete" and not ctx.registry.info(found).archives:
        raise Refused(_("These records cannot be archived."))
    ids = selected(found)
    if not ids:
        raise Refused(_("Nothing is selected. Tick the records first."))
    deed(ctx, found, ids)
    commit(ctx)
    return trigger(Response("", status=204), toast=toast(words(len(ids))), refreshPage={})


def _archived(number: int) -> Text:
    return ngettext("%(n)s record was archived.", "%(n)s records were archived.", number)


def _restored(number: int) -> Text:
    return ngettext("%(n)s record was brought back.", "%(n)s records were brought back.", number)


def _deleted(number: int) -> Text:
    return ngettext("%(n)s record was deleted.", "%(n)s records were deleted.", number)


_DEEDS: dict[str, tuple[Deed, Callable[[int], Text]]] = {
    "archive": (archive, _archived),
    "restore": (restore, _restored),
    "delete": (delete_many, _deleted),
}
