"""Errors as answers: a page, or a toast for a part of a page; what nobody foresaw gets a number to ask about."""

from __future__ import annotations

import secrets

import structlog
from flask import Flask, Response, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError
from werkzeug.exceptions import HTTPException

from core.access import refusal
from core.db.guard import AccessDenied
from core.errors import Clash, GirihError, Invalid, NotAllowed, NotFound, Refused
from core.i18n import Text, _
from core.loader.database import is_down
from core.loader.faults import DatabaseDown, NotSetUp
from core.web.answers import toast, trigger
from core.web.requests import database, is_htmx

log = structlog.get_logger("girih.web")

BUSY = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CANTOPEN"})
FULL_OR_BUSY = frozenset({"53100", "25006", "40001", "40P01", "55P03"})  # of PostgreSQL, deadlocks among them
STATUS: dict[type[GirihError], int] = {
    NotFound: 404,
    NotAllowed: 403,
    Invalid: 422,
    Refused: 422,
    Clash: 409,
    DatabaseDown: 503,
    NotSetUp: 503,
}
TITLES = {
    400: _("This cannot be understood"),
    403: _("You may not do this"),
    404: _("There is nothing here"),
    405: _("This cannot be done here"),
    409: _("Somebody else was faster"),
    413: _("This is too large"),
    422: _("This cannot be done"),
    500: _("Something went wrong"),
    503: _("The database does not answer"),
}
TEXTS = {
    400: _("What was sent is not what a page of this program sends."),
    404: _("The address may be wrong, or what was here has gone."),
    405: _("Go back and use the buttons of the page."),
    413: _("Send a smaller file."),
}
NO_TOKEN = _("This page is too old to send anything. Load it again; then do it once more.")
TOO_MUCH = _("A number is too large, or a text is too long or has letters that cannot be kept. Nothing was changed.")
FULL = _("The database cannot write now: it is busy, or its disk is full. Nothing was changed; try again in a moment.")


def answer_errors(app: Flask) -> None:
    """Let the application answer every error in the reader's language."""
    app.register_error_handler(GirihError, _refused)
    app.register_error_handler(AccessDenied, _denied)
    app.register_error_handler(CSRFError, _without_token)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(Exception, _unforeseen)


def _refused(error: GirihError) -> ResponseReturnValue:
    status = next((status for kind, status in STATUS.items() if isinstance(error, kind)), 422)
    return answer(status, error.message)


def _denied(error: AccessDenied) -> ResponseReturnValue:
    return answer(403, refusal(error.model, error.operation).message)


def _without_token(error: CSRFError) -> ResponseReturnValue:
    return answer(400, NO_TOKEN)


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()
    found = answer(error.code, TEXTS.get(error.code))
    for name in ("Allow", "Retry-After"):
        if name in dict(error.get_headers()):
            found.headers[name] = dict(error.get_headers())[name]
    return found


def _database(error: DBAPIError) -> ResponseReturnValue:
    if is_down(error):
        return _refused(DatabaseDown(database().name))
    if getattr(error.orig, "sqlite_errorname", "") in BUSY or getattr(error.orig, "sqlstate", "") in FULL_OR_BUSY:
        return answer(503, FULL)
    if isinstance(error, DataError):
        log.warning("a value no database holds", path=request.path, error=str(error.orig))
        return answer(422, TOO_MUCH)
    return _unforeseen(error)


def _unforeseen(error: Exception) -> ResponseReturnValue:
    number = secrets.token_hex(4)
    log.error("unforeseen", request=number, method=request.method, path=request.path, exc_info=error)
    return answer(500, _("This was not your fault. It is noted under the number %(number)s.", number=number))


def answer(status: int, text: Text | None = None) -> Response:
    """Answer with an error: a toast for a part of a page, JSON for a program, else a page of its own."""
    title = TITLES.get(status, TITLES[422])
    if is_htmx():
        return _as_part(status, text or title)
    if request.accept_mimetypes.best == "application/json":
        return make_response({"error": str(text or title)}, status)
    in_shell = status < 500 and "ctx" in g
    shown = {"status": status, "title": title, "text": text, "in_shell": in_shell}
    found = make_response(render_template("error.html", **shown), status)
    if status == 503:
        found.headers["Retry-After"] = "10"
    return found


def _as_part(status: int, text: Text) -> Response:
    found = Response("", status=status)
    found.headers["HX-Reswap"] = "none"  # there is nothing to put in place of what stands there
    trigger(found, toast=toast(text, "error"))
    return found
