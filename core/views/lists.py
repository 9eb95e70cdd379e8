"""Lists: a page of records under columns, or their groups, with counts, sums, and what the selected can be given to."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.access import may, refusal
from core.context import Context
from core.i18n import _, ngettext
from core.queries import COUNT_LIMIT, Group, Row, first_of_each, page, totals

from .columns import Column, choices, chosen_names, columns, least_width, list_view, order_names, title_name
from .empty import empty
from .grouping import Bucket, Grouping
from .listpage import Bulk, Foot, ListGroup, ListPage, ListRow, Pager, Sum
from .places import new_address, view_places
from .search import Wanted, entry_title, search_bar, wanted
from .state import ListState

PAGE = 80
"""Rows on a page, and groups when the list is grouped."""
GROUP_ROWS = 40
"""Rows shown of an open group; the rest is one click away."""


def load(ctx: Context, model: Any, state: ListState) -> ListPage:
    """Return the list a state describes; raise NotAllowed when the person may not read the model."""
    if not may(ctx, model, "r"):
        raise refusal(model, "r")
    info = ctx.registry.info(model)
    names = chosen_names(ctx, model, state)
    order = list_order(ctx, model, state)
    asked = wanted(ctx, model, state)
    shown = columns(ctx, model, names, state, order)
    reader = _Reader(ctx, model, state, shown, order, asked)
    if state.group:
        total, rows, groups, pager, foot = reader.grouped()
    else:
        total, rows, groups, pager, foot = reader.flat()
    return ListPage(
        title=str(entry_title(ctx, model, state)),
        model=info.name,
        plural=str(info.plural),
        state=state,
        bar=search_bar(ctx, model, state),
        places=view_places(ctx, model, state),
        new=new_address(ctx, model, state),
        columns=tuple(shown),
        width=least_width(shown),
        choices=tuple(choices(ctx, model, names)),
        rows=tuple(rows),
        groups=tuple(groups),
        pager=pager,
        foot=foot,
        bulk=_bulk(ctx, model, asked, total),
        empty=None if rows or groups else empty(ctx, model, state),
    )


def list_order(ctx: Context, model: Any, state: ListState) -> tuple[str, ...]:
    """Return the order of a list: what the person chose and the model still has, else the declared one."""
    known = ctx.registry.fields(model)
    chosen = tuple(name for name in state.order if name.lstrip("-") in known)
    return chosen or order_names(ctx.registry, list_view(ctx.registry, model).order)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the rows or groups of one list."""

    ctx: Context
    model: Any
    state: ListState
    columns: Sequence[Column]
    order: Sequence[str]
    asked: Wanted

    @property
    def names(self) -> list[str]:
        title = title_name(self.ctx.registry.info(self.model))
        return list(dict.fromkeys([title, *(column.name for column in self.columns)]))

    @property
    def measures(self) -> list[str]:
        return [column.name for column in self.columns if column.sums]

    def flat(self) -> tuple[int, list[ListRow], list[ListGroup], Pager, Foot]:
        """Read one page of rows."""
        ctx, asked, start = self.ctx, self.asked, (self.state.page - 1) * PAGE
        cap = None if self.state.counted else COUNT_LIMIT
        total = totals(ctx, self.model, self.measures, asked.domain, cap=cap, archived=asked.archived)
        found = page(ctx, self.model, self.names, asked.domain, self.order, PAGE, start, archived=asked.archived)
        many = cap is not None and total.count > cap
        pager = _pager(ctx, self.state, start, len(found), total.count, many)
        if many:
            foot = Foot(later=self.state.address("list/foot", page=1))
        else:
            foot = self.foot(total) if total.count else Foot()
        return total.count, self.rows(found), [], pager, foot

    def rows(self, found: Sequence[Row]) -> list[ListRow]:
        """Return read rows as shown ones."""
        title = title_name(self.ctx.registry.info(self.model))
        base, query = f"{self.state.base}/", self.state.record_query()
        shows = [(column.name, column.show) for column in self.columns]
        return [
            ListRow(
                row["id"],
                str(row[title] or row["id"]),
                f"{base}{row['id']}{query}",
                tuple([show(row[name]) for name, show in shows]),
            )
            for row in found
        ]

    def foot(self, total: Group, groups: int | None = None) -> Foot:
        """Return the last line, with the sums of everything that matches."""
        info = self.ctx.registry.info(self.model)
        shown = self.ctx.locale.number(total.count)
        text = str(_("%(plural)s: %(count)s", plural=info.plural, count=shown))
        if groups is not None:
            text = str(ngettext("%(all)s in %(n)s group", "%(all)s in %(n)s groups", groups, all=text))
        return Foot(text, self.sums(total.sums))

    def sums(self, sums: dict[str, Any]) -> tuple[Sum, ...]:
        return tuple(
            Sum(column.label, column.show(sums[column.name] or 0).text) for column in self.columns if column.sums
        )

    def grouped(self) -> tuple[int, list[ListRow], list[ListGroup], Pager, Foot]:
        """Read the groups and, of those that are open, the first rows."""
        grouping = Grouping(self.ctx, self.model, self.state.group)
        buckets = grouping.buckets(self.measures, self.asked.domain, self.asked.archived)
        total = sum(bucket.count for bucket in buckets)
        sums = {name: sum(bucket.sums[name] or 0 for bucket in buckets) for name in self.measures}
        start = (self.state.page - 1) * PAGE
        here = buckets[start : start + PAGE]
        opened = self._opened(here, total)
        rows = self._rows_of(grouping, [bucket for bucket in here if bucket.key in opened])
        made = [self._group(grouping, bucket, opened, rows.get(bucket.key, [])) for bucket in here]
        if len(here) == len(buckets):
            pager = _pager(self.ctx, self.state, 0, total, total, False)
        else:
            pager = _pager(self.ctx, self.state, start, len(here), len(buckets), False)
        return total, [], made, pager, self.foot(Group(None, total, sums), len(buckets))

    def _opened(self, here: Sequence[Bucket], total: int) -> tuple[str, ...]:
        """A list that fits on a page is open from the start."""
        if self.state.opened is not None:
            return self.state.opened
        return tuple(bucket.key for bucket in here) if total <= PAGE else ()

    def _rows_of(self, grouping: Grouping, buckets: Sequence[Bucket]) -> dict[str, list[ListRow]]:
        if not buckets or grouping.unit is not None:
            return {bucket.key: self._rows_between(grouping, bucket) for bucket in buckets}
        found = first_of_each(
            self.ctx,
            self.model,
            grouping.name,
            [bucket.value for bucket in buckets],
            self.names,
            self.asked.domain,
            self.order,
            GROUP_ROWS,
            archived=self.asked.archived,
        )
        return {bucket.key: self.rows(found[bucket.value]) for bucket in buckets}

    def _rows_between(self, grouping: Grouping, bucket: Bucket) -> list[ListRow]:
        domain = grouping.domain(bucket.value, self.asked.domain)
        return self.rows(
            page(self.ctx, self.model, self.names, domain, self.order, GROUP_ROWS, archived=self.asked.archived)
        )

    def _group(self, grouping: Grouping, bucket: Bucket, opened: Sequence[str], rows: list[ListRow]) -> ListGroup:
        is_open = bucket.key in opened
        others = tuple(key for key in opened if key != bucket.key)
        all_of_it = json.dumps(grouping.data(bucket.value), ensure_ascii=False, default=str)
        number = self.ctx.locale.number
        return ListGroup(
            key=bucket.key,
            title=bucket.title,
            count=number(bucket.count),
            sums=tuple(
                column.show(bucket.sums[column.name] or 0).text if column.sums else None for column in self.columns
            ),
            is_open=is_open,
            toggle=self.state.address(opened=others if is_open else (*opened, bucket.key), page=self.state.page),
            rows=tuple(rows),
            more=str(_("Show all %(count)s", count=number(bucket.count))) if len(rows) < bucket.count else "",
            all=self.state.address(group="", opened=None, domains=(*self.state.domains, all_of_it)),
        )


def foot(ctx: Context, model: Any, state: ListState) -> Foot:
    """Return the last line of a long list, everything counted and summed."""
    names = chosen_names(ctx, model, state)
    shown = columns(ctx, model, names, state, ())
    asked = wanted(ctx, model, state)
    reader = _Reader(ctx, model, state, shown, (), asked)
    return reader.foot(totals(ctx, model, reader.measures, asked.domain, archived=asked.archived))


def _pager(ctx: Context, state: ListState, start: int, here: int, total: int, many: bool) -> Pager:
    number = ctx.locale.number
    if not total:
        return Pager("")
    first, last = number(start + 1 if here else 0), number(start + here)
    if many:
        text = _("%(first)s–%(last)s of %(total)s+", first=first, last=last, total=number(COUNT_LIMIT))
    else:
        text = _("%(first)s–%(last)s of %(total)s", first=first, last=last, total=number(total))
    previous = state.address(page=state.page - 1) if state.page > 1 else ""
    following = state.address(page=state.page + 1) if start + here < total and here else ""
    exact = state.address(counted=True, page=state.page) if many else ""
    return Pager(str(text), previous, following, exact)


def _bulk(ctx: Context, model: Any, asked: Wanted, total: int) -> Bulk:
    archives = ctx.registry.info(model).archives and may(ctx, model, "u")
    known = ctx.registry.verbs.get(model, ())
    return Bulk(
        total=total,
        archive=archives and not asked.archived,
        restore=archives and asked.archived,
        delete=may(ctx, model, "d"),
        verbs=tuple(verb for verb in known if verb.bulk and may(ctx, model, verb.needs)),
    )
