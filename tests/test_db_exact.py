"""Exact numbers give the same, digit for digit, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from core.db.engine import make_engine
from core.db.types import Exact
from tests.bed.databases import KINDS, Databases

D = Decimal
TABLE = sa.Table(
    "exact",
    sa.MetaData(),
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("amount", Exact(20, 2)),
    sa.Column("rate", Exact(18, 4)),
    sa.Column("pieces", sa.Integer),
)
amount, rate, pieces = TABLE.c.amount, TABLE.c.rate, TABLE.c.pieces


@pytest.fixture(scope="module", params=KINDS)
def connection(request: pytest.FixtureRequest, databases: Databases) -> Iterator[sa.Connection]:
    url = databases.fresh(request.param)
    engine = make_engine(url)
    TABLE.metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()
    databases.drop(url)


def fill(connection: sa.Connection, *rows: tuple[Any, ...]) -> None:
    connection.execute(sa.delete(TABLE))
    names = ("amount", "rate", "pieces")
    filled = [(*row, *[None] * (3 - len(row))) for row in rows]
    connection.execute(sa.insert(TABLE), [dict(zip(names, row, strict=True)) for row in filled])


def one(connection: sa.Connection, expression: Any) -> Any:
    return connection.scalars(select(expression).select_from(TABLE)).one()


def text_of(value: Any) -> str:
    return f"{value:f}"


@pytest.mark.parametrize(
    ("given_value", "kept"),
    [
        ("0.1", "0.10"),
        ("-0.1", "-0.10"),
        (0.1, "0.10"),
        (7, "7.00"),
        ("0.005", "0.01"),
        ("-0.005", "-0.01"),
        ("2.675", "2.68"),
        (2.675, "2.68"),
        ("0.0049999", "0.00"),
        ("1000000000000000", "1000000000000000.00"),
        ("-9999999999999999.99", "-9999999999999999.99"),
        (None, None),
    ],
)
def test_a_value_comes_back_as_it_was_rounded_half_up(connection: sa.Connection, given_value: Any, kept: Any) -> None:
    fill(connection, (given_value,))
    found = one(connection, amount)
    assert (found if found is None else text_of(found)) == kept


def test_sums_are_exact(connection: sa.Connection) -> None:
    fill(connection, *[("0.10",)] * 10, ("-1.00",), ("1000000000000000.01",), ("1000000000000000.02",))
    assert text_of(one(connection, func.sum(amount))) == "2000000000000000.03"
    assert text_of(one(connection, func.min(amount))) == "-1.00"
    assert text_of(one(connection, func.max(amount))) == "1000000000000000.02"


def test_averages_are_rounded_half_up(connection: sa.Connection) -> None:
    fill(connection, ("0.01", None, 1), ("0.02", None, 2))
    assert text_of(one(connection, func.avg(amount))) == "0.02"
    assert one(connection, func.avg(pieces)) == D("1.5")
    fill(connection, ("-0.01",), ("-0.02",))
    assert text_of(one(connection, func.avg(amount))) == "-0.02"
    fill(connection, ("10",), ("10",), ("11",))
    assert text_of(one(connection, func.avg(amount))) == "10.33"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        (amount + 1, "101.25"),
        (amount + D("0.005"), "100.255"),
        (1 + amount, "101.25"),
        (amount - D("0.25"), "100.00"),
        (100 - amount, "-0.25"),
        (-amount, "-100.25"),
        (amount * 2, "200.50"),
        (2 * amount, "200.50"),
        (amount * D("0.09"), "9.0225"),
        (D("0.09") * amount, "9.0225"),
        (amount * 0.5, "50.125"),
        (amount * pieces, "300.75"),
        (pieces * amount, "300.75"),
        (amount * rate, "125.312500"),
        (amount + rate, "101.5000"),
        (rate - amount, "-99.0000"),
        (amount + pieces, "103.25"),
        (amount + amount * D("0.5"), "150.375"),
        (amount / 4, "25.062500"),
        (amount / rate, "80.20000000"),
        (rate / amount, "0.01246883"),
        (amount / pieces, "33.416667"),
        (amount / D("0.5"), "200.500000"),
        (200 / rate, "160.00000000"),
        (amount % 3, "1.25"),
        (func.sum(amount * rate), "125.312500"),
        (func.coalesce(sa.null(), amount), "100.25"),
        (func.coalesce(amount, 0), "100.25"),
        (func.abs(-amount), "100.25"),
        (func.nullif(amount, rate), "100.25"),
        (sa.case((amount > 100, amount), else_=sa.literal(5, amount.type)), "100.25"),
        (sa.case((amount < 100, amount), else_=sa.literal(5, amount.type)), "5.00"),
    ],
    ids=str,
)
def test_arithmetic(connection: sa.Connection, expression: Any, wanted: str) -> None:
    fill(connection, ("100.25", "1.25", 3))
    places = -D(wanted).as_tuple().exponent  # type: ignore[operator]
    found = one(connection, expression)
    assert found == D(wanted), found
    assert text_of(found.quantize(D(1).scaleb(-places), ROUND_HALF_UP)) == wanted


@pytest.mark.parametrize(
    "condition",
    [
        amount == D("1.25"),
        amount == "1.25",
        amount > 1,
        amount < 2,
        amount > D("1.249"),
        amount < D("1.2501"),
        amount != D("1.251"),
        amount == rate,
        rate >= amount,
        amount < pieces,
        amount * 2 == D("2.50"),
        amount * D("0.5") == D("0.625"),
        amount / 5 == D("0.25"),
        amount.in_([D("1.25"), 7]),
        amount.between(1, D("1.25")),
        amount + rate > D("2.4999"),
        amount.is_not(None),
        amount != None,  # noqa: E711
        sa.and_(amount >= sa.bindparam("given", D("1.25")), amount <= sa.bindparam("given", D("1.25"))),
    ],
    ids=str,
)
def test_comparisons_hold(connection: sa.Connection, condition: Any) -> None:
    fill(connection, ("1.25", "1.25", 2))
    assert connection.execute(select(func.count()).select_from(TABLE).where(condition)).scalar() == 1
    assert connection.execute(select(func.count()).select_from(TABLE).where(~condition)).scalar() == 0


def test_numbers_are_sorted_as_numbers(connection: sa.Connection) -> None:
    fill(connection, ("10",), ("9.99",), ("-10",), ("1000000000000000",), ("0",))
    found = connection.scalars(select(amount).order_by(amount)).all()
    assert [text_of(number) for number in found] == ["-10.00", "0.00", "9.99", "10.00", "1000000000000000.00"]


def test_the_same_expression_is_compiled_once_for_other_numbers(connection: sa.Connection) -> None:
    fill(connection, ("100.25",))
    assert [one(connection, amount * number) for number in (D("0.5"), D("0.05"), D("0.7"), 3)] == [
        D("50.125"), D("5.0125"), D("70.175"), D("300.75")
    ]  # fmt: skip


AMOUNTS = st.decimals(min_value=-(10**9), max_value=10**9, places=2)
RATES = st.decimals(min_value=-1000, max_value=1000, places=4)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(AMOUNTS, RATES), min_size=1, max_size=8))
def test_arithmetic_is_that_of_python(connection: sa.Connection, rows: list[tuple[Decimal, Decimal]]) -> None:
    fill(connection, *rows)
    found = connection.execute(
        select(amount + rate, amount - rate, amount * rate, amount > rate, amount == rate).order_by(TABLE.c.id)
    ).all()
    assert [tuple(row) for row in found] == [(a + r, a - r, a * r, a > r, a == r) for a, r in rows]
    assert one(connection, func.sum(amount)) == sum(a for a, _ in rows)
    mean = sum((a for a, _ in rows), D(0)) / len(rows)
    assert abs(one(connection, func.avg(amount)) - mean) <= D("0.0051")
