"""Saving a record's form: one transaction for the record, its lines and its files."""

from __future__ import annotations

from typing import Any

from core.context import Context
from core.errors import Invalid, NotAllowed
from core.i18n import _
from core.operations import create, field_of, save_lines, update
from core.operations.files import attach_files
from core.operations.history import changed_since
from core.operations.rows import links_of
from core.queries import ids
from core.views.history import typed
from core.views.state import entry_of

from .forms import RecordForm, Values


def save(form: RecordForm, menu: str = "") -> int:
    """Write what a form says and return the record's id; nothing is safe before the commit."""
    ctx, page = form.ctx, form.page
    model = page.info.cls
    if not page.editable:
        raise NotAllowed(_("You may not change this record."))
    values = form.values() | _step(form)
    if page.id is None:
        record_id = create(ctx, model, _unseen(form, menu) | values)
    else:
        record_id, version = page.id, sent_version(form)
        values = {name: value for name, value in values.items() if form.formdata.get(f"choose-{name}") != "theirs"}
        if version is not None and version != page.version:
            values = _own(form, values, version)
        if values:
            update(ctx, model, record_id, _with_unseen_links(form, values), version)
    for grid in form.grids.values():
        if grid.is_changed:
            present = ids(ctx, grid.grid.target, [grid.grid.link.name, "=", record_id], limit=None, archived=True)
            save_lines(ctx, model, record_id, grid.grid.name, grid.kept(present))
    attach_files(ctx, model, record_id, [each.value for each in form.files if each.is_changed and each.value])
    return record_id


def sent_version(form: RecordForm) -> int | None:
    """Return the version of the record that the person saw."""
    text = str(form.formdata.get("version", ""))
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _own(form: RecordForm, values: Values, version: int) -> Values:
    """Return what this person changed himself: what stands in the form as it was then is not his."""
    before = changed_since(form.ctx, form.page.info.cls, form.page.id or 0, version)
    kept: Values = {}
    for name, value in values.items():
        found = form.input(name)
        old = typed(found.info.kind, before[name]) if found is not None and name in before else None
        if found is None or name not in before or not found.says(old):
            kept[name] = value
    return kept


def _with_unseen_links(form: RecordForm, values: Values) -> Values:
    """Keep the links to records that this person may not see: he cannot have meant to take them away."""
    ctx, page = form.ctx, form.page
    fields = ctx.registry.fields(page.info.cls)
    kept = dict(values)
    for name in values:
        if fields[name].kind in ("many2many", "tags") and page.id is not None:
            seen = {one.id for one in page.row.get(name) or ()}
            linked = links_of(ctx, fields[name], [page.id])[page.id]
            kept[name] = (*values[name], *(one for one in linked if one not in seen))
    return kept


def _step(form: RecordForm) -> Values:
    """Return the step that was clicked in the bar at the head."""
    field, text = form.page.layout.status, str(form.formdata.get("_step", ""))
    if field is None or not text or form.page.steps is None or not form.page.steps.name:
        return {}
    if all(step.value != text for step in form.page.steps.items):
        raise Invalid({field.name: [_("This step is not offered for this record.")]})
    return {field.name: int(text) if field.is_link else text}


def _unseen(form: RecordForm, menu: str) -> Values:
    """Return what a new record begins with beside its inputs: its first step, and what its menu line says."""
    page = form.page
    values = of_menu(form.ctx, page.info.cls, menu)
    status = page.layout.status
    if status is not None and page.steps is not None and page.steps.name and page.row.get(status.name) is not None:
        values[status.name] = getattr(page.row[status.name], "id", page.row[status.name])
    return values


def of_menu(ctx: Context, model: Any, menu: str) -> Values:
    """Return what a menu line says that new records begin with."""
    entry = entry_of(ctx.registry, model, menu)
    defaults = (entry.defaults or {}) if entry is not None else {}
    return {field_of(ctx.registry, model, attr).name: value for attr, value in defaults.items()}


def given(ctx: Context, model: Any, texts: dict[str, str], menu: str) -> Values:
    """Return what an address says a new record begins with (`default_name`), and what its menu line says."""
    values = of_menu(ctx, model, menu)
    fields = ctx.registry.fields(model)
    for name, text in texts.items():
        field = fields.get(name.removeprefix("default_"))
        if name.startswith("default_") and field is not None:
            value = _read(field.kind, text)
            values |= {} if value is None else {field.name: value}
    return values


def _read(kind: str, text: str) -> Any:
    """Return a default from an address in the type of its field; None when it does not fit."""
    if kind in ("integer", "color", "many2one"):
        return int(text) if text.isascii() and text.removeprefix("-").isdecimal() and len(text) < 19 else None
    if kind in ("many2many", "tags"):
        return tuple(int(part) for part in text.split(",") if part.isascii() and part.isdecimal() and len(part) < 19)
    if kind == "boolean":
        return text in ("1", "true")
    return typed(kind, text) if kind not in ("file", "image", "one2many", "json") else None
