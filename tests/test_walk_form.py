"""The form of an opportunity, walked by finger and keys: steps, tabs, choices, days, lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from addons.crm_lead.models import Lead
from tests.bed.fixtures import FreshDatabase, NewPage
from tests.walk_site import Sales, sales_site, walk
from tests.web_bed import running

PHONE = {"width": 390, "height": 844, "touch": True}


@pytest.fixture
def site(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Sales]:
    with sales_site(fresh_database, "sqlite", tmp_path) as made:
        yield made


@pytest.fixture
def address(site: Sales) -> Iterator[str]:
    with running(site) as found:
        yield found


def test_the_last_step_wins_and_is_celebrated(site: Sales, address: str, new_page: NewPage) -> None:
    lead = site.find(Lead, "Scanners 01")
    on = walk(site, new_page(motion=True), address)
    page = on.open(f"/m/crm.lead/{lead}?menu=pipeline")
    page.fill("[name=next_step]", "Send the contract")
    page.click(".g-stages button:has-text('Won')")
    page.wait_for_selector("canvas.g-celebrate")
    expect(page.locator(".g-toast")).to_contain_text("Well done!")
    expect(page.locator(".g-stages [aria-current=step]")).to_have_text("Won")
    assert [site.read(Lead, lead, name) for name in ("stage", "state", "next_step")] == [
        "Won",
        "won",
        "Send the contract",
    ]
    expect(page.locator("canvas.g-celebrate")).to_have_count(0)
    on.watched.check()


def test_the_button_won_is_celebrated_too(site: Sales, address: str, new_page: NewPage) -> None:
    lead = site.find(Lead, "Scanners 01")
    on = walk(site, new_page(motion=True), address)
    page = on.open(f"/m/crm.lead/{lead}?menu=pipeline")
    page.click(".g-bar [name=_verb][value=mark_won]")
    page.wait_for_selector("canvas.g-celebrate")
    expect(page.locator(".g-toast")).to_contain_text("Won! Well done.")
    assert site.read(Lead, lead, "state") == "won"


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_form_on_a_phone(site: Sales, address: str, new_page: NewPage, language: str) -> None:
    lead = site.find(Lead, "Scanners 01")
    on = walk(site, new_page(**PHONE), address)
    if language == "fa":
        on.speak("fa")
    page = on.open(f"/m/crm.lead/{lead}?menu=pipeline")
    page.locator(".g-stages button").nth(2).tap()
    expect(page.locator(".g-stages li").nth(2).locator("[aria-current=step]")).to_be_visible()
    assert site.stage_of("Scanners 01") == "Proposition"
    page.locator("[role=tab]").nth(2).tap()
    page.fill("[name=city]", "Yazd")
    page.locator("[name=expected_closing]").tap()
    page.locator(".g-cal-foot [data-today]").tap()
    page.locator("[data-field=contact] .ts-control").tap()
    page.keyboard.type("arya")
    page.locator(".ts-dropdown .option:has-text('Arya Labs')").tap()
    page.locator(".g-stars-in label").nth(3).tap()
    page.locator("[data-save]").tap()
    expect(page.locator(".g-saved-not")).to_have_count(0)
    on.settle()
    found = [site.read(Lead, lead, name) for name in ("city", "contact", "priority")]
    assert found == ["Yazd", "Arya Labs", 3]
    assert site.read(Lead, lead, "expected_closing") is not None
    on.watched.check()


def test_a_form_is_worked_by_keys_alone(site: Sales, address: str, new_page: NewPage) -> None:
    on = walk(site, new_page(), address)
    page = on.open("/m/crm.lead/new?menu=pipeline")
    keys = page.keyboard
    keys.type("Line nine")
    page.locator("[data-field=contact] .ts-control input").focus()
    keys.type("zagros")
    expect(page.locator("[data-field=contact] .option.active")).to_contain_text("Zagros Supply")
    keys.press("Enter")
    expect(page.locator("[data-field=contact] .item")).to_have_text("Zagros Supply")
    page.locator("[data-field=tags] .ts-control input").focus()
    keys.type("tend")
    expect(page.locator("[data-field=tags] .option.active")).to_contain_text("Tender")
    keys.press("Enter")
    keys.press("Escape")
    page.locator("[role=tab][aria-selected=true]").focus()
    keys.press("ArrowRight")
    expect(page.locator("[role=tab][aria-selected=true]")).to_have_text("Recurring revenue")
    expect(page.locator("[role=tab][aria-selected=true]")).to_be_focused()
    keys.press("Control+s")
    page.wait_for_url("**/m/crm.lead/*menu=pipeline*")
    page.wait_for_selector("h1:has-text('Line nine')")
    made = site.find(Lead, "Line nine")
    assert [site.read(Lead, made, name) for name in ("contact", "stage", "kind")] == [
        "Zagros Supply",
        "New",
        "opportunity",
    ]
    on.settle()
    page.locator(".g-stages button:has-text('Qualified')").focus()
    keys.press("Enter")
    expect(page.locator(".g-stages [aria-current=step]")).to_have_text("Qualified")
    assert site.stage_of("Line nine") == "Qualified"
    on.watched.check()


def test_lines_are_added_by_keys_and_touch(site: Sales, address: str, new_page: NewPage) -> None:
    lead = site.find(Lead, "Scanners 01")
    on = walk(site, new_page(), address)
    page = on.open(f"/m/crm.lead/{lead}?menu=pipeline")
    page.click("[role=tab]:has-text('Private notes')")
    page.click("[role=tabpanel]:not([hidden]) [data-line-add]")
    page.keyboard.type("Knows our competitor")
    page.keyboard.press("Tab")
    page.keyboard.press("Control+s")
    expect(page.locator("[role=tab]:has-text('Private notes') .g-count")).to_have_text("1")
    phone = walk(site, new_page(**PHONE), address)
    small = phone.open(f"/m/crm.lead/{lead}?menu=pipeline")
    small.locator("[role=tab]:has-text('Private notes')").tap()
    small.locator("[role=tabpanel]:not([hidden]) [data-line-add]").tap()
    small.keyboard.type("Wants an answer in May")
    small.locator("[data-save]").tap()
    expect(small.locator("[role=tab]:has-text('Private notes') .g-count")).to_have_text("2")


def test_a_refused_form_says_where_and_keeps_what_was_typed(site: Sales, address: str, new_page: NewPage) -> None:
    on = walk(site, new_page(**PHONE), address)
    page = on.open("/m/crm.lead/new?menu=pipeline")
    page.locator("[data-field=company_name] input").fill("Sepehr Logistics")
    page.locator("[name=expected_revenue]").fill("many")
    page.locator("[data-save]").tap()
    says = page.locator(".g-says-bad")
    expect(says).to_contain_text("2 fields need your attention")
    expect(says).to_be_in_viewport()
    expect(page.locator("[name=expected_revenue]")).to_have_value("many")
    expect(page.locator("[name=company_name]")).to_have_value("Sepehr Logistics")
    on.watched.check()
