"""Records that come with addons: a row for each role, and the seeds, each made once and known by its external key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from core import operations
from core.context import Context
from core.declarations import Ref, Seed
from core.i18n import _
from core.models import ExternalKey, Role

from .faults import LoaderFault

Keys = dict[tuple[str, str], int]


def make_roles(ctx: Context) -> None:
    """Make a row for each declared role that has none."""
    present = set(ctx.session.scalars(select(Role.code)))
    missing = [role for role in ctx.registry.roles.values() if role.code not in present]
    operations.create_many(ctx, Role, [{Role.code: role.code, Role.name: role.label} for role in missing])


class Sower:
    """Makes the seeds of one addon that are not there yet, as many at once as their links allow."""

    def __init__(self, ctx: Context, addon: str) -> None:
        self.ctx, self.addon = ctx, addon
        rows = ctx.session.execute(select(ExternalKey.space, ExternalKey.key, ExternalKey.record_id)).all()
        self.known: Keys = {(row.space, row.key): row.record_id for row in rows}
        self.waiting: list[Seed] = []

    def sow(self, seeds: Sequence[Seed]) -> int:
        """Make what is missing and return how many records were made."""
        missing = [seed for seed in seeds if (self.addon, seed.key) not in self.known]
        for seed in missing:
            if self.waiting and (seed.model is not self.waiting[0].model or self._needs_waiting(seed)):
                self._flush()
            self.waiting.append(seed)
        self._flush()
        return len(missing)

    def _needs_waiting(self, seed: Seed) -> bool:
        keys = {self._key(ref) for ref in _refs(seed.values)}
        return any((self.addon, waiting.key) in keys for waiting in self.waiting)

    def _flush(self) -> None:
        if not self.waiting:
            return
        model, seeds = self.waiting[0].model, self.waiting
        rows = [{attr: self._resolved(seed, value) for attr, value in seed.values.items()} for seed in seeds]
        ids = operations.create_many(self.ctx, model, rows)
        made = {seed.key: one for seed, one in zip(seeds, ids, strict=True)}
        operations.set_keys(self.ctx, self.addon, model, made)
        self.known |= {(self.addon, key): one for key, one in made.items()}
        self.waiting = []

    def _resolved(self, seed: Seed, value: Any) -> Any:
        if isinstance(value, Ref):
            found = self.known.get(self._key(value))
            if found is None:
                where = f"{seed.source[0]}:{seed.source[1]}"
                raise LoaderFault(
                    _("%(where)s: there is no seed “%(key)s” before this one.", where=where, key=value.key)
                )
            return found
        if isinstance(value, (list, tuple)):
            return [self._resolved(seed, one) for one in value]
        return value

    def _key(self, ref: Ref) -> tuple[str, str]:
        space, found, key = ref.key.partition(":")
        return (space, key) if found else (self.addon, ref.key)


def _refs(values: Mapping[Any, Any]) -> list[Ref]:
    flat = [one for value in values.values() for one in (value if isinstance(value, (list, tuple)) else (value,))]
    return [one for one in flat if isinstance(one, Ref)]


def seeded(ctx: Context, addon: str) -> list[tuple[str, int]]:
    """Return model name and id of the records an addon brought, the latest first."""
    query = select(ExternalKey.model, ExternalKey.record_id).where(ExternalKey.space == addon)
    return [(row.model, row.record_id) for row in ctx.session.execute(query.order_by(sa.desc(ExternalKey.id)))]
