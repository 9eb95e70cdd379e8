"""The records of a state: all of them for a bulk action, and those beside one for its page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.context import Context
from core.queries import count, ids

from .lists import PAGE, list_order
from .search import wanted
from .state import ListState


def matching(ctx: Context, model: Any, state: ListState, limit: int | None = None) -> list[int]:
    """Return the ids of the records of a state, in the order of its list."""
    asked = wanted(ctx, model, state)
    order = list_order(ctx, model, state)
    return ids(ctx, model, asked.domain, order, limit, archived=asked.archived)


@dataclass(frozen=True, slots=True)
class Neighbours:
    """A record's place in the list it was opened from, and the records beside it."""

    place: int
    total: int
    previous: int | None
    next: int | None


def neighbours(ctx: Context, model: Any, state: ListState, record_id: int) -> Neighbours | None:
    """Return what stands before and after a record on the page it was opened from; None when it is not there."""
    asked = wanted(ctx, model, state)
    start = max((state.page - 1) * PAGE - 1, 0)
    order = list_order(ctx, model, state)
    around = ids(ctx, model, asked.domain, order, PAGE + 2, start, archived=asked.archived)
    if record_id not in around:
        return None
    at = around.index(record_id)
    return Neighbours(
        place=start + at + 1,
        total=count(ctx, model, asked.domain, archived=asked.archived),
        previous=around[at - 1] if at else None,
        next=around[at + 1] if at + 1 < len(around) else None,
    )
