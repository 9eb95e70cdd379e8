"""Creating records through the writer."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import shelf.plugin

from core.errors import Invalid, NotAllowed, Refused
from core.models import Change, ChangeSet
from core.operations import commit, create, create_many, rollback
from core.queries import count, get, page
from tests.shelf_house import Book, Label, Loan, Member, make_house


@pytest.fixture
def house(database_url):
    made = make_house(database_url)
    yield made
    made.engine.dispose()


def test_values_defaults_and_who_and_when_are_kept(house):
    now = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    with house.as_("first", now=now) as ctx:
        book = create(ctx, Book, {Book.title: "The Conference of the Birds", "price": Decimal("12.345")})
        commit(ctx)
        row = get(ctx, Book, book, ["title", "price", "copies", "created_by", "created_at", "shelf"])
    assert row["title"] == "The Conference of the Birds"
    assert row["price"] == Decimal("12.35")
    assert row["copies"] == 1
    assert row["created_by"] == (house.people["first"].id, "first", None)
    assert row["created_at"] == now
    assert row["shelf"] is None
    assert row["version"] == 1


def test_extension_fields_and_many_links_are_written_with_the_record(house):
    with house.as_("first") as ctx:
        red, blue = create_many(ctx, Label, [{"name": "red", "color": 1}, {"name": "blue", "color": 2}])
        book = create(ctx, Book, {"title": "Divan", "labels": [blue, red, blue]})
        member = create(ctx, Member, {"name": "Parvin", "shelf.number": "C-7"})
        commit(ctx)
        assert [one.title for one in get(ctx, Book, book, ["labels"])["labels"]] == ["red", "blue"]
        assert get(ctx, Member, member, ["shelf.number", "shelf.blocked"]) == {
            "id": member,
            "version": 1,
            "shelf.number": "C-7",
            "shelf.blocked": False,
        }


def test_many_records_come_back_in_their_order(house):
    rows = [{"title": f"Volume {number:03d}", "copies": number} for number in range(150)]
    with house.as_("first") as ctx:
        ids = create_many(ctx, Book, rows)
        commit(ctx)
        read = {row["id"]: row["copies"] for row in page(ctx, Book, ["copies"], limit=200)}
    assert [read[one] for one in ids] == list(range(150))


def test_an_id_chosen_by_the_caller_is_ignored(house):
    with house.as_("first") as ctx:
        book = create(ctx, Book, {"id": 4711, "title": "Golestan"})
        assert book != 4711


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": ""}, "title"),
        ({}, "title"),
        ({"title": "x" * 256}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "A", "copies": -1}, "copies"),
        ({"title": "A", "copies": 2**31}, "copies"),
        ({"title": "A", "copies": True}, "copies"),
        ({"title": "A", "price": Decimal("NaN")}, "price"),
        ({"title": "A", "price": Decimal(10) ** 17}, "price"),
        ({"title": "A", "shelf": "kitchen"}, "shelf"),
        ({"title": "A", "isbn": "12345678901234"}, "isbn"),
    ],
)
def test_a_value_that_does_not_pass_is_told_by_field(house, values, field):
    with house.as_("first") as ctx:
        with pytest.raises(Invalid) as refused:
            create(ctx, Book, values)
        assert list(refused.value.errors) == [field]
        rollback(ctx)
        assert count(ctx, Book) == 0


def test_a_value_used_twice_is_told_the_same_whether_one_may_see_the_other_record_or_not(house):
    with house.as_("first") as ctx:
        create(ctx, Member, {"name": "Mine", "shelf.number": "C-1"})
        commit(ctx)
    messages = []
    for name in ("first", "second"):
        with house.as_(name) as ctx:
            assert count(ctx, Member) == (1 if name == "first" else 0)
            with pytest.raises(Invalid) as refused:
                create(ctx, Member, {"name": "Another", "shelf.number": "C-1"})
            messages.append({field: list(map(str, texts)) for field, texts in refused.value.errors.items()})
    assert messages[0] == messages[1] == {"shelf.number": ["There is already a record with this value."]}


def test_a_broken_condition_is_told_in_its_own_sentence(house):
    with house.as_("first") as ctx:
        book, member = create(ctx, Book, {"title": "A"}), create(ctx, Member, {"name": "B"})
        with pytest.raises(Refused, match=r"A loan cannot be due before it begins\."):
            create(ctx, Loan, {"book": book, "member": member, "lent_on": date(2026, 2, 2), "due_on": date(2026, 2, 1)})


def test_nobody_links_to_what_he_may_not_see(house):
    with house.as_("second") as ctx:
        hidden = create(ctx, Member, {"name": "Hidden"})
        commit(ctx)
    told = []
    with house.as_("first") as ctx:
        book = create(ctx, Book, {"title": "A"})
        for member in (hidden, 999_999):
            with pytest.raises(Invalid) as refused:
                create(ctx, Loan, {"book": book, "member": member, "due_on": date(2099, 1, 1)})
            told.append(str(refused.value))
    assert told[0] == told[1]


def test_nobody_creates_outside_of_his_rules(house):
    with house.as_("first") as ctx:
        with pytest.raises(NotAllowed):
            create(ctx, Member, {"name": "Not mine", "owner": house.people["second"].id})
        rollback(ctx)
        assert count(ctx, Member) == 0
    with house.as_("manager") as ctx:
        assert count(ctx, Member) == 0


def test_what_is_computed_or_unknown_is_not_taken(house):
    with house.as_("first") as ctx:
        for name in ("out", "loans", "nonsense"):
            with pytest.raises(KeyError):
                create(ctx, Book, {"title": "A", name: 1})


def test_a_create_is_one_change_set_with_the_tracked_values(house):
    with house.as_("first") as ctx:
        create_many(ctx, Book, [{"title": "A", "copies": 3}, {"title": "B"}])
        create(ctx, Member, {"name": "C"})
        commit(ctx)
        create(ctx, Book, {"title": "D"})
        commit(ctx)
    with house.as_("system") as ctx:
        sets = ctx.session.query(ChangeSet).filter_by(user_id=house.people["first"].id).all()
        changes = ctx.session.query(Change).filter(Change.set_id.in_([one.id for one in sets])).order_by(Change.id)
        assert [(one.set_id - sets[0].id, one.model, one.operation, one.new) for one in changes] == [
            (0, "shelf.book", "c", {"title": "A"}),
            (0, "shelf.book", "c", {"title": "B"}),
            (0, "shelf.member", "c", {}),
            (1, "shelf.book", "c", {"title": "D"}),
        ]


def test_hooks_may_mend_values_and_hear_of_what_is_safe(house):
    shelf.plugin.heard.clear()
    with house.as_("first") as ctx:
        first, second = create_many(ctx, Book, [{"title": " Shahnameh. "}, {"title": "Masnavi."}])
        assert shelf.plugin.heard == []
        commit(ctx)
        assert [get(ctx, Book, one, ["title"])["title"] for one in (first, second)] == ["Shahnameh", "Masnavi"]
        create(ctx, Book, {"title": "Given up"})
        rollback(ctx)
    assert shelf.plugin.heard == [("shelf.book", "c")]
