"""A plan as the drawer shows it: a tally, and every table, column, menu and right that comes or goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from core.i18n import Text, _, ngettext
from core.loader import AddonPlan, Database, Plan
from core.web.modules import color_of

LETTERS = {"c": _("create"), "r": _("see"), "u": _("change"), "d": _("delete")}


@dataclass(frozen=True, slots=True)
class Row:
    """One thing that comes (add), changes (mod) or goes (del)."""

    mark: str
    name: Text | str
    note: Text | str = ""
    code: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """Things of one kind."""

    title: Text
    icon: str
    rows: Sequence[Row]


@dataclass(frozen=True, slots=True)
class Tally:
    """A number at the head."""

    sign: str
    number: int
    label: Text


@dataclass(frozen=True, slots=True)
class ShownPlan:
    """Everything the drawer shows."""

    title: Text
    subtitle: Text
    intro: Text
    button: Text
    icon: str
    color: int
    command: str
    tone: str
    blocked: Sequence[Text] = ()
    tally: Sequence[Tally] = ()
    sections: Sequence[Section] = field(default_factory=tuple)


def shown_plan(database: Database, plan: Plan, name: str, digits: Callable[[str], str]) -> ShownPlan:
    """Return a plan for the drawer; `digits` writes versions in the reader's."""
    found = database.catalogue[name]
    app = Text(found.manifest.title if found.manifest else name)
    count = len(plan.addons)
    sections = [section for section in _sections(plan, name, app) if section.rows]
    return ShownPlan(
        title=_title(plan.verb, app),
        subtitle=_subtitle(plan, found.version, digits),
        intro=_INTROS[plan.verb],
        button=_button(plan.verb, count),
        icon=found.manifest.icon if found.manifest else "puzzle",
        color=color_of(name),
        command=f"girih {plan.verb} {name}",
        tone="bad" if plan.verb == "uninstall" else "main",
        blocked=plan.blocked,
        tally=[] if plan.blocked else list(_tally(plan)),
        sections=sections,
    )


_INTROS = {
    "install": _("Nothing has been changed yet. This is exactly what will be added, and nothing will be removed."),
    "upgrade": _("Nothing has been changed yet. This is what the new version brings; your records stay."),
    "disable": _("The app and its menus are hidden and its jobs rest. Nothing is deleted; enable it at any time."),
    "enable": _("The app comes back as it was, with all its records."),
    "uninstall": _("The app is removed with all its records. They are written into an export file before."),
}


def _title(verb: str, app: Text) -> Text:
    titles = {
        "install": _("Plan: install %(app)s", app=app),
        "upgrade": _("Plan: update %(app)s", app=app),
        "disable": _("Plan: disable %(app)s", app=app),
        "enable": _("Plan: enable %(app)s", app=app),
        "uninstall": _("Plan: uninstall %(app)s", app=app),
    }
    return titles[verb]


def _button(verb: str, count: int) -> Text:
    if verb == "install":
        return ngettext("Install %(n)s app", "Install %(n)s apps", max(count, 1))
    return {"upgrade": _("Update"), "disable": _("Disable"), "enable": _("Enable"), "uninstall": _("Uninstall")}[verb]


def _subtitle(plan: Plan, version: str, digits: Callable[[str], str]) -> Text:
    others = [addon.title for addon in plan.addons[:-1]]
    if plan.verb == "upgrade" and plan.addons:
        old, new = plan.addons[-1].old_version or "", plan.addons[-1].new_version or ""
        return _("Version %(old)s becomes %(new)s", old=digits(old), new=digits(new))
    if others:
        apps = str(_(", ")).join(map(str, others))
        return _("Version %(version)s · needs %(apps)s", version=digits(version), apps=apps)
    return _("Version %(version)s", version=digits(version))


def _tally(plan: Plan) -> Iterator[Tally]:
    sign = "−" if plan.verb == "uninstall" else "+"
    if plan.verb == "uninstall":
        yield Tally(sign, sum(len(one.rows) for one in plan.addons), _("tables"))
        yield Tally(sign, sum(number for one in plan.addons for _name, number in one.rows), _("records"))
    elif plan.verb in ("install", "upgrade"):
        schemas = [one.schema for one in plan.addons if one.schema]
        yield Tally(sign, sum(len(schema.tables) for schema in schemas), _("tables"))
        yield Tally(sign, sum(len(schema.columns) for schema in schemas) + _new_columns(plan), _("columns"))
    if plan.verb != "upgrade":
        sign = "−" if plan.verb in ("uninstall", "disable") else "+"
        yield Tally(sign, sum(len(one.menus) for one in plan.addons), _("menus"))
        yield Tally(sign, sum(len(one.rights) for one in plan.addons), _("rights"))


def _new_columns(plan: Plan) -> int:
    return sum(len(table.columns) for one in plan.addons if one.schema for table in one.schema.tables)


def _sections(plan: Plan, name: str, app: Text) -> Iterator[Section]:
    goes = plan.verb in ("uninstall", "disable")
    mark = "del" if goes else "add"
    yield Section(
        _("Apps, in this order"), icon="puzzle", rows=[_app(plan.verb, one, name, app) for one in plan.addons]
    )
    yield Section(_("Tables"), icon="database", rows=[row for one in plan.addons for row in _tables(plan.verb, one)])
    yield Section(
        _("Migrations"), icon="arrows-exchange", rows=[Row("mod", v) for one in plan.addons for v in one.migrations]
    )
    if plan.verb == "upgrade":
        return
    yield Section(
        _("Fields added to others"),
        icon="layers-linked",
        rows=[row for one in plan.addons for row in _extends(one, mark)],
    )
    yield Section(_("Menus"), icon="menu-2", rows=[Row(mark, title) for one in plan.addons for title in one.menus])
    yield Section(_("Rights"), icon="shield-check", rows=[row for one in plan.addons for row in _rights(one, mark)])
    yield Section(_("Jobs"), icon="clock", rows=[Row(mark, job) for one in plan.addons for job in one.jobs])


def _app(verb: str, one: AddonPlan, name: str, app: Text) -> Row:
    mark = {"install": "add", "enable": "add", "upgrade": "mod"}.get(verb, "del")
    return Row(mark, one.title, "" if one.name == name else _("needed by %(app)s", app=app))


def _tables(verb: str, one: AddonPlan) -> Iterator[Row]:
    for table, number in one.rows:
        yield Row("del", table, ngettext("%(n)s record", "%(n)s records", number), code=True)
    if one.schema is None or verb not in ("install", "upgrade"):
        return
    for made in one.schema.tables:
        number = len(made.columns)
        yield Row("add", made.name, ngettext("%(n)s column", "%(n)s columns", number), code=True)
    for column in one.schema.columns:
        yield Row("mod", column, _("column added"), code=True)


def _extends(one: AddonPlan, mark: str) -> Iterator[Row]:
    for model, fields in one.extends:
        yield Row(mark, model, str(_(", ")).join(map(str, fields)))


def _rights(one: AddonPlan, mark: str) -> Iterator[Row]:
    for right in one.rights:
        may = str(_(", ")).join(str(LETTERS[letter]) for letter in right.letters)
        yield Row(mark, right.role, _("%(what)s: %(may)s", what=right.model, may=may))
