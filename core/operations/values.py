"""Values on their way in: defaults, types, limits, and the sentence for each that does not pass."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from typing import Any

from core.context import Context
from core.errors import Invalid
from core.fields.meta import FromContext
from core.i18n import Text, _
from core.registry import FieldInfo

from .change import Values, field_of

Errors = dict[str, list[Text]]


def normalised(ctx: Context, model: Any, given: Mapping[Any, Any]) -> Values:
    """Return the values by field name, links as ids; raise KeyError for what the model has not or nobody may write."""
    row: Values = {}
    for attr, value in given.items():
        field = field_of(ctx.registry, model, attr)
        if field.computed or field.kind == "one2many":
            raise KeyError(
                f"{field.name} of {model.__model__} is not written here: it is computed, or written by its lines"
            )
        row[field.name] = _plain(field, value)
    return row


def _plain(field: FieldInfo, value: Any) -> Any:
    if field.is_many and field.kind != "one2many":
        return tuple(dict.fromkeys(getattr(one, "id", one) for one in value or ()))
    if field.is_link:
        return getattr(value, "id", value)
    if isinstance(value, str) and field.kind in ("char", "phone", "email", "url"):
        return value.strip() or None
    if isinstance(value, Text):
        return value.key if field.meta.translated else str(value)
    return value


def with_defaults(ctx: Context, model: Any, row: Values) -> Values:
    """Return a new record's values with the defaults of what was not given."""
    for field in ctx.registry.fields(model).values():
        if field.name not in row and field.meta.default is not None and field.extension is None:
            row[field.name] = default_of(ctx, field)
    return row


def default_of(ctx: Context, field: FieldInfo) -> Any:
    """Return a field's default for this context."""
    default = field.meta.default
    if isinstance(default, FromContext):
        return _FROM_CONTEXT[default](ctx)
    return default() if callable(default) else default


_FROM_CONTEXT: dict[FromContext, Callable[[Context], Any]] = {
    FromContext.ME: lambda ctx: ctx.user_id,
    FromContext.COMPANY: lambda ctx: ctx.company.id,
    FromContext.TODAY: lambda ctx: ctx.today,
    FromContext.NOW: lambda ctx: ctx.now,
}


def check_row(ctx: Context, model: Any, row: Values, *, creating: bool) -> Errors:
    """Return what is wrong with a row, by field name; empty when all is well."""
    errors: Errors = {}
    fields = ctx.registry.fields(model)
    if creating:
        for field in fields.values():
            missing = field.meta.required and field.is_stored and field.extension is None
            if missing and row.get(field.name) in (None, ""):
                errors[field.name] = [_("“%(name)s” is needed.", name=field.label)]
    for name, value in row.items():
        if name in errors:
            continue
        problem = check_value(fields[name], value)
        if problem is not None:
            errors[name] = [problem]
    return errors


def check_rows(ctx: Context, model: Any, rows: Sequence[Values], *, creating: bool) -> None:
    """Raise Invalid for the first row that does not pass."""
    for row in rows:
        if errors := check_row(ctx, model, row, creating=creating):
            raise Invalid(errors)


def check_value(field: FieldInfo, value: Any) -> Text | None:
    """Return what is wrong with one value, None when it passes."""
    if value is None or value == "":
        return _("“%(name)s” is needed.", name=field.label) if field.meta.required and field.is_stored else None
    check = _CHECKS.get(field.kind)
    return check(field, value) if check is not None else None


def _wrong_type(field: FieldInfo, value: Any) -> Text:
    return _("“%(value)s” does not fit into “%(name)s”.", value=str(value), name=field.label)


def _check_text(field: FieldInfo, value: Any) -> Text | None:
    if not isinstance(value, str) or "\x00" in value:
        return _wrong_type(field, value)
    size = field.meta.size
    if size is not None and len(value) > size:
        return _("“%(name)s” holds at most %(size)s characters.", name=field.label, size=size)
    return None


def _check_number(field: FieldInfo, value: Any) -> Text | None:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal, float)):
        return _wrong_type(field, value)
    whole = field.kind in ("integer", "color")
    if (whole and not isinstance(value, int)) or not isfinite(value):
        return _wrong_type(field, value)
    low, high = _limits(field)
    if low is not None and value < low:
        return _("“%(name)s” is at least %(limit)s.", name=field.label, limit=low)
    if high is not None and value > high:
        return _("“%(name)s” is at most %(limit)s.", name=field.label, limit=high)
    return None


def _limits(field: FieldInfo) -> tuple[Any, Any]:
    """Return the least and the largest number of a field: those it was told, else what its digits can hold."""
    meta = field.meta
    if field.kind != "decimal" or meta.size is None:
        return meta.minimum, meta.maximum
    most = 10 ** (meta.size - (meta.scale or 0)) - 1
    return -most if meta.minimum is None else meta.minimum, most if meta.maximum is None else meta.maximum


def _check_choice(field: FieldInfo, value: Any) -> Text | None:
    return None if value in (field.meta.choices or {}) else _wrong_type(field, value)


def _check_type(*types: type) -> Callable[[FieldInfo, Any], Text | None]:
    def check(field: FieldInfo, value: Any) -> Text | None:
        return None if isinstance(value, types) and not isinstance(value, _except(types)) else _wrong_type(field, value)

    return check


def _except(types: tuple[type, ...]) -> tuple[type, ...]:
    """A moment is also a date, and yes is also a number, but not here."""
    return (datetime,) if types == (date,) else (bool,) if types == (int,) else ()


def _check_moment(field: FieldInfo, value: Any) -> Text | None:
    fits = isinstance(value, datetime) and value.tzinfo is not None
    return None if fits else _wrong_type(field, value)


_CHECKS: dict[str, Callable[[FieldInfo, Any], Text | None]] = {
    **dict.fromkeys(("char", "text", "rich_text", "phone", "email", "url"), _check_text),
    **dict.fromkeys(("integer", "decimal", "money", "color"), _check_number),
    **dict.fromkeys(("many2one", "file", "image"), _check_type(int)),
    "selection": _check_choice,
    "boolean": _check_type(bool),
    "date": _check_type(date),
    "datetime": _check_moment,
}
