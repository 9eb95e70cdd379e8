"""The lines of a one2many, saved together with the record they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.context import Context
from core.errors import Invalid
from core.queries import ids as find_ids

from .change import field_of
from .write import create, delete_many, update


def save_lines(ctx: Context, model: Any, record_id: int, attr: Any, lines: Sequence[Mapping[Any, Any]]) -> None:
    """Make the lines of a record just these: those with an `id` are changed, those without made, the others deleted.

    Raises Invalid with fields named `attr.place.field`, so that a form can show each error in its cell.
    """
    field = field_of(ctx.registry, model, attr)
    link = field_of(ctx.registry, field.target, field.meta.by)
    present = set(find_ids(ctx, field.target, [link.name, "=", record_id], limit=None, archived=True))
    kept = {int(line["id"]) for line in lines if line.get("id")} & present
    delete_many(ctx, field.target, sorted(present - kept))
    for place, line in enumerate(lines):
        values = {key: value for key, value in line.items() if key != "id"}
        try:
            if line.get("id") and int(line["id"]) in kept:
                update(ctx, field.target, int(line["id"]), values)
            else:
                create(ctx, field.target, {**values, link.name: record_id})
        except Invalid as error:
            named = {f"{field.name}.{place}.{name}": texts for name, texts in error.errors.items()}
            raise Invalid(named) from error
