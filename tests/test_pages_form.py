"""Pages of records: what is typed is kept as it was meant, what is wrong comes back with nothing lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from urllib.parse import quote

import pytest

from core.models import User
from core.operations import commit, update_many
from core.queries import ids
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.bureau_site import Bureau, bureau_site, errors_of, form_of, opened
from tests.web_bed import Visitor, text_of


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Bureau]:
    with bureau_site(fresh_database, database_kind, tmp_path) as made:
        yield made


@pytest.fixture
def admin(site: Bureau) -> Visitor:
    return site.administrator()


TYPED = {
    "title": "Bridge",
    "number": "B-1",
    "body": "<div>Old <b>bridge</b><script>alert(1)</script></div>",
    "remarks": "Two\r\nlines",
    "pages": "1,200",
    "share": "0.1250",
    "price": "1,234.50",
    "urgent": "1",
    "opened_on": "2026-11-28",
    "meets_at": "2026-11-28 10:30",
    "kind": "b",
    "priority": "2",
    "phone": "021 5550 0142",
    "email": "Arman@Alborz.example",
    "site": "alborz.example/about",
    "color": "3",
    "data": '{"a": [1]}',
    "bureau.mark": "wax",
}


def test_a_new_record_keeps_every_kind_of_value(site: Bureau, admin: Visitor) -> None:
    word, person = site.make("word", name="stone"), site.make("person", name="Sara", city="Tehran")
    form = opened(admin, "/m/bureau.case/new")
    answer = admin.post("/m/bureau.case/new", {**form, **TYPED, "words": [word], "helpers": [person], "person": person})
    assert (answer.status_code, answer.location) == (303, "/m/bureau.case/1")
    names = ("title", "number", "body", "remarks", "pages", "share", "price", "urgent", "opened_on", "kind", "priority")
    assert site.read("case", 1, *names) == [
        "Bridge",
        "B-1",
        "<div>Old <b>bridge</b></div>",
        "Two\nlines",
        1200,
        Decimal("0.1250"),
        Decimal("1234.50"),
        True,
        date(2026, 11, 28),
        "b",
        "2",
    ]
    assert site.read("case", 1, "meets_at") == datetime(2026, 11, 28, 10, 30, tzinfo=UTC)
    rest = ("phone", "email", "site", "color", "data", "bureau.mark", "person", "city", "sealed")
    assert site.read("case", 1, *rest) == [
        "+98 21 5550 0142",
        "Arman@alborz.example",
        "https://alborz.example/about",
        3,
        {"a": [1]},
        "wax",
        (person, "Sara", None),
        "Tehran",
        None,
    ]
    assert [one.title for one in site.read("case", 1, "words")] == ["stone"]
    assert [one.title for one in site.read("case", 1, "helpers")] == ["Sara"]


def test_sending_a_page_back_as_it_is_changes_nothing(site: Bureau, admin: Visitor) -> None:
    form = opened(admin, "/m/bureau.case/new")
    admin.post("/m/bureau.case/new", {**form, **TYPED, "words": [site.make("word", name="stone")]})
    answer = admin.post("/m/bureau.case/1", opened(admin, "/m/bureau.case/1"))
    assert answer.status_code == 303
    assert site.read("case", 1, "version") == 1


def test_persian_readers_type_their_digits_and_days(site: Bureau) -> None:
    site.make_person("mina@example.com", "core.admin")
    with site.database.context() as ctx:
        users = ids(ctx, User, ["email", "=", "mina@example.com"])
        update_many(ctx, User, users, {"language": "fa", "calendar": "jalali", "digits": "arabext"})
        update_many(ctx, User, users, {"timezone": "Asia/Tehran"})
        commit(ctx)
    mina = site.visitor()
    mina.log_in("mina@example.com")
    form = opened(mina, "/m/bureau.case/new")
    typed = {"title": "پل", "price": "۱٬۲۳۴٫۵", "opened_on": "۱۴۰۵/۰۹/۰۷", "meets_at": "۱۴۰۵/۰۹/۰۷ ۱۰:۳۰"}
    assert mina.post("/m/bureau.case/new", {**form, **typed}).status_code == 303
    assert site.read("case", 1, "price", "opened_on") == [Decimal("1234.50"), date(2026, 11, 28)]
    assert site.read("case", 1, "meets_at") == datetime(2026, 11, 28, 7, 0, tzinfo=UTC)
    shown = opened(mina, "/m/bureau.case/1")
    assert [shown[name] for name in ("price", "opened_on", "meets_at")] == ["۱٬۲۳۴٫۵", "۱۴۰۵/۰۹/۰۷", "۱۴۰۵/۰۹/۰۷ ۱۰:۳۰"]


WRONG = {
    "title": "",
    "pages": "-3",
    "share": "many",
    "price": "12,34",
    "opened_on": "tomorrow",
    "meets_at": "2026-02-30 10:00",
    "phone": "call me",
    "email": "arman at alborz",
    "site": "javascript:alert(1)",
    "data": "{",
    "person": "999",
}


def test_a_refused_form_comes_back_with_every_error_and_nothing_lost(site: Bureau, admin: Visitor) -> None:
    form = opened(admin, "/m/bureau.case/new")
    answer = admin.post("/m/bureau.case/new", {**form, **WRONG, "remarks": "typed", "urgent": "1"})
    assert answer.status_code == 422
    assert errors_of(answer) == {
        "title": "“Title” is needed.",
        "price": "“12,34” is not a number. Write it with digits only, for example 1234.5.",
        "opened_on": "“tomorrow” is not a date. Write year, month and day, for example 2026-11-28.",
        "person": "Choose one of the list: this record is not there, or you may not see it.",
        "phone": "“call me” is not a phone number. Write it with the country code, like +98 21 5550 0142.",
        "email": "“arman at alborz” is not an e-mail address. Write it like name@example.com.",
        "site": "“javascript:alert(1)” is not an address of the web. Write it like https://www.example.com.",
        "pages": "“Pages” is at least 0.",
        "share": "“many” is not a number. Write it with digits only, for example 1234.5.",
        "meets_at": "There is no day “2026-02-30” in the calendar. Check the month and the day.",
        "data": "This is not valid JSON.",
    }
    assert "11 fields need your attention; nothing was saved yet." in text_of(answer)
    again = form_of(answer)
    kept = {name: value for name, value in WRONG.items() if name != "person"}
    assert {name: again[name] for name in kept} == kept
    assert (again["remarks"], again["urgent"]) == ("typed", "1")
    assert site.all("case") == []


def test_what_the_database_refuses_stands_beside_its_field(site: Bureau, admin: Visitor) -> None:
    site.make("case", title="First", number="7")
    form = opened(admin, "/m/bureau.case/new")
    answer = admin.post("/m/bureau.case/new", {**form, "title": "Second", "number": "7", "price": "5"})
    assert errors_of(answer) == {"number": "There is already a record with this value."}
    answer = admin.post("/m/bureau.case/new", {**form, "title": "Second", "pages": "200000"})
    assert (answer.status_code, errors_of(answer)) == (422, {})
    assert "No case has that many pages." in text_of(answer)


def test_a_number_too_large_for_its_field_is_told_not_stored(site: Bureau, admin: Visitor) -> None:
    form = opened(admin, "/m/bureau.case/new")
    answer = admin.post(
        "/m/bureau.case/new", {**form, "title": "T", "pages": "9" * 30, "share": "9" * 30, "price": "9" * 30}
    )
    assert set(errors_of(answer)) == {"pages", "share", "price"}


def test_what_is_no_input_of_the_form_is_never_written(site: Bureau, admin: Visitor) -> None:
    site.make("case", title="Bridge")
    form = opened(admin, "/m/bureau.case/1")
    more = {"secret": "x", "sealed": "x", "created_by": "1", "id": "9", "version_": "1", "active": ""}
    assert admin.post("/m/bureau.case/1", {**form, **more, "title": "Road"}).status_code == 303
    assert site.read("case", 1, "title", "secret", "sealed", "active") == ["Road", None, None, True]


def test_a_form_sent_in_part_leaves_ticks_and_lists_alone(site: Bureau, admin: Visitor) -> None:
    word = site.make("word", name="stone")
    site.make("case", title="Bridge", urgent=True, words=[word])
    assert admin.post("/m/bureau.case/1", {"title": "Road"}).status_code == 303
    assert site.read("case", 1, "title", "urgent") == ["Road", True]
    assert [one.id for one in site.read("case", 1, "words")] == [word]
    form = {name: value for name, value in opened(admin, "/m/bureau.case/1").items() if name not in ("urgent", "words")}
    assert admin.post("/m/bureau.case/1", form).status_code == 303
    assert site.read("case", 1, "urgent", "words") == [False, ()]


def test_defaults_come_from_the_declaration_the_address_and_the_menu_line(site: Bureau, admin: Visitor) -> None:
    person = site.make("person", name="Sara", city="Tehran")
    form = opened(
        admin,
        f"/m/bureau.case/new?menu=large&default_person={person}&default_pages=7&default_urgent=1&default_nothing=1",
    )
    wanted = {"kind": "b", "pages": "7", "urgent": "1", "person": str(person), "owner": "1", "priority": "0"}
    assert {name: form[name] for name in wanted} == wanted
    admin.post("/m/bureau.case/new?menu=large", {**form, "title": "Road"})
    assert site.read("case", 1, "secret", "kind") == ["from the menu", "b"]


def test_a_copy_begins_with_the_values_but_not_with_what_is_unique(site: Bureau, admin: Visitor) -> None:
    site.make("case", title="Bridge", number="7", price=Decimal(5), words=[site.make("word", name="stone")])
    form = opened(admin, "/m/bureau.case/new?copy=1")
    assert [form[name] for name in ("title", "number", "price")] == ["Bridge (copy)", "", "5"]
    admin.post("/m/bureau.case/new?copy=1", form)
    assert [one.title for one in site.read("case", 2, "words")] == ["stone"]


def test_htmx_gets_the_saved_page_in_place_and_a_new_record_its_address(site: Bureau, admin: Visitor) -> None:
    form = opened(admin, "/m/bureau.case/new")
    answer = admin.post("/m/bureau.case/new", {**form, "title": "Bridge"}, part=True)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, "/m/bureau.case/1")
    answer = admin.post("/m/bureau.case/1", {**opened(admin, "/m/bureau.case/1"), "title": "Road"}, part=True)
    assert answer.status_code == 200
    assert form_of(answer)["title"] == "Road"
    assert form_of(answer)["version"] == "2"


def test_a_click_on_a_step_saves_and_moves(site: Bureau, admin: Visitor) -> None:
    site.make("case", title="Bridge", step=site.step("New"))
    page = admin.get("/m/bureau.case/1")
    assert text_of(page).index("New") < text_of(page).index("Running") < text_of(page).index("Done")
    answer = admin.post(
        "/m/bureau.case/1", {**form_of(page), "title": "Road", "_step": site.step("Running")}, part=True
    )
    assert answer.status_code == 200
    assert site.read("case", 1, "title", "step") == ["Road", (site.step("Running"), "Running", None)]
    answer = admin.post("/m/bureau.case/1", {**form_of(answer), "_step": "777"}, part=True)
    assert answer.status_code == 422
    assert "This step is not offered for this record." in text_of(answer)


def test_deleting_archiving_and_bringing_back(site: Bureau, admin: Visitor) -> None:
    for title in ("Bridge", "Road"):
        site.make("case", title=title)
    admin.get("/m/bureau.case/1")
    assert admin.post("/m/bureau.case/1/archive").location == "/m/bureau.case/1"
    assert site.read("case", 1, "active") is False
    assert "This record is archived" in text_of(admin.get("/m/bureau.case/1"))
    admin.post("/m/bureau.case/1/restore")
    assert site.read("case", 1, "active") is True
    answer = admin.post("/m/bureau.case/2/delete?via=list&menu=cases")
    assert answer.location == "/m/bureau.case/list?menu=cases"
    assert site.all("case") == [1]
    assert admin.get("/m/bureau.case/2").status_code == 404
    person = site.make("person", name="Sara", city="Tehran")
    assert admin.post(f"/m/bureau.person/{person}/archive").status_code == 422


def test_pages_of_records_that_are_not_there(site: Bureau, admin: Visitor) -> None:
    paths = ("/m/bureau.case/99", "/m/bureau.case/99999999999999999999", "/m/bureau.nothing/1", "/m/core.change/1")
    assert [admin.get(path).status_code for path in paths] == [404] * 4


def test_the_way_back_and_to_the_records_beside(site: Bureau, admin: Visitor) -> None:
    for title in ("A", "B", "C"):
        site.make("case", title=title)
    page = admin.get("/m/bureau.case/2?via=list&menu=cases&o=-title")
    assert "2 of 3" in text_of(page)
    around = "via=list&amp;menu=cases&amp;o=-title"
    assert f'href="/m/bureau.case/3?{around}"' in page.text
    assert f'href="/m/bureau.case/1?{around}"' in page.text
    assert 'href="/m/bureau.case/list?menu=cases&amp;o=-title"' in page.text


def test_smart_buttons_count_and_lead_to_the_records(site: Bureau, admin: Visitor) -> None:
    person = site.make("person", name="Sara", city="Tehran")
    for title in ("A", "B"):
        site.make("case", title=title, person=person)
    site.make("case", title="C")
    page = admin.get(f"/m/bureau.person/{person}")
    assert '<b class="g-num">2</b><small>Cases</small>' in page.text
    href = page.text.partition('class="g-smart-b" href="')[2].partition('"')[0]
    listed = text_of(admin.get(href.replace("&amp;", "&")))
    assert "2" in listed


def test_the_history_says_who_changed_what_in_the_readers_words(site: Bureau, admin: Visitor) -> None:
    form = opened(admin, "/m/bureau.case/new")
    admin.post("/m/bureau.case/new", {**form, "title": "Bridge", "price": "5"})
    admin.post("/m/bureau.case/1", {**opened(admin, "/m/bureau.case/1"), "price": "1200.5", "owner": "", "urgent": "1"})
    told = text_of(admin.get("/m/bureau.case/1")).partition("Change history")[2]
    assert "Price: $5 $1,200.50" in told
    assert "Owner: Sara empty" in told
    assert "Urgent: No Yes" in told
    assert "Created" in told
    assert told.count("Sara ·") == 2


NASTY = ("", " ", "\x00", "\u202e", "a" * 5000, "-1", "1e999", "NaN", "99999999999999999999", "{id}", "%s", "[" * 3000)
NASTY += (
    "'\"><script>x</script>",
    "0001-01-01",
    "9999-12-31",
    "2026-11-28 25:61",
    "۱۴۰۳/۱۲/۳۱",
    "http://[",
    "@",
    "+" * 9,
)
ADDRESSES = (
    "new?default_person={0}&default_words={0}&default_opened_on={0}&copy={0}&menu={0}",
    "1/history?before={0}",
    "choices/person?q={0}",
    "verb/close?ids={0}",
    "1?via={0}&o={0}&p={0}&d={0}",
)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_whatever_is_typed_is_saved_or_explained(site: Bureau, admin: Visitor, text: str) -> None:
    site.make("case", title="Bridge")
    form = opened(admin, "/m/bureau.case/1")
    del form["csrf_token"]
    lines = {f"notes-{place}-{name}": text for place in (0, 7) for name in ("id", "text", "cost", "sequence", "done")}
    more = {"words": [text, "1"], "helpers": text, "_step": text, "version": text, "paper-kept": text}
    fine = {303, 409, 422, 400} if "\x00" in text else {303, 409, 422}
    answer = admin.post("/m/bureau.case/1", {**dict.fromkeys(form, text), **lines, **more, "choose-title": text})
    assert answer.status_code in fine
    for name in form:
        alone = admin.post("/m/bureau.case/1", {name: text})
        assert alone.status_code in fine, name
    for address in ADDRESSES:
        found = admin.get("/m/bureau.case/" + address.format(quote(text)))
        assert found.status_code in fine | {200, 404}, address
