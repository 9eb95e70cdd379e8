"""The stages and teams as a change of a lead needs them: read once per save, as the system."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from addons.contacts.models import Contact
from core.toolkit import Context, Row, User, ids, page, read, setting

from .lists import Stage, Team
from .seeds import DEFAULT_OPERATOR

MANY = 2000
"""More stages or teams than any business has."""

TAKEN_OVER = ("email", "phone", "mobile", "website", "language", "industry", "sub_industry", "job_position")
ADDRESS = ("street", "city", "region", "postal_code", "country")
OF_CONTACT = ("name", "kind", "parent", *TAKEN_OVER, *ADDRESS)


@dataclass(frozen=True, slots=True)
class Step:
    """A stage."""

    id: int
    name: str
    team: int | None
    is_won: bool
    probability: int | None


def id_of(value: Any) -> int | None:
    """Return the id of a link as it was read (a reference) or as it is written (an id)."""
    found: int | None = getattr(value, "id", value)
    return found


class Pipeline:
    """Answers about stages, teams and customers. `ctx` is the system's: a rule must not change what follows."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.now = ctx.now
        self._customers: dict[int, Row] = {}

    @cached_property
    def steps(self) -> list[Step]:
        """All stages in their order."""
        names = ["name", "team", "is_won", "probability"]
        rows = page(self.ctx, Stage, names, order=["sequence"], limit=MANY, archived=True)
        return [Step(r["id"], r["name"], id_of(r["team"]), r["is_won"], r["probability"]) for r in rows]

    def step(self, stage_id: int | None) -> Step | None:
        """Return a stage by its id."""
        return next((one for one in self.steps if one.id == stage_id), None)

    def first(self, team: int | None) -> Step | None:
        """Return the stage a team's opportunities begin in."""
        return next((one for one in self.steps if one.team in (None, team) and not one.is_won), None)

    def won(self, team: int | None) -> Step | None:
        """Return the stage of a team's won opportunities: its own, else that of all teams."""
        won = [one for one in self.steps if one.is_won and one.team in (None, team)]
        return min(won, key=lambda one: one.team is None, default=None)

    @cached_property
    def teams(self) -> list[tuple[int, frozenset[int]]]:
        """All teams in their order, each with its members and leader."""
        rows = page(self.ctx, Team, ["leader", "members"], order=["sequence"], limit=MANY)
        return [
            (row["id"], frozenset(one.id for one in (*row["members"], row["leader"]) if one is not None))
            for row in rows
        ]

    def team_of(self, user: int | None) -> int | None:
        """Return the first team a user belongs to."""
        return next((team for team, people in self.teams if user in people), None)

    @cached_property
    def operator(self) -> int | None:
        """The user who gets what comes without salesperson and team."""
        email = setting(self.ctx, DEFAULT_OPERATOR)
        found = ids(self.ctx, User, ["email", "=", email], limit=1) if email else []
        return found[0] if found else None

    def know_customers(self, wanted: set[int]) -> None:
        """Read these customers at once."""
        missing = sorted(one for one in wanted if one not in self._customers)
        if missing:
            self._customers |= {row["id"]: row for row in read(self.ctx, Contact, missing, OF_CONTACT)}

    def offered_by(self, customer: int | None) -> dict[str, Any]:
        """Return what a customer gives to a lead that has nothing of its own, by field of the lead."""
        if customer is None:
            return {}
        self.know_customers({customer})
        row = self._customers.get(customer)
        if row is None:
            return {}
        given = {name: id_of(row[name]) for name in (*TAKEN_OVER, *ADDRESS)}
        if row["kind"] == "organisation":
            return given | {"company_name": row["name"]}
        above = row["parent"]
        return given | {"contact_name": row["name"], "company_name": above.title if above else None}
