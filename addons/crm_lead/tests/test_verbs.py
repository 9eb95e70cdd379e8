"""The verbs: won, lost, restore, assign, convert."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select

from addons.contacts.models import Contact
from addons.crm_lead.lists import LostReason, Stage, Team
from addons.crm_lead.models import Lead
from addons.crm_lead.operations import assign, convert, mark_lost, mark_won, restore
from core.testing import House
from core.toolkit import NotFound, Refused, call_verb, commit, create, create_many, get, ids, update

from .desk import lead, seen, stage, stands


def test_won_moves_to_the_won_stage_and_asks_for_a_celebration(girih: House) -> None:
    ctx = girih.as_user("crm_lead.user")
    one, other, third = lead(ctx), lead(ctx), lead(ctx)
    assert call_verb(ctx, mark_won, [one]).result["celebrate"] is True
    result, left = call_verb(ctx, mark_won, [one, other, third])
    assert (str(result["message"]), left) == ("2 opportunities won! Well done.", (one,))
    assert [stands(ctx, who) for who in (one, other, third)] == [("Won", "won", 100, True, True)] * 3


def test_each_team_wins_in_its_own_stage(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    west = create(ctx, Team, {"name": "West"})
    create(ctx, Stage, {"name": "Signed", "team": west, "is_won": True, "sequence": 99})
    one, other = lead(ctx, team=west), lead(ctx)
    call_verb(ctx, mark_won, [one, other])
    assert [stands(ctx, who)[:2] for who in (one, other)] == [("Signed", "won"), ("Won", "won")]


def test_without_a_won_stage_it_is_won_where_it_stands(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    update(ctx, Stage, stage(ctx, "Won"), {Stage.is_won: False})
    one = lead(ctx)
    call_verb(ctx, mark_won, [one])
    assert stands(ctx, one) == ("New", "won", 100, True, True)


def test_lost_needs_a_reason_and_archives(girih: House) -> None:
    ctx = girih.as_user("crm_lead.user")
    one = lead(ctx)
    with pytest.raises(Refused, match="why"):
        call_verb(ctx, mark_lost, [one])
    reason = ids(ctx, LostReason, ["name", "=", "No budget"])[0]
    call_verb(ctx, mark_lost, [one], reason=reason, note="Next year again")
    assert stands(ctx, one) == ("New", "lost", 0, False, True)
    assert seen(ctx, one, "lost_reason", "lost_note") == {"lost_reason": "No budget", "lost_note": "Next year again"}
    assert ids(ctx, Lead) == []


def test_lost_ones_are_restored_to_the_first_stage_or_the_chosen_one(girih: House) -> None:
    ctx = girih.as_user("crm_lead.user")
    reason = create(ctx, LostReason, {"name": "Moved away"})
    one, other = lead(ctx, stage=stage(ctx, "Proposition")), lead(ctx)
    call_verb(ctx, mark_lost, [one, other], reason=reason)
    call_verb(ctx, restore, [one])
    call_verb(ctx, restore, [other], stage=stage(ctx, "Qualified"))
    assert stands(ctx, one) == ("New", "open", 10, True, False)
    assert stands(ctx, other) == ("Qualified", "open", 30, True, False)
    assert seen(ctx, one, "lost_reason") == {"lost_reason": None}


def test_verbs_are_offered_where_they_make_sense(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    lead(ctx, stage=stage(ctx, "Won"))
    fresh, lost, raw = lead(ctx), lead(ctx, state="lost"), lead(ctx, kind="lead")
    offered = {
        verb.name: set(ctx.session.scalars(select(Lead.id).where(verb.when)))
        for verb in (mark_won, mark_lost, restore, convert)
    }
    assert offered == {"mark_won": {fresh, lost}, "mark_lost": {fresh, raw}, "restore": {lost}, "convert": {raw}}


def test_assigning_brings_the_team_along(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    seller = girih.person("crm_lead.user")
    west, east = create_many(ctx, Team, [{"name": "West", "members": [seller]}, {"name": "East"}])
    one, other = lead(ctx, user=None), lead(ctx, user=None)
    call_verb(ctx, assign, [one], user=seller)
    call_verb(ctx, assign, [other], user=seller, team=east)
    assert [seen(ctx, who, "team")["team"] for who in (one, other)] == ["West", "East"]
    assert west != east


def test_nobody_assigns_what_he_may_not_see(girih: House) -> None:
    manager = girih.as_user("crm_lead.manager")
    one = lead(manager)
    commit(manager)
    with pytest.raises(NotFound):
        call_verb(girih.as_user("crm_lead.user"), mark_won, [one])


RAW = {"kind": "lead", "contact_name": "Arman T.", "company_name": "Alborz Industries", "email": "arman@alborz.example"}


def test_converting_creates_the_customer_a_lead_names(girih: House) -> None:
    ctx = girih.as_user("crm_lead.user")
    one = lead(ctx, **RAW, phone="+982155500142", city="Tehran")
    answer = call_verb(ctx, convert, [one]).result
    assert str(answer["message"]) == "The lead is an opportunity now."
    assert seen(ctx, one, "kind", "contact", "stage", "status") == {
        "kind": "opportunity",
        "contact": "Arman T.",
        "stage": "New",
        "status": "Converted",
    }
    found = get(ctx, Contact, ids(ctx, Contact, ["name", "=", "Arman T."])[0], ["kind", "parent", "email", "city"])
    assert found is not None
    assert (found["kind"], found["parent"].title, found["email"], found["city"]) == (
        "person",
        "Alborz Industries",
        "arman@alborz.example",
        "Tehran",
    )


def test_an_organisation_is_not_made_twice(girih: House) -> None:
    ctx = girih.as_user("crm_lead.user")
    first, second = lead(ctx, **RAW), lead(ctx, kind="lead", company_name="Alborz Industries")
    call_verb(ctx, convert, [first, second])
    assert len(ids(ctx, Contact, ["name", "=", "Alborz Industries"])) == 1
    assert seen(ctx, second, "contact") == {"contact": "Alborz Industries"}


def test_converting_links_an_existing_customer_or_none(girih: House) -> None:
    ctx = girih.as_user("crm_lead.user")
    known = create(ctx, Contact, {"name": "Nilufar Stores", "kind": "organisation", "phone": "+982155500199"})
    linked, alone = lead(ctx, kind="lead"), lead(ctx, **RAW)
    call_verb(ctx, convert, [linked], customer="link", contact=known)
    call_verb(ctx, convert, [alone], customer="none")
    row = seen(ctx, linked, "contact", "company_name", "phone")
    assert row == {"contact": "Nilufar Stores", "company_name": "Nilufar Stores", "phone": "+982155500199"}
    assert seen(ctx, alone, "contact", "kind") == {"contact": None, "kind": "opportunity"}
    with pytest.raises(Refused, match="cannot be done"):
        call_verb(ctx, convert, [alone])
    with pytest.raises(Refused, match="link"):
        call_verb(ctx, convert, [lead(ctx, kind="lead")], customer="link")


def test_converting_gives_to_salesperson_and_team(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    seller = girih.person("crm_lead.user")
    east = create(ctx, Team, {"name": "East"})
    demo = create(ctx, Stage, {"name": "Demonstration", "sequence": 1, "team": east})
    one = lead(ctx, kind="lead", user=None)
    call_verb(ctx, convert, [one], customer="none", user=seller, team=east)
    row = get(ctx, Lead, one, ["user", "team", "stage"])
    assert row is not None
    assert (row["user"].id, row["team"].id, row["stage"].id) == (seller, east, demo)


def test_of_many_who_convert_a_lead_at_once_one_does(girih: House) -> None:
    with girih.context() as ctx:
        one = lead(ctx, **RAW)
        commit(ctx)
    together = Barrier(4)

    def attempt(_number: int) -> bool:
        together.wait()
        with girih.context() as ctx:
            try:
                call_verb(ctx, convert, [one])
            except Refused:
                return False
            commit(ctx)
            return True

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(attempt, range(4))) == [False, False, False, True]
    with girih.context() as ctx:
        assert len(ids(ctx, Contact, ["name", "=", "Arman T."])) == 1
