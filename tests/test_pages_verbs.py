"""Verbs, choices while one types, and what a person without rights meets on the pages of records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.bureau_site import Bureau, bureau_site, errors_of, form_of, opened
from tests.web_bed import Visitor, text_of, toast_of

CASE = "/m/bureau.case/1"
VERB = "/m/bureau.case/verb"


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Bureau]:
    with bureau_site(fresh_database, database_kind, tmp_path) as made:
        yield made


@pytest.fixture
def admin(site: Bureau) -> Visitor:
    return site.administrator()


def test_a_button_saves_what_was_typed_and_then_acts(site: Bureau, admin: Visitor) -> None:
    site.make("case", title="Bridge")
    page = admin.get(CASE)
    assert "Make urgent" in text_of(page)
    answer = admin.post(CASE, {**form_of(page), "title": "Road", "_verb": "hurry"}, part=True)
    assert (answer.status_code, toast_of(answer)) == (200, "Hurry up!")
    assert site.read("case", 1, "title", "urgent") == ["Road", True]
    assert "Make urgent" not in text_of(answer)


def test_a_button_with_questions_saves_and_asks(site: Bureau, admin: Visitor) -> None:
    site.make("case", title="Bridge")
    answer = admin.post(CASE, {**opened(admin, CASE), "title": "Road", "_verb": "close"}, part=True)
    assert 'hx-swap-oob="innerHTML:#g-dialogs"' in answer.text
    assert site.read("case", 1, "title") == "Road"
    refused = admin.post(f"{VERB}/close", {"ids": "1", "_answered": "1", "why": ""}, part=True)
    assert (refused.status_code, errors_of(refused)) == (422, {"why": "“Why” is needed."})
    refused = admin.post(f"{VERB}/close", {"ids": "1", "_answered": "1", "why": "no reason"}, part=True)
    assert (refused.status_code, errors_of(refused)) == (422, {"why": "That is no reason."})
    person = site.make("person", name="Sara", city="Tehran")
    done = admin.post(f"{VERB}/close", {"ids": "1", "_answered": "1", "why": "done", "by": person}, part=True)
    assert (done.status_code, set(json.loads(done.headers["HX-Trigger"]))) == (
        204,
        {"toast", "closeDialog", "refreshPage"},
    )
    assert site.read("case", 1, "remarks", "person") == ["done", (person, "Sara", None)]


def test_a_verb_that_is_refused_changes_nothing_but_what_was_saved(site: Bureau, admin: Visitor) -> None:
    site.make("case", title="Bridge")
    answer = admin.post(CASE, {**opened(admin, CASE), "title": "Road", "_verb": "burn"}, part=True)
    assert (answer.status_code, toast_of(answer)) == (200, "Paper does not burn here.")
    assert site.read("case", 1, "title") == "Road"


def test_verbs_on_selected_records_leave_out_those_they_are_not_offered_on(site: Bureau, admin: Visitor) -> None:
    for urgent in (False, True, False):
        site.make("case", title="Bridge", urgent=urgent)
    answer = admin.post(f"{VERB}/hurry", {"ids": ["1", "2", "3"]}, part=True)
    assert toast_of(answer) == "Done; one record was left out, because “Make urgent” is not offered on it."
    assert [site.read("case", one, "urgent") for one in (1, 2, 3)] == [True] * 3
    answer = admin.post(f"{VERB}/hurry", {"ids": ["1"]}, part=True)
    assert (answer.status_code, toast_of(answer)) == (422, "“Make urgent” cannot be done with what is chosen now.")
    assert admin.post(f"{VERB}/hurry", {}, part=True).status_code == 422
    assert admin.post(f"{VERB}/nothing", {"ids": ["1"]}, part=True).status_code == 404


def test_selected_records_are_asked_about_once(site: Bureau, admin: Visitor) -> None:
    for _number in range(3):
        site.make("case", title="Bridge")
    dialog = admin.post(f"{VERB}/close", {"ids": ["1", "3"]}, part=True)
    assert "2 records" in text_of(dialog)
    assert dialog.text.count('name="ids"') == 2
    every = admin.post(f"{VERB}/close", {"every": "1", "query": "?f="}, part=True)
    assert "3 records" in text_of(every)
    admin.post(f"{VERB}/close", {"every": "1", "query": "?f=", "_answered": "1", "why": "over"}, part=True)
    assert [site.read("case", one, "remarks") for one in (1, 2, 3)] == ["over"] * 3


def test_choices_hold_what_may_be_seen_with_a_hint(site: Bureau, admin: Visitor) -> None:
    for name, city in (("Sara", "Tehran"), ("Sahar", "Atlantis"), ("Omid", "Shiraz")):
        site.make("person", name=name, city=city)
    found = admin.get("/m/bureau.case/choices/person?q=sa").json
    assert found == [{"id": 2, "text": "Sahar", "hint": "Atlantis"}, {"id": 1, "text": "Sara", "hint": "Tehran"}]
    clerk = site.person("clerk@example.com", "bureau.clerk")
    assert [one["text"] for one in clerk.get("/m/bureau.case/choices/helpers?q=").json or ()] == ["Omid", "Sara"]
    site.make("word", name="stone", color=4)
    assert admin.get("/m/bureau.case/choices/words").json == [{"id": 1, "text": "stone", "hint": "", "color": 4}]
    assert [admin.get(f"/m/bureau.case/choices/{name}").status_code for name in ("title", "nothing", "notes")] == [
        404
    ] * 3


def test_what_is_missing_is_made_of_its_name(site: Bureau, admin: Visitor) -> None:
    answer = admin.post("/m/bureau.case/choices/words", {"name": " stone "}, part=True)
    assert answer.json == {"id": 1, "text": "stone", "hint": ""}
    assert site.read("word", 1, "name") == "stone"
    refused = admin.post("/m/bureau.case/choices/words", {"name": " "}, part=True)
    assert (refused.status_code, toast_of(refused)) == (422, "“Name” is needed.")


def test_what_needs_more_than_a_name_is_asked_for(site: Bureau, admin: Visitor) -> None:
    path = "/m/bureau.case/choices/person"
    dialog = admin.post(path, {"name": "Sara"}, part=True)
    assert (dialog.status_code, site.all("person")) == (200, [])
    assert 'value="Sara"' in dialog.text
    again = admin.post(path, {"_answered": "1", "name": "Sara", "city": ""}, part=True)
    assert (again.status_code, errors_of(again)) == (422, {"city": "“City” is needed."})
    made = admin.post(path, {"_answered": "1", "name": "Sara", "city": "Tehran"}, part=True)
    assert made.status_code == 204
    assert json.loads(made.headers["HX-Trigger"]) == {"g:made": {"id": 1, "text": "Sara", "hint": ""}}


def test_a_reader_sees_the_page_and_can_change_nothing(site: Bureau) -> None:
    site.make("case", title="Bridge", price=5)
    site.make("note", case=1, text="a")
    reader = site.person("reader@example.com", "bureau.reader")
    page = reader.get(CASE)
    assert page.status_code == 200, text_of(page)
    assert set(form_of(page)) == {"csrf_token", "_whole", "version"}
    assert "Bridge" in text_of(page)
    for word in ("Save", "Delete", "Archive", "Make urgent", "Add a line", "Copy"):
        assert word not in text_of(page)
    tries = (
        CASE,
        "/m/bureau.case/new",
        f"{CASE}/delete",
        f"{CASE}/archive",
        f"{VERB}/hurry",
        "/m/bureau.case/choices/words",
    )
    answers = [
        reader.post(path, {"title": "Road", "name": "x", "ids": "1", "notes-0-text": "b"}).status_code for path in tries
    ]
    assert answers[1:] == [403] * 5
    assert (site.read("case", 1, "title", "active", "urgent"), site.all("note")) == (["Bridge", True, False], [1])


def test_records_of_others_are_not_there_and_cannot_be_linked_to(site: Bureau) -> None:
    site.make("case", title="Bridge", owner=None)
    hidden = site.make("person", name="Nemo", city="Atlantis")
    clerk = site.person("clerk@example.com", "bureau.clerk")
    assert [clerk.get(CASE).status_code, clerk.post(CASE, {"title": "x"}).status_code] == [404, 404]
    assert clerk.get(f"{CASE}/history").status_code in (200, 404)
    assert "Bridge" not in clerk.get(f"{CASE}/history").text
    form = opened(clerk, "/m/bureau.case/new")
    answer = clerk.post("/m/bureau.case/new", {**form, "title": "Mine", "person": hidden})
    assert set(errors_of(answer)) == {"person"}
    clerk.post("/m/bureau.case/new", {**form, "title": "Mine", "helpers": [hidden]})
    assert site.read("case", 2, "helpers") == ()


def test_a_link_one_may_not_see_is_kept_when_the_rest_is_changed(site: Bureau) -> None:
    hidden, seen = site.make("person", name="Nemo", city="Atlantis"), site.make("person", name="Sara", city="Tehran")
    clerk = site.person("clerk@example.com", "bureau.clerk")
    owner = site.make_person("boss@example.com")
    case = site.make("case", title="Bridge", owner=owner - 1, person=hidden, helpers=[hidden, seen])
    page = clerk.get(f"/m/bureau.case/{case}")
    assert "Nemo" not in page.text
    assert "(not visible to you)" in text_of(page)
    answer = clerk.post(f"/m/bureau.case/{case}", {**form_of(page), "title": "Road", "helpers": []})
    assert answer.status_code == 303
    title, person, helpers = site.read("case", case, "title", "person", "helpers")
    assert (title, person.title, [one.title for one in helpers]) == ("Road", "Nemo", ["Nemo"])


def test_without_the_right_there_is_no_page(site: Bureau) -> None:
    site.make("case", title="Bridge")
    nobody = site.person("nobody@example.com")
    paths = (CASE, "/m/bureau.case/new", "/m/bureau.case/choices/person", f"{CASE}/history")
    assert [nobody.get(path).status_code for path in paths[:3]] == [403] * 3
    assert "Bridge" not in nobody.get(paths[3]).text
