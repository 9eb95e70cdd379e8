"""A published data set of 8,800 opportunities, imported by the map in the project: the figures, the rights, the dirt.

The folder with its files is named by `GIRIH_CRM_SALES`.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from addons.contacts.models import Contact
from addons.crm_lead.lists import Stage, Tag, Team
from addons.crm_lead.models import Lead
from core.context import Context, Work
from core.imports import Imported, Map, read_map, read_steps, run
from core.loader import Database, discover
from core.models import User
from core.operations import commit, update
from core.queries import Ref, count, first_of_each, groups, ids, page, totals
from core.testing.house import prepare, settings_for
from core.views import kanban, lists
from core.views.lists import PAGE
from core.views.state import read_state
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.bed.programs import CHECKOUT
from tests.loader_bed import everything

FOLDER = os.environ.get("GIRIH_CRM_SALES", "")
MAP = CHECKOUT / "addons" / "crm_lead" / "data" / "crm_sales" / "map.toml"
ADMIN = 1
AGENT = "Darcel Schlecht"

pytestmark = pytest.mark.skipif(not FOLDER, reason="GIRIH_CRM_SALES names no folder with the data set")


def the_import(ctx: Context, map_: Map, **how: Any) -> Imported:
    return run(ctx, map_, read_steps(ctx, map_, [Path(FOLDER) / part.file for part in map_.file]), **how)


def opened(url: str, folder: Path) -> Database:
    settings = settings_for(url, folder)
    return Database("main", url, settings, discover(settings))


@pytest.fixture
def sales(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Database]:
    """Give a database into which the data set was imported."""

    def make(url: str) -> None:
        prepare(url, tmp_path, ["crm_lead"])
        database = opened(url, tmp_path)
        with database.context(ADMIN, work=Work("import", MAP.name)) as ctx:
            imported = the_import(ctx, read_map(MAP))
            assert [fault.sentence() for fault in imported.outcome.faults] == []
            assert imported.outcome.written
            commit(ctx)
        database.close()

    database = opened(fresh_database(database_kind, "crm-sales", make), tmp_path)
    yield database
    database.close()


def of_agent(ctx: Context) -> int:
    return ids(ctx, User, ["name", "=", AGENT])[0]


def test_the_pipeline_has_the_figures_of_the_data_set(sales: Database) -> None:
    with sales.context(ADMIN) as ctx:
        assert count(ctx, Lead, archived=True) == 8800
        states = {group.value: group.count for group in groups(ctx, Lead, "state", archived=True)}
        assert states == {"won": 4238, "lost": 2473, "open": 1589 + 500}
        stages = {row["id"]: row["name"] for row in page(ctx, Stage, ["name"])}
        open_ones = {stages[g.value]: g.count for g in groups(ctx, Lead, "stage", domain=["state", "=", "open"])}
        assert open_ones == {"New": 500, "Qualified": 1589}
        won = totals(ctx, Lead, ["expected_revenue"], ["state", "=", "won"])
        assert (won.count, won.sums) == (4238, {"expected_revenue": Decimal("10005534.00")})
        assert count(ctx, Lead, ["contact", "not_set"], archived=True) == 1425
        assert count(ctx, Contact, ["kind", "=", "organisation"]) == 85


def test_what_was_won_in_each_region(sales: Database) -> None:
    with sales.context(ADMIN) as ctx:
        teams = {row["id"]: row for row in page(ctx, Team, ["name", "leader", "members"])}
        regions: Counter[str] = Counter()
        for group in groups(ctx, Lead, "team", ["expected_revenue"], ["state", "=", "won"]):
            regions[teams[group.value]["name"].partition(" – ")[0]] += group.sums["expected_revenue"]
        assert regions == {"West": 3568647, "Central": 3346293, "East": 3090594}
        assert {row["name"]: (row["leader"].title, len(row["members"])) for row in teams.values()} == {
            "Central – Dustin Brinkmann": ("Dustin Brinkmann", 5),
            "Central – Melvin Marxen": ("Melvin Marxen", 6),
            "East – Cara Losch": ("Cara Losch", 6),
            "East – Rocco Neubert": ("Rocco Neubert", 6),
            "West – Celia Rouche": ("Celia Rouche", 6),
            "West – Summer Sewald": ("Summer Sewald", 6),
        }


def test_one_opportunity_in_full(sales: Database) -> None:
    names = ["name", "contact", "user", "stage", "state", "tags", "expected_revenue", "probability", "active"]
    names += ["document_date", "assigned_at", "closed_at", "expected_closing", "days_to_close", "company_name", "team"]
    with sales.context(ADMIN) as ctx:
        row = page(ctx, Lead, names, ["external_reference", "=", "Z063OYW0"])[0]
        plain = {name: row[name].title if isinstance(row[name], Ref) else row[name] for name in names}
    assert [tag.title for tag in row["tags"]] == ["GTX Pro"]
    assert plain == {
        "name": "GTX Pro – Isdom",
        "tags": row["tags"],
        "contact": "Isdom",
        "user": AGENT,
        "team": "Central – Melvin Marxen",
        "stage": "Won",
        "state": "won",
        "expected_revenue": Decimal("4514.00"),
        "probability": 100,
        "active": True,
        "document_date": date(2016, 10, 25),
        "assigned_at": datetime(2016, 10, 25, tzinfo=UTC),
        "closed_at": datetime(2017, 3, 11, 12, tzinfo=UTC),
        "expected_closing": date(2017, 3, 11),
        "days_to_close": 137,
        "company_name": "Isdom",
    }


def test_lost_ones_are_archived_where_they_stood(sales: Database) -> None:
    with sales.context(ADMIN) as ctx:
        lost = groups(ctx, Lead, "stage", ["probability"], ["state", "=", "lost"], archived=True)
        assert [(group.count, group.sums["probability"]) for group in lost] == [(2473, 0)]
        assert count(ctx, Lead, ["and", ["state", "=", "lost"], ["active", "=", True]]) == 0
        assert count(ctx, Lead, ["and", ["state", "=", "lost"], ["closed_at", "not_set"]], archived=True) == 0


def test_an_agent_sees_own_and_unassigned_ones_in_every_way(sales: Database) -> None:
    with sales.context(ADMIN) as ctx:
        agent = of_agent(ctx)
        others = ids(ctx, Lead, ["user", "!=", agent], order=["id"], limit=3)
        for one in others:
            update(ctx, Lead, one, {Lead.user_id: None, Lead.expected_revenue: Decimal(7)})
        seen = ["or", ["user", "=", agent], ["user", "not_set"]]
        wanted = {
            "ids": ids(ctx, Lead, seen, limit=None, archived=True),
            "count": count(ctx, Lead, seen, archived=True),
            "open": count(ctx, Lead, seen),
            "sum": totals(ctx, Lead, ["expected_revenue"], seen, archived=True),
            "columns": groups(ctx, Lead, "stage", ["expected_revenue"], seen),
        }
        assert wanted["count"] == 747 + 3
        everything_seen = count(ctx, Lead)
        commit(ctx)
    with sales.context(agent) as ctx:
        assert not ctx.user.is_admin
        stages = [group.value for group in wanted["columns"]]
        assert ids(ctx, Lead, limit=None, archived=True) == wanted["ids"]
        assert count(ctx, Lead, archived=True) == wanted["count"]
        assert count(ctx, Lead) == wanted["open"] < everything_seen
        assert totals(ctx, Lead, ["expected_revenue"], archived=True) == wanted["sum"]
        assert groups(ctx, Lead, "stage", ["expected_revenue"]) == wanted["columns"]
        board = kanban.load(ctx, Lead, read_state(ctx.registry, Lead, "kanban", {}))
        assert {lane.value: lane.total for lane in board.lanes if lane.total} == {
            group.value: group.count for group in wanted["columns"]
        }
        pager = lists.load(ctx, Lead, read_state(ctx.registry, Lead, "list", {})).pager.text
        assert pager == f"1–{PAGE} of {wanted['open']}"
        cards = first_of_each(ctx, Lead, "stage", stages, ["name", "user"], limit=10_000)
        assert {stage: len(rows) for stage, rows in cards.items()} == {g.value: g.count for g in wanted["columns"]}
        assert {row["user"].id if row["user"] else None for rows in cards.values() for row in rows} <= {agent, None}
        assert set(others) <= set(ids(ctx, Lead, limit=None, archived=True))


def test_importing_the_same_files_again_changes_nothing(sales: Database) -> None:
    before = everything(sales)
    with sales.context(ADMIN, work=Work("import", MAP.name)) as ctx:
        outcome = the_import(ctx, read_map(MAP)).outcome
        commit(ctx)
    assert outcome.faults == []
    assert [(one.new, one.changed, one.linked) for one in outcome.files] == [(0, 0, {})] * 6
    assert [one.unchanged for one in outcome.files] == [85, 7, 6, 35, 6, 8800]
    assert not outcome.written
    assert everything(sales) == before


def test_a_changed_value_comes_back_and_what_people_added_stays(sales: Database) -> None:
    with sales.context(ADMIN, work=Work("import", MAP.name)) as ctx:
        first, second = ids(ctx, Lead, ["state", "=", "won"], limit=2)
        update(ctx, Lead, first, {Lead.expected_revenue: Decimal(1), Lead.next_step: "Call"})
        update(ctx, Lead, second, {Lead.next_step: "Write"})
        outcome = the_import(ctx, read_map(MAP)).outcome
        assert [(one.new, one.changed) for one in outcome.files][-1] == (0, 1)
        rows = page(ctx, Lead, ["next_step", "expected_revenue"], ["id", "in", [first, second]])
        assert {row["next_step"] for row in rows} == {"Call", "Write"}
        assert all(row["expected_revenue"] > 1 for row in rows)


def test_a_trial_writes_nothing_and_tells_the_same(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    url = fresh_database("sqlite")
    prepare(url, tmp_path, ["crm_lead"])
    database = opened(url, tmp_path)
    before = everything(database)
    with database.context(ADMIN) as ctx:
        outcome = the_import(ctx, read_map(MAP), dry_run=True).outcome
        commit(ctx)
    assert [one.new for one in outcome.files] == [85, 7, 6, 35, 6, 8800]
    assert outcome.files[0].linked == {"contacts.industry": 10}
    assert everything(database) == before
    database.close()


def test_the_dirt_of_the_data_is_told(sales: Database) -> None:
    with sales.context(ADMIN) as ctx:
        outcome = the_import(ctx, read_map(MAP), dry_run=True).outcome
    told = {(note.file, note.kind, note.column): str(note.text) for note in outcome.notes if note.kind != "guess"}
    accounts, pipeline = "accounts.csv", "sales_pipeline.csv"
    corrected = [(note.column, str(note.text)) for note in outcome.notes if note.kind == "corrected"]
    assert corrected == [
        ("sector", "“technolgy” is taken for “technology”, in 12 lines."),
        ("office_location", "“Philipines” is taken for “Philippines”, in 1 line."),
        ("office_location", "“Korea” is taken for “South Korea”, in 1 line."),
        ("product", "“GTXPro” is taken for “GTX Pro”, in 1480 lines."),
    ]
    assert told[pipeline, "empty", "account"] == "1425 lines have nothing here."
    assert told[accounts, "empty", "subsidiary_of"] == "70 lines have nothing here."
    assert told[pipeline, "unused", "sales_agent"] == (
        "5 of the records of sales_teams.csv are not named here: "
        "Carl Lin, Carol Thompson, Elizabeth Anderson, Mei-Mei Johns, Natalya Ivanova"
    )


def test_without_the_corrections_the_dirt_is_found(sales: Database) -> None:
    map_ = read_map(MAP)
    bare = msgspec.structs.replace(map_, file=[msgspec.structs.replace(part, correct={}) for part in map_.file])
    with sales.context(ADMIN) as ctx:
        accounts = the_import(ctx, bare.of_model("contacts.contact"), dry_run=True)
        pipeline = the_import(ctx, bare.of_model("crm.lead"), dry_run=True)
    assert [(fault.line, fault.column, str(fault.message)) for fault in accounts.outcome.faults] == [
        (5, "office_location", "There is no “Philipines” among the Countries. Is “Philippines” meant?"),
        (37, "office_location", "There is no “Korea” among the Countries that you may see."),
    ]
    near = [str(note.text) for note in accounts.outcome.notes if note.kind == "near"]
    assert near == [
        "“technolgy” is spelt almost like “technology”; it stands in 12 lines.",
        "“Philipines” is spelt almost like “Philippines”; it stands in 1 line.",
    ]
    assert pipeline.outcome.failed == 1480
    assert {(fault.column, str(fault.message)) for fault in pipeline.outcome.faults} == {
        ("product", "There is no “GTXPro” among the Tags. Is “GTX Pro” meant?")
    }


def test_tags_are_the_products(sales: Database) -> None:
    with sales.context(ADMIN) as ctx, ctx.sudo("the tags of all opportunities") as system:
        link: Any = Lead.tags.property.secondary  # type: ignore[attr-defined]
        query = sa.select(Tag.name, sa.func.count()).join(link, link.c.other_id == Tag.id).group_by(Tag.name)
        assert dict(tuple(row) for row in system.session.execute(query)) == {
            "GTK 500": 40,
            "GTX Basic": 1866,
            "GTX Plus Basic": 1383,
            "GTX Plus Pro": 968,
            "GTX Pro": 1480,
            "MG Advanced": 1412,
            "MG Special": 1651,
        }
