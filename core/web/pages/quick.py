"""Quick create: the few fields at the head of a lane, and the record made of them."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from core.access import require
from core.context import Context
from core.errors import Invalid, Refused
from core.i18n import Text, _
from core.operations import commit, create, default_of, plain
from core.views import kanban
from core.views.fieldview import FieldView, Painter
from core.views.layout import Slot
from core.views.places import new_address
from core.views.state import ListState, entry_of
from core.web.answers import go
from core.web.requests import context

from .grids import make_inputs
from .records import model_of, state_of
from .shown import ShownField, show_field

blueprint = Blueprint("quick", __name__)

NARROW = frozenset({"money", "integer", "decimal", "percent", "stars"})


class QuickForm:
    """The fields of the quick form, to be shown once in every lane."""

    def __init__(self, ctx: Context, model: Any, names: Sequence[str]) -> None:
        inputs, views = _inputs(ctx, model, names, None)
        self.fields = [show_field(ctx, view, inputs[view.name]) for view in views]

    def wide(self, lane: str) -> list[ShownField]:
        """Return the fields that stand on a line of their own."""
        return [_of_lane(field, lane) for field in self.fields if not _is_narrow(field)]

    def narrow(self, lane: str) -> list[ShownField]:
        """Return the fields two of which stand side by side: numbers and stars."""
        return [_of_lane(field, lane) for field in self.fields if _is_narrow(field)]


def _is_narrow(field: ShownField) -> bool:
    return (field.widget or field.kind) in NARROW


def _of_lane(field: ShownField, lane: str) -> ShownField:
    """Return a field with an id of its own: the same form stands in every lane."""
    mine = copy(field)
    mine.id, mine.placeholder = f"{field.id}-{lane}", field.label
    return mine


def _inputs(ctx: Context, model: Any, names: Sequence[str], formdata: Any) -> tuple[Any, list[FieldView]]:
    fields = [ctx.registry.fields(model)[name] for name in names]
    painter = Painter(ctx, request.script_root)
    row = {field.name: None if field.target is not None else default_of(ctx, field) for field in fields}
    views = [painter.paint(Slot(field, field.meta.widget), row, editable=True) for field in fields]
    inputs = make_inputs(ctx, views)
    inputs.process(formdata, data=row)
    return inputs, [view for view in views if not view.readonly]


@blueprint.post("/m/<model>/kanban/quick")
def make(model: str) -> ResponseReturnValue:
    """Make a record in a lane; the answer is its card and the head of the lane. “Edit” opens the whole form instead."""
    ctx, found = context(), model_of(model)
    require(ctx, found, "c")
    state = state_of(found, "kanban")
    reader = kanban.BoardReader(ctx, found, state)
    if reader.is_locked or not reader.view.quick:
        raise Refused(_("Cards cannot be made on this board. Use the button “New”."))
    value = reader.grouping.value(request.form.get("lane", ""))
    names = [ctx.registry.field(attr).name for attr in reader.view.quick]
    inputs, views = _inputs(ctx, found, names, request.form)
    valid = inputs.validate()
    typed = {view.name: inputs[view.name].value for view in views if not inputs[view.name].errors}
    if request.form.get("open"):
        return go(_whole_form(ctx, found, state, {**typed, reader.grouping.name: value}))
    if not valid:
        raise Refused(_first_error(inputs))
    try:
        made = create(ctx, found, {**_given(ctx, found, state), **_filled(typed), reader.grouping.name: value})
    except Invalid as error:
        raise Refused(error.message) from error
    commit(ctx)
    lanes = kanban.heads(ctx, found, state, [value])
    card = kanban.card(ctx, found, state, made)
    return Response(render_template("kanban_made.html", lanes=lanes, card=card), mimetype="text/html")


def _filled(typed: dict[str, Any]) -> dict[str, Any]:
    """Return what somebody typed: an empty field gets its default."""
    return {name: value for name, value in typed.items() if value not in (None, "", ())}


def _first_error(inputs: Any) -> Text:
    """Return the first thing that is wrong, with the name of its field where the sentence does not say it."""
    each, said = next((each, each.errors[0]) for each in inputs if each.errors)
    label = str(each.info.label)
    return (
        Text("%(said)s", (("said", str(said)),))
        if label in str(said)
        else _("%(field)s: %(text)s", field=label, text=str(said))
    )


def _given(ctx: Context, model: Any, state: ListState) -> dict[str, Any]:
    """Return what the menu line gives to new records."""
    entry = entry_of(ctx.registry, model, state.menu)
    defaults = entry.defaults if entry is not None else None
    return {ctx.registry.field(attr, model).name: value for attr, value in (defaults or {}).items()}


def _whole_form(ctx: Context, model: Any, state: ListState, typed: dict[str, Any]) -> str:
    address = new_address(ctx, model, state)
    told = [(f"default_{name}", str(plain(value))) for name, value in _filled(typed).items()]
    return address + ("&" if "?" in address else "?") + urlencode(told) if told else address
