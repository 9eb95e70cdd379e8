"""Whatever goes around the rules is refused, and would have worked without them."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import delete, exists, func, insert, literal_column, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from core.models import User
from tests.guard_bed import Case, business, check, ids, refused
from tests.kernel_models import Deal, DealScore, Elsewhere, Note, Secret, Stage, Tag, Who

engine = business
# some cases multiply tables on purpose
pytestmark = pytest.mark.filterwarnings("ignore:.* has a cartesian product")
T: Any = Deal.__table__
S: Any = Secret.__table__
LINK: Any = Deal.tags.property.secondary
MANY = "select count(*) from tests_deal"


def run(statement: Any, *parameters: Any) -> Any:
    """Return what a case does: execute a statement and read what comes."""

    def do(session: Any, who: Who) -> Any:
        found = session.execute(statement, *parameters)
        writes = isinstance(found, sa.CursorResult) and not found.returns_rows
        return found.rowcount if writes else found.all()

    return do


def through_left_join(session: Any, who: Who) -> Any:
    """The rule of a model nobody may see says "no row"; on the joined side it must not cover the kept side."""
    kept = S.alias()
    joined = select(User.id, kept.c.name).join(kept, sa.true()).outerjoin(Secret, Secret.id == kept.c.id)
    return session.execute(joined).all()


def full_join(session: Any, who: Who) -> Any:
    return session.execute(select(Stage.name, Deal.title).join(Deal, Deal.id == Stage.id, full=True)).all()


def write_aside(statement: Any) -> Any:
    def do(session: Any, who: Who) -> Any:
        return session.execute(select(Stage.id).add_cte(statement.cte("aside"))).all()

    return do


CORE: list[Case] = [
    refused("table", run(select(T))),
    refused("table in a query", lambda s, w: s.query(T).all()),
    refused("column of a table in a query", lambda s, w: s.query(T.c.title).all()),
    refused("insert into a table", run(insert(T).values(title="x"))),
    refused("update of a table", run(update(T).values(title="x"))),
    refused("delete from a table", run(delete(LINK))),
    refused("definition", run(sa.DDL("CREATE TABLE x (n INTEGER)")), leaks=False),
    refused("joined table", run(select(T.c.title).join(User, User.id == T.c.user_id))),
    refused("table beside an entity", run(select(User.id, T.c.title))),
    refused("table joined to an entity", run(select(User.id).join(T, T.c.user_id == User.id))),
    refused("alias of a table", run(select(User.id, T.alias("q").c.title))),
    refused("alias kept by a left join to the entity", through_left_join),
    refused("exists over a table", run(select(User.id).where(exists(select(1).select_from(T))))),
    refused("exists over an alias", run(select(User.id).where(exists(select(T.alias("q").c.id))))),
    refused("scalar subquery over a table", run(select(User.id, select(func.count(T.c.id)).scalar_subquery()))),
    refused("cte over a table", run(select(User.id, select(T.c.title).cte().c.title))),
    refused("entity of a select from a table", run(select(aliased(Deal, select(T).subquery())))),
    refused("union with a table", run(sa.union(select(Deal.title), select(T.c.title)))),
    refused("union that begins with a table", run(sa.union(select(T.c.title), select(Deal.title)))),
    refused("statement over a table", run(select(Deal).from_statement(select(T)))),
    refused("order by a table", run(select(User.id).order_by(select(func.count(T.c.id)).scalar_subquery()))),
    refused("only columns of a table", run(select(Stage).with_only_columns(T.c.title))),
    refused("table by its name", run(select(User.id, sa.table("tests_deal", sa.column("title")).c.title))),
    refused("table as a value", run(select(User.id, T.table_valued())), "postgresql"),
    refused(
        "sample of a bare table", run(select(User.id, sa.tablesample(T, func.bernoulli(100)).c.title)), "postgresql"
    ),
    refused("full join", full_join),
    refused("bare exists without a select", lambda s, w: s.scalar(select(exists().where(Deal.id == w.hidden_id)))),
    refused("nothing but a function", run(select(func.count(1)))),
    refused("model that is not installed", run(select(Elsewhere)), leaks=False),
    refused("table that is not installed", run(select(User.id, Elsewhere.__table__.c.name)), leaks=False),
]
LINKS: list[Case] = [
    refused("link table", run(select(LINK))),
    refused("link table in a query", lambda s, w: s.query(LINK).all()),
    refused("link table with the free end", run(select(Tag.id).join(LINK, Tag.id == LINK.c.other_id))),
    refused("link table beside its ends", run(select(LINK.c.record_id).select_from(Deal).join(LINK, sa.true()))),
    refused("link table tied to no record of the end",
            run(select(LINK.c.record_id).select_from(Deal).join(LINK, LINK.c.record_id != Deal.id))),
    refused("link table tied under an or",
            run(select(LINK.c.record_id).select_from(Deal).join(
                LINK, sa.or_(LINK.c.record_id == Deal.id, LINK.c.other_id == 1)))),
    refused("link table kept by a left join",
            run(select(Stage.id, LINK.c.record_id).join(LINK, sa.true()).outerjoin(
                Deal, Deal.id == LINK.c.record_id))),
    refused("exists over a link table", run(select(Tag.id).where(exists(select(LINK.c.record_id))))),
]  # fmt: skip
TEXT: list[Case] = [
    refused("text", run(text("select * from tests_deal"))),
    refused("text with columns", run(text("select id from tests_deal").columns(Deal.id))),
    refused("text in where", run(select(User.id).where(text("exists (select 1 from tests_deal)")))),
    refused("text in order by", run(select(User.id).order_by(text(f"({MANY})")))),
    refused("text as a statement of an entity",
            run(select(Deal).from_statement(text("select * from tests_deal")))),
    refused("text as a subquery", run(select(User.id, text(MANY).columns(sa.column("n")).subquery().c.n)),
            leaks=False),
    refused("text before the columns", run(select(User.id).prefix_with(f"({MANY}),")), leaks=False),
    refused("text after the statement", run(select(User.id).suffix_with("-- and more"))),
    refused("hint", run(select(User.id).with_statement_hint("-- and more"))),
    refused("literal column", run(select(User.id, literal_column(f"({MANY})")))),
    refused("literal column of a type", run(select(User.id, literal_column(f"({MANY})", sa.Integer)))),
    refused("literal column in order by", run(select(User.id).order_by(literal_column(f"({MANY})")))),
    refused("operator that is a query", run(select(User.id.op(f"+ ({MANY}) +")(1)))),
]  # fmt: skip
WRITES: list[Case] = [
    refused("update by a list of keys",
            lambda s, w: s.execute(update(Deal), [{"id": w.hidden_id, "title": "x"}])),
    refused("insert", run(insert(Stage).returning(Stage.id), [{"name": "x"}])),
    refused("insert of values", run(insert(Stage).values(name="x"))),
    refused("insert with returning", run(insert(Stage).values(name="x").returning(Stage.id))),
    refused("insert or update", lambda s, w: run((
        postgresql if s.on_postgresql else sqlite).insert(Stage).values(id=1, name="x").on_conflict_do_update(
            index_elements=["id"], set_={"name": "x"}))(s, w)),
    refused("insert from select", run(insert(Stage).from_select(["name"], select(Deal.title)))),
    refused("insert from a statement of an entity",
            run(select(Stage).from_statement(insert(Stage).values(name="x").returning(Stage)))),
    refused("update from a statement of an entity",
            run(select(Deal).from_statement(update(Deal).values(title="x").returning(Deal)))),
    refused("objects in bulk", lambda s, w: s.bulk_save_objects([Stage(name="x")]), leaks=False),
    refused("mappings in bulk", lambda s, w: s.bulk_insert_mappings(Stage, [{"name": "x"}]), leaks=False),
    refused("update of mappings in bulk",
            lambda s, w: s.bulk_update_mappings(Deal, [{"id": 1, "title": "x"}]), leaks=False),
    refused("connection", lambda s, w: s.connection()),
    refused("update from another model",
            lambda s, w: s.execute(update(Tag).where(Tag.id == 1, Deal.title == w.hidden).values(name="x"))),
    refused("update from a table",
            lambda s, w: s.execute(update(Tag).where(Tag.id == 1, T.c.title == w.hidden).values(name="x"))),
    refused("update to a subquery over a table", lambda s, w: s.execute(
        update(Tag).values(name=select(T.c.title).where(T.c.id == w.hidden_id).scalar_subquery()))),
    refused("update where a table says so", lambda s, w: s.execute(
        update(Tag).where(exists(select(T.c.id).where(T.c.id == w.hidden_id))).values(name="x"))),
    refused("delete by another model", run(delete(Note).where(Note.record_id == Deal.id)), "postgresql"),
    refused("delete by a table", run(delete(Note).where(Note.record_id == T.c.id)), "postgresql"),
    refused("insert inside a select", write_aside(insert(Stage).values(name="x").returning(Stage.id)), "postgresql"),
    refused("update of a table inside a select",
            write_aside(update(T).values(title="x").returning(T.c.id)), "postgresql"),
    refused("update inside a select",
            write_aside(update(Deal).values(title="x").returning(Deal.id)), "postgresql"),
    refused("delete inside a select", write_aside(delete(DealScore).returning(DealScore.id)), "postgresql"),
    refused("update with returning from a table",
            run(update(Tag).values(name="x").returning(select(func.count(T.c.id)).scalar_subquery()))),
]  # fmt: skip
CASES = [*CORE, *LINKS, *TEXT, *WRITES]


@pytest.mark.parametrize("case", ids(CASES))
def test_going_around_the_rules_is_refused(engine: sa.Engine, case: Case) -> None:
    check(engine, case)
