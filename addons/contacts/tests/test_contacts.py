"""Contacts: codes, hierarchy, own documents, the portal user's own contact."""

from __future__ import annotations

import pytest

from addons.contacts.models import Contact, ContactPhone
from core.testing import House, make
from core.toolkit import (
    Context,
    Country,
    Invalid,
    NotAllowed,
    NotFound,
    Refused,
    Sequence,
    User,
    commit,
    count,
    create,
    create_many,
    delete_many,
    get,
    ids,
    page,
    update,
)


def people(ctx: Context, *rows: dict[str, object]) -> list[int]:
    return create_many(ctx, Contact, [{"name": f"Contact {number}", **row} for number, row in enumerate(rows, 1)])


def test_new_contacts_are_numbered_and_a_given_code_is_kept(girih: House) -> None:
    ctx = girih.as_user("contacts.manager")
    made = people(ctx, {}, {"code": "ACME"}, {})
    assert [row["code"] for row in page(ctx, Contact, ["code"], order=["id"])] == ["C00001", "ACME", "C00002"]
    with pytest.raises(Invalid):
        update(ctx, Contact, made[0], {"code": "ACME"})


def test_the_numbers_go_on_where_an_administrator_says(girih: House) -> None:
    with girih.context() as system:
        sequence = ids(system, Sequence, ["code", "=", "contacts.contact"])[0]
        update(system, Sequence, sequence, {Sequence.prefix: "K-", Sequence.next_number: 1400, Sequence.digits: 6})
        contact = create(system, Contact, {"name": "Nima"})
        assert get(system, Contact, contact, ["code"])["code"] == "K-001400"  # type: ignore[index]


def test_an_organisation_shows_its_persons(girih: House) -> None:
    ctx = girih.as_user("contacts.manager")
    firm = create(ctx, Contact, {"name": "Alborz", "kind": "organisation"})
    person = create(ctx, Contact, {"name": "Arman", "parent": firm, "superior": None})
    row = get(ctx, Contact, firm, ["people", "staff"])
    assert row is not None
    assert [one.title for one in row["people"]] == ["Arman"]
    assert row["staff"] == ()
    assert ids(ctx, Contact, ["parent.name", "=", "Alborz"]) == [person]


def test_nobody_stands_below_himself(girih: House) -> None:
    ctx = girih.as_user("contacts.manager")
    top, middle, low = people(ctx, {}, {}, {})
    update(ctx, Contact, middle, {"parent": top})
    update(ctx, Contact, low, {"parent": middle})
    with pytest.raises(Refused, match="already belongs"):
        update(ctx, Contact, top, {"parent": low})
    with pytest.raises(Refused, match="already belongs"):
        update(ctx, Contact, top, {"parent": top})
    update(ctx, Contact, low, {"superior": top})
    with pytest.raises(Refused, match="superior"):
        update(ctx, Contact, top, {"superior": low})


def test_who_makes_a_contact_is_responsible_for_it(girih: House) -> None:
    ctx = girih.as_user("contacts.user")
    row = get(ctx, Contact, create(ctx, Contact, {"name": "Nika"}), ["responsible"])
    assert row is not None
    assert row["responsible"].id == girih.person("contacts.user")


def test_own_documents_are_ones_own_and_nobodys(girih: House) -> None:
    me = girih.person("contacts.user")
    with girih.context("contacts.manager") as manager:
        mine, free, others = people(
            manager, {"responsible": me}, {"responsible": None}, {"responsible": girih.person("contacts.manager")}
        )
        phones = create_many(
            manager, ContactPhone, [{"contact": one, "number": "+982155500101"} for one in (mine, free, others)]
        )
        commit(manager)
    ctx = girih.as_user("contacts.user")
    assert sorted(ids(ctx, Contact)) == [mine, free]
    assert count(ctx, ContactPhone) == 2
    with pytest.raises(NotFound):
        update(ctx, Contact, others, {"name": "Taken"})
    with pytest.raises(NotFound):
        update(ctx, ContactPhone, phones[2], {"number": "+982155500102"})
    with pytest.raises(NotAllowed):
        delete_many(ctx, Contact, [mine])


def test_a_portal_user_sees_the_own_contact_only(girih: House) -> None:
    portal = girih.person("core.portal")
    with girih.context("core.admin") as admin:
        own, _other = people(admin, {"user": portal, "responsible": None}, {"responsible": None})
        commit(admin)
    ctx = girih.as_user("core.portal")
    assert ids(ctx, Contact) == [own]
    with pytest.raises(NotAllowed):
        update(ctx, Contact, own, {"name": "Somebody else"})


def test_without_a_role_staff_sees_no_contact(girih: House) -> None:
    with girih.context() as system:
        make(system, Contact)
        commit(system)
    ctx = girih.as_user("core.staff")
    assert (count(ctx, Contact), count(ctx, User) > 0, count(ctx, Country) > 0) == (0, True, True)


def test_a_user_is_one_contact_at_most(girih: House) -> None:
    with girih.context() as system:
        people(system, {"user": girih.person("contacts.user")})
        with pytest.raises(Invalid):
            people(system, {"user": girih.person("contacts.user")})
