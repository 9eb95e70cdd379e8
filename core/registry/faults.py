"""Faults in declarations: all of them at once, each with file and line."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.fields.meta import Source


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where it is written."""

    source: Source
    text: str

    def __str__(self) -> str:
        return f"{self.source[0]}:{self.source[1]}: {self.text}"


class Faults(Exception):
    """Everything that is wrong with a set of addons."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))
