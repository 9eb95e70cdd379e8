"""The lines of a record on its form: a grid of what points to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.access import may
from core.context import Context
from core.operations import default_of, field_of
from core.queries import Row, count, ids, read
from core.registry import FieldInfo

from .fieldview import FieldView, Painter, is_readonly, name_files
from .layout import Slot

MOST = 200
"""So many lines stand on a form; where there are more, the rest is a list of its own."""


@dataclass(frozen=True, slots=True, eq=False)
class LineView:
    """One line; `id` is None for the pattern of a new one."""

    id: int | None
    place: int | None
    cells: tuple[FieldView, ...]
    version: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class LinesView:
    """A grid of lines: what its lines hold, and what the person may do with them."""

    slot: Slot
    link: FieldInfo
    rows: tuple[LineView, ...]
    blank: LineView
    total: int
    readonly: bool
    may_add: bool
    may_delete: bool
    sequence: str | None = None

    @property
    def target(self) -> Any:
        """The model of the lines."""
        return self.slot.field.target

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.slot.name

    @property
    def columns(self) -> tuple[FieldView, ...]:
        """The columns, as the pattern of a new line has them."""
        return self.blank.cells


def load_lines(ctx: Context, painter: Painter, slot: Slot, record_id: int | None, *, editable: bool) -> LinesView:
    """Return the lines of a record; a new record has none yet."""
    target, link = slot.field.target, field_of(ctx.registry, slot.field.target, slot.field.meta.by)
    sequence = sequence_of(ctx, slot)
    rows = _rows(ctx, slot, link, sequence, record_id)
    changes = editable and may(ctx, target, "u")
    adds = editable and may(ctx, target, "c") and needs_nothing_else(ctx, slot, link)
    total = len(rows)
    if total == MOST and record_id is not None:
        total = count(ctx, target, [link.name, "=", record_id], archived=True)
    return LinesView(
        slot=slot,
        link=link,
        rows=tuple(_line(painter, slot, row, sequence, editable=changes) for row in rows),
        blank=_line(painter, slot, defaults(ctx, slot), sequence, editable=adds),
        total=total,
        readonly=not (changes or adds),
        may_add=adds,
        may_delete=editable and may(ctx, target, "d"),
        sequence=sequence,
    )


def needs_nothing_else(ctx: Context, slot: Slot, link: FieldInfo) -> bool:
    """Say whether a line can be made of the columns alone: every field that must be filled is among them."""
    shown = {column.name for column in slot.columns if not column.readonly}
    needed = required_fields(ctx, slot.field.target)
    return all(field.name in shown or field.name == link.name for field in needed)


def required_fields(ctx: Context, model: Any) -> list[FieldInfo]:
    """Return the fields somebody must fill in to create a record: required ones that nothing else fills."""
    fields = ctx.registry.fields(model).values()
    return [
        field
        for field in fields
        if field.meta.required and field.extension is None and field.meta.default is None and not is_readonly(field)
    ]


def sequence_of(ctx: Context, slot: Slot) -> str | None:
    """Return the field that keeps the order of the lines, unless it is a column that is typed."""
    fields = ctx.registry.fields(slot.field.target)
    return "sequence" if "sequence" in fields and all(column.name != "sequence" for column in slot.columns) else None


def defaults(ctx: Context, slot: Slot) -> Row:
    """Return what a new line holds at first, as far as that does not depend on anything."""
    plain = (column.field for column in slot.columns if column.field.target is None)
    return {field.name: default_of(ctx, field) for field in plain if field.meta.default is not None}


def _rows(ctx: Context, slot: Slot, link: FieldInfo, sequence: str | None, record_id: int | None) -> list[Row]:
    if record_id is None:
        return []
    target = slot.field.target
    order = [sequence] if sequence else ["id"]
    found = ids(ctx, target, [link.name, "=", record_id], order, MOST, archived=True)
    rows = read(ctx, target, found, [*(column.name for column in slot.columns), *([sequence] if sequence else [])])
    name_files(ctx, (column.field for column in slot.columns), rows)
    return rows


def _line(painter: Painter, slot: Slot, row: Row, sequence: str | None, *, editable: bool) -> LineView:
    cells = tuple(painter.paint(column, row, editable=editable) for column in slot.columns)
    return LineView(row.get("id"), row.get(sequence) if sequence else None, cells, row.get("version"))
