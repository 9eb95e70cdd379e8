"""The board of the pipeline, walked by mouse, finger and keys: every move is read back from the database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from addons.crm_lead.lists import Stage
from addons.crm_lead.models import Lead
from core.operations import commit, set_setting
from tests.bed.fixtures import FreshDatabase, NewPage
from tests.walk_site import Sales, sales_site, walk
from tests.web_bed import running

if TYPE_CHECKING:
    from playwright.sync_api import Page

BOARD = "/m/crm.lead/kanban?menu=pipeline&f="


@pytest.fixture
def site(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Sales]:
    with sales_site(fresh_database, "sqlite", tmp_path) as made:
        yield made


@pytest.fixture
def address(site: Sales) -> Iterator[str]:
    with running(site) as found:
        yield found


def card(name: str) -> str:
    return f'.g-card-k:has-text("{name}")'


def lane(name: str) -> str:
    return f'[data-lane][data-name="{name}"]'


def first_card(page: Page, name: str) -> str:
    return page.locator(f"{lane(name)} .g-card-k-title").first.inner_text()


def test_a_card_dragged_into_the_won_column_is_won_and_celebrated(site: Sales, address: str, new_page: NewPage) -> None:
    on = walk(site, new_page(motion=True), address)
    page = on.open(BOARD)
    name = first_card(page, "Proposition")
    on.drag(on.middle(card(name)), on.middle(f"{lane('Won')} .g-lane-cards"), f"{lane('Won')} .g-ghost")
    page.wait_for_selector("canvas.g-celebrate")
    expect(page.locator("canvas.g-celebrate")).to_have_count(0)
    expect(page.locator(".g-toast")).to_contain_text("Moved to Won")
    assert site.stage_of(name) == "Won"
    assert site.read(Lead, site.find(Lead, name), "state") == "won"
    on.watched.check()


def test_a_card_that_is_flung_lands_where_it_was_let_go(site: Sales, address: str, new_page: NewPage) -> None:
    on = walk(site, new_page(), address)
    page = on.open(BOARD)
    name = first_card(page, "New")
    start, goal = on.middle(card(name)), on.middle(f"{lane('Proposition')} .g-lane-cards")
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 8, start[1] + 8, steps=3)
    page.mouse.move(*goal)
    page.mouse.up()
    expect(page.locator(f"{lane('Proposition')} {card(name)}")).to_be_visible()
    expect(page.locator(".g-toast")).to_contain_text("Moved to Proposition")
    assert site.stage_of(name) == "Proposition"


@pytest.mark.parametrize("motion", [False, True])
def test_nothing_flies_where_little_motion_is_wished_or_nobody_wants_it(
    site: Sales, address: str, new_page: NewPage, motion: bool
) -> None:
    with site.database.context() as ctx:
        set_setting(ctx, "crm_lead.celebrate", value=not motion)
        commit(ctx)
    on = walk(site, new_page(motion=motion), address)
    page = on.open(BOARD)
    page.evaluate(
        "new MutationObserver(all => { if (all.some(one => [...one.addedNodes].some(node => node.matches?.('canvas'))))"
        " document.body.dataset.flew = '1' }).observe(document.body, {childList: true})"
    )
    name = first_card(page, "Proposition")
    on.drag(on.middle(card(name)), on.middle(f"{lane('Won')} .g-lane-cards"), f"{lane('Won')} .g-ghost")
    expect(page.locator(".g-toast")).to_contain_text("Moved to Won")
    assert site.stage_of(name) == "Won"
    assert page.evaluate("document.body.dataset.flew ?? ''") == ""


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_card_is_dragged_by_a_finger_on_a_tablet(site: Sales, address: str, new_page: NewPage, language: str) -> None:
    on = walk(site, new_page(width=1180, height=820, touch=True), address)
    if language == "fa":
        on.speak("fa")
    page = on.open(BOARD)
    name = page.locator("[data-lane] .g-card-k-title").first.inner_text()
    lanes = page.locator("[data-lane]")
    goal = lanes.nth(1).locator(".g-card-k").first.bounding_box()
    assert goal is not None
    on.finger(on.middle(card(name)), (goal["x"] + goal["width"] / 2, goal["y"] + 10))
    expect(page.locator(".g-toast")).to_be_visible()
    expect(lanes.nth(1).locator(card(name))).to_be_visible()
    assert site.stage_of(name) == "Qualified"
    on.watched.check()


def test_on_a_phone_a_card_is_moved_by_its_menu_and_columns_are_tabs(
    site: Sales, address: str, new_page: NewPage
) -> None:
    on = walk(site, new_page(width=390, height=844, touch=True), address)
    page = on.open(BOARD)
    name = first_card(page, "New")
    page.locator(card(name)).locator("[data-card-menu]").tap()
    page.get_by_role("menuitem", name="Qualified").tap()
    expect(page.locator(".g-toast")).to_contain_text("Moved to Qualified")
    assert site.stage_of(name) == "Qualified"
    page.get_by_role("tab", name="Qualified").tap()
    expect(page.locator(card(name))).to_be_visible()
    expect(page.get_by_role("tab", name="New")).to_contain_text("19")
    page.locator(card(name)).tap()
    page.wait_for_url("**/m/crm.lead/*via=kanban*")
    on.settle()
    expect(page.locator(".g-stages [aria-current=step]")).to_have_text("Qualified")
    page.go_back()
    on.settle()
    expect(page.locator(".g-lane-tabs")).to_be_visible()


def test_quick_create_by_touch(site: Sales, address: str, new_page: NewPage) -> None:
    on = walk(site, new_page(width=390, height=844, touch=True), address)
    page = on.open(BOARD)
    page.locator(f"{lane('New')} [data-quick]").tap()
    page.keyboard.type("Cold storage")
    page.locator(".g-quick .ts-control").tap()
    page.locator(".g-quick .ts-control input").press_sequentially("zag")
    expect(page.locator(".g-quick .ts-dropdown .option")).to_have_count(1)
    page.locator(".ts-dropdown .option:has-text('Zagros Supply')").tap()
    page.locator("[data-lane] .g-quick [type=submit].g-b-main").tap()
    expect(page.locator(f"{lane('New')} {card('Cold storage')}")).to_be_visible()
    made = site.find(Lead, "Cold storage")
    assert [site.read(Lead, made, name) for name in ("stage", "contact", "kind")] == [
        "New",
        "Zagros Supply",
        "opportunity",
    ]


def test_columns_are_put_into_another_order_by_the_mouse(site: Sales, address: str, new_page: NewPage) -> None:
    on = walk(site, new_page(), address)
    page = on.open(BOARD)
    assert page.locator("[data-lane]").evaluate_all("all => all.map(one => one.dataset.name)")[:2] == [
        "New",
        "Qualified",
    ]
    start, goal = on.middle(f"{lane('Qualified')} .g-lane-name"), on.middle(f"{lane('New')} .g-lane-name")
    with page.expect_response("**/kanban/order*") as told:
        on.drag(start, (goal[0] - 20, goal[1]), ".g-lane-ghost + [data-name=New]")
    assert told.value.status == 204
    places = {name: site.read(Stage, site.find(Stage, name), "sequence") for name in ("New", "Qualified")}
    assert places["Qualified"] < places["New"]
    on.open(BOARD)
    names = page.locator("[data-lane]").evaluate_all("all => all.map(one => one.dataset.name)")
    assert names[:2] == ["Qualified", "New"]


def test_the_board_is_worked_by_keys_alone_in_persian(site: Sales, address: str, new_page: NewPage) -> None:
    on = walk(site, new_page(), address)
    on.speak("fa")
    page = on.open(BOARD)
    first = page.locator("[data-lane] .g-card-k").first
    name = first.locator(".g-card-k-title").inner_text()
    first.focus()
    page.keyboard.press("Control+ArrowLeft")
    expect(page.locator(".g-toast")).to_be_visible()
    assert site.stage_of(name) == "Qualified"
    expect(page.locator(card(name))).to_be_focused()
    page.keyboard.press("m")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page.locator(f".g-lane-won {card(name)}")).to_be_visible()
    on.settle()
    assert site.stage_of(name) == "Won"
    page.keyboard.press("Enter")
    page.wait_for_url("**/m/crm.lead/*via=kanban*")
    on.watched.check()
