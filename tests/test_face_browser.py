"""The behaviours of the face in a real browser, under the content policy that every page has."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import jinja2
import pytest
from playwright.sync_api import Page, Request, Route, expect

from core.i18n import _
from tests.bed.browser import drag

WEB = Path(__file__).resolve().parent.parent / "core" / "web"
DIST = WEB / "static" / "dist"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'"
)
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
SHELL = """<!doctype html><html lang="{{ language }}" dir="{{ direction }}" data-theme="light">
<head>{% include "parts/head.html" %}</head>
<body data-icons="{{ asset("icons.svg") }}" data-calendar="{{ calendar }}" data-digits="{{ digits }}"
data-first-day="{{ first_day }}" hx-ext="morph"><main class="g-page" id="main">BODY</main>
<div id="g-dialogs"></div><div id="g-toasts" role="status"></div>{% include "parts/texts.html" %}</body></html>"""
ENGLISH = {"language": "en", "direction": "ltr", "calendar": "gregorian", "digits": "latn", "first_day": 1}
PERSIAN = {"language": "fa", "direction": "rtl", "calendar": "jalali", "digits": "arabext", "first_day": 6}
Answer = Callable[[Request], dict[str, Any]]


class Face:
    """A page of parts, and a small server behind it that answers posts as the test says."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.posts: list[dict[str, list[str]]] = []
        self.answers: dict[str, Answer] = {}
        self.html = ""
        self.manifest = json.loads((DIST / "manifest.json").read_text())
        self.macros = jinja2.Environment(loader=jinja2.FileSystemLoader(WEB / "templates"), autoescape=True)
        self.macros.globals.update(_=_, asset=lambda name: f"/static/{self.manifest[name]}", csrf_token=lambda: "token")
        page.route("http://face.test/**", self.answer)

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix("http://face.test").partition("?")[0]
        if path.startswith("/static/"):
            file = DIST / path.removeprefix("/static/")
            return route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
        if route.request.method == "POST":
            self.posts.append(parse_qs(route.request.post_data or "", keep_blank_values=True))
        if path in self.answers:
            return route.fulfill(**self.answers[path](route.request))
        headers = {"Content-Security-Policy": POLICY}
        return route.fulfill(body=self.html, content_type="text/html; charset=utf-8", headers=headers)

    def show(self, body: str, reader: dict[str, Any], **values: Any) -> None:
        """Open a page with this body and wait until every behaviour is attached."""
        self.html = self.macros.from_string(SHELL.replace("BODY", body)).render(**reader, **values)
        self.page.goto("http://face.test/page")
        self.page.wait_for_selector('html[data-ready="1"]', state="attached")


@pytest.fixture
def face(page: Page) -> Face:
    return Face(page)


FIELD = '{% from "parts/edit.html" import field_row %}<form class="g-form" data-g="dirty">{{ field_row(f) }}</form>'
BOARD = """{% from "parts/kanban.html" import lane, card %}<div class="g-board" data-g="kanban" data-move-url="/move">
{% for key in ["new", "won"] %}{% call lane({"key": key, "name": key, "count": 1}) %}{% for id in cards[key] %}
{{ card({"id": id, "version": 1, "href": "/lead", "title": "Card %s" % id, "stars": none}) }}
{% endfor %}{% endcall %}{% endfor %}</div>"""
ROWS = """<div class="g-sheet" data-g="list"><table class="g-grid"><tbody>{% for id in range(1, 6) %}
<tr data-id="{{ id }}" data-href="/lead"><td><input type="checkbox" class="g-check" name="ids" value="{{ id }}"
aria-label="{{ id }}"></td><td>Row {{ id }}</td></tr>{% endfor %}</tbody></table></div>
<div class="g-bulk" data-bulk hidden><b data-bulk-text></b>
<button type="button" class="g-bulk-b" data-bulk-url="/bulk">Archive</button></div>"""
SAVE = """<form data-g="dirty" method="post" action="/save" hx-post="/save" hx-target="#main" hx-select="#main"
hx-swap="outerHTML"><input type="hidden" name="csrf_token" value="token"><input name="title" aria-label="Title">
<button>Save</button></form>"""
LOG_IN = """<dialog class="g-dlg" data-g="modal"><form hx-post="/enter"><h2>Log in</h2>
<button>Enter</button></form></dialog>"""


def order(face: Face, lane: str) -> list[str]:
    found: list[str] = face.page.eval_on_selector_all(
        f"#lane-{lane} .g-card-k", "cards => cards.map(card => card.dataset.id)"
    )
    return found


@pytest.mark.parametrize(
    ("reader", "typed", "shown"),
    [
        (ENGLISH, "1234567.5", "1,234,567.5"),
        (ENGLISH, "۱۲۳۴", "1,234"),
        (PERSIAN, "1234567.5", "۱٬۲۳۴٬۵۶۷٫۵۰"),
        (PERSIAN, "؟", "؟"),
    ],
)
def test_numbers_are_grouped_in_the_digits_of_the_reader(
    face: Face, reader: dict[str, Any], typed: str, shown: str
) -> None:
    decimals = 2 if reader is PERSIAN else None
    face.show(FIELD, reader, f={"name": "sum", "kind": "decimal", "label": "Sum", "decimals": decimals})
    face.page.fill("[name=sum]", typed)
    face.page.press("[name=sum]", "Tab")
    expect(face.page.locator("[name=sum]")).to_have_value(shown)


@pytest.mark.parametrize(
    ("reader", "value", "keys", "after"),
    [
        (ENGLISH, "2024-02-28", ["ArrowRight"], "2024-02-29"),
        (ENGLISH, "2026-01-31", ["PageDown"], "2026-02-28"),
        (PERSIAN, "۱۴۰۳/۱۲/۲۹", ["ArrowLeft"], "۱۴۰۳/۱۲/۳۰"),
        (PERSIAN, "۱۴۰۴/۱۲/۲۹", ["ArrowLeft"], "۱۴۰۵/۰۱/۰۱"),
        (PERSIAN, "2024-03-20", ["ArrowDown"], "۱۴۰۳/۰۱/۰۸"),
    ],
)
def test_a_day_is_chosen_by_keys_in_the_calendar_of_the_reader(
    face: Face, reader: dict[str, Any], value: str, keys: list[str], after: str
) -> None:
    face.show(FIELD, reader, f={"name": "day", "kind": "date", "label": "Day", "value": value})
    face.page.click("[name=day]")
    for key in ["ArrowDown", *keys, "Enter"]:
        face.page.keyboard.press(key)
    expect(face.page.locator("[name=day]")).to_have_value(after)


def test_a_card_moved_by_key_is_told_with_its_version(face: Face) -> None:
    face.answers["/move"] = lambda request: {"body": "", "headers": {"HX-Trigger": '{"toast": {"text": "Done"}}'}}
    face.show(BOARD, ENGLISH, cards={"new": [1, 2], "won": [3]})
    face.page.focus("#card-1")
    face.page.keyboard.press("Control+ArrowRight")
    expect(face.page.locator(".g-toast")).to_contain_text("Done")
    assert (order(face, "new"), order(face, "won")) == (["2"], ["1", "3"])
    assert face.posts == [{"id": ["1"], "to": ["won"], "before": ["3"], "version": ["1"]}]


def test_a_refused_move_is_taken_back_and_explained(face: Face) -> None:
    refusal = {"HX-Trigger": json.dumps({"toast": {"text": "Not before it is signed.", "kind": "error"}})}
    face.answers["/move"] = lambda request: {"status": 422, "body": "", "headers": refusal}
    face.show(BOARD, ENGLISH, cards={"new": [1, 2], "won": [3]})
    face.page.focus("#card-1")
    face.page.keyboard.press("m")
    face.page.get_by_role("menuitem", name="won").click()
    expect(face.page.locator(".g-toast")).to_contain_text("Not before it is signed.")
    expect(face.page.locator("#lane-new #card-1")).to_be_visible()
    assert (order(face, "new"), order(face, "won")) == (["1", "2"], ["3"])


def test_a_card_is_dragged_between_lanes_from_right_to_left_too(face: Face) -> None:
    face.answers["/move"] = lambda request: {"body": ""}
    face.show(BOARD, PERSIAN, cards={"new": [1], "won": [3]})
    start, goal = face.page.locator("#card-1").bounding_box(), face.page.locator("#card-3").bounding_box()
    assert start is not None
    assert goal is not None
    places = [(box["x"] + 40, box["y"] + 12) for box in (start, goal)]
    with face.page.expect_response("**/move"):
        drag(face.page, *places, "#lane-won .g-ghost")
    expect(face.page.locator("#lane-won #card-1")).to_be_visible()
    assert face.posts[0]["to"] == ["won"]


def test_a_range_of_rows_is_selected_and_sent(face: Face) -> None:
    face.answers["/bulk"] = lambda request: {"status": 204}
    face.show(ROWS, ENGLISH)
    face.page.check("tr[data-id='2'] input")
    face.page.click("tr[data-id='4'] input", modifiers=["Shift"])
    expect(face.page.locator("[data-bulk-text]")).to_have_text("3 selected")
    with face.page.expect_request("**/bulk"):
        face.page.click("text=Archive")
    assert face.posts == [{"ids": ["2", "3", "4"]}]


def test_what_was_typed_outlives_the_end_of_the_session(face: Face) -> None:
    state = {"in": False}

    def save(request: Request) -> dict[str, Any]:
        body = "<main id=main>Saved it</main>"
        return {"body": body, "content_type": "text/html"} if state["in"] else {"status": 401, "body": ""}

    def enter(request: Request) -> dict[str, Any]:
        state["in"] = True
        return {
            "status": 204,
            "headers": {"HX-Trigger": '{"loggedIn": {}, "closeDialog": {}}', "X-CSRF-Token": "fresh"},
        }

    face.answers |= {
        "/save": save,
        "/enter": enter,
        "/login": lambda request: {"body": LOG_IN, "content_type": "text/html"},
    }
    face.show(SAVE, ENGLISH)
    face.page.fill("[name=title]", "Kept")
    face.page.click("text=Save")
    face.page.click("text=Enter")
    expect(face.page.locator("#main")).to_have_text("Saved it")
    saves = [post for post in face.posts if "title" in post]
    assert saves == [{"csrf_token": ["token"], "title": ["Kept"]}, {"csrf_token": ["fresh"], "title": ["Kept"]}]


def test_a_missing_record_is_made_where_it_is_chosen(face: Face) -> None:
    face.answers["/find"] = lambda request: {"body": "[]", "content_type": "application/json"}
    face.answers["/make"] = lambda request: {"body": '{"id": 7, "text": "Zagros"}', "content_type": "application/json"}
    field = {
        "name": "org",
        "kind": "many2one",
        "label": "Customer",
        "url": "/find",
        "create_url": "/make",
        "open_url": "/contact/{id}",
    }
    face.show(FIELD, ENGLISH, f=field)
    face.page.click(".ts-control")
    face.page.keyboard.type("Zagros")
    face.page.click(".create")
    expect(face.page.locator("[data-open-link]")).to_have_attribute("href", "/contact/7")
    assert face.page.eval_on_selector("[name=org]", "field => field.value") == "7"
    assert face.posts == [{"name": ["Zagros"]}]


def test_tab_in_the_last_cell_begins_the_next_line(face: Face) -> None:
    cells = [{"name": "lines-__i__-title", "kind": "char", "label": "Title"}]
    stored = [{"name": "lines-0-title", "kind": "char", "label": "Title", "value": "First"}]
    grid: dict[str, Any] = {
        "name": "lines",
        "label": "Lines",
        "columns": [{"label": "Title", "kind": "char"}],
        "new": {"cells": cells},
    }
    grid["rows"] = [{"cells": stored, "hidden": [("lines-0-id", 4)]}]
    face.show('{% from "parts/record.html" import lines %}<form id="all">{{ lines(f) }}</form>', ENGLISH, f=grid)
    face.page.focus("[name=lines-0-title]")
    face.page.keyboard.press("Tab")
    face.page.keyboard.type("Second")
    face.page.click("[data-line-delete] >> nth=0")
    sent = face.page.evaluate("Object.fromEntries(new FormData(document.getElementById('all')))")
    assert sent == {"lines-0-id": "4", "lines-0-title": "First", "lines-0-delete": "1", "lines-1-title": "Second"}
