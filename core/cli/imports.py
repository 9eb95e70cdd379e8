"""`girih import`: files of records into a database, tried first or at once, every error with its line and column."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from core.context import Context, Work
from core.i18n import _, ngettext
from core.imports import (
    FileOutcome,
    Imported,
    ImportFault,
    Map,
    Outcome,
    model_of,
    plan_without_map,
    read_map,
    read_steps,
    run,
    write_report,
)
from core.loader import Database, person_for_commands
from core.operations import commit

from .bars import progress_bar
from .base import Girih, database_option, json_option, pass_girih, say, say_json

SHOWN = 50
A_FILE = click.Path(path_type=Path, dir_okay=False)


class WrongUse(click.ClickException):
    """A command that cannot begin."""

    exit_code = 2


@click.command("import")
@click.argument("model", required=False)
@click.argument("file", required=False, type=A_FILE)
@click.option("--map", "map_file", type=A_FILE, help="The map: which column goes into which field (TOML).")
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Where the files of the map lie.")
@click.option("--dry-run", is_flag=True, help="Try everything, say what would happen, write nothing.")
@click.option("--skip-errors", is_flag=True, help="Import the lines that are well and leave the others out.")
@click.option("--report", type=A_FILE, help="Write the lines with errors into this CSV file.")
@click.option("--user", "email", help="Import with this user's rights; the first administrator if not said.")
@database_option
@json_option
@pass_girih
def import_(girih: Girih, /, model: str | None, file: Path | None, map_file: Path | None, **how: Any) -> None:
    """Import a file of records (CSV, XLSX), all of it or nothing.

    Without a map, columns go into the fields they are called like. Lines are known again by the key of the map: a file
    that is imported again changes only what differs. Exit codes: 0 all is well, 1 errors in the data, 2 wrong use.

    \b
    Examples:
      girih import contacts.contact customers.xlsx --dry-run
      girih import crm.lead deals.csv --map deals.toml --skip-errors --report errors.csv
      girih import --map crm.toml --folder exports
    """
    database = girih.database(how["database"])
    try:
        imported = _import(database, model, file, map_file, how)
    except ImportFault as fault:
        raise WrongUse(str(fault)) from fault
    if how["report"] is not None and imported.rejected:
        _report(how["report"], imported)
    if how["as_json"]:
        say_json(_plain(imported.outcome, dry_run=how["dry_run"]))
    else:
        _tell(imported.outcome, how)
    if imported.outcome.failed and not how["skip_errors"]:
        raise click.exceptions.Exit(1)


def _report(path: Path, imported: Imported) -> None:
    try:
        write_report(path, imported.rejected)
    except OSError as fault:
        text = _("The report %(file)s cannot be written: %(reason)s.", file=str(path), reason=fault.strerror or "")
        raise WrongUse(str(text)) from fault


def _import(
    database: Database, model: str | None, file: Path | None, map_file: Path | None, how: dict[str, Any]
) -> Imported:
    user = person_for_commands(database, how["email"])
    note = map_file.name if map_file is not None else file.name if file is not None else ""
    with database.context(user, work=Work("import", note)) as ctx, progress_bar(quiet=how["as_json"]):
        map_, steps = _steps(ctx, model, file, map_file, how["folder"])
        imported = run(ctx, map_, steps, dry_run=how["dry_run"], skip_errors=how["skip_errors"])
        if imported.outcome.written:
            commit(ctx)
        return imported


def _steps(
    ctx: Context, model: str | None, file: Path | None, map_file: Path | None, folder: Path | None
) -> tuple[Map, list[Any]]:
    """Return the map, given or guessed, with the tables it is for."""
    if map_file is None:
        if model is None or file is None:
            raise ImportFault(_("Name a model and a file, or a map with --map."))
        return plan_without_map(ctx, model_of(ctx, model), file)
    map_ = read_map(map_file)
    if model is not None:
        model_of(ctx, model)
        map_ = map_.of_model(model)
    if file is not None:
        return map_, read_steps(ctx, map_, [file for _part in map_.file])
    nameless = [part.model for part in map_.file if not part.file]
    if nameless:
        raise ImportFault(_("The map names no file for %(model)s; name one after the model.", model=nameless[0]))
    where = folder or map_file.parent
    return map_, read_steps(ctx, map_, [where / part.file for part in map_.file])


def _plain(outcome: Outcome, *, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "written": outcome.written,
        "files": outcome.files,
        "errors": outcome.faults,
        "more_errors": outcome.more_faults,
        "notes": outcome.notes,
    }


def _tell(outcome: Outcome, how: dict[str, Any]) -> None:
    for note in outcome.notes:
        say(f"{note.file}: {note.column}: {note.text}" if note.column else f"{note.file}: {note.text}")
    for one in outcome.files:
        say(_counts(one))
    for fault in outcome.faults[:SHOWN]:
        click.echo(str(fault.sentence()), err=True)
    more = len(outcome.faults) - SHOWN + outcome.more_faults
    if more > 0:
        text = ngettext(
            "%(n)s more error; --report FILE shows all.", "%(n)s more errors; --report FILE shows all.", more
        )
        click.echo(str(text), err=True)
    say(_end(outcome, how))


def _counts(one: FileOutcome) -> Any:
    words: dict[str, Any] = {"file": one.file, "model": one.model, "new": one.new, "changed": one.changed}
    words |= {"unchanged": one.unchanged, "skipped": one.skipped, "failed": one.failed}
    return _(
        "%(file)s → %(model)s: %(new)s new, %(changed)s changed, %(unchanged)s unchanged, %(skipped)s left out, "
        "%(failed)s with errors",
        **words,
    )


def _end(outcome: Outcome, how: dict[str, Any]) -> Any:
    if how["dry_run"]:
        return _("This was a trial: nothing was written.")
    if outcome.failed and not how["skip_errors"]:
        return _("Nothing was written. Mend the lines with errors, or leave them out with --skip-errors.")
    return _("Imported.") if outcome.written else _("Everything is as in the file already; nothing was written.")
