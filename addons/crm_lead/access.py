"""Who may do what in sales: own documents and all documents; the private notes are nobody else's."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from addons.contacts.access import OWN as OWN_CONTACTS
from addons.contacts.access import of_contact
from addons.contacts.lists import Tag as ContactTag
from addons.contacts.models import LINES as CONTACT_LINES
from addons.contacts.models import Contact
from core.toolkit import STAFF, Context, Rights, Role, Rule, User, _, among_rows, me, own_or_unassigned

from .lists import LeadStatus, LostReason, RecurringPlan, Stage, Tag, Team
from .models import Lead, LeadContact, PrivateNote

USER = Role("crm_lead.user", _("Sales: own documents"))
MANAGER = Role("crm_lead.manager", _("Sales: all documents"), "all")

OWN = own_or_unassigned(Lead.user_id, Lead.created_by_id)

RIGHTS = [
    Rights(Lead, {USER: "cru", MANAGER: "crud"}),
    Rights(LeadContact, {USER: "crud", MANAGER: "crud"}),
    Rights(PrivateNote, {USER: "crud", MANAGER: "crud"}),
    *(Rights(model, {STAFF: "r", MANAGER: "crud"}) for model in (Team, Stage, RecurringPlan, LeadStatus)),
    *(Rights(model, {STAFF: "r", USER: "cr", MANAGER: "crud"}) for model in (Tag, LostReason)),
    Rights(Contact, {USER: "cru", MANAGER: "crud"}),
    *(Rights(line, {USER: "crud", MANAGER: "crud"}) for line in CONTACT_LINES),
    Rights(ContactTag, {USER: "cr", MANAGER: "cr"}),
]


def customers_of_mine(contact: Any) -> ColumnElement[bool]:
    """Return the rule "own contacts, and the customers of own leads"."""
    lead = aliased(Lead)  # leads may stand in the statement already
    mine = select(lead.id).where(lead.contact_id == contact.id, lead.user_id == me.id).correlate_except(lead)
    return sa.or_(OWN_CONTACTS(contact), mine.exists())


def of_lead(line: Any) -> ColumnElement[bool]:
    """Return the rule "what belongs to an own lead"."""
    found: ColumnElement[bool] = line.lead_id.in_(select(Lead.id).where(OWN(Lead)))
    return found


def written_or_kept_by_me(note: Any) -> ColumnElement[bool]:
    """Return the rule "my own notes, and those on leads I am the salesperson of"."""
    return sa.or_(note.created_by_id == me.id, among_rows(note.lead_id, select(Lead.id).where(Lead.user_id == me.id)))


OWN_LABEL = _("Documents whose salesperson one is, those one has made, and those without a salesperson.")
CONTACT_LABEL = _("Own contacts, those nobody is responsible for, and the customers of own documents.")

RULES = [
    Rule(Lead, [USER], OWN, label=OWN_LABEL),
    Rule(LeadContact, [USER], of_lead, label=OWN_LABEL),
    Rule(
        PrivateNote,
        [USER, MANAGER],
        written_or_kept_by_me,
        label=_("Private notes are for the salesperson of the document and for who wrote them."),
    ),
    Rule(Contact, [USER], customers_of_mine, operations="r", label=CONTACT_LABEL),
    Rule(Contact, [USER], OWN_CONTACTS, operations="cud", label=CONTACT_LABEL),
    *(Rule(line, [USER], of_contact(customers_of_mine), operations="r", label=CONTACT_LABEL) for line in CONTACT_LINES),
    *(Rule(line, [USER], of_contact(OWN_CONTACTS), operations="cud", label=CONTACT_LABEL) for line in CONTACT_LINES),
]


def teams_of(ctx: Context) -> list[int]:
    """Return the teams the user leads or belongs to: what rules and filters read as `me.team_ids`."""
    belongs = sa.or_(Team.leader_id == ctx.user_id, Team.members.any(User.id == ctx.user_id))
    return list(ctx.session.scalars(select(Team.id).where(belongs)))
