"""How far the long work of a server is: a part of the page it was begun on, until it ends and says so."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from core.errors import NotAllowed
from core.i18n import Text, _
from core.web import work
from core.web.answers import go
from core.web.requests import context, database, is_htmx

blueprint = Blueprint("works", __name__)


def start(kind: str, title: Text, icon: str, back: str, do: Callable[[work.Progress], Text]) -> ResponseReturnValue:
    """Begin a piece of work that ends on the page `back` with the text it returns; answer with its progress."""
    locale = context().locale
    begun = work.begin(database(), kind, title, locale, lambda told: {"back": back, "text": str(do(told))})
    if not is_htmx():
        return go(back)
    return render_template("work_dialog.html", work=begun, icon=icon)


@blueprint.get("/progress/<work_id>")
def part(work_id: str) -> ResponseReturnValue:
    """Show how far it is; at its end the whole page is read anew, since menus may have come or gone."""
    if not context().user.is_admin:
        raise NotAllowed(_("Only administrators see the work of the server."))
    found = work.find(database(), work_id)
    if found is None:
        abort(404)
    if found.state == "done":
        return go(found.result["back"], found.result["text"])
    return render_template("work_part.html", work=found)
