"""A small business for the tests of the low kernel: models, roles, rules, and the rows that would leak.

Anne and Behrouz have the same role, so they share every rule and every compiled statement; each must see the deals
that are theirs or that they follow, and nothing else. Every kind of row has some that neither may see.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Mapped

from core import fields
from core.access import known_tables, system_context, user_context
from core.context import Context, Person
from core.db.engine import make_engine
from core.db.live import among_rows, me, today
from core.db.naming import metadata
from core.declarations import PORTAL, PUBLIC, Rights, Role, Rule, own
from core.hookspecs import hookimpl
from core.i18n import _
from core.model import Attached, Extension, HasArchive, Model, Plain
from core.models import KERNEL_MODELS, File, User
from core.registry import Plugin, Registry

NOW = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)


class Stage(Model, name="tests.stage"):
    """A step of a deal."""

    name = fields.char(_("Name"), required=True)


class Tag(Model, name="tests.tag"):
    """A tag."""

    name = fields.char(_("Name"), required=True)


def deal_count() -> ColumnElement[int]:
    """How many deals a partner has, as far as the reader may know."""
    return select(func.count(Deal.id)).where(Deal.partner_id == Partner.id).correlate(Partner).scalar_subquery()


class Partner(HasArchive, Model, name="tests.partner"):
    """A company or person, seen by its owner."""

    name = fields.char(_("Name"), required=True, search=True)
    city = fields.char(_("City"))
    owner_id = fields.many2one(User, _("Owner"))
    owner = fields.record(owner_id)
    head_id = fields.parent(_("Head office"))
    deals: Mapped[list[Deal]] = fields.one2many("partner_id", _("Deals"))
    deal_count = fields.computed(_("Number of deals"), deal_count)


class Deal(Model, name="tests.deal"):
    """A deal, seen by its user and its followers."""

    title = fields.char(_("Title"), required=True)
    user_id = fields.many2one(User, _("User"))
    user = fields.record(user_id)
    partner_id = fields.many2one(Partner, _("Partner"))
    partner = fields.record(partner_id)
    stage_id = fields.many2one(Stage, _("Stage"))
    stage = fields.record(stage_id)
    amount = fields.money(_("Amount"))
    due_on = fields.date(_("Due on"))
    tags = fields.tags(Tag, _("Tags"))
    city = fields.related(_("City"), partner_id, Partner.city)
    is_late = fields.computed(_("Late"), due_on < today())


class Follow(Plain, name="tests.follow"):
    """Somebody follows a deal."""

    deal_id = fields.many2one(Deal, _("Deal"), required=True, ondelete="CASCADE")
    user_id = fields.many2one(User, _("User"), required=True)


class DealScore(Extension, of=Deal):
    """What another addon knows of a deal."""

    score = fields.integer(_("Score"))


class Note(Attached, name="tests.note"):
    """A line of text on any record."""

    body = fields.char(_("Text"), required=True)


class Secret(Model, name="tests.secret"):
    """Installed, and nobody has a right to it."""

    name = fields.char(_("Name"), required=True)


class Elsewhere(Model, name="tests.elsewhere"):
    """A model of an addon that is not installed in this database."""

    name = fields.char(_("Name"), required=True)


USER, MANAGER = Role("tests.user", _("Deals: own")), Role("tests.manager", _("Deals: all"), "all")


def own_or_followed(model: Any) -> ColumnElement[bool]:
    """Say whether a deal is mine or followed by me."""
    return sa.or_(model.user_id == me.id, among_rows(model.id, select(Follow.deal_id).where(Follow.user_id == me.id)))


RIGHTS = [
    Rights(Deal, {USER: "crud", MANAGER: "crud", PORTAL: "r"}),
    Rights(Partner, {USER: "crud", MANAGER: "crud", PORTAL: "r"}),
    Rights(Stage, {USER: "r", MANAGER: "r", PORTAL: "r", PUBLIC: "r"}),
    Rights(Tag, {USER: "ru", MANAGER: "crud"}),
    Rights(Follow, {USER: "r", MANAGER: "r"}),
    Rights(Note, {USER: "crud", MANAGER: "crud", PORTAL: "r"}),
    Rights(User, {USER: "r", MANAGER: "r"}),
    Rights(File, {USER: "crud", PORTAL: "r"}),
]
RULES = [
    Rule(Deal, [USER], own_or_followed, label=_("Own or followed deals.")),
    Rule(Partner, [USER], own(Partner.owner_id), label=_("Own partners.")),
    Rule(Follow, [USER], own(Follow.user_id)),
    Rule(Deal, [PORTAL], lambda model: model.partner_id == me.contact_id, label=_("Deals of one's company.")),
    Rule(Partner, [PORTAL], lambda model: model.id == me.contact_id),
]
MODELS = [Stage, Tag, Partner, Deal, Follow, Note, Secret]


def contact_of(ctx: Context) -> int | None:
    """Return the partner that the user owns, which stands for his own company."""
    return ctx.session.scalar(select(func.min(Partner.id)).where(Partner.owner_id == ctx.user_id))


def plugin(name: str, **answers: Any) -> Plugin:
    """Return an addon that answers these hooks with these values."""

    def answering(value: Any) -> Callable[[], Any]:
        return hookimpl(lambda: value)  # type: ignore[no-any-return]

    return Plugin(name, "1.0", SimpleNamespace(**{hook: answering(value) for hook, value in answers.items()}))


def registry_with(rights: Sequence[Rights] = RIGHTS, rules: Sequence[Rule] = RULES, extended: bool = True) -> Registry:
    """Build the registry of a database with the tests' models, with or without the extension."""
    return Registry.build(
        [
            plugin("core", register_models=list(KERNEL_MODELS)),
            plugin(
                "tests",
                register_models=[*MODELS, *([DealScore] if extended else [])],
                register_access=(list(rights), list(rules)),
                register_live_values={"contact_id": contact_of},
            ),
        ]
    )


REGISTRY = registry_with()


@dataclass(frozen=True)
class Who:
    """A person of the tests and what is right for that person to see."""

    id: int
    deals: frozenset[str]
    own: str
    """A deal that is hers in every respect."""
    own_id: int
    hidden: str
    """A deal she must not see."""
    hidden_id: int
    crossed: str
    """A deal of hers with a partner she must not see."""
    partner: str
    amount: Decimal

    @property
    def person(self) -> Person:
        """The person as a context takes it."""
        return Person(self.id, f"user {self.id}", frozenset({USER.code}))

    @property
    def scores(self) -> set[int]:
        """The scores of the deals she may see."""
        return {SCORES[title] for title in self.deals}

    @property
    def notes(self) -> set[str]:
        """The notes she may see: on her deals, her partner, and on stages, which all may see."""
        return {f"on {title}" for title in (*self.deals, self.partner, "Stage")}


# title: user, partner, tagged; the score is also the amount
DEALS: dict[str, tuple[int, int, bool]] = {
    "anne": (1, 1, True),
    "behrouz": (2, 2, True),
    "shared": (2, 2, True),
    "stray": (1, 2, False),
    "nobody": (3, 3, True),
    "odd": (2, 1, False),
}
SCORES = {title: 10**place for place, title in enumerate(DEALS)}
ANNE = Who(1, frozenset({"anne", "shared", "stray"}), "anne", 1, "behrouz", 2, "stray", "P1", Decimal(1101))
BEHROUZ = Who(2, frozenset({"behrouz", "shared", "odd"}), "behrouz", 2, "anne", 1, "odd", "P2", Decimal(100110))
BOSS = Person(9, "boss", frozenset({MANAGER.code}))
ADMINISTRATOR = Person(9, "admin", frozenset({"core.admin"}))


def make_rows(ctx: Context) -> None:
    """Write the rows of the tests."""
    put = ctx.session.add_all
    put([User(id=n, name=f"user {n}", email=f"user{n}@example.com") for n in (1, 2, 3, 9)])
    put([Stage(id=1, name="Stage"), Tag(id=1, name="Tag"), Secret(id=1, name="secret")])
    ctx.session.flush()
    put([Partner(id=n, name=f"P{n}", city=f"city {n}", owner_id=n) for n in (1, 2, 3)])
    ctx.session.flush()
    tag = ctx.session.get(Tag, 1)
    for number, (title, (user, partner, tagged)) in enumerate(DEALS.items(), 1):
        due = date(2026, 3, 20) if tagged else None
        deal = Deal(id=number, title=title, user_id=user, partner_id=partner, stage_id=1, due_on=due)
        deal.amount, deal.tags = Decimal(SCORES[title]), [tag] if tagged and tag else []
        put([deal])
        ctx.session.flush()
        put([DealScore(id=number, score=SCORES[title]), Note(model="tests.deal", record_id=number, body=f"on {title}")])
        put([_file(f"of {title}", number, model="tests.deal", record_id=number)])
    put([Follow(deal_id=3, user_id=1), Follow(deal_id=1, user_id=3)])
    put([Note(model="tests.partner", record_id=n, body=f"on P{n}") for n in (1, 2, 3)])
    put(
        [
            Note(model="tests.stage", record_id=1, body="on Stage"),
            Note(model="tests.secret", record_id=1, body="on secret"),
        ]
    )
    put([Note(model="tests.gone", record_id=1, body="on what is not installed")])
    put([_file(f"loose {n}", 20 + n, created_by_id=n) for n in (1, 2, 3)])


def _file(name: str, number: int, **more: Any) -> File:
    return File(id=number, name=name, media_type="text/plain", size=1, digest="0" * 64, **more)


def prepare(url: str) -> None:
    """Make the tables of the tests' registry and their rows in an empty database."""
    engine = make_engine(url)
    with engine.begin() as connection:
        metadata.create_all(connection, tables=list(known_tables(REGISTRY)))
    with system_context(engine, REGISTRY, now=NOW) as ctx:
        make_rows(ctx)
        ctx.session.commit()
    if engine.dialect.name == "postgresql":
        _move_sequences(engine)
    engine.dispose()


def _move_sequences(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        for model in (*MODELS, User, File):
            name = model.__table__.name
            connection.exec_driver_sql(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), 100)")


@contextmanager
def acting(engine: sa.Engine, who: Who | Person, registry: Registry = REGISTRY) -> Iterator[Context]:
    """Open a context of a person at the tests' moment."""
    person = who.person if isinstance(who, Who) else who
    with user_context(engine, registry, person, now=NOW) as ctx:
        yield ctx
