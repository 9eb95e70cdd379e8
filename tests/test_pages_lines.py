"""Lines and files of a record, written together with it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.operations import commit, create
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.bureau_site import Bureau, bureau_site, errors_of, form_of, opened
from tests.web_bed import Visitor, text_of

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
CASE = "/m/bureau.case/1"


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Bureau]:
    with bureau_site(fresh_database, database_kind, tmp_path) as made:
        yield made


@pytest.fixture
def admin(site: Bureau) -> Visitor:
    return site.administrator()


def line(place: int, text: str, cost: str = "", **more: str) -> dict[str, str]:
    """Return a line as a browser sends it."""
    start = f"notes-{place}-"
    values = {"id": "", "sequence": str(place + 1), "text": text, "cost": cost, **more}
    return {start + name: value for name, value in values.items()}


def notes(site: Bureau) -> list[tuple[Any, ...]]:
    """Return the lines in the order of the page."""
    found = [site.read("note", one, "sequence", "text", "cost", "done") for one in site.all("note")]
    return [tuple(row) for row in sorted(found, key=lambda row: row[0])]


def test_lines_are_made_with_their_record(site: Bureau, admin: Visitor) -> None:
    form = opened(admin, "/m/bureau.case/new")
    sent = {**form, "title": "Bridge", **line(0, "first", "5"), **line(3, "second", done="1"), **line(4, "")}
    assert admin.post("/m/bureau.case/new", sent).status_code == 303
    assert notes(site) == [(1, "first", 5, False), (4, "second", None, True)]


def test_what_somebody_else_wrote_into_a_line_meanwhile_stays_or_is_asked_about(site: Bureau, admin: Visitor) -> None:
    site.make("case", title="Bridge")
    note = site.make("note", case=1, text="a", cost=1, sequence=1)
    mine, theirs = opened(admin, CASE), opened(admin, CASE)
    assert admin.post(CASE, {**theirs, "notes-0-text": "theirs"}).status_code == 303
    assert admin.post(CASE, {**mine, "notes-0-cost": "7"}).status_code == 303
    assert site.read("note", note, "text", "cost") == ["theirs", 7]
    answer = admin.post(CASE, {**mine, "notes-0-text": "mine"})
    assert answer.status_code == 422
    text = "Somebody else changed this meanwhile, to “theirs”. Save again to have yours."
    assert errors_of(answer) == {"notes": text}
    assert site.read("note", note, "text") == "theirs"
    again = {**form_of(answer), "notes-0-text": "mine"}
    assert admin.post(CASE, again).status_code == 303
    assert site.read("note", note, "text", "cost") == ["mine", 7]


def test_lines_are_changed_ordered_and_taken_out(site: Bureau, admin: Visitor) -> None:
    site.make("case", title="Bridge")
    for place, text in enumerate(("a", "b", "c"), start=1):
        site.make("note", case=1, text=text, sequence=place, done=True)
    form = opened(admin, CASE)
    assert [form[f"notes-{place}-text"] for place in range(3)] == ["a", "b", "c"]
    sent = {**form, "notes-0-sequence": "3", "notes-2-sequence": "1", "notes-2-text": "C", "notes-1-delete": "1"}
    del sent["notes-0-done"]
    assert admin.post(CASE, sent).status_code == 303
    assert notes(site) == [(1, "C", None, True), (3, "a", None, False)]


def test_a_line_somebody_added_meanwhile_stays(site: Bureau, admin: Visitor) -> None:
    site.make("case", title="Bridge")
    site.make("note", case=1, text="a", sequence=1)
    form = opened(admin, CASE)
    site.make("note", case=1, text="meanwhile", sequence=2)
    assert admin.post(CASE, {**form, "notes-0-text": "A"}).status_code == 303
    assert [text for _place, text, *_rest in notes(site)] == ["A", "meanwhile"]


def test_a_wrong_line_is_told_in_its_cell_and_nothing_is_written(site: Bureau, admin: Visitor) -> None:
    site.make("case", title="Bridge")
    site.make("note", case=1, text="a", sequence=1)
    form = opened(admin, CASE)
    sent = {**form, "title": "Road", "notes-0-delete": "1", **line(1, "b", "-5"), **line(2, "", "dear")}
    answer = admin.post(CASE, sent)
    assert answer.status_code == 422
    assert "“Cost” is at least 0." in text_of(answer)
    assert "“dear” is not a number." in text_of(answer)
    assert "“Text” is needed." in text_of(answer)
    again = form_of(answer)
    assert [again["notes-0-text"], again["notes-0-cost"], again["notes-1-cost"]] == ["b", "-5", "dear"]
    assert site.read("case", 1, "title") == "Bridge"
    fixed = {**again, "notes-0-cost": "5", "notes-1-text": "c", "notes-1-cost": "6"}
    assert admin.post(CASE, fixed).status_code == 303
    assert [(text, cost) for _place, text, cost, _done in notes(site)] == [("b", 5), ("c", 6)]


def test_lines_of_another_record_cannot_be_reached(site: Bureau, admin: Visitor) -> None:
    for title in ("Bridge", "Road"):
        site.make("case", title=title)
    other = site.make("note", case=2, text="theirs")
    form = opened(admin, CASE)
    admin.post(CASE, {**form, **line(0, "mine", id=str(other)), **line(1, "x", id=str(other), delete="1")})
    assert site.read("note", other, "text", "case") == ["theirs", (2, "Road", None)]


def test_files_come_with_the_form_and_hang_on_the_record(site: Bureau, admin: Visitor) -> None:
    form = opened(admin, "/m/bureau.case/new")
    sent = {
        **form,
        "title": "Bridge",
        "paper": (io.BytesIO(b"hello"), "../plan\u202e.txt"),
        "picture": (io.BytesIO(PNG), "a.png"),
    }
    assert admin.post("/m/bureau.case/new", sent).status_code == 303
    page = admin.get(CASE)
    paper = admin.get("/files/1")
    assert (paper.data, paper.mimetype) == (b"hello", "application/octet-stream")
    assert paper.headers["Content-Disposition"] == "attachment; filename=plan.txt"
    picture = admin.get("/files/2")
    assert (picture.data, picture.mimetype) == (PNG, "image/png")
    assert picture.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    assert 'src="/files/2"' in page.text
    admin.post(CASE, {**form_of(page), "paper-clear": "1"})
    assert site.read("case", 1, "paper", "picture") == [None, 2]


def test_a_page_dressed_as_a_picture_is_refused_and_never_shown(site: Bureau, admin: Visitor) -> None:
    form = opened(admin, "/m/bureau.case/new")
    bad = b"<html><script>alert(1)</script>"
    answer = admin.post("/m/bureau.case/new", {**form, "title": "B", "picture": (io.BytesIO(bad), "a.png")})
    assert errors_of(answer) == {"picture": "This is not a picture. Choose a PNG, JPEG, GIF or WebP file."}
    admin.post("/m/bureau.case/new", {**form, "title": "B", "paper": (io.BytesIO(bad), "a.html")})
    sent = admin.get("/files/1")
    assert (sent.mimetype, sent.headers["X-Content-Type-Options"]) == ("application/octet-stream", "nosniff")
    assert sent.headers["Content-Disposition"].startswith("attachment")


def test_a_file_is_not_lost_when_the_form_is_refused(site: Bureau, admin: Visitor) -> None:
    form = opened(admin, "/m/bureau.case/new")
    answer = admin.post("/m/bureau.case/new", {**form, "title": "", "paper": (io.BytesIO(b"hello"), "plan.txt")})
    assert answer.status_code == 422
    assert "plan.txt" in text_of(answer)
    assert admin.post("/m/bureau.case/new", {**form_of(answer), "title": "Bridge"}).status_code == 303
    assert site.read("case", 1, "paper") == 1
    assert admin.get("/files/1").data == b"hello"


def test_a_file_is_seen_by_those_who_see_its_record(site: Bureau, admin: Visitor) -> None:
    form = opened(admin, "/m/bureau.case/new")
    admin.post("/m/bureau.case/new", {**form, "title": "Bridge", "paper": (io.BytesIO(b"hello"), "plan.txt")})
    clerk = site.person("clerk@example.com", "bureau.clerk")
    reader = site.person("reader@example.com", "bureau.reader")
    assert [one.get("/files/1").status_code for one in (clerk, reader)] == [404, 200]
    assert site.visitor().get("/files/1").status_code in (302, 401)


def test_nobody_takes_somebody_elses_file_by_its_number(site: Bureau, admin: Visitor) -> None:
    with site.database.context(user_id=1) as ctx:
        create(
            ctx, ctx.registry.model("core.file"), {"name": "secret.txt", "media_type": "text/plain", "digest": "0" * 64}
        )
        commit(ctx)
    head = site.person("head@example.com", "bureau.head")
    form = opened(head, "/m/bureau.case/new")
    assert head.post("/m/bureau.case/new", {**form, "title": "Bridge", "paper-kept": "1"}).status_code == 303
    assert site.read("case", 1, "paper") is None
