"""The first page of an empty database: company, administrator, apps; then it is made while the reader watches."""

from __future__ import annotations

from typing import Any, TypeVar

import sqlalchemy as sa
import structlog
from flask import Blueprint, abort, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from core.i18n import Locale, _, current_language, set_locale
from core.loader import Database, SetupAnswers, check, set_up
from core.models import User
from core.passwords import login_name
from core.web import sessions, work
from core.web.answers import go
from core.web.demo import make_demo
from core.web.requests import LANGUAGE_COOKIE, database, guest_language, is_htmx, keep_cookie, open_to_all
from core.web.setup_form import KEPT_FIELDS, SetupForm, answers_of, set_usual

log = structlog.get_logger("girih.setup")

blueprint = Blueprint("setup", __name__)

View = TypeVar("View")


def _first(view: View) -> View:
    """Mark a view that is there before anything else is."""
    view.girih_set_up = True  # type: ignore[attr-defined]
    return open_to_all(view)


@blueprint.get("/setup")
@_first
def page() -> ResponseReturnValue:
    """Show the form, with what was typed if a first try failed."""
    if database().is_set_up():
        return redirect(url_for("home.page"))
    began = _begun()
    if began is not None and not began.is_over:
        return redirect(url_for("setup.progress", work_id=began.id))
    language = guest_language()
    form = SetupForm.fresh(database(), language, session.get("setup_typed"))
    fault = began.text if began is not None and began.state == "failed" else ""
    return _page(form, fault=fault)


@blueprint.post("/setup")
@_first
def begin() -> ResponseReturnValue:
    """Switch the language, or begin."""
    if database().is_set_up():
        return redirect(url_for("home.page"), 303)
    form = SetupForm(request.form)
    form.offer(database())
    if "switch" in request.form:
        return _switched(form, request.form["switch"])
    answers = answers_of(form)
    set_locale(Locale.usual(answers.language))
    if not form.accept(check(answers)):
        return _page(form, status=422)
    session["setup_typed"] = {name: form[name].data for name in KEPT_FIELDS}
    target, demo = database(), bool(form.demo.data)
    begun = work.begin(
        target, "setup", _("Making your workplace"), answers.locale, lambda told: _make(target, answers, demo, told)
    )
    session["setup_work"] = begun.id
    answer: Any = redirect(url_for("setup.progress", work_id=begun.id), 303)
    keep_cookie(answer, LANGUAGE_COOKIE, answers.language)
    return answer  # type: ignore[no-any-return]


@blueprint.get("/setup/progress/<work_id>")
@_first
def progress(work_id: str) -> ResponseReturnValue:
    """Show how far it is; at the end log in whoever began it."""
    found = work.find(database(), work_id)
    if found is None:
        abort(404)
    if found.state == "done":
        return _finished(found)
    return render_template("setup_progress_part.html" if is_htmx() else "setup_progress.html", work=found)


def _finished(found: work.Work) -> ResponseReturnValue:
    user_id, note = found.result
    reader = database().reader(user_id) if session.get("setup_work") == found.id else None
    if reader is not None:
        sessions.begin(sessions.Account(user_id, reader))
    return go(url_for("home.page"), note, "error")


def _make(target: Database, answers: SetupAnswers, with_demo: bool, told: work.Progress) -> tuple[int, str | None]:
    """Make the workplace and return its administrator, and what could not be added to it."""
    set_up(target, answers, told)
    with target.context() as ctx:
        user_id = ctx.session.scalars(sa.select(User.id).where(User.email == login_name(answers.admin_email))).one()
    try:
        if with_demo:
            make_demo(target, user_id, told)
    except Exception as fault:  # an addon's demonstration data may fail in any way
        log.error("demonstration data failed", exc_info=fault)
        return user_id, str(_("The demonstration data could not be made: %(fault)s", fault=str(fault)))
    return user_id, None


def _begun() -> work.Work | None:
    return work.find(database(), session.get("setup_work", ""))


def _switched(form: SetupForm, language: str) -> ResponseReturnValue:
    if language in form.languages():
        set_usual(form, str(form.language.data), language)
    set_locale(Locale.usual(str(form.language.data)))
    form.offer(database())
    answer = make_response(_page(form))
    keep_cookie(answer, LANGUAGE_COOKIE, str(form.language.data))
    return answer


def _page(form: SetupForm, fault: str = "", status: int = 200) -> ResponseReturnValue:
    modules = [module for module in form.modules if module.fault is None]
    fields = form.fields(
        company={"autocomplete": "organization"},
        admin_name={"autocomplete": "name"},
        admin_email={"autocomplete": "username"},
        admin_password={"value": form.admin_password.data or "", "autocomplete": "new-password", "strength": True},
    )
    shown = {
        "fields": fields,
        "modules": modules,
        "broken": [module for module in form.modules if module.fault is not None],
        "chosen": form.addons.data or (),
        "demo": bool(form.demo.data),
        "fault": fault,
        "bad": bool(form.errors),
        "chosen_language": current_language(),
    }
    return make_response(render_template("setup.html", **shown), status)
