"""Without a map: which column is which field, by the names and labels of the fields in every language."""

from __future__ import annotations

from typing import Any

from core.context import Context
from core.i18n import LANGUAGES, _, fold, use_language
from core.registry import FieldInfo

from .cells import CANNOT
from .maps import FileMap, Map
from .outcome import ImportFault, Note
from .table import Table


def guess_map(ctx: Context, model: Any, table: Table) -> Map:
    """Return the map that follows from the names of the columns; what is guessed is noted with the table."""
    known = names_of(ctx, model)
    fields: dict[str, str] = {}
    for column in table.columns:
        found = known.get(fold(column))
        if found is None or found.name in fields:
            text = _("No field is called “%(column)s”; the column is left out.", column=column)
            table.notes.append(Note(table.name, "ignored", column, text))
            continue
        fields[found.name] = column
        if fold(column) not in (fold(found.name), fold(str(found.label))):
            table.guessed(_("The column goes into “%(field)s”.", field=found.label), column)
    if not fields:
        words = {"file": table.name, "what": model.__plural__, "columns": ", ".join(table.columns)}
        text = _("No column of %(file)s fits %(what)s. Its columns are: %(columns)s. Write a map for it.", **words)
        raise ImportFault(text)
    unique = next((name for name in fields if ctx.registry.fields(model)[name].meta.unique), None)
    if unique is not None:
        label = ctx.registry.fields(model)[unique].label
        table.guessed(_("Records are known again by “%(field)s”.", field=label), fields[unique])
    return Map(model.__model__, [FileMap(model.__model__, dict(fields), key_field=unique)])


def names_of(ctx: Context, model: Any) -> dict[str, FieldInfo]:
    """Return the fields that can be imported by all they are called, folded; a name before a label."""
    fields = [field for field in ctx.registry.fields(model).values() if can_be_imported(field)]
    found: dict[str, FieldInfo] = {}
    for field in fields:
        found.setdefault(fold(field.name), field)
        found.setdefault(fold(field.key), field)
    for language in LANGUAGES:
        with use_language(language):
            for field in fields:
                found.setdefault(fold(str(field.label)), field)
    return found


def can_be_imported(field: FieldInfo) -> bool:
    """Say whether a field takes values from a file."""
    return not field.computed and not field.meta.readonly and field.kind not in CANNOT
