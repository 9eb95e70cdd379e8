"""Rows of extensions, notes and files follow their record, however the statement is put."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import and_, delete, exists, func, literal_column, or_, select, update
from sqlalchemy.orm import aliased, outerjoin

from core.db.guard import belongs_to
from core.models import File, User
from tests.guard_bed import Case, business, check, enforced, ids, refused
from tests.kernel_models import SCORES, Deal, DealScore, Note, Partner, Stage, Who

engine = business
pytestmark = pytest.mark.filterwarnings("ignore:.* has a cartesian product")
DEAL = literal_column("'tests.deal'")


def scores(who: Who) -> set[int]:
    return who.scores


def scored(who: Who) -> set[Any]:
    return {(title, SCORES[title]) for title in who.deals}


def noted(who: Who) -> set[str]:
    return {f"on {title}" for title in who.deals}


def all_notes(who: Who) -> set[str]:
    return who.notes


def files(who: Who) -> set[str]:
    return {*(f"of {title}" for title in who.deals), f"loose {who.id}"}


def each(statement: Any) -> Any:
    return lambda session, who: set(session.scalars(statement))


def pairs(statement: Any) -> Any:
    return lambda session, who: {tuple(row) for row in session.execute(statement)}


def changed(statement: Any) -> Any:
    return lambda session, who: session.execute(statement).rowcount


OTHER, D2, N2 = aliased(DealScore), aliased(Deal), aliased(Note)
SCORE_OF = DealScore.id == Deal.id
SUB = select(Deal.id, Deal.title).subquery()


def other_name_later(session: Any, who: Who) -> Any:
    """The name of the model is a bind here: the same statement is first run with the right one, then another."""

    def bodies(name: str) -> set[str]:
        joined = select(Note.body).join(Deal, and_(Note.model == name, Note.record_id == Deal.id))
        return set(session.scalars(joined))

    assert bodies("tests.deal") >= set()
    return bodies("tests.partner")


def partner_note(who: Who) -> set[str]:
    """What a join on equal ids shows of notes on partners: hers, and only where a deal of that number is hers."""
    return {"on P1"} if who.id == 1 else {"on P2"}


EXTENSIONS: list[Case] = [
    enforced("score alone", each(select(DealScore.score)), scores),
    enforced("score as entity", lambda s, w: {x.score for x in s.scalars(select(DealScore))}, scores),
    enforced("sum of scores", lambda s, w: s.scalar(select(func.sum(DealScore.score))), lambda w: sum(w.scores)),
    enforced("score got", lambda s, w: s.get(DealScore, w.hidden_id), lambda w: None),
    enforced("score joined to its deal", pairs(select(Deal.title, DealScore.score).join(DealScore, SCORE_OF)), scored),
    enforced("score left joined to its deal",
             pairs(select(Deal.title, DealScore.score).outerjoin(DealScore, SCORE_OF)), scored),
    enforced("score with its deal left joined",
             each(select(DealScore.score).select_from(DealScore).outerjoin(Deal, SCORE_OF)), scores),
    refused("score with its deal left joined in from",
            each(select(DealScore.score).select_from(outerjoin(DealScore, Deal, SCORE_OF)))),
    enforced("score with its deal in from and where",
             each(select(DealScore.score).where(SCORE_OF)), scores),
    enforced("score kept before a left join of its deal", each(
        select(DealScore.score).select_from(Stage).join(DealScore, sa.true()).outerjoin(Deal, SCORE_OF)), scores),
    refused("score fully joined to its deal", each(select(DealScore.score).join(Deal, SCORE_OF, full=True))),
    enforced("aliases of both", each(select(OTHER.score).select_from(D2).join(OTHER, OTHER.id == D2.id)), scores),
    enforced("join with something done to the id", each(
        select(DealScore.score).select_from(Deal).join(DealScore, DealScore.id == Deal.id + 0)), scores),
    enforced("join under an or", each(
        select(DealScore.score).select_from(Deal).join(DealScore, or_(SCORE_OF, sa.true()))), scores),
    enforced("join under a not", each(
        select(DealScore.score).select_from(Deal).join(DealScore, ~and_(SCORE_OF, Deal.id < 0))), scores),
    enforced("join to the wrong column", each(
        select(DealScore.score).select_from(Deal).join(DealScore, DealScore.id == Deal.stage_id)),
             lambda w: {1} if w.id == 1 else set(), leaks=False),
    enforced("a second alias that is not joined", each(
        select(OTHER.score).select_from(Deal).join(DealScore, SCORE_OF).join(OTHER, OTHER.id != DealScore.id)),
             scores),
    enforced("join to a subquery over the deals", pairs(
        select(SUB.c.title, DealScore.score).join(DealScore, DealScore.id == SUB.c.id)), scored),
    enforced("correlated exists over scores", lambda s, w: set(s.scalars(
        select(Deal.title).where(exists().where(SCORE_OF, DealScore.score > 0)))), lambda w: set(w.deals)),
    enforced("exists over another's score", lambda s, w: s.scalars(select(Stage.id).where(exists(
        select(DealScore.id).where(DealScore.id == w.hidden_id)))).all(), lambda w: []),
    enforced("correlated score", pairs(select(
        Deal.title, select(DealScore.score).where(SCORE_OF).scalar_subquery())), scored),
    enforced("update of scores", changed(update(DealScore).values(score=0)), lambda w: 3),
    enforced("delete of scores", changed(delete(DealScore)), lambda w: 3),
    refused("table of scores beside its deal",
            pairs(select(Deal.title, DealScore.__table__.c.score).join(DealScore.__table__, sa.true()))),
]  # fmt: skip
NOTES: list[Case] = [
    enforced("notes alone", each(select(Note.body)), all_notes),
    enforced("notes of one deal", lambda s, w: s.scalars(select(Note.body).where(
        Note.model == "tests.deal", Note.record_id == w.hidden_id)).all(), lambda w: []),
    enforced("notes joined to deals", each(
        select(Note.body).join(Deal, and_(Note.model == "tests.deal", Note.record_id == Deal.id))), noted),
    enforced("notes that belong to deals", each(select(Note.body).join(Deal, belongs_to(Note, Deal))), noted),
    enforced("notes that belong to deals, aliased", each(
        select(N2.body).join(D2, and_(N2.model == DEAL, N2.record_id == D2.id))), noted),
    enforced("deals with their notes", pairs(
        select(Deal.title, Note.body).outerjoin(Note, belongs_to(Note, Deal))),
             lambda w: {(title, f"on {title}") for title in w.deals}),
    enforced("notes with their deal left joined", each(
        select(Note.body).select_from(Note).outerjoin(Deal, belongs_to(Note, Deal))), all_notes),
    refused("notes fully joined to deals", each(select(Note.body).join(Deal, belongs_to(Note, Deal), full=True))),
    enforced("notes under an or", each(
        select(Note.body).select_from(Deal).join(Note, or_(belongs_to(Note, Deal), sa.true()))), all_notes),
    enforced("notes by record id alone", lambda s, w: set(s.scalars(
        select(Note.body).join(Deal, Note.record_id == Deal.id))) <= w.notes, lambda w: True),
    enforced("notes of another model's name", each(
        select(Note.body).join(Deal, and_(Note.model == "tests.partner", Note.record_id == Deal.id))), partner_note),
    enforced("notes of two models' names", each(select(Note.body).join(Deal, and_(
        Note.model == DEAL, Note.model == "tests.partner", Note.record_id == Deal.id))), lambda w: set(), leaks=False),
    enforced("notes of a wrong literal name", each(select(Note.body).join(Deal, and_(
        Note.model == literal_column("'tests.partner'"), Note.record_id == Deal.id))), partner_note),
    enforced("another model's name in a cached statement", other_name_later, partner_note),
    enforced("notes tied to a subquery", each(select(Note.body).join(SUB, and_(
        Note.model == DEAL, Note.record_id == SUB.c.id))), noted),
    enforced("number of notes on each deal", pairs(select(Deal.title, select(func.count(Note.id)).where(
        belongs_to(Note, Deal)).scalar_subquery())), lambda w: {(title, 1) for title in w.deals}),
    enforced("deals with a note", lambda s, w: set(s.scalars(select(Deal.title).where(
        exists().where(belongs_to(Note, Deal))))), lambda w: set(w.deals)),
    enforced("notes on what nobody may see", lambda s, w: s.scalars(select(Note.body).where(
        Note.model.in_(["tests.secret", "tests.gone"]))).all(), lambda w: []),
    enforced("update of notes", changed(update(Note).values(body="x")), lambda w: 4),
    enforced("delete of notes", changed(delete(Note)), lambda w: 4),
]  # fmt: skip
FILES: list[Case] = [
    enforced("files", each(select(File.name)), files),
    enforced("files of deals", each(select(File.name).join(Deal, belongs_to(File, Deal))),
             lambda w: {f"of {title}" for title in w.deals}),
    enforced("file got", lambda s, w: s.get(File, w.hidden_id), lambda w: None),
    enforced("another's loose file", lambda s, w: s.get(File, 23), lambda w: None),
    enforced("files with those who brought them", pairs(
        select(File.name, User.id).join(User, User.id == File.created_by_id)),
             lambda w: {(f"loose {w.id}", w.id)}),
    enforced("deletion of files", changed(delete(File)), lambda w: 4),
    enforced("files of partners joined by name", each(
        select(File.name).join(Partner, belongs_to(File, Partner))), lambda w: set(), leaks=False),
]  # fmt: skip
CASES = [*EXTENSIONS, *NOTES, *FILES]


@pytest.mark.parametrize("case", ids(CASES))
def test_rows_follow_their_record(engine: sa.Engine, case: Case) -> None:
    check(engine, case)
