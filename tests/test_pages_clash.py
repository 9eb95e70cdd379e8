"""Two people save one record: what only one changed is joined, what both changed is chosen."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.bureau_site import Bureau, bureau_site, form_of, opened
from tests.web_bed import Visitor, text_of


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Bureau]:
    with bureau_site(fresh_database, database_kind, tmp_path) as made:
        yield made


@pytest.fixture
def two(site: Bureau) -> tuple[Visitor, Visitor]:
    return site.administrator(), site.person("omid@example.com", "core.admin")


CASE = "/m/bureau.case/1"


def hidden_of(answer: TestResponse) -> dict[str, Any]:
    """Return what the dialog's form sends unseen."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', answer.text)
    return {name: html.unescape(value) for name, value in found}


def make(site: Bureau) -> None:
    site.make("case", title="Bridge", price=48000, remarks="old", phone="021 5550 0142")


def test_fields_only_one_of_them_changed_are_joined(site: Bureau, two: tuple[Visitor, Visitor]) -> None:
    make(site)
    sara, omid = two
    mine, theirs = opened(sara, CASE), opened(omid, CASE)
    assert omid.post(CASE, {**theirs, "price": "49,900", "phone": "021 5550 0143"}).status_code == 303
    assert sara.post(CASE, {**mine, "title": "Road"}).status_code == 303
    assert site.read("case", 1, "title", "price", "phone") == ["Road", 49900, "+98 21 5550 0143"]


def test_fields_both_changed_are_shown_side_by_side_and_nothing_is_saved(
    site: Bureau, two: tuple[Visitor, Visitor]
) -> None:
    make(site)
    sara, omid = two
    mine, theirs = opened(sara, CASE), opened(omid, CASE)
    omid.post(CASE, {**theirs, "price": "49,900", "remarks": "theirs", "number": "7"})
    answer = sara.post(CASE, {**mine, "price": "52,500", "remarks": "mine", "title": "Road"}, part=True)
    assert answer.status_code == 409
    told = text_of(answer)
    assert "Omid saved this record while you were editing: Case" in told
    assert "2 fields differ" in told
    assert "Price was: $48,000 $52,500 $49,900" in told
    assert "Remarks was: old mine theirs" in told
    assert "Fields that only one of you changed are joined: Number, Title." in told
    assert site.read("case", 1, "title", "price") == ["Bridge", 49900]


def test_the_choice_is_saved_field_by_field(site: Bureau, two: tuple[Visitor, Visitor]) -> None:
    make(site)
    sara, omid = two
    mine, theirs = opened(sara, CASE), opened(omid, CASE)
    omid.post(CASE, {**theirs, "price": "49,900", "remarks": "theirs", "number": "7", "kind": "b"})
    dialog = sara.post(CASE, {**mine, "price": "52,500", "remarks": "mine", "title": "Road"}, part=True)
    chosen = {**hidden_of(dialog), "choose-price": "mine", "choose-remarks": "theirs"}
    answer = sara.post(CASE, chosen, part=True)
    assert answer.status_code == 200
    assert "closeDialog" in answer.headers["HX-Trigger"]
    assert site.read("case", 1, "title", "price", "remarks", "number", "kind") == ["Road", 52500, "theirs", "7", "b"]


def test_a_tick_taken_out_survives_the_choice(site: Bureau, two: tuple[Visitor, Visitor]) -> None:
    site.make("case", title="Bridge", urgent=True, words=[site.make("word", name="stone")], price=1)
    sara, omid = two
    mine, theirs = opened(sara, CASE), opened(omid, CASE)
    omid.post(CASE, {**theirs, "price": "2"})
    mine = {name: value for name, value in mine.items() if name not in ("urgent", "words")}
    dialog = sara.post(CASE, {**mine, "price": "3"}, part=True)
    sara.post(CASE, {**hidden_of(dialog), "choose-price": "mine"}, part=True)
    assert site.read("case", 1, "urgent", "words", "price") == [False, (), 3]


def test_lines_typed_before_a_clash_are_written_with_the_choice(site: Bureau, two: tuple[Visitor, Visitor]) -> None:
    make(site)
    sara, omid = two
    mine, theirs = opened(sara, CASE), opened(omid, CASE)
    omid.post(CASE, {**theirs, "price": "2"})
    dialog = sara.post(CASE, {**mine, "price": "3", "notes-0-id": "", "notes-0-text": "a line"}, part=True)
    assert site.all("note") == []
    sara.post(CASE, {**hidden_of(dialog), "choose-price": "theirs"}, part=True)
    assert site.read("note", 1, "text") == "a line"
    assert site.read("case", 1, "price") == 2


def test_a_refused_form_still_knows_what_its_reader_saw(site: Bureau, two: tuple[Visitor, Visitor]) -> None:
    make(site)
    sara, omid = two
    mine, theirs = opened(sara, CASE), opened(omid, CASE)
    refused = sara.post(CASE, {**mine, "price": "52,500", "title": ""}, part=True)
    omid.post(CASE, {**theirs, "price": "49,900"})
    answer = sara.post(CASE, {**form_of(refused), "title": "Road"}, part=True)
    assert (answer.status_code, site.read("case", 1, "price")) == (409, 49900)
