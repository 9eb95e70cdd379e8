"""Every way of reading gives the permitted rows and no other."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import exists, func, select
from sqlalchemy.orm import (
    Bundle,
    aliased,
    contains_eager,
    defer,
    immediateload,
    joinedload,
    outerjoin,
    selectinload,
    subqueryload,
    undefer,
)

from core.models import User
from tests.guard_bed import Case, business, check, enforced, ids, named
from tests.kernel_models import Deal, Follow, Partner, Secret, Stage, Tag, Who

engine = business


def deals(who: Who) -> frozenset[str]:
    return who.deals


def texts(found: Any) -> frozenset[str]:
    return frozenset(found)


def count(who: Who) -> int:
    return 3


def own(session: Any, who: Who) -> Deal:
    found: Deal = session.scalars(select(Deal).where(Deal.title == who.own)).one()
    return found


def crossed(session: Any, who: Who, *options: Any) -> Any:
    """Return the partner, which must stay unseen, of a deal that may be seen."""
    return session.scalars(select(Deal).where(Deal.title == who.crossed).options(*options)).one().partner


def tagged(session: Any, *options: Any) -> list[str]:
    found = session.scalars(select(Deal).order_by(Deal.id).options(*options))
    return [f"{deal.title} {tag.name}" for deal in found for tag in deal.tags]


def with_tag(who: Who) -> list[str]:
    return [f"{title} Tag" for title in ("anne", "behrouz", "shared") if title in who.deals]


def partner_deals(session: Any, who: Who, *options: Any) -> frozenset[str]:
    found = session.scalars(select(Partner).where(Partner.name == who.partner).options(*options)).one()
    return named(found.deals)


def of_partner(who: Who) -> frozenset[str]:
    return frozenset({"anne"} if who.id == 1 else {"behrouz", "shared"})


def pair(session: Any, joined: Any) -> set[Any]:
    return {tuple(row) for row in session.execute(joined)}


def self_join(session: Any, outer: bool) -> set[Any]:
    other = aliased(Deal)
    joined = select(Deal.title, other.title).join(other, other.stage_id == Deal.stage_id, isouter=outer)
    return pair(session, joined)


def left_join(session: Any, who: Who) -> set[Any]:
    other = aliased(Partner)
    return pair(session, select(Partner.name, other.name).outerjoin(other, other.id != Partner.id))


def recursive(session: Any, who: Who) -> frozenset[str]:
    start = select(Deal.id, Deal.title).where(Deal.title == who.own).cte("chain", recursive=True)
    chain = start.union_all(select(Deal.id, Deal.title).join(start, Deal.id == start.c.id + 1))
    return texts(session.scalars(select(chain.c.title)))


def chained(who: Who) -> frozenset[str]:
    """Steps from deal to deal, until one that may not be seen."""
    return frozenset({"anne"} if who.id == 1 else {"behrouz", "shared"})


def lateral(session: Any, who: Who) -> set[Any]:
    inner = select(Deal.title).where(Deal.stage_id == Stage.id).lateral()
    return set(session.scalars(select(inner.c.title).select_from(Stage).join(inner, sa.true())))


def refreshed(session: Any, who: Who) -> str:
    found = own(session, who)
    session.expire(found)
    session.refresh(found, ["title"])
    return found.title


def hidden_deal(session: Any, **options: Any) -> Any:
    return lambda who: session.get(Deal, who.hidden_id, **options)


def deferred(session: Any, who: Who) -> Any:
    found = session.scalars(select(Deal).where(Deal.title == who.crossed).options(defer(Deal.due_on))).one()
    return found.due_on, found.city


def computed(who: Who) -> int:
    return len(of_partner(who))


NAMED = select(Deal).order_by(Deal.id)
SHAPES: list[Case] = [
    enforced("entity", lambda s, w: named(s.scalars(select(Deal))), deals),
    enforced("columns", lambda s, w: texts(s.execute(select(Deal.title, Deal.id)).scalars()), deals),
    enforced("bundle", lambda s, w: texts(r[0].title for r in s.execute(select(Bundle("b", Deal.title)))), deals),
    enforced("named value", lambda s, w: texts(s.scalars(select(func.upper(Deal.title).label("t")))),
             lambda w: texts(t.upper() for t in w.deals)),
    enforced("query", lambda s, w: named(s.query(Deal)), deals),
    enforced("query of columns", lambda s, w: texts(t for t, in s.query(Deal.title)), deals),
    enforced("query count", lambda s, w: s.query(Deal).count(), count),
    enforced("query get", lambda s, w: s.query(Deal).filter_by(id=w.hidden_id).first(), lambda w: None),
    enforced("yield per", lambda s, w: named(s.scalars(select(Deal).execution_options(yield_per=2))), deals),
    enforced("partitions", lambda s, w: named(d for p in s.scalars(select(Deal)).partitions(2) for d in p), deals),
    enforced("populate existing",
             lambda s, w: named(s.scalars(select(Deal).execution_options(populate_existing=True))), deals),
    enforced("for update", lambda s, w: named(s.scalars(select(Deal).with_for_update())), deals),
    enforced("for update of", lambda s, w: named(s.scalars(select(Deal).with_for_update(of=Deal))), deals),
    enforced("distinct", lambda s, w: texts(s.scalars(select(Deal.title).distinct())), deals),
    enforced("limit and offset",
             lambda s, w: named(s.scalars(NAMED.limit(10))) | named(s.scalars(NAMED.limit(9).offset(1))), deals),
    enforced("count", lambda s, w: s.scalar(select(func.count()).select_from(Deal)), count),
    enforced("count of a column", lambda s, w: s.scalar(select(func.count(Deal.id))), count),
    enforced("sum", lambda s, w: s.scalar(select(func.sum(Deal.amount))), lambda w: w.amount),
    enforced("greatest", lambda s, w: s.scalar(select(func.max(Deal.id)).where(Deal.id != 6)),
             lambda w: 4 if w.id == 1 else 3),
    enforced("group by", lambda s, w: s.execute(select(Deal.stage_id, func.count()).group_by(Deal.stage_id)).all(),
             lambda w: [(1, 3)]),
    enforced("having", lambda s, w: s.execute(
        select(Deal.stage_id).group_by(Deal.stage_id).having(func.count() > 3)).all(), lambda w: []),
    enforced("filtered aggregate",
             lambda s, w: s.scalar(select(func.count().filter(Deal.title == w.hidden)).select_from(Deal)),
             lambda w: 0),
    enforced("window", lambda s, w: max(s.scalars(select(func.count().over()).select_from(Deal))), count),
    enforced("only other columns", lambda s, w: texts(s.scalars(select(Deal).with_only_columns(Deal.title))), deals),
    enforced("only a count", lambda s, w: s.scalar(
        select(Deal).with_only_columns(func.count(), maintain_column_froms=True)), count),
    enforced("no right at all", lambda s, w: s.scalars(select(Secret.name)).all(), lambda w: []),
    enforced("get", lambda s, w: hidden_deal(s)(w), lambda w: None),
    enforced("get for update", lambda s, w: hidden_deal(s, with_for_update=True)(w), lambda w: None),
    enforced("refresh", refreshed, lambda w: w.own, leaks=False),
]  # fmt: skip
NESTED: list[Case] = [
    enforced("subquery", lambda s, w: s.scalar(select(func.count()).select_from(select(Deal.id).subquery())), count),
    enforced("entity of a subquery",
             lambda s, w: named(s.scalars(select(aliased(Deal, select(Deal).subquery())))), deals),
    enforced("cte", lambda s, w: (lambda c: texts(s.scalars(select(c.c.title))))(select(Deal.title).cte()), deals),
    enforced("entity of a cte", lambda s, w: named(s.scalars(select(aliased(Deal, select(Deal).cte())))), deals),
    enforced("alias of a cte",
             lambda s, w: (lambda c: texts(s.scalars(select(c.c.title))))(select(Deal.title).cte().alias()), deals),
    enforced("cte beside the statement", lambda s, w: texts(s.scalars(
        select(Stage.name).add_cte(select(Deal.title).cte("aside")).where(Stage.id == w.id))),
             lambda w: texts(["Stage"] if w.id == 1 else []), leaks=False),
    enforced("recursive cte", recursive, chained),
    enforced("scalar subquery", lambda s, w: s.scalar(
        select(select(func.count(Deal.id)).scalar_subquery()).select_from(Stage)), count),
    enforced("correlated subquery", lambda s, w: s.execute(
        select(Stage.id, select(func.count(Deal.id)).where(Deal.stage_id == Stage.id).scalar_subquery())).all(),
             lambda w: [(1, 3)]),
    enforced("lateral", lateral, deals, "postgresql"),
    enforced("exists of a select", lambda s, w: s.scalar(select(select(Deal.id).where(
        Deal.title == w.hidden).exists()).select_from(Stage)), lambda w: False),
    enforced("bare exists", lambda s, w: s.scalar(select(exists(select(Deal.id).where(Deal.id == w.hidden_id)))),
             lambda w: False),
    enforced("exists in where", lambda s, w: s.scalars(
        select(Stage.id).where(exists().where(Deal.title == w.hidden))).all(), lambda w: []),
    enforced("not exists", lambda s, w: s.scalars(
        select(Stage.id).where(~exists(select(Deal.id).where(Deal.title == w.hidden)))).all(), lambda w: [1]),
    enforced("any", lambda s, w: s.scalars(select(Partner.name).where(Partner.deals.any(Deal.title == w.hidden))).all(),
             lambda w: [], leaks=False),
    enforced("any of many", lambda s, w: named(s.scalars(select(Deal).where(Deal.tags.any(Tag.id == 1)))),
             lambda w: texts({"anne", "shared"} if w.id == 1 else {"behrouz", "shared"})),
    enforced("has", lambda s, w: named(s.scalars(select(Deal).where(
        Deal.title == w.crossed, Deal.partner.has(Partner.city != "")))), lambda w: texts([])),
    enforced("has not", lambda s, w: named(s.scalars(select(Deal).where(
        Deal.title == w.crossed, ~Deal.partner.has(Partner.city != "")))), lambda w: texts([w.crossed])),
    enforced("in a subquery", lambda s, w: s.scalars(
        select(Stage.id).where(Stage.id.in_(select(Deal.stage_id).where(Deal.title == w.hidden)))).all(),
             lambda w: []),
    enforced("order by a subquery", lambda s, w: s.scalars(select(User.id).where(User.id < 3).order_by(
        select(func.count(Deal.id)).where(Deal.user_id == User.id).correlate(User).scalar_subquery().desc(),
        User.id)).all(), lambda w: [w.id, 3 - w.id] if w.id == 1 else [2, 1], leaks=False),
    enforced("case over a subquery", lambda s, w: s.scalar(select(sa.case(
        (exists(select(Deal.id).where(Deal.title == w.hidden)), "there"), else_="nothing")).select_from(Stage)),
             lambda w: "nothing"),
    enforced("union", lambda s, w: texts(s.scalars(sa.union(select(Deal.title), select(Deal.title)))), deals),
    enforced("union all", lambda s, w: s.scalar(select(func.count()).select_from(
        sa.union_all(select(Deal.id), select(Deal.id)).subquery())), lambda w: 6),
    enforced("except", lambda s, w: texts(s.scalars(sa.except_(
        select(Deal.title), select(Deal.title).where(Deal.title == w.own)))), lambda w: w.deals - {w.own}),
    enforced("intersect", lambda s, w: texts(s.scalars(sa.intersect(select(Deal.title), select(Deal.title)))), deals),
    enforced("entity of a union", lambda s, w: named(s.scalars(select(aliased(
        Deal, sa.union_all(select(Deal), select(Deal).where(Deal.id < 0)).subquery())))), deals),
    enforced("from a select statement",
             lambda s, w: named(s.scalars(select(Deal).from_statement(select(Deal)))), deals),
    enforced("another's city through a computed value", lambda s, w: s.execute(
        select(Deal.city).where(Deal.title == w.crossed)).scalar(), lambda w: None),
    enforced("computed count", lambda s, w: s.execute(
        select(Partner.deal_count).where(Partner.name == w.partner)).scalar(), computed),
    enforced("computed in where", lambda s, w: s.scalars(
        select(Partner.name).where(Partner.name == w.partner, Partner.deal_count == computed(w))).all(),
             lambda w: [w.partner]),
    enforced("sample of a table", lambda s, w: named(s.scalars(select(aliased(
        Deal, sa.tablesample(Deal.__table__, func.bernoulli(100)))))), deals, "postgresql"),
]  # fmt: skip
JOINED: list[Case] = [
    enforced("alias", lambda s, w: texts(s.scalars(select(aliased(Deal).title))), deals),
    enforced("alias of the table as entity",
             lambda s, w: texts(s.scalars(select(aliased(Deal, Deal.__table__.alias()).title))), deals),
    enforced("inner join", lambda s, w: texts(s.scalars(select(Deal.title).select_from(Stage).join(
        Deal, Deal.stage_id == Stage.id))), deals),
    enforced("left join", lambda s, w: texts(s.scalars(select(Deal.title).select_from(Stage).outerjoin(
        Deal, Deal.stage_id == Stage.id))), deals),
    enforced("left join in from", lambda s, w: texts(s.scalars(select(Deal.title).select_from(
        outerjoin(Stage, Deal, Deal.stage_id == Stage.id)))), deals),
    enforced("join by a relationship", lambda s, w: {tuple(r) for r in s.execute(
        select(Deal.title, Partner.name).outerjoin(Deal.partner).where(Deal.title == w.crossed))},
             lambda w: {(w.crossed, None)}),
    enforced("join through a link table", lambda s, w: s.scalars(
        select(Deal.title).join(Deal.tags).order_by(Deal.id)).all(),
             lambda w: [line.split()[0] for line in with_tag(w)]),
    enforced("self join to an alias", lambda s, w: self_join(s, outer=False),
             lambda w: {(a, b) for a in w.deals for b in w.deals}),
    enforced("left self join to an alias", lambda s, w: self_join(s, outer=True),
             lambda w: {(a, b) for a in w.deals for b in w.deals}),
    enforced("left join to an alias", left_join, lambda w: {(w.partner, None)}),
    enforced("join of two aliases", lambda s, w: (lambda a, b: texts(s.scalars(
        select(b.title).select_from(a).join(b, a.stage_id == b.stage_id))))(aliased(Deal), aliased(Deal)), deals),
    enforced("flat alias", lambda s, w: texts(s.scalars(select(aliased(Deal, flat=True).title))), deals),
    enforced("several froms", lambda s, w: texts(s.scalars(
        select(Deal.title).where(Deal.stage_id == Stage.id))), deals),
    enforced("join to a subquery", lambda s, w: (lambda q: texts(s.scalars(
        select(q.c.title).select_from(Stage).join(q, q.c.stage_id == Stage.id))))(select(Deal).subquery()), deals),
    enforced("what a rule reads", lambda s, w: s.scalars(select(Follow.deal_id)).all(),
             lambda w: [3] if w.id == 1 else []),
]  # fmt: skip
LOADED: list[Case] = [
    enforced("lazy link", lambda s, w: crossed(s, w), lambda w: None),
    enforced("link by joinedload", lambda s, w: crossed(s, w, joinedload(Deal.partner)), lambda w: None),
    enforced("link by selectinload", lambda s, w: crossed(s, w, selectinload(Deal.partner)), lambda w: None),
    enforced("link by subqueryload", lambda s, w: crossed(s, w, subqueryload(Deal.partner)), lambda w: None),
    enforced("link by immediateload", lambda s, w: crossed(s, w, immediateload(Deal.partner)), lambda w: None),
    enforced("contains eager", lambda s, w: s.scalars(
        select(Deal).outerjoin(Deal.partner).where(Deal.title == w.crossed).options(
            contains_eager(Deal.partner))).one().partner, lambda w: None),
    enforced("contains eager of an alias", lambda s, w: (lambda p: s.scalars(
        select(Deal).outerjoin(Deal.partner.of_type(p)).where(Deal.title == w.crossed).options(
            contains_eager(Deal.partner.of_type(p)))).one().partner)(aliased(Partner)), lambda w: None),
    enforced("lazy records", lambda s, w: partner_deals(s, w), of_partner),
    enforced("records by selectinload", lambda s, w: partner_deals(s, w, selectinload(Partner.deals)), of_partner),
    enforced("records by joinedload",
             lambda s, w: named(s.scalars(select(Partner).where(Partner.name == w.partner).options(
                 joinedload(Partner.deals))).unique().one().deals), of_partner),
    enforced("records by subqueryload", lambda s, w: partner_deals(s, w, subqueryload(Partner.deals)), of_partner),
    enforced("lazy many", lambda s, w: tagged(s), with_tag),
    enforced("many by selectinload", lambda s, w: tagged(s, selectinload(Deal.tags)), with_tag),
    enforced("many by subqueryload", lambda s, w: tagged(s, subqueryload(Deal.tags)), with_tag),
    enforced("many by joinedload", lambda s, w: [f"{d.title} {t.name}" for d in s.scalars(
        select(Deal).order_by(Deal.id).options(joinedload(Deal.tags))).unique() for t in d.tags], with_tag),
    enforced("deferred and computed", deferred, lambda w: (None, None)),
    enforced("undeferred", lambda s, w: s.scalars(select(Deal).where(Deal.title == w.crossed).options(
        undefer(Deal.city))).one().city, lambda w: None),
]  # fmt: skip
CASES = [*SHAPES, *NESTED, *JOINED, *LOADED]


@pytest.mark.parametrize("case", ids(CASES))
def test_reading_gives_what_is_permitted(engine: sa.Engine, case: Case) -> None:
    check(engine, case)
