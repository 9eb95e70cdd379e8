"""Logging in and out, and going on with a form whose session ended while it was being filled in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import cast

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from sqlalchemy.engine import Connection
from wtforms import BooleanField, EmailField, PasswordField

from core.db.engine import writing
from core.i18n import Text, _
from core.loader.people import company_of
from core.models import User
from core.passwords import hash_password, login_name, needs_rehash, verify_password
from core.web import sessions
from core.web.answers import go, here, local, told, trigger
from core.web.forms import BaseForm, Required, label
from core.web.requests import ASK_LOGIN, SAFE, account, database, is_htmx, open_to_all
from core.web.sessions import Account
from core.web.throttle import WINDOW, Subjects, count_try, forget_tries

blueprint = Blueprint("login", __name__)

USERS = cast("sa.Table", User.__table__)
WRONG = _("This e-mail address and this password do not belong together. Check both and try again.")
TOO_MANY = _(
    "There were too many wrong tries from here for this account. Wait %(minutes)s minutes and try again.",
    minutes=int(WINDOW.total_seconds() // 60),
)
HELD = "login-held"  # the field that carries a form through the log-in
MOST_HELD = 2_000_000
EMAIL = {"autocomplete": "username"}
PASSWORD = {"autocomplete": "current-password", "value": ""}


class LoginForm(BaseForm):
    """Who it is."""

    email = EmailField(label(_("E-mail")), [Required(_("Please write your e-mail address."))])
    password = PasswordField(label(_("Password")), [Required(_("Please write your password."))])
    keep = BooleanField(label(_("Keep me logged in on this device")))


@blueprint.get("/login")
@open_to_all
def page() -> ResponseReturnValue:
    """Show the page, or the dialog when a part of another page asks for it."""
    if account() is not None and not is_htmx():
        return redirect(local(request.args.get("next"), url_for("home.page")))
    return _page(LoginForm())


@blueprint.post("/login")
@open_to_all
def enter() -> ResponseReturnValue:
    """Look at name and password."""
    form = LoginForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    found, fault = _check(form.email.data or "", form.password.data or "")
    if found is None:
        return _page(form, fault, 422)
    sessions.begin(found, keep=bool(form.keep.data))
    if is_htmx():
        answer = told(_("You are logged in again."), loggedIn={}, closeDialog={})
        answer.headers["X-CSRF-Token"] = generate_csrf()
        return answer
    onward = local(request.form.get("next"), url_for("home.page"))
    held = _held()
    if held:
        return render_template("resend.html", action=onward, fields=held)
    return go(onward)


@blueprint.post("/logout")
@open_to_all
def leave() -> ResponseReturnValue:
    """Log out on this device."""
    sessions.end()
    answer = go(url_for("login.page"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def asked() -> ResponseReturnValue:
    """Answer a request that needs somebody to be logged in: nothing of what was sent is lost."""
    if is_htmx():
        return trigger(Response("", status=401), loginNeeded={})
    if request.method in SAFE:
        return redirect(url_for("login.page", next=here()))
    held: list[tuple[str, str]] = []
    if request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin" and _own_origin():
        held = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return _page(LoginForm(), _("You were logged out meanwhile. Log in, and what you typed is sent."), 401, held)


@blueprint.record_once
def _offer(state: BlueprintSetupState) -> None:
    """Let the gate before the pages find the answer for guests."""
    state.app.extensions[ASK_LOGIN] = asked


def _own_origin() -> bool:
    """Say whether a form came from a page of ours: only then may it be sent again on somebody's behalf."""
    origin = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return origin.startswith(request.host_url.rstrip("/"))


def _held() -> list[tuple[str, str]]:
    try:
        found = json.loads(request.form.get(HELD, "[]"))
        return [(str(name), str(value)) for name, value in found]
    except ValueError:
        return []


def _page(
    form: LoginForm, fault: Text | None = None, status: int = 200, held: Iterable[tuple[str, str]] = ()
) -> ResponseReturnValue:
    told_held = json.dumps(list(held)) if held else request.form.get(HELD, "")
    onward = here() if request.endpoint not in ("login.page", "login.enter") else request.values.get("next", "")
    with database().connect() as connection:
        company = company_of(connection, None).name
    shown = {
        "fields": form.fields(email=EMAIL, password=PASSWORD),
        "fault": fault,
        "held": told_held if len(told_held) <= MOST_HELD else "",
        "onward": local(onward, ""),
        "company": company,
        "keep": bool(form.keep.data),
        "languages": current_app.extensions["girih_languages"],
    }
    return make_response(render_template("login_dialog.html" if is_htmx() else "login.html", **shown), status)


def _check(email: str, password: str) -> tuple[Account | None, Text]:
    """Return the account when the password is right; the answer and its time are the same for unknown names."""
    name, moment = login_name(email), datetime.now(UTC)
    subjects = Subjects.of(name, request.remote_addr or "")
    engine = writing(database().engine)
    with database().telling(), engine.begin() as connection:
        if not count_try(connection, subjects, moment):
            return None, TOO_MANY
    with database().connect() as connection:
        query = sa.select(USERS.c.id, USERS.c.password_hash).where(USERS.c.email == name, USERS.c.active)
        row = connection.execute(query).one_or_none()
    if not verify_password(row.password_hash if row else None, password) or row is None:
        return None, WRONG
    with database().telling(), engine.begin() as connection:
        forget_tries(connection, subjects, moment)
        _note_login(connection, row.id, row.password_hash, password, moment)
    reader = database().reader(row.id)
    return (Account(row.id, reader), WRONG) if reader is not None else (None, WRONG)


def _note_login(connection: Connection, user_id: int, kept: str, password: str, moment: datetime) -> None:
    """Keep when it was, a key for sessions if there is none yet, and a stronger hash when the kept one is weak."""
    values: dict[str, object] = {"last_login_at": moment}
    if needs_rehash(kept):
        values["password_hash"] = hash_password(password)
    user = USERS.c.id == user_id
    connection.execute(sa.update(USERS).where(user).values(values))
    connection.execute(
        sa.update(USERS).where(user, USERS.c.session_key.is_(None)).values(session_key=sessions.new_key())
    )
