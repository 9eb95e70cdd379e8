"""Teams, the stages of the pipeline, and the small lists that describe a lead."""

from __future__ import annotations

from core.toolkit import Check, Company, HasArchive, HasChatter, Model, User, _, fields


class Team(HasChatter, HasArchive, Model, name="crm.team", label=_("Sales team"), plural=_("Sales teams")):
    """People who sell together."""

    name = fields.char(_("Name"), required=True, unique=True, search=True, tracked=True)
    sequence = fields.integer(_("Position"), required=True, default=10)
    leader_id = fields.many2one(User, _("Team leader"), ondelete="SET NULL", tracked=True)
    leader = fields.record(leader_id)
    members = fields.many2many(User, _("Members"), tracked=True)
    company_id = fields.many2one(Company, _("Company"), default=fields.COMPANY, index=False)
    company = fields.record(company_id)
    color = fields.color(_("Colour"), default=0)
    uses_leads = fields.boolean(_("Handles leads"), default=True)
    uses_opportunities = fields.boolean(_("Handles opportunities"), default=True)
    target = fields.money(_("Monthly target"), minimum=0, help=_("The value to be won in a month."))


class Stage(HasArchive, Model, name="crm.stage", label=_("Stage"), plural=_("Stages")):
    """A step of the pipeline, a column of its board; without a team it is every team's."""

    __checks__ = (
        Check("probability BETWEEN 0 AND 100", _("A probability lies between 0 and 100 percent."), name="percent"),
    )

    name = fields.char(_("Name"), required=True, search=True, translated=True)
    sequence = fields.integer(_("Position"), required=True, default=50)
    team_id = fields.many2one(Team, _("Sales team"), ondelete="CASCADE", help=_("Empty: a stage of all teams."))
    team = fields.record(team_id)
    is_won = fields.boolean(_("Won"), help=_("An opportunity that comes here is won."))
    folded = fields.boolean(_("Folded on the board"))
    probability = fields.integer(_("Probability"), minimum=0, maximum=100, widget="percent")
    rots_after = fields.integer(
        _("Days until it rots"), minimum=1, help=_("An opportunity that stays here longer is marked on the board.")
    )
    requirements = fields.text(_("Requirements"), help=_("What must be done before the next stage."))
    color = fields.color(_("Colour"), default=0)


class Tag(HasArchive, Model, name="crm.tag", label=_("Tag"), plural=_("Tags")):
    """A coloured word on leads and opportunities."""

    name = fields.char(_("Name"), required=True, unique=True, search=True)
    color = fields.color(_("Colour"), default=0)


class LostReason(HasArchive, Model, name="crm.lost_reason", label=_("Lost reason"), plural=_("Lost reasons")):
    """Why an opportunity was lost."""

    name = fields.char(_("Name"), required=True, unique=True, search=True, translated=True)
    sequence = fields.integer(_("Position"), required=True, default=50)


class RecurringPlan(
    HasArchive, Model, name="crm.recurring_plan", label=_("Recurring plan"), plural=_("Recurring plans")
):
    """How often a recurring revenue comes."""

    name = fields.char(_("Name"), required=True, unique=True, search=True, translated=True)
    months = fields.integer(_("Number of months"), required=True, default=1, minimum=1, maximum=1200)
    sequence = fields.integer(_("Position"), required=True, default=50)


class LeadStatus(HasArchive, Model, name="crm.lead_status", label=_("Lead status"), plural=_("Lead statuses")):
    """How far the work on a lead has come, before it is an opportunity."""

    name = fields.char(_("Name"), required=True, unique=True, search=True, translated=True)
    sequence = fields.integer(_("Position"), required=True, default=50)
    is_converted = fields.boolean(_("Of converted leads"), help=_("A lead gets this status when it is converted."))


LISTS = (Stage, LostReason, RecurringPlan, LeadStatus, Tag)
