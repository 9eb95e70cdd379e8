"""The door for addons with pages of their own: routes, templates, answers. Used in an addon's `routes.py` only.

    routes = Routes("library")

    @routes.get("late")
    def late(ctx: Context) -> Answer:
        return page("library/late.html", page_title=_("Late loans"), loans=...)

The page stands at `/a/library/late` in every database that has the addon, for people who are logged in; its template
lies in the addon's `templates/library/` and extends `base.html`. `plugin.py` returns `[routes]` in `register_routes`.
"""

from __future__ import annotations

from typing import Any

from flask import jsonify, render_template, request

from core.web.answers import go, told, trigger
from core.web.headers import allow, style_nonce
from core.web.requests import is_htmx
from core.web.routes import Answer, Routes
from core.web.shell import model_address

__all__ = [
    "Answer",
    "Routes",
    "allow",
    "go",
    "is_htmx",
    "json",
    "model_address",
    "page",
    "request",
    "style_nonce",
    "told",
    "trigger",
]


def page(template: str, status: int = 200, **values: Any) -> Answer:
    """Answer with a template of the addon: `page("library/late.html", loans=loans)`."""
    return render_template(template, **values), status


def json(value: Any, status: int = 200) -> Answer:
    """Answer a program with plain data."""
    return jsonify(value), status
