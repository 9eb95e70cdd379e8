"""Settings: those the installed apps declare, and the lists of the kernel's own records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import queries
from core.context import Context
from core.declarations import SettingField, SettingGroup
from core.demo import has_demo
from core.errors import NotAllowed
from core.i18n import Text, Unreadable, _
from core.models import Company, Country, Currency, CurrencyRate, Role, Sequence, User
from core.operations import commit, set_setting
from core.web import work, works
from core.web.answers import go
from core.web.demo import make_demo, remove_demo
from core.web.requests import context, database
from core.web.shell import model_address

blueprint = Blueprint("settings", __name__)


@dataclass(frozen=True, slots=True)
class Place:
    """A list of the kernel's own records."""

    model: Any
    text: Text
    icon: str


PLACES = (
    Place(User, _("Who may log in, and with which roles."), icon="users"),
    Place(Company, _("Names, addresses and currencies of your businesses."), icon="building"),
    Place(Currency, _("Currencies to choose from."), icon="coins"),
    Place(CurrencyRate, _("What a currency is worth, from a day on."), icon="arrows-exchange"),
    Place(Country, _("Countries to choose from."), icon="world"),
    Place(Sequence, _("How documents are numbered."), icon="list-numbers"),
    Place(Role, _("What the installed apps let people do."), icon="shield-check"),
)


@blueprint.get("/settings")
def page() -> ResponseReturnValue:
    """Show every setting."""
    return _page(_values(_administrator()), {})


@blueprint.post("/settings")
def save() -> ResponseReturnValue:
    """Keep them; what cannot be read is said beside its field."""
    ctx = _administrator()
    values: dict[str, Any] = {}
    errors: dict[str, list[str]] = {}
    for declared in _fields(ctx):
        try:
            values[declared.key] = _read(ctx, declared, request.form.get(declared.key, ""))
        except (Unreadable, ValueError) as fault:
            errors[declared.key] = [str(fault)]
            values[declared.key] = request.form.get(declared.key, "")
    if errors:
        return _page(values, errors)
    for key, value in values.items():
        set_setting(ctx, key, value)
    commit(ctx)
    return go(url_for("settings.page"), _("The settings are saved."))


@blueprint.post("/settings/demo")
def demonstration() -> ResponseReturnValue:
    """Make demonstration data, or remove it."""
    ctx, target, back = _administrator(), database(), url_for("settings.page")
    user_id = ctx.user_id or 0
    if has_demo(ctx):
        title = _("Removing demonstration data")
        return works.start("demo", title, "sparkles", back, lambda told: remove_demo(target, user_id, told))
    title = _("Making demonstration data")
    return works.start("demo", title, "sparkles", back, lambda told: make_demo(target, user_id, told))


def _administrator() -> Context:
    ctx = context()
    if not ctx.user.is_admin:
        raise NotAllowed(_("Only administrators may see the settings."))
    return ctx


def _groups(ctx: Context) -> list[SettingGroup]:
    return [group for groups in ctx.registry.settings.values() for group in groups]


def _fields(ctx: Context) -> list[SettingField]:
    return [declared for group in _groups(ctx) for declared in group.fields]


def _values(ctx: Context) -> dict[str, Any]:
    return {declared.key: queries.setting(ctx, declared.key) for declared in _fields(ctx)}


def _read(ctx: Context, declared: SettingField, typed: str) -> Any:
    if declared.kind == "boolean":
        return bool(typed)
    if declared.kind == "integer":
        return int(ctx.locale.parse_number(typed)) if typed.strip() else None
    if declared.kind == "selection" and typed and typed not in (declared.choices or {}):
        raise ValueError(_("Please choose one of the list."))
    return typed.strip() or None


def _page(values: dict[str, Any], errors: dict[str, list[str]]) -> ResponseReturnValue:
    ctx = context()
    groups = [(group.title, [_shown(one, values, errors) for one in group.fields]) for group in _groups(ctx)]
    places = [(one.model.__plural__, one.icon, one.text, model_address(one.model.__model__)) for one in PLACES]
    shown = {"has_demo": has_demo(ctx), "works": work.running(database()), "errors": errors}
    return make_response(
        render_template("settings.html", groups=groups, places=places, **shown), 422 if errors else 200
    )


def _shown(declared: SettingField, values: dict[str, Any], errors: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "name": declared.key,
        "label": declared.label,
        "kind": "switch" if declared.kind == "boolean" else declared.kind,
        "value": values[declared.key],
        "help": declared.help,
        "choices": list((declared.choices or {}).items()),
        "errors": errors.get(declared.key, []),
    }
