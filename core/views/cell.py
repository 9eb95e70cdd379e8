"""A value ready to be shown, and what is wished of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from core.context import CompanyInfo
from core.i18n import Locale
from core.registry import FieldInfo

PLAIN = frozenset({"char", "text", "selection", "many2one"})


class Cell(NamedTuple):
    """A value ready to be shown: `text` is what is read, `value` what it is; the rest by kind.

    `items` are pairs of text and colour (tags); `max` the number of stars; `unit` stands beside a number.
    """

    kind: str
    text: str = ""
    value: Any = None
    href: str = ""
    items: tuple[tuple[str, int], ...] = ()
    color: int = 0
    max: int = 0
    unit: str = ""
    initials: str = ""
    widget: str = ""
    state: str = ""
    icon: str = ""
    image: str = ""
    html: str = ""

    @property
    def is_plain(self) -> bool:
        """Whether it is shown by its text and nothing else."""
        return self.kind in PLAIN and not (self.href or self.widget)


Formatter = Callable[[Any], Cell]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a formatter is made from."""

    field: FieldInfo
    kind: str
    locale: Locale
    company: CompanyInfo
    today: date | None
    unit: bool
    root: str
    links: bool
