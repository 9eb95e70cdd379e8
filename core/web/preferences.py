"""What a person chooses for himself: language, calendar, digits, time zone, theme, password."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import available_timezones

import sqlalchemy as sa
from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import PasswordField, StringField, ValidationError

from core import queries
from core.context import Context
from core.i18n import Text, _, alphabetical, current_language, use_language, zone_city
from core.models import User
from core.models.users import CALENDARS, DIGITS, LANGUAGES, THEMES
from core.operations import commit, update
from core.passwords import LONGEST, SHORTEST, hash_password, verify_password
from core.web import sessions
from core.web.answers import go, local
from core.web.forms import BaseForm, Choice, Longest, Required, label
from core.web.requests import THEME_COOKIE, account, context, database, keep_cookie, open_to_all
from core.web.requests import THEMES as KNOWN_THEMES

blueprint = Blueprint("preferences", __name__)

USERS = cast("sa.Table", User.__table__)
REGIONS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)
USUAL = {"fa": ("jalali", "arabext"), "en": ("gregorian", "latn")}


def time_zones() -> list[tuple[str, str]]:
    """Return the zones to choose from, called as the language of the moment calls their places: UTC first."""
    names = [name for name in available_timezones() if name.partition("/")[0] in REGIONS]
    shown = [(name, _zone(name)) for name in names]
    return [("UTC", "UTC"), *sorted(shown, key=lambda one: alphabetical(one[1]))]


def _zone(name: str) -> str:
    language = current_language()
    city = "" if language == "en" else zone_city(language, name)
    return str(_("%(name)s (%(code)s)", name=city, code=name)) if city else name


class PreferencesForm(BaseForm):
    """How the program speaks to one person."""

    name = StringField(label(_("Name")), [Required(), Longest(200)])
    language = Choice(label(_("Language")), tuple(LANGUAGES.items()))
    calendar = Choice(label(_("Calendar")), tuple(CALENDARS.items()))
    digits = Choice(label(_("Digits")), tuple(DIGITS.items()))
    timezone = Choice(label(_("Time zone")), time_zones())
    theme = Choice(label(_("Theme")), tuple(THEMES.items()))


class PasswordForm(BaseForm):
    """A new password, and the old one as proof."""

    old = PasswordField(label(_("Password now")), [Required()])
    new = PasswordField(label(_("New password")), [Required(), Longest(LONGEST)])

    def validate_new(self, field: PasswordField) -> None:
        """Refuse what is guessed in a moment."""
        check_password(field.data or "")


def check_password(password: str) -> None:
    """Raise ValidationError for a password that is too short."""
    if len(password) < SHORTEST:
        raise ValidationError(str(_("Please take at least %(n)s letters, digits or signs.", n=SHORTEST)))


@blueprint.get("/preferences")
def page() -> ResponseReturnValue:
    """Show what is chosen now."""
    return _page(PreferencesForm(data=_now(context())), PasswordForm())


@blueprint.post("/preferences")
def save() -> ResponseReturnValue:
    """Keep what was chosen."""
    form = PreferencesForm(request.form)
    if not form.validate():
        return _page(form, PasswordForm(), 422)
    _keep(context(), **form.data)
    with use_language(str(form.language.data)):
        return go(url_for("preferences.page"), _("Your preferences are saved."))


@blueprint.post("/preferences/password")
def password() -> ResponseReturnValue:
    """Change the password: every other session of this person ends."""
    form, ctx = PasswordForm(request.form), context()
    kept = _password_of(ctx)
    if not form.validate():
        return _page(PreferencesForm(data=_now(ctx)), form, 422)
    if not verify_password(kept, form.old.data or ""):
        form.old.errors = [str(_("This is not your password."))]
        return _page(PreferencesForm(data=_now(ctx)), form, 422)
    _new_sessions(ctx, password_hash=hash_password(form.new.data or ""))
    return go(url_for("preferences.page"), _("Your password is changed. You are logged out everywhere else."))


@blueprint.post("/preferences/sessions")
def elsewhere() -> ResponseReturnValue:
    """End every other session of this person."""
    _new_sessions(context())
    return go(url_for("preferences.page"), _("You are logged out everywhere else."))


@blueprint.post("/preferences/language")
def language() -> ResponseReturnValue:
    """Switch the language, with the calendar and the digits that usually go with it."""
    wish = request.form.get("language", "")
    if wish in LANGUAGES:
        calendar, digits = USUAL.get(wish, USUAL["en"])
        _keep(context(), language=wish, calendar=calendar, digits=digits)
    return redirect(local(request.form.get("back"), url_for("home.page")), 303)


@blueprint.post("/preferences/theme")
@open_to_all
def theme() -> ResponseReturnValue:
    """Keep the theme, for guests in a cookie."""
    wish = request.form.get("theme", "")
    answer = make_response("", 204)
    if wish in KNOWN_THEMES:
        if account() is not None:
            _keep(context(), theme=wish)
        keep_cookie(answer, THEME_COOKIE, wish)
    return answer


def _keep(ctx: Context, **values: Any) -> None:
    """Write one's own user: staff may not write users, but each his own way of reading."""
    with ctx.sudo("a person's own preferences") as system:
        update(system, User, _me(ctx), {getattr(User, name): value for name, value in values.items()})
    commit(ctx)


def _now(ctx: Context) -> dict[str, Any]:
    names = [field.name for field in PreferencesForm()]
    with ctx.sudo("a person's own preferences") as system:
        return queries.get(system, User, _me(ctx), names) or {}


def _me(ctx: Context) -> int:
    assert ctx.user_id is not None, "the gate lets nobody in here who is not logged in"
    return ctx.user_id


def _password_of(ctx: Context) -> str | None:
    with ctx.sudo("a person's own password") as system:
        kept: str | None = system.session.scalar(sa.select(User.password_hash).where(User.id == _me(ctx)))
    return kept


def _new_sessions(ctx: Context, **values: Any) -> None:
    """Write a new session key, which all other sessions lack, and go on in this one."""
    with ctx.session.unguarded() as connection:
        mine = sa.update(USERS).where(USERS.c.id == _me(ctx))
        connection.execute(mine.values(session_key=sessions.new_key(), **values))
    commit(ctx)
    reader = database().reader(_me(ctx))
    if reader is not None:
        sessions.begin(sessions.Account(_me(ctx), reader), keep=sessions.is_kept())


def _page(form: PreferencesForm, password: PasswordForm, status: int = 200) -> ResponseReturnValue:
    fields = form.fields(timezone={"help": ZONE_HELP, "choices": time_zones()})
    secrets = password.fields(
        old={"value": "", "autocomplete": "current-password"},
        new={"value": "", "autocomplete": "new-password", "strength": True, "help": PASSWORD_HELP},
    )
    shown = {"fields": fields, "secrets": secrets, "bad": status == 422}
    return make_response(render_template("preferences.html", **shown), status)


ZONE_HELP = _("Times of meetings and deadlines are shown in it.")
PASSWORD_HELP: Text = _("At least %(n)s letters, digits or signs; a sentence is easy to remember.", n=SHORTEST)


__all__ = ["blueprint", "check_password", "time_zones"]
