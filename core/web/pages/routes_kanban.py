"""Pages of boards: the board, more cards of a lane, and what people do on it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from core.context import Context
from core.errors import Clash, Refused
from core.i18n import _
from core.operations import commit
from core.views import kanban, moves
from core.views.state import ListState
from core.web.answers import toast, told, trigger
from core.web.pages.quick import QuickForm
from core.web.pages.records import model_of, numbers, state_of, trail_of
from core.web.requests import context, read_on

blueprint = Blueprint("kanban", __name__)

LONGEST_NAME = 200


def _asked(model: str) -> tuple[Context, Any, ListState]:
    found = model_of(model)
    return context(), found, state_of(found, "kanban")


@blueprint.get("/m/<model>/kanban")
def page(model: str) -> ResponseReturnValue:
    """Show a board."""
    ctx, found, state = _asked(model)
    board = kanban.load(ctx, found, state)
    return render_template(
        "kanban.html",
        page=board,
        query=state.query(),
        trail=trail_of(found, state),
        page_title=board.title,
        quick=QuickForm(ctx, found, board.quick) if any(lane.quick for lane in board.lanes) else None,
    )


@blueprint.get("/m/<model>/kanban/more")
def more(model: str) -> ResponseReturnValue:
    """Show the next cards of a lane."""
    ctx, found, state = _asked(model)
    at = numbers([request.args.get("at", "")])
    lane = kanban.more(ctx, found, state, request.args.get("lane", ""), at[0] if at else 0)
    return render_template("kanban_more.html", lane=lane)


@blueprint.post("/m/<model>/kanban/move")
def move(model: str) -> ResponseReturnValue:
    """Move a card; the answer is the card and the heads of both lanes, anew."""
    ctx, found, state = _asked(model)
    record, before, version = (_number(name) for name in ("id", "before", "version"))
    if record is None:
        raise Refused(_("Nothing is selected. Tick the records first."))
    try:
        moved = moves.move(ctx, found, state, record, request.values.get("to", ""), before, version)
    except Clash:
        text = _("Somebody else has moved this card meanwhile. The board shows where it is now.")
        return told(text, "error", 422, refreshPage={})
    commit(ctx)
    answer = _moved(read_on(), found, state, record, moved.values)
    if len(moved.values) > 1:
        back = urlencode([*state.pairs(), ("id", record), ("to", moved.old_key)])
        text = _("Moved to %(name)s", name=moved.name)
        trigger(answer, toast=toast(text, undo=f"{state.base}/kanban/move?{back}"))
    return answer


def _moved(ctx: Context, model: Any, state: ListState, record: int, values: tuple[Any, ...]) -> Response:
    lanes = kanban.heads(ctx, model, state, values)
    card = kanban.card(ctx, model, state, record)
    return Response(render_template("kanban_moved.html", lanes=lanes, card=card), mimetype="text/html")


def _number(name: str) -> int | None:
    found = numbers([request.values.get(name, "")])
    return found[0] if found else None


@blueprint.post("/m/<model>/kanban/fold")
def fold(model: str) -> ResponseReturnValue:
    """Remember which lanes a person has folded."""
    ctx, found, state = _asked(model)
    moves.fold(ctx, found, state, request.form.get("lane", "")[:LONGEST_NAME], request.form.get("folded") == "1")
    commit(ctx)
    return Response("", status=204)


@blueprint.post("/m/<model>/kanban/order")
def order(model: str) -> ResponseReturnValue:
    """Give the lanes another order, for everybody."""
    ctx, found, state = _asked(model)
    moves.sort_lanes(ctx, found, state, [key for key in request.form.get("order", "").split(",") if key])
    commit(ctx)
    return Response("", status=204)


@blueprint.post("/m/<model>/kanban/lane")
def add_lane(model: str) -> ResponseReturnValue:
    """Add a lane."""
    ctx, found, state = _asked(model)
    name = _name()
    moves.add_lane(ctx, found, state, name)
    commit(ctx)
    return told(_("“%(name)s” was added.", name=name), refreshPage={})


@blueprint.get("/m/<model>/kanban/lane/<by>/<int:record_id>/rename")
def ask_name(model: str, by: str, record_id: int) -> ResponseReturnValue:
    """Show the dialog that renames a lane."""
    found = model_of(model)
    return render_template("kanban_rename.html", name=moves.lane_name(context(), found, by, record_id))


@blueprint.post("/m/<model>/kanban/lane/<by>/<int:record_id>/rename")
def rename(model: str, by: str, record_id: int) -> ResponseReturnValue:
    """Call a lane something else."""
    ctx, found = context(), model_of(model)
    moves.rename_lane(ctx, found, by, record_id, _name())
    commit(ctx)
    return trigger(Response("", status=204), closeDialog={}, refreshPage={})


@blueprint.post("/m/<model>/kanban/lane/<by>/<int:record_id>/delete")
def remove(model: str, by: str, record_id: int) -> ResponseReturnValue:
    """Delete an empty lane."""
    ctx, found = context(), model_of(model)
    moves.remove_lane(ctx, found, by, record_id)
    commit(ctx)
    return told(_("The column was removed."), refreshPage={})


def _name() -> str:
    name = request.form.get("name", "").strip()[:LONGEST_NAME]
    if not name:
        raise Refused(_("Give it a name first."))
    return name
