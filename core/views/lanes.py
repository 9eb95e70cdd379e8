"""Which lanes a board has: all records of a small list, all choices, yes and no; those without cards too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.access import may
from core.context import Context
from core.declarations import Kanban
from core.i18n import _
from core.queries import Domain, Group, Row, page, preference
from core.queries.domain import conditions
from core.registry import FieldInfo, ModelInfo

from .board import LaneMenu
from .grouping import Grouping

MOST_LANES = 60
"""A list of more records than this is too long for a board: only those with cards become lanes."""
RENAMED = frozenset({"name", "title"})


@dataclass(frozen=True, slots=True)
class LaneSpec:
    """A lane before its cards are read."""

    value: Any
    name: str
    won: bool = False
    folded: bool = False
    menu: LaneMenu | None = None


def lane_specs(
    ctx: Context, view: Kanban, grouping: Grouping, found: Mapping[Any, Group], domain: Domain, root: str
) -> list[LaneSpec]:
    """Return the lanes in their order; records without a value come first, if there are any."""
    specs = list(_specs(ctx, view, grouping, found, domain, root))
    if None in found:
        specs.insert(0, LaneSpec(None, str(_("%(field)s: none", field=grouping.field.label))))
    kept = folds(ctx, grouping)
    return [_folded(spec, kept.get(grouping.key(spec.value))) for spec in specs]


def _folded(spec: LaneSpec, kept: bool | None) -> LaneSpec:
    folded = spec.folded if kept is None else kept
    return LaneSpec(spec.value, spec.name, spec.won, folded, spec.menu)


def _specs(
    ctx: Context, view: Kanban, grouping: Grouping, found: Mapping[Any, Group], domain: Domain, root: str
) -> Iterator[LaneSpec]:
    if grouping.kind == "many2one":
        yield from _record_lanes(ctx, view, grouping, found, domain, root)
    elif grouping.kind == "selection":
        yield from (LaneSpec(code, str(text)) for code, text in (grouping.field.meta.choices or {}).items())
    elif grouping.kind == "boolean":
        yield from (LaneSpec(value, grouping.yes_or_no(value)) for value in (False, True))
    else:
        yield from (LaneSpec(value, name) for value, name in _named(grouping, found))


def _named(grouping: Grouping, found: Mapping[Any, Group]) -> list[tuple[Any, str]]:
    return grouping.titled([value for value in found if value is not None])[:MOST_LANES]


def _record_lanes(
    ctx: Context, view: Kanban, grouping: Grouping, found: Mapping[Any, Group], domain: Domain, root: str
) -> Iterator[LaneSpec]:
    """Yield a lane per record; those that belong to something the records here have nothing to do with stay away."""
    rows = lane_rows(ctx, view, grouping)
    if len(rows) > MOST_LANES:
        yield from (LaneSpec(value, name) for value, name in _named(grouping, found))
        return
    scopes = _scopes(ctx, grouping)
    pinned = {one.path[0].name: one.value for one in conditions(domain) if one.operator == "=" and len(one.path) == 1}
    maker = _RecordLane(ctx, view, grouping, root)
    for row in rows:
        if row["id"] in found or all(row[name] is None or row[name].id == pinned.get(name) for name in scopes):
            yield maker.spec(row)
    known = {row["id"] for row in rows}
    others = [value for value in found if value is not None and value not in known]
    yield from (LaneSpec(value, name) for value, name in grouping.titled(others)[:MOST_LANES])


def lane_rows(ctx: Context, view: Kanban, grouping: Grouping) -> list[Row]:
    """Return the records that are lanes, in their order."""
    info = ctx.registry.info(grouping.field.target)
    title = info.title.name if info.title is not None else "id"
    marks = [mark for mark in (_mark(ctx, view.won, info), _mark(ctx, view.fold, info)) if mark]
    names = [title, *marks, *_scopes(ctx, grouping), *(["sequence"] if "sequence" in info.fields else [])]
    order = ["sequence"] if "sequence" in info.fields else [title]
    return page(ctx, info.cls, list(dict.fromkeys(names)), None, order, MOST_LANES + 1)


def _mark(ctx: Context, attr: Any, info: ModelInfo) -> str:
    """Return the name of a field that marks lanes, empty when the lanes are other records than the view means."""
    field = None if attr is None else ctx.registry.find(attr)
    return field.name if field is not None and field.model is info.cls else ""


def _scopes(ctx: Context, grouping: Grouping) -> list[str]:
    """Return the links that lanes share with the records of the board: the team of a stage and of an opportunity."""
    own = ctx.registry.fields(grouping.model)
    return [
        field.name
        for field in ctx.registry.fields(grouping.field.target).values()
        if field.is_link and field.name in own and own[field.name].target is field.target and not field.meta.readonly
    ]


class _RecordLane:
    """Makes lanes of records, with what this person may do with them."""

    def __init__(self, ctx: Context, view: Kanban, grouping: Grouping, root: str) -> None:
        target: Any = grouping.field.target
        info = ctx.registry.info(target)
        self.title = info.title.name if info.title is not None else "id"
        self.won, self.fold = _mark(ctx, view.won, info), _mark(ctx, view.fold, info)
        self.base = f"{root}/m/{grouping.model.__model__}/kanban/lane/{grouping.name}/"
        self.record = f"{root}/m/{target.__model__}/"
        self.renames = may(ctx, target, "u") and _is_written(info.title)
        self.deletes = may(ctx, target, "d")
        self.opens = may(ctx, target, "u") and ctx.registry.view(target, "form") is not None

    def spec(self, row: Row) -> LaneSpec:
        """Return the lane of a record."""
        number = row["id"]
        menu = LaneMenu(
            number,
            f"{self.base}{number}/rename" if self.renames else "",
            f"{self.record}{number}" if self.opens else "",
            f"{self.base}{number}/delete" if self.deletes else "",
        )
        offers = menu.rename or menu.open or menu.delete
        return LaneSpec(
            number,
            str(row[self.title]),
            bool(self.won and row[self.won]),
            bool(self.fold and row[self.fold]),
            menu if offers else None,
        )


def _is_written(field: FieldInfo | None) -> bool:
    return field is not None and field.is_stored and not field.meta.readonly


def folds_key(grouping: Grouping) -> str:
    """Return under which name it is kept which lanes a person has folded."""
    return f"kanban:{grouping.model.__model__}:{grouping.name}"


def folds(ctx: Context, grouping: Grouping) -> dict[str, bool]:
    """Return which lanes the person has folded or opened, by key."""
    kept = preference(ctx, folds_key(grouping))
    return dict(kept) if isinstance(kept, dict) else {}


def may_add(ctx: Context, grouping: Grouping) -> bool:
    """Say whether a lane can be added by its name alone, by this person."""
    target = grouping.field.target
    if grouping.kind != "many2one" or not may(ctx, target, "c"):
        return False
    info = ctx.registry.info(target)
    if info.title is None or "sequence" not in info.fields or not _is_written(info.title):
        return False
    return not [field for field in _needed(info) if field is not info.title and field.name != "sequence"]


def _needed(info: ModelInfo) -> Sequence[FieldInfo]:
    return [
        field
        for field in info.fields.values()
        if field.meta.required and field.is_stored and field.meta.default is None and not field.meta.readonly
    ]


def may_sort(ctx: Context, grouping: Grouping) -> bool:
    """Say whether this person may change the order of the lanes, which is everybody's."""
    if grouping.kind != "many2one" or not may(ctx, grouping.field.target, "u"):
        return False
    sequence = ctx.registry.fields(grouping.field.target).get("sequence")
    return sequence is not None and sequence.is_stored
