"""What comes of an import: errors by line and column, what was guessed, what looks dirty, and the counts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.errors import GirihError
from core.i18n import Text, _

MOST_FAULTS = 1000
"""So many errors are told; a file with more is another kind of file than its reader thinks."""


class ImportFault(GirihError):
    """Why an import cannot even begin: a file that is no table, a map that does not fit it."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a line; without a column with the line as a whole."""

    file: str
    line: int
    column: str
    value: str
    message: Text

    def sentence(self) -> Text:
        """Return it with the place it is at."""
        words: dict[str, Any] = {"file": self.file, "line": self.line, "column": self.column, "message": self.message}
        if not self.column:
            return _("%(file)s, line %(line)s: %(message)s", **words)
        return _("%(file)s, line %(line)s, column “%(column)s”: %(message)s", **words)


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know that is no error. `kind` is guess, ignored, corrected, near, empty, unused or created."""

    file: str
    kind: str
    column: str
    text: Text
    count: int = 0


@dataclass(slots=True)
class FileOutcome:
    """What comes of one file: records by what happens to them."""

    file: str
    model: str
    lines: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    skipped: int = 0
    failed: int = 0
    linked: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """What comes of an import. `written` says whether the transaction holds it now."""

    files: list[FileOutcome] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    written: bool = False
    more_faults: int = 0

    @property
    def changes(self) -> int:
        """How many records are made or changed."""
        return sum(one.new + one.changed + sum(one.linked.values()) for one in self.files)

    @property
    def failed(self) -> int:
        """How many lines cannot be taken."""
        return sum(one.failed for one in self.files)

    def blame(self, fault: Fault) -> None:
        """Keep an error, or only count it when there are many."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)
        else:
            self.more_faults += 1
