"""Roles, rights and rules: who may do what; what is not said is denied."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement

from core.db.live import me
from core.fields.meta import Source, caller
from core.i18n import Text, _

OPERATIONS: Mapping[str, Text] = {"c": _("create"), "r": _("see"), "u": _("change"), "d": _("delete")}

RuleExpression = Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Role:
    """What a person may be in an app: `Role("crm_lead.user", _("Sales: own documents"))`.

    `kind` places it in the order of an app's roles: own documents, all documents.
    """

    code: str
    label: Text
    kind: str = "own"
    source: Source = field(default_factory=lambda: caller(3), compare=False)


ADMIN = Role("core.admin", _("Administrator"), "admin")
STAFF = Role("core.staff", _("Staff"), "staff")
PORTAL = Role("core.portal", _("Portal user"), "portal")
PUBLIC = Role("core.public", _("Not logged in"), "public")
KERNEL_ROLES = (ADMIN, STAFF, PORTAL, PUBLIC)


@dataclass(frozen=True, slots=True)
class Rights:
    """What each role may do with a model: letters of c(reate), r(ead), u(pdate), d(elete)."""

    model: Any
    roles: Mapping[Role, str]
    source: Source = field(default_factory=lambda: caller(3), compare=False)


@dataclass(frozen=True, slots=True)
class Rule:
    """Which records of a model the roles may see and change: a function of the model that returns SQL.

    A role with a right and no rule sees every record; several rules of one role must all hold; a person with several
    roles sees what any of them sees. `operations` are the letters the rule is for.
    """

    model: Any
    roles: Sequence[Role]
    expression: RuleExpression
    operations: str = "crud"
    label: Text = _("A rule of the app")
    source: Source = field(default_factory=lambda: caller(3), compare=False)


def own(*links: Any) -> RuleExpression:
    """Return the rule "one of these links is me": `own(Loan.created_by_id)`."""
    keys = [link.key for link in links]

    def rule(model: Any) -> ColumnElement[bool]:
        return sa.or_(*(getattr(model, key) == me.id for key in keys))

    return rule


def own_or_unassigned(*links: Any) -> RuleExpression:
    """Return the rule "one of these links is me, or the first of them is nobody"."""
    keys = [link.key for link in links]

    def rule(model: Any) -> ColumnElement[bool]:
        mine = [getattr(model, key) == me.id for key in keys]
        return sa.or_(*mine, getattr(model, keys[0]).is_(None))

    return rule
