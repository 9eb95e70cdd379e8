"""What a board shows, as plain data: lanes with their heads and cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .cells import Cell
from .empty import Empty
from .places import Place
from .search import SearchBar
from .state import ListState


@dataclass(frozen=True, slots=True)
class Card:
    """One record on the board.

    `due` is what stands at its foot (state, text, icon), `rot` the days it has stood too long, `who` the person on it
    (name, initials, colour, picture).
    """

    id: int
    version: int
    href: str
    title: str
    sub: str = ""
    sum: str = ""
    stars: int | None = None
    stars_max: int = 3
    lines: tuple[Cell, ...] = ()
    tags: tuple[tuple[str, int], ...] = ()
    due: tuple[str, str, str] | None = None
    rot: str = ""
    who: tuple[str, str, int, str] | None = None
    color: int = 0


@dataclass(frozen=True, slots=True)
class LaneMenu:
    """What may be done with a lane that is a record: its addresses, empty where it is not allowed."""

    id: int
    rename: str = ""
    open: str = ""
    delete: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """A column of the board: its head, its first cards, and where the others are."""

    key: str
    name: str
    value: Any
    total: int
    count: str
    sum: str = ""
    won: bool = False
    folded: bool = False
    quick: bool = False
    locked: bool = False
    icon: str = ""
    parts: tuple[tuple[str, int], ...] = ()
    parts_label: str = ""
    menu: LaneMenu | None = None
    cards: tuple[Card, ...] = ()
    more: str = ""
    more_href: str = ""


@dataclass(frozen=True, slots=True)
class Board:
    """Everything a board shows; `adds` is what a new lane is called (`Stage`), empty when none may be added."""

    title: str
    model: str
    state: ListState
    bar: SearchBar
    places: tuple[Place, ...]
    new: str
    by: str
    lanes: tuple[Lane, ...]
    total: str
    quick: tuple[str, ...]
    adds: str
    sorts: bool
    empty: Empty | None
