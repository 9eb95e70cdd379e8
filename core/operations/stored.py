"""Old values: what records hold before they are changed, under the rules for reading and changing, and locked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from core.context import Context
from core.queries.prepared import IDS, among, prepared
from core.queries.source import Source

from .change import Values
from .rows import links_of


class OldReader:
    """Reads the present values of some fields; those of records the person may not change (or delete) are left out."""

    def __init__(self, ctx: Context, model: Any, names: Mapping[str, Any], *, operation: str = "u", lock: bool) -> None:
        self.ctx, self.model, self.operation, self.lock = ctx, model, operation, lock
        fields = ctx.registry.fields(model)
        chosen = [fields[name] for name in names]
        self.columns = [field for field in chosen if not field.is_many]
        self.links = [field for field in chosen if field.kind in ("many2many", "tags")]

    def read(self, ids: Sequence[int]) -> dict[int, Values]:
        """Return the values by record, with `version` where the model has one."""
        ctx = self.ctx
        roles = ctx.user.roles if not ctx.is_sudo else None
        key = ("old", self.model, tuple(field.name for field in self.columns), roles, self.operation, self.lock)
        statement = prepared(ctx, key, self._statement)
        found: dict[int, Values] = {}
        for row in ctx.session.execute(statement, {IDS: list(ids)}):
            values = {field.name: row[2 + place] for place, field in enumerate(self.columns)}
            found[row[0]] = {**values, "version": row[1]}
        for field in self.links:
            for record, others in links_of(ctx, field, list(found)).items():
                found[record][field.name] = others
        return found

    def _statement(self) -> Any:
        ctx, model = self.ctx, self.model
        source = Source(ctx.registry, model)
        columns = [source.of(model, field) for field in self.columns]
        version = model.version if hasattr(model, "version") else model.id
        statement = source.apply(select(model.id, version, *columns).select_from(model))
        statement = statement.where(among(ctx, model.id))
        rule = ctx.session.rule(model, self.operation)
        if rule is not None:
            statement = statement.where(rule)
        if self.lock and ctx.session.on_postgresql:
            # one order for everybody, so that two who change the same records do not wait for each other for ever
            statement = statement.order_by(model.id).with_for_update(of=model)
        return statement
