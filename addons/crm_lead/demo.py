"""Demonstration data: sales teams and a pipeline that has been worked for a year, with what was won and lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from addons.contacts.demo import WORDS as CONTACT_WORDS
from addons.contacts.demo import people
from addons.contacts.lists import Medium, Source
from addons.contacts.models import Contact
from core.toolkit import Context, DemoPlan, Row, User, ids, page, read, update

from .access import MANAGER, USER
from .lists import LeadStatus, LostReason, Stage, Tag, Team
from .models import Lead

WORDS = Path(__file__).parent / "data" / "demo"
DAYS = 400
"""So long ago the first of the leads came."""

DELAYS = (0, 0, 0, 1, 2, 3)
"""After so many days a lead is given to somebody."""

Values = dict[Any, Any]


def make_teams(ctx: Context, plan: DemoPlan) -> None:
    """Give the colleagues their roles in sales, and make their teams and tags."""
    colleagues, words = plan.made[User], plan.words(WORDS)
    roles = {row["id"]: [role.id for role in row["roles"]] for row in read(ctx, User, colleagues, ["roles"])}
    for place, colleague in enumerate(colleagues):
        more = plan.roles(ctx, MANAGER if place < 2 else USER)
        update(ctx, User, colleague, {User.roles: [*roles[colleague], *more]})
    rows = []
    for place, (name, color) in enumerate(words["teams"]):
        members = colleagues[2 + place :: len(words["teams"])]
        if place == 0 and ctx.user_id is not None:
            members = [ctx.user_id, *members]  # whoever asks for the demonstration finds a pipeline of his own
        rows.append(
            {
                Team.name: name,
                Team.color: color,
                Team.leader_id: colleagues[place],
                Team.members: members,
                Team.target: plan.amount(ctx, 60_000),
                Team.sequence: 10 + place,
            }
        )
    plan.create(ctx, Team, rows)
    plan.create(ctx, Tag, [{Tag.name: name, Tag.color: color} for color, name in enumerate(words["tags"], 1)])


def make_leads(ctx: Context, plan: DemoPlan) -> None:
    """Make the leads in the order in which they came, month by month, each by its salesperson."""
    maker = Maker(ctx, plan)
    rows = [maker.lead(age) for age in maker.ages(plan.leads)]
    batches: dict[tuple[date, int], list[Values]] = {}
    for row in rows:
        day: date = row[Lead.document_date]
        batches.setdefault((day.replace(day=1), row[Lead.user_id] or plan.made[User][0]), []).append(row)
    for (_month, writer), batch in sorted(batches.items(), key=lambda one: one[0]):
        last = max(row[Lead.document_date] for row in batch)
        with plan.at(ctx, plan.moment((plan.today - last).days, 11), writer):
            plan.create(ctx, Lead, batch)


class Maker:
    """Makes the values of leads."""

    def __init__(self, ctx: Context, plan: DemoPlan) -> None:
        self.ctx, self.plan = ctx, plan
        self.words, self.chance = plan.words(WORDS), plan.random("leads")
        self.stages = ids(ctx, Stage, ["and", ["is_won", "=", False], ["team", "not_set"]], order=["sequence"])
        self.reasons, self.sources, self.media, self.statuses = (
            ids(ctx, model, order=["id"]) for model in (LostReason, Source, Medium, LeadStatus)
        )
        self.teams, self.tags = plan.made[Team], plan.made[Tag]
        self.members = [[one.id for one in row["members"]] for row in read(ctx, Team, self.teams, ["members"])]
        self.skill = {one: self.chance.uniform(0.8, 1.25) for team in self.members for one in team}
        self.customers = self._customers()
        self.strangers = people(plan, 400)[::-1]
        self.cities = plan.words(CONTACT_WORDS)["cities"]

    def _customers(self) -> list[Row]:
        """Return the people and organisations that buy, the people more often."""
        names = ["kind", "name", "parent"]
        return page(self.ctx, Contact, names, ["id", "in", self.plan.made[Contact]], order=["id"], limit=10_000)

    def ages(self, number: int) -> list[int]:
        """Return how many days ago the leads came, the oldest first: business grows."""
        return sorted((1 + int(DAYS * self.chance.random() ** 1.25) for _one in range(number)), reverse=True)

    def lead(self, age: int) -> Values:
        """Return the values of one lead that came so many days ago."""
        chance = self.chance
        raw = age < 45 and chance.random() < 0.3
        place = chance.choices((0, 1), (3, 2))[0]
        seller = chance.choice(self.members[place])
        values = self._asked_for(place)
        values |= {
            Lead.kind: "lead" if raw else "opportunity",
            Lead.team_id: self.teams[place],
            Lead.user_id: None if raw and chance.random() < 0.25 else seller,
            Lead.document_date: self.plan.today - timedelta(days=age),
            Lead.assigned_at: self.plan.moment(max(age - chance.choice(DELAYS), 1), 8, chance.randrange(60)),
            Lead.priority: chance.choices((0, 1, 2, 3), (5, 4, 2, 1))[0],
            Lead.source_id: chance.choice(self.sources) if self.sources else None,
            Lead.medium_id: chance.choice(self.media) if self.media else None,
            Lead.referred_by: chance.choice(self.words["referrers"]) if chance.random() < 0.15 else None,
        }
        if values[Lead.user_id] is None:
            values[Lead.assigned_at] = None
        if raw:
            return values | self._stranger()
        values |= self._customer() if chance.random() < 0.85 else self._stranger()
        return values | self._fate(age, self.skill[seller])

    def _asked_for(self, place: int) -> Values:
        """Return what it is about: title, worth, tags."""
        chance, words = self.chance, self.words
        fitting = [product for product in words["products"] if product[4] == place]
        product, price, fewest, most, _for, tag = chance.choice(fitting)
        number = round(fewest + (most - fewest) * chance.random() ** 2)
        title = chance.choice(words["titles"][tag]).format(
            n=self.plan.digits(str(number)), product=product, place=chance.choice(words["places"][place])
        )
        more = chance.sample(range(3, len(self.tags)), chance.choice((0, 0, 1)))
        return {
            Lead.name: title[:1].upper() + title[1:],
            Lead.expected_revenue: self.plan.amount(self.ctx, price * number * chance.uniform(0.9, 1.15)),
            Lead.tags: [self.tags[one] for one in sorted({tag, *more})],
            Lead.description: chance.choice(words["descriptions"]) if chance.random() < 0.45 else None,
        }

    def _customer(self) -> Values:
        return {Lead.contact_id: self.chance.choice(self.customers)["id"]}

    def _stranger(self) -> Values:
        """Return somebody who is no contact yet."""
        name, address = self.chance.choice(self.strangers)
        city, region, _area, _code = self.chance.choice(self.cities)
        return {
            Lead.contact_name: name,
            Lead.email: f"{address}@mail.example",
            Lead.city: city,
            Lead.region: region,
            Lead.status_id: self.statuses[0] if self.statuses else None,
        }

    def _fate(self, age: int, skill: float) -> Values:
        """Return how far it has come: won, lost, or in a stage, the older the more likely closed."""
        chance = self.chance
        took = round(chance.lognormvariate(3.6, 0.6)) + 3
        if took < age and chance.random() < 0.93:
            return self._closed(age - took, chance.random() < 0.46 * skill)
        reached = min(sum(age > border for border in (12, 35)), len(self.stages) - 1)
        stage = self.stages[max(reached - chance.choice((0, 0, 1)), 0)]
        return {
            Lead.stage_id: stage,
            Lead.stage_changed_at: self.plan.moment(chance.randint(1, max(age // 2, 1)), 7, chance.randrange(60)),
            Lead.expected_closing: self.plan.today + timedelta(days=chance.randint(-12, 75)),
            Lead.next_step: chance.choice(self.words["next_steps"]) if chance.random() < 0.7 else None,
        }

    def _closed(self, days_ago: int, won: bool) -> Values:
        chance = self.chance
        closed = self.plan.moment(max(days_ago, 1), chance.randint(6, 14), chance.randrange(60))
        values: Values = {Lead.closed_at: closed, Lead.expected_closing: closed.date()}
        if won:
            return values | {Lead.state: "won"}
        return values | {
            Lead.state: "lost",
            Lead.stage_id: chance.choice(self.stages),
            Lead.lost_reason_id: chance.choice(self.reasons) if self.reasons else None,
            Lead.lost_note: chance.choice(self.words["lost_notes"]) if chance.random() < 0.6 else None,
        }


DEMO: list[Callable[[Context, DemoPlan], None]] = [make_teams, make_leads]
