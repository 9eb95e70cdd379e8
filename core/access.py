"""Who may do what: policies made of roles, the check before a write, and the explainer, which is the same code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, inspect, select
from sqlalchemy.sql import elements

from core.context import NOBODY, SYSTEM, Context, Person, open_context
from core.db.guard import EntityRule, Follows, RuleSet
from core.db.live import me
from core.declarations import ADMIN, OPERATIONS
from core.errors import NotAllowed
from core.i18n import Text, _
from core.registry import Registry, is_attached

NOTHING = sa.false()


class RolePolicy:
    """What one set of roles may do in one registry; made once, shared by everybody who holds these roles."""

    def __init__(self, registry: Registry, roles: frozenset[str]) -> None:
        self.registry, self.roles = registry, roles
        self._rules: dict[tuple[Any, str], ColumnElement[bool] | None] = {}
        self._sets: dict[str, RuleSet] = {}

    def may(self, model: Any, operation: str) -> bool:
        """Say whether any of the roles has the right at all, whatever the rules then leave."""
        owner = model.__of__ or model
        operation = _above(operation) if model.__of__ else operation
        if ADMIN.code in self.roles:
            return owner in self.registry.infos
        given = self.registry.rights.get(owner, {})
        return any(operation in given.get(role, ()) for role in self.roles)

    def rule(self, model: Any, operation: str) -> ColumnElement[bool] | None:
        """Return the condition on rows for an operation letter; None when every row is allowed."""
        key = (model, operation)
        if key not in self._rules:
            self._rules[key] = self._make(model, operation)
        return self._rules[key]

    def _make(self, model: Any, operation: str) -> ColumnElement[bool] | None:
        if model.__of__ is not None:
            above = self.rule(model.__of__, _above(operation))
            return None if above is None else model.id.in_(select(model.__of__.id).where(above))
        if not self.may(model, operation):
            return NOTHING
        if ADMIN.code in self.roles:
            return None
        rule = (self._attached if is_attached(model) else self._own_rule)(model, operation)
        read = None if self._implies_reading(model, operation) else self.rule(model, "r")
        if rule is None or read is None:
            return read if rule is None else rule
        return sa.and_(rule, read)

    def _parts(self, model: Any, operation: str) -> dict[str, list[ColumnElement[bool]]]:
        """Return the conditions of each role that has the right; all of one role's must hold."""
        given = self.registry.rights.get(model, {})
        return {
            role: [expression for _rule, expression in rules_of(self.registry, model, role, operation)]
            for role in sorted(self.roles)
            if operation in given.get(role, ())
        }

    def _own_rule(self, model: Any, operation: str) -> ColumnElement[bool] | None:
        """Join the rules of each role that has the right: all of one role's, any role's."""
        parts = self._parts(model, operation)
        if not all(parts.values()):
            return None
        return sa.or_(*(sa.and_(*conditions) for conditions in parts.values()))

    def _implies_reading(self, model: Any, operation: str) -> bool:
        """Say whether whoever may do it may read the record anyway; else the rule for reading is added.

        Without it the number of rows an UPDATE changes, or what it returns, would tell of records nobody may see.
        """
        if operation in "cr":
            return True
        reading = self._parts(model, "r")
        return all(
            role in reading and all(any(one is other for other in conditions) for one in reading[role])
            for role, conditions in self._parts(model, operation).items()
        )

    def _attached(self, model: Any, operation: str) -> ColumnElement[bool]:
        """Rows that hang on a record follow it, and keep their own rules; loose ones belong to who made them.

        Of rows that may be loose, such as files, the rules are for the loose ones.
        """
        parts, own = self._hanging(model, operation), self._own_rule(model, operation)
        if hasattr(model, "created_by_id"):
            loose = model.created_by_id == me.id if own is None else own
            return sa.or_(*parts, sa.and_(model.record_id.is_(None), loose))
        hanging = sa.or_(*parts) if parts else NOTHING
        return hanging if own is None else sa.and_(hanging, own)

    def _hanging(self, model: Any, operation: str) -> list[ColumnElement[bool]]:
        """Return the conditions, one of which holds for a row that hangs on a record with the right."""
        free: list[str] = []
        parts: list[ColumnElement[bool]] = []
        for parent in self.registry.infos:
            if is_attached(parent):
                continue
            rule = self.rule(parent, _above(operation))
            if rule is None:
                free.append(parent.__model__)
            elif not isinstance(rule, elements.False_):
                rows = select(parent.id).where(rule)
                parts.append(sa.and_(model.model == parent.__model__, model.record_id.in_(rows)))
        return [*parts, model.model.in_(free)] if free else parts

    def _has_rules(self, model: Any, operation: str) -> bool:
        """Say whether rows of this kind have rules beside that of the record they hang on."""
        return not hasattr(model, "created_by_id") and self._own_rule(model, operation) is not None

    def rule_set(self, operation: str) -> RuleSet:
        """Return the rules of an operation as the option a guarded statement carries."""
        found = self._sets.get(operation)
        if found is None:
            found = self._sets[operation] = self._rule_set(operation)
        return found

    def _rule_set(self, operation: str) -> RuleSet:
        rules: dict[Any, EntityRule] = {}
        for model in self.registry.models:
            criteria = self.rule(model, operation)
            if criteria is None:
                continue
            follows, table = None, None
            if model.__of__ is not None:
                follows, table = Follows.BY_ID, model.__of__.__table__
            elif is_attached(model) and self.may(model, operation) and not self._has_rules(model, operation):
                follows = Follows.BY_NAME
            if isinstance(criteria, elements.False_):
                # SQLAlchemy folds `x AND false`, and the verifier would look for the rule in vain: this stays in sight
                criteria = model.id.is_(None)
            rules[inspect(model)] = EntityRule(model, criteria, follows, table)
        return RuleSet(rules, known_tables(self.registry))


def _above(operation: str) -> str:
    """Return what one must be allowed to do with a record to do this with what hangs on it."""
    return "r" if operation == "r" else "u"


def known_tables(registry: Registry) -> frozenset[Any]:
    """Return the tables of the installed models with their link tables."""
    found: frozenset[Any] | None = registry.memo.get("tables")
    if found is None:
        links = (relation.secondary for model in registry.models for relation in inspect(model).relationships)
        tables = [model.__table__ for model in registry.models]
        found = registry.memo["tables"] = frozenset([*tables, *(table for table in links if table is not None)])
    return found


def rules_of(registry: Registry, model: Any, role: str, operation: str) -> Iterator[tuple[Any, ColumnElement[bool]]]:
    """Yield the rules that limit a role's operation on a model, with their SQL."""
    for rule, expression in registry.rules:
        if rule.model is model and operation in rule.operations and any(one.code == role for one in rule.roles):
            yield rule, expression


def policy_of(registry: Registry, roles: frozenset[str]) -> RolePolicy:
    """Return the policy of a set of roles, made once per registry."""
    policies: dict[frozenset[str], RolePolicy] = registry.memo.setdefault("policies", {})
    if roles not in policies:
        policies[roles] = RolePolicy(registry, roles)
    return policies[roles]


@contextmanager
def user_context(engine: Any, registry: Registry, user: Person = NOBODY, **more: Any) -> Iterator[Context]:
    """Open a guarded context for a person."""
    with open_context(engine, registry, user, policy_of(registry, user.roles), **more) as ctx:
        yield ctx


@contextmanager
def system_context(engine: Any, registry: Registry, **more: Any) -> Iterator[Context]:
    """Open a context for the system itself, which sees everything: set-up, jobs without a user, log-in."""
    with open_context(engine, registry, SYSTEM, None, **more) as ctx:
        yield ctx


def may(ctx: Context, model: Any, operation: str) -> bool:
    """Say whether the context's user has a right on the model at all (letters c, r, u, d)."""
    if ctx.is_sudo:
        return True
    return policy_of(ctx.registry, ctx.user.roles).may(model, operation)


_REFUSALS = {
    "c": lambda plural: _("You may not create %(what)s. Ask an administrator for the right.", what=plural),
    "r": lambda plural: _("You may not see %(what)s. Ask an administrator for the right.", what=plural),
    "u": lambda plural: _("You may not change these %(what)s. Ask an administrator for the right.", what=plural),
    "d": lambda plural: _("You may not delete these %(what)s. Ask an administrator for the right.", what=plural),
}


def refusal(model: Any, operation: str) -> NotAllowed:
    """Return the error that tells a person he has no right."""
    return NotAllowed(_REFUSALS[operation]((model.__of__ or model).__plural__))


def require(ctx: Context, model: Any, operation: str) -> None:
    """Raise NotAllowed unless the user has the right at all."""
    if not may(ctx, model, operation):
        raise refusal(model, operation)


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of a decision: what was asked, and whether it holds."""

    text: Text
    holds: bool


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a person may or may not do something to a record."""

    allowed: bool
    reasons: tuple[Reason, ...]


def explain(ctx: Context, operation: str, model: Any, record_id: int) -> Explanation:
    """Explain the policy's decision on one record, from the same rights and rules that the guard uses."""
    policy = policy_of(ctx.registry, ctx.user.roles)
    if ctx.is_sudo or ADMIN.code in policy.roles:
        return Explanation(True, (Reason(_("Administrators may do everything."), True),))
    if model.__of__ is not None:
        return explain(ctx, _above(operation), model.__of__, record_id)
    held = [role for role in sorted(policy.roles) if operation in ctx.registry.rights.get(model, {}).get(role, ())]
    if not held:
        text = _("None of your roles has this right (%(right)s).", right=OPERATIONS[operation])
        return Explanation(False, (Reason(text, False),))
    reasons = [reason for role in held for reason in _role_reasons(ctx, operation, model, record_id, role)]
    allowed = record_id in ctx.session.allowed(model, operation, [record_id])
    if is_attached(model):
        reasons.append(Reason(_("It follows the rights on the record it belongs to."), allowed))
    if operation in "ud" and record_id not in ctx.session.allowed(model, "r", [record_id]):
        reasons.append(Reason(_("Only what one may see can be changed or deleted."), False))
    return Explanation(allowed, tuple(reasons))


def _role_reasons(ctx: Context, operation: str, model: Any, record_id: int, role: str) -> Iterator[Reason]:
    label = ctx.registry.roles[role].label
    rules = list(rules_of(ctx.registry, model, role, operation))
    if not rules and not is_attached(model):
        yield Reason(_("The role “%(role)s” has this right on every record.", role=label), True)
    for rule, expression in rules:
        with ctx.session.unguarded():
            holds = ctx.session.scalar(select(model.id).where(model.id == record_id, expression)) is not None
        yield Reason(_("%(role)s: %(rule)s", role=label, rule=rule.label), holds)
