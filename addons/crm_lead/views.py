"""The board, list and form of leads and opportunities, those of teams and lists, and the menu that opens them."""

from __future__ import annotations

import sqlalchemy as sa

from addons.contacts.models import Contact
from core.toolkit import (
    Buttons,
    Entry,
    Filter,
    Form,
    Group,
    Head,
    Kanban,
    Lines,
    List,
    Menu,
    Patch,
    Search,
    Show,
    Smart,
    StatusBar,
    Tab,
    _,
    me,
    today,
)

from .access import MANAGER, USER
from .list_views import LIST_VIEWS
from .lists import LeadStatus, LostReason, RecurringPlan, Stage, Tag, Team
from .models import Lead, LeadContact, PrivateNote
from .operations import assign, convert, mark_lost, mark_won, restore
from .seeds import USE_LEADS

LEAD_FORM = Form(
    Lead,
    StatusBar(Lead.stage),
    Buttons(mark_won, mark_lost, restore, convert, assign),
    Head(
        Lead.name,
        Lead.priority,
        Lead.expected_revenue,
        Lead.recurring_revenue,
        Lead.probability,
        Lead.expected_closing,
    ),
    Group(
        Lead.contact,
        Lead.contact_name,
        Lead.company_name,
        Lead.job_position,
        Lead.email,
        Lead.phone,
        Lead.mobile,
        title=_("Customer"),
    ),
    Group(
        Lead.user,
        Lead.team,
        Lead.tags,
        Lead.status,
        Lead.next_step,
        Lead.source,
        title=_("Sales"),
    ),
    Tab(_("Notes"), Show(Lead.description, wide=True)),
    Tab(
        _("Recurring revenue"),
        Group(Lead.plan, Lead.monthly_revenue),
    ),
    Tab(
        _("Address"),
        Group(Lead.street, Lead.city, Lead.region, Lead.postal_code, Lead.country),
        Group(Lead.website, Lead.language, Lead.industry, Lead.sub_industry),
    ),
    Tab(_("Contact persons"), Lines(Lead.people, LeadContact.contact, LeadContact.role)),
    Tab(_("Marketing"), Group(Lead.medium, Lead.channel, Lead.referred_by)),
    Tab(_("Private notes"), Lines(Lead.private_notes, PrivateNote.note)),
    Tab(
        _("Details"),
        Group(
            Lead.kind,
            Lead.document_number,
            Lead.document_date,
            Lead.external_reference,
            Lead.company,
            Lead.lost_reason,
            Lead.lost_note,
        ),
        Group(
            Lead.assigned_at,
            Lead.days_to_assign,
            Lead.converted_at,
            Lead.stage_changed_at,
            Lead.days_in_stage,
            Lead.closed_at,
            Lead.days_to_close,
        ),
    ),
)

LEAD_LIST = List(
    Lead,
    Lead.name,
    Lead.contact,
    Show(Lead.customer_code, optional=True),
    Show(Lead.contact_name, optional=True),
    Show(Lead.company_name, optional=True),
    Show(Lead.email, optional=True),
    Show(Lead.phone, optional=True),
    Show(Lead.mobile, optional=True),
    Show(Lead.street, optional=True),
    Show(Lead.city, optional=True),
    Show(Lead.country, optional=True),
    Show(Lead.industry, optional=True),
    Lead.stage,
    Lead.user,
    Show(Lead.team, optional=True),
    Show(Lead.expected_revenue, sum=True),
    Show(Lead.recurring_revenue, optional=True, sum=True),
    Show(Lead.plan, optional=True),
    Show(Lead.monthly_revenue, optional=True),
    Show(Lead.probability, optional=True),
    Lead.expected_closing,
    Show(Lead.priority, optional=True),
    Show(Lead.tags, optional=True),
    Show(Lead.status, optional=True),
    Show(Lead.next_step, optional=True),
    Show(Lead.state, optional=True),
    Show(Lead.lost_reason, optional=True),
    Show(Lead.source, optional=True),
    Show(Lead.medium, optional=True),
    Show(Lead.channel, optional=True),
    Show(Lead.document_number, optional=True),
    Show(Lead.document_date, optional=True),
    Show(Lead.assigned_at, optional=True),
    Show(Lead.closed_at, optional=True),
    Show(Lead.days_to_assign, optional=True),
    Show(Lead.days_to_close, optional=True),
    order=Lead.id.desc(),
)

LEAD_BOARD = Kanban(
    Lead,
    by=Lead.stage,
    title=Lead.name,
    lines=[Lead.contact],
    foot=[Lead.expected_closing, Lead.rotting],
    tags=Lead.tags,
    sum=Lead.expected_revenue,
    stars=Lead.priority,
    person=Lead.user,
    fold=Stage.folded,
    won=Stage.is_won,
    order=[Lead.priority.desc(), Lead.id.desc()],
    quick=[Lead.name, Lead.contact, Lead.expected_revenue, Lead.priority],
)

LEAD_SEARCH = Search(
    Lead,
    [
        Lead.name,
        Lead.contact,
        Lead.contact_name,
        Lead.company_name,
        Lead.email,
        Lead.phone,
        Lead.document_number,
        Lead.user,
        Lead.team,
        Lead.tags,
        Lead.city,
    ],
    filters=[
        Filter("my_pipeline", _("My pipeline"), Lead.user_id == me.id, group="whose"),
        Filter("team_pipeline", _("My team’s pipeline"), Lead.team_id.in_(me.team_ids), group="whose"),
        Filter("unassigned", _("Without salesperson"), Lead.user_id.is_(None), group="whose"),
        Filter("open", _("Open"), Lead.state == "open", group="state"),
        Filter("won", _("Won"), Lead.state == "won", group="state"),
        Filter("lost", _("Lost"), sa.and_(Lead.state == "lost", Lead.active.is_(False)), group="state"),
        Filter(
            "overdue",
            _("Closing overdue"),
            sa.and_(Lead.state == "open", Lead.expected_closing < today()),
        ),
        Filter("rotting", _("Rotting"), Lead.rotting.isnot(None)),
        Filter("without_customer", _("Without customer"), Lead.contact_id.is_(None)),
        Filter("archived", _("Archived"), Lead.active.is_(False)),
    ],
    groups=[
        Lead.stage,
        Lead.user,
        Lead.team,
        Lead.contact,
        Lead.city,
        Lead.country,
        Lead.industry,
        Lead.source,
        Lead.medium,
        Lead.channel,
        Lead.status,
        Lead.state,
        Lead.lost_reason,
        Lead.priority,
        Lead.plan,
    ],
)

CONTACT_PATCH = Patch(
    Contact, "form", slot="smart", add=[Smart(_("Opportunities"), Lead.contact_id, icon="target-arrow")]
)

VIEWS = [LEAD_FORM, LEAD_LIST, LEAD_BOARD, LEAD_SEARCH, *LIST_VIEWS, CONTACT_PATCH]

CONFIGURATION = _("Configuration")

MENU = Menu(
    _("Sales"),
    icon="target-arrow",
    sequence=10,
    entries=[
        Entry(
            _("Pipeline"),
            Lead,
            ["kanban", "list"],
            filters=["my_pipeline"],
            domain=Lead.kind == "opportunity",
            defaults={Lead.kind: "opportunity"},
            slug="pipeline",
        ),
        Entry(
            _("Leads"),
            Lead,
            ["list", "kanban"],
            domain=Lead.kind == "lead",
            defaults={Lead.kind: "lead"},
            slug="leads",
            setting=USE_LEADS,
        ),
        Entry(
            _("Customers"),
            Contact,
            ["kanban", "list"],
            filters=["customers"],
            defaults={Contact.is_customer: True},
            slug="customers",
        ),
        Entry(_("Teams"), Team, ["list"], roles=[USER, MANAGER]),
        Entry(_("Stages"), Stage, group=CONFIGURATION, roles=[MANAGER]),
        Entry(_("Tags"), Tag, group=CONFIGURATION, roles=[MANAGER]),
        Entry(_("Lost reasons"), LostReason, group=CONFIGURATION, roles=[MANAGER]),
        Entry(_("Recurring plans"), RecurringPlan, group=CONFIGURATION, roles=[MANAGER]),
        Entry(_("Lead statuses"), LeadStatus, group=CONFIGURATION, roles=[MANAGER]),
    ],
)
