"""Groups of lists, and what is done to selected records."""

from __future__ import annotations

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
from tests.yard_site import Yard, group_names, links, three_jobs, titles_of, yard_site


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Yard]:
    with yard_site(fresh_database, database_kind, tmp_path) as made:
        yield made


@pytest.fixture
def admin(site: Yard) -> Visitor:
    return site.administrator()


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
