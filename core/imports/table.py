"""A table read from a file: the names of its columns and its lines, whatever kind of file it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from core.i18n import Text, _

from .outcome import Fault, ImportFault, Note


class Line(NamedTuple):
    """One line of data: its number in the file, and a cell for each column."""

    number: int
    cells: Sequence[Any]


@dataclass(slots=True)
class Table:
    """A table with what was guessed when it was read, and the lines that do not fit it."""

    name: str
    columns: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    unfit: list[Line] = field(default_factory=list)

    def place(self, column: str) -> int:
        """Return where a column stands; ImportFault when there is none of this name."""
        if column in self.columns:
            return self.columns.index(column)
        raise ImportFault(
            _(
                "%(file)s has no column “%(column)s”. Its columns are: %(columns)s.",
                file=self.name,
                column=column,
                columns=", ".join(self.columns),
            )
        )

    def guessed(self, text: Text, column: str = "") -> None:
        """Note something that was guessed."""
        self.notes.append(Note(self.name, "guess", column, text))


def table_of(name: str, head: Sequence[Any], rows: Sequence[Line]) -> Table:
    """Return the table of a head and the lines under it; empty lines are left out, ragged ones are faults."""
    table = Table(name, _columns(name, head))
    width = len(table.columns)
    for number, cells in rows:
        if all(cell is None or cell == "" for cell in cells):
            continue
        if len(cells) > width and not any(cells[width:]):
            cells = cells[:width]
        if len(cells) == width:
            table.lines.append(Line(number, cells))
            continue
        text = _(
            "The line has %(found)s cells and the head of the table %(wanted)s. Look for a missing or a superfluous "
            "separator or quotation mark.",
            found=len(cells),
            wanted=width,
        )
        table.faults.append(Fault(name, number, "", "", text))
        table.unfit.append(Line(number, cells))
    return table


def _columns(name: str, head: Sequence[Any]) -> tuple[str, ...]:
    named = [str(cell).strip() if cell is not None else "" for cell in head]
    while named and not named[-1]:
        named.pop()
    if not named:
        raise ImportFault(_("%(file)s is empty: there is no line with the names of its columns.", file=name))
    columns = tuple(column or f"#{place}" for place, column in enumerate(named, 1))
    twice = [column for column, times in Counter(columns).items() if times > 1]
    if twice:
        text = _("%(file)s has several columns called “%(column)s”. Rename all but one.", file=name, column=twice[0])
        raise ImportFault(text)
    return columns
