"""Ways through the program: the menu, the path, lists by finger, the back button, the menu of the person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from addons.contacts.models import Contact
from addons.crm_lead.models import Lead
from tests.bed.fixtures import FreshDatabase, NewPage
from tests.walk_site import Sales, sales_site, walk
from tests.web_bed import running

if TYPE_CHECKING:
    from playwright.sync_api import Page

LIST = "/m/crm.lead/list?menu=pipeline&f="


@pytest.fixture
def site(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Sales]:
    with sales_site(fresh_database, "sqlite", tmp_path) as made:
        yield made


@pytest.fixture
def address(site: Sales) -> Iterator[str]:
    with running(site) as found:
        yield found


def path_of(page: Page) -> list[str]:
    return page.locator("#g-crumbs > :not(svg)").all_inner_texts()


def current(page: Page) -> list[str]:
    return page.locator("#g-side [aria-current=page]").all_inner_texts()


@pytest.mark.parametrize(
    ("path", "line", "trail"),
    [
        ("/m/crm.lead/kanban?menu=pipeline", "Pipeline", ["Sales", "Pipeline"]),
        ("/m/contacts.contact/list?menu=customers", "Customers", ["Sales", "Customers"]),
        ("/m/contacts.contact/list", "All contacts", ["Contacts", "All contacts"]),
        ("/m/contacts.contact/list?menu=organisations", "Organisations", ["Contacts", "Organisations"]),
        ("/m/crm.lead/list", "Pipeline", ["Sales", "Opportunities"]),
        ("/m/crm.stage/list", "Stages", ["Sales", "Stages"]),
        ("/m/core.user/list", "Settings", ["Settings", "Users"]),
        ("/m/core.user/1", "Settings", ["Settings", "Users", "Sara"]),
        ("/m/contacts.contact/1?via=list&menu=customers", "Customers", ["Sales", "Customers", "Alborz Industries"]),
        ("/m/contacts.contact/1", "All contacts", ["Contacts", "All contacts", "Alborz Industries"]),
    ],
)
def test_one_line_of_the_menu_is_lit_and_the_path_leads_there(
    site: Sales, address: str, page: Page, path: str, line: str, trail: list[str]
) -> None:
    on = walk(site, page, address)
    on.open(path)
    assert (current(page), path_of(page)) == ([line], trail)


def test_from_a_list_into_a_record_and_back(site: Sales, address: str, page: Page) -> None:
    on = walk(site, page, address)
    on.open("/m/contacts.contact/list?menu=customers")
    page.click("tr[data-id] >> nth=1")
    page.wait_for_url("**/m/contacts.contact/*menu=customers*")
    on.settle()
    assert (current(page), path_of(page)[:2]) == (["Customers"], ["Sales", "Customers"])
    page.fill("[name=city]", "Yazd")
    page.click("[data-save]")
    expect(page.locator(".g-saved-not")).to_have_count(0)
    on.settle()
    assert current(page) == ["Customers"]
    page.click("#g-crumbs a")
    page.wait_for_url("**/m/contacts.contact/list?menu=customers")
    page.go_back()
    page.wait_for_url("**/m/contacts.contact/*via=list*")
    expect(page.locator("[name=city]")).to_have_value("Yazd")


def test_the_back_button_goes_through_what_was_asked_of_a_list(site: Sales, address: str, page: Page) -> None:
    on = walk(site, page, address)
    on.open(LIST)
    page.click("th a:has-text('Expected revenue')")
    expect(page.locator("th[aria-sort]")).to_contain_text("Expected revenue")
    on.settle()
    page.fill(".g-find-in", "Scanners 1")
    page.keyboard.press("Enter")
    expect(page.locator(".g-facet")).to_contain_text("Scanners 1")
    expect(page.locator("tr[data-id]")).to_have_count(21)
    page.click("tr[data-id] >> nth=0")
    page.wait_for_url("**/m/crm.lead/*via=list*")
    on.settle()
    expect(page.locator(".g-pager")).to_contain_text("1 of 21")
    page.go_back()
    expect(page.locator(".g-facet")).to_contain_text("Scanners 1")
    page.go_back()
    expect(page.locator(".g-facet")).to_have_count(0)
    expect(page.locator("th[aria-sort]")).to_contain_text("Expected revenue")
    page.go_back()
    expect(page.locator("th[aria-sort]")).to_have_count(0)
    expect(page.locator("tr[data-id]")).to_have_count(60)
    on.watched.check()


def test_a_list_by_touch(site: Sales, address: str, new_page: NewPage) -> None:
    on = walk(site, new_page(width=390, height=844, touch=True), address)
    page = on.open(LIST)
    rows = page.locator("tr[data-id]")
    names = [rows.nth(place).locator(".g-strong").inner_text() for place in (0, 1)]
    for place in (0, 1):
        rows.nth(place).locator("[name=ids]").tap()
    expect(page.locator("[data-bulk-text]")).to_have_text("2 selected")
    on.watched.check()
    page.locator("[data-bulk] button:has-text('Won')").tap()
    expect(page.locator(".g-toast")).to_contain_text("2 opportunities won")
    assert [site.stage_of(name) for name in names] == ["Won", "Won"]
    on.settle()
    page.locator("[data-find-toggle]").tap()
    page.locator(".g-find-cols a:has-text('Won')").tap()
    expect(page.locator("tr[data-id]")).to_have_count(2)
    page.locator(".g-facet-x").tap()
    expect(page.locator("tr[data-id]")).to_have_count(60)
    rows.nth(5).locator(".g-strong").tap()
    page.wait_for_url("**/m/crm.lead/*via=list*")


def test_the_menu_of_the_person_and_the_theme_say_what_they_do(site: Sales, address: str, page: Page) -> None:
    on = walk(site, page, address)
    on.open(LIST)
    theme = page.locator("[data-g=theme]")
    for wish in ("Light theme", "Dark theme", "Theme of the device"):
        with page.expect_response("**/preferences/theme"):
            theme.click()
        expect(theme).to_have_attribute("title", wish)
    page.click("[popovertarget=g-user]")
    menu = page.locator("#g-user")
    expect(menu.get_by_role("menuitem")).to_have_text(["My preferences", "فارسی", "Log out"])
    expect(menu.get_by_role("menuitem").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_selector("html[lang=fa]", state="attached")
    assert re.search(r"menu=pipeline", page.url)
    page.click("[popovertarget=g-user]")
    menu.get_by_role("menuitem", name="خروج").click()
    page.wait_for_url("**/login*")
    on.watched.check()


def test_the_menu_on_a_phone_slides_in_and_goes(site: Sales, address: str, new_page: NewPage) -> None:
    on = walk(site, new_page(width=390, height=844, touch=True), address)
    page = on.open(LIST)
    page.locator("[data-g=menu]").tap()
    expect(page.locator("#g-side a").first).to_be_focused()
    page.locator("#g-side a:has-text('Customers')").tap()
    page.wait_for_url("**/m/contacts.contact/*menu=customers")
    on.settle()
    assert page.locator(".g-ph-nav [aria-current=page]").all_inner_texts() == ["Sales"]
    on.watched.check()


def test_what_is_empty_helps_on(site: Sales, address: str, page: Page) -> None:
    on = walk(site, page, address)
    on.open("/m/crm.lead/list?menu=leads")
    expect(page.locator(".g-empty h2")).to_be_visible()
    on.watched.check()
    page.click(".g-empty a:has-text('New')")
    page.wait_for_url("**/m/crm.lead/new*menu=leads*")
    on.settle()
    page.keyboard.type("Heard of us at the fair")
    page.keyboard.press("Control+s")
    page.wait_for_selector("h1:has-text('Heard of us at the fair')")
    assert site.read(Lead, site.find(Lead, "Heard of us at the fair"), "kind") == "lead"
    on.open("/m/contacts.contact/list?menu=staff")
    expect(page.locator(".g-empty")).to_be_visible()
    assert site.read(Contact, 1, "name") == "Alborz Industries"


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_jumps_when_a_part_of_a_page_is_put_in(
    site: Sales, address: str, new_page: NewPage, width: int
) -> None:
    on = walk(site, new_page(width=width), address)
    page = on.open(f"/m/crm.lead/{site.find(Lead, 'Scanners 01')}?menu=pipeline")
    page.evaluate(
        "window.jumps = []; new PerformanceObserver(list => window.jumps.push(...list.getEntries().map(e => e.value)))"
        ".observe({type: 'layout-shift', buffered: false})"
    )
    page.fill("[name=next_step]", "Send the contract")
    expect(page.locator("[data-saved]")).to_have_text("Not saved yet")
    page.press("[name=next_step]", "Control+s")
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    on.settle()
    page.locator(".g-stages button").nth(2).click()
    expect(page.locator(".g-stages li").nth(2).locator("[aria-current=step]")).to_be_visible()
    on.settle()
    assert page.evaluate("window.jumps.reduce((sum, one) => sum + one, 0)") < 0.02
