"""Cards: a record as a board shows it, its formatters made once per board."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from core.context import Context
from core.declarations import Kanban
from core.i18n import _
from core.queries import Row
from core.registry import FieldInfo

from .board import Card
from .cells import NUMBERS, Cell, Formatter, formatter, shown_kind
from .columns import title_name
from .state import ListState

_ICONS = {"date": "calendar-event", "datetime": "clock", "phone": "phone", "email": "mail", "person": "user"}


class CardMaker:
    """Makes the cards of one board."""

    def __init__(self, ctx: Context, model: Any, view: Kanban, state: ListState) -> None:
        self.ctx, self.view, self.state = ctx, view, state
        self._named = title_name(ctx.registry.info(model))
        self.title = self._field(view.title)
        self.lines = self._all(view.lines)
        self.foot = self._all(view.foot)
        self.sum, self.stars = self._field(view.sum), self._field(view.stars)
        self.tags, self.person, self.color = self._field(view.tags), self._field(view.person), self._field(view.color)
        self._shows = {field.name: self._formatter(field) for field in self._fields()}
        self._base, self._query = f"{state.base}/", state.record_query()

    def _field(self, attr: Any) -> FieldInfo | None:
        return None if attr is None else self.ctx.registry.field(attr)

    def _all(self, attrs: Sequence[Any]) -> list[FieldInfo]:
        return [self.ctx.registry.field(attr) for attr in attrs]

    def _fields(self) -> Iterator[FieldInfo]:
        single = (self.title, self.sum, self.stars, self.tags, self.person, self.color)
        yield from (field for field in (*single, *self.lines, *self.foot) if field is not None)

    def _formatter(self, field: FieldInfo) -> Formatter:
        ctx = self.ctx
        widget = "stars" if field is self.stars else None
        return formatter(
            field, ctx.locale, ctx.company, widget=widget, today=ctx.today, unit=True, root=self.state.root
        )

    @property
    def names(self) -> list[str]:
        """The fields a card is made from."""
        return list(dict.fromkeys([self._named, *self._shows]))

    def cards(self, rows: Sequence[Row]) -> tuple[Card, ...]:
        """Return read rows as cards."""
        return tuple(map(self.card, rows))

    def card(self, row: Row) -> Card:
        """Return one read row as a card."""
        title = self._text(self.title, row) or str(row[self._named] or row["id"])
        stars = self._cell(self.stars, row)
        lines = [cell for field in self.lines if (cell := self._shows[field.name](row[field.name])).text]
        due, rot = self._foot(row)
        return Card(
            id=row["id"],
            version=row.get("version", 0),
            href=f"{self._base}{row['id']}{self._query}",
            title=title,
            sub=lines[0].text if lines else "",
            sum=self._text(self.sum, row),
            stars=stars.value if stars is not None else None,
            stars_max=stars.max if stars is not None else 3,
            lines=tuple(lines[1:]),
            tags=self._tags(row),
            due=due,
            rot=rot,
            who=self._who(row),
            color=row[self.color.name] or 0 if self.color is not None else 0,
        )

    def _cell(self, field: FieldInfo | None, row: Row) -> Cell | None:
        return None if field is None else self._shows[field.name](row[field.name])

    def _text(self, field: FieldInfo | None, row: Row) -> str:
        cell = self._cell(field, row)
        return "" if cell is None else cell.text

    def _tags(self, row: Row) -> tuple[tuple[str, int], ...]:
        cell = self._cell(self.tags, row)
        return () if cell is None else cell.items

    def _who(self, row: Row) -> tuple[str, str, int, str] | None:
        cell = self._cell(self.person, row)
        return (cell.text, cell.initials, cell.color, "") if cell is not None and cell.text else None

    def _foot(self, row: Row) -> tuple[tuple[str, str, str] | None, str]:
        """Return what stands at the foot: the first value there is; a number there counts days and stands on top."""
        due, rot = None, ""
        for field in self.foot:
            cell, kind = self._shows[field.name](row[field.name]), shown_kind(field)
            if kind in NUMBERS and cell.text:
                rot = rot or str(_("%(days)s d", days=cell.text))
            elif cell.text and due is None:
                due = ("none", cell.text, _ICONS.get(kind, "tag"))
        return due, rot
