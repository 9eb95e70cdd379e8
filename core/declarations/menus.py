"""The lines of the side menu."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.fields.meta import Source, caller
from core.i18n import Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A line that opens a model in its views, the first of them first.

    `filters` are names of the model's ready-made filters that are on at first; `domain` always holds; `defaults` fill
    a new record made from here. `slug` tells two entries of one model apart in the address. With `setting`, the line is
    there while that setting of the app is on.
    """

    title: Text
    model: Any
    views: Sequence[str] = ("list",)
    filters: Sequence[str] = ()
    domain: Any = None
    defaults: Any = None
    slug: str | None = None
    roles: Sequence[Any] = ()
    group: Text | None = None
    setting: str | None = None
    source: Source = field(default_factory=lambda: caller(3), compare=False)


@dataclass(frozen=True, slots=True)
class Menu:
    """An app in the side menu; the lowest `sequence` stands first. The same `title` from two addons is one app."""

    title: Text
    entries: Sequence[Entry]
    icon: str = "apps"
    sequence: int = 50
    source: Source = field(default_factory=lambda: caller(3), compare=False)
