"""Who sees what: own and unassigned documents, their customers, private notes."""

from __future__ import annotations

import pytest

from addons.contacts.models import Contact
from addons.crm_lead.lists import Stage, Team
from addons.crm_lead.models import Lead, LeadContact, PrivateNote
from core.testing import House
from core.toolkit import NotAllowed, commit, count, create, create_many, delete_many, get, groups, ids, totals, update

from .desk import lead


@pytest.fixture
def three(girih: House) -> tuple[int, int, int]:
    """Give a lead of the user, one of nobody, one of the manager, worth 1, 10 and 100."""
    seller, manager, _admin = (girih.person(role) for role in ("crm_lead.user", "crm_lead.manager", "core.admin"))
    with girih.context("crm_lead.manager") as ctx:
        found = [
            lead(ctx, user=who, expected_revenue=worth) for who, worth in ((seller, 1), (None, 10), (manager, 100))
        ]
        commit(ctx)
    return found[0], found[1], found[2]


def test_own_documents_in_lists_groups_and_sums(girih: House, three: tuple[int, int, int]) -> None:
    mine, free, others = three
    with girih.context("crm_lead.manager") as manager:
        assert count(manager, Lead) == 3
    ctx = girih.as_user("crm_lead.user")
    assert sorted(ids(ctx, Lead)) == [mine, free]
    found = groups(ctx, Lead, "stage", ["expected_revenue"])
    assert [(group.count, group.sums["expected_revenue"]) for group in found] == [(2, 11)]
    assert totals(ctx, Lead, ["expected_revenue"]).sums == {"expected_revenue": 11}
    assert get(ctx, Lead, others, ["name"]) is None


def test_own_documents_cannot_be_deleted_nor_given_away(girih: House, three: tuple[int, int, int]) -> None:
    mine, free, _others = three
    ctx = girih.as_user("crm_lead.user")
    with pytest.raises(NotAllowed):
        delete_many(ctx, Lead, [mine])
    with pytest.raises(NotAllowed):
        update(ctx, Lead, mine, {Lead.user_id: girih.person("crm_lead.manager")})
    assert update(ctx, Lead, free, {Lead.user_id: girih.person("crm_lead.user")})


def test_what_one_made_stays_ones_own(girih: House) -> None:
    other = girih.person("crm_lead.manager")
    ctx = girih.as_user("crm_lead.user")
    one = lead(ctx)
    update(ctx, Lead, one, {Lead.user_id: other})
    assert ids(ctx, Lead) == [one]


def test_the_customers_of_own_documents_are_seen_and_no_others(girih: House) -> None:
    seller, manager = girih.person("crm_lead.user"), girih.person("crm_lead.manager")
    with girih.context("crm_lead.manager") as ctx:
        mine, others = create_many(ctx, Contact, [{"name": "Alborz"}, {"name": "Zagros"}])
        lead(ctx, user=seller, contact=mine)
        lead(ctx, user=manager, contact=others)
        commit(ctx)
    ctx = girih.as_user("crm_lead.user")
    assert ids(ctx, Contact) == [mine]
    with pytest.raises(NotAllowed):
        update(ctx, Contact, mine, {"name": "Taken over"})


def test_private_notes_are_for_salesperson_and_writer(girih: House, three: tuple[int, int, int]) -> None:
    _mine, free, _others = three
    with girih.context("crm_lead.manager") as ctx:
        notes = create_many(ctx, PrivateNote, [{"lead": one, "note": "Careful"} for one in three])
        commit(ctx)
        assert ids(ctx, PrivateNote, order=["id"]) == notes
    with girih.context("crm_lead.user") as ctx:
        assert ids(ctx, PrivateNote) == [notes[0]]
        own = create(ctx, PrivateNote, {"lead": free, "note": "Mine alone"})
        commit(ctx)
    for role, expected in (("crm_lead.manager", notes), ("core.admin", [*notes, own])):
        with girih.context(role) as ctx:
            assert ids(ctx, PrivateNote, order=["id"]) == expected


def test_contact_persons_follow_their_document(girih: House, three: tuple[int, int, int]) -> None:
    with girih.context("crm_lead.manager") as ctx:
        who = create(ctx, Contact, {"name": "Arman"})
        rows = create_many(ctx, LeadContact, [{"lead": one, "contact": who, "role": "Decides"} for one in three])
        commit(ctx)
    assert sorted(ids(girih.as_user("crm_lead.user"), LeadContact)) == rows[:2]


def test_teams_of_the_user_are_a_live_value(girih: House) -> None:
    me, other = girih.person("crm_lead.user"), girih.person("crm_lead.manager")
    with girih.context("crm_lead.manager") as ctx:
        west, east, _north = create_many(
            ctx, Team, [{"name": "West", "members": [me]}, {"name": "East", "leader": me}, {"name": "North"}]
        )
        commit(ctx)
        assert ctx.live("team_ids") == []
    assert sorted(girih.as_user("crm_lead.user").live("team_ids")) == [west, east]
    assert me != other


def test_stages_are_read_by_staff_and_changed_by_managers(girih: House) -> None:
    with girih.context("crm_lead.user") as ctx:
        new = ids(ctx, Stage, order=["sequence"])[0]
        with pytest.raises(NotAllowed):
            update(ctx, Stage, new, {Stage.name: "Start"})
    with girih.context("crm_lead.manager") as ctx:
        assert update(ctx, Stage, new, {Stage.name: "Start"})
