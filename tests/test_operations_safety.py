"""What holds whatever happens around a write: no number is given twice, faults after the commit change nothing."""

from __future__ import annotations

from datetime import date

import pytest
from structlog.testing import capture_logs

from core.errors import NotAllowed, NotFound
from core.models import Change, Preference, User
from core.operations import commit, create, delete, delete_many, set_preference, update
from core.queries import get, preference
from tests.shelf_house import Book, Loan, Member, make_house


@pytest.fixture
def house(database_url):
    made = make_house(database_url)
    yield made
    made.engine.dispose()


def test_the_number_of_a_deleted_record_is_never_given_again(house):
    with house.as_("admin") as ctx:
        gone = create(ctx, User, {"name": "Gone", "email": "gone@shelf.example"})
        book = create(ctx, Book, {"title": "Masnavi"})
        commit(ctx)
        delete(ctx, User, gone)
        delete(ctx, Book, book)
        commit(ctx)
        assert create(ctx, User, {"name": "New", "email": "new@shelf.example"}) > gone
        fresh = create(ctx, Book, {"title": "Divan"})
        assert ctx.session.query(Change).filter_by(model="shelf.book", record_id=fresh).count() == 1


def test_what_is_not_there_is_not_found_even_by_those_who_may_do_everything(house):
    with house.as_("admin") as ctx:
        with pytest.raises(NotFound):
            update(ctx, Book, 4711, {"title": "x"})
        with pytest.raises(NotFound):
            delete_many(ctx, Book, [4711])


def test_who_may_see_but_not_delete_is_refused(house):
    with house.as_("first") as ctx:
        book, member = create(ctx, Book, {"title": "Masnavi"}), create(ctx, Member, {"name": "Parvin"})
        days = {"lent_on": date(2026, 1, 1), "due_on": date(2026, 2, 1)}
        loan = create(ctx, Loan, {**days, "book": book, "member": member})
        with pytest.raises(NotAllowed):
            delete(ctx, Loan, loan)


def test_a_fault_after_the_commit_is_logged_and_changes_nothing(house):
    told = []

    def fail():
        raise RuntimeError("the outside does not answer")

    with house.as_("first") as ctx:
        book = create(ctx, Book, {"title": "Masnavi"})
        ctx.work.after_commit += [fail, lambda: told.append("next")]
        with capture_logs() as logged:
            commit(ctx)
    assert told == ["next"]
    assert [(one["event"], one["log_level"]) for one in logged] == [("a fault after the commit", "error")]
    with house.as_("first") as ctx:
        assert get(ctx, Book, book, ["title"]) == {"id": book, "version": 1, "title": "Masnavi"}


def test_a_choice_kept_twice_is_kept_once(house):
    with house.as_("first") as ctx:
        for value in (["b"], {"a": 1}, None):
            set_preference(ctx, "list:shelf.book", value)
            assert preference(ctx, "list:shelf.book") == value
        commit(ctx)
    with house.as_("system") as ctx:
        assert ctx.session.query(Preference).count() == 1
