"""Record pages in a real browser: typing, choosing, lines, steps, verbs, clashes, in both languages and themes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase, NewPage
from tests.bureau_site import Bureau, bureau_site
from tests.web_bed import EMAIL, PASSWORD, Watched, running

KIND: Kind = "sqlite"
READERS = [("en", 1440, False), ("en", 390, True), ("fa", 1440, True), ("fa", 390, False)]


@pytest.fixture
def site(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Bureau]:
    with bureau_site(fresh_database, KIND, tmp_path) as made:
        yield made


@pytest.fixture
def address(site: Bureau) -> Iterator[str]:
    with running(site) as found:
        yield found


def log_in(page: Page, address: str, email: str = EMAIL) -> Page:
    page.goto(f"{address}/login")
    page.fill("[name=email]", email)
    page.fill("[name=password]", PASSWORD)
    page.click("form.g-login-box button:not([data-reveal])")
    page.wait_for_url(f"{address}/**")
    return page


def settle(page: Page) -> None:
    page.wait_for_selector('html[data-ready="1"]', state="attached")
    page.wait_for_selector(".htmx-request, .htmx-swapping, .htmx-settling", state="detached")


def opened(page: Page, address: str, path: str) -> Page:
    page.goto(address + path)
    settle(page)
    return page


def test_a_record_is_made_typed_over_and_saved_by_keys(site: Bureau, address: str, new_page: NewPage) -> None:
    page = opened(log_in(new_page(), address), address, "/m/bureau.case/new?menu=cases")
    watched = Watched(page)
    expect(page.locator("[name=title]")).to_be_focused()
    page.keyboard.type("Bridge")
    page.keyboard.press("Control+s")
    page.wait_for_url(f"{address}/m/bureau.case/1?*")
    settle(page)
    page.fill("[name=title]", "Road")
    expect(page.locator("[data-saved]")).to_have_text("Not saved yet")
    page.press("[name=title]", "Enter")
    expect(page.locator("#g-crumbs h1")).to_have_text("Road")
    expect(page.locator("[data-saved]")).to_have_text("Saved")
    assert site.read("case", 1, "title", "step", "version") == ["Road", None, 2]
    page.click(".g-stages button:has-text('Running')")
    expect(page.locator(".g-stages [aria-current=step]")).to_have_text("Running")
    assert site.read("case", 1, "step").title == "Running"
    watched.check()


def test_errors_come_back_in_place_and_are_mended(site: Bureau, address: str, new_page: NewPage) -> None:
    site.make("case", title="Bridge")
    page = opened(log_in(new_page(), address), address, "/m/bureau.case/1")
    page.fill("[name=email]", "nobody")
    page.fill("[name=number]", "kept")
    page.click("[data-save]")
    expect(page.locator(".g-says-bad")).to_have_text("One field needs your attention; nothing was saved yet.")
    expect(page.locator(".g-says-bad")).to_be_focused()
    expect(page.locator("[name=email]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=number]")).to_have_value("kept")
    page.fill("[name=email]", "sara@example.com")
    page.click("[data-save]")
    expect(page.locator(".g-says-bad")).to_have_count(0)
    assert site.read("case", 1, "email", "number") == ["sara@example.com", "kept"]


def test_links_and_tags_are_found_and_made_where_they_are_chosen(site: Bureau, address: str, new_page: NewPage) -> None:
    site.make("person", name="Sara", city="Tehran")
    page = opened(log_in(new_page(), address), address, "/m/bureau.case/new")
    page.fill("[name=title]", "Bridge")
    person = page.locator("[data-field=person] .ts-control input")
    person.fill("sar")
    page.click("[data-field=person] .ts-dropdown .option:has-text('Tehran')")
    words = page.locator("[data-field=words] .ts-control input")
    words.fill("stone")
    page.click("[data-field=words] .ts-dropdown .create")
    expect(page.locator("[data-field=words] .item")).to_have_count(1)
    helpers = page.locator("[data-field=helpers] .ts-control input")
    helpers.fill("Omid")
    page.click("[data-field=helpers] .ts-dropdown .create")
    page.fill("#g-make [name=city]", "Shiraz")
    page.click("#g-make footer button:has-text('Create')")
    expect(page.locator("#g-make")).to_have_count(0)
    expect(page.locator("[data-field=helpers] .item")).to_have_count(1)
    page.click("[data-save]")
    page.wait_for_url(f"{address}/m/bureau.case/1")
    person_, words_, helpers_ = site.read("case", 1, "person", "words", "helpers")
    assert (person_.title, [one.title for one in words_], [one.title for one in helpers_]) == (
        "Sara",
        ["stone"],
        ["Omid"],
    )


def test_a_late_answer_takes_nothing_from_the_field_one_has_gone_on_to(
    site: Bureau, address: str, new_page: NewPage
) -> None:
    page = opened(log_in(new_page(), address), address, "/m/bureau.case/new")
    held: list[Route] = []
    page.route(
        "**/choices/words", lambda route: held.append(route) if route.request.method == "POST" else route.continue_()
    )
    page.locator("[data-field=words] .ts-control input").fill("stone")
    page.click("[data-field=words] .ts-dropdown .create")
    helpers = page.locator("[data-field=helpers] .ts-control input")
    helpers.fill("Omid")
    create = page.locator("[data-field=helpers] .ts-dropdown .create")
    expect(create).to_be_visible()
    held[0].continue_()
    expect(page.locator("[data-field=words] .item")).to_have_text("stone×")
    expect(helpers).to_be_focused()
    expect(helpers).to_have_value("Omid")
    expect(create).to_be_visible()


def test_an_answer_after_the_choice_does_not_open_the_choices_again(
    site: Bureau, address: str, new_page: NewPage
) -> None:
    site.make("person", name="Sara", city="Tehran")
    page = opened(log_in(new_page(), address), address, "/m/bureau.case/new")
    field = page.locator("[data-field=person]")
    field.locator(".ts-control input").fill("s")
    field.locator(".option:has-text('Sara')").wait_for()
    held: list[Route] = []
    page.route("**/choices/person?q=sa", lambda route: held.append(route))
    with page.expect_request("**/choices/person?q=sa"):
        field.locator(".ts-control input").fill("sa")
    field.locator(".option:has-text('Sara')").click()
    expect(field.locator(".item")).to_have_text("Sara")
    with page.expect_response("**/choices/person?q=sa"):
        held[0].continue_()
    expect(field.locator(".ts-wrapper.loading")).to_have_count(0)
    expect(field.locator(".ts-dropdown")).to_be_hidden()
    field.locator(".ts-control").click()
    expect(field.locator(".ts-dropdown")).to_be_visible()


def test_lines_formatted_text_and_files(site: Bureau, address: str, new_page: NewPage, tmp_path: Path) -> None:
    site.make("case", title="Bridge")
    site.make("note", case=1, text="first", sequence=1)
    page = opened(log_in(new_page(), address), address, "/m/bureau.case/1")
    watched = Watched(page)
    page.click("[data-line-add]")
    page.fill("[name=notes-1-text]", "second")
    page.fill("[name=notes-1-cost]", "1200")
    page.click("[data-line]:first-child [data-line-delete]")
    page.click("[role=tab]:has-text('Text')")
    page.locator("trix-editor").first.click()
    page.keyboard.type("Hello")
    page.click("[role=tab]:has-text('Papers')")
    plan = tmp_path / "plan.txt"
    plan.write_text("a plan")
    page.set_input_files("[name=paper]", str(plan))
    page.click("[data-save]")
    expect(page.locator("[data-field=paper] .g-file-chip")).to_have_text("plan.txt")
    assert site.read("case", 1, "body", "paper") == ["<div>Hello</div>", 1]
    assert [site.read("note", one, "text", "cost") for one in site.all("note")] == [["second", 1200]]
    watched.check()


def test_a_verb_asks_in_a_dialog_and_the_page_follows(site: Bureau, address: str, new_page: NewPage) -> None:
    site.make("case", title="Bridge")
    page = opened(log_in(new_page(), address), address, "/m/bureau.case/1")
    page.fill("[name=title]", "Road")
    page.click(".g-bar [name=_verb][value=close]")
    page.click("#g-verb footer button:has-text('Close')")
    expect(page.locator("#g-verb .g-error")).to_have_text("“Why” is needed.")
    page.fill("#g-verb [name=why]", "done")
    page.click("#g-verb footer button:has-text('Close')")
    expect(page.locator("#g-verb")).to_have_count(0)
    expect(page.locator("#g-form [name=remarks]")).to_have_value("done")
    assert site.read("case", 1, "title", "remarks") == ["Road", "done"]


def test_a_question_comes_before_what_cannot_be_taken_back(site: Bureau, address: str, new_page: NewPage) -> None:
    site.make("case", title="Bridge")
    page = opened(log_in(new_page(), address), address, "/m/bureau.case/1?via=list&menu=cases")
    page.click("[popovertarget=m-more]")
    page.click("#m-more button:has-text('Burn')")
    page.click("dialog[open] button:has-text('Burn')")
    expect(page.locator(".g-toast")).to_contain_text("Paper does not burn here.")
    page.click("[popovertarget=m-more]")
    page.click("#m-more button:has-text('Delete')")
    page.click("dialog[open] button:has-text('Delete')")
    page.wait_for_url(f"{address}/m/bureau.case/list?menu=cases")
    expect(page.locator(".g-toast")).to_contain_text("“Bridge” was deleted.")


def test_two_people_choose_between_their_versions(site: Bureau, address: str, new_page: NewPage) -> None:
    site.make("case", title="Bridge", price=48000, number="old")
    site.make_person("omid@example.com", "core.admin")
    sara = opened(log_in(new_page(), address), address, "/m/bureau.case/1")
    omid = opened(log_in(new_page(), address, "omid@example.com"), address, "/m/bureau.case/1")
    omid.fill("[name=price]", "49900")
    omid.fill("[name=number]", "theirs")
    omid.click("[data-save]")
    expect(omid.locator("[data-saved]")).to_have_text("Saved")
    watched = Watched(sara)
    sara.fill("[name=title]", "Road")
    sara.fill("[name=price]", "52500")
    sara.fill("[name=number]", "mine")
    sara.click("[data-save]")
    dialog = sara.locator("#g-clash")
    expect(dialog).to_contain_text("Omid saved this record while you were editing")
    watched.check()
    dialog.locator("[data-close]:has-text('Keep editing')").click()
    expect(dialog).to_have_count(0)
    expect(sara.locator("[name=number]")).to_have_value("mine")
    sara.click("[data-save]")
    dialog.locator("label:has([name=choose-number][value=theirs])").click()
    dialog.locator("button:has-text('Save my choices')").click()
    expect(dialog).to_have_count(0)
    expect(sara.locator("[name=number]")).to_have_value("theirs")
    assert site.read("case", 1, "title", "price", "number") == ["Road", 52500, "theirs"]


@pytest.mark.parametrize(("language", "width", "dark"), READERS)
def test_every_state_of_a_page_is_open_to_everybody(
    site: Bureau, address: str, new_page: NewPage, language: str, width: int, dark: bool
) -> None:
    person = site.make("person", name="Sara", city="Tehran")
    words = [site.make("word", name=name, color=place) for place, name in enumerate(("stone", "steel"))]
    site.make(
        "case", title="Bridge", step=site.step("Running"), person=person, words=words, body="<b>x</b>", data={"a": 1}
    )
    for place in range(3):
        site.make("note", case=1, text=f"note {place}", sequence=place)
    page = log_in(new_page(width=width, dark=dark), address)
    page.goto(f"{address}/preferences")
    if language == "fa":
        page.evaluate("document.querySelector('#g-user [name=language][value=fa]').click()")
        page.wait_for_selector("html[lang=fa]", state="attached")
    watched = Watched(page)
    for path in ("/m/bureau.case/1", "/m/bureau.case/new", f"/m/bureau.person/{person}"):
        opened(page, address, path)
        watched.check()
    opened(page, address, "/m/bureau.case/1")
    page.fill("[name=email]", "nobody")
    page.click("[data-save]")
    expect(page.locator(".g-says-bad")).to_be_visible()
    watched.check()
    page.fill("[name=email]", "")
    page.locator("[name=_verb][value=close]").locator("visible=true").click()
    expect(page.locator("#g-verb")).to_be_visible()
    watched.check()
