"""Lists and forms of teams, stages and the small lists of sales."""

from __future__ import annotations

from core.toolkit import Filter, Form, Group, Head, List, Search, Show, Smart, Tab, _, me

from .lists import LeadStatus, LostReason, RecurringPlan, Stage, Tag, Team
from .models import Lead

LIST_VIEWS = [
    List(Team, Team.name, Team.leader, Team.members, Team.company, Show(Team.target, sum=True), order=Team.sequence),
    Form(
        Team,
        Head(Team.name),
        Smart(_("Opportunities"), Lead.team_id, icon="target-arrow"),
        Group(Team.leader, Team.company, Team.target),
        Group(Team.uses_leads, Team.uses_opportunities, Team.color, Team.active),
        Tab(_("Members"), Show(Team.members, wide=True)),
    ),
    Search(
        Team,
        [Team.name, Team.leader],
        filters=[
            Filter("mine", _("My teams"), Team.id.in_(me.team_ids)),
            Filter("archived", _("Archived"), Team.active.is_(False)),
        ],
        groups=[Team.leader, Team.company],
    ),
    List(
        Stage,
        Stage.sequence,
        Stage.name,
        Stage.team,
        Stage.probability,
        Stage.is_won,
        Stage.folded,
        Show(Stage.rots_after, optional=True),
        order=Stage.sequence,
        editable=True,
    ),
    Form(
        Stage,
        Head(Stage.name),
        Group(Stage.team, Stage.sequence, Stage.probability, Stage.is_won),
        Group(Stage.folded, Stage.rots_after, Stage.color, Stage.active),
        Tab(_("Requirements"), Show(Stage.requirements, wide=True)),
    ),
    Search(
        Stage,
        [Stage.name],
        filters=[
            Filter("global", _("Of all teams"), Stage.team_id.is_(None)),
            Filter("archived", _("Archived"), Stage.active.is_(False)),
        ],
        groups=[Stage.team],
    ),
    List(Tag, Tag.name, Tag.color, order=Tag.name, editable=True),
    Form(Tag, Head(Tag.name), Group(Tag.color, Tag.active)),
    List(LostReason, LostReason.name, LostReason.sequence, order=LostReason.sequence, editable=True),
    Form(LostReason, Head(LostReason.name), Group(LostReason.sequence, LostReason.active)),
    List(RecurringPlan, RecurringPlan.name, RecurringPlan.months, order=RecurringPlan.sequence, editable=True),
    Form(
        RecurringPlan,
        Head(RecurringPlan.name),
        Group(RecurringPlan.months, RecurringPlan.sequence, RecurringPlan.active),
    ),
    List(LeadStatus, LeadStatus.name, LeadStatus.sequence, order=LeadStatus.sequence, editable=True),
    Form(LeadStatus, Head(LeadStatus.name), Group(LeadStatus.sequence, LeadStatus.is_converted, LeadStatus.active)),
]
