"""What sales begins with: document numbers, stages, reasons and plans, and the settings of the app."""

from __future__ import annotations

from core.toolkit import Seed, Sequence, SettingField, SettingGroup, _

from .lists import LeadStatus, LostReason, RecurringPlan, Stage

NUMBERS = "crm.lead"
USE_LEADS = "crm_lead.use_leads"
CELEBRATE = "crm_lead.celebrate"
DEFAULT_OPERATOR = "crm_lead.default_operator"


def _stage(key: str, name: object, sequence: int, probability: int, *, is_won: bool = False) -> Seed:
    values = {
        Stage.name: name,
        Stage.sequence: sequence,
        Stage.probability: probability,
        Stage.is_won: is_won,
    }
    return Seed(Stage, key, values)


def _plan(key: str, name: object, months: int) -> Seed:
    return Seed(
        RecurringPlan,
        key,
        {RecurringPlan.name: name, RecurringPlan.months: months, RecurringPlan.sequence: months * 10},
    )


def _reason(key: str, name: object, sequence: int) -> Seed:
    return Seed(LostReason, key, {LostReason.name: name, LostReason.sequence: sequence})


def _status(key: str, name: object, sequence: int, *, is_converted: bool = False) -> Seed:
    return Seed(
        LeadStatus,
        key,
        {LeadStatus.name: name, LeadStatus.sequence: sequence, LeadStatus.is_converted: is_converted},
    )


SEEDS = [
    Seed(
        Sequence,
        "numbers",
        {Sequence.code: NUMBERS, Sequence.name: _("Lead numbers"), Sequence.prefix: "L", Sequence.digits: 6},
    ),
    _stage("stage_new", _("New"), 10, 10),
    _stage("stage_qualified", _("Qualified"), 20, 30),
    _stage("stage_proposition", _("Proposition"), 30, 60),
    _stage("stage_won", _("Won"), 90, 100, is_won=True),
    _reason("reason_price", _("Too expensive"), 10),
    _reason("reason_competitor", _("Chose a competitor"), 20),
    _reason("reason_budget", _("No budget"), 30),
    _reason("reason_need", _("No need any more"), 40),
    _reason("reason_silence", _("No answer"), 50),
    _reason("reason_product", _("We do not have what they want"), 60),
    _plan("plan_monthly", _("Monthly"), 1),
    _plan("plan_quarterly", _("Quarterly"), 3),
    _plan("plan_half_yearly", _("Half-yearly"), 6),
    _plan("plan_yearly", _("Yearly"), 12),
    _status("status_new", _("New"), 10),
    _status("status_assigned", _("Assigned"), 20),
    _status("status_working", _("In process"), 30),
    _status("status_converted", _("Converted"), 40, is_converted=True),
    _status("status_recycled", _("Recycled"), 50),
    _status("status_dead", _("Dead"), 60),
]

SETTINGS = [
    SettingGroup(
        _("Sales"),
        [
            SettingField(
                USE_LEADS,
                _("Leads"),
                default=True,
                help=_("A page of leads before the pipeline: what must be looked at before it is an opportunity."),
            ),
            SettingField(
                CELEBRATE,
                _("Celebrate what is won"),
                default=True,
                help=_("Stars fly for a moment when an opportunity is won; not where a device asks for little motion."),
            ),
            SettingField(
                DEFAULT_OPERATOR,
                _("Default operator"),
                kind="char",
                help=_("The e-mail address of the user who gets leads that come without salesperson and team."),
            ),
        ],
    )
]
