"""What was measured: a table for people, JSON for programs."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

UPWARD = "/s"
WIDTH = 140
"""The table is not broken into narrower columns, even where the output is no terminal."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure: what Girih needs, what the bare driver needs for the same, and what was promised.

    A unit that ends in `/s` is better when it is higher, every other when it is lower.
    """

    operation: str
    database: str
    ours: float
    unit: str
    raw: float | None = None
    budget: float | None = None

    @property
    def is_upward(self) -> bool:
        """Whether more is better."""
        return self.unit.endswith(UPWARD)

    @property
    def ratio(self) -> float | None:
        """How many times dearer than the bare driver."""
        if not self.raw or not self.ours:
            return None
        return self.raw / self.ours if self.is_upward else self.ours / self.raw

    @property
    def verdict(self) -> str:
        """Whether the promise is kept; empty when there is none."""
        if self.budget is None:
            return ""
        return "ok" if (self.ours >= self.budget if self.is_upward else self.ours <= self.budget) else "missed"


def milliseconds(
    operation: str, database: str, ours: float, raw: float | None = None, budget: float | None = None
) -> Measure:
    """Return a figure given in seconds, told in milliseconds."""
    return Measure(operation, database, ours * 1000, "ms", None if raw is None else raw * 1000, budget)


def show(measures: Iterable[Measure]) -> None:
    """Print the table."""
    table = Table("operation", "database", "ours", "raw", "ratio", "budget", "", title="Girih against its budgets")
    table.columns[0].no_wrap = True
    for place in (2, 3, 4, 5):
        table.columns[place].justify = "right"
    for one in measures:
        style = "red" if one.verdict == "missed" else "green" if one.verdict else ""
        cells = (_told(one.ours, one.unit), _told(one.raw, one.unit), _ratio(one.ratio), _told(one.budget, one.unit))
        table.add_row(one.operation, one.database, *cells, f"[{style}]{one.verdict}[/]" if style else "")
    console = Console()
    console.width = max(console.width, WIDTH)
    console.print(table)


def _told(number: float | None, unit: str) -> str:
    if number is None:
        return ""
    digits = 0 if number >= 1000 else 1 if number >= 10 else 2
    return f"{number:,.{digits}f} {unit}"


def _ratio(number: float | None) -> str:
    return "" if number is None else f"{number:.1f}"


def keep(path: Path, measures: Sequence[Measure], **told: Any) -> None:
    """Write the figures, with the machine and the moment they were taken on."""
    kept = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {"system": platform.platform(), "python": platform.python_version(), "processors": os.cpu_count()},
        **told,
        "measures": [{**asdict(one), "ratio": one.ratio, "verdict": one.verdict} for one in measures],
    }
    path.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
