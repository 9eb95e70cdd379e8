"""The shell around every page: menu of what is installed and permitted, top bar, path, and what templates may call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, current_app, g, get_flashed_messages, request, url_for

from core.access import may
from core.context import Context
from core.declarations import Entry, Menu
from core.i18n import Text, _, current_language, direction, ngettext, pgettext, to_digits
from core.queries import setting
from core.views.state import shows_all, slug_of
from core.web import headers
from core.web.answers import here
from core.web.assets import asset, bundles
from core.web.requests import account, context, database, theme

NO_ICON = "puzzle"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the side menu."""

    label: Text
    href: str
    icon: str = NO_ICON
    current: bool = False
    children: tuple[Line, ...] = ()
    count: int | None = None
    late: bool = False

    @property
    def holds_current(self) -> bool:
        """Whether the shown page belongs to this line, or to one under it."""
        return self.current or any(child.holds_current for child in self.children)


@dataclass(frozen=True, slots=True)
class Shell:
    """What stands around a page."""

    brand: str
    home: str
    lines: tuple[Line, ...]
    end: tuple[Line, ...]
    user: str
    email: str
    color: int
    is_admin: bool

    @property
    def phone(self) -> list[Line]:
        """The four places at the foot of a phone: the apps first; an app is where one of its lines is."""
        apps = self.lines[: 4 - len(self.end)]
        return [*(replace(app, current=app.holds_current) for app in apps), *self.end][:4]


def address_of(entry: Entry) -> str:
    """Return the address a menu line opens."""
    return model_address(entry.model.__model__, entry.views[0], menu=slug_of(entry))


def model_address(model: str, view: str = "", **query: Any) -> str:
    """Return the address of a model's page: of a view, of `new`, or of a record by its id."""
    rest = f"/{view}" if view else ""
    told = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{request.script_root}/m/{model}{rest}{'?' + told if told else ''}"


def menus_for(ctx: Context) -> list[tuple[Menu, list[Entry]]]:
    """Return the apps with the entries this person may open; apps of one title are one app."""
    found: dict[Text, tuple[Menu, list[Entry]]] = {}
    for menu in ctx.registry.menus:
        entries = [entry for entry in menu.entries if _shows(ctx, entry)]
        if entries:
            found.setdefault(menu.title, (menu, []))[1].extend(entries)
    return list(found.values())


def _shows(ctx: Context, entry: Entry) -> bool:
    wanted = {role.code for role in entry.roles}
    if not may(ctx, entry.model, "r") or (wanted and not ctx.user.is_admin and not wanted & ctx.user.roles):
        return False
    return entry.setting is None or bool(setting(ctx, entry.setting))


def first_address(ctx: Context) -> str | None:
    """Return where a person begins: the first line of the first app."""
    return next((address_of(entries[0]) for _menu, entries in menus_for(ctx)), None)


def shell() -> Shell:
    """Return what stands around this page."""
    ctx = context()
    menus = menus_for(ctx)
    chosen = _chosen([entry for _menu, entries in menus for entry in entries])
    lines = tuple(_app(menu, entries, chosen) for menu, entries in menus)
    return Shell(
        brand=ctx.company.name or "Girih",
        home=url_for("home.page"),
        lines=lines,
        end=tuple(_end(ctx, chosen)),
        user=ctx.user.name,
        email=ctx.user.email,
        color=(ctx.user_id or 0) % 12,
        is_admin=ctx.user.is_admin,
    )


def _app(menu: Menu, entries: Sequence[Entry], chosen: Entry | None) -> Line:
    groups: dict[Text | None, list[Line]] = {None: []}
    for entry in entries:
        line = Line(entry.title, address_of(entry), current=entry is chosen)
        groups.setdefault(entry.group, []).append(line)
    children = groups.pop(None)
    folded = [Line(group, lines[0].href, children=tuple(lines)) for group, lines in groups.items() if group]
    return Line(menu.title, address_of(entries[0]), menu.icon, children=(*children, *folded))


def _chosen(entries: Sequence[Entry]) -> Entry | None:
    """Return the one line of all apps that the shown page belongs to."""
    model = _model_shown()
    fitting = [entry for entry in entries if entry.model.__model__ == model]
    slug = request.args.get("menu", "")
    named = (entry for entry in fitting if slug_of(entry) == slug)
    return next(named, None) or next(filter(shows_all, fitting), None) or next(iter(fitting), None)


def _model_shown() -> str:
    parts = request.path.split("/")
    return parts[2] if parts[1] == "m" and len(parts) > 2 else ""


def _end(ctx: Context, chosen: Entry | None) -> Iterator[Line]:
    if ctx.user.is_admin:
        house = chosen is None and _model_shown().startswith("core.")
        for label, endpoint, icon in ((_("Apps"), "apps.page", "apps"), (_("Settings"), "settings.page", "settings")):
            here_now = (request.endpoint or "").startswith(endpoint.split(".")[0])
            yield Line(label, url_for(endpoint), icon, here_now or (house and endpoint == "settings.page"))


def toasts() -> list[tuple[str, str]]:
    """Return what the last page wants to say on this one: pairs of kind and text."""
    flashed: Any = get_flashed_messages(with_categories=True)
    return [(kind, str(text)) for kind, text in flashed]


def names(modules: Sequence[Any], wanted: Sequence[str]) -> str:
    """Return the titles of addons by their names."""
    titles = {module.name: str(module.title) for module in modules}
    return (", " if direction(current_language()) == "ltr" else "، ").join(titles.get(name, name) for name in wanted)


def digits(text: str) -> str:
    """Return a text such as a version in the reader's digits."""
    return to_digits(text, g.ctx.locale.digits) if "ctx" in g else text


def tabs_shown(tabs: Sequence[tuple[Text, str, bool, int]]) -> list[tuple[Text, str, bool, str]]:
    """Return tabs with their numbers in the reader's digits."""
    return [(label, href, current, digits(str(number))) for label, href, current, number in tabs]


def prepare_templates(app: Flask) -> None:
    """Give the templates their functions; everything else comes from the page."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = False
    app.jinja_env.globals |= {
        "_": _,
        "ngettext": ngettext,
        "pgettext": pgettext,
        "asset": asset,
        "bundles": bundles,
        "nonce": headers.style_nonce,
        "shell": shell,
        "toasts": toasts,
        "model_address": model_address,
        "here": here,
        "names": names,
        "digits": digits,
        "tabs_shown": tabs_shown,
    }
    app.jinja_env.policies["json.dumps_kwargs"] = {"sort_keys": True, "default": str}
    app.jinja_env.finalize = _nothing_for_none
    app.context_processor(_of_request)


def _nothing_for_none(value: Any) -> Any:
    return "" if value is None else value


def _of_request() -> dict[str, Any]:
    language = current_language()
    wish = theme()
    return {
        "language": language,
        "direction": direction(language),
        "theme": wish,
        "login_url": url_for("login.page"),
        "known_languages": current_app.extensions["girih_languages"],
        "account": account(),
        "ctx": g.get("ctx"),
        "locale": g.ctx.locale if "ctx" in g else None,
        "database_name": database().name if "database" in g else "",
    }


__all__ = ["Line", "Shell", "first_address", "menus_for", "model_address", "prepare_templates", "slug_of"]
