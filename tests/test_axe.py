"""Every kind of page and every state of it, in two languages, two themes and two widths: open to everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from addons.crm_lead.models import Lead
from tests.bed.fixtures import FreshDatabase, NewPage
from tests.walk_site import OPPORTUNITIES, Sales, Walk, sales_site, walk
from tests.web_bed import PASSWORD, Watched, empty_site, running

if TYPE_CHECKING:
    from playwright.sync_api import Page

READERS = [("en", 1440), ("en", 390), ("fa", 1440), ("fa", 390)]
HELD = {1440: 57, 390: 53}
"""So many pages and states a reader of this width looks at, at least."""
LIST, BOARD = "/m/crm.lead/list?menu=pipeline&f=", "/m/crm.lead/kanban?menu=pipeline&f="
Look = Callable[[str], None]


@pytest.fixture
def site(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Sales]:
    assert OPPORTUNITIES >= 50
    with sales_site(fresh_database, "sqlite", tmp_path) as made:
        yield made


@pytest.fixture
def address(site: Sales) -> Iterator[str]:
    with running(site) as found:
        yield found


class Eyes:
    """Looks at a page in both themes and counts."""

    def __init__(self, page: Page, watched: Watched) -> None:
        self.page, self.watched = page, watched
        self.seen: list[str] = []
        self.faults: list[str] = []

    def look(self, name: str) -> None:
        """Look at the page as it is now."""
        for theme, rules in (("light", None), ("dark", ["color-contrast"])):
            self.page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            self.page.wait_for_selector(f"html[data-bs-theme={theme}]", state="attached")
            try:
                self.watched.check(rules) if rules else self.watched.check()
            except AssertionError as fault:
                self.faults.append(f"{name}, {theme}: {fault}")
        self.page.emulate_media(color_scheme="light")
        self.seen.append(name)

    def judge(self, held: int) -> None:
        """Say what was seen: nothing to complain of, and enough of it, each once."""
        assert self.faults == [], "\n".join(self.faults)
        assert len(self.seen) >= held
        assert len(set(self.seen)) == len(self.seen)


def see(page: Page, selector: str) -> None:
    expect(page.locator(selector).first).to_be_visible()


def press(page: Page, selector: str) -> None:
    page.locator(selector).locator("visible=true").first.click()


def shell(on: Walk, look: Look) -> None:
    page = on.page
    for path in ("/apps/", "/apps/uninstall/crm_lead", "/preferences", "/settings", "/nowhere", "/m/core.user/list"):
        on.open(path)
        look(path)
    on.open("/apps/")
    press(page, "[popovertarget='more-crm_lead']")
    look("menu of an app")
    on.open("/apps/?q=nothing-is-called-so")
    look("no app found")
    on.open("/preferences")
    page.fill("[name=name]", "")
    press(page, "[data-key='ctrl+s']")
    see(page, ".g-error")
    look("preferences refused")
    press(page, "[popovertarget=g-user]")
    look("menu of the person")
    if press_menu := page.locator("[data-g=menu]").locator("visible=true").all():
        page.keyboard.press("Escape")
        press_menu[0].click()
        see(page, ".g-side-open")
        look("side menu of a phone")


def lists(on: Walk, look: Look) -> None:
    page = on.page
    for name, path in (
        ("list", LIST),
        ("sorted list", f"{LIST}&o=-expected_revenue"),
        ("groups", f"{LIST}&g=stage"),
        ("open group", f"{LIST}&g=stage&open=1"),
        ("empty by filters", f"{LIST}&f=lost&f=rotting"),
        ("empty", "/m/crm.lead/list?menu=leads"),
        ("contacts", "/m/contacts.contact/list?menu=contacts"),
        ("stages", "/m/crm.stage/list"),
        ("unreadable filter", "/m/crm.lead/list?d=[1"),
    ):
        on.open(path)
        look(name)
    on.open(f"{LIST}&f=won&f=open&s=name:Scanners")
    press(page, "[data-find-toggle]")
    see(page, ".g-find-cols")
    look("search panel")
    page.fill(".g-find-in", "west")
    see(page, "[data-find-typed]")
    look("what is typed")
    on.open(LIST)
    if page.locator("[popovertarget=g-columns]").is_visible():
        press(page, "[popovertarget=g-columns]")
        see(page, "#g-columns")
        look("choice of columns")
        page.keyboard.press("Escape")
    page.locator("tr[data-id] [name=ids]").first.check()
    see(page, "[data-bulk]")
    look("selected rows")
    press(page, "[data-bulk] button.g-bulk-bad")
    see(page, "dialog[open]")
    look("question about selected rows")


def boards(on: Walk, look: Look) -> None:
    page = on.page
    for path in (BOARD, f"{BOARD}&g=user", "/m/contacts.contact/kanban", f"{BOARD}&f=rotting"):
        on.open(path)
        look(path)
    on.open(BOARD)
    press(page, "[data-quick]")
    see(page, ".g-quick")
    look("quick create")
    page.locator(".g-quick .ts-control input").first.click()
    see(page, ".g-quick .ts-dropdown .option")
    look("choices in quick create")
    on.open(BOARD)
    page.locator(".g-card-k").first.hover()
    press(page, ".g-card-k [data-card-menu]")
    look("menu of a card")
    on.open(BOARD)
    page.locator(".g-card-k").locator("visible=true").first.focus()
    page.keyboard.press("Control+ArrowRight" if page.locator("html[dir=ltr]").count() else "Control+ArrowLeft")
    see(page, ".g-toast")
    look("moved, with a toast")
    if not page.locator("[data-fold]").first.is_visible():
        return
    press(page, "[data-fold]")
    see(page, ".g-lane-fold")
    look("folded column")
    press(page, "[popovertarget^=lane-menu]")
    look("menu of a column")
    press(page, "[id^=lane-menu] button:not(.g-opt-bad)")
    see(page, "dialog[open]")
    look("column renamed")
    on.open(BOARD)
    press(page, ".g-lane-add summary")
    look("column added")


def forms(on: Walk, look: Look) -> None:
    page, lead = on.page, on.site.find(Lead, "Scanners 01")
    record = f"/m/crm.lead/{lead}?menu=pipeline&via=list&f="
    for path in ("/m/crm.lead/new?menu=pipeline", "/m/contacts.contact/1", "/m/contacts.contact/new", "/m/core.user/1"):
        on.open(path)
        look(path)
    on.open(record)
    for place in range(page.locator("[role=tab]").count()):
        page.locator("[role=tab]").nth(place).click()
        look(f"tab {place}")
    page.locator("[data-field=contact] .ts-control").click()
    see(page, "[data-field=contact] .option")
    look("choices of a link")
    page.keyboard.type("zzz")
    see(page, "[data-field=contact] .create")
    look("link to be made")
    page.keyboard.press("Escape")
    page.locator("[name=expected_closing]").click()
    see(page, ".g-cal")
    look("calendar")
    page.keyboard.press("Escape")
    page.fill("[name=email]", "nobody")
    page.fill("[name=expected_revenue]", "many")
    see(page, ".g-saved-not, .g-dirty-only")
    look("changed form")
    press(page, "[data-save]")
    see(page, ".g-says-bad")
    look("refused form")
    on.open(record)
    press(page, "[popovertarget=m-more]")
    look("more actions")
    press(page, "#m-more .g-opt-bad")
    see(page, "dialog[open]")
    look("question")
    _dialogs(on, look, record)


def _dialogs(on: Walk, look: Look, record: str) -> None:
    page, lead = on.page, on.site.find(Lead, "Scanners 01")
    on.open(record)
    press(page, "[name=_verb][value=mark_lost]")
    see(page, "#g-verb")
    look("questions of a verb")
    press(page, "#g-verb footer [type=submit]")
    see(page, "#g-verb .g-error")
    look("questions refused")
    on.open(record)
    on.site.change(Lead, lead, name="Scanners of theirs")
    page.fill("[name=name]", "Scanners of mine")
    press(page, "[data-save]")
    see(page, "#g-clash")
    look("two versions")
    page.locator("#g-clash [data-close]").last.click()


@pytest.mark.parametrize(("language", "width"), READERS)
def test_every_page_and_state_is_open_to_everybody(
    site: Sales, address: str, new_page: NewPage, language: str, width: int
) -> None:
    page = new_page(width=width, height=900 if width > 500 else 844)
    on = walk(site, page, address)
    if language == "fa":
        on.speak("fa")
    eyes = Eyes(page, on.watched)
    for part in (shell, lists, boards, forms):
        part(on, eyes.look)
    print(f"{len(eyes.seen)} pages and states looked at, each in two themes ({language}, {width})")
    eyes.judge(HELD[width])


@pytest.mark.parametrize(("locale", "width"), [("en-GB", 1440), ("fa-IR", 390), ("fa-IR", 1440), ("en-GB", 390)])
def test_the_way_in_is_open_to_everybody(
    site: Sales, address: str, new_page: NewPage, fresh_database: FreshDatabase, tmp_path: Path, locale: str, width: int
) -> None:
    page = new_page(width=width, locale=locale)
    eyes = Eyes(page, Watched(page))
    page.goto(f"{address}/login")
    eyes.look("log-in")
    page.fill("[name=email]", "nobody@sepid.example")
    page.fill("[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    see(page, "[role=alert]")
    eyes.look("log-in refused")
    (tmp_path / "new").mkdir()
    with empty_site(fresh_database("sqlite"), tmp_path / "new") as fresh, running(fresh) as start:
        page.goto(start)
        eyes.look("set-up")
        page.click("footer button")
        see(page, ".g-error")
        eyes.look("set-up refused")
    eyes.judge(4)
