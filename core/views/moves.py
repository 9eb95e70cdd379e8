"""What people do on a board: move cards, order, fold, add, rename and remove lanes; all through the one writer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.access import may, refusal
from core.context import Context
from core.errors import NotFound, Refused
from core.i18n import Text, _, ngettext
from core.operations import create, delete, set_preference, update
from core.queries import count, get, ids, page, read

from .grouping import Grouping
from .kanban import BoardReader, keeps_order
from .lanes import folds, folds_key, lane_rows, may_add, may_sort
from .state import ListState

STEP = 10
"""The distance of places given anew, so that there is room between them."""
KEPT_FOLDS = 200
RENUMBERED = 500
"""So many cards of a lane are given places anew when there is no room between two."""


@dataclass(frozen=True, slots=True)
class Moved:
    """From which lane to which a card went, by value and key."""

    values: tuple[Any, ...]
    old_key: str
    name: str


def move(
    ctx: Context, model: Any, state: ListState, record_id: int, to: str, before: int | None, version: int | None
) -> Moved:
    """Move a card to a lane, before another card; raise Refused, NotAllowed or Clash when it may not go there.

    `version` is the one the person saw: a card somebody else has moved meanwhile is not moved.
    """
    reader = BoardReader(ctx, model, state)
    if reader.is_locked:
        raise Refused(_("Cards cannot be moved on this board: its columns follow from other values."))
    grouping = reader.grouping
    value = grouping.value(to)
    row = get(ctx, model, record_id, [grouping.name])
    if row is None:
        raise NotFound()
    old = getattr(row[grouping.name], "id", row[grouping.name])
    ordered = keeps_order(ctx, model, reader.view)
    if old == value and not ordered:
        raise Refused(_("Cards of a column stand in the order of this board; they cannot be given another place."))
    if old != value:
        update(ctx, model, record_id, {grouping.name: value}, version)
    if ordered:
        _place(ctx, reader, record_id, value, before)
    return Moved(tuple(dict.fromkeys((old, value))), grouping.key(old), _lane_name(reader, value))


def _lane_name(reader: BoardReader, value: Any) -> str:
    named = reader.grouping.titled([value])
    return named[0][1] if named else ""


def _place(ctx: Context, reader: BoardReader, record_id: int, value: Any, before: int | None) -> None:
    """Give a card a place between its new neighbours, and others new places only where there is no room."""
    domain = reader.grouping.domain(value, reader.asked.domain)
    lane = ids(ctx, reader.model, domain, ["sequence"], RENUMBERED, archived=reader.asked.archived)
    lane = [one for one in lane if one != record_id]
    at = lane.index(before) if before in lane else len(lane)
    rows = read(ctx, reader.model, [*lane[max(at - 1, 0) : at + 1]], ["sequence"])
    places = {row["id"]: row["sequence"] or 0 for row in rows}
    low = places[lane[at - 1]] if at > 0 else None
    high = places[lane[at]] if at < len(lane) else None
    if low is None or high is None or high - low > 1:
        update(ctx, reader.model, record_id, {"sequence": _between(low, high)})
        return
    for place, one in enumerate([*lane[:at], record_id, *lane[at:]], start=1):
        update(ctx, reader.model, one, {"sequence": place * STEP})


def _between(low: int | None, high: int | None) -> int:
    if low is None:
        return high - STEP if high is not None else STEP
    return low + STEP if high is None else (low + high) // 2


def fold(ctx: Context, model: Any, state: ListState, key: str, folded: bool) -> None:
    """Remember that this person has folded a lane, or opened it."""
    grouping = BoardReader(ctx, model, state).grouping
    others = [(lane, was) for lane, was in folds(ctx, grouping).items() if lane != key]
    set_preference(ctx, folds_key(grouping), dict([*others, (key, folded)][-KEPT_FOLDS:]))


def sort_lanes(ctx: Context, model: Any, state: ListState, keys: Sequence[str]) -> None:
    """Give the lanes this order, for everybody; lanes that are not named keep their places after them."""
    reader = BoardReader(ctx, model, state)
    grouping = reader.grouping
    target = grouping.field.target
    if not may_sort(ctx, grouping):
        raise refusal(target or model, "u")
    known = {row["id"]: row["sequence"] or 0 for row in lane_rows(ctx, reader.view, grouping)}
    wished = [one for key in keys if (one := grouping.value(key)) in known]
    places = sorted(known[one] for one in wished)
    if len(set(places)) < len(places):
        places = [STEP * place for place in range(1, len(wished) + 1)]
    for one, place in zip(wished, places, strict=True):
        if known[one] != place:
            update(ctx, target, one, {"sequence": place})


def add_lane(ctx: Context, model: Any, state: ListState, name: str) -> int:
    """Add a lane after all others: a record of the list the lanes are."""
    grouping = BoardReader(ctx, model, state).grouping
    target = grouping.field.target
    if target is None or not may_add(ctx, grouping):
        raise refusal(target or model, "c")
    last = page(ctx, target, ["sequence"], None, ["-sequence"], 1, archived=True)
    place = (last[0]["sequence"] or 0) + STEP if last else STEP
    return create(ctx, target, {_title(ctx, target): name, "sequence": place})


def lane_name(ctx: Context, model: Any, by: str, record_id: int) -> str:
    """Return what a lane is called."""
    target = _target(ctx, model, by)
    row = get(ctx, target, record_id, [_title(ctx, target)])
    if row is None:
        raise NotFound()
    return str(row[_title(ctx, target)])


def rename_lane(ctx: Context, model: Any, by: str, record_id: int, name: str) -> None:
    """Call a lane something else."""
    target = _target(ctx, model, by)
    update(ctx, target, record_id, {_title(ctx, target): name})


def remove_lane(ctx: Context, model: Any, by: str, record_id: int) -> None:
    """Delete a lane; Refused while there are cards in it, those the person may not see among them."""
    target = _target(ctx, model, by)
    if not may(ctx, target, "d"):
        raise refusal(target, "d")
    if get(ctx, target, record_id, []) is None:
        raise NotFound()
    with ctx.sudo("a column is only removed when nothing of anybody stands in it") as system:
        left = count(system, model, [by, "=", record_id], archived=True)
    if left:
        raise Refused(_still_used(left))
    delete(ctx, target, record_id)


def _still_used(number: int) -> Text:
    return ngettext(
        "There is still %(n)s card in this column, perhaps archived or somebody else’s. Move it first.",
        "There are still %(n)s cards in this column, perhaps archived or somebody else’s. Move them first.",
        number,
    )


def _target(ctx: Context, model: Any, by: str) -> Any:
    grouping = Grouping(ctx, model, by)
    if grouping.kind != "many2one":
        raise NotFound(_("The columns of this board are no records."))
    return grouping.field.target


def _title(ctx: Context, target: Any) -> str:
    title = ctx.registry.info(target).title
    if title is None:
        raise NotFound(_("The columns of this board have no names."))
    return title.name
