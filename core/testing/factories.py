"""Records for tests: every required field filled with something that passes, the records it points to made as well."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from core.context import Context
from core.operations import create, create_many
from core.registry import FieldInfo

_count = itertools.count(1)


def make(ctx: Context, model: Any, **values: Any) -> int:
    """Create a record of any model and return its id; what is required and not given is made up."""
    return create(ctx, model, filled(ctx, model, values))


def make_many(ctx: Context, model: Any, number: int, **values: Any) -> list[int]:
    """Create several records that share what they point to."""
    shared = filled(ctx, model, values)
    texts = [field for field in ctx.registry.fields(model).values() if field.name in shared and _is_free(field, values)]
    rows = [{**shared, **{field.name: _TEXTS[field.kind](field) for field in texts}} for _ in range(number)]
    return create_many(ctx, model, rows)


def _is_free(field: FieldInfo, values: dict[str, Any]) -> bool:
    return field.kind in _TEXTS and field.name not in values


def filled(ctx: Context, model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with everything that is required and has no default."""
    row = dict(values)
    for field in ctx.registry.fields(model).values():
        needed = field.meta.required and field.is_stored and field.extension is None and field.meta.default is None
        if needed and not field.meta.readonly and field.name not in row:
            row[field.name] = _value(ctx, field)
    return row


def _value(ctx: Context, field: FieldInfo) -> Any:
    if field.is_link:
        with ctx.sudo("a test makes what its record points to") as system:
            return make(system, field.target)
    if field.kind in ("date", "datetime"):
        return ctx.today if field.kind == "date" else ctx.now
    return _VALUES[field.kind](field)


def _text(field: FieldInfo) -> str:
    return f"{field.label.key} {next(_count)}"


def _short(field: FieldInfo) -> str:
    """A text that stays different from others even in a field of a few letters."""
    size = field.meta.size or 200
    number = str(next(_count))
    return _text(field) if size > 20 else number.rjust(size, "x")[-size:]


_TEXTS: dict[str, Callable[[FieldInfo], Any]] = {
    "char": _short,
    "text": _text,
    "rich_text": lambda field: f"<p>{_text(field)}</p>",
    "phone": lambda _field: f"+9821{next(_count):08d}",
    "email": lambda _field: f"someone{next(_count)}@girih.example",
    "url": lambda _field: f"https://girih.example/{next(_count)}",
}
_VALUES: dict[str, Callable[[FieldInfo], Any]] = {
    **_TEXTS,
    "integer": lambda field: max(int(field.meta.minimum or 0), 1),
    "decimal": lambda _field: Decimal(1),
    "money": lambda _field: Decimal("100.00"),
    "color": lambda _field: 1,
    "boolean": lambda _field: False,
    "selection": lambda field: next(iter(field.meta.choices or {})),
    "json": lambda _field: {},
}
