"""Addresses no page makes: whatever they say, the answer is a page or a sentence, never a fault of the program."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from core.queries import BadFilter, count
from core.views.search import wanted
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.web_bed import Visitor
from tests.yard_site import Yard, three_jobs, yard_site

OPERATORS = (
    "=",
    "!=",
    ">",
    "<=",
    "in",
    "not_in",
    "contains",
    "not_contains",
    "starts",
    "set",
    "not_set",
    "period",
    "~",
)
VALUES = (
    None, "", "x", "۳", True, 3, -1, 10**9, 10**12, 10**25, 1.5, 1e300, float("inf"), float("nan"), [], [None], [3],
    [[3]], {}, {"a": 1}, "2026-01-01", "0001-01-01", "9999-12-31", "2026-01-01T10:00", "2026-01-01T10:00+03:30",
    "0001-01-01T00:00+14:00", "9999-12-31T23:59-12:00", "this_month", "1" * 60, "\ud800",
)  # fmt: skip
NUMBERS = ("0", "9223372036854775807", "9223372036854775808", "1" * 40, "-1", "x", "")


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Yard]:
    with yard_site(fresh_database, database_kind, tmp_path) as made:
        three_jobs(made)
        yield made


@pytest.fixture
def admin(site: Yard) -> Visitor:
    return site.administrator()


def field_names(site: Yard) -> list[str]:
    registry = site.database.registry()
    return [*registry.fields(site.model("job")), "id", "stage.name", "stage.crew.name", "marks.name", "yard.x", ""]


def test_filters_of_any_field_operator_and_value(site: Yard) -> None:
    answered = refused = 0
    model = site.model("job")
    with site.reading() as ctx:
        for name, operator, value in itertools.product(field_names(site), OPERATORS, VALUES):
            state = site.state(d=json.dumps([name, operator, value]))
            try:
                asked = wanted(ctx, model, state)
            except BadFilter as error:
                str(error.message).encode()
                refused += 1
            else:
                assert count(ctx, model, asked.domain, archived=True) >= 0
                answered += 1
    assert (answered > 1500, refused > 3000) == (True, True), (answered, refused)


@pytest.mark.parametrize("parameter", ["o", "g", "in", "at", "lane", "p"])
def test_every_field_and_number_in_every_place_of_an_address(site: Yard, admin: Visitor, parameter: str) -> None:
    fields = field_names(site)
    values = NUMBERS if parameter in ("at", "p") else (*fields, *(f"{name}:week" for name in fields), *NUMBERS)
    for value in values:
        for view in ("list", "kanban/more"):
            query = urlencode({"g": "hours", "q": "x", parameter: value})
            assert admin.get(f"/m/yard.job/{view}?{query}").status_code in (200, 404, 422), (view, query)


@pytest.mark.parametrize("number", NUMBERS)
def test_numbers_too_large_for_any_record(admin: Visitor, number: str) -> None:
    for path in (
        f"/m/yard.job/{number}", f"/m/yard.job/{number}/history", f"/files/{number}", f"/files/{number}/x.png",
        f"/m/yard.job/kanban/lane/stage/{number}/rename", f"/m/yard.job/new?copy={number}&default_crew={number}",
        f"/m/yard.job/new?default_hours={number}&default_price={number}&default_marks={number}",
        f"/m/yard.job/1/history?before={number}", f"/m/yard.job/verb/launch?ids={number}",
    ):  # fmt: skip
        assert admin.get(path).status_code in (200, 308, 404, 405, 422), path
    for path, data in (
        (f"/m/yard.job/{number}/delete", {}),
        ("/m/yard.job/bulk/archive", {"ids": number}),
        ("/m/yard.job/verb/launch", {"ids": number}),
        ("/m/yard.job/kanban/move", {"id": number, "to": number, "before": number, "version": number}),
        ("/m/yard.job/kanban/order", {"order": f"{number},{number}"}),
        ("/m/yard.job/kanban/quick", {"lane": number, "title": "x", "price": number}),
        ("/m/yard.job/new", {"title": "x", "price": number, "hours": number, "crew": number, "marks": number}),
        ("/m/yard.job/1", {"title": "x", "price": f"-{number}", "hours": number, "version": number}),
        (f"/m/yard.job/kanban/lane/stage/{number}/delete", {}),
    ):
        assert admin.post(path, data).status_code in (200, 204, 303, 403, 404, 405, 409, 422), (path, data)


def test_more_words_than_anybody_types(admin: Visitor) -> None:
    many = " ".join(f"w{n}" for n in range(1200))
    assert admin.get("/m/yard.job/list?" + urlencode({"q": many})).status_code in (200, 422)
    assert admin.get("/m/yard.job/choices/crew?" + urlencode({"q": many})).status_code == 200


def test_more_conditions_and_records_than_a_page_sends(admin: Visitor) -> None:
    wide = json.dumps(["or", *([["or", *([["title", "=", "x"]] * 150)]] * 30)])
    long = json.dumps(["id", "in", list(range(60_000))])
    for filter_text in (wide, long):
        query = urlencode({"d": filter_text})
        answer = admin.post("/m/yard.job/bulk/archive", {"every": "1", "query": query})
        assert answer.status_code == 422
    answer = admin.post("/m/yard.job/bulk/archive", {"ids": [str(one) for one in range(1, 60_000)]})
    assert answer.status_code in (413, 422)
