"""What a customer gives to a lead."""

from __future__ import annotations

import pytest

from addons.contacts.lists import Industry
from addons.contacts.models import Contact
from addons.crm_lead.models import Lead
from core.testing import House
from core.toolkit import Refused, create, delete_many, update, update_many

from .desk import lead, seen

FIRM = {"kind": "organisation", "name": "Alborz Industries", "email": "info@alborz.example", "city": "Karaj"}


def test_a_customer_fills_what_is_empty(girih: House) -> None:
    ctx = girih.as_user("core.admin")
    steel = create(ctx, Industry, {"name": "Steel"})
    firm = create(ctx, Contact, {**FIRM, "industry": steel, "language": "fa"})
    one = lead(ctx, contact=firm, email="arman@alborz.example")
    assert seen(ctx, one, "email", "company_name", "contact_name", "city", "industry", "language") == {
        "email": "arman@alborz.example",
        "company_name": "Alborz Industries",
        "contact_name": None,
        "city": "Karaj",
        "industry": "Steel",
        "language": "fa",
    }


def test_a_person_brings_the_organisation_along(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    firm = create(ctx, Contact, FIRM)
    person = create(ctx, Contact, {"name": "Arman", "parent": firm, "job_position": "Buyer"})
    row = seen(ctx, lead(ctx, contact=person), "company_name", "contact_name", "job_position")
    assert row == {"company_name": "Alborz Industries", "contact_name": "Arman", "job_position": "Buyer"}


def test_another_customer_replaces_what_the_first_one_gave(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    first = create(ctx, Contact, {**FIRM, "phone": "+982155500142"})
    second = create(ctx, Contact, {"kind": "organisation", "name": "Zagros", "email": "hi@zagros.example"})
    one = lead(ctx, contact=first, website="https://own.example")
    update(ctx, Lead, one, {Lead.contact_id: second})
    row = seen(ctx, one, "company_name", "email", "phone", "city", "website")
    assert row == {
        "company_name": "Zagros",
        "email": "hi@zagros.example",
        "phone": None,
        "city": None,
        "website": "https://own.example",
    }


def test_an_address_is_taken_whole_or_not_at_all(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    firm = create(ctx, Contact, {**FIRM, "street": "Azadi 12"})
    row = seen(ctx, lead(ctx, contact=firm, city="Shiraz"), "street", "city")
    assert row == {"street": None, "city": "Shiraz"}


def test_many_leads_get_one_customer(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    firm = create(ctx, Contact, FIRM)
    bare, own = lead(ctx), lead(ctx, email="arman@alborz.example")
    update_many(ctx, Lead, [bare, own], {Lead.contact_id: firm})
    found = [seen(ctx, one, "email", "company_name") for one in (bare, own)]
    assert found == [
        {"email": "info@alborz.example", "company_name": "Alborz Industries"},
        {"email": "arman@alborz.example", "company_name": "Alborz Industries"},
    ]


def test_the_code_of_the_customer_is_shown_with_the_lead(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    firm = create(ctx, Contact, FIRM)
    assert seen(ctx, lead(ctx, contact=firm), "customer_code") == {"customer_code": "C00001"}


def test_a_customer_is_not_deleted_while_documents_name_it(girih: House) -> None:
    ctx = girih.as_user("crm_lead.manager")
    firm = create(ctx, Contact, FIRM)
    lead(ctx, contact=firm)
    with pytest.raises(Refused):
        delete_many(ctx, Contact, [firm])
