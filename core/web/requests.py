"""A request from its beginning to its end: database, person, language, context; and the gate before the pages."""

from __future__ import annotations

from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response

from core.access import user_context
from core.context import NOBODY, Context
from core.db.engine import writing
from core.i18n import Locale, set_locale
from core.loader.database import Database
from core.web.choose import DATABASE
from core.web.sessions import Account, as_account

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
LANGUAGE_COOKIE, THEME_COOKIE = "girih_language", "girih_theme"
ASK_LOGIN = "girih_ask_login"  # where the application keeps the answer for guests
THEMES = ("auto", "light", "dark")

View = TypeVar("View")
csrf = CSRFProtect()


class RecordNumber(IntegerConverter):
    """The `<int:...>` of addresses: no record has a number that no database holds."""

    def __init__(self, map: Map) -> None:
        super().__init__(map, max=2**63 - 1)


def open_to_all(view: View) -> View:
    """Mark a view that people may call who are not logged in."""
    view.girih_open = True  # type: ignore[attr-defined]
    return view


def bare(view: View) -> View:
    """Mark a view that asks no database: files, health."""
    view.girih_bare = True  # type: ignore[attr-defined]
    return view


def database() -> Database:
    """Return the database of this request."""
    return cast("Database", g.database)


def context() -> Context:
    """Return the context of this request: whoever sent it, in the database it is for."""
    return cast("Context", g.ctx)


def account() -> Account | None:
    """Return who is logged in."""
    found: Account | None = g.get("account")
    return found


def is_htmx() -> bool:
    """Say whether a part of a page asks, not the browser for a page."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def prepare_requests(app: Flask) -> None:
    """Let every request of the application go its way: choose, set up first, log in, check the token, open."""
    app.config |= {"WTF_CSRF_CHECK_DEFAULT": False, "WTF_CSRF_TIME_LIMIT": None}
    csrf.init_app(app)
    app.url_map.converters["int"] = RecordNumber
    app.before_request(_open)
    app.teardown_request(_close)
    app.after_request(_remember_language)


def _open() -> ResponseReturnValue | None:
    g.database = request.environ[DATABASE]
    view: Any = current_app.view_functions.get(request.endpoint or "")
    set_locale(Locale.usual(guest_language()))
    if _has_zero_bytes():
        abort(400)
    if getattr(view, "girih_bare", False):
        return None
    if not database().is_set_up():
        return _before_set_up(view)
    with database().connect() as g.connection:
        g.registry = database().registry(g.connection)
        found = g.account = as_account(current_user)
    g.pop("connection")
    if found is None and view is not None and not _is_open(view):
        return _ask_login()
    csrf.protect()
    open_context(found)
    return None


def _has_zero_bytes() -> bool:
    """Say whether a text was sent that no database keeps and no person types."""
    if b"%00" in request.query_string or "\0" in request.path:
        return True
    return request.method not in SAFE and any("\0" in value for value in request.form.values())


def _is_open(view: Any) -> bool:
    """Say whether guests may call a view; one that stands for several pages decides by the address."""
    told = getattr(view, "girih_open", False)
    return bool(told(**(request.view_args or {})) if callable(told) else told)


def _before_set_up(view: Any) -> ResponseReturnValue | None:
    """Let only the set-up be reached while there is nothing else."""
    if getattr(view, "girih_set_up", False):
        csrf.protect()
        return None
    return redirect(url_for("setup.page"))


def _ask_login() -> ResponseReturnValue:
    answer: ResponseReturnValue = current_app.extensions[ASK_LOGIN]()
    return answer


def open_context(found: Account | None, *, write: bool | None = None) -> Context:
    """Open the context of this request for a person, or for the public; it is closed with the request.

    Whether it will write follows from the request unless it is said.
    """
    stack = g.setdefault("stack", ExitStack())
    locale = found.reader.locale if found else Locale.usual(guest_language())
    more: dict[str, Any] = {"locale": locale, "database": database().name, "now": datetime.now(UTC)}
    if found:
        more["company"] = found.reader.company
    engine = database().engine
    # whoever will write takes his place among the writers before he reads what he changes
    writes = request.method not in SAFE if write is None else write
    opened = writing(engine) if writes else engine
    person = found.reader.person if found else NOBODY
    g.ctx = stack.enter_context(user_context(opened, g.registry, person, **more))
    set_locale(locale)
    return context()


def read_on() -> Context:
    """Go on with a context that only reads, after a commit: on SQLite the next writer need not wait for the answer."""
    told = context().events
    g.pop("stack").close()
    found = open_context(account(), write=False)
    found.events.update(told)
    return found


def _close(_error: BaseException | None) -> None:
    stack: ExitStack | None = g.pop("stack", None)
    if stack is not None:
        stack.close()


def guest_language() -> str:
    """Return the language of somebody not logged in: of the address, of the last choice, of the browser."""
    known = current_app.extensions["girih_languages"]
    for wish in (request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if wish in known:
            return str(wish)
    usual: str = current_app.extensions["girih_settings"].language
    if request.accept_languages:
        return request.accept_languages.best_match(list(known)) or usual
    return usual if usual in known else "en"


def theme() -> str:
    """Return the theme wished for: of the person, or of the last choice."""
    found = account()
    wish = found.reader.theme if found else request.cookies.get(THEME_COOKIE, "auto")
    return wish if wish in THEMES else "auto"


def _remember_language(response: Response) -> Response:
    wish = request.args.get("lang")
    if wish in current_app.extensions["girih_languages"]:
        keep_cookie(response, LANGUAGE_COOKIE, str(wish))
    return response


def keep_cookie(response: Response, name: str, value: str) -> None:
    """Let the browser keep a choice that is made before anybody is logged in."""
    path = request.script_root + "/"
    response.set_cookie(
        name, value, max_age=365 * 24 * 3600, path=path, secure=request.is_secure, httponly=True, samesite="Lax"
    )
