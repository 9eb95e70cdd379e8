"""Pages that addons bring: each database answers only those of the addons it has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, Flask, g, request
from flask.typing import ResponseReturnValue
from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, TemplateNotFound
from werkzeug.routing import Map, Rule

from core.web.requests import context

Answer = ResponseReturnValue
View = TypeVar("View", bound=Callable[..., Answer])

METHODS = ("GET", "POST")

blueprint = Blueprint("addons", __name__, url_prefix="/a")


class Routes:
    """The pages of one addon, under `/a/<addon>/`."""

    def __init__(self, addon: str) -> None:
        self.addon = addon
        self.views: dict[str, Callable[..., Answer]] = {}
        self.public: set[str] = set()
        self.map = Map()

    def get(self, rule: str, *, public: bool = False) -> Callable[[View], View]:
        """Serve a page: the function gets the context and what the rule names (`late/<int:year>`)."""
        return self._add(rule, "GET", public)

    def post(self, rule: str, *, public: bool = False) -> Callable[[View], View]:
        """Take what a form or a script sends; the CSRF token is checked before."""
        return self._add(rule, "POST", public)

    def _add(self, rule: str, method: str, public: bool) -> Callable[[View], View]:
        def keep(view: View) -> View:
            name = f"{method} {rule}"
            self.views[name] = view
            self.map.add(Rule("/" + rule.lstrip("/"), endpoint=name, methods=[method]))
            if public:
                self.public.add(name)
            return view

        return keep

    def match(self, rest: str) -> tuple[str, Mapping[str, Any]]:
        """Return the name of the view for the rest of an address, and its values; NotFound or MethodNotAllowed."""
        endpoint, values = self.map.bind(request.host).match("/" + rest, method=request.method)
        return str(endpoint), values


def _routes() -> Mapping[str, Routes]:
    registry = g.registry
    found: dict[str, Routes] | None = registry.memo.get("routes")
    if found is None:
        answers = registry.hooks.register_routes()
        found = registry.memo["routes"] = {routes.addon: routes for answer in answers for routes in answer}
    return found


def _is_public(addon: str, rest: str) -> bool:
    routes = _routes().get(addon)
    return routes is not None and routes.match(rest)[0] in routes.public


@blueprint.route("/<addon>/<path:rest>", methods=METHODS)
def show(addon: str, rest: str) -> Answer:
    """Answer with an addon's page."""
    routes = _routes().get(addon)
    name, values = (routes or Routes(addon)).match(rest)
    assert routes is not None, "an empty map matches nothing"
    return routes.views[name](context(), **values)


show.girih_open = _is_public  # type: ignore[attr-defined]


class AddonTemplates(BaseLoader):
    """Finds `library/late.html` in the `templates` folder of the addon library, while it is installed."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """Return a template's text."""
        addon = template.partition("/")[0]
        for plugin in g.registry.plugins if "registry" in g else ():
            home = getattr(plugin.module, "__file__", None)
            if plugin.name == addon and home:
                source, path, fresh = FileSystemLoader(Path(home).parent / "templates").get_source(
                    environment, template
                )
                return source, path or template, fresh
        raise TemplateNotFound(template)


def prepare_addon_templates(app: Flask) -> None:
    """Let pages use the templates that addons bring; the kernel's own names come first."""
    own = app.jinja_loader
    assert own is not None
    app.jinja_env.loader = ChoiceLoader([own, AddonTemplates()])
