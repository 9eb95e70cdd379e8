"""The change history of a record, as people read it: who, when, which field, from what to what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select

from core.context import Context
from core.db.guard import belongs_to
from core.i18n import Text, _
from core.models import Change, ChangeSet, User
from core.models.changes import KINDS
from core.queries import titles
from core.registry import FieldInfo

from .cells import Formatter, formatter
from .rich import bare

LIMIT = 20
LONGEST = 300
TEXTS = frozenset({"text", "rich_text", "json"})


@dataclass(frozen=True, slots=True)
class Line:
    """One field of a change: what it was and what it became, as texts."""

    label: Text
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a record. `title` is for events without lines, or of a kind that is no ordinary change."""

    id: int
    who: str
    day: str
    time: str
    title: Text | None
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class History:
    """The last events, newest first; `more` is the id before which older ones stand."""

    events: tuple[Event, ...]
    more: int | None = None


def load_history(ctx: Context, model: Any, record_id: int, before: int | None = None) -> History:
    """Return a page of the history of one record that the person may see."""
    found = _rows(ctx, model, record_id, before)
    shown = found[:LIMIT]
    names = titles(ctx, User, [row.user_id for row in shown if row.user_id is not None])
    read = Reader(ctx, model)
    read.look_up(values for row in shown for values in (row.old, row.new) if values)
    events = tuple(_event(ctx, row, names, read) for row in shown)
    return History(events, shown[-1].id if len(found) > LIMIT else None)


def _rows(ctx: Context, model: Any, record_id: int, before: int | None) -> Sequence[Any]:
    query = (
        select(Change.id, Change.operation, Change.old, Change.new, ChangeSet.kind, ChangeSet.user_id, ChangeSet.at)
        .select_from(Change)
        .join(model, belongs_to(Change, model))
        .join(ChangeSet, ChangeSet.id == Change.set_id)
        .where(model.id == record_id)
        .order_by(Change.id.desc())
        .limit(LIMIT + 1)
    )
    if before is not None:
        query = query.where(Change.id < before)
    return ctx.session.execute(query).all()


def _event(ctx: Context, row: Any, names: Mapping[int, str], read: Reader) -> Event:
    at = row.at
    return Event(
        id=row.id,
        who=names.get(row.user_id) or str(_("The program")),
        day=ctx.locale.relative_day(ctx.locale.day_of(at), ctx.today),
        time=ctx.locale.time(at),
        title=_title(row),
        lines=tuple(read.lines(row.old or {}, row.new or {})),
    )


def _title(row: Any) -> Text | None:
    if row.operation == "c":
        return _("Created by import") if row.kind == "import" else _("Created")
    if row.operation == "d":
        return _("Deleted")
    return None if row.kind == "request" else KINDS.get(row.kind)


class Reader:
    """Turns the plain values of change sets into what people read; linked records are asked for all at once."""

    def __init__(self, ctx: Context, model: Any) -> None:
        self.ctx, self.fields = ctx, ctx.registry.fields(model)
        self.known: dict[tuple[Any, int], str] = {}
        self._formatters: dict[str, Formatter] = {}

    def look_up(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Ask for the titles of every record these values link to, one statement per model."""
        wanted: dict[Any, set[int]] = {}
        for values in rows:
            for name, value in values.items():
                field = self.fields.get(name)
                if field is not None and field.target is not None and value:
                    wanted.setdefault(field.target, set()).update(value if isinstance(value, list) else [value])
        for target, ids in wanted.items():
            for one, title in titles(self.ctx, target, sorted(ids)).items():
                self.known[target, one] = title

    def lines(self, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterable[Line]:
        """Yield what changed, field by field; fields that are no longer there are left out."""
        for name in dict.fromkeys((*old, *new)):
            field = self.fields.get(name)
            if field is not None:
                yield Line(field.label, self.text(field, old.get(name)), self.text(field, new.get(name)))

    def text(self, field: FieldInfo, value: Any) -> str:
        """Return one value as it is read."""
        if value is None or value in ("", []):
            return ""
        if field.target is not None:
            ids: list[Any] = list(value) if isinstance(value, (list, tuple)) else [value]
            comma = "، " if self.ctx.locale.direction == "rtl" else ", "
            return comma.join(self.known.get((field.target, getattr(one, "id", one)), "…") for one in ids)
        if field.kind in TEXTS:
            words = bare(value) if field.kind == "rich_text" else str(value)
            return words if len(words) <= LONGEST else f"{words[:LONGEST]}…"
        if field.name not in self._formatters:
            self._formatters[field.name] = formatter(field, self.ctx.locale, self.ctx.company, unit=True)
        return str(self._formatters[field.name](typed(field.kind, value)).text)


def typed(kind: str, value: Any) -> Any:
    """Return a value of plain JSON in the type of its kind."""
    if not isinstance(value, str):
        return value
    try:
        if kind in ("decimal", "money"):
            return Decimal(value)
        if kind == "date":
            return date.fromisoformat(value)
        if kind == "datetime":
            return datetime.fromisoformat(value)
    except (ValueError, InvalidOperation):
        return None
    return value


__all__ = ["Event", "History", "Line", "Reader", "load_history", "typed"]
