"""An import from beginning to end: tables read, records prepared and written, and all of it taken back unless it may
stay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.access import may
from core.context import Context
from core.errors import NotAllowed
from core.i18n import _, ngettext
from core.jobs import progress
from core.model import Model
from core.registry import is_attached

from .bindings import bind
from .guess import guess_map
from .linking import SHOWN
from .maps import FileMap, Map
from .outcome import ImportFault, Outcome
from .prepare import Prepared, Rejected
from .record import Recorder
from .source import read_table
from .table import Table
from .undo import savepoint

Step = tuple[FileMap, Table]


@dataclass(slots=True)
class Imported:
    """The outcome of an import with the lines that could not be taken."""

    outcome: Outcome
    rejected: list[Rejected]


class _TakenBack(Exception):
    """Raised to undo everything."""


def read_steps(ctx: Context, map_: Map, files: Sequence[Path]) -> list[Step]:
    """Read the files of a map's parts, one path for each part."""
    return [
        (part, read_table(path, part.encoding, part.delimiter, part.sheet))
        for part, path in zip(map_.file, files, strict=True)
    ]


def plan_without_map(ctx: Context, model: Any, path: Path) -> tuple[Map, list[Step]]:
    """Read a file and guess from its columns what goes where."""
    table = read_table(path)
    map_ = guess_map(ctx, model, table)
    return map_, [(map_.file[0], table)]


def run(
    ctx: Context, map_: Map, steps: Sequence[Step], *, dry_run: bool = False, skip_errors: bool = False
) -> Imported:
    """Import tables in the context's transaction and with the rights of its person.

    Everything is tried, hooks and constraints too, so that a dry run tells what would really happen. Unless everything
    is well (or `skip_errors`), and in a dry run, it is taken back; the transaction is left for the caller to commit.
    """
    imported = Imported(Outcome(), [])
    try:
        with savepoint(ctx):
            _run_all(ctx, map_, steps, imported, skip_errors=skip_errors)
            if dry_run or (imported.outcome.failed and not skip_errors) or not imported.outcome.changes:
                raise _TakenBack
            imported.outcome.written = True
    except _TakenBack:
        ctx.session.expire_all()
    return imported


def _run_all(ctx: Context, map_: Map, steps: Sequence[Step], imported: Imported, *, skip_errors: bool) -> None:
    outcome = imported.outcome
    done, total = 0, sum(len(table.lines) for _part, table in steps)
    earlier: list[Prepared] = []
    for part, table in steps:
        noted = len(outcome.notes)
        prepared = _prepare(ctx, part, table, map_.space, outcome)
        outcome.notes[noted:noted] = (note for note in dict.fromkeys(table.notes) if note not in outcome.notes)
        Recorder(ctx, prepared, map_.space, done, total).record()
        _note_unnamed(prepared, earlier)
        earlier.append(prepared)
        done += len(table.lines)
        outcome.files.append(prepared.told)
        imported.rejected += prepared.rejected.values()
        if outcome.failed and not skip_errors:
            break
    progress(total, total)


def model_of(ctx: Context, name: str) -> Any:
    """Return the model of this name; ImportFault when it is none whose records people make."""
    known = ctx.registry.by_name.items()
    models = {name_: model for name_, model in known if issubclass(model, Model) and not is_attached(model)}
    if name not in models:
        mine = ", ".join(sorted(one for one, model in models.items() if may(ctx, model, "c")))
        words = {"model": name, "models": mine}
        raise ImportFault(_("There are no records called “%(model)s”. You can import: %(models)s.", **words))
    return models[name]


def _prepare(ctx: Context, part: FileMap, table: Table, space: str, outcome: Outcome) -> Prepared:
    model = model_of(ctx, part.model)
    if not may(ctx, model, "c") and not may(ctx, model, "u"):
        raise NotAllowed(_("You have no right to create or change %(what)s.", what=model.__plural__))
    if part.key_field is not None and part.key_field not in part.fields:
        words = {"field": part.key_field}
        raise ImportFault(_("Records are known again by “%(field)s”, but the map does not fill it.", **words))
    bindings = bind(ctx, model, part, table, space)
    prepared = Prepared(ctx, model, part, table, bindings, outcome)
    prepared.prepare()
    return prepared


def _note_unnamed(prepared: Prepared, earlier: Sequence[Prepared]) -> None:
    """Note the records of an earlier file that this one could point to, and points to some, but not to these."""
    for binding in prepared.bindings:
        finder = binding.finder
        if finder is None or not finder.asks_key:
            continue
        named = {text for entry in prepared.entries for text in entry.texts.get(binding.name, ())}
        for other in earlier:
            keys = {entry.key for entry in other.entries if entry.key} if other.model is finder.target else set()
            missing = sorted(keys - named)
            if not missing or missing == sorted(keys):
                continue
            text = ngettext(
                "%(n)s of the records of %(file)s is not named here: %(names)s",
                "%(n)s of the records of %(file)s are not named here: %(names)s",
                len(missing),
                file=other.table.name,
                names=", ".join(missing[:SHOWN]),
            )
            prepared.note("unused", binding.column, text, len(missing))
