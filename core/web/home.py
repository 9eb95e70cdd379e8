"""The start page: the first app a person may open."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue

from core.web.requests import context
from core.web.shell import first_address

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Go to the first app; say what to do when there is none."""
    first = first_address(context())
    return redirect(first) if first else render_template("home.html")
