"""The writer: every record that is created, changed or deleted goes through here, whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog

from core.access import refusal, require
from core.context import Context
from core.db.guard import AccessDenied
from core.errors import Clash, Conflict, NotAllowed, NotFound
from core.i18n import _
from core.model import Model
from core.queries import holds
from core.registry import FieldInfo, is_attached

from . import history, rows
from .change import Change, Values, field_of
from .links import check_links
from .stored import OldReader
from .values import check_rows, normalised, with_defaults
from .violations import explained

log = structlog.get_logger("girih.operations")


def create(ctx: Context, model: Any, values: Mapping[Any, Any]) -> int:
    """Create one record and return its id. `values` by attribute (`Lead.stage`) or name."""
    return create_many(ctx, model, [values])[0]


def create_many(ctx: Context, model: Any, given: Sequence[Mapping[Any, Any]]) -> list[int]:
    """Create records and return their ids in order; ids chosen by the caller are ignored.

    Raises NotAllowed, Invalid (fields by name) and whatever a hook raises; nothing is written then.
    """
    if not given:
        return []
    require(ctx, model, "c")
    fresh = [with_defaults(ctx, model, normalised(ctx, model, _without_id(one))) for one in given]
    change = Change(ctx.registry, model, "c", [], fresh)
    ctx.registry.hooks.before_save(ctx=ctx, change=change)
    check_rows(ctx, model, change.rows, creating=True)
    check_links(ctx, model, change.rows)
    with explained(ctx, model):
        change.ids = _insert(ctx, model, change.rows)
    _check(ctx, model, "c", change.ids)
    history.record_create(ctx, change)
    _finish(ctx, change)
    return change.ids


def _without_id(values: Mapping[Any, Any]) -> dict[Any, Any]:
    return {key: value for key, value in values.items() if getattr(key, "key", key) != "id"}


def _insert(ctx: Context, model: Any, fresh: Sequence[Values]) -> list[int]:
    own: list[Values] = []
    extensions: dict[Any, dict[int, Values]] = {}
    links: dict[str, dict[int, Sequence[int]]] = {}
    for place, row in enumerate(fresh):
        columns, of_extensions, of_links = rows.split(ctx, model, row)
        own.append({**columns, **_signature(ctx, model, creating=True)})
        for extension, values in of_extensions.items():
            extensions.setdefault(extension, {})[place] = values
        for name, others in of_links.items():
            links.setdefault(name, {})[place] = others
    ids = rows.insert(ctx, model, own)
    for extension, placed in extensions.items():
        rows.insert(ctx, extension, [{"id": ids[p], **v} for p, v in placed.items()], with_ids=False)
    for name, targets in links.items():
        field = ctx.registry.fields(model)[name]
        rows.set_links(ctx, field, {ids[place]: others for place, others in targets.items()}, fresh=True)
    return ids


def _signature(ctx: Context, model: Any, *, creating: bool) -> Values:
    """Return who and when, for models that keep it."""
    if not issubclass(model, Model):
        return {}
    signed: Values = {"updated_at": ctx.now, "updated_by_id": ctx.user_id}
    return {**signed, "created_at": ctx.now, "created_by_id": ctx.user_id} if creating else signed


def update(ctx: Context, model: Any, record_id: int, values: Mapping[Any, Any], version: int | None = None) -> bool:
    """Change one record and say whether anything differed.

    `version` is the one the person saw. When somebody saved meanwhile, fields only one of the two changed are merged;
    fields both changed raise Clash with every value.
    """
    return bool(_update(ctx, model, [record_id], values, version))


def update_many(ctx: Context, model: Any, ids: Sequence[int], values: Mapping[Any, Any]) -> list[int]:
    """Give the same values to several records and return the ids of those that differed; all or nothing."""
    return _update(ctx, model, list(dict.fromkeys(ids)), values, None)


def _update(ctx: Context, model: Any, ids: list[int], given: Mapping[Any, Any], version: int | None) -> list[int]:
    if not ids:
        return []
    require(ctx, model, "u")
    new = normalised(ctx, model, given)
    old = OldReader(ctx, model, new, lock=True).read(ids)
    _refuse_missing(ctx, model, "u", ids, old)
    if version is not None and old[ids[0]]["version"] != version:
        new = _merged(ctx, model, ids[0], version, old[ids[0]], new)
    change = Change(ctx.registry, model, "u", ids, [new], [old[one] for one in ids])
    ctx.registry.hooks.before_save(ctx=ctx, change=change)
    check_rows(ctx, model, change.rows, creating=False)
    fields = _settle_old(ctx, change)
    differing = {one: history.differing(fields, row, new) for one, row in zip(ids, change.old, strict=True)}
    differing = {one: values for one, values in differing.items() if values}
    if not differing:
        return []
    check_links(ctx, model, change.rows, change.old)
    with explained(ctx, model):
        _write(ctx, model, list(differing), {name: new[name] for name in new if _any_has(differing, name)})
    written = {field_of(ctx.registry, model, name).key for values in differing.values() for name in values}
    if written & ctx.session.rule_columns(model):
        _check(ctx, model, "u", list(differing))
    versions = {one: row.get("version", 0) + 1 for one, row in zip(ids, change.old, strict=True)}
    history.record_update(ctx, change, differing, versions)
    _finish(ctx, change)
    return list(differing)


def _any_has(differing: Mapping[int, Values], name: str) -> bool:
    return any(name in values for values in differing.values())


def _settle_old(ctx: Context, change: Change) -> list[FieldInfo]:
    """Return the fields being written, with the old values of those that a hook has added."""
    fields = [ctx.registry.fields(change.model)[name] for name in change.rows[0]]
    added = {field.name: None for field in fields if any(field.name not in row for row in change.old)}
    if added:
        more = OldReader(ctx, change.model, added, lock=False).read(change.ids)
        for one, row in zip(change.ids, change.old, strict=True):
            row.update({name: more[one][name] for name in added})
    return fields


def _refuse_missing(ctx: Context, model: Any, operation: str, ids: Sequence[int], old: Mapping[int, Values]) -> None:
    """Say "not found" of what the person may not see, "not allowed" of what he may see but not change or delete."""
    missing = [one for one in ids if one not in old]
    if not missing:
        return
    raise refusal(model, operation) if len(holds(ctx, model, missing, None)) == len(missing) else NotFound()


def _merged(ctx: Context, model: Any, record_id: int, version: int, now: Values, mine: Values) -> Values:
    """Return what is still mine to write after somebody else's save; raise Clash for what both changed."""
    before = history.changed_since(ctx, model, record_id, version)
    fields = ctx.registry.fields(model)
    kept: Values = {}
    conflicts = []
    for name, value in mine.items():
        if name not in before:
            kept[name] = value
        elif not history.same(fields[name], before[name], value) and not history.same(fields[name], now[name], value):
            conflicts.append(Conflict(name, before[name], now[name], value))
    if conflicts:
        raise Clash(record_id, now["version"], conflicts)
    return kept


def _write(ctx: Context, model: Any, ids: Sequence[int], new: Values) -> None:
    own, extensions, links = rows.split(ctx, model, new)
    table = model.__table__
    own |= _signature(ctx, model, creating=False)
    if hasattr(model, "version"):
        own["version"] = table.c.version + 1
    if (custom := own.pop("custom", None)) is not None:
        _write_custom(ctx, table, ids, custom)
    with ctx.session.unguarded() as connection:
        if own:
            columns = {sa.inspect(model).attrs[key].columns[0]: value for key, value in own.items()}
            connection.execute(sa.update(table).where(table.c.id.in_(list(ids))).values(columns))
    for extension, values in extensions.items():
        rows.write_extension(ctx, extension, ids, values)
    for name, others in links.items():
        rows.set_links(ctx, ctx.registry.fields(model)[name], dict.fromkeys(ids, others))


def _write_custom(ctx: Context, table: sa.Table, ids: Sequence[int], custom: Values) -> None:
    """Merge into the JSON of fields made in the browser."""
    with ctx.session.unguarded() as connection:
        query = sa.select(table.c.id, table.c.custom).where(table.c.id.in_(list(ids)))
        for one, kept in connection.execute(query).all():
            merged = {**(kept or {}), **{name: history.plain(value) for name, value in custom.items()}}
            connection.execute(sa.update(table).where(table.c.id == one).values(custom=merged))


def delete_many(ctx: Context, model: Any, ids: Sequence[int]) -> None:
    """Delete records with everything that hangs on them; Refused when others still need them."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return
    require(ctx, model, "d")
    names = [f.name for f in ctx.registry.fields(model).values() if f.is_stored or f.kind in ("many2many", "tags")]
    old = OldReader(ctx, model, dict.fromkeys(names), operation="d", lock=True).read(wanted)
    _refuse_missing(ctx, model, "d", wanted, old)
    change = Change(ctx.registry, model, "d", wanted, [], [old[one] for one in wanted])
    ctx.registry.hooks.before_delete(ctx=ctx, change=change)
    _drop_attached(ctx, model, wanted)
    table = model.__table__
    with explained(ctx, model, deleting=True), ctx.session.unguarded() as connection:
        connection.execute(sa.delete(table).where(table.c.id.in_(wanted)))
    history.record_delete(ctx, change)
    _finish(ctx, change)


def delete(ctx: Context, model: Any, record_id: int) -> None:
    """Delete one record."""
    delete_many(ctx, model, [record_id])


def _drop_attached(ctx: Context, model: Any, ids: Sequence[int]) -> None:
    """Delete the rows of other tables that hang on these records; their history stays."""
    for attached in ctx.registry.models:
        if attached.__of__ is not None or not is_attached(attached) or attached.__model__ == "core.change":
            continue
        table = attached.__table__
        with ctx.session.unguarded() as connection:
            hanging = sa.and_(table.c.model == model.__model__, table.c.record_id.in_(list(ids)))
            connection.execute(sa.delete(table).where(hanging))


def archive(ctx: Context, model: Any, ids: Sequence[int]) -> list[int]:
    """Hide records from lists; they are kept and can be restored."""
    return update_many(ctx, model, ids, {"active": False})


def restore(ctx: Context, model: Any, ids: Sequence[int]) -> list[int]:
    """Bring archived records back."""
    return update_many(ctx, model, ids, {"active": True})


def _check(ctx: Context, model: Any, operation: str, ids: Sequence[int]) -> None:
    try:
        ctx.session.check(model, operation, ids)
    except AccessDenied:
        raise _out_of_reach(model) from None


def _out_of_reach(model: Any) -> NotAllowed:
    """Return the error of a write that would put a record where its writer may not reach it."""
    text = _(
        "With these values you could not reach the record any more: your rights on %(what)s are limited. "
        "Choose yourself where you chose somebody else, or ask an administrator.",
        what=model.__plural__,
    )
    return NotAllowed(text)


def _finish(ctx: Context, change: Change) -> None:
    ctx.session.expire_all()
    ctx.work.changes.append(change)
    ctx.registry.hooks.after_save(ctx=ctx, change=change)


def commit(ctx: Context) -> None:
    """Make everything safe, then tell the outside: `after_save_committed`, and what was put off till now."""
    ctx.session.commit()
    work, ctx.work = ctx.work, type(ctx.work)(kind=ctx.work.kind, note=ctx.work.note)
    hooks = partial(ctx.registry.hooks.after_save_committed, ctx=ctx, changes=work.changes)
    for function in (*([hooks] if work.changes else ()), *work.after_commit):
        try:
            function()
        except Exception as fault:
            # what is written stays written: whoever saved must not be told that it failed
            log.error("a fault after the commit", database=ctx.database, exc_info=fault)


def rollback(ctx: Context) -> None:
    """Give up everything since the last commit."""
    ctx.session.rollback()
    ctx.work = type(ctx.work)(kind=ctx.work.kind, note=ctx.work.note)
