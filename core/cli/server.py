"""Commands that run the server: pages, jobs, the first set-up."""

from __future__ import annotations

from dataclasses import replace

import click

from core.i18n import _, set_language
from core.jobs import run_worker
from core.loader import SetupAnswers, set_up

from .base import Girih, database_option, pass_girih, say


@click.command()
@click.option("--host", help="The address to listen on; GIRIH_HOST or 127.0.0.1 if not said.")
@click.option("--port", type=click.IntRange(0, 65535), help="The port; GIRIH_PORT or 8000 if not said.")
@pass_girih
def serve(girih: Girih, host: str | None, port: int | None) -> None:
    """Serve pages until Ctrl+C.

    An empty database is set up first when GIRIH_ADMIN_EMAIL and GIRIH_ADMIN_PASSWORD are given; otherwise the first
    visitor is asked.

    Example: girih serve --host 0.0.0.0 --port 8080
    """
    from core.web.serve import serve as run  # -- reason: the other commands start without the web

    settings = girih.settings
    run(replace(settings, host=host or settings.host, port=settings.port if port is None else port))


@click.command()
@click.option("--concurrency", type=click.IntRange(1, 64), default=4, show_default=True, help="Jobs at a time.")
@pass_girih
def worker(girih: Girih, concurrency: int) -> None:
    """Run the jobs of all databases until Ctrl+C or SIGTERM.

    For PostgreSQL, on as many machines as you like; give the server GIRIH_JOBS=external then.
    """
    say(_("Working on jobs. Stop with Ctrl+C."))
    run_worker(girih.databases.ready, concurrency=concurrency)


@click.command()
@click.option("--company", prompt="Company")
@click.option("--name", prompt="Administrator's name")
@click.option("--email", prompt="Administrator's e-mail address")
@click.option("--password", envvar="GIRIH_ADMIN_PASSWORD", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--language", envvar="GIRIH_LANG", default="en", show_default=True, help="en or fa.")
@click.option("--currency", default="USD", show_default=True, help="Code of the company's currency.")
@click.option("--country", help="Code of the company's country, two letters.")
@click.option("--timezone", default="UTC", show_default=True, help="Such as Asia/Tehran.")
@click.option("--addons", envvar="GIRIH_ADDONS", default="", help="Names with commas between them.")
@database_option
@pass_girih
def setup(girih: Girih, /, company: str, name: str, email: str, password: str, **more: str | None) -> None:
    """Set an empty database up: its company, its administrator, its addons."""
    database = girih.databases.get(more["database"])
    set_language(more["language"] or "en")
    addons = tuple(word.strip() for word in (more["addons"] or "").split(",") if word.strip())
    answers = SetupAnswers(
        company=company,
        admin_name=name,
        admin_email=email,
        admin_password=password,
        language=more["language"] or "en",
        currency=more["currency"] or "USD",
        country=more["country"],
        timezone=more["timezone"] or "UTC",
        addons=addons,
    )
    set_up(database, answers)
    say(_("The database “%(name)s” is ready.", name=database.name))
