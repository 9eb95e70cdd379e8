"""Fields as the macros of the pages take them: dictionaries with what is shown and what is typed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from flask import request
from markupsafe import Markup

from core.access import may
from core.context import Context
from core.queries import Ref
from core.registry import FieldInfo
from core.views.fieldview import FieldView
from core.views.lines import LinesView, LineView

from .files import FileInput
from .forms import RecordForm
from .grids import SentGrid, make_inputs
from .inputs import Input
from .links import LinkInput, LinksInput

Shown = dict[str, Any]


class ShownField(SimpleNamespace):
    """A field as the macros take it; an object, because they ask for its `items`, which every dictionary has."""

    id: str

    def but(self, **changes: Any) -> ShownField:
        """Return the same field with other marks: one form may show it in several places."""
        return ShownField(**{**vars(self), **changes})


def show_field(ctx: Context, view: FieldView, found: Input | None, name: str = "") -> ShownField:
    """Return a field of a form; `found` is its input, None where it is only read; `name` stands in for the input's."""
    shown = _reading(view)
    shown["errors"] = [] if found is None else list(found.errors)
    shown["name"] = name or (view.name if found is None else found.name)
    shown["id"] = _id(shown["name"])
    shown["readonly"] = found is None
    shown["required"] = found is not None and view.field.meta.required and view.field.kind != "boolean"
    if found is not None:
        shown |= _editing(ctx, view, found)
    return ShownField(**shown)


def _reading(view: FieldView) -> Shown:
    cell, meta = view.cell, view.field.meta
    widget = view.kind if view.kind != view.field.kind else None
    return {
        **cell._asdict(),
        "kind": view.field.kind if view.field.kind != "computed" else view.kind,
        "widget": widget,
        "label": view.label,
        "help": meta.help,
        "wide": view.slot.wide,
        "html": Markup(view.html),  # noqa: S704 -- it has been cleaned
        "unit": "" if view.field.kind == "money" else cell.unit,
        "max": cell.max or None,
    }


def _editing(ctx: Context, view: FieldView, found: Input) -> Shown:
    shown: Shown = {
        "value": found.typed,
        "choices": view.choices or None,
        "unit": view.unit,
        "decimals": view.decimals,
        "maxlength": view.field.meta.size if view.field.kind == "char" else None,
    }
    if view.kind == "person":
        shown["widget"] = None
    if isinstance(found, LinkInput):
        shown |= _link(ctx, view, found.chosen)
    elif isinstance(found, LinksInput):
        shown |= _links(ctx, view, found)
    elif isinstance(found, FileInput):
        shown |= _file(view, found)
    return shown


def _link(ctx: Context, view: FieldView, chosen: Ref | None) -> Shown:
    opens = f"{request.script_root}/m/{view.field.target.__model__}/{{id}}" if view.opens else None
    return {
        **_choosing(ctx, view),
        "value": chosen.id if chosen else "",
        "text": chosen.title if chosen else "",
        "open_url": opens,
    }


def _links(ctx: Context, view: FieldView, found: LinksInput) -> Shown:
    options = [(one.id, one.title or str(one.id), one.color or 0) for one in found.chosen]
    return {**_choosing(ctx, view), "options": options}


def _choosing(ctx: Context, view: FieldView) -> Shown:
    origin = origin_of(ctx, view.field)
    address = f"{request.script_root}/m/{origin.model.__model__}/choices/{origin.name}"
    return {"url": address, "create_url": address if may(ctx, origin.target, "c") else None}


def origin_of(ctx: Context, field: FieldInfo) -> FieldInfo:
    """Return the declared field behind one that a question of a verb was made of."""
    return ctx.registry.find(field.attr) or field


def _file(view: FieldView, found: FileInput) -> Shown:
    if not isinstance(found.data, Ref):
        return {"href": "", "text": "", "value": ""}
    address = f"{request.script_root}/files/{found.data.id}"
    return {"href": address, "text": found.data.title or view.label, "value": ""}


def show_grid(ctx: Context, view: LinesView, sent: SentGrid | None) -> Shown:
    """Return a grid of lines: as they were sent, else as they are."""
    if sent is None:
        rows = [_row(ctx, view, line, place) for place, line in enumerate(view.rows)]
    else:
        rows = [
            _row(ctx, view, one.line or view.blank, place, one.inputs._fields) for place, one in enumerate(sent.lines)
        ]
    return {
        "name": view.name,
        "label": view.slot.label or view.slot.field.label,
        "columns": [{"label": cell.label, "kind": cell.kind} for cell in view.columns],
        "rows": rows,
        "new": _row(ctx, view, view.blank, None) if view.may_add else None,
        "readonly": view.readonly,
        "sortable": view.sequence is not None,
        "removable": view.may_delete,
        "errors": sent.errors if sent else [],
        "rest": view.total - len(view.rows),
        "link": view.link.name,
        "model": view.target.__model__,
        "may_make": not view.may_add and may(ctx, view.target, "c"),
    }


def _row(ctx: Context, view: LinesView, line: LineView, place: int | None, inputs: Any = None) -> Shown:
    prefix = f"{view.name}-{'__i__' if place is None else place}-"
    made = inputs if inputs is not None else make_blank(ctx, line)
    cells = [show_field(ctx, cell, made.get(cell.name), f"{prefix}{cell.name}") for cell in line.cells]
    hidden = [(f"{prefix}id", line.id if line.id is not None else "")]
    hidden += [(f"{prefix}version", line.version)] if line.version is not None else []
    if view.sequence:
        number = line.place if line.place is not None else (place or 0) + 1
        hidden.append((f"{prefix}sequence", number if place is not None else ""))
    return {"cells": cells, "hidden": hidden, "href": _href(ctx, view, line)}


def _href(ctx: Context, view: LinesView, line: LineView) -> str:
    """Return where a line has a page of its own; lines that are nothing but lines have none."""
    if line.id is None or ctx.registry.view(view.target, "form") is None:
        return ""
    return f"{request.script_root}/m/{view.target.__model__}/{line.id}"


def make_blank(ctx: Context, line: LineView) -> Any:
    """Return the inputs of a line nobody has sent."""
    inputs = make_inputs(ctx, line.cells)
    inputs.process(None, data={cell.name: cell.value for cell in line.cells})
    return inputs._fields


def _id(name: str) -> str:
    return "f-" + name.replace(".", "_")


def show_page(ctx: Context, form: RecordForm) -> dict[str, ShownField | Shown]:
    """Return every field and grid of a page by name."""
    page = form.page
    fields = {view.name: show_field(ctx, view, form.input(view.name)) for view in page.fields}
    grids = {grid.name: show_grid(ctx, grid, form.grids.get(grid.name)) for grid in page.grids}
    if page.title is not None and page.id is None:
        fields[page.title.name].placeholder = page.title.label
        fields[page.title.name].autofocus = not form.wrong
    return fields | grids
