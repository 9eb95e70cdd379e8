"""The clock: ours and the raw driver's in turn, the median of each."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

Work = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Taken:
    """The medians, in seconds; `raw` is missing where there is nothing to compare with."""

    ours: float
    raw: float | None = None


def timed(work: Work) -> float:
    """Return how many seconds a piece of work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def nothing() -> None:
    """Do nothing."""


def alternate(
    times: int, ours: Work, raw: Work | None = None, *, before_ours: Work = nothing, before_raw: Work = nothing
) -> Taken:
    """Run both in turn so many times; the first round, which fills caches, does not count.

    What comes `before` one of them is done each time, and not measured.
    """
    mine: list[float] = []
    bare: list[float] = []
    gc.collect()
    for place in range(times + 1):
        before_ours()
        took = timed(ours)
        before_raw()
        took_raw = timed(raw) if raw is not None else 0.0
        if place:
            mine.append(took)
            bare.append(took_raw)
    return Taken(statistics.median(mine), statistics.median(bare) if raw is not None else None)
