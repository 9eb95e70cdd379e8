"""What all commands share: settings, databases, errors as one sentence, answers as JSON."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import click
import msgspec

import core
from core.errors import GirihError
from core.i18n import Text, set_language
from core.loader import Database, Databases, ensure
from core.settings import Settings, SettingsFault

F = TypeVar("F", bound=Callable[..., Any])


class Commands(click.Group):
    """Commands whose errors are told as one sentence, never as a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except (GirihError, SettingsFault) as fault:
            raise click.ClickException(str(fault)) from fault


@dataclass
class Girih:
    """The server as the environment describes it; nothing is read or opened before it is needed."""

    @cached_property
    def settings(self) -> Settings:
        """The settings; texts are told in their language from here on."""
        settings = Settings.from_env()
        set_language(settings.language)
        return settings

    @cached_property
    def databases(self) -> Databases:
        """All databases of the server."""
        return Databases(self.settings)

    def database(self, name: str | None) -> Database:
        """Return a database, set up from the environment if it is empty and an administrator is named."""
        database = self.databases.get(name)
        ensure(database)
        return database

    def close(self) -> None:
        """Close what was opened."""
        if "databases" in self.__dict__:
            self.databases.close()


pass_girih = click.make_pass_decorator(Girih, ensure=True)
database_option = click.option(
    "--database", "-d", metavar="NAME", help="Which of the server's databases; main if none."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Answer as JSON, for programs.")


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(core.__version__, prog_name="girih")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Run a Girih server and its databases.

    Settings come from environment variables GIRIH_…; docs/administrators.md lists them.

    \b
    Examples:
      girih serve                         serve pages on http://127.0.0.1:8000
      girih plan crm_lead                 show what installing an addon would do
      girih install crm_lead              install it with all it stands on
      girih addon new library             begin an addon of your own
    """
    ctx.call_on_close(ctx.ensure_object(Girih).close)


def say(text: Text | str) -> None:
    """Print a sentence."""
    click.echo(str(text))


def say_json(value: Any) -> None:
    """Print a value as JSON; texts in the language of the settings."""
    click.echo(msgspec.json.format(msgspec.json.encode(_plain(value)), indent=2).decode())


def _plain(value: Any) -> Any:
    if isinstance(value, (Text, Path, str)):  # the name of a table is a kind of str that msgspec does not know
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        shown = [one.name for one in fields(value) if one.repr]
        return {name: _plain(getattr(value, name)) for name in shown}
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    return value
