"""Verbs called through the writer: nobody gets around the right, the rules or the moment, whoever calls."""

from __future__ import annotations

from datetime import date

import pytest

from core.declarations import verb
from core.errors import NotAllowed, NotFound, Refused
from core.i18n import Text
from core.operations import call_verb, commit, create
from core.operations.verbs import ready
from tests.shelf_house import Book, Loan, Member, make_house

called = []
DONE = (None, None, date(2026, 1, 9))


def note(ctx, ids, **answers):
    called.append((ids, answers))
    return "done"


OPEN = verb(Loan, Text("Close"), when=Loan.returned_on.is_(None))(note)
SINGLE = verb(Loan, Text("Look"), bulk=False)(note)
SHREDDED = verb(Loan, Text("Shred"), needs="d")(note)


@pytest.fixture
def house(database_url):
    made = make_house(database_url)
    called.clear()
    yield made
    made.engine.dispose()


@pytest.fixture
def loans(house):
    """Make three loans of the first user, the last one of a book that is back."""
    with house.as_("first") as ctx:
        member = create(ctx, Member, {"name": "Parvin"})
        books = [create(ctx, Book, {"title": title}) for title in ("Masnavi", "Divan", "Gulistan")]
        days = {"member": member, "lent_on": date(2026, 1, 1), "due_on": date(2026, 2, 1)}
        made = [
            create(ctx, Loan, {**days, "book": book, "returned_on": done})
            for book, done in zip(books, DONE, strict=True)
        ]
        commit(ctx)
    return made


def test_it_is_called_where_it_is_offered_and_says_where_not(house, loans):
    with house.as_("first") as ctx:
        assert ready(ctx, OPEN, loans) == set(loans[:2])
        assert call_verb(ctx, OPEN, [loans[1], loans[2], loans[0]], why="x") == ("done", (loans[2],))
        assert called == [([loans[1], loans[0]], {"why": "x"})]
        with pytest.raises(Refused, match="cannot be done"):
            call_verb(ctx, OPEN, loans[2:])
        with pytest.raises(Refused, match="one record at a time"):
            call_verb(ctx, SINGLE, loans)
    assert len(called) == 1


def test_a_record_nobody_may_see_is_not_there_and_one_he_may_not_change_is_refused(house, loans):
    with house.as_("second") as ctx:
        with pytest.raises(NotFound):
            call_verb(ctx, OPEN, loans)
        with pytest.raises(NotAllowed):
            call_verb(ctx, SHREDDED, loans)
    with house.as_("first") as ctx, pytest.raises(NotAllowed):
        call_verb(ctx, SHREDDED, loans)
    assert called == []


def test_a_verb_is_no_function_that_could_be_called_past_the_rights(loans):
    with pytest.raises(TypeError):
        OPEN(None, loans)
