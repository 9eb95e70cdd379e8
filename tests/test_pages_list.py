"""Lists in the browser's eyes: rows, order, pages, columns, groups, sums, chips, bulk actions, empty states."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from core.models import User
from core.operations import commit, update_many
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.web_bed import Visitor, text_of, toast_of
from tests.yard_site import Yard, statements, titles_of, yard_site


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Yard]:
    with yard_site(fresh_database, database_kind, tmp_path) as made:
        yield made


@pytest.fixture
def admin(site: Yard) -> Visitor:
    return site.administrator()


def three_jobs(site: Yard) -> list[int]:
    return site.make_many(
        "job",
        [
            {"title": "Gull", "price": Decimal(300), "hours": 5, "kind": "hull", "urgent": True, "worker": 1},
            {"title": "Heron", "price": Decimal(1200), "hours": 7, "kind": "mast", "stage": site.stage("Laid")},
            {"title": "Swan", "price": Decimal(50), "hours": 1, "kind": "hull", "due_on": date(2026, 11, 28)},
        ],
    )


def links(page: str) -> list[str]:
    return [found.replace("&amp;", "&") for found in re.findall(r'href="([^"]+)"', page)]


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


def test_groups_are_counted_summed_and_opened_on_demand(site: Yard, admin: Visitor) -> None:
    site.make_many("job", [{"title": f"S{n}", "kind": "hull", "price": Decimal(1)} for n in range(90)])
    site.make_many("job", [{"title": "M", "kind": "mast", "price": Decimal(5)}, {"title": "N"}])
    page = admin.get("/m/yard.job/list?g=kind")
    assert group_names(page.text) == [("hull", "Hull", "90"), ("mast", "Mast", "1"), ("none", "Kind: none", "1")]
    assert titles_of(page) == []
    opened = admin.get("/m/yard.job/list?g=kind&open=mast")
    assert titles_of(opened) == ["M"]
    wide = admin.get("/m/yard.job/list?g=kind&open=hull")
    assert len(titles_of(wide)) == 40
    whole = next(link for link in links(wide.text) if "hull" in link and "d=" in link)
    assert "1–80 of 90" in text_of(admin.get(whole))
    assert "Jobs: 92 in 3 groups" in text_of(page)


def group_names(page: str) -> list[tuple[str, str, str]]:
    found = re.findall(r'<tbody data-group="([^"]+)">.*?</svg>([^<]+)<span class="g-count">([^<]+)<', page, re.DOTALL)
    return [(key, name, count) for key, name, count in found]


def test_few_records_are_open_in_their_groups_from_the_start(site: Yard, admin: Visitor) -> None:
    three_jobs(site)
    page = admin.get("/m/yard.job/list?g=urgent")
    assert [name for _key, name, _count in group_names(page.text)] == ["Not: Urgent", "Urgent"]
    assert titles_of(page) == ["Heron", "Swan", "Gull"]
    assert titles_of(admin.get("/m/yard.job/list?g=urgent&open=")) == []
    closed = next(link for link in links(page.text) if "open=0" in link)
    assert titles_of(admin.get(closed)) == ["Heron", "Swan"]


def test_days_are_gathered_by_the_months_of_the_readers_calendar(site: Yard, admin: Visitor) -> None:
    days = [date(2026, 11, 20), date(2026, 11, 22), date(2026, 12, 1)]
    site.make_many("job", [{"title": f"S{n}", "due_on": day} for n, day in enumerate(days)])
    page = admin.get("/m/yard.job/list?g=due_on:month")
    assert [(name, count) for _key, name, count in group_names(page.text)] == [
        ("November 2026", "2"),
        ("December 2026", "1"),
    ]
    assert sorted(titles_of(page)) == ["S0", "S1", "S2"]
    with site.reading(None) as ctx:
        update_many(ctx, User, [1], {"calendar": "jalali", "digits": "arabext", "language": "fa"})
        commit(ctx)
    persian = admin.get("/m/yard.job/list?g=due_on:month")
    assert [(name, count) for _key, name, count in group_names(persian.text)] == [("آبان ۱۴۰۵", "۱"), ("آذر ۱۴۰۵", "۲")]


@pytest.mark.parametrize("group", ["remarks", "marks", "nothing", "seen_at"])
def test_what_cannot_be_grouped_by_is_told(site: Yard, admin: Visitor, group: str) -> None:
    assert admin.get(f"/m/yard.job/list?g={group}").status_code == 422


def test_selected_records_are_archived_found_again_and_brought_back(site: Yard, admin: Visitor) -> None:
    gull, _heron, swan = three_jobs(site)
    admin.get("/m/yard.job/list")
    answer = admin.post("/m/yard.job/bulk/archive", {"ids": [gull, swan]}, part=True)
    assert (answer.status_code, toast_of(answer)) == (204, "2 records were archived.")
    assert titles_of(admin.get("/m/yard.job/list")) == ["Heron"]
    gone = admin.get("/m/yard.job/list?f=gone")
    assert titles_of(gone) == ["Gull", "Swan"]
    assert "/bulk/restore" in gone.text
    assert titles_of(admin.get("/m/yard.job/list?f=gone&f=there")) == ["Heron", "Gull", "Swan"]
    admin.post("/m/yard.job/bulk/restore", {"every": "1", "query": "?f=gone"}, part=True)
    assert len(titles_of(admin.get("/m/yard.job/list"))) == 3


def test_everything_that_matches_is_deleted_and_nothing_else(site: Yard, admin: Visitor) -> None:
    three_jobs(site)
    admin.get("/m/yard.job/list")
    answer = admin.post("/m/yard.job/bulk/delete", {"every": "1", "query": "?s=kind:hull&f="}, part=True)
    assert toast_of(answer) == "2 records were deleted."
    assert [site.read("job", one, "title") for one in site.all("job")] == ["Heron"]


def test_a_bulk_action_without_right_changes_nothing(site: Yard, admin: Visitor) -> None:
    gull, heron, _swan = three_jobs(site)
    worker = site.person("worker@example.com", "yard.worker")
    worker.get("/m/yard.job/list")
    answer = worker.post("/m/yard.job/bulk/archive", {"ids": [gull, heron]}, part=True)
    assert answer.status_code == 404
    assert worker.post("/m/yard.job/bulk/delete", {"ids": [heron]}, part=True).status_code == 403
    guest = site.person("guest@example.com", "yard.guest")
    assert "data-bulk" not in guest.get("/m/yard.job/list").text
    assert guest.post("/m/yard.job/bulk/archive", {"ids": [heron]}, part=True).status_code == 403
    assert len(site.all("job", ["active", "=", True])) == 3


def test_nothing_selected_and_unknown_actions_are_told(site: Yard, admin: Visitor) -> None:
    three_jobs(site)
    admin.get("/m/yard.job/list")
    assert toast_of(admin.post("/m/yard.job/bulk/archive", part=True)).startswith("Nothing is selected")
    assert admin.post("/m/yard.job/bulk/paint", {"ids": ["1"]}).status_code == 404
    assert admin.post("/m/yard.tool/bulk/archive", {"ids": ["1"]}).status_code == 422


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


@pytest.mark.parametrize("path", ["list", "list?g=stage&open=none", "list?g=kind&open=hull", "list?q=ship", "list?f=mine&f=big"])
def test_a_list_asks_as_much_of_the_database_whatever_it_shows(site: Yard, admin: Visitor, path: str) -> None:
    kinds = ("hull", "mast", "sail")
    rows = [{"title": f"Ship {n}", "kind": kinds[n % 3], "worker": 1, "price": Decimal(1000)} for n in range(300)]
    site.make_many("job", rows[:3])
    admin.get(f"/m/yard.job/{path}")
    few = statements(site, admin, f"/m/yard.job/{path}")
    site.make_many("job", rows)
    assert statements(site, admin, f"/m/yard.job/{path}") == few
