"""Changing, archiving and deleting records through the writer."""

from __future__ import annotations

from datetime import date

import pytest

from core.db.guard import GuardError
from core.errors import Clash, NotAllowed, NotFound, Refused
from core.models import Change, Sequence
from core.operations import (
    archive,
    commit,
    create,
    create_many,
    delete,
    delete_many,
    next_number,
    restore,
    rollback,
    save_lines,
    update,
    update_many,
)
from core.queries import count, get, ids
from tests.shelf_house import Book, Label, Loan, Member, make_house


@pytest.fixture
def house(database_url):
    made = make_house(database_url)
    yield made
    made.engine.dispose()


@pytest.fixture
def loan(house):
    """Make a loan that belongs to the first user."""
    with house.as_("first") as ctx:
        book, member = create(ctx, Book, {"title": "Masnavi"}), create(ctx, Member, {"name": "Parvin"})
        made = create(
            ctx, Loan, {"book": book, "member": member, "lent_on": date(2026, 1, 1), "due_on": date(2026, 2, 1)}
        )
        commit(ctx)
    return made


def test_what_differs_is_written_and_kept_and_the_version_counts(house, loan):
    with house.as_("first") as ctx:
        assert update(ctx, Loan, loan, {Loan.due_on: date(2026, 3, 1), Loan.lent_on: date(2026, 1, 1)}) is True
        assert update(ctx, Loan, loan, {Loan.due_on: date(2026, 3, 1)}) is False
        commit(ctx)
        assert get(ctx, Loan, loan, ["due_on"]) == {"id": loan, "version": 2, "due_on": date(2026, 3, 1)}
    with house.as_("system") as ctx:
        kept = ctx.session.query(Change).filter_by(model="shelf.loan", operation="u").one()
        assert (kept.record_id, kept.version, kept.old, kept.new) == (
            loan,
            2,
            {"due_on": "2026-02-01"},
            {"due_on": "2026-03-01"},
        )


def test_two_people_who_change_different_fields_both_win(house, loan):
    with house.as_("manager") as ctx:
        update(ctx, Loan, loan, {"due_on": date(2026, 5, 1)}, version=1)
        commit(ctx)
    with house.as_("first") as ctx:
        # a form sends every field; this person only changed the day of return
        given = {"due_on": date(2026, 2, 1), "lent_on": date(2026, 1, 1), "returned_on": date(2026, 1, 20)}
        update(ctx, Loan, loan, given, version=1)
        commit(ctx)
        row = get(ctx, Loan, loan, ["due_on", "returned_on"])
    assert row == {"id": loan, "version": 3, "due_on": date(2026, 5, 1), "returned_on": date(2026, 1, 20)}


def test_two_people_who_change_one_field_are_asked(house, loan):
    with house.as_("manager") as ctx:
        update(ctx, Loan, loan, {"due_on": date(2026, 5, 1)}, version=1)
        commit(ctx)
    with house.as_("first") as ctx:
        with pytest.raises(Clash) as clash:
            update(ctx, Loan, loan, {"due_on": date(2026, 6, 1)}, version=1)
        rollback(ctx)
        assert get(ctx, Loan, loan, ["due_on"])["due_on"] == date(2026, 5, 1)
    conflict = clash.value.conflicts[0]
    assert (clash.value.version, conflict.name, conflict.before, conflict.theirs, conflict.mine) == (
        2,
        "due_on",
        "2026-02-01",
        date(2026, 5, 1),
        date(2026, 6, 1),
    )


def test_what_one_may_not_see_is_not_found_and_what_one_may_not_change_is_not_allowed(house, loan):
    with house.as_("second") as ctx:
        with pytest.raises(NotFound):
            update(ctx, Loan, loan, {"due_on": date(2027, 1, 1)})
        with pytest.raises(NotFound):
            update(ctx, Loan, 999_999, {"due_on": date(2027, 1, 1)})
    with house.as_("first") as ctx, pytest.raises(NotAllowed):
        delete(ctx, Loan, loan)


def test_a_record_cannot_be_moved_out_of_ones_rules(house):
    with house.as_("first") as ctx:
        member = create(ctx, Member, {"name": "Mine"})
        commit(ctx)
        with pytest.raises(NotAllowed):
            update(ctx, Member, member, {"owner": house.people["second"].id})
        rollback(ctx)
    with house.as_("manager") as ctx:
        assert get(ctx, Member, member, ["owner"])["owner"].title == "first"


def test_many_are_changed_all_or_none(house):
    with house.as_("second") as ctx:
        foreign = create(ctx, Member, {"name": "Theirs", "city": "Yazd"})
        commit(ctx)
    with house.as_("first") as ctx:
        mine = create_many(ctx, Member, [{"name": "One"}, {"name": "Two", "city": "Shiraz"}])
        commit(ctx)
        with pytest.raises(NotFound):
            update_many(ctx, Member, [*mine, foreign], {"city": "Shiraz"})
        rollback(ctx)
        assert count(ctx, Member, ["city", "=", "Shiraz"]) == 1
        assert update_many(ctx, Member, mine, {"city": "Shiraz"}) == [mine[0]]


def test_extension_rows_are_made_when_first_needed(house):
    with house.as_("first") as ctx:
        one, two = create_many(ctx, Member, [{"name": "One", "shelf.number": "1"}, {"name": "Two"}])
        update_many(ctx, Member, [one, two], {"shelf.blocked": True})
        commit(ctx)
        assert [get(ctx, Member, member, ["shelf.number", "shelf.blocked"]) for member in (one, two)] == [
            {"id": one, "version": 2, "shelf.number": "1", "shelf.blocked": True},
            {"id": two, "version": 2, "shelf.number": None, "shelf.blocked": True},
        ]


def test_many_links_are_replaced(house):
    with house.as_("first") as ctx:
        red, blue = create_many(ctx, Label, [{"name": "red"}, {"name": "blue"}])
        book = create(ctx, Book, {"title": "A", "labels": [red]})
        assert update(ctx, Book, book, {"labels": [blue]}) is True
        assert update(ctx, Book, book, {"labels": [blue]}) is False
        assert [one.id for one in get(ctx, Book, book, ["labels"])["labels"]] == [blue]


def test_archived_records_hide_and_come_back(house):
    with house.as_("first") as ctx:
        member = create(ctx, Member, {"name": "Old"})
        archive(ctx, Member, [member])
        assert (count(ctx, Member), count(ctx, Member, archived=True)) == (0, 1)
        assert ids(ctx, Member, ["active", "=", False]) == [member]
        restore(ctx, Member, [member])
        assert count(ctx, Member) == 1


def test_a_record_others_point_to_is_not_deleted(house, loan):
    with house.as_("manager") as ctx:
        book = get(ctx, Loan, loan, ["book"])["book"].id
        with pytest.raises(Refused, match="Other records still point to these Books"):
            delete(ctx, Book, book)
        rollback(ctx)
        delete(ctx, Loan, loan)
        delete(ctx, Book, book)
        commit(ctx)
        assert (count(ctx, Loan), count(ctx, Book)) == (0, 0)
    with house.as_("system") as ctx:
        kept = ctx.session.query(Change).filter_by(model="shelf.book", operation="d").one()
        assert kept.old["title"] == "Masnavi"


def test_deleting_takes_what_one_may_and_nothing_else(house):
    with house.as_("second") as ctx:
        foreign = create(ctx, Member, {"name": "Theirs"})
        commit(ctx)
    with house.as_("first") as ctx, pytest.raises(NotAllowed):
        delete_many(ctx, Member, [foreign])
    with house.as_("manager") as ctx:
        delete_many(ctx, Member, [foreign, foreign])
        assert count(ctx, Member) == 0


def test_lines_are_saved_with_their_record(house, loan):
    with house.as_("manager") as ctx:
        row = get(ctx, Loan, loan, ["book", "member"])
        book, member = row["book"].id, row["member"].id
        lines = [
            {"id": loan, "due_on": date(2026, 2, 15)},
            {"member": member, "lent_on": date(2026, 1, 5), "due_on": date(2026, 3, 1)},
        ]
        save_lines(ctx, Book, book, Book.loans, lines)
        assert count(ctx, Loan, ["book", "=", book]) == 2
        save_lines(ctx, Book, book, Book.loans, lines[:1])
        assert ids(ctx, Loan, ["book", "=", book]) == [loan]
        assert get(ctx, Loan, loan, ["due_on"])["due_on"] == date(2026, 2, 15)


def test_no_two_callers_get_one_document_number(house):
    with house.as_("system") as ctx:
        create(ctx, Sequence, {"code": "shelf.loan", "name": "Loans", "prefix": "L{year}-", "digits": 4})
        year = ctx.today.year
        assert [next_number(ctx, "shelf.loan") for _ in range(2)] == [f"L{year}-0001", f"L{year}-0002"]
        with pytest.raises(Refused, match="no sequence"):
            next_number(ctx, "shelf.nothing")


def test_the_session_itself_writes_nothing_around_the_writer(house):
    with house.as_("first") as ctx:
        with pytest.raises(GuardError):
            ctx.session.bulk_insert_mappings(Book, [{"title": "A"}])
        with pytest.raises(GuardError):
            ctx.session.connection()
