"""What a list shows, as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.declarations import Verb

from .cells import Cell
from .columns import Choice, Column
from .empty import Empty
from .places import Place
from .search import SearchBar
from .state import ListState


@dataclass(frozen=True, slots=True)
class ListRow:
    """A record: its cells in the order of the columns."""

    id: int
    title: str
    href: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class ListGroup:
    """A group with its count and the sums of the columns (None where a column has none), open or not."""

    key: str
    title: str
    count: str
    sums: tuple[str | None, ...]
    is_open: bool
    toggle: str
    rows: tuple[ListRow, ...]
    more: str
    all: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Which rows these are, of how many, and the way to the others."""

    text: str
    previous: str = ""
    next: str = ""
    exact: str = ""


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a column over everything that matches."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Foot:
    """The last line: how many there are, and the sums; `later` is where they come from when they take long."""

    text: str = ""
    sums: tuple[Sum, ...] = ()
    later: str = ""


@dataclass(frozen=True, slots=True)
class Bulk:
    """What may be done to the selected records."""

    total: int
    archive: bool
    restore: bool
    delete: bool
    verbs: tuple[Verb, ...]

    @property
    def offers(self) -> bool:
        """Whether there is anything to offer."""
        return self.archive or self.restore or self.delete or bool(self.verbs)


@dataclass(frozen=True, slots=True)
class ListPage:
    """Everything a list shows."""

    title: str
    model: str
    plural: str
    state: ListState
    bar: SearchBar
    places: tuple[Place, ...]
    new: str
    columns: tuple[Column, ...]
    width: int
    choices: tuple[Choice, ...]
    rows: tuple[ListRow, ...]
    groups: tuple[ListGroup, ...]
    pager: Pager
    foot: Foot
    bulk: Bulk
    empty: Empty | None

    def pairs(self, row: ListRow) -> Iterable[tuple[Column, Cell]]:
        """Return the cells of a row, each with its column."""
        return zip(self.columns, row.cells, strict=True)
