"""Lists in the browser's eyes: rows, order, pages, columns, groups, sums, chips, bulk actions, empty states."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from core.models import User
from core.operations import commit, update_many
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.web_bed import Visitor, text_of
from tests.yard_site import Yard, group_names, links, statements, three_jobs, titles_of, yard_site


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Yard]:
    with yard_site(fresh_database, database_kind, tmp_path) as made:
        yield made


@pytest.fixture
def admin(site: Yard) -> Visitor:
    return site.administrator()


def test_rows_stand_in_the_declared_order_and_lead_to_their_records(site: Yard, admin: Visitor) -> None:
    gull, heron, swan = three_jobs(site)
    page = admin.get("/m/yard.job/list?menu=jobs")
    assert titles_of(page) == ["Heron", "Gull", "Swan"]
    assert re.findall(r'<tr data-id="(\d+)" data-href="([^"]+)"', page.text) == [
        (str(one), f"/m/yard.job/{one}?via=list&amp;menu=jobs") for one in (heron, gull, swan)
    ]


def test_a_model_opens_in_the_first_view_of_its_menu_line(site: Yard, admin: Visitor) -> None:
    assert admin.get("/m/yard.job?menu=hulls").headers["Location"] == "/m/yard.job/kanban?menu=hulls"
    assert admin.get("/m/yard.job").headers["Location"] == "/m/yard.job/list"
    assert admin.get("/m/yard.stage").headers["Location"] == "/m/yard.stage/list"


def test_a_click_on_a_head_sorts_and_another_turns_it_round(site: Yard, admin: Visitor) -> None:
    three_jobs(site)
    assert titles_of(admin.get("/m/yard.job/list?o=hours")) == ["Swan", "Gull", "Heron"]
    page = admin.get("/m/yard.job/list?o=-hours")
    assert titles_of(page) == ["Heron", "Gull", "Swan"]
    assert 'aria-sort="descending"><a class="g-th-in g-th-on" href="/m/yard.job/list?o=hours">Hours' in page.text


def test_empty_values_come_last_either_way(site: Yard, admin: Visitor) -> None:
    three_jobs(site)
    assert titles_of(admin.get("/m/yard.job/list?o=due_on"))[0] == "Swan"
    assert titles_of(admin.get("/m/yard.job/list?o=-due_on"))[0] == "Swan"


def test_pages_of_eighty_with_the_way_to_the_next(site: Yard, admin: Visitor) -> None:
    site.make_many("job", [{"title": f"Ship {number:03}"} for number in range(200)])
    first = admin.get("/m/yard.job/list?o=title")
    assert (len(titles_of(first)), "1–80 of 200" in text_of(first)) == (80, True)
    assert "/m/yard.job/list?o=title&p=2" in links(first.text)
    last = admin.get("/m/yard.job/list?o=title&p=3")
    assert titles_of(last)[-1] == "Ship 199"
    assert "161–200 of 200" in text_of(last)
    beyond = admin.get("/m/yard.job/list?o=title&p=9")
    assert "Nothing on this page" in text_of(beyond)


def test_columns_are_chosen_kept_for_the_person_and_reset(site: Yard, admin: Visitor) -> None:
    three_jobs(site)
    assert head_of(admin) == ["Ship", "Stage", "Price, $", "Hours", "Due on", "Worker", "Marks"]
    answer = admin.post("/m/yard.job/columns", {"columns": ["port", "title", "nonsense"], "view": "x"})
    assert (answer.status_code, json.loads(answer.headers["HX-Trigger"])) == (204, {"refreshPage": {}})
    assert head_of(admin) == ["Port", "Ship"]
    assert head_of(site.person("other@example.com", "yard.master"))[:2] == ["Ship", "Stage"]
    admin.post("/m/yard.job/columns")
    assert head_of(admin)[0] == "Ship"


def head_of(visitor: Visitor) -> list[str]:
    page = visitor.get("/m/yard.job/list").text
    return [
        re.sub(r"<svg.*?</svg>", "", found, flags=re.DOTALL).strip()
        for found in re.findall(
            r'<a class="g-th-in[^"]*" href="[^"]*">(.*?)</a>|<th scope="col" class="">([^<]+)</th>', page
        )
        for found in [found[0] or found[1]]
    ]


def test_every_field_of_the_model_can_be_a_column(site: Yard, admin: Visitor) -> None:
    three_jobs(site)
    known = site.database.registry().fields(site.model("job"))
    names = [name for name, field in known.items() if field.kind not in ("one2many", "json", "rich_text")]
    assert "yard.grade" in names
    page = admin.get("/m/yard.job/list?cols=" + ",".join(names))
    assert page.status_code == 200
    assert len(re.findall(r"<th scope=", page.text)) == len(names)


def test_sums_are_of_everything_that_matches(site: Yard, admin: Visitor) -> None:
    site.make_many("job", [{"title": f"Ship {n}", "price": Decimal(10), "hours": 2} for n in range(100)])
    foot = text_of(admin.get("/m/yard.job/list")).partition("Jobs: 100")[2]
    assert "Price, $ 1,000" in foot
    assert "Hours 200" in foot


def test_filters_of_one_group_are_alternatives_others_must_all_hold(site: Yard, admin: Visitor) -> None:
    three_jobs(site)
    assert titles_of(admin.get("/m/yard.job/list?f=mine")) == ["Gull"]
    assert titles_of(admin.get("/m/yard.job/list?f=mine&f=nobodys")) == ["Heron", "Gull", "Swan"]
    assert titles_of(admin.get("/m/yard.job/list?f=mine&f=nobodys&f=big")) == ["Heron"]
    page = admin.get("/m/yard.job/list?f=mine&f=nobodys&f=big")
    chips = re.findall(r'<span class="g-facet-text">(.*?)</span><a class="g-facet-x" href="([^"]+)"', page.text)
    assert [href.replace("&amp;", "&") for _text, href in chips] == [
        "/m/yard.job/list?f=big",
        "/m/yard.job/list?f=mine&f=nobodys",
    ]


def test_the_menu_line_decides_what_is_there_and_what_is_on_at_first(site: Yard, admin: Visitor) -> None:
    three_jobs(site)
    assert titles_of(admin.get("/m/yard.job/list?menu=hulls")) == ["Gull"]
    page = admin.get("/m/yard.job/list?menu=hulls&f=")
    assert titles_of(page) == ["Gull", "Swan"]
    assert "/m/yard.job/new?menu=hulls&default_kind=hull" in links(page.text)
    assert "My hulls" in text_of(page)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=gul", ["Gull"]),
        ("q=GULL", ["Gull"]),
        ("q=swan&s=:heron", ["Heron", "Swan"]),
        ("q=swan&s=kind:mast", []),
        ("s=title:gull&s=title:swan", ["Gull", "Swan"]),
        ("q=mas&in=kind", ["Heron"]),
        ("q=7&in=hours", ["Heron"]),
        ("q=much&in=hours", []),
        ("q=2026-11-28&in=due_on", ["Swan"]),
        ("q=oak&in=marks", ["Gull"]),
    ],
)
def test_searching_everywhere_or_in_a_field(site: Yard, admin: Visitor, query: str, found: list[str]) -> None:
    gull = three_jobs(site)[0]
    oak = site.make("mark", name="Oak", color=3)
    with site.reading(None) as ctx:
        update_many(ctx, site.model("job"), [gull], {"marks": [oak]})
        commit(ctx)
    assert titles_of(admin.get(f"/m/yard.job/list?{query}")) == found


def test_a_filter_as_data_is_said_in_words(site: Yard, admin: Visitor) -> None:
    three_jobs(site)
    page = admin.get(f'/m/yard.job/list?d=["stage","=",{site.stage("Laid")}]&d=["price",">",100]')
    assert titles_of(page) == ["Heron"]
    assert "Stage: Laid" in text_of(page)
    assert "Price > 100" in text_of(page)


@pytest.mark.parametrize("domain", ["[", '["nothing","=",1]', '["price","=","x"]', '{"a": 1}', '["title","~","x"]'])
def test_a_filter_that_cannot_be_read_is_told_not_guessed(site: Yard, admin: Visitor, domain: str) -> None:
    answer = admin.get(f"/m/yard.job/list?d={domain}")
    assert answer.status_code == 422


def test_rules_hold_in_rows_counts_sums_and_groups(site: Yard, admin: Visitor) -> None:
    me = site.make_person("worker@example.com", "yard.worker")
    three_jobs(site)
    site.make("job", title="Mine", price=Decimal(7), hours=3, kind="sail", worker=me)
    worker = site.visitor()
    worker.log_in("worker@example.com")
    page = worker.get("/m/yard.job/list")
    assert titles_of(page) == ["Heron", "Swan", "Mine"]
    assert "1–3 of 3" in text_of(page)
    assert "Price, $ 1,257" in text_of(page)
    assert group_names(worker.get("/m/yard.job/list?g=kind").text) == [
        ("hull", "Hull", "1"),
        ("mast", "Mast", "1"),
        ("sail", "Sail", "1"),
    ]


def test_who_may_not_read_gets_no_list_and_what_is_not_installed_has_none(site: Yard) -> None:
    stranger = site.person("stranger@example.com")
    assert stranger.get("/m/yard.job/list").status_code == 403
    assert stranger.get("/m/yard.boat/list").status_code == 404
    assert stranger.get("/m/core.change/list").status_code == 404
    assert stranger.get("/m/core.setting/list").status_code == 404


def test_an_empty_list_says_why_and_what_to_do(site: Yard, admin: Visitor) -> None:
    page = admin.get("/m/yard.job/list?menu=jobs")
    assert "Jobs: nothing here yet" in text_of(page)
    assert "/m/yard.job/new?menu=jobs" in links(page.text)
    three_jobs(site)
    hidden = admin.get("/m/yard.job/list?f=urgent&f=big")
    words = text_of(hidden)
    assert "Nothing passes all your filters" in words
    assert "Jobs you may see: 3." in words
    assert "Urgent If only this is removed, so many show: 1" in words
    assert "Big If only this is removed, so many show: 1" in words
    assert "/m/yard.job/list?f=" in links(hidden.text) or "/m/yard.job/list" in links(hidden.text)


def test_numbers_and_days_are_the_readers(site: Yard, admin: Visitor) -> None:
    three_jobs(site)
    with site.reading(None) as ctx:
        update_many(ctx, User, [1], {"calendar": "jalali", "digits": "arabext", "language": "fa"})
        commit(ctx)
    words = text_of(admin.get("/m/yard.job/list"))
    assert "۱٬۲۰۰" in words
    assert "۷ آذر" in words
    assert titles_of(admin.get("/m/yard.job/list?q=۷&in=hours")) == ["Heron"]
    assert titles_of(admin.get("/m/yard.job/list?q=۱۴۰۵/۰۹/۰۷&in=due_on")) == ["Swan"]


@pytest.mark.parametrize(
    "path", ["list", "list?g=stage&open=none", "list?g=kind&open=hull", "list?q=ship", "list?f=mine&f=big"]
)
def test_a_list_asks_as_much_of_the_database_whatever_it_shows(site: Yard, admin: Visitor, path: str) -> None:
    kinds = ("hull", "mast", "sail")
    rows = [{"title": f"Ship {n}", "kind": kinds[n % 3], "worker": 1, "price": Decimal(1000)} for n in range(300)]
    site.make_many("job", rows[:3])
    admin.get(f"/m/yard.job/{path}")
    few = statements(site, admin, f"/m/yard.job/{path}")
    site.make_many("job", rows)
    assert statements(site, admin, f"/m/yard.job/{path}") == few
