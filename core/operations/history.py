"""Change sets: what was written, kept as plain JSON beside the records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from core.context import Context
from core.model import Model
from core.models import Change as ChangeRow
from core.models import ChangeSet
from core.registry import FieldInfo

from .change import Change, Values
from .rows import insert


def plain(value: Any) -> Any:
    """Return a value as JSON can hold it: decimals and dates as text, many links as a list."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, tuple):
        return sorted(value)
    return value


def keeps_history(model: Any) -> bool:
    """Say whether changes of this model are kept: those of records people work with."""
    return issubclass(model, Model)


def change_set(ctx: Context) -> int:
    """Return the change set of this transaction, made with its first change."""
    work = ctx.work
    if work.change_set is None:
        row = {"kind": work.kind, "user_id": ctx.user_id, "at": ctx.now, "note": work.note}
        work.change_set = insert(ctx, ChangeSet, [row])[0]
    return work.change_set


def record_create(ctx: Context, change: Change) -> None:
    """Keep that records were created, with their tracked values."""
    tracked = [f.name for f in ctx.registry.fields(change.model).values() if f.meta.tracked]
    _keep(
        ctx,
        change.model,
        "c",
        (
            (one, 1, None, {name: plain(row[name]) for name in tracked if row.get(name) not in (None, "", (), False)})
            for one, row in zip(change.ids, change.rows, strict=True)
        ),
    )


def record_update(ctx: Context, change: Change, differing: dict[int, Values], versions: dict[int, int]) -> None:
    """Keep the old and new values of the fields that differ on each record."""
    new = change.rows[0]
    _keep(
        ctx,
        change.model,
        "u",
        (
            (
                one,
                versions[one],
                {name: plain(value) for name, value in old.items()},
                {name: plain(new[name]) for name in old},
            )
            for one, old in differing.items()
        ),
    )


def record_delete(ctx: Context, change: Change) -> None:
    """Keep everything the deleted records held."""
    rows = ((one, 0, {name: plain(v) for name, v in old.items()}, None) for one, old in _pairs(change))
    _keep(ctx, change.model, "d", rows)


def _pairs(change: Change) -> Iterable[tuple[int, Values]]:
    return zip(change.ids, change.old, strict=True)


def _keep(
    ctx: Context, model: Any, operation: str, rows: Iterable[tuple[int, int, Values | None, Values | None]]
) -> None:
    if not keeps_history(model):
        return
    parent = change_set(ctx)
    kept = [
        {
            "set_id": parent,
            "model": model.__model__,
            "record_id": one,
            "operation": operation,
            "version": version,
            "old": old,
            "new": new,
        }
        for one, version, old, new in rows
    ]
    insert(ctx, ChangeRow, kept, with_ids=False)


def changed_since(ctx: Context, model: Any, record_id: int, version: int) -> dict[str, Any]:
    """Return the fields somebody changed after a version, with the plain value each had in that version."""
    query = (
        select(ChangeRow.old)
        .where(ChangeRow.model == model.__model__, ChangeRow.record_id == record_id)
        .where(ChangeRow.operation == "u", ChangeRow.version > version)
        .order_by(ChangeRow.id)
    )
    before: dict[str, Any] = {}
    with ctx.session.unguarded():
        for old in ctx.session.scalars(query):
            for name, value in (old or {}).items():
                before.setdefault(name, value)
    return before


def same(field: FieldInfo, one: Any, other: Any) -> bool:
    """Say whether two values of a field are the same, whatever form they come in."""
    if field.kind in ("decimal", "money") and one is not None and other is not None:
        step = Decimal(1).scaleb(-(field.meta.scale or 0))
        return Decimal(str(one)).quantize(step) == Decimal(str(other)).quantize(step)
    if field.kind in ("char", "text", "rich_text", "phone", "email", "url"):
        return (one or "") == (other or "")
    return bool(plain(one) == plain(other))


def differing(fields: Sequence[FieldInfo], old: Values, new: Values) -> Values:
    """Return the old values of those fields that get another value."""
    return {field.name: old[field.name] for field in fields if not same(field, old[field.name], new[field.name])}
