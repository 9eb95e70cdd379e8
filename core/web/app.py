"""The application: pages, gates and headers put together for the databases of a server."""

from __future__ import annotations

from typing import Any

from flask import Flask

from core.i18n import languages
from core.loader.database import Databases
from core.settings import Settings
from core.web import apps, assets, health, home, login, preferences, routes, settings_page, setup_page, works
from core.web.answers import prepare_events
from core.web.choose import DatabaseOfRequest, TrustedProxies
from core.web.compress import compress_answers
from core.web.errors import answer_errors
from core.web.headers import dress_answers
from core.web.logs import prepare_logs
from core.web.pages import BLUEPRINTS
from core.web.requests import prepare_requests
from core.web.routes import prepare_addon_templates
from core.web.sessions import prepare_sessions
from core.web.shell import prepare_templates

MEGABYTE = 1024 * 1024
LARGEST_BODY = 64 * MEGABYTE  # files
LARGEST_FORM = 8 * MEGABYTE  # what is typed
MOST_FIELDS = 5000

SHELL = (assets, health, home, login, setup_page, apps, preferences, settings_page, routes, works)


def create_app(databases: Databases, settings: Settings) -> Flask:
    """Return the application that serves these databases."""
    prepare_logs()
    app = Flask(__name__, static_folder=None)
    app.config |= {
        "SECRET_KEY": settings.secret,
        "MAX_CONTENT_LENGTH": LARGEST_BODY,
        "MAX_FORM_MEMORY_SIZE": LARGEST_FORM,
        "MAX_FORM_PARTS": MOST_FIELDS,
        "TRUSTED_HOSTS": None,
    }
    app.extensions |= {
        "girih_databases": databases,
        "girih_settings": settings,
        "girih_languages": languages(),
    }
    dress_answers(app)
    compress_answers(app)
    prepare_events(app)
    prepare_sessions(app)
    prepare_requests(app)
    prepare_templates(app)
    prepare_addon_templates(app)
    answer_errors(app)
    for room in SHELL:
        app.register_blueprint(room.blueprint)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    front: Any = DatabaseOfRequest(app.wsgi_app, databases)
    app.wsgi_app = TrustedProxies(front, settings.trusted_proxies)  # type: ignore[method-assign]
    return app
