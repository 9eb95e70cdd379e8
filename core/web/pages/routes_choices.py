"""Choices of links and tags while one types, and making what is missing on the spot."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from core.access import require
from core.context import Context
from core.errors import Invalid, NotFound, Refused
from core.i18n import Text, _
from core.operations import commit, create, rollback
from core.queries import Ref, choices, read, titles
from core.registry import FieldInfo
from core.views.fieldview import FieldView, Painter
from core.views.layout import Slot
from core.views.lines import required_fields
from core.web.answers import told, trigger
from core.web.requests import context

from .grids import make_inputs
from .records import model_of
from .shown import show_field

blueprint = Blueprint("choices", __name__)

MOST = 20
LONGEST = 255


@blueprint.get("/m/<model>/choices/<field>")
def find(model: str, field: str) -> ResponseReturnValue:
    """Return the records that can be chosen, as JSON: id, text, a hint, the colour of a tag."""
    ctx, found = context(), _link(model, field)
    require(ctx, found.target, "r")
    text = request.args.get("q", "")[:LONGEST].replace("\x00", "").strip()
    offered = choices(ctx, found.target, text, limit=MOST)
    hints = _hints(ctx, found.target, offered)
    return jsonify([_choice(one, hints.get(one.id, "")) for one in offered])


@blueprint.post("/m/<model>/choices/<field>")
def make(model: str, field: str) -> ResponseReturnValue:
    """Make a record of a name; where more must be known, a small dialog asks for it."""
    ctx, found = context(), _link(model, field)
    require(ctx, found.target, "c")
    title = ctx.registry.info(found.target).title
    name = request.form.get("name", "").strip()[:LONGEST]
    if title is None or title.kind not in ("char", "text"):
        raise Refused(_("These records have no name to be made from. Make it on its own page."))
    if [one for one in required_fields(ctx, found.target) if one is not title]:
        return _asked(ctx, found, title, name)
    try:
        made = create(ctx, found.target, {title.name: name})
    except (Invalid, Refused) as error:
        rollback(ctx)
        return told(error.message, "error", 422)
    return _made(ctx, found.target, made)


def _asked(ctx: Context, found: FieldInfo, title: FieldInfo, name: str) -> ResponseReturnValue:
    """Go on with the small dialog: show it, or make the record of what it says."""
    views = _views(ctx, found.target, title, name)
    inputs: Any = make_inputs(ctx, views)
    sent = request.form if "_answered" in request.form else None
    inputs.process(sent, data={view.name: view.value for view in views})
    if sent is None:
        return _dialog(ctx, found, views, inputs, (), 200)
    if not inputs.validate():
        return _dialog(ctx, found, views, inputs, ())
    try:
        values = {each.info.name: each.value for each in inputs._fields.values()}
        made = create(ctx, found.target, values)
    except (Invalid, Refused) as error:
        rollback(ctx)
        return _dialog(ctx, found, views, inputs, (error.message,))
    commit(ctx)
    fresh = _choice(Ref(made, titles(ctx, found.target, [made]).get(made)), "")
    return trigger(Response("", status=204), **{"g:made": fresh})


def _views(ctx: Context, target: Any, title: FieldInfo, name: str) -> list[FieldView]:
    painter = Painter(ctx, request.script_root)
    fields = [title, *(one for one in required_fields(ctx, target) if one is not title)]
    row = {field.name: (() if field.is_many else None) for field in fields} | {title.name: name}
    return [painter.paint(Slot(field, field.meta.widget), row, editable=True) for field in fields]


def _dialog(
    ctx: Context, found: FieldInfo, views: list[FieldView], inputs: Any, general: tuple[Text, ...], status: int = 422
) -> ResponseReturnValue:
    shown: dict[str, Any] = {
        "title": _("New %(what)s", what=ctx.registry.info(found.target).label),
        "fields": [show_field(ctx, view, inputs[view.name]) for view in views],
        "general": general,
        "action": url_for("choices.make", model=found.model.__model__, field=found.name),
    }
    for field in shown["fields"]:
        field.id += "-new"
    return make_response(render_template("make.html", **shown), status)


def _made(ctx: Context, target: Any, made: int) -> Response:
    commit(ctx)
    known = titles(ctx, target, [made])
    answer: Response = jsonify(_choice(Ref(made, known.get(made)), ""))
    return answer


def _link(model: str, name: str) -> FieldInfo:
    """Return a link field of a model that this person may read."""
    ctx, found = context(), model_of(model)
    require(ctx, found, "r")
    field = ctx.registry.fields(found).get(name)
    if field is None or field.target is None or field.kind not in ("many2one", "many2many", "tags"):
        raise NotFound(_("There is no such field here."))
    return field


def _hints(ctx: Context, target: Any, offered: list[Ref]) -> dict[int, str]:
    """Return what tells records of one name apart: the first other text they are searched by."""
    info = ctx.registry.info(target)
    known = (one for one in info.fields.values() if one.meta.search and one is not info.title)
    hint = next((one for one in known if one.kind in ("char", "email", "phone")), None)
    if hint is None:
        return {}
    rows = read(ctx, target, [one.id for one in offered], [hint.name])
    return {row["id"]: row[hint.name] or "" for row in rows}


def _choice(one: Ref, hint: str) -> dict[str, Any]:
    found: dict[str, Any] = {"id": one.id, "text": one.title or str(one.id), "hint": hint}
    return found if one.color is None else {**found, "color": one.color}
