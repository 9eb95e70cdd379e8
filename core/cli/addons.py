"""Commands for addons: what there is, what would happen, and making it happen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from core.i18n import Text, _
from core.loader import KERNEL, Catalogue, Database, Found, Installed, Plan, Verb, lifecycle
from core.loader import plan as make_plan
from core.loader.plans import VERBS

from .base import Girih, database_option, json_option, main, pass_girih, say, say_json
from .plan_text import plan_lines
from .skeleton import write_skeleton

names_argument = click.argument("addons", nargs=-1, required=True, metavar="ADDON...")


@click.command()
@names_argument
@click.option("--for", "verb", type=click.Choice(VERBS), help="Of which verb; install or upgrade if it is not said.")
@database_option
@json_option
@pass_girih
def plan(girih: Girih, addons: tuple[str, ...], verb: str | None, database: str | None, as_json: bool) -> None:
    """Show what installing (or upgrading, removing …) addons would do; nothing is changed.

    \b
    Examples:
      girih plan crm_lead
      girih plan --for uninstall library --database acme
    """
    found = girih.database(database)
    planned = make_plan(found, cast("Verb", verb) if verb else _usual_verb(found, addons), addons)
    if as_json:
        say_json(planned)
    else:
        for line in plan_lines(planned):
            say(line)
    if planned.blocked:
        raise click.exceptions.Exit(1)


def _usual_verb(database: Database, addons: tuple[str, ...]) -> Verb:
    return "upgrade" if set(addons) <= set(database.installed()) else "install"


def _command(verb: Verb, about: str) -> click.Command:
    """Make the command of one verb."""

    @click.command(verb, help=about)
    @names_argument
    @database_option
    @click.option("--yes", "-y", is_flag=True, help="Do not ask before records are deleted.")
    @json_option
    @pass_girih
    def command(girih: Girih, addons: tuple[str, ...], database: str | None, yes: bool, as_json: bool) -> None:
        found = girih.database(database)
        if verb == "uninstall" and not yes:
            _ask(make_plan(found, verb, addons))
        done = _run(verb, found, addons, quiet=as_json)
        if as_json:
            say_json({"verb": verb, "database": found.name, "done": done})
        else:
            _tell(verb, found, done)

    return command


def _ask(planned: Plan) -> None:
    for line in plan_lines(planned):
        say(line)
    if planned.blocked:
        raise click.exceptions.Exit(1)
    click.confirm(str(_("Remove these addons with their records? They are exported first.")), abort=True)


def _run(verb: Verb, database: Database, addons: tuple[str, ...], *, quiet: bool) -> tuple[Any, ...]:
    act: Callable[..., tuple[Any, ...]] = getattr(lifecycle, verb)
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def tell(done: int, total: int, text: Text) -> None:
            bar.update(task, completed=done, total=total, description=str(text))

        return act(database, addons, tell)


_DONE: dict[Verb, Callable[[str, str], Text]] = {
    "install": lambda names, database: _("Installed in %(database)s: %(names)s", database=database, names=names),
    "upgrade": lambda names, database: _("Upgraded in %(database)s: %(names)s", database=database, names=names),
    "disable": lambda names, database: _("Disabled in %(database)s: %(names)s", database=database, names=names),
    "enable": lambda names, database: _("Enabled in %(database)s: %(names)s", database=database, names=names),
}


def _tell(verb: Verb, database: Database, done: tuple[Any, ...]) -> None:
    if verb in _DONE:
        say(_DONE[verb](", ".join(done), database.name))
        return
    for file in done:
        say(
            _(
                "Removed from %(database)s; the records were exported to %(file)s",
                database=database.name,
                file=str(file),
            )
        )


LIFECYCLE: tuple[click.Command, ...] = (
    plan,
    _command(
        "install", "Install addons with all they stand on, in one transaction.\n\nExample: girih install crm_lead"
    ),
    _command(
        "upgrade",
        "Bring the tables and records of addons to the version of the code that is here.\n\n"
        "The kernel is called core. Example: girih upgrade core crm_lead",
    ),
    _command("disable", "Hide addons and stop what they do; their records stay.\n\nExample: girih disable library"),
    _command("enable", "Bring disabled addons back.\n\nExample: girih enable library"),
    _command(
        "uninstall",
        "Remove addons with their records, after exporting these to the data directory.\n\n"
        "Example: girih uninstall library --yes",
    ),
)


@main.group()
def addon() -> None:
    """List addons, or begin one of your own."""


@addon.command("list")
@database_option
@json_option
@pass_girih
def list_(girih: Girih, database: str | None, as_json: bool) -> None:
    """List all addons of the server with their state in a database."""
    found = girih.database(database)
    lines = _lines(found.catalogue, found.installed())
    if as_json:
        say_json(lines)
        return
    head = [str(heading) for heading in (_("Addon"), _("Version"), _("State"), _("Title"))]
    rows = [head, *([line["name"], line["version"], line["state"], line["fault"] or line["title"]] for line in lines)]
    widths = [max(len(row[place]) for row in rows) for place in range(3)]
    for row in rows:
        say("  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[3]]))


def _lines(catalogue: Catalogue, installed: Any) -> list[dict[str, str]]:
    names = sorted({*catalogue, *installed} - {KERNEL})
    return [_line(name, catalogue.get(name), installed.get(name)) for name in names]


def _line(name: str, found: Found | None, known: Installed | None) -> dict[str, str]:
    states = {"installed": _("installed"), "disabled": _("disabled"), "": _("not installed")}
    manifest = found.manifest if found else None
    fault = _("Its files are missing.") if found is None else found.fault
    return {
        "name": name,
        "version": known.version if known else (found.version if found else ""),
        "state": str(states[known.state if known else ""]),
        "title": str(Text(manifest.title)) if manifest else "",
        "fault": str(fault) if fault else "",
    }


@addon.command()
@click.argument("name")
@click.option("--in", "folder", type=click.Path(path_type=Path), help="Where to put it; addons/ or here if not said.")
@click.option("--title", help="What people call it; made of the name if not said.")
@click.option("--persian", help="What people who read Persian call it; the title if not said.")
def new(name: str, folder: Path | None, title: str | None, persian: str | None) -> None:
    """Begin an addon: its files, a model, its pages and its test, ready to be installed.

    Example: girih addon new library --title "Library" --persian "کتابخانه"
    """
    made = write_skeleton(name, folder, title, persian)
    say(_("Made %(folder)s. Install it with: girih install %(name)s", folder=str(made), name=name))
