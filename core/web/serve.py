"""Serving: gunicorn supervises processes, each of which runs waitress; waitress alone on Windows or when asked."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from typing import Any

from flask import Flask
from waitress.server import create_server

from core.i18n import Locale, use_locale
from core.jobs import Crew
from core.loader import DatabaseDown, Databases, ensure
from core.settings import Settings
from core.web.app import create_app

WORKERS = 2
PATIENCE_FOR_JOBS = 10.0
WAITRESS: dict[str, Any] = {
    "threads": 8,
    "connection_limit": 2000,
    "channel_timeout": 30,
    "asyncore_use_poll": True,
    "ident": None,
    "max_request_body_size": 80 * 1024 * 1024,
    "clear_untrusted_proxy_headers": False,  # core.web.choose believes the proxies that were named, and only them
}


@dataclass
class Process:
    """What one serving process holds: its own connections and, unless workers do it, the jobs."""

    app: Flask
    databases: Databases
    crew: Crew | None

    def start(self) -> None:
        """Begin to work on jobs."""
        if self.crew is not None:
            self.crew.start()

    def stop(self) -> None:
        """End the jobs at hand, and close the connections."""
        if self.crew is not None:
            self.crew.stop(PATIENCE_FOR_JOBS)
        self.databases.close()


def make_process(settings: Settings) -> Process:
    """Return what a serving process holds; nothing of it is shared with another one."""
    databases = Databases(settings)
    crew = Crew(databases.ready) if settings.jobs == "inline" else None
    return Process(create_app(databases, settings), databases, crew)


def workers_wanted(environ: Any = os.environ) -> int:
    """Return how many processes serve; 0 means this one alone."""
    told = environ.get("GIRIH_WORKERS", "").strip()
    if sys.platform == "win32":
        return 0
    return int(told) if told.isdecimal() else WORKERS


def serve(settings: Settings) -> None:
    """Set up what the environment tells, then serve until stopped."""
    prepare(settings)
    workers = workers_wanted()
    if workers:
        _with_gunicorn(settings, workers)
    else:
        _alone(settings)


def prepare(settings: Settings) -> None:
    """Make the default database ready if the environment says how; one that does not answer is told to visitors.

    What its addons declare is loaded here once and shared by all processes; connections are not, they are closed.
    """
    databases = Databases(settings)
    try:
        with use_locale(Locale.usual(settings.language)):
            ensure(databases.default)
        if databases.default.is_set_up():
            databases.default.registry()
    except DatabaseDown as fault:
        print(fault.message, file=sys.stderr, flush=True)
    finally:
        databases.close()


def address_of(settings: Settings, port: int | None = None) -> str:
    """Return what to type into a browser."""
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104 -- only to print it
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port if port is None else port}"


def announce(settings: Settings, port: int | None = None) -> None:
    """Print where the server is found."""
    print(f"Girih is ready: {address_of(settings, port)}", flush=True)


def _alone(settings: Settings) -> None:
    process = make_process(settings)
    server = create_server(process.app, host=settings.host, port=settings.port, **WAITRESS)
    announce(settings, getattr(server, "effective_port", settings.port))
    process.start()
    try:
        server.run()
    finally:
        process.stop()


def _with_gunicorn(settings: Settings, workers: int) -> None:
    from core.web.supervisor import Supervisor  # -- reason: gunicorn does not exist on Windows

    Supervisor(settings, workers).run()
