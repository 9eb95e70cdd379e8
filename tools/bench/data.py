"""The business that is measured: twenty salespeople, their customers, and two years of opportunities."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from addons.contacts.models import Contact
from addons.crm_lead.lists import Stage, Tag, Team
from core.context import Context
from core.models import Role, User
from core.operations import create, create_many

LEADS = 100_000
SALESPEOPLE = 20
MONTHS = 24
BATCH = 1000
LAST_DAY = date(2026, 6, 30)
UNASSIGNED = 0.02

FIRST = ("Sara", "Omid", "Laleh", "Kian", "Mina", "Arash", "Dina", "Reza", "Yalda", "Nima", "Ava", "Sina")
LAST = ("Karimi", "Moradi", "Rahimi", "Shams", "Tehrani", "Azad", "Bahari", "Navid", "Parsa", "Sohrabi")
TRADES = ("Trading", "Steel", "Foods", "Textiles", "Logistics", "Software", "Clinic", "Printing", "Motors", "Tiles")
WANTS = ("servers", "licences", "a shop", "training", "spare parts", "a contract", "furniture", "cables", "a survey")
CITIES = ("Tehran", "Isfahan", "Shiraz", "Tabriz", "Mashhad", "Rasht", "Yazd", "Ahvaz", "Qom", "Kerman")
TAGS = ("hot", "tender", "partner", "export", "renewal", "retail", "service", "public", "new", "risk")


@dataclass(frozen=True, slots=True)
class People:
    """The ids of those who work with the data: salespeople see their own documents, the manager all."""

    salespeople: tuple[int, ...]
    manager: int


def make_people(ctx: Context) -> People:
    """Make the users, and a team of all salespeople."""
    roles: dict[str, int] = dict(ctx.session.execute(sa.select(Role.code, Role.id)).tuples().all())
    own = [roles["crm_lead.user"], roles["contacts.user"]]
    people = [
        {"name": f"{FIRST[n % 12]} {LAST[n % 10]} {n}", "email": f"person{n}@bench.example", "roles": own}
        for n in range(SALESPEOPLE)
    ]
    salespeople = create_many(ctx, User, people)
    every = [roles["crm_lead.manager"], roles["contacts.manager"]]
    manager = create(ctx, User, {"name": "Roya Manager", "email": "manager@bench.example", "roles": every})
    create(ctx, Team, {"name": "Sales", "leader": manager, "members": salespeople})
    return People(tuple(salespeople), manager)


def make_tags(ctx: Context) -> None:
    """Make the tags of opportunities."""
    create_many(ctx, Tag, [{"name": name, "color": color} for color, name in enumerate(TAGS, 1)])


def organisations(number: int, people: People) -> list[dict[str, Any]]:
    """Return the values of organisations."""
    chance = random.Random(1)
    return [
        {
            "kind": "organisation",
            "name": f"{chance.choice(LAST)} {chance.choice(TRADES)} {n}",
            "is_customer": True,
            "email": f"office{n}@company.example",
            "phone": f"+9821{n:08d}",
            "city": chance.choice(CITIES),
            "responsible": chance.choice(people.salespeople),
        }
        for n in range(number)
    ]


def persons(number: int, people: People, above: list[int]) -> list[dict[str, Any]]:
    """Return the values of persons who belong to organisations."""
    chance = random.Random(2)
    return [
        {
            "name": f"{chance.choice(FIRST)} {chance.choice(LAST)} {n}",
            "is_customer": True,
            "parent": chance.choice(above),
            "email": f"someone{n}@company.example",
            "mobile": f"+98912{n:07d}",
            "responsible": chance.choice(people.salespeople),
        }
        for n in range(number)
    ]


def make_contacts(ctx: Context, number: int, people: People) -> list[int]:
    """Make so many contacts, a quarter of them organisations."""
    above = in_batches(ctx, Contact, organisations(number // 4, people))
    return above + in_batches(ctx, Contact, persons(number - number // 4, people, above))


def in_batches(ctx: Context, model: Any, rows: list[dict[str, Any]]) -> list[int]:
    """Create records a batch at a time."""
    made: list[int] = []
    for start in range(0, len(rows), BATCH):
        made += create_many(ctx, model, rows[start : start + BATCH])
    return made


class Opportunities:
    """Gives the values of opportunities, the same ones each time."""

    def __init__(self, ctx: Context, people: People, contacts: list[int], seed: int = 3) -> None:
        self.chance = random.Random(seed)
        self.people, self.contacts = people, contacts
        self.stages = list(ctx.session.scalars(sa.select(Stage.id).order_by(Stage.sequence)))
        self.tags = list(ctx.session.scalars(sa.select(Tag.id).order_by(Tag.id)))
        self.number = 0

    def batch(self, size: int = BATCH) -> list[dict[str, Any]]:
        """Return the values of the next ones."""
        return [self._one() for _ in range(size)]

    def _one(self) -> dict[str, Any]:
        chance = self.chance
        self.number += 1
        begun = LAST_DAY - timedelta(days=chance.randrange(MONTHS * 365 // 12))
        return {
            "name": f"{chance.choice(LAST)} wants {chance.choice(WANTS)} ({self.number})",
            "stage": chance.choices(self.stages, (30, 25, 20, 25))[0],
            "user": None if chance.random() < UNASSIGNED else chance.choice(self.people.salespeople),
            "contact": chance.choice(self.contacts) if chance.random() < 0.9 else None,
            "priority": chance.choices(range(4), (60, 20, 15, 5))[0],
            "expected_revenue": Decimal(chance.randrange(10_000, 10_000_000)) / 100,
            "document_date": begun,
            "expected_closing": begun + timedelta(days=chance.randrange(20, 200)),
            "tags": chance.sample(self.tags, 1) if chance.random() < 0.3 else [],
        }


def batches(opportunities: Opportunities, number: int) -> Iterator[list[dict[str, Any]]]:
    """Yield opportunities a batch at a time."""
    for start in range(0, number, BATCH):
        yield opportunities.batch(min(BATCH, number - start))
