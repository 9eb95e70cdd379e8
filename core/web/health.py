"""Is the server ready? Asked by whoever watches it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

import core
from core.loader.faults import DatabaseDown
from core.web.choose import DATABASE
from core.web.requests import bare

blueprint = Blueprint("health", __name__)


@blueprint.get("/health")
@bare
def health() -> tuple[Response, int]:
    """Answer 200 when the database does, else 503."""
    database = request.environ[DATABASE]
    told = {"version": core.__version__, "database": database.name}
    try:
        ready = database.is_set_up()
        database.installed()
    except DatabaseDown as fault:
        return jsonify({"status": "down", "message": str(fault.message), **told}), 503
    return jsonify({"status": "ok", "set_up": ready, **told}), 200
