"""The reader: filters as data, pages, groups, choices; under the reader's rules on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from core.access import user_context
from core.context import NOBODY
from core.i18n import Locale
from core.operations import commit, create, create_many, set_preference, set_setting
from core.queries import (
    BadFilter,
    choices,
    count,
    first_of_each,
    get,
    groups,
    holds,
    ids,
    page,
    parse,
    preference,
    setting,
    totals,
)
from tests.shelf_house import Book, Label, Loan, Member, make_house


@pytest.fixture
def house(database_url):
    made = make_house(database_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def books(house):
    """Make three books of the first user, with labels, members and loans; and what the second user owns."""
    with house.as_("second") as ctx:
        other = create(ctx, Member, {"name": "Somebody else", "city": "Yazd"})
        hidden = create(ctx, Book, {"title": "Divan of Hafez", "price": 30, "shelf": "fiction"})
        create(ctx, Loan, {"book": hidden, "member": other, "lent_on": date(2026, 1, 1), "due_on": date(2026, 3, 25)})
        commit(ctx)
    with house.as_("first") as ctx:
        red, blue = create_many(ctx, Label, [{"name": "Red", "color": 1}, {"name": "Blue", "color": 2}])
        made = create_many(
            ctx,
            Book,
            [
                {"title": "Masnavi", "price": Decimal("10.50"), "shelf": "fiction", "labels": [red, blue]},
                {"title": "علم و ادب", "price": 20, "shelf": "science", "labels": [blue]},
                {"title": "100% poetry_", "copies": 0},
            ],
        )
        ali = create(ctx, Member, {"name": "علي كريمي", "city": "تهران", "shelf.number": "C-۱۲"})
        for book, due in ((made[0], date(2026, 3, 20)), (made[0], date(2026, 3, 21)), (made[1], date(2026, 4, 20))):
            create(ctx, Loan, {"book": book, "member": ali, "lent_on": date(2026, 1, 1), "due_on": due})
        commit(ctx)
    return {"books": [hidden, *made], "labels": (red, blue), "ali": ali, "other": other}


NEXT_YEAR = datetime(2026, 3, 22, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("domain", "found"),
    [
        (None, [0, 1, 2, 3]),
        (["title", "=", "Masnavi"], [1]),
        (["title", "!=", "Masnavi"], [0, 2, 3]),
        (["shelf", "!=", "fiction"], [2, 3]),
        (["shelf", "=", None], [3]),
        (["shelf", "in", ["science", None]], [2, 3]),
        (["shelf", "not_in", ["science"]], [0, 1, 3]),
        (["shelf", "not_in", ["science", None]], [0, 1]),
        (["shelf", "set"], [0, 1, 2]),
        (["price", ">", "10.49"], [0, 1, 2]),
        (["price", ">=", "20"], [0, 2]),
        (["price", "<", 20], [1]),
        (["title", "contains", "mAs"], [1]),
        (["title", "contains", "%"], [3]),
        (["title", "contains", "y_"], [3]),
        (["title", "starts", "d"], [0]),
        (["title", "not_contains", "a"], [2, 3]),
        (["not", ["shelf", "=", "fiction"]], [2, 3]),
        (["or", ["title", "starts", "M"], ["and", ["shelf", "=", "science"], ["price", "=", 20]]], [1, 2]),
        (["labels", "contains", "red"], [1]),
        (["labels", "not_contains", "red"], [0, 2, 3]),
        (["labels", "set"], [1, 2]),
        (["labels", "not_set"], [0, 3]),
        (["labels.color", "=", 2], [1, 2]),
        (["out", ">", 1], [1]),
        (["id", "in", []], []),
    ],
)
def test_filters_find_what_they_say(house, books, domain, found):
    with house.as_("first") as ctx:
        assert sorted(ids(ctx, Book, domain)) == [books["books"][place] for place in found]


def test_filters_go_along_links_and_into_extensions(house, books):
    with house.as_("manager") as ctx:
        assert count(ctx, Loan, ["book.title", "starts", "Mas"]) == 2
        assert count(ctx, Loan, ["book", "contains", "masn"]) == 2
        assert count(ctx, Loan, ["member.shelf.number", "=", "C-۱۲"]) == 3
        assert count(ctx, Member, ["shelf.number", "contains", "c-12"]) == 1
        assert count(ctx, Book, ["loans.member.name", "contains", "somebody"]) == 1


def test_either_spelling_of_persian_letters_and_digits_is_found(house, books):
    with house.as_("first") as ctx:
        for spelt in ("علی کریمی", "علي كريمي", "کر‌یمی", "C-12", "c-١٢"):
            assert [one.id for one in choices(ctx, Member, spelt)] == [books["ali"]], spelt


def test_a_filter_through_a_link_sees_no_more_than_the_reader(house, books):
    with house.as_("first") as ctx:
        assert count(ctx, Book, ["loans.member.name", "contains", "somebody"]) == 0
        assert count(ctx, Book, ["loans", "set"]) == 2
        assert page(ctx, Book, ["out"], ["title", "starts", "Divan"])[0]["out"] == 0


@pytest.mark.parametrize(
    ("calendar", "period", "expected"),
    [
        ("gregorian", "this_month", 2),
        ("jalali", "this_month", 2),
        ("jalali", "last_month", 1),
        ("gregorian", "this_year", 3),
        ("jalali", "this_year", 2),
        ("jalali", "next_month", 0),
        ("gregorian", "next_month", 1),
    ],
)
def test_relative_dates_count_in_the_readers_calendar(house, books, calendar, period, expected):
    # 1 Farvardin 1405 is 21 March 2026: of the loans due on 20 and 21 March and 20 April one is in the old year
    locale = Locale("fa", calendar, "arabext", "Asia/Tehran")
    with house.as_("first", now=NEXT_YEAR, locale=locale) as ctx:
        assert count(ctx, Loan, ["due_on", "period", period]) == expected


def test_a_moment_is_in_the_day_of_the_readers_zone(house, books):
    with house.as_("first") as ctx:
        book = books["books"][1]
        late_evening = datetime(2026, 3, 21, 21, 30, tzinfo=UTC)  # in Tehran it is 22 March, one o'clock
        create(ctx, Loan, {"book": book, "member": books["ali"], "due_on": date(2099, 1, 1), "handed_at": late_evening})
        commit(ctx)
    for zone, expected in (("Asia/Tehran", 1), ("UTC", 0)):
        with house.as_("first", now=NEXT_YEAR, locale=Locale(timezone=zone)) as ctx:
            assert count(ctx, Loan, ["handed_at", "period", "today"]) == expected


@pytest.mark.parametrize(
    "data",
    [
        ["nothing", "=", 1],
        ["password_hash", "=", "x"],
        ["title", "like", "x"],
        ["copies", "=", "many"],
        ["price", ">", "cheap"],
        ["price", ">", "1e30"],
        ["price", "=", "NaN"],
        ["copies", "=", 10**30],
        ["labels", "in", [2**63]],
        ["copies", "period", "this_month"],
        ["title"],
        ["title", "=", "x", "y"],
        "title",
        {"title": 1},
        ["and", "title"],
        ["not"],
        [["title", "=", 1]],
        ["labels.nothing", "=", 1],
        ["and", *[["title", "=", "x"]] * 300],
    ],
)
def test_what_is_no_filter_is_refused_in_words(house, data):
    with pytest.raises(BadFilter):
        parse(house.registry, Book, data)


def test_a_filter_too_deep_is_refused(house):
    data = ["title", "=", "x"]
    for _ in range(20):
        data = ["not", data]
    with pytest.raises(BadFilter):
        parse(house.registry, Book, data)


def test_one_statement_serves_every_value_and_every_reader(house, books):
    with house.as_("first") as ctx:
        assert count(ctx, Book, ["title", "contains", "mas"]) == 1
        statements = ctx.registry.memo["statements"]
        before = len(statements)
        assert count(ctx, Book, ["title", "contains", "nothing like it"]) == 0
    with house.as_("manager") as ctx:
        assert count(ctx, Loan) == 4
    with house.as_("second") as ctx:
        assert (count(ctx, Book, ["title", "contains", "divan"]), count(ctx, Loan)) == (1, 1)
    assert len(statements) == before + 1


def test_rows_are_ordered_with_empty_values_last_either_way(house, books):
    _hidden, masnavi, science, poetry = books["books"]
    with house.as_("first") as ctx:
        mine = ["id", "in", [masnavi, science, poetry]]
        assert ids(ctx, Book, mine, ["price"]) == [masnavi, science, poetry]
        assert ids(ctx, Book, mine, ["-price"]) == [science, masnavi, poetry]
        assert ids(ctx, Book, mine, ["shelf", "-title"]) == [masnavi, science, poetry]
        assert ids(ctx, Book, mine) == [poetry, science, masnavi]
        assert ids(ctx, Book, mine, ["title"], limit=1, offset=1) == [masnavi]
        assert [row["book"].title for row in page(ctx, Loan, ["book"], order=["book", "due_on"])] == [
            "Masnavi",
            "Masnavi",
            "علم و ادب",
        ]


def test_rows_hold_links_by_name_and_hide_the_names_one_may_not_see(house, books):
    with house.as_("manager") as ctx:
        loan = ids(ctx, Loan, ["member", "=", books["other"]])[0]
        assert get(ctx, Loan, loan, ["member", "city", "member.name"]) == {
            "id": loan,
            "version": 1,
            "member": (books["other"], "Somebody else", None),
            "city": "Yazd",
            "member.name": "Somebody else",
        }
    with house.as_("first") as ctx:
        assert get(ctx, Loan, loan, ["member"]) is None
        book = get(ctx, Book, books["books"][1], ["labels", "loans"])
        assert [(one.title, one.color) for one in book["labels"]] == [("Red", 1), ("Blue", 2)]
        assert len(book["loans"]) == 2


def test_counts_stop_at_the_cap_unless_asked_for_exactly(house):
    with house.as_("first") as ctx:
        create_many(ctx, Book, [{"title": f"Volume {number}"} for number in range(25)])
        assert count(ctx, Book, cap=10) == 11
        assert count(ctx, Book, cap=None) == 25


def test_groups_and_totals_add_up_what_one_may_see(house, books):
    with house.as_("first") as ctx:
        found = {one.value: (one.count, one.sums["price"]) for one in groups(ctx, Book, "shelf", ["price"])}
        assert found == {
            "fiction": (2, Decimal("40.50")),
            "science": (1, Decimal("20.00")),
            None: (1, None),
        }
        whole = totals(ctx, Book, ["price", "copies"])
        assert (whole.count, whole.sums) == (4, {"price": Decimal("60.50"), "copies": 3})
        assert {one.value: one.count for one in groups(ctx, Loan, "member")} == {books["ali"]: 3}
    with house.as_("second") as ctx:
        assert {one.value: one.count for one in groups(ctx, Loan, "member")} == {books["other"]: 1}


def test_the_first_of_each_group_come_by_two_statements(house, books):
    statements = []
    hidden, masnavi, science, _poetry = books["books"]
    with house.as_("first") as ctx:
        wanted = [masnavi, science, hidden, None]
        first_of_each(ctx, Loan, "book", wanted, ["due_on"], order=["due_on"], limit=1)
        sa.event.listen(house.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
        found = first_of_each(
            ctx, Loan, "book", [masnavi, science, hidden, None], ["due_on"], order=["due_on"], limit=1
        )
    assert {key: [row["due_on"] for row in rows] for key, rows in found.items()} == {
        masnavi: [date(2026, 3, 20)],
        science: [date(2026, 4, 20)],
        hidden: [],
        None: [],
    }
    assert len([one for one in statements if one.startswith(("SELECT", "(SELECT"))]) == 2


def test_conditions_are_asked_of_given_records(house, books):
    with house.as_("first") as ctx:
        assert holds(ctx, Book, books["books"], ["shelf", "=", "science"]) == {books["books"][2]}
        assert holds(ctx, Book, [], None) == set()


def test_settings_have_defaults_and_preferences_belong_to_one_person(house):
    with house.as_("admin") as ctx:
        assert setting(ctx, "shelf.days") is None
        set_setting(ctx, "shelf.days", 21)
        set_setting(ctx, "shelf.days", 14)
        set_preference(ctx, "list:shelf.book", ["title"])
        commit(ctx)
    with house.as_("first") as ctx:
        assert (setting(ctx, "shelf.days"), preference(ctx, "list:shelf.book")) == (14, None)
    with user_context(house.engine, house.registry, NOBODY) as ctx:
        assert (preference(ctx, "list:shelf.book"), count(ctx, Book)) == (None, 0)
