"""Writing changes what is permitted and nothing else; no record is moved into a rule or out of one."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import make_transient_to_detached

from core.models import File
from tests.guard_bed import Case, business, check, enforced, ids, refused
from tests.kernel_models import Deal, DealScore, Note, Partner, Stage, Tag, Who

engine = business


def own(session: Any, who: Who) -> Deal:
    found: Deal = session.get(Deal, who.own_id)
    return found


def rows(statement: Any, *parameters: Any, **options: Any) -> Any:
    return lambda session, who: session.execute(statement, *parameters, execution_options=options).rowcount


def after(session: Any, statement: Any) -> set[Any]:
    """Execute a statement, then tell what is in the table for everybody."""
    session.execute(statement)
    with session.unguarded():
        return set(session.scalars(select(Deal.title)))


def without_score(session: Any) -> Any:
    """Remove the score of a deal that neither may see."""
    with session.unguarded() as connection:
        connection.execute(sa.text("DELETE FROM tests_deal_score WHERE id = 5"))
    return session


def move_score(session: Any, who: Who) -> str:
    without_score(session).get(DealScore, who.own_id).id = 5
    session.flush()
    return "moved"


def flushed(session: Any, *objects: Any) -> str:
    session.add_all(objects)
    session.flush()
    return "written"


def written(who: Who) -> str:
    return "written"


def change(**values: Any) -> Any:
    """Return a case that changes the person's own deal and flushes."""

    def do(session: Any, who: Who) -> str:
        deal = own(session, who)
        for name, value in values.items():
            setattr(deal, name, value(who) if callable(value) else value)
        session.flush()
        return "written"

    return do


def forged(session: Any, who: Who) -> Deal:
    deal = Deal(id=who.hidden_id)
    make_transient_to_detached(deal)
    return deal


def of_sudo(session: Any, who: Who) -> Deal:
    with session.sudo(session.viewer) as system:
        deal: Deal = system.get(Deal, who.hidden_id)
    return deal


def forged_merge(session: Any, who: Who) -> str:
    deal = session.merge(forged(session, who), load=False)
    deal.title = "taken"
    session.flush()
    return "written"


def get_after_sudo(session: Any, who: Who) -> Any:
    kept = of_sudo(session, who)
    return session.get(Deal, who.hidden_id) and kept


def link_after_sudo(session: Any, who: Who) -> Any:
    deal = session.scalars(select(Deal).where(Deal.title == who.crossed)).one()
    with session.sudo(session.viewer) as system:
        kept = system.get(Partner, deal.partner_id)
    return deal.partner and kept


def access_lost(session: Any, who: Who) -> str:
    deal = own(session, who)
    with session.sudo(session.viewer) as system:
        system.execute(update(Deal).where(Deal.id == who.own_id).values(user_id=9, title="secret now"))
        system.execute(sa.text("DELETE FROM tests_follow"))
    try:
        return deal.title
    except sa.exc.InvalidRequestError as error:
        return type(error).__name__


def link_lost(session: Any, who: Who) -> Any:
    deal = own(session, who)
    assert deal.partner is not None
    with session.sudo(session.viewer) as system:
        system.execute(update(Partner).values(owner_id=9))
    session.expire(deal)
    return deal.partner


MOVE = {"user_id": 3}
BULK: list[Case] = [
    enforced("update", rows(update(Deal).values(amount=5)), lambda w: 3),
    enforced("update leaves the rest", lambda s, w: after(s, update(Deal).values(title="new")),
             lambda w: {"new", "nobody", "odd" if w.id == 1 else "stray", w.hidden}, leaks=True),
    enforced("update of a hidden one", lambda s, w: s.execute(
        update(Deal).where(Deal.id == w.hidden_id).values(title="x")).rowcount, lambda w: 0),
    enforced("update by a query", lambda s, w: s.query(Deal).update({"title": "x"}), lambda w: 3),
    enforced("update with fetched keys", rows(update(Deal).values(amount=5), synchronize_session="fetch"),
             lambda w: 3),
    enforced("update with returning", lambda s, w: set(s.scalars(
        update(Deal).values(amount=5).returning(Deal.title))), lambda w: set(w.deals)),
    enforced("update with parameters", rows(update(Deal), {"amount": 5}), lambda w: 3),
    enforced("update to an unseen value", lambda s, w: s.scalars(update(Tag).values(
        name=select(func.coalesce(func.max(Deal.title), "none")).where(Deal.id == w.hidden_id).scalar_subquery()
    ).returning(Tag.name)).all(), lambda w: ["none"]),
    enforced("update where something unseen exists", lambda s, w: s.execute(update(Tag).where(
        select(Deal.id).where(Deal.id == w.hidden_id).exists()).values(name="x")).rowcount, lambda w: 0),
    enforced("update without the right", rows(update(Stage).values(name="x")), lambda w: 0),
    enforced("update that keeps the records in the rule", lambda s, w: s.execute(
        update(Deal).where(Deal.stage_id == 1).values(user_id=w.id)).rowcount, lambda w: 3),
    refused("update that moves records out", rows(update(Deal).values(user_id=3))),
    refused("update that moves out, with parameters", rows(update(Deal), MOVE)),
    refused("update that moves out, in order", rows(update(Deal).ordered_values((Deal.user_id, 3)))),
    refused("update that moves out, by a query", lambda s, w: s.query(Deal).update(MOVE)),
    enforced("delete", rows(delete(Deal)), lambda w: 3),
    enforced("delete of a hidden one", lambda s, w: s.execute(
        delete(Deal).where(Deal.id == w.hidden_id)).rowcount, lambda w: 0),
    enforced("delete by a query", lambda s, w: s.query(Deal).filter(Deal.id > 0).delete(), lambda w: 3),
    enforced("delete with returning", lambda s, w: set(s.scalars(delete(Deal).returning(Deal.title))),
             lambda w: set(w.deals)),
    enforced("delete without the right", rows(delete(Tag)), lambda w: 0),
]  # fmt: skip
FLUSHES: list[Case] = [
    enforced("change of an own one", change(title="x"), written, leaks=False),
    enforced("creation of an own one", lambda s, w: flushed(s, Deal(title="x", user_id=w.id)), written, leaks=False),
    enforced("deletion of an own one", lambda s, w: (s.delete(own(s, w)), s.flush())[1], lambda w: None, leaks=False),
    refused("creation for another", lambda s, w: flushed(s, Deal(title="x", user_id=3))),
    refused("creation for nobody", lambda s, w: flushed(s, Deal(title="x"))),
    refused("creation without the right", lambda s, w: flushed(s, Stage(name="x"))),
    refused("creation beside a permitted one",
            lambda s, w: flushed(s, Deal(title="x", user_id=w.id), Partner(name="x", owner_id=3))),
    refused("creation through a relationship", change(partner=lambda w: Partner(name="x", owner_id=3))),
    refused("moving out", change(user_id=3)),
    refused("score moved to another's deal", lambda s, w: move_score(s, w)),
    refused("score of another's deal", lambda s, w: flushed(without_score(s), DealScore(id=5, score=1))),
    refused("value in SQL", change(title=lambda w: select(Deal.title).scalar_subquery()), leaks=False),
    refused("harmless value in SQL", change(title=lambda w: func.upper(Deal.title))),
    refused("new one with a value in SQL", lambda s, w: flushed(
        s, Deal(user_id=w.id, title=select(sa.func.max(Deal.__table__.c.title)).scalar_subquery()))),
    refused("forged object", lambda s, w: (s.add(forged(s, w)), s.flush(), "added")),
    refused("forged object that is deleted", lambda s, w: (s.delete(forged(s, w)), s.flush(), "deleted")),
    refused("forged object that is merged unread", forged_merge, leaks=False),
    refused("object of a sudo session", lambda s, w: (s.add(of_sudo(s, w)), "added")),
    refused("object of a sudo session that is deleted", lambda s, w: (s.delete(of_sudo(s, w)), "deleted")),
    refused("change without the right", lambda s, w: (setattr(s.get(Stage, 1), "name", "x"), s.flush(), "written")),
    refused("deletion without the right", lambda s, w: (s.delete(s.get(Tag, 1)), s.flush(), "deleted")),
    refused("note on another's deal", lambda s, w: flushed(
        s, Note(model="tests.deal", record_id=w.hidden_id, body="x"))),
    refused("note moved to another's deal", lambda s, w: (setattr(s.scalars(
        select(Note).where(Note.body == f"on {w.own}")).one(), "record_id", w.hidden_id), s.flush(), "moved")),
    refused("note moved by an update", lambda s, w: s.execute(
        update(Note).where(Note.body == f"on {w.own}").values(record_id=w.hidden_id)).rowcount),
    refused("note on a record that may only be read", lambda s, w: flushed(
        s, Note(model="tests.stage", record_id=1, body="x"))),
    refused("file on another's deal", lambda s, w: flushed(
        s, File(name="x", media_type="x", size=0, digest="", model="tests.deal", record_id=w.hidden_id))),
    enforced("note on an own deal", lambda s, w: flushed(
        s, Note(model="tests.deal", record_id=w.own_id, body="x")), written, leaks=False),
]  # fmt: skip
SESSIONS: list[Case] = [
    enforced("get after sudo has loaded it", get_after_sudo, lambda w: None),
    enforced("link after sudo has loaded it", link_after_sudo, lambda w: None),
    enforced("refresh after access was lost", access_lost, lambda w: "ObjectDeletedError"),
    enforced("link after access was lost", link_lost, lambda w: None),
]
CASES = [*BULK, *FLUSHES, *SESSIONS]


@pytest.mark.parametrize("case", ids(CASES))
def test_writing_changes_what_is_permitted(engine: sa.Engine, case: Case) -> None:
    check(engine, case)
