"""Leads and opportunities: one table, one record from the first word of a customer to won or lost."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from addons.contacts.lists import Channel, Industry, Medium, Source
from addons.contacts.models import LANGUAGES, Contact
from core.toolkit import (
    Check,
    Company,
    Country,
    HasActivities,
    HasArchive,
    HasChatter,
    Model,
    User,
    _,
    fields,
    today,
)

from .expressions import days_between, monthly, rotten_days
from .lists import LeadStatus, LostReason, RecurringPlan, Stage, Tag, Team

KINDS = {"lead": _("Lead"), "opportunity": _("Opportunity")}
STATES = {"open": _("Open"), "won": _("Won"), "lost": _("Lost")}
OPEN_LEADS = sa.text("kind = 'lead' AND active")


class Lead(
    HasActivities, HasChatter, HasArchive, Model, name="crm.lead", label=_("Opportunity"), plural=_("Opportunities")
):
    """Somebody who may buy: a lead until it is worth the work, then an opportunity in the pipeline.

    `state`, `closed_at`, `assigned_at` and `stage_changed_at` are kept by the program; see `lifecycle`.
    """

    __checks__ = (
        Check("probability BETWEEN 0 AND 100", _("A probability lies between 0 and 100 percent."), name="percent"),
        Check("priority BETWEEN 0 AND 3", _("A priority has at most three stars."), name="stars"),
    )
    __table_args__ = (
        sa.Index("ix_crm_lead_salesperson", "user_id", "id"),
        sa.Index("ix_crm_lead_made_by", "created_by_id", "id"),
        sa.Index("ix_crm_lead_board", "stage_id", "priority", "id"),
        # holds all that the heads of the board's columns count and sum, so that no row is visited
        sa.Index("ix_crm_lead_sums", "stage_id", "active", "kind", "user_id", "created_by_id", "expected_revenue"),
        sa.Index("ix_crm_lead_state_closed", "state", "closed_at"),
        sa.Index("ix_crm_lead_closing", "expected_closing", "id"),
        sa.Index("ix_crm_lead_open_leads", "id", postgresql_where=OPEN_LEADS, sqlite_where=OPEN_LEADS),
    )

    kind = fields.selection(_("Kind"), KINDS, required=True, default="opportunity", tracked=True)
    name = fields.char(_("Title"), required=True, search=True, tracked=True)
    priority = fields.integer(_("Priority"), required=True, default=0, minimum=0, maximum=3, widget="stars")
    tags = fields.tags(Tag, _("Tags"))

    stage_id = fields.many2one(Stage, _("Stage"), tracked=True, index=False, copy=False)
    stage = fields.record(stage_id)
    state = fields.selection(_("State"), STATES, required=True, default="open", tracked=True, readonly=True, copy=False)
    team_id = fields.many2one(Team, _("Sales team"), ondelete="SET NULL", tracked=True)
    team = fields.record(team_id)
    user_id = fields.many2one(User, _("Salesperson"), ondelete="SET NULL", default=fields.ME, tracked=True, index=False)
    user = fields.record(user_id)

    contact_id = fields.many2one(Contact, _("Customer"), tracked=True)
    contact = fields.record(contact_id)
    customer_code = fields.related(_("Customer code"), contact_id, Contact.code)
    contact_name = fields.char(_("Contact name"), search=True)
    company_name = fields.char(_("Company name"), search=True)
    job_position = fields.char(_("Job position"))
    email = fields.email(_("E-mail"), search=True, index=True)
    phone = fields.phone(_("Phone"), search=True)
    mobile = fields.phone(_("Mobile"))
    website = fields.url(_("Web site"))
    language = fields.selection(_("Language"), LANGUAGES)
    street = fields.char(_("Street"))
    city = fields.char(_("City"), size=120)
    region = fields.char(_("Province"), size=120)
    postal_code = fields.char(_("Postal code"), size=20)
    country_id = fields.many2one(Country, _("Country"), index=False)
    country = fields.record(country_id)
    industry_id = fields.many2one(Industry, _("Main industry"), index=False)
    industry = fields.record(industry_id)
    sub_industry_id = fields.many2one(Industry, _("Sub-industry"), index=False)
    sub_industry = fields.record(sub_industry_id)

    expected_revenue = fields.money(_("Expected revenue"), minimum=0, tracked=True)
    recurring_revenue = fields.money(_("Recurring revenue"), minimum=0, tracked=True)
    plan_id = fields.many2one(RecurringPlan, _("Recurring plan"), index=False)
    plan = fields.record(plan_id)
    monthly_revenue = fields.computed(_("Expected monthly revenue"), monthly(recurring_revenue, plan_id), kind="money")
    probability = fields.integer(_("Probability"), minimum=0, maximum=100, tracked=True, copy=False, widget="percent")
    expected_closing = fields.date(_("Expected closing"), tracked=True)

    source_id = fields.many2one(Source, _("Source"), index=False)
    source = fields.record(source_id)
    medium_id = fields.many2one(Medium, _("Medium"), index=False)
    medium = fields.record(medium_id)
    channel_id = fields.many2one(Channel, _("Sales channel"), index=False)
    channel = fields.record(channel_id)
    referred_by = fields.char(_("Referred by"))
    document_number = fields.char(
        _("Document number"),
        size=40,
        unique=True,
        search=True,
        copy=False,
        help=_("Left empty, the next number is taken."),
    )
    document_date = fields.date(_("Document date"), required=True, default=fields.TODAY, copy=False)
    external_reference = fields.char(_("External reference"), size=80, index=True, copy=False)
    status_id = fields.many2one(LeadStatus, _("Lead status"), index=False, tracked=True)
    status = fields.record(status_id)
    next_step = fields.char(_("Next step"))
    company_id = fields.many2one(Company, _("Company"), default=fields.COMPANY, index=False)
    company = fields.record(company_id)
    description = fields.rich_text(_("Notes"))

    lost_reason_id = fields.many2one(LostReason, _("Lost reason"), tracked=True, index=False, copy=False)
    lost_reason = fields.record(lost_reason_id)
    lost_note = fields.text(_("Closing note"), copy=False)

    assigned_at = fields.datetime(_("Assigned on"), readonly=True, copy=False)
    converted_at = fields.datetime(_("Converted on"), readonly=True, copy=False)
    closed_at = fields.datetime(_("Closed on"), readonly=True, copy=False)
    stage_changed_at = fields.datetime(_("In this stage since"), readonly=True, copy=False)
    days_to_assign = fields.computed(_("Days to assign"), days_between(document_date, assigned_at), kind="integer")
    days_to_close = fields.computed(_("Days to close"), days_between(document_date, closed_at), kind="integer")
    days_in_stage = fields.computed(_("Days in this stage"), days_between(stage_changed_at, today()), kind="integer")
    rotting = fields.computed(_("Rotting for days"), rotten_days(state, stage_id, stage_changed_at), kind="integer")

    people: Mapped[list[LeadContact]] = fields.one2many("lead_id", _("Contact persons"))
    private_notes: Mapped[list[PrivateNote]] = fields.one2many("lead_id", _("Private notes"))


class LeadContact(Model, name="crm.lead_contact", label=_("Contact person"), plural=_("Contact persons")):
    """One of several persons who matter for an opportunity, and how."""

    lead_id = fields.many2one(Lead, _("Opportunity"), required=True, ondelete="CASCADE")
    lead = fields.record(lead_id)
    contact_id = fields.many2one(Contact, _("Contact"), required=True, ondelete="CASCADE")
    contact = fields.record(contact_id)
    role = fields.char(_("Role"), help=_("Decides, pays, uses."))


class PrivateNote(Model, name="crm.private_note", label=_("Private note"), plural=_("Private notes")):
    """What only the salesperson of the opportunity and the writer may read; hence a table with a rule of its own."""

    lead_id = fields.many2one(Lead, _("Opportunity"), required=True, ondelete="CASCADE")
    lead = fields.record(lead_id)
    note = fields.text(_("Note"), required=True)


LINES = (LeadContact, PrivateNote)
