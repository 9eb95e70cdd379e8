"""How a salesperson's own documents are found among 100,000 opportunities: by indexes, never by looking at all."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from addons.crm_lead.lists import Stage
from addons.crm_lead.models import Lead
from core.context import Context
from core.loader import Databases
from core.queries import first_of_each, groups, ids, page, totals
from core.testing.house import House, prepare, settings_for
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase

LEADS = 100_000
OPEN = ["kind", "=", "opportunity"]
NEWEST, BEST = ["-id"], ["-priority", "-id"]
NAMES = ["name", "contact", "stage", "user", "expected_revenue"]
NUMBERS = {
    "postgresql": f"SELECT n FROM generate_series(1, {LEADS}) AS numbers (n)",
    "sqlite": f"WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {LEADS}) "
    "SELECT n FROM numbers",
}


def fill(house: House, kind: Kind) -> None:
    """Give one of twenty opportunities to the salesperson, and one of fifty to nobody."""
    me, other = house.person("crm_lead.user"), house.person("crm_lead.manager")
    with house.database.engine.begin() as connection:
        stages = list(connection.scalars(sa.select(Stage.__table__.c.id).order_by(Stage.__table__.c.sequence)))
        owner = f"CASE WHEN n % 50 = 7 THEN NULL WHEN n % 20 = 0 THEN {me} ELSE {other} END"
        columns = "name, kind, state, priority, active, document_date, user_id, created_by_id, stage_id"
        values = (
            f"'Lead ' || n, 'opportunity', 'open', n % 4, true, '2026-01-01', {owner}, {other}, {stages[0]} + n % 4"
        )
        connection.execute(
            sa.text(f"INSERT INTO crm_lead ({columns}) SELECT {values} FROM ({NUMBERS[kind]}) AS source")
        )
    if kind == "postgresql":
        with house.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE crm_lead")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("plans")


@pytest.fixture
def house(database_kind: Kind, fresh_database: FreshDatabase, folder: Path) -> Iterator[House]:
    def make(url: str) -> None:
        prepare(url, folder, ["crm_lead"])
        filled = House(Databases(settings_for(url, folder)))
        fill(filled, database_kind)
        filled.close()

    url = fresh_database(database_kind, prepared="plans", prepare=make)
    house = House(Databases(settings_for(url, folder)))
    yield house
    house.close()


def board(ctx: Context) -> list[Any]:
    """Return the columns of the board."""
    return sorted(ctx.session.scalars(sa.select(Stage.id)))


READS: dict[str, Callable[[Context], Any]] = {
    "the first page": lambda ctx: page(ctx, Lead, NAMES, OPEN, NEWEST),
    "a page far away": lambda ctx: ids(ctx, Lead, OPEN, NEWEST, offset=4000),
    "count and sum of a list": lambda ctx: totals(ctx, Lead, ["expected_revenue"], OPEN, cap=10_000),
    "counts and sums of a board": lambda ctx: groups(ctx, Lead, "stage", ["expected_revenue"], OPEN),
    "the cards of a board": lambda ctx: first_of_each(
        ctx, Lead, "stage", board(ctx), NAMES, OPEN, ["-priority", "-id"]
    ),
}


@pytest.mark.parametrize("read", READS)
def test_own_documents_are_found_by_indexes(house: House, read: str) -> None:
    for statement, values in statements_of(house, READS[read]):
        looked_at_all = whole_tables(house, statement, values) & {"crm_lead"}
        assert not looked_at_all, f"{read} looks at every opportunity:\n{statement}"


def test_a_look_at_everything_would_be_noticed(house: House) -> None:
    assert whole_tables(house, "SELECT sum(probability) FROM crm_lead WHERE name LIKE '%%7%%'", ()) == {"crm_lead"}


def statements_of(house: House, read: Callable[[Context], Any]) -> list[tuple[str, Any]]:
    """Return the statements over opportunities that a way of reading runs, with their values."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, *_rest: Any) -> None:
        if "FROM crm_lead" in statement:
            seen.append((statement, values))

    with house.database.engine.connect() as connection:
        me = connection.scalar(sa.text("SELECT user_id FROM crm_lead WHERE name = 'Lead 20'"))
    sa.event.listen(house.database.engine, "before_cursor_execute", note)
    with house.database.context(me) as ctx:
        assert read(ctx)
    sa.event.remove(house.database.engine, "before_cursor_execute", note)
    assert seen
    return seen


def whole_tables(house: House, statement: str, values: Any) -> set[str]:
    """Return the tables a statement reads from one end to the other."""
    with house.database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row[3] for row in rows]
            return {found[1] for step in steps if (found := re.fullmatch(r"SCAN (\w+)", step))}
        plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
        return set(_scanned(json.loads(plan) if isinstance(plan, str) else plan))


def _scanned(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for one in node:
            yield from _scanned(one)
    elif isinstance(node, dict):
        if node.get("Node Type") == "Seq Scan":
            yield node["Relation Name"]
        for value in node.values():
            yield from _scanned(value)
