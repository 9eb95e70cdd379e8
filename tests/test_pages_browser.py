"""Lists and boards in a real browser: keys, mouse, chips, the back button, and both directions of reading."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from core.models import User
from core.operations import commit, update_many
from tests.bed.browser import drag
from tests.bed.fixtures import FreshDatabase, NewPage
from tests.web_bed import EMAIL, PASSWORD, Watched, running
from tests.yard_site import Yard, yard_site

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

JOBS = [
    {"title": f"Ship {number:02}", "price": Decimal(100 * number), "stars": number % 4, "port": "Bushehr"}
    for number in range(60)
]


@dataclass(frozen=True)
class Browsing:
    """A site with sixty jobs on it, and somebody who looks at it."""

    site: Yard
    page: Page
    watched: Watched
    address: str

    def open(self, path: str) -> None:
        """Open a page and wait until its behaviours are there."""
        self.page.goto(self.address + path)
        self.page.wait_for_selector('html[data-ready="1"]', state="attached")

    def cards(self, lane: str) -> list[str]:
        """Return the cards of a lane as they stand."""
        return self.page.locator(f'[data-name="{lane}"] .g-card-k-title').all_inner_texts()

    def stage_of(self, title: str) -> str | None:
        """Return where a job is in the database."""
        found = self.site.read("job", self.site.all("job", ["title", "=", title])[0], "stage")
        return None if found is None else str(found.title)


@pytest.fixture
def site(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Yard]:
    with yard_site(fresh_database, "sqlite", tmp_path) as made:
        stages = [made.stage(name) for name in ("Laid", "Planked")]
        made.make_many("job", [{**job, "stage": stages[place % 2]} for place, job in enumerate(JOBS)])
        yield made


def browse(site: Yard, page: Page, address: str) -> Browsing:
    page.goto(f"{address}/login")
    page.fill("input[name=email]", EMAIL)
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#g-side", state="attached")
    return Browsing(site, page, Watched(page), address)


@pytest.fixture
def visit(site: Yard, page: Page) -> Iterator[Browsing]:
    with running(site) as address:
        yield browse(site, page, address)


def test_a_head_sorts_a_chip_goes_and_the_back_button_brings_it_back(visit: Browsing) -> None:
    visit.open("/m/yard.job/list?f=big")
    first = visit.page.locator("tr[data-id] .g-strong").first
    expect(first).to_have_text("Ship 59")
    visit.page.get_by_role("link", name="Price, $").click()
    expect(first).to_have_text("Ship 10")
    visit.page.locator(".g-facet-x").click()
    expect(first).to_have_text("Ship 00")
    visit.page.go_back()
    expect(first).to_have_text("Ship 10")
    expect(visit.page.locator(".g-facet-text")).to_have_text("Big")
    visit.watched.check()


def test_what_is_typed_becomes_a_chip(visit: Browsing) -> None:
    visit.open("/m/yard.job/list")
    visit.page.locator(".g-find-in").fill("ship 07")
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator(".g-facet-text")).to_have_text("Ship: ship 07")
    expect(visit.page.locator("tr[data-id]")).to_have_count(1)
    visit.page.locator(".g-find-in").press("Backspace")
    expect(visit.page.locator("tr[data-id]")).to_have_count(60)


def test_the_panel_filters_and_groups_and_groups_open(visit: Browsing) -> None:
    visit.open("/m/yard.job/list")
    visit.page.get_by_role("button", name="Filters").click()
    visit.watched.check()
    visit.page.locator(".g-find-col a", has_text="Stage").click()
    expect(visit.page.locator(".g-group-in")).to_have_text(["Laid30", "Planked30"])
    visit.page.locator(".g-group-in").first.click()
    expect(visit.page.locator("tr[data-id]")).to_have_count(30)
    visit.watched.check()


def test_rows_are_selected_by_keys_and_archived(visit: Browsing) -> None:
    visit.open("/m/yard.job/list?o=title")
    visit.page.locator("tr[data-id]").first.focus()
    for key in (" ", "Shift+ArrowDown"):
        visit.page.keyboard.press(key)
    expect(visit.page.locator("[data-bulk-text]")).to_have_text("2 selected")
    visit.watched.check()
    visit.page.get_by_role("button", name="Archive").click()
    visit.page.get_by_role("button", name="Archive").last.click()
    expect(visit.page.locator(".g-toast")).to_contain_text("2 records were archived.")
    expect(visit.page.locator("tr[data-id]")).to_have_count(58)


def test_columns_are_chosen_and_stay(visit: Browsing) -> None:
    visit.open("/m/yard.job/list")
    visit.page.get_by_role("button", name="Columns").click()
    visit.page.locator("#g-columns label", has_text="Port").click()
    visit.page.locator("#g-columns label", has_text="Worker").click()
    visit.watched.check()
    visit.page.keyboard.press("Escape")
    expect(visit.page.locator("th", has_text="Port")).to_be_visible()
    expect(visit.page.locator("th", has_text="Worker")).to_have_count(0)
    visit.open("/m/yard.job/list")
    expect(visit.page.locator("th", has_text="Port")).to_be_visible()


def test_a_row_opens_its_record_by_enter(visit: Browsing) -> None:
    visit.open("/m/yard.job/list?o=title")
    visit.page.locator("tr[data-id]").first.focus()
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url(re.compile(r"/m/yard\.job/\d+\?via=list"))


def test_the_sums_of_a_long_list_come_after_its_rows(visit: Browsing) -> None:
    visit.site.make_many("job", [{"title": f"Boat {number}", "price": Decimal(1)} for number in range(10_000)])
    visit.open("/m/yard.job/list")
    expect(visit.page.locator(".g-pager")).to_contain_text("1–80 of 10,000+")
    expect(visit.page.locator("#g-sums")).to_contain_text("Jobs: 10,060")
    expect(visit.page.locator("#g-sums")).to_contain_text("187,000")
    visit.page.get_by_role("link", name="Count all").click()
    expect(visit.page.locator(".g-pager")).to_contain_text("1–80 of 10,060")


def test_a_card_is_dragged_by_the_mouse_and_both_heads_follow(visit: Browsing) -> None:
    visit.open("/m/yard.job/kanban")
    card = visit.page.locator(".g-card-k", has_text="Ship 02")
    goal = "#lane-" + lane_id(visit, "Afloat")
    drag(visit.page, inside(card), inside(visit.page.locator(goal)), f"{goal} .g-ghost")
    expect(visit.page.locator('[data-name="Afloat"] .g-count')).to_have_text("1")
    expect(visit.page.locator('[data-name="Laid"] .g-count')).to_have_text("29")
    expect(visit.page.locator('[data-name="Afloat"] .g-lane-sum')).to_have_text("$200")
    assert visit.stage_of("Ship 02") == "Afloat"
    visit.watched.check()


def lane_id(visit: Browsing, name: str) -> str:
    return visit.page.locator(f'[data-name="{name}"]').get_attribute("data-lane") or ""


def inside(place: Locator) -> tuple[float, float]:
    box = place.bounding_box()
    assert box is not None
    return box["x"] + 60, box["y"] + 14


def test_a_card_is_moved_by_keys_and_the_move_is_undone(visit: Browsing) -> None:
    visit.open("/m/yard.job/kanban")
    card = visit.page.locator(".g-card-k", has_text="Ship 03")
    card.focus()
    visit.page.keyboard.press("Control+ArrowRight")
    expect(visit.page.locator(".g-toast")).to_contain_text("Moved to Afloat")
    expect(visit.page.locator('[data-name="Afloat"] .g-card-k')).to_have_count(1)
    assert visit.stage_of("Ship 03") == "Afloat"
    visit.page.get_by_role("button", name="Undo").click()
    expect(visit.page.locator('[data-name="Afloat"] .g-card-k')).to_have_count(0)
    assert visit.stage_of("Ship 03") == "Planked"


def test_a_card_that_may_not_move_goes_back_and_says_why(visit: Browsing) -> None:
    visit.site.make("job", title="Wreck", stage=visit.site.stage("Laid"))
    visit.open("/m/yard.job/kanban?s=title:wreck")
    visit.page.locator(".g-card-k").focus()
    visit.page.keyboard.press("m")
    visit.page.get_by_role("menuitem", name="Afloat").click()
    expect(visit.page.locator(".g-toast")).to_contain_text("A wreck stays where it is.")
    expect(visit.page.locator('[data-name="Laid"] .g-card-k')).to_have_count(1)
    assert visit.stage_of("Wreck") == "Laid"


def test_quick_create_makes_one_after_another_and_keeps_what_was_refused(visit: Browsing) -> None:
    visit.open("/m/yard.job/kanban?s=title:tern")
    visit.page.get_by_role("button", name="Add to Afloat").click()
    field = visit.page.locator(".g-quick input[name=title]")
    price = visit.page.locator(".g-quick input[name=price]")
    price.fill("much")
    field.fill("Tern")
    field.press("Enter")
    expect(visit.page.locator(".g-toast")).to_contain_text("Price")
    expect(field).to_have_value("Tern")
    price.fill("1,500")
    field.press("Enter")
    expect(visit.page.locator('[data-name="Afloat"] .g-card-k-title')).to_have_text(["Tern"])
    expect(field).to_be_focused()
    expect(field).to_have_value("")
    field.fill("Tern 2")
    field.press("Enter")
    expect(visit.page.locator('[data-name="Afloat"] .g-card-k-title')).to_have_text(["Tern 2", "Tern"])
    expect(visit.page.locator('[data-name="Afloat"] .g-lane-sum')).to_have_text("$1,500")
    visit.watched.check()


def test_more_cards_come_when_asked_for(visit: Browsing) -> None:
    laid = visit.site.stage("Laid")
    visit.site.make_many("job", [{"title": f"Skiff {number}", "stage": laid} for number in range(30)])
    visit.open("/m/yard.job/kanban")
    cards = visit.page.locator('[data-name="Laid"] .g-card-k')
    expect(cards).to_have_count(40)
    visit.page.get_by_role("button", name="Show 20 more").click()
    expect(cards).to_have_count(60)
    expect(visit.page.locator(".g-lane-more")).to_have_count(0)


def test_a_column_is_added_renamed_folded_and_removed(visit: Browsing) -> None:
    visit.open("/m/yard.job/kanban")
    visit.page.locator(".g-lane-add summary").click()
    visit.page.locator(".g-lane-add input[name=name]").fill("Rigged")
    visit.page.keyboard.press("Enter")
    lane = visit.page.locator('[data-name="Rigged"]')
    expect(lane).to_be_visible()
    lane.get_by_role("button", name="More for Rigged").click()
    visit.watched.check()
    visit.page.get_by_role("menuitem", name="Rename").click()
    visit.page.locator("dialog input[name=name]").fill("Masted")
    visit.watched.check()
    visit.page.keyboard.press("Enter")
    masted = visit.page.locator('[data-name="Masted"]')
    expect(masted).to_be_visible()
    masted.get_by_role("button", name="Fold Masted").click()
    visit.open("/m/yard.job/kanban")
    expect(masted).to_have_class(re.compile("g-lane-fold"))
    masted.get_by_role("button", name="Unfold Masted").click()
    masted.get_by_role("button", name="More for Masted").click()
    visit.page.get_by_role("menuitem", name="Remove the column").click()
    visit.page.get_by_role("button", name="Remove", exact=True).click()
    expect(masted).to_have_count(0)
    assert len(visit.site.all("stage")) == 3


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1440, 390])
@pytest.mark.parametrize("language", ["en", "fa"])
def test_lists_and_boards_are_for_everybody(
    site: Yard, new_page: NewPage, language: str, width: int, dark: bool
) -> None:
    if language == "fa":
        with site.reading(None) as ctx:
            update_many(ctx, User, [1], {"language": "fa", "calendar": "jalali", "digits": "arabext"})
            commit(ctx)
    seen = 0
    with running(site) as address:
        visit = browse(site, new_page(width=width, dark=dark), address)
        for path in ("list", "list?g=stage&open=1", "list?f=urgent&f=big", "kanban", "kanban?g=kind"):
            visit.open(f"/m/yard.job/{path}")
            visit.watched.check()
            seen += 1
    assert seen == 5
