"""Lines of a record put into another order: by the mouse, by a finger, by keys."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.bed.fixtures import FreshDatabase, NewPage
from tests.bureau_site import Bureau, bureau_site
from tests.walk_site import Walk, walk
from tests.web_bed import running


@pytest.fixture
def site(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Bureau]:
    with bureau_site(fresh_database, "sqlite", tmp_path) as made:
        made.make("case", title="Bridge")
        for place, text in enumerate(("first", "second", "third"), start=1):
            made.make("note", case=1, text=text, sequence=place)
        yield made


@pytest.fixture
def address(site: Bureau) -> Iterator[str]:
    with running(site) as found:
        yield found


def order(site: Bureau) -> list[str]:
    found = [site.read("note", one, "sequence", "text") for one in site.all("note")]
    return [text for _place, text in sorted(found)]


def grip(page: Page, place: int) -> tuple[float, float]:
    box = page.locator("[data-line] [data-grip]").nth(place).bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def save(on: Walk) -> None:
    expect(on.page.locator("[data-saved]")).to_have_text("Not saved yet")
    on.page.click("[data-save]")
    expect(on.page.locator("[data-saved]")).to_have_text("Saved")


def test_by_the_mouse(site: Bureau, address: str, page: Page) -> None:
    on = walk(site, page, address)
    on.open("/m/bureau.case/1")
    (across, down), first = grip(page, 0), page.locator("[data-line] [name$=-text]").first
    page.mouse.move(*grip(page, 2))
    page.mouse.down()
    page.mouse.move(across, down - 8, steps=15)
    for nudge in range(200):  # a line takes its new place while the mouse is held over it
        if first.input_value() == "third":
            break
        page.mouse.move(across, down - 8 + nudge % 2)
    page.mouse.up()
    save(on)
    assert order(site) == ["third", "first", "second"]


def test_by_a_finger(site: Bureau, address: str, new_page: NewPage) -> None:
    on = walk(site, new_page(width=390, height=844, touch=True), address)
    page = on.open("/m/bureau.case/1")
    page.locator("[data-line]").last.scroll_into_view_if_needed()
    goal = grip(page, 0)
    on.finger(grip(page, 2), (goal[0], goal[1] - 8))
    save(on)
    assert order(site) == ["third", "first", "second"]


def test_by_keys(site: Bureau, address: str, page: Page) -> None:
    on = walk(site, page, address)
    on.open("/m/bureau.case/1")
    page.locator("[name=notes-2-text]").focus()
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("[name=notes-2-text]")).to_be_focused()
    save(on)
    assert order(site) == ["third", "first", "second"]
