"""Demonstration data: colleagues, organisations with their people, all made up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

from core.toolkit import Context, Country, DemoPlan, User, ids

from .access import MANAGER, USER
from .lists import ContactType, Industry, Rating, Source, Status, Tag
from .models import Contact

WORDS = Path(__file__).parent / "data" / "demo"
COLLEAGUES = 7
"""The first two of them see all documents."""

FEWEST, MOST = 6, 600
Values = dict[Any, Any]
Named = tuple[str, str]


def people(plan: DemoPlan, number: int) -> list[Named]:
    """Return names with the letters of their mail addresses, each pair of names once while there are enough."""
    words, chance = plan.words(WORDS), plan.random("people")
    pairs = [(first, last) for first in words["first"] for last in words["last"]]
    chosen = [pairs[place] for place in chance.sample(range(len(pairs)), min(number, len(pairs)))]
    chosen += chance.choices(pairs, k=number - len(chosen))
    return [(f"{first[0]} {last[0]}", f"{first[1]}.{last[1]}") for first, last in chosen]


def make_colleagues(ctx: Context, plan: DemoPlan) -> None:
    """Make the users among whom the documents are divided; they have no password and cannot log in."""
    manager, user = plan.roles(ctx, MANAGER), plan.roles(ctx, USER)
    persian = plan.language.startswith("fa")
    rows = [
        {
            User.name: name,
            User.email: f"{address}@demo.example",
            User.roles: manager if place < 2 else user,
            User.language: "fa" if persian else "en",
            User.calendar: "jalali" if persian else "gregorian",
            User.digits: "arabext" if persian else "latn",
            User.timezone: "Asia/Tehran" if persian else "UTC",
            User.company_id: ctx.company.id,
        }
        for place, (name, address) in enumerate(people(plan, COLLEAGUES))
    ]
    plan.create(ctx, User, rows)


def make_contacts(ctx: Context, plan: DemoPlan) -> None:
    """Make organisations and the people in them."""
    maker = Maker(ctx, plan)
    number = max(FEWEST, min(MOST, plan.leads // 8))
    with plan.at(ctx, plan.moment(430), plan.made[User][0]):
        maker.make_lists()
        organisations = [maker.organisation(*company) for company in maker.companies(number)]
        made = plan.create(ctx, Contact, organisations)
        staff = [maker.person(*one) for one in maker.staff(made, organisations)]
        plan.create(ctx, Contact, staff)


class Maker:
    """Makes the values of contacts."""

    def __init__(self, ctx: Context, plan: DemoPlan) -> None:
        self.ctx, self.plan = ctx, plan
        self.words, self.chance = plan.words(WORDS), plan.random("contacts")
        self.country = ids(ctx, Country, ["code", "=", self.words["country"]])[0]
        self.types, self.ratings, self.sources, self.statuses = (
            ids(ctx, model, order=["id"]) for model in (ContactType, Rating, Source, Status)
        )
        self.industries: list[tuple[int, list[int]]] = []
        self.tags: list[int] = []

    def make_lists(self) -> None:
        """Make tags and industries in two levels."""
        names = self.words["tags"]
        self.tags = self.plan.create(self.ctx, Tag, [{Tag.name: n, Tag.color: c} for c, n in enumerate(names, 1)])
        mains = self.plan.create(
            self.ctx, Industry, [{Industry.name: name} for name, _subs in self.words["industries"]]
        )
        for main, (_name, subs) in zip(mains, self.words["industries"], strict=True):
            below = [{Industry.name: name, Industry.parent_id: main} for name in subs]
            self.industries.append((main, self.plan.create(self.ctx, Industry, below)))

    def companies(self, number: int) -> list[tuple[str, str, int]]:
        """Return names of organisations, each once while there are enough, with mail domain and industry."""
        firsts, lasts = self.words["company_first"], self.words["company_last"]
        pairs = [(first, last) for first in firsts for last in lasts]
        chosen = self.chance.sample(pairs, min(number, len(pairs)))
        persian = self.plan.language.startswith("fa")
        named = []
        for first, last in chosen:
            name = f"{last[0]} {first[0]}" if persian else f"{first[0]} {last[0]}"
            named.append((name, f"{first[1]}-{last[1]}.example", last[2]))
        return named

    def organisation(self, name: str, domain: str, industry: int) -> Values:
        """Return the values of one organisation."""
        chance = self.chance
        main, subs = self.industries[industry]
        customer = chance.random() < 0.6
        size = round(chance.lognormvariate(3.8, 1.0)) + 4
        return {
            Contact.kind: "organisation",
            Contact.name: name,
            Contact.is_customer: customer,
            Contact.is_prospect: not customer,
            Contact.is_supplier: chance.random() < 0.05,
            Contact.email: f"info@{domain}",
            Contact.website: f"https://www.{domain}",
            Contact.language: self.plan.language,
            **self.place(chance),
            Contact.industry_id: main,
            Contact.sub_industry_id: chance.choice(subs),
            Contact.type_id: chance.choices(self.types, [1, 3, 4][: len(self.types)])[0] if self.types else None,
            Contact.rating_id: chance.choice([*self.ratings, None]),
            Contact.status_id: chance.choice(self.statuses) if self.statuses else None,
            Contact.source_id: chance.choice(self.sources) if self.sources else None,
            Contact.tags: sorted(chance.sample(self.tags, chance.choice((0, 0, 1, 1, 2)))),
            Contact.responsible_id: chance.choice(self.plan.made[User]),
            Contact.employees: size,
            Contact.founded: self.plan.today.year - chance.randint(3, 60) - self._era(),
            Contact.annual_revenue: self.plan.amount(self.ctx, size * chance.uniform(40_000, 160_000)),
            Contact.description: f"<p>{chance.choice(self.words['notes'])}</p>" if chance.random() < 0.5 else None,
        }

    def _era(self) -> int:
        """The years between the calendars: Persian readers count the year of foundation in their own."""
        return 621 if self.plan.language.startswith("fa") else 0

    def place(self, chance: Random) -> Values:
        """Return address and phone of a place."""
        city, region, area, postal_code = chance.choice(self.words["cities"])
        number = self.plan.digits(str(chance.randint(2, 240)))
        street = self.words["street"].format(number=number, street=chance.choice(self.words["streets"]))
        free = (0, 9999) if self.words["dial"] == "+98" else (100, 199)  # numbers that nobody has
        ending = f"5550{chance.randint(*free):0{len(str(free[1]))}d}"
        return {
            Contact.street: street,
            Contact.city: city,
            Contact.region: region,
            Contact.postal_code: postal_code,
            Contact.country_id: self.country,
            Contact.phone: f"{self.words['dial']}{area}{ending}",
        }

    def staff(self, made: Sequence[int], organisations: Sequence[Values]) -> list[tuple[Named, int, Values]]:
        """Return who works where: one to three people in each organisation."""
        numbers = [self.chance.choices((1, 2, 3), (5, 4, 2))[0] for _one in made]
        named = iter(people(self.plan, COLLEAGUES + sum(numbers))[COLLEAGUES:])
        places = zip(made, organisations, numbers, strict=True)
        return [(next(named), one, values) for one, values, number in places for _person in range(number)]

    def person(self, named: Named, organisation: int, values: Values) -> Values:
        """Return the values of somebody who works in an organisation."""
        chance = self.chance
        position, department = chance.choice(self.words["positions"])
        place: tuple[Any, ...] = (Contact.street, Contact.city, Contact.region, Contact.postal_code, Contact.country_id)
        known: tuple[Any, ...] = (Contact.phone, Contact.language, Contact.industry_id, Contact.sub_industry_id)
        domain = str(values[Contact.email]).partition("@")[2]
        mobile = f"+98999000{chance.randint(0, 9999):04d}" if self.words["dial"] == "+98" else None
        return {
            Contact.kind: "person",
            Contact.name: named[0],
            Contact.parent_id: organisation,
            Contact.job_position: position,
            Contact.department: department,
            Contact.is_customer: values[Contact.is_customer],
            Contact.is_prospect: values[Contact.is_prospect],
            Contact.email: f"{named[1]}@{domain}",
            Contact.mobile: mobile,
            **{attr: values[attr] for attr in (*place, *known, Contact.responsible_id, Contact.status_id)},
        }


DEMO: list[Callable[[Context, DemoPlan], None]] = [make_colleagues, make_contacts]
