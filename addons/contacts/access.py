"""Who may do what with contacts: own documents, all documents, and what a portal user sees of himself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, select

from core.toolkit import PORTAL, STAFF, Context, Rights, Role, Rule, _, me, own_or_unassigned

from .lists import LISTS, Tag
from .models import LINES, Contact

USER = Role("contacts.user", _("Contacts: own documents"))
MANAGER = Role("contacts.manager", _("Contacts: all documents"), "all")

OWN = own_or_unassigned(Contact.responsible_id, Contact.created_by_id)

RIGHTS = [
    Rights(Contact, {USER: "cru", MANAGER: "crud", PORTAL: "r"}),
    *(Rights(line, {USER: "crud", MANAGER: "crud", PORTAL: "r"}) for line in LINES),
    *(Rights(model, {STAFF: "r", MANAGER: "crud"}) for model in LISTS),
    Rights(Tag, {USER: "cr"}),
]


def of_contact(rule: Callable[[Any], ColumnElement[bool]]) -> Callable[[Any], ColumnElement[bool]]:
    """Return the rule "what belongs to a contact for which this rule holds"."""

    def follows(line: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = line.contact_id.in_(select(Contact.id).where(rule(Contact)))
        return found

    return follows


OWN_LABEL = _("Contacts one is responsible for or has made, and those nobody is responsible for.")

RULES = [
    Rule(Contact, [USER], OWN, label=OWN_LABEL),
    Rule(Contact, [PORTAL], lambda contact: contact.id == me.contact_id, label=_("One's own contact.")),
    *(Rule(line, [USER], of_contact(OWN), label=OWN_LABEL) for line in LINES),
    *(
        Rule(line, [PORTAL], lambda one: one.contact_id == me.contact_id, label=_("One's own contact."))
        for line in LINES
    ),
]


def contact_of(ctx: Context) -> int | None:
    """Return the contact that the user is: what rules read as `me.contact_id`."""
    return ctx.session.scalar(select(Contact.id).where(Contact.user_id == ctx.user_id))
