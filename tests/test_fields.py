"""Field functions: the columns they make, what is remembered of them, values that are the same on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import func, select

from core import fields
from core.access import user_context
from core.db import naming
from core.db.live import among_rows, me, today
from core.db.types import Exact, Json, Moment
from core.i18n import Locale, Text
from core.model import Extension, Model
from core.models import User
from core.registry import Registry
from tests.guard_bed import business
from tests.kernel_models import ANNE, NOW, REGISTRY, Deal, Follow, Partner, Stage, acting

engine = business
TEHRAN, UTC_MINUS = timezone(timedelta(hours=3, minutes=30)), timezone(timedelta(hours=-10))


class Gem(Model, name="probe_gem.gem"):
    """One field of every kind."""

    __module__ = "probe_gem.models"

    name = fields.char(Text("Name"), required=True, tracked=True, search=True)
    code = fields.char(Text("Code"), unique=True, size=13)
    note = fields.text(Text("Note"))
    page = fields.rich_text(Text("Page"))
    phone = fields.phone(Text("Phone"))
    email = fields.email(Text("E-mail"))
    url = fields.url(Text("Site"))
    count = fields.integer(Text("Count"), required=True, default=1, minimum=0, index=True)
    weight = fields.decimal(Text("Weight"), scale=3)
    price = fields.money(Text("Price"), currency="currency")
    color = fields.color(Text("Colour"))
    found_on = fields.date(Text("Found on"))
    cut_at = fields.datetime(Text("Cut at"), readonly=True, copy=False)
    data = fields.json(Text("Data"))
    real = fields.boolean(Text("Real"))
    cut = fields.selection(Text("Cut"), {"round": Text("Round"), "oval": Text("Oval")}, required=True, default="oval")
    owner_id = fields.many2one(User, Text("Owner"), required=True, ondelete="CASCADE")
    owner = fields.record(owner_id)
    origin_id = fields.parent(Text("Cut from"))
    photo_id = fields.image(Text("Photo"))
    paper_id = fields.file(Text("Certificate"))
    facets = fields.many2many(Stage, Text("Facets"), tracked=True)
    labels = fields.tags(Stage, Text("Labels"))
    is_old = fields.computed(Text("Old"), found_on < today(), kind="boolean")
    owner_name = fields.related(Text("Owner's name"), owner_id, User.name)


class GemShine(Extension, of=Gem):
    """An extension of it."""

    __module__ = "probe_gem.models"

    shine = fields.integer(Text("Shine"))


@pytest.fixture(autouse=True, scope="module")
def forgotten_afterwards() -> Iterator[None]:
    yield
    naming.forget("probe_gem")


def column(name: str) -> Any:
    return Gem.__table__.c[name]


def meta(name: str) -> Any:
    return column(name).info["girih"]


@pytest.mark.parametrize(
    ("name", "kind", "type_", "nullable"),
    [
        ("name", "char", sa.String, False),
        ("code", "char", sa.String, True),
        ("note", "text", sa.Text, True),
        ("page", "rich_text", sa.Text, True),
        ("phone", "phone", sa.String, True),
        ("email", "email", sa.String, True),
        ("url", "url", sa.String, True),
        ("count", "integer", sa.Integer, False),
        ("weight", "decimal", Exact, True),
        ("price", "money", Exact, True),
        ("color", "color", sa.SmallInteger, True),
        ("found_on", "date", sa.Date, True),
        ("cut_at", "datetime", Moment, True),
        ("data", "json", type(Json), True),
        ("real", "boolean", sa.Boolean, False),
        ("cut", "selection", sa.String, False),
        ("owner_id", "many2one", sa.BigInteger, False),
        ("origin_id", "many2one", sa.BigInteger, True),
        ("photo_id", "image", sa.BigInteger, True),
        ("paper_id", "file", sa.BigInteger, True),
    ],
)
def test_each_kind_has_its_column(name: str, kind: str, type_: Any, nullable: bool) -> None:
    assert (meta(name).kind, column(name).nullable) == (kind, nullable)
    assert isinstance(column(name).type, type_)


def test_a_field_remembers_how_it_was_declared() -> None:
    name, price, count = meta("name"), meta("price"), meta("count")
    assert (str(name.label), name.required, name.tracked, name.search, name.size) == ("Name", True, True, True, 255)
    assert (price.currency, price.scale, price.minimum) == ("currency", 2, Decimal("-9999999999999999.99"))
    assert (count.minimum, count.maximum, count.default) == (0, 2**31 - 1, 1)
    assert (meta("cut_at").readonly, meta("cut_at").copy) == (True, False)
    assert list(meta("cut").choices) == ["round", "oval"]
    assert meta("weight").scale == 3
    assert meta("owner_id").target is User
    assert meta("origin_id").target is Gem
    assert meta("photo_id").target == "core.file"


def test_a_field_knows_the_line_it_is_written_in() -> None:
    lines = Path(__file__).read_text("utf-8").splitlines()
    for name in ("name", "count", "weight", "real", "cut", "owner_id", "origin_id", "photo_id"):
        path, line = meta(name).source
        assert path == __file__
        assert lines[line - 1].strip().startswith(f"{name} = ")


def test_unique_fields_and_links_have_an_index() -> None:
    indexes = {next(iter(index.columns)).name: index.unique for index in Gem.__table__.indexes}  # type: ignore[attr-defined]
    assert indexes["code"] is True
    assert {name for name, unique in indexes.items() if not unique} == {
        "count", "owner_id", "origin_id", "photo_id", "paper_id"
    }  # fmt: skip
    assert {key.ondelete for key in column("owner_id").foreign_keys} == {"CASCADE"}
    assert {key.ondelete for key in column("origin_id").foreign_keys} == {"RESTRICT"}
    assert {key.ondelete for key in column("photo_id").foreign_keys} == {"SET NULL"}


def test_a_link_table_names_its_owner_and_goes_with_its_ends() -> None:
    table: Any = Gem.facets.property.secondary  # type: ignore[attr-defined]
    assert table.name == "probe_gem_gem_facets"
    assert table.info == {"addon": "probe_gem", "link_of": "probe_gem.gem"}
    assert [key.column.table.name for key in sorted(table.foreign_keys, key=lambda k: k.parent.name)] == [
        "tests_stage", "probe_gem_gem"
    ]  # fmt: skip
    assert {key.ondelete for key in table.foreign_keys} == {"CASCADE"}


def moments(engine: sa.Engine, *values: Any) -> list[Any]:
    table = sa.Table("moments", sa.MetaData(), sa.Column("at", Moment(), server_default=sa.func.now()))
    with engine.connect() as connection:
        table.create(connection)
        connection.execute(sa.insert(table), [{"at": value} for value in values])
        found = list(connection.scalars(select(table.c.at).order_by(table.c.at)))
        later = connection.scalar(select(func.count()).select_from(table).where(table.c.at > NOW))
        connection.rollback()
    return [*found, later]


def test_moments_come_back_in_utc_and_compare_across_zones(engine: sa.Engine) -> None:
    noon = datetime(2026, 3, 21, 12, 30, 0, 123456, tzinfo=TEHRAN)
    assert moments(engine, noon, noon.astimezone(UTC_MINUS), NOW) == [
        NOW,
        datetime(2026, 3, 21, 9, 0, 0, 123456, tzinfo=UTC),
        datetime(2026, 3, 21, 9, 0, 0, 123456, tzinfo=UTC),
        2,
    ]
    with pytest.raises(sa.exc.StatementError, match="a moment needs a time zone"):
        moments(engine, datetime(2026, 3, 21, 12, 30))  # noqa: DTZ001


def test_the_database_s_own_now_is_a_moment(engine: sa.Engine) -> None:
    with acting(engine, ANNE) as ctx:
        made = ctx.session.scalars(select(Partner.created_at)).one()
    assert made.tzinfo is UTC
    assert abs(datetime.now(UTC) - made) < timedelta(hours=1)


def test_today_is_the_reader_s_day(engine: sa.Engine) -> None:
    before_midnight = datetime(2026, 3, 20, 21, 0, tzinfo=UTC)
    late = select(Deal.title).where(Deal.is_late.is_(True))
    for zone, found in (("UTC", []), ("Asia/Tehran", ["anne", "shared"])):
        locale = Locale(timezone=zone)
        with user_context(engine, REGISTRY, ANNE.person, now=before_midnight, locale=locale) as ctx:
            assert ctx.today == (date(2026, 3, 20) if zone == "UTC" else date(2026, 3, 21))
            assert ctx.session.scalars(late.order_by(Deal.id)).all() == found


def test_me_stands_in_any_statement_and_nobody_is_nobody(engine: sa.Engine) -> None:
    with acting(engine, ANNE) as ctx:
        assert ctx.session.scalars(select(User.name).where(User.id == me.id)).all() == ["user 1"]
        assert ctx.session.scalars(select(User.id).where(User.id.in_(me.team_ids))).all() == []
        assert ctx.session.scalars(select(User.id).where(User.id == me.contact_id)).all() == [1]
    with pytest.raises(TypeError, match="give the rule to the roles it is for"):
        bool(me)
    with pytest.raises(TypeError):
        bool(me.id)


def test_lists_of_the_moment_may_have_any_length(engine: sa.Engine) -> None:
    registry: Registry = Registry.build(list(REGISTRY.plugins))
    with user_context(engine, registry, ANNE.person, now=NOW) as ctx:
        for found in ([], [2], [1, 2, 3]):
            ctx._live["team_ids"] = found
            assert ctx.session.scalars(select(User.id).where(User.id.in_(me.team_ids)).order_by(User.id)).all() == found


def test_among_rows_is_the_same_in_two_forms(engine: sa.Engine) -> None:
    follows = select(Follow.deal_id)
    for condition, found in (
        (among_rows(Deal.id, follows), {1, 3}),
        (~among_rows(Deal.id, follows), {2, 4, 5, 6}),
        (sa.or_(Deal.id == 5, among_rows(Deal.id, follows.where(Follow.user_id == me.id))), {3, 5}),
        (sa.and_(Deal.id > 1, among_rows(Deal.id, follows)), {3}),
        (among_rows(Deal.id, follows.where(Follow.user_id == 77)), set[int]()),
    ):
        with acting(engine, ANNE) as ctx, ctx.sudo("everything is compared") as system:
            assert set(system.session.scalars(select(Deal.id).where(condition))) == found


def test_among_rows_lets_each_database_use_its_indexes(engine: sa.Engine) -> None:
    condition = sa.or_(Deal.user_id == 1, among_rows(Deal.id, select(Follow.deal_id)))
    rows = "SELECT tests_follow.deal_id \nFROM tests_follow"
    form = f"= ANY(ARRAY({rows}))" if engine.dialect.name == "postgresql" else f"IN ({rows})"
    assert str(condition.compile(engine)).endswith(f"tests_deal.id {form}")


def test_a_number_is_not_read_from_an_object_that_computes_it_late(engine: sa.Engine) -> None:
    with acting(engine, ANNE) as ctx:
        partner = ctx.session.scalars(select(Partner)).one()
        with pytest.raises(AttributeError, match="a computed value is read through the reader, not from an object"):
            _ = partner.deal_count
        assert ctx.session.scalars(select(Partner.deal_count)).all() == [1]
