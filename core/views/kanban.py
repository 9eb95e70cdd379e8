"""Boards: lanes by any grouping field, counted and summed over everything that matches, with their first cards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from core.access import may, refusal
from core.context import Context
from core.declarations import Kanban
from core.errors import NotFound
from core.i18n import _, ngettext
from core.queries import Domain, Group, Row, both, first_of_each, page, parse, read

from .board import Board, Card, Lane
from .cards import CardMaker
from .cells import currency_of, shown_kind
from .columns import order_names
from .empty import empty
from .grouping import Grouping
from .lanes import LaneSpec, lane_specs, may_add, may_sort
from .places import new_address, view_places
from .search import Wanted, entry_title, search_bar, wanted
from .state import ListState

CARDS = 40
"""Cards a lane shows at first, and at each "more"."""
SHORT_FROM = 10_000_000
"""Sums from here on are shortened in the head of a lane."""
WRITTEN = frozenset({"many2one", "selection", "boolean"})


class BoardReader:
    """Reads one board, or parts of it for the answer to a move."""

    def __init__(self, ctx: Context, model: Any, state: ListState) -> None:
        if not may(ctx, model, "r"):
            raise refusal(model, "r")
        view: Kanban | None = ctx.registry.view(model, "kanban")
        if view is None:
            raise NotFound(_("There is no board of these records."))
        self.ctx, self.model, self.state, self.view = ctx, model, state, view
        self.grouping = Grouping(ctx, model, state.group or ctx.registry.field(view.by).name)
        self.asked: Wanted = wanted(ctx, model, state)
        self.order = board_order(ctx, model, view, state)
        self.maker = CardMaker(ctx, model, view, state)

    @property
    def is_locked(self) -> bool:
        """Whether cards stay where they are: what the lanes stand for is computed, or may not be changed."""
        field = self.grouping.field
        written = field.is_stored and not field.meta.readonly and self.grouping.kind in WRITTEN
        return not written or "." in self.grouping.name or not may(self.ctx, self.model, "u")

    @property
    def measures(self) -> list[str]:
        """The field summed in the heads."""
        return [self.maker.sum.name] if self.maker.sum is not None else []

    def counted(self) -> dict[Any, Group]:
        """Return counts and sums of all lanes that have records."""
        found = self.grouping.counted(self.measures, self.asked.domain, self.asked.archived)
        return {group.value: group for group in found}

    def specs(self, found: Mapping[Any, Group]) -> list[LaneSpec]:
        """Return the lanes of the board."""
        return lane_specs(self.ctx, self.view, self.grouping, found, self.asked.domain, self.state.root)

    def first(self, values: Sequence[Any]) -> Mapping[Any, Sequence[Row]]:
        """Return the first rows of each lane."""
        if not values:
            return {}
        ctx, asked, names = self.ctx, self.asked, self.maker.names
        if self.grouping.unit is not None:
            return {value: self.rows(value) for value in values}
        return first_of_each(
            ctx,
            self.model,
            self.grouping.name,
            values,
            names,
            asked.domain,
            self.order,
            CARDS,
            archived=asked.archived,
        )

    def rows(self, value: Any, offset: int = 0) -> list[Row]:
        """Return rows of one lane."""
        domain = self.grouping.domain(value, self.asked.domain)
        return page(
            self.ctx,
            self.model,
            self.maker.names,
            domain,
            self.order,
            CARDS,
            offset,
            archived=self.asked.archived,
        )

    def lane(self, spec: LaneSpec, group: Group | None, rows: Sequence[Row] = (), offset: int = 0) -> Lane:
        """Return a lane; `offset` is the place of its first row."""
        total = group.count if group is not None else 0
        key = self.grouping.key(spec.value)
        left = total - offset - len(rows)
        more = ngettext("Show %(n)s more", "Show %(n)s more", min(left, CARDS)) if left > 0 and rows else ""
        return Lane(
            key=key,
            name=spec.name,
            value=spec.value,
            total=total,
            count=self.ctx.locale.number(total),
            sum=self._sum(group),
            won=spec.won,
            folded=spec.folded,
            quick=bool(self.view.quick) and not self.is_locked and may(self.ctx, self.model, "c"),
            locked=self.is_locked,
            icon="trophy" if spec.won else "",
            menu=spec.menu,
            cards=self.maker.cards(rows),
            more=str(more),
            more_href=self.address("more", lane=key, at=str(offset + len(rows))) if more else "",
        )

    def _sum(self, group: Group | None) -> str:
        field = self.maker.sum
        if field is None or group is None:
            return ""
        value, locale = group.sums[field.name] or 0, self.ctx.locale
        if shown_kind(field) != "money":
            return locale.number(value) if abs(value) < SHORT_FROM else locale.short_number(value)
        currency = currency_of(field, self.ctx.company)
        return locale.money(value, currency, 0) if abs(value) < SHORT_FROM else locale.short_money(value, currency)

    def address(self, part: str, **more: str) -> str:
        """Return the address of a part of this board, with its state."""
        pairs = [*replace(self.state, page=1).pairs(), *more.items()]
        return f"{self.state.base}/kanban/{part}" + ("?" + urlencode(pairs) if pairs else "")


def load(ctx: Context, model: Any, state: ListState) -> Board:
    """Return the board a state describes."""
    reader = BoardReader(ctx, model, state)
    found = reader.counted()
    specs = reader.specs(found)
    rows = reader.first([spec.value for spec in specs if spec.value in found])
    lanes = tuple(reader.lane(spec, found.get(spec.value), rows.get(spec.value, ())) for spec in specs)
    total = sum(group.count for group in found.values())
    adds = may_add(ctx, reader.grouping)
    return Board(
        title=str(entry_title(ctx, model, state)),
        model=ctx.registry.info(model).name,
        state=state,
        bar=search_bar(ctx, model, state),
        places=view_places(ctx, model, state),
        new=new_address(ctx, model, state),
        by=reader.grouping.name,
        lanes=lanes,
        total=ctx.locale.number(total),
        quick=tuple(ctx.registry.field(attr).name for attr in reader.view.quick),
        adds=str(ctx.registry.info(reader.grouping.field.target).label) if adds else "",
        sorts=may_sort(ctx, reader.grouping),
        empty=None if total or (lanes and not state.narrows) else empty(ctx, model, state),
    )


def more(ctx: Context, model: Any, state: ListState, key: str, offset: int) -> Lane:
    """Return the next cards of a lane."""
    reader = BoardReader(ctx, model, state)
    value = reader.grouping.value(key)
    domain = reader.grouping.domain(value, reader.asked.domain)
    found = reader.grouping.counted((), domain, reader.asked.archived)
    group = replace(found[0], sums=dict.fromkeys(reader.measures)) if found else None
    return reader.lane(LaneSpec(value, ""), group, reader.rows(value, offset), offset)


def heads(ctx: Context, model: Any, state: ListState, values: Sequence[Any]) -> list[Lane]:
    """Return lanes without cards, counted and summed anew, after something moved among them."""
    reader = BoardReader(ctx, model, state)
    part = _among(reader, values)
    found = {value: Group(value, 0, dict.fromkeys(reader.measures)) for value in values}
    found |= {group.value: group for group in reader.grouping.counted(reader.measures, part, reader.asked.archived)}
    return [reader.lane(spec, found.get(spec.value)) for spec in reader.specs(found) if spec.value in values]


def _among(reader: BoardReader, values: Sequence[Any]) -> Domain:
    name = reader.grouping.name
    given = [value for value in values if value is not None]
    alternatives: list[Any] = ["or"]
    alternatives += [[name, "in", given]] if given else []
    alternatives += [[name, "not_set"]] if len(given) < len(values) else []
    domain = parse(reader.ctx.registry, reader.model, alternatives)
    return both(reader.asked.domain, domain)


def card(ctx: Context, model: Any, state: ListState, record_id: int) -> Card | None:
    """Return the card of one record, None when it is not to be seen."""
    reader = BoardReader(ctx, model, state)
    rows = read(ctx, model, [record_id], reader.maker.names)
    return reader.maker.card(rows[0]) if rows else None


def board_order(ctx: Context, model: Any, view: Kanban, state: ListState) -> tuple[str, ...]:
    """Return the order of cards: the view's, else the one people give them, else the newest first."""
    declared = order_names(ctx.registry, view.order)
    if declared:
        return declared
    return ("sequence",) if keeps_order(ctx, model, view) else ("-id",)


def keeps_order(ctx: Context, model: Any, view: Kanban) -> bool:
    """Say whether cards stay in the order people give them: the model has a sequence and the view no other order."""
    field = ctx.registry.fields(model).get("sequence")
    declared = order_names(ctx.registry, view.order)
    return field is not None and field.is_stored and field.kind == "integer" and declared in ((), ("sequence",))
