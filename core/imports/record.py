"""Writing what was prepared: links found or made, then new records and changed ones, in chunks, each line blamed
for its own faults only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from core.access import require
from core.context import Context
from core.errors import GirihError, NotAllowed
from core.i18n import Text, _
from core.jobs import progress
from core.operations import create_many, set_keys, update_many
from core.operations.history import same
from core.queries import by_key, ids, read

from .linking import Linker
from .prepare import Entry, Prepared
from .undo import savepoint

CHUNK = 1000
ASKED = 500


class Recorder:
    """Writes the records of one file."""

    def __init__(self, ctx: Context, prepared: Prepared, space: str, done: int, total: int) -> None:
        self.ctx, self.prepared, self.space = ctx, prepared, space
        self.model, self.part, self.told = prepared.model, prepared.part, prepared.told
        self.linker = Linker(ctx, prepared, space)
        self.done, self.total = done, total

    def record(self) -> None:
        """Write everything that can be written."""
        entries = self.prepared.entries
        self._find_known(entries)
        entries = self.linker.link(entries)
        fresh = [entry for entry in entries if entry.id is None and self._is_complete(entry)]
        known = [entry for entry in entries if entry.id is not None]
        if fresh:
            require(self.ctx, self.model, "c")
        for level in self.linker.levels(fresh):
            for start in range(0, len(level), CHUNK):
                self._say(level[start : start + CHUNK])
                self.attempt(level[start : start + CHUNK], self._create)
        if known:
            self._update(known)

    def _is_complete(self, entry: Entry) -> bool:
        """Say whether a new record has what it needs, as far as the file is to give it; what it lacks is blamed."""
        good = True
        for binding in self.prepared.bindings:
            meta = binding.field.meta
            given = binding.name in entry.values or binding.name in entry.texts
            if meta.required and meta.default is None and not given:
                text = _("“%(name)s” is needed.", name=binding.field.label)
                self.prepared.blame(entry.line, binding.column, "", text)
                good = False
        return good

    def _say(self, entries: Sequence[Entry]) -> None:
        progress(self.done, self.total, _("Importing %(file)s", file=self.prepared.table.name))
        self.done += len(entries)

    def _find_known(self, entries: Sequence[Entry]) -> None:
        """Find the records that lines are about already."""
        keys = [entry.key for entry in entries if entry.key is not None]
        found: dict[str, int] = {}
        for start in range(0, len(keys), ASKED):
            found |= self._known(keys[start : start + ASKED])
        for entry in entries:
            entry.id = found.get(entry.key) if entry.key is not None else None

    def _known(self, keys: list[str]) -> dict[str, int]:
        name = self.part.key_field
        if name is None:
            return by_key(self.ctx, self.space, self.model, keys)
        there = ids(self.ctx, self.model, [name, "in", keys], limit=None, archived=True)
        return {str(row[name]): row["id"] for row in read(self.ctx, self.model, there, [name])}

    def attempt(self, entries: Sequence[Entry], write: Callable[[Sequence[Entry]], None]) -> None:
        """Write records together; when that fails, in halves, until the ones to blame are found."""
        try:
            with savepoint(self.ctx):
                write(entries)
        except GirihError as error:
            if len(entries) == 1:
                self.prepared.blame_error(entries[0], error)
                return
            middle = len(entries) // 2
            self.attempt(entries[:middle], write)
            self.attempt(entries[middle:], write)

    def _create(self, entries: Sequence[Entry]) -> None:
        made = create_many(self.ctx, self.model, [self.linker.values(entry) for entry in entries])
        keys = {entry.key: one for entry, one in zip(entries, made, strict=True) if entry.key is not None}
        if self.part.keys:
            set_keys(self.ctx, self.space, self.model, keys)
        for entry, one in zip(entries, made, strict=True):
            self.linker.made(entry, one)
        self.told.new += len(made)

    def _update(self, entries: Sequence[Entry]) -> None:
        for start in range(0, len(entries), CHUNK):
            part = entries[start : start + CHUNK]
            self._say(part)
            differing = self._differing(part)
            if differing:
                require(self.ctx, self.model, "u")
            for changes, alike in _alike(differing):
                self.attempt(alike, partial(self._change, changes))

    def _change(self, values: dict[str, Any], entries: Sequence[Entry]) -> None:
        wanted = [entry.id for entry in entries if entry.id is not None]
        changed = update_many(self.ctx, self.model, wanted, values)
        self.told.changed += len(changed)
        self.told.unchanged += len(entries) - len(changed)

    def _differing(self, entries: Sequence[Entry]) -> list[tuple[Entry, dict[str, Any]]]:
        """Return the records that are to be changed, with just the values that differ."""
        names = [one.name for one in self.prepared.bindings if not one.said.once]
        rows = {row["id"]: row for row in read(self.ctx, self.model, [e.id for e in entries if e.id], names)}
        found = []
        for entry in entries:
            row = rows.get(entry.id)
            if row is None:
                self.prepared.blame_error(entry, NotAllowed(_("You may not see the record this line is about.")))
                continue
            values = {name: value for name, value in self.linker.values(entry).items() if name in names}
            changes = {name: value for name, value in values.items() if self._differs(name, row[name], value)}
            if changes:
                found.append((entry, changes))
            else:
                self.told.unchanged += 1
        return found

    def _differs(self, name: str, old: Any, new: Any) -> bool:
        field = self.ctx.registry.fields(self.model)[name]
        if field.is_many:
            return sorted(one.id for one in old) != sorted(new or ())
        if field.meta.translated and isinstance(new, str):
            new = str(Text(new))
        return not same(field, getattr(old, "id", old) if field.is_link else old, new)


def _alike(differing: Sequence[tuple[Entry, dict[str, Any]]]) -> list[tuple[dict[str, Any], list[Entry]]]:
    """Return the records that get the same values together."""
    groups: dict[str, tuple[dict[str, Any], list[Entry]]] = {}
    for entry, changes in differing:
        groups.setdefault(repr(sorted(changes.items())), (changes, []))[1].append(entry)
    return list(groups.values())
