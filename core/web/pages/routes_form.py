"""Pages of one record: shown, made, saved, archived, deleted; its history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.wrappers import Response

from core.errors import Clash, GirihError, Invalid, Refused
from core.i18n import Text, _
from core.model import HasChatter
from core.operations import archive, commit, delete, restore, rollback
from core.views.form import FormPage, load
from core.views.history import load_history
from core.views.matching import neighbours
from core.views.search import entry_title
from core.views.state import ListState
from core.web.answers import go, here, toast, trigger
from core.web.headers import style_nonce
from core.web.requests import context, is_htmx

from .clashes import clash_dialog
from .forms import RecordForm
from .records import model_of, numbers, state_of, trail_of
from .routes_verbs import Outcome, ask, call, verb_of
from .saving import given, save
from .shown import show_page

blueprint = Blueprint("records", __name__)


@blueprint.get("/m/<model>/new")
def new(model: str) -> ResponseReturnValue:
    """Show the form of a record that is not made yet."""
    return _page(RecordForm(context(), _new_page(model_of(model))))


@blueprint.post("/m/<model>/new")
def make(model: str) -> ResponseReturnValue:
    """Make a record."""
    return _save(RecordForm(context(), _new_page(model_of(model)), _sent()))


@blueprint.get("/m/<model>/<int:record_id>")
def page(model: str, record_id: int) -> ResponseReturnValue:
    """Show a record."""
    return _page(RecordForm(context(), _load(model_of(model), record_id)))


@blueprint.post("/m/<model>/<int:record_id>")
def change(model: str, record_id: int) -> ResponseReturnValue:
    """Save a record."""
    return _save(RecordForm(context(), _load(model_of(model), record_id), _sent()))


@blueprint.get("/m/<model>/<int:record_id>/history")
def history(model: str, record_id: int) -> ResponseReturnValue:
    """Show older changes, or all in a drawer."""
    ctx, found = context(), model_of(model)
    before = next(iter(numbers([request.args.get("before", "")])), None)
    shown = load_history(ctx, found, record_id, before)
    address = url_for("records.history", model=model, record_id=record_id)
    return render_template("form_history.html", history=shown, address=address, drawer="drawer" in request.args)


@blueprint.post("/m/<model>/<int:record_id>/<any(delete, archive, restore):action>")
def act(model: str, record_id: int, action: str) -> ResponseReturnValue:
    """Delete, archive or bring back a record."""
    ctx, found = context(), model_of(model)
    shown = _load(found, record_id)
    if action == "delete":
        delete(ctx, found, record_id)
        commit(ctx)
        return go(_list(found).address(), _("“%(name)s” was deleted.", name=shown.name))
    if shown.archived is None:
        raise Refused(_("These records cannot be archived."))
    (archive if action == "archive" else restore)(ctx, found, [record_id])
    commit(ctx)
    return go(_record(found, record_id), _ACTED[action](shown.name))


_ACTED: dict[str, Callable[[str], Text]] = {
    "archive": lambda name: _("“%(name)s” was archived.", name=name),
    "restore": lambda name: _("“%(name)s” was brought back.", name=name),
}


def _sent() -> Any:
    return CombinedMultiDict([request.form, request.files])


def _new_page(model: Any) -> FormPage:
    ctx = context()
    menu = request.args.get("menu", "")
    copy_of = next(iter(numbers([request.args.get("copy", "")])), None)
    known = given(ctx, model, request.args.to_dict(), menu)
    return load(ctx, model, given=known, copy_of=copy_of, root=request.script_root)


def _load(model: Any, record_id: int) -> FormPage:
    return load(context(), model, record_id, root=request.script_root)


def _save(form: RecordForm) -> ResponseReturnValue:
    """Check, write, commit; what is wrong comes back with all that was typed."""
    ctx = form.ctx
    if form.page.id is not None and not form.page.editable:
        return _after(form, form.page.id)  # a verb may be called by people who may not change the record
    if not form.validate():
        return _refused(form)
    try:
        record_id = save(form, request.args.get("menu", ""))
    except Clash as clash:
        rollback(ctx)
        return clash_dialog(form, clash)
    except (Invalid, Refused) as error:
        rollback(ctx)
        form.blame(error)
        return _refused(form)
    commit(ctx)
    return _after(form, record_id)


def _refused(form: RecordForm) -> ResponseReturnValue:
    rollback(form.ctx)
    form.keep_files()
    commit(form.ctx)
    return _page(form, 422)


def _after(form: RecordForm, record_id: int) -> ResponseReturnValue:
    """Show the saved record; a verb that was pressed with the form is called now, or asks its questions."""
    model = form.page.info.cls
    name = str(form.formdata.get("_verb", ""))
    outcome = _verb(form, model, record_id, name) if name else Outcome()
    if outcome.go_to:
        return go(outcome.go_to, outcome.message)
    if form.page.id is None or not is_htmx():
        return go(_record(model, record_id), outcome.message, outcome.kind)
    fresh = _find(model, record_id)
    if fresh is None:
        return go(_list(model).address(), outcome.message, outcome.kind)
    answer = _page(RecordForm(form.ctx, fresh), dialog=outcome.dialog)
    if outcome.message is not None:
        trigger(answer, toast=toast(outcome.message, outcome.kind))
    return answer if outcome.dialog else trigger(answer, closeDialog={})


def _verb(form: RecordForm, model: Any, record_id: int, name: str) -> Outcome:
    found = verb_of(form.ctx, model, name)
    if found.asks:
        return Outcome(dialog=ask(form.ctx, found, [record_id]))
    try:
        outcome = call(form.ctx, found, [record_id], {})
    except GirihError as error:
        rollback(form.ctx)
        return Outcome(message=error.message, kind="error")
    commit(form.ctx)
    return outcome


def _find(model: Any, record_id: int) -> FormPage | None:
    """Return the record's page; None when saving has moved it out of the person's sight."""
    try:
        return _load(model, record_id)
    except GirihError:
        return None


def _list(model: Any) -> ListState:
    """Return the list the record was opened from."""
    return state_of(model, "kanban" if request.args.get("via") == "kanban" else "list")


def _record(model: Any, record_id: int) -> str:
    """Return the address of a record, still knowing its list."""
    state = _list(model)
    known = state.record_query() if request.args.get("via") or state.menu else ""
    return f"{state.base}/{record_id}{known}"


def _page(form: RecordForm, status: int = 200, dialog: str = "") -> Response:
    """Render the page of a record."""
    ctx, page = form.ctx, form.page
    model, state = page.info.cls, _list(page.info.cls)
    beside = None
    if page.id is not None and request.args.get("via"):
        beside = neighbours(ctx, model, state, page.id)
    has_editor = any(view.kind == "rich_text" and not view.readonly for view in page.fields)
    shown = {
        "page": page,
        "page_title": page.name,
        "trail": [*trail_of(model, state), (entry_title(ctx, model, state), state.address())],
        "form": form,
        "f": show_page(ctx, form),
        "action": here(),
        "base": state.base,
        "query": state.record_query() if request.args.get("via") else "",
        "menu": state.menu,
        "beside": beside,
        "dialog": Markup(dialog),  # noqa: S704 -- rendered by a template of ours, which escaped what people typed
        "new_url": f"{state.base}/new" + (f"?menu={state.menu}" if state.menu else "") if page.may_create else "",
        "has_files": any(view.field.kind in ("file", "image") for view in page.fields if not view.readonly),
        "has_chatter": page.history is not None and issubclass(model, HasChatter),
        "csp_nonce": style_nonce() if has_editor else "",
        "root": request.script_root,
    }
    return make_response(render_template("form.html", **shown), status)
