"""Making demonstration data and removing it again without a trace."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from core.context import Context, Work
from core.errors import GirihError, Refused
from core.i18n import _
from core.jobs import progress
from core.models import Change, ChangeSet, ExternalKey, Setting
from core.models import Sequence as NumberSequence
from core.operations import delete_many, set_setting
from core.queries import setting

from .plan import KIND, SPACE, Plan

KEPT = "core.demo"
BATCH = 500
Maker = Callable[[Context, Plan], None]


def has_demo(ctx: Context) -> bool:
    """Say whether there is demonstration data."""
    with ctx.sudo("whether there is demonstration data") as system:
        return system.session.scalar(select(ExternalKey.id).where(ExternalKey.space == SPACE).limit(1)) is not None


def makers(ctx: Context) -> list[Maker]:
    """Return what the installed addons offer, those that others depend on first."""
    found: list[Maker] = []
    for plugin in ctx.registry.plugins:
        offered = getattr(plugin.module, "register_demo", None)
        if offered is not None:
            found += offered()
    return found


def make(ctx: Context, plan: Plan) -> int:
    """Make demonstration data in the context's transaction and return how many records it is; Refused when there is
    some already."""
    if has_demo(ctx):
        raise Refused(_("There is demonstration data already. Remove it first: girih demo --remove"))
    with ctx.sudo("demonstration data is made for people who are made with it") as system:
        system.now, system.work = plan.now, Work(KIND, _note(plan))
        before = _numbers(system)
        functions = makers(system)
        for done, function in enumerate(functions):
            progress(done, len(functions), _("Making demonstration data"))
            function(system, plan)
        after = _numbers(system)
        numbers = {code: [before.get(code, 1), number] for code, number in after.items() if number != before.get(code)}
        if plan.made:
            set_setting(system, KEPT, {"numbers": numbers})
        ctx.work.changes += system.work.changes
        ctx.work.after_commit += system.work.after_commit
    progress(len(functions), len(functions))
    return sum(len(ids) for ids in plan.made.values())


def _note(plan: Plan) -> str:
    return f"seed {plan.seed}, {plan.leads}, {plan.language}, {plan.today}"


def _numbers(system: Context) -> dict[str, int]:
    query = select(NumberSequence.code, NumberSequence.next_number)
    return {row.code: row.next_number for row in system.session.execute(query)}


def remove(ctx: Context) -> tuple[int, int]:
    """Remove demonstration data and return how many records went and how many had to stay, since others need them."""
    with ctx.sudo("demonstration data may belong to anybody") as system:
        system.work = Work(KIND)
        gone: list[tuple[str, int]] = []
        batches = list(_batches(system))
        total = sum(len(ids) for _model, ids in batches)
        for model, ids in batches:
            progress(len(gone), total, _("Removing demonstration data"))
            gone += [(model.__model__, one) for one in _delete(system, model, ids)]
        _forget(system, gone)
        if len(gone) == total:
            _restore_numbers(system)
        ctx.work.changes += system.work.changes
    return len(gone), total - len(gone)


def _batches(system: Context) -> Iterator[tuple[Any, list[int]]]:
    """Yield the records, the latest first, as many of one model together as came together."""
    query = select(ExternalKey.model, ExternalKey.record_id).where(ExternalKey.space == SPACE)
    batch: list[int] = []
    name = ""
    for row in system.session.execute(query.order_by(ExternalKey.id.desc())).all():
        if batch and (row.model != name or len(batch) >= BATCH):
            yield system.registry.model(name), batch
            batch = []
        name = row.model
        if name in system.registry.by_name:
            batch.append(row.record_id)
    if batch:
        yield system.registry.model(name), batch


def _delete(system: Context, model: Any, ids: Sequence[int]) -> list[int]:
    """Delete what can be deleted, in halves when something stands in the way."""
    kept = len(system.work.changes), system.work.change_set
    try:
        with system.session.begin_nested():
            delete_many(system, model, ids)
    except GirihError:
        del system.work.changes[kept[0] :]
        system.work.change_set = kept[1]
        if len(ids) == 1:
            return []
        middle = len(ids) // 2
        return [*_delete(system, model, ids[:middle]), *_delete(system, model, ids[middle:])]
    return list(ids)


def _forget(system: Context, gone: Sequence[tuple[str, int]]) -> None:
    """Forget the history of what is gone, and change sets that hold nothing any more."""
    by_model: dict[str, list[int]] = {}
    for name, one in gone:
        by_model.setdefault(name, []).append(one)
    for name, ids in by_model.items():
        for start in range(0, len(ids), BATCH):
            some = ids[start : start + BATCH]
            system.session.execute(sa.delete(Change).where(Change.model == name, Change.record_id.in_(some)))
    full = select(Change.id).where(Change.set_id == ChangeSet.id).exists()
    system.session.execute(sa.delete(ChangeSet).where(ChangeSet.kind == KIND, ~full))


def _restore_numbers(system: Context) -> None:
    """Put document numbers back to where they were, unless others have been given out since."""
    kept = setting(system, KEPT) or {}
    for code, (before, after) in kept.get("numbers", {}).items():
        untouched = sa.and_(NumberSequence.code == code, NumberSequence.next_number == after)
        system.session.execute(sa.update(NumberSequence).where(untouched).values(next_number=before))
    system.session.execute(sa.delete(Setting).where(Setting.key == KEPT))
