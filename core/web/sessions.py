"""Sessions: a signed cookie per database, and who is behind it (flask-login)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, login_user, logout_user

from core.loader import Reader
from core.web.choose import DATABASE

COOKIE = "girih"
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Account:
    """Whoever is logged in, as flask-login wants it."""

    id: int
    reader: Reader

    @property
    def is_authenticated(self) -> bool:
        """Whether somebody is logged in: an account is only made of one who is."""
        return True

    is_active = is_authenticated

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is logged in."""
        return False

    def get_id(self) -> str:
        """Return what the session keeps: the id, and the key that a changed password makes worthless."""
        return f"{self.id}.{self.reader.session_key}"


class SessionPerDatabase(SecureCookieSessionInterface):
    """Cookies that cannot be taken from one database of the server to another, and are sent only where they belong."""

    def get_cookie_name(self, app: Flask) -> str:
        """Name the cookie after the database."""
        return f"{COOKIE}_{request.environ[DATABASE].name}"

    def get_cookie_path(self, app: Flask) -> str:
        """Keep it to the database's part of the addresses."""
        return request.script_root + "/"

    def get_cookie_secure(self, app: Flask) -> bool:
        """Send it over TLS only where there is TLS."""
        return request.is_secure


def prepare_sessions(app: Flask) -> None:
    """Give the application its sessions and let flask-login find the account behind one."""
    app.session_interface = SessionPerDatabase()
    app.config |= {
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "PERMANENT_SESSION_LIFETIME": KEPT,
        "SESSION_REFRESH_EACH_REQUEST": False,
    }
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = None  # it would end the session of a phone that changes its network
    manager.user_loader(_load)


def _load(token: str) -> Account | None:
    """Return the account a session's token stands for, while the key in it holds."""
    user_id, _dot, key = token.partition(".")
    if "database" not in g or not (user_id.isdecimal() and key):
        return None
    reader: Reader | None = g.database.reader(int(user_id), g.get("connection"))
    if reader is None or reader.session_key is None or not secrets.compare_digest(reader.session_key, key):
        return None
    return Account(int(user_id), reader)


def begin(account: Account, keep: bool = False) -> None:
    """Log a person in: nothing of an earlier session lives on, the CSRF token neither."""
    session.clear()
    g.pop("csrf_token", None)
    session.permanent = keep
    login_user(account)
    g.account = account


def end() -> None:
    """Log the person out."""
    logout_user()
    session.clear()


def new_key() -> str:
    """Return a key for the sessions of a user; writing a new one ends all sessions that hold the old one."""
    return secrets.token_urlsafe(24)


def as_account(user: Any) -> Account | None:
    """Return flask-login's user as an account, None for somebody who is not logged in."""
    return user if isinstance(user, Account) else None


def is_kept() -> bool:
    """Say whether this session outlives the browser's window."""
    return bool(session.permanent)
