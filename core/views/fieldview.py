"""One field on a form: what it holds, how it is read, and what the person may do with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.access import may
from core.context import Context
from core.i18n import Text, _, currency_decimals
from core.models import File
from core.queries import Ref, Row, titles
from core.registry import FieldInfo

from .cells import Cell, Formatter, currency_of, formatter, shown_kind, unit_of
from .layout import Slot
from .rich import clean

WHOLE = frozenset({"text", "rich_text", "json"})


@dataclass(frozen=True, slots=True, eq=False)
class FieldView:
    """A field with its value; `kind` is how it is shown and edited, `cell` what is read where it is not edited."""

    slot: Slot
    kind: str
    value: Any
    cell: Cell
    readonly: bool
    choices: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    decimals: int | None = None
    may_create: bool = False
    opens: bool = False
    html: str = ""

    @property
    def field(self) -> FieldInfo:
        """What is known of the field."""
        return self.slot.field

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.slot.name

    @property
    def label(self) -> Text:
        """What it is called here."""
        return self.slot.label or self.slot.field.label


class Painter:
    """Makes the field views of a model for one reader; what does not depend on the record is made once."""

    def __init__(self, ctx: Context, root: str) -> None:
        self.ctx, self.root = ctx, root
        self.percent = "٪" if ctx.locale.digits == "arabext" else "%"
        self._cells: dict[tuple[FieldInfo, str | None], Formatter] = {}

    def paint(self, slot: Slot, row: Row, *, editable: bool) -> FieldView:
        """Return a field of a form with the value a row has for it."""
        field, ctx = slot.field, self.ctx
        value = row.get(field.name)
        hidden = field.target is not None and not may(ctx, field.target, "r")
        unseen = field.is_link and value is not None and value.title is None
        readonly = not editable or slot.readonly or is_readonly(field) or hidden or unseen
        kind = shown_kind(field, slot.widget)
        unit = self.percent if kind == "percent" else unit_of(field, ctx.company, ctx.locale)
        return FieldView(
            slot=slot,
            kind=kind,
            value=value,
            cell=self.cell(slot, value),
            readonly=readonly,
            choices=choices_of(field, slot.widget),
            unit=unit,
            decimals=decimals_of(ctx, field),
            may_create=not readonly and field.target is not None and may(ctx, field.target, "c"),
            opens=field.is_link and not hidden,
            html=clean(value) if kind == "rich_text" and value else "",
        )

    def cell(self, slot: Slot, value: Any) -> Cell:
        """Return a value as it is read in a record, at its full length."""
        key = (slot.field, slot.widget)
        if key not in self._cells:
            ctx = self.ctx
            self._cells[key] = formatter(
                slot.field, ctx.locale, ctx.company, widget=slot.widget, unit=True, root=self.root, links=True
            )
        cell = self._cells[key](value)
        if slot.field.kind in WHOLE:
            whole = "" if value is None else str(value)
            return cell._replace(kind=slot.field.kind, text=cell.text if slot.field.kind == "json" else whole)
        return cell


def is_readonly(field: FieldInfo) -> bool:
    """Say whether nobody writes the field by hand."""
    writable = field.is_stored or field.kind in ("many2many", "tags")
    return field.meta.readonly or field.computed or not writable


def choices_of(field: FieldInfo, widget: str | None) -> tuple[tuple[str, str], ...]:
    """Return the choices of a selection; stars over a number are choices too."""
    if field.meta.choices:
        return tuple((code, str(text)) for code, text in field.meta.choices.items())
    if (widget or field.meta.widget) == "stars":
        most = int(field.meta.maximum or 3)
        return tuple((str(number), str(_("%(n)s", n=number))) for number in range(min(most, 10) + 1))
    return ()


def decimals_of(ctx: Context, field: FieldInfo) -> int | None:
    """Return how many decimals may be typed; None for what is no number."""
    if field.kind == "money":
        currency = currency_of(field, ctx.company)
        return ctx.company.decimals if currency == ctx.company.currency else currency_decimals(currency)
    if field.kind == "decimal":
        return field.meta.scale
    return 0 if field.kind == "integer" else None


def name_files(ctx: Context, fields: Iterable[FieldInfo], rows: list[Row]) -> None:
    """Give files the names they have: a file is then read as any linked record is."""
    named = [field.name for field in fields if field.kind in ("file", "image")]
    ids = [row[name] for row in rows for name in named if row.get(name)]
    known = titles(ctx, File, ids) if ids else {}
    for row in rows:
        row.update({name: Ref(row[name], known.get(row[name])) for name in named if row.get(name)})
