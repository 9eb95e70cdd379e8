"""The shell in a real browser: set-up, log-in, theme and language, installing, in both languages and both themes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.web.sessions import new_key
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase, NewPage
from tests.loader_bed import addon_folder, write_library
from tests.web_bed import EMAIL, PASSWORD, Site, Watched, empty_site, made_site, running

KIND: Kind = "sqlite"
READERS = [("en-GB", 1440, False), ("en-GB", 390, True), ("fa-IR", 1440, True), ("fa-IR", 390, False)]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with addon_folder(tmp_path) as folder:
        yield folder


@pytest.fixture
def library(folder: Path) -> str:
    return write_library(folder)


@pytest.fixture
def empty(library: str, fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[tuple[Site, str]]:
    with empty_site(fresh_database(KIND), tmp_path) as site, running(site) as address:
        yield site, address


@pytest.fixture
def made(library: str, fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[tuple[Site, str]]:
    with made_site(fresh_database, KIND, tmp_path) as site, running(site) as address:
        yield site, address


def log_in(page: Page, address: str) -> None:
    page.goto(f"{address}/login")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("form.g-login-box button:not([data-reveal])")
    page.wait_for_url(f"{address}/")


@pytest.mark.parametrize(("locale", "width", "dark"), READERS)
def test_set_up(empty: tuple[Site, str], new_page: NewPage, library: str, locale: str, width: int, dark: bool) -> None:
    site, address = empty
    page = new_page(locale=locale, width=width, dark=dark)
    watched = Watched(page)
    page.goto(address)
    language, direction = ("fa", "rtl") if locale == "fa-IR" else ("en", "ltr")
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("html")).to_have_attribute("dir", direction)
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark" if dark else "light")
    watched.check()

    page.click("footer button")
    expect(page.locator(".g-error")).to_have_count(4)
    expect(page.locator("[name=company]")).to_have_attribute("aria-invalid", "true")
    watched.check()

    page.fill("[name=company]", "Sepid")
    page.fill("[name=admin_name]", "Nika")
    page.fill("[name=admin_email]", "nika@sepid.example")
    page.fill("[name=admin_password]", "long-enough-12")
    other = "en" if language == "fa" else "fa"
    page.click(f"[name=switch][value={other}]")
    expect(page.locator("html")).to_have_attribute("lang", other)
    for name, value in (
        ("company", "Sepid"),
        ("admin_email", "nika@sepid.example"),
        ("admin_password", "long-enough-12"),
    ):
        expect(page.locator(f"[name={name}]")).to_have_value(value)
    page.click(f"[name=switch][value={language}]")
    expect(page.locator("html")).to_have_attribute("lang", language)

    for card in page.locator("[name=addons]").all():
        card.set_checked(card.get_attribute("value") == library)
    page.click("footer button")
    page.wait_for_url(re.compile(rf"/m/{library}\.book/list"))
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert set(site.database.installed()) == {"core", library}


@pytest.mark.parametrize(("locale", "width", "dark"), READERS)
def test_every_page_of_the_shell_is_for_everybody(
    made: tuple[Site, str], new_page: NewPage, library: str, locale: str, width: int, dark: bool
) -> None:
    _site, address = made
    page = new_page(locale=locale, width=width, dark=dark)
    watched = Watched(page)
    page.goto(f"{address}/login?next=/apps/")
    watched.check()
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", "wrong")
    page.click("form.g-login-box button:not([data-reveal])")
    expect(page.locator("[role=alert]")).to_be_visible()
    watched.check()
    log_in(page, address)
    if locale == "fa-IR":
        page.click("[popovertarget=g-user]")
        page.click("[name=language][value=fa]")
        expect(page.locator("html")).to_have_attribute("dir", "rtl")
    looked = 0
    for path in ("/apps/", f"/apps/install/{library}", "/preferences", "/settings", "/nowhere", "/"):
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        if "install" in path:
            expect(page.locator("dialog[open]")).to_be_visible()
        watched.check()
        looked += 1
    page.click("[popovertarget=g-user]")
    expect(page.locator("#g-user")).to_be_visible()
    watched.check()
    print(f"{looked + 3} pages and states looked at")


def test_theme_and_language_are_switched_and_kept(made: tuple[Site, str], page: Page) -> None:
    _site, address = made
    watched = Watched(page)
    log_in(page, address)
    root = page.locator("html")
    for wish, shown in (("light", "light"), ("dark", "dark"), ("auto", "light")):
        with page.expect_response("**/preferences/theme"):
            page.click("[data-g=theme]")
        expect(root).to_have_attribute("data-theme", wish)
        page.reload()
        expect(root).to_have_attribute("data-theme", wish)
        expect(root).to_have_attribute("data-bs-theme", shown)
    page.goto(f"{address}/settings")
    page.click("[popovertarget=g-user]")
    page.click("[name=language][value=fa]")
    expect(root).to_have_attribute("lang", "fa")
    assert page.url == f"{address}/settings"
    watched.check()


def test_an_app_is_installed_while_one_watches(made: tuple[Site, str], page: Page, library: str) -> None:
    site, address = made
    watched = Watched(page)
    log_in(page, address)
    page.goto(f"{address}/apps/")
    page.click(f'[aria-labelledby="mod-{library}"] a.g-b')
    drawer = page.locator("dialog[open]")
    expect(drawer).to_contain_text(f"{library}_book")
    watched.check()
    drawer.locator("button[type=submit]").click()
    expect(page.locator("#g-side")).to_contain_text("All books")
    expect(page.locator("#g-toasts")).to_contain_text(f"{library.title()} is installed.")
    assert library in site.database.installed()

    page.click(f'[popovertarget="more-{library}"]')
    page.click(f'#more-{library} [href$="/apps/uninstall/{library}"]')
    expect(drawer).to_contain_text("export file")
    watched.check()
    drawer.locator("button[type=submit]").click()
    expect(page.locator("#g-side")).not_to_contain_text("All books")
    assert library not in site.database.installed()


def test_a_log_in_that_expired_is_made_up_for_in_place(made: tuple[Site, str], page: Page, library: str) -> None:
    site, address = made
    watched = Watched(page)
    log_in(page, address)
    page.goto(f"{address}/apps/")
    page.fill("[name=q]", "half a sea")
    end_all_sessions(site)
    page.click(f'[aria-labelledby="mod-{library}"] a.g-b')
    dialog = page.locator("dialog[open]")
    expect(dialog).to_contain_text("What you typed is kept.")
    watched.check()
    dialog.locator("[name=email]").fill(EMAIL)
    dialog.locator("[name=password]").fill("wrong")
    dialog.locator("button[type=submit]").click()
    expect(dialog.locator("[role=alert]")).to_be_visible()
    dialog.locator("[name=email]").fill(EMAIL)
    dialog.locator("[name=password]").fill(PASSWORD)
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_contain_text(f"Plan: install {library.title()}")
    expect(page.locator("[name=q]")).to_have_value("half a sea")
    dialog.locator("button[type=submit]").click()
    expect(page.locator("#g-side")).to_contain_text("All books")


def test_a_plain_form_that_came_too_late_is_sent_again(made: tuple[Site, str], page: Page) -> None:
    site, address = made
    log_in(page, address)
    page.goto(f"{address}/preferences")
    page.fill("[name=name]", "Sara the Second")
    end_all_sessions(site)
    page.click("[data-key='ctrl+s']")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    page.click("form.g-login-box button:not([data-reveal])")
    page.get_by_role("button", name="Send what I typed").click()
    page.wait_for_url(f"{address}/preferences")
    expect(page.locator("[name=name]")).to_have_value("Sara the Second")


def end_all_sessions(site: Site) -> None:
    with site.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE core_user SET session_key = ?", (new_key(),))


def test_the_shell_is_worked_by_the_keyboard(made: tuple[Site, str], page: Page) -> None:
    _site, address = made
    log_in(page, address)
    page.keyboard.press("Tab")
    expect(page.locator(".g-skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.url.endswith("#main")
    page.focus("[popovertarget=g-user]")
    page.keyboard.press("Enter")
    expect(page.locator("#g-user")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#g-user")).not_to_be_visible()
