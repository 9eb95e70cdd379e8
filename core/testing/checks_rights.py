"""Checks of rights: deny by default, and no way of reading shows what a rule hides."""

from __future__ import annotations

from typing import Any

import pytest

from core.access import rules_of
from core.context import Context
from core.declarations import ADMIN, PUBLIC, STAFF
from core.errors import GirihError, NotAllowed
from core.operations import commit, create, delete, update
from core.queries import count, first_of_each, get, groups, ids, page, totals
from core.registry import Registry, is_attached

from .checks_schema import own_models
from .factories import filled, make
from .house import House


class RightsChecks:
    """Who has no right sees and does nothing; who has a rule sees just what it leaves, whichever way he looks."""

    addon: str
    rows: dict[str, dict[str, object]]

    def test_what_is_not_granted_is_denied(self, girih: House) -> None:
        """Try every operation on every model as every role."""
        models = own_models(girih.registry, self.addon)
        assert models or girih.registry.plugins, "nothing to check"
        for model in models:
            with girih.context() as ctx:
                record = make(ctx, model, **self.rows.get(model.__model__, {}))
                commit(ctx)
            for role in sorted(set(girih.registry.roles) - {ADMIN.code}):
                granted = girih.registry.rights.get(model, {}).get(role, frozenset())
                if role != PUBLIC.code:
                    with girih.context(role) as ctx:
                        _denied(
                            ctx,
                            model,
                            record,
                            granted | girih.registry.rights.get(model, {}).get(STAFF.code, frozenset()),
                        )

    def test_rules_hold_in_every_way_records_are_read(self, girih: House) -> None:
        """Compare lists, counts, sums, groups and single records with what the rule says of each record."""
        for model in own_models(girih.registry, self.addon):
            for role in sorted(set(girih.registry.roles) - {ADMIN.code, PUBLIC.code}):
                if _has_rule(girih.registry, model, role):
                    self._compare(girih, model, role)

    def _compare(self, girih: House, model: Any, role: str) -> None:
        """Compare every way of reading with the rule evaluated on each record."""
        people = (girih.person(role), girih.person(ADMIN.code))
        with girih.context() as ctx:
            made = [make(ctx, model, **self.rows.get(model.__model__, {})) for _ in range(2)]
            for link in _person_links(ctx, model):
                for person in people:
                    made.append(make(ctx, model, **{**self.rows.get(model.__model__, {}), link: person}))
            commit(ctx)
        with girih.context(role) as ctx:
            allowed = ctx.session.allowed(model, "r", made)
            seen = set(ids(ctx, model, limit=None, archived=True)) & set(made)
            assert seen == allowed
            assert {row["id"] for row in page(ctx, model, ["created_by"], ["id", "in", made], archived=True)} == allowed
            assert count(ctx, model, ["id", "in", made], archived=True) == len(allowed)
            assert totals(ctx, model, [], ["id", "in", made], archived=True).count == len(allowed)
            assert sum(g.count for g in groups(ctx, model, "created_by", [], ["id", "in", made], archived=True)) == len(
                allowed
            )
            first = first_of_each(ctx, model, "created_by", [None], ["created_by"], ["id", "in", made])
            assert {row["id"] for rows in first.values() for row in rows} <= allowed
            for record in made:
                assert (get(ctx, model, record, ["created_by"]) is not None) == (record in allowed)


def _has_rule(registry: Registry, model: Any, role: str) -> bool:
    return not is_attached(model) and any(True for _ in rules_of(registry, model, role, "r"))


def _person_links(ctx: Context, model: Any) -> list[str]:
    fields = ctx.registry.fields(model).values()
    own = (f for f in fields if f.is_link and not (f.meta.readonly or f.meta.unique or f.computed or f.extension))
    return [f.name for f in own if f.target.__model__ == "core.user"]


def _denied(ctx: Context, model: Any, record: int, granted: frozenset[str]) -> None:
    """Try what is not granted; each must be refused and change nothing."""
    if "r" not in granted:
        assert (count(ctx, model), page(ctx, model, []), get(ctx, model, record, [])) == (0, [], None)
    if "c" not in granted:
        with ctx.sudo("a test fills in what a record needs") as system:
            values = filled(system, model, {})
        with pytest.raises(NotAllowed):
            create(ctx, model, values)
    if "u" not in granted:
        with pytest.raises(GirihError):
            update(ctx, model, record, {})
    if "d" not in granted:
        with pytest.raises(GirihError):
            delete(ctx, model, record)
