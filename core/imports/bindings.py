"""A field of the map tied to the table: where its cell is, how it is read, how its records are found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from core.context import Context
from core.i18n import _
from core.registry import FieldInfo

from .cells import CANNOT, CellReader, as_text
from .links import LinkFinder
from .maps import FieldMap, FileMap
from .outcome import ImportFault
from .table import Table
from .texts import columns_of, fill

SIGNATURE = frozenset({"created_at", "created_by", "updated_at", "updated_by"})
Cells = Sequence[Any]


class Binding:
    """One field of the records, and what the map says of it."""

    def __init__(self, ctx: Context, field: FieldInfo, said: FieldMap, table: Table, space: str) -> None:
        self.field, self.said, self.name = field, said, field.name
        self.columns = _columns(said)
        places = {column: table.place(column) for column in self.columns}
        self.column = ", ".join(self.columns)
        self.raw = _raw(said, places)
        self.finder: LinkFinder | None = None
        self.reader: CellReader | None = None
        if field.target is not None:
            self.finder = LinkFinder(ctx, field, said, space)
        else:
            self.reader = CellReader(field, said, ctx.locale, (self.raw(line.cells) for line in table.lines))
            for note in self.reader.notes:
                table.guessed(note, self.column)

    def texts(self, cell: Any) -> tuple[str, ...]:
        """Return what the linked records are called."""
        if isinstance(cell, list):
            return tuple(cell)
        text = as_text(cell)
        if not self.field.is_many:
            return (self.said.values.get(text, text),)
        parts = text.replace("،", ",") if self.said.separator == "," else text
        found = (part.strip() for part in parts.split(self.said.separator))
        return tuple(dict.fromkeys(self.said.values.get(part, part) for part in found if part))


def _columns(said: FieldMap) -> list[str]:
    if said.column is not None:
        return [said.column]
    return list(dict.fromkeys(columns_of(said.text))) if said.text is not None else []


def _raw(said: FieldMap, places: Mapping[str, int]) -> Callable[[Cells], Any]:
    """Return the function that takes a line's raw value."""
    if said.column is not None:
        place, letters = places[said.column], said.strip
        if not letters:
            return lambda cells: cells[place]
        return lambda cells: cells[place].strip(letters).strip() if isinstance(cells[place], str) else cells[place]
    template = said.text
    if template is not None:
        return lambda cells: fill(template, {name: as_text(cells[place]) for name, place in places.items()})
    return lambda _cells: said.value


def bind(ctx: Context, model: Any, part: FileMap, table: Table, space: str) -> list[Binding]:
    """Return the bindings of a file's fields; ImportFault for a field or a column that is not there."""
    return [_bind(ctx, model, name, part.field(name), table, space) for name in part.fields]


def _bind(ctx: Context, model: Any, path: str, said: FieldMap, table: Table, space: str) -> Binding:
    fields = ctx.registry.fields(model)
    name, by = path, said.by
    if path not in fields and "." in path:
        name, _dot, by = path.rpartition(".")
    field = fields.get(name) or fields.get(name.removesuffix("_id"))
    if field is None:
        words = {"what": model.__plural__, "field": path, "fields": ", ".join(fields)}
        raise ImportFault(_("%(what)s have no field “%(field)s”. Their fields are: %(fields)s.", **words))
    if field.computed or field.kind in CANNOT or field.name in SIGNATURE:
        raise ImportFault(_("“%(field)s” cannot be imported.", field=field.label))
    if field.meta.readonly and not (ctx.is_sudo or ctx.user.is_admin):
        text = _("“%(field)s” is kept by the program; only an administrator can import it.", field=field.label)
        raise ImportFault(text)
    if by != said.by:
        said = FieldMap(**{**{one: getattr(said, one) for one in said.__struct_fields__}, "by": by})
    return Binding(ctx, field, said, table, space)
