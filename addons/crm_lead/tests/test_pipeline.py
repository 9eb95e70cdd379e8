"""The way of an opportunity through the stages: what the program keeps itself."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from addons.crm_lead.lists import LostReason, RecurringPlan, Stage, Team
from addons.crm_lead.models import Lead
from core.testing import House
from core.toolkit import (
    Refused,
    User,
    archive,
    create,
    create_many,
    ids,
    page,
    restore,
    set_setting,
    update,
    update_many,
)

from .desk import lead, seen, stage, stands


def test_only_a_title_is_needed(girih: House) -> None:
    ctx = girih.as_user("crm_lead.user")
    with girih.at(date(2026, 11, 22)):
        one = lead(ctx)
    assert stands(ctx, one) == ("New", "open", 10, True, False)
    row = seen(ctx, one, "kind", "document_number", "document_date", "assigned_at", "days_to_assign", "days_to_close")
    assert row == {
        "kind": "opportunity",
        "document_number": "L000001",
        "document_date": date(2026, 11, 22),
        "assigned_at": datetime(2026, 11, 22, 12, tzinfo=UTC),
        "days_to_assign": 0,
        "days_to_close": None,
    }


def test_the_won_stage_wins_and_leaving_it_opens_again(girih: House) -> None:
    ctx = girih.as_user("crm_lead.user")
    with girih.at(date(2026, 11, 1)):
        one = lead(ctx)
    with girih.at(date(2026, 11, 22)):
        update(ctx, Lead, one, {Lead.stage: stage(ctx, "Won")})
    assert stands(ctx, one) == ("Won", "won", 100, True, True)
    assert seen(ctx, one, "days_to_close") == {"days_to_close": 21}
    update(ctx, Lead, one, {Lead.stage: stage(ctx, "Qualified")})
    assert stands(ctx, one) == ("Qualified", "open", 30, True, False)


def test_a_new_one_in_the_won_stage_is_won(girih: House) -> None:
    ctx = girih.as_user("crm_lead.user")
    assert stands(ctx, lead(ctx, stage=stage(ctx, "Won"))) == ("Won", "won", 100, True, True)


def test_what_comes_closed_keeps_its_own_moments(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    closed = datetime(2017, 3, 1, tzinfo=UTC)
    won = lead(ctx, state="won", closed_at=closed, document_date=date(2016, 10, 20))
    lost = lead(ctx, state="lost", closed_at=closed, document_date=date(2016, 10, 20), stage=stage(ctx, "Qualified"))
    assert stands(ctx, won) == ("Won", "won", 100, True, True)
    assert stands(ctx, lost) == ("Qualified", "lost", 0, False, True)
    for one in (won, lost):
        row = seen(ctx, one, "closed_at", "stage_changed_at", "days_to_close", "days_to_assign")
        assert row == {"closed_at": closed, "stage_changed_at": closed, "days_to_close": 132, "days_to_assign": 0}


def test_the_probability_follows_the_stage_until_somebody_says_another(girih: House) -> None:
    ctx = girih.as_user("crm_lead.user")
    one = lead(ctx)
    update(ctx, Lead, one, {Lead.stage: stage(ctx, "Qualified")})
    assert seen(ctx, one, "probability") == {"probability": 30}
    update(ctx, Lead, one, {Lead.probability: 45})
    update(ctx, Lead, one, {Lead.stage: stage(ctx, "Proposition")})
    assert seen(ctx, one, "probability") == {"probability": 45}


def test_many_are_moved_at_once_and_each_gets_what_follows_for_it(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    with girih.at(date(2026, 1, 1)):
        won = lead(ctx, stage=stage(ctx, "Won"))
    with girih.at(date(2026, 2, 1)):
        fresh, lost = lead(ctx), lead(ctx, state="lost")
        update_many(ctx, Lead, [won, fresh, lost], {Lead.stage: stage(ctx, "Won")})
    assert [stands(ctx, one) for one in (won, fresh, lost)] == [("Won", "won", 100, True, True)] * 3
    closed = [seen(ctx, one, "closed_at")["closed_at"].month for one in (won, fresh, lost)]
    assert closed == [1, 2, 2]
    update_many(ctx, Lead, [won, fresh], {Lead.stage: stage(ctx, "New")})
    assert [stands(ctx, one) for one in (won, fresh)] == [("New", "open", 10, True, False)] * 2


def test_archiving_counts_as_closing_and_bringing_back_opens(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    one, lost = lead(ctx), lead(ctx, state="lost", lost_note="Too late")
    archive(ctx, Lead, [one])
    assert stands(ctx, one) == ("New", "open", 10, False, True)
    restore(ctx, Lead, [one, lost])
    assert stands(ctx, one) == ("New", "open", 10, True, False)
    assert stands(ctx, lost) == ("New", "open", 10, True, False)
    assert seen(ctx, lost, "lost_note") == {"lost_note": None}


def test_the_first_salesperson_is_the_assignment(girih: House) -> None:
    first, second = girih.person("crm_lead.user"), girih.person("crm_lead.manager")
    ctx = girih.as_user("crm_lead.manager")
    with girih.at(date(2026, 11, 1)):
        one = lead(ctx, user=None)
    assert seen(ctx, one, "assigned_at", "days_to_assign") == {"assigned_at": None, "days_to_assign": None}
    with girih.at(date(2026, 11, 9)):
        update(ctx, Lead, one, {Lead.user_id: first})
    with girih.at(date(2026, 11, 20)):
        update(ctx, Lead, one, {Lead.user_id: second})
    assert seen(ctx, one, "days_to_assign") == {"days_to_assign": 8}


def test_a_lead_gets_the_team_of_its_salesperson(girih: House) -> None:
    me = girih.person("crm_lead.user")
    with girih.context() as system:
        create(system, Team, {"name": "West", "members": [me], "sequence": 1})
        create(system, Team, {"name": "East", "leader": me, "sequence": 2})
        assert seen(system, lead(system, user=me), "team") == {"team": "West"}


def test_what_nobody_sells_goes_to_the_default_operator(girih: House) -> None:
    operator = girih.person("crm_lead.user")
    with girih.context() as system:
        assert seen(system, lead(system), "user") == {"user": None}
        (row,) = page(system, User, ["name", "email"], ["id", "=", operator])
        set_setting(system, "crm_lead.default_operator", row["email"])
        assert seen(system, lead(system), "user", "days_to_assign") == {"user": row["name"], "days_to_assign": 0}
        team = create(system, Team, {"name": "West"})
        assert seen(system, lead(system, team=team), "user") == {"user": None}


def test_a_team_has_stages_of_its_own_beside_those_of_all(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    west, east = create_many(ctx, Team, [{"name": "West"}, {"name": "East"}])
    demo = create(ctx, Stage, {"name": "Demonstration", "sequence": 5, "team": west, "probability": 20})
    signed = create(ctx, Stage, {"name": "Signed", "sequence": 95, "team": west, "is_won": True})
    one = lead(ctx, team=west)
    assert stands(ctx, one)[:3] == ("Demonstration", "open", 20)
    with pytest.raises(Refused, match="another sales team"):
        update(ctx, Lead, lead(ctx, team=east), {Lead.stage: demo})
    assert seen(ctx, lead(ctx, stage=demo, user=None), "team") == {"team": "West"}
    update(ctx, Lead, one, {Lead.stage: signed})
    update(ctx, Lead, one, {Lead.team: east})
    assert stands(ctx, one) == ("Won", "won", 100, True, True)


def test_a_recurring_revenue_is_told_by_the_month(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    yearly, quarterly = (ids(ctx, RecurringPlan, ["months", "=", months])[0] for months in (12, 3))
    one = lead(ctx, recurring_revenue=Decimal("1000.00"), plan=yearly)
    other = lead(ctx, recurring_revenue=Decimal("300.00"), plan=quarterly)
    found = [seen(ctx, who, "monthly_revenue")["monthly_revenue"] for who in (one, other, lead(ctx))]
    assert found == [Decimal("83.333333"), Decimal(100), None]


def test_what_stays_too_long_in_a_stage_rots(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    update(ctx, Stage, stage(ctx, "New"), {Stage.rots_after: 10})
    with girih.at(date(2026, 11, 1)):
        one, closed = lead(ctx), lead(ctx, state="lost")
    for day, rotting in ((10, None), (11, 10), (24, 23)):
        with girih.at(date(2026, 11, day)):
            assert seen(ctx, one, "rotting", "days_in_stage") == {"rotting": rotting, "days_in_stage": day - 1}
            assert seen(ctx, closed, "rotting") == {"rotting": None}
    with girih.at(date(2026, 11, 24)):
        update(ctx, Lead, one, {Lead.stage: stage(ctx, "Qualified")})
        assert seen(ctx, one, "days_in_stage") == {"days_in_stage": 0}


def test_what_is_shipped(girih: House) -> None:
    ctx = girih.as_user("crm_lead.user")
    stages = [(row["name"], row["is_won"]) for row in page(ctx, Stage, ["name", "is_won"], order=["sequence"])]
    assert stages == [("New", False), ("Qualified", False), ("Proposition", False), ("Won", True)]
    plans = [(row["name"], row["months"]) for row in page(ctx, RecurringPlan, ["name", "months"], order=["sequence"])]
    assert plans == [("Monthly", 1), ("Quarterly", 3), ("Half-yearly", 6), ("Yearly", 12)]
    assert len(ids(ctx, LostReason)) == 6
