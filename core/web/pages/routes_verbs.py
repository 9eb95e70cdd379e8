"""Verbs: asked about in a dialog where they have questions, called on one record or on many selected ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core.access import require
from core.context import Context
from core.declarations import Ask, Verb
from core.errors import GirihError, Invalid, NotFound, Refused
from core.fields.meta import FromContext, Meta
from core.i18n import Text, _, ngettext
from core.operations import call_verb, commit, default_of, rollback
from core.queries import titles
from core.registry import FieldInfo
from core.views.fieldview import FieldView, Painter
from core.views.layout import Slot
from core.web.answers import go, told
from core.web.requests import context, is_htmx

from .grids import make_inputs
from .records import model_of, numbers, selected
from .shown import show_field

blueprint = Blueprint("verbs", __name__)

DONE = _("Done")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a verb: a message, another page to go to, or a dialog with its questions."""

    message: Text | str | None = None
    kind: str = "ok"
    go_to: str = ""
    dialog: str = ""


@blueprint.get("/m/<model>/verb/<name>")
def questions(model: str, name: str) -> ResponseReturnValue:
    """Show the dialog with the questions of a verb."""
    ctx = context()
    ids = numbers(request.args.getlist("ids"))
    return ask(ctx, verb_of(ctx, model_of(model), name), ids)


@blueprint.post("/m/<model>/verb/<name>")
def do(model: str, name: str) -> ResponseReturnValue:
    """Call a verb on the records that were selected; first ask what it wants to know."""
    ctx, found = context(), model_of(model)
    verb, ids = verb_of(ctx, found, name), selected(found)
    if not ids:
        raise Refused(_("Nothing is selected. Tick the records first."))
    if verb.asks and "_answered" not in request.form:
        return ask(ctx, verb, ids)
    inputs, views = _inputs(ctx, verb, request.form)
    try:
        if not inputs.validate():
            return _again(ctx, verb, ids, inputs, views)
        answers = {each.info.name: each.value for each in inputs._fields.values() if each.value is not None}
        outcome = call(ctx, verb, ids, answers)
    except (Refused, Invalid) as error:
        if not verb.asks:
            raise
        rollback(ctx)
        return _again(ctx, verb, ids, inputs, views, error)
    commit(ctx)
    if outcome.go_to or not is_htmx():
        return go(outcome.go_to or request.referrer or url_for("home.page"), outcome.message or DONE)
    return told(outcome.message or DONE, closeDialog={}, refreshPage={})


def verb_of(ctx: Context, model: Any, name: str) -> Verb:
    """Return a verb this person may call; raise NotFound where there is none, NotAllowed without the right."""
    found = next((verb for verb in ctx.registry.verbs.get(model, ()) if verb.name == name), None)
    if found is None:
        raise NotFound(_("There is no such action here. The app it belonged to may have been removed."))
    require(ctx, model, found.needs)
    return found


def call(ctx: Context, verb: Verb, ids: Sequence[int], answers: Mapping[str, Any]) -> Outcome:
    """Call a verb; say on how many of the records it was not offered."""
    called = call_verb(ctx, verb, ids, **answers)
    outcome, left = _outcome(ctx, called.result), len(called.left)
    if left:
        text = ngettext(
            "Done; one record was left out, because “%(verb)s” is not offered on it.",
            "Done; %(n)s records were left out, because “%(verb)s” is not offered on them.",
            left,
            verb=verb.label,
        )
        return replace(outcome, message=text, kind="info")
    return outcome


def _outcome(ctx: Context, result: Any) -> Outcome:
    """Read what a verb returned: nothing, a text, or a dictionary of `message`, `open` (model, id) and `celebrate`."""
    if isinstance(result, (Text, str)):
        return Outcome(message=result)
    if not isinstance(result, Mapping):
        return Outcome()
    if result.get("celebrate"):
        ctx.announce("celebrate")
    opened = result.get("open")
    address = f"{request.script_root}/m/{opened[0].__model__}/{opened[1]}" if opened else ""
    return Outcome(result.get("message"), go_to=address)


def ask(ctx: Context, verb: Verb, ids: Sequence[int]) -> str:
    """Return the dialog of a verb."""
    inputs, views = _inputs(ctx, verb, None)
    return _dialog(ctx, verb, ids, inputs, views)


def _again(
    ctx: Context, verb: Verb, ids: Sequence[int], inputs: Any, views: list[FieldView], error: GirihError | None = None
) -> ResponseReturnValue:
    """Show the dialog with what is wrong and all that was typed."""
    general: list[Text] = []
    if error is not None:
        attr = getattr(error, "field", None)
        field = None if attr is None else ctx.registry.find(attr)
        named = [view.name for view in views if field is not None and ctx.registry.find(view.field.attr) is field]
        if named:
            inputs[named[0]].errors = [error.message]
        else:
            general.append(error.message)
    return make_response(_dialog(ctx, verb, ids, inputs, views, general), 422)


def _dialog(
    ctx: Context, verb: Verb, ids: Sequence[int], inputs: Any, views: list[FieldView], general: Sequence[Text] = ()
) -> str:
    names = titles(ctx, verb.model, list(ids)) if len(ids) == 1 else {}
    shown = {
        "verb": verb,
        "ids": ids,
        "every": request.form.get("every"),
        "query": request.form.get("query", ""),
        "name": names.get(ids[0]) if len(ids) == 1 else None,
        "fields": [show_field(ctx, view, inputs[view.name]) for view in views],
        "general": general,
        "action": url_for("verbs.do", model=verb.model.__model__, name=verb.name),
    }
    return render_template("verb.html", **shown)


def _inputs(ctx: Context, verb: Verb, formdata: Any) -> tuple[Any, list[FieldView]]:
    """Return the inputs of a verb's questions."""
    fields = [field_of_ask(ctx, verb, one) for one in verb.asks]
    painter = Painter(ctx, request.script_root)
    row = {field.name: _first_value(ctx, field) for field in fields}
    views = [painter.paint(Slot(field, field.meta.widget), row, editable=True) for field in fields]
    inputs = make_inputs(ctx, views)
    inputs.process(formdata, data=row)
    return inputs, [view for view in views if not view.readonly]


def _first_value(ctx: Context, field: FieldInfo) -> Any:
    if field.is_many:
        return ()
    return default_of(ctx, field) if field.target is None or isinstance(field.meta.default, FromContext) else None


def field_of_ask(ctx: Context, verb: Verb, one: Ask) -> FieldInfo:
    """Return a question as a field: of the kind its attribute has, or a choice."""
    if one.attr is None:
        meta = Meta(one.kind, one.label, verb.source, required=one.required, choices=one.choices, default=one.default)
        return FieldInfo(one.name, verb.model, meta, None)
    origin = ctx.registry.field(one.attr)
    meta = replace(
        origin.meta,
        label=one.label,
        required=one.required,
        readonly=False,
        default=one.default,
        help=None,
        unique=False,
    )
    return replace(origin, name=one.name, meta=meta, computed=False)
