"""From lines to records on their way: every cell read and checked, every error kept with its line and column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.context import Context
from core.errors import GirihError
from core.i18n import Text, _, ngettext

from .alike import pairs
from .bindings import Binding
from .cells import Unfit, as_text
from .maps import FileMap, Skip
from .outcome import Fault, FileOutcome, Note, Outcome
from .table import Line, Table

KEY_SIZE = 200
FEW_WORDS = 200


@dataclass(slots=True, eq=False)
class Entry:
    """One record on its way: its values, and what the records it points to are called."""

    line: Line
    key: str | None
    values: dict[str, Any]
    texts: dict[str, tuple[str, ...]]
    id: int | None = None


@dataclass(slots=True)
class Rejected:
    """A line that cannot be taken, with the reasons."""

    table: Table
    line: Line
    reasons: list[Text] = field(default_factory=list)


class Prepared:
    """The records of one file, and what is known about its lines."""

    def __init__(
        self, ctx: Context, model: Any, part: FileMap, table: Table, bindings: Sequence[Binding], outcome: Outcome
    ) -> None:
        self.ctx, self.model, self.part, self.table = ctx, model, part, table
        self.bindings, self.outcome = bindings, outcome
        self.told = FileOutcome(table.name, model.__model__, len(table.lines) + len(table.unfit))
        self.entries: list[Entry] = []
        self.rejected: dict[int, Rejected] = {}
        self._key_places = [table.place(column) for column in part.keys]
        self._empty: Counter[str] = Counter()

    def prepare(self) -> list[Entry]:
        """Read every line and return the records."""
        for fault, line in zip(self.table.faults, self.table.unfit, strict=True):
            self._reject(line, fault)
        lines = self._corrected(self.table.lines)
        skips = [(self.table.place(skip.column), skip) for skip in self.part.skip]
        known: dict[str, Entry] = {}
        for line in lines:
            if any(_is_skipped(line, place, skip) for place, skip in skips):
                self.told.skipped += 1
                continue
            entry = self._entry(line)
            if entry is not None and self._is_first(entry, known):
                self.entries.append(entry)
        self._note_empty()
        self._note_alike(lines)
        return self.entries

    def _corrected(self, lines: Sequence[Line]) -> list[Line]:
        """Return the lines without spaces around their cells and with the map's corrections, which are noted."""
        wrong = {self.table.place(column): words for column, words in self.part.correct.items()}
        counts: Counter[tuple[int, str]] = Counter()
        found = []
        for line in lines:
            cells = [cell.strip() if isinstance(cell, str) else cell for cell in line.cells]
            for place, words in wrong.items():
                if cells[place] in words:
                    counts[place, cells[place]] += 1
                    cells[place] = words[cells[place]]
            found.append(Line(line.number, cells))
        for (place, word), count in counts.items():
            right = wrong[place][word]
            words_ = {"word": word, "right": right, "n": count}
            text = ngettext(
                "“%(word)s” is taken for “%(right)s”, in %(n)s line.",
                "“%(word)s” is taken for “%(right)s”, in %(n)s lines.",
                count,
                **words_,
            )
            self.note("corrected", self.table.columns[place], text, count)
        return found

    def _entry(self, line: Line) -> Entry | None:
        """Return the record of a line, None when something in it is wrong."""
        values: dict[str, Any] = {}
        texts: dict[str, tuple[str, ...]] = {}
        good = True
        for binding in self.bindings:
            cell = binding.raw(line.cells)
            if cell is None or cell == "":
                self._empty[binding.column] += 1
                if binding.said.clear:
                    values[binding.name] = () if binding.field.is_many else None
            elif binding.reader is None:
                texts[binding.name] = binding.texts(cell)
            else:
                try:
                    values[binding.name] = binding.reader.read(cell)
                except Unfit as fault:
                    self.blame(line, binding.column, as_text(cell), fault.message)
                    good = False
        if not good:
            return None
        key = self._key(line, values)
        if key is None and (self._key_places or self.part.key_field):
            return None
        return Entry(line, key, values, texts)

    def _key(self, line: Line, values: dict[str, Any]) -> str | None:
        """Return by what a line is known again, None when it is not or when that is missing."""
        if self.part.key_field:
            found = values.get(self.part.key_field)
            columns = next((one.column for one in self.bindings if one.name == self.part.key_field), "")
        else:
            found = "|".join(as_text(line.cells[place]) for place in self._key_places)
            columns = ", ".join(self.part.keys)
        if not columns:
            return None
        text = "" if found is None else str(found)
        if not text.strip("|"):
            self.blame(line, columns, "", _("The cell is empty, but records are known again by it."))
            return None
        if len(text) > KEY_SIZE:
            self.blame(line, columns, text, _("A key has at most %(size)s characters.", size=KEY_SIZE))
            return None
        return text

    def _is_first(self, entry: Entry, known: dict[str, Entry]) -> bool:
        """Say whether a line begins a record; one that belongs to an earlier line adds to its links."""
        if entry.key is None:
            return True
        first = known.setdefault(entry.key, entry)
        if first is entry:
            return True
        if not self.part.merge:
            columns = ", ".join(self.part.keys) or str(self.part.key_field)
            text = _("“%(key)s” stands on line %(line)s already.", key=entry.key, line=first.line.number)
            self.blame(entry.line, columns, entry.key, text)
            return False
        for binding in self.bindings:
            if binding.said.collect and binding.name in entry.texts:
                both = (*first.texts.get(binding.name, ()), *entry.texts[binding.name])
                first.texts[binding.name] = tuple(dict.fromkeys(both))
        return False

    def blame(self, line: Line, column: str, value: str, message: Text) -> None:
        """Keep an error of a line."""
        self._reject(line, Fault(self.table.name, line.number, column, value[:80], message))

    def _reject(self, line: Line, fault: Fault) -> None:
        self.outcome.blame(fault)
        if line.number not in self.rejected:
            self.rejected[line.number] = Rejected(self.table, line)
            self.told.failed += 1
        words: dict[str, Any] = {"column": fault.column, "message": fault.message}
        reason = _("%(column)s: %(message)s", **words) if fault.column else fault.message
        self.rejected[line.number].reasons.append(reason)

    def blame_error(self, entry: Entry, error: GirihError) -> None:
        """Keep what the writer says of a record, at the columns its fields come from."""
        columns = {binding.name: binding.column for binding in self.bindings}
        errors = getattr(error, "errors", None)
        if errors:
            for name, texts in errors.items():
                for text in texts:
                    self.blame(entry.line, columns.get(name, ""), str(entry.values.get(name) or ""), text)
            return
        found = self.ctx.registry.find(getattr(error, "field", None))
        name = found.name if found is not None else ""
        self.blame(entry.line, columns.get(name, ""), str(entry.values.get(name) or ""), error.message)

    def note(self, kind: str, column: str, text: Text, count: int = 0) -> None:
        """Keep something to know about the file."""
        self.outcome.notes.append(Note(self.table.name, kind, column, text, count))

    def _note_empty(self) -> None:
        for binding in self.bindings:
            count = self._empty.pop(binding.column, 0)
            if count and binding.column:
                text = ngettext("%(n)s line has nothing here.", "%(n)s lines have nothing here.", count, n=count)
                self.note("empty", binding.column, text, count)

    def _note_alike(self, lines: Sequence[Line]) -> None:
        """Note words of a column with few different words that are spelt almost alike."""
        for binding in self.bindings:
            if binding.said.column is None or binding.field.kind not in ("char", "many2one", "tags", "many2many"):
                continue
            place = self.table.place(binding.said.column)
            words = Counter(as_text(line.cells[place]) for line in lines)
            words.pop("", None)
            if len(words) > FEW_WORDS or len(words) * 4 > len(lines):
                continue
            for one, other in pairs(words):
                self.note_near(binding.said.column, other, one, words[other])

    def note_near(self, column: str, word: str, near: str, count: int) -> None:
        """Note a word that is spelt almost like another."""
        text = ngettext(
            "“%(word)s” is spelt almost like “%(near)s”; it stands in %(n)s line.",
            "“%(word)s” is spelt almost like “%(near)s”; it stands in %(n)s lines.",
            count,
            n=count,
            word=word,
            near=near,
        )
        self.note("near", column, text, count)


def _is_skipped(line: Line, place: int, skip: Skip) -> bool:
    text = as_text(line.cells[place])
    return (skip.empty and not text) or text in skip.values


def counted(entries: Iterable[Entry], name: str) -> Counter[str]:
    """Return how often each text of a link stands in the records."""
    return Counter(text for entry in entries for text in entry.texts.get(name, ()))
