"""The apps of a database: what there is, what each would bring, and its coming and going. For administrators."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue

from core import loader
from core.context import Context
from core.errors import NotAllowed
from core.i18n import Text, _
from core.loader import Database
from core.web import work, works
from core.web.answers import go
from core.web.modules import Module, modules_of
from core.web.plan_page import shown_plan
from core.web.requests import context, database, is_htmx

blueprint = Blueprint("apps", __name__, url_prefix="/apps")

DOING: Mapping[str, Callable[[Database, Collection[str], work.Progress], Any]] = {
    "install": loader.install,
    "upgrade": loader.upgrade,
    "disable": loader.disable,
    "enable": loader.enable,
    "uninstall": loader.uninstall,
}
TITLES: Mapping[str, Callable[[Text], Text]] = {
    "install": lambda app: _("Installing %(app)s", app=app),
    "upgrade": lambda app: _("Updating %(app)s", app=app),
    "disable": lambda app: _("Disabling %(app)s", app=app),
    "enable": lambda app: _("Enabling %(app)s", app=app),
    "uninstall": lambda app: _("Uninstalling %(app)s", app=app),
}
DONE: Mapping[str, Callable[[Text], Text]] = {
    "install": lambda app: _("%(app)s is installed.", app=app),
    "upgrade": lambda app: _("%(app)s is up to date.", app=app),
    "disable": lambda app: _("%(app)s is disabled; its records are kept.", app=app),
    "enable": lambda app: _("%(app)s is enabled again.", app=app),
    "uninstall": lambda app: _("%(app)s is uninstalled; its records lie in the exports folder.", app=app),
}
SHOWN: Mapping[str, tuple[Text, frozenset[str]]] = {
    "installed": (_("Installed"), frozenset({"installed", "update", "disabled", "aside", "missing"})),
    "available": (_("Available"), frozenset({"available", "broken"})),
    "updates": (_("Updates"), frozenset({"update"})),
}


@blueprint.before_request
def _administrators_only() -> None:
    if not context().user.is_admin:
        raise NotAllowed(_("Only administrators may install and remove apps."))


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Show the cards."""
    return _page()


@blueprint.get("/<verb>/<name>")
def plan(verb: str, name: str) -> ResponseReturnValue:
    """Show exactly what would happen; nothing is changed."""
    if verb not in DOING:
        abort(404)
    planned = loader.plan(database(), _verb(verb), [name])
    shown = {"plan": shown_plan(database(), planned, name, context().locale.to_digits), "verb": verb, "name": name}
    if is_htmx():
        return render_template("apps_plan.html", **shown)
    return _page(**shown)


@blueprint.post("/<verb>/<name>")
def do(verb: str, name: str) -> ResponseReturnValue:
    """Begin; the page shows how far it is."""
    if verb not in DOING:
        abort(404)
    target, title, back = database(), _title(name), url_for("apps.page")

    def work_on(told: work.Progress) -> Text:
        DOING[verb](target, [name], told)
        return DONE[verb](title)

    return works.start(verb, TITLES[verb](title), "apps", back, work_on)


@blueprint.post("/look")
def look() -> ResponseReturnValue:
    """Look for addons that were put into the folders meanwhile."""
    before = set(database().catalogue)
    found = set(database().rediscover())
    new = str(_(", ")).join(sorted(found - before))
    return go(url_for("apps.page"), _("New: %(names)s", names=new) if new else _("There are no new apps."), "info")


def _verb(verb: str) -> Any:
    return verb


def _title(name: str) -> Text:
    found = database().catalogue.get(name)
    return Text(found.manifest.title if found and found.manifest else name)


def _page(**shown: Any) -> ResponseReturnValue:
    every, words, wish = modules_of(database()), request.args.get("q", "").strip(), request.args.get("show", "")
    found = [module for module in every if module.matches(words)]
    tabs = [(_("All"), url_for("apps.page"), wish not in SHOWN, len(every))]
    for key, (label, states) in SHOWN.items():
        number = sum(module.state in states for module in every)
        tabs.append((label, url_for("apps.page", show=key), wish == key, number))
    return render_template(
        "apps.html",
        tabs=tabs,
        groups=_grouped(found, wish),
        words=words,
        wish=wish,
        works=work.running(database()),
        faults=_faults(context(), every),
        **{"plan": None, **shown},
    )


def _grouped(modules: list[Module], wish: str) -> list[tuple[Text, list[Module]]]:
    wanted = SHOWN[wish][1] if wish in SHOWN else None
    groups = [SHOWN["installed"], SHOWN["available"]]
    shown = [
        (label, [one for one in modules if one.state in states and (wanted is None or one.state in wanted)])
        for label, states in groups
    ]
    return [(label, found) for label, found in shown if found]


def _faults(ctx: Context, modules: list[Module]) -> list[tuple[Text | str, Text]]:
    """Return what an administrator should know: broken addons, and patches that no longer fit."""
    broken: list[tuple[Text | str, Text]] = [(one.title, one.fault) for one in modules if one.fault is not None]
    return broken + [(f"{one.source[0]}:{one.source[1]}", one.reason) for one in ctx.registry.set_aside]
