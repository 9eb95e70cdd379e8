"""Demonstration data: the same each time, natural in both languages, and gone without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from addons.contacts.models import Contact
from addons.crm_lead.lists import Team
from addons.crm_lead.models import Lead
from core.demo import Plan, has_demo
from core.errors import Refused
from core.loader import Database, discover, make_demo, remove_demo
from core.models import User
from core.operations import commit, create
from core.queries import Ref, count, groups, ids, page
from core.testing.house import prepare, settings_for
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.loader_bed import everything

DAY = date(2026, 11, 22)


def opened(url: str, folder: Path) -> Database:
    settings = settings_for(url, folder)
    return Database("main", url, settings, discover(settings))


def plan(**how: Any) -> Plan:
    return Plan(**{"today": DAY, "leads": 120, **how})


@pytest.fixture
def sales(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Database]:
    """Give an empty database with sales in it."""

    def make(url: str) -> None:
        prepare(url, tmp_path, ["crm_lead"])

    database = opened(fresh_database(database_kind, "demo", make), tmp_path)
    yield database
    database.close()


def test_it_is_removed_without_a_trace(sales: Database) -> None:
    before = everything(sales)
    made = make_demo(sales, plan())
    assert made > 120
    assert everything(sales) != before
    assert remove_demo(sales) == (made, 0)
    assert everything(sales) == before
    assert remove_demo(sales) == (0, 0)


def test_two_runs_are_equal_and_another_seed_differs(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    found = []
    for seed in (7, 7, 8):
        database = opened(fresh_database("sqlite", "demo", lambda url: prepare(url, tmp_path, ["crm_lead"])), tmp_path)
        make_demo(database, plan(seed=seed))
        found.append(everything(database))
        database.close()
    assert found[0] == found[1]
    assert found[0]["crm_lead"] != found[2]["crm_lead"]


def test_both_databases_hold_the_same(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    names = ["name", "contact", "user", "team", "stage", "state", "expected_revenue", "document_date", "closed_at"]
    names += ["document_number", "created_at", "tags", "lost_reason", "probability"]
    kinds: tuple[Kind, Kind] = ("sqlite", "postgresql")
    found = []
    for kind in kinds:
        database = opened(fresh_database(kind, "demo", lambda url: prepare(url, tmp_path, ["crm_lead"])), tmp_path)
        make_demo(database, plan())
        with database.context() as ctx:
            rows = page(ctx, Lead, names, order=["document_number"], limit=500, archived=True)
        found.append([{name: titles(row[name]) for name in names} for row in rows])
        database.close()
    assert found[0] == found[1]


def titles(value: Any) -> Any:
    """Links by what they are called: their ids depend on what was in the database before."""
    if isinstance(value, Ref):
        return value.title
    return [one.title for one in value] if isinstance(value, tuple) else value


def test_it_looks_like_a_business_that_has_worked_for_a_year(sales: Database) -> None:
    make_demo(sales, plan(leads=300))
    with sales.context() as ctx:
        assert count(ctx, Lead, archived=True) == 300
        states = {group.value: group.count for group in groups(ctx, Lead, "state", archived=True)}
        assert min(states.values()) > 50
        assert len(groups(ctx, Lead, "stage", domain=["state", "=", "open"])) == 3
        assert count(ctx, Lead, ["kind", "=", "lead"]) > 3
        assert count(ctx, Lead, ["and", ["state", "=", "lost"], ["lost_reason", "not_set"]], archived=True) == 0
        days = [row["document_date"] for row in page(ctx, Lead, ["document_date"], limit=500, archived=True)]
        assert DAY - timedelta(days=401) <= min(days) < DAY - timedelta(days=300)
        assert DAY - timedelta(days=15) < max(days) < DAY
        moments = ("closed_at", "stage_changed_at", "assigned_at", "created_at")
        wrong = ["or", *([name, ">=", f"{DAY}T00:00+00:00"] for name in moments)]
        assert ids(ctx, Lead, wrong, archived=True) == []
        assert len(groups(ctx, Lead, "user", archived=True)) >= 5
        teams = page(ctx, Team, ["leader", "members"], order=["sequence"])
        assert [(row["leader"] is not None, len(row["members"])) for row in teams] == [(True, 4), (True, 2)]
        asked = ctx.session.scalars(select(User.id).where(User.email == "admin@girih.example")).one()
        assert count(ctx, Lead, ["and", ["user", "=", asked], ["state", "=", "open"]]) > 5
        assert count(ctx, Contact, ["kind", "=", "organisation"]) == 37
        assert count(ctx, Contact, ["and", ["kind", "=", "person"], ["parent", "not_set"]]) == 0


@pytest.mark.parametrize(("language", "persian"), [("en", False), ("fa", True)])
def test_names_and_texts_are_of_the_language(
    fresh_database: FreshDatabase, tmp_path: Path, language: str, persian: bool
) -> None:
    database = opened(fresh_database("sqlite", "demo", lambda url: prepare(url, tmp_path, ["crm_lead"])), tmp_path)
    make_demo(database, plan(language=language))
    with database.context() as ctx:
        texts = [row["name"] for row in page(ctx, Lead, ["name"], limit=500, archived=True)]
        texts += [row["name"] for row in page(ctx, Contact, ["name"], limit=500)]
        texts += [row["city"] for row in page(ctx, Contact, ["city"], limit=500)]
        addresses = [row["email"] for row in page(ctx, User, ["email"], ["email", "!=", "admin@girih.example"])]
        addresses += [row["email"] for row in page(ctx, Contact, ["email"], limit=500)]
        phones = {row["phone"][:3] for row in page(ctx, Contact, ["phone"], limit=500)}
    assert {any("\u0600" <= letter <= "\u06ff" for letter in text) for text in texts} == {persian}
    assert not any("ي" in text or "ك" in text or text != text.strip() for text in texts)
    assert {address.endswith(".example") for address in addresses} == {True}
    assert phones == ({"+98"} if persian else {one for one in phones if one.startswith("+1")})
    database.close()


def test_it_is_not_made_twice(sales: Database) -> None:
    make_demo(sales, plan())
    with pytest.raises(Refused, match="There is demonstration data already"):
        make_demo(sales, plan(seed=8))
    with sales.context() as ctx:
        assert has_demo(ctx)
        assert count(ctx, Lead, archived=True) == 120


def test_what_people_made_meanwhile_stays(sales: Database) -> None:
    made = make_demo(sales, plan())
    with sales.context(1) as ctx:
        customer = ids(ctx, Contact, ["kind", "=", "organisation"], limit=1)[0]
        mine = create(ctx, Lead, {"name": "Mine", "contact": customer})
        commit(ctx)
        number = page(ctx, Lead, ["document_number"], ["id", "=", mine])[0]["document_number"]
    gone, kept = remove_demo(sales)
    assert gone + kept == made
    assert 1 <= kept <= 5
    with sales.context(1) as ctx:
        assert ids(ctx, Lead, archived=True) == [mine]
        assert page(ctx, Lead, ["contact"])[0]["contact"].id == customer
        following = create(ctx, Lead, {"name": "Next"})
        row = page(ctx, Lead, ["document_number"], ["id", "=", following])[0]
        assert int(row["document_number"][1:]) == int(number[1:]) + 1
        assert has_demo(ctx)


def test_those_people_of_the_demonstration_cannot_log_in(sales: Database) -> None:
    make_demo(sales, plan())
    with sales.context() as ctx:
        rows = ctx.session.query(User.password_hash).filter(User.email.endswith("@demo.example")).all()
    assert {row[0] for row in rows} == {None}
    assert len(rows) == 7
