"""What the makers of demonstration data are given: chance that repeats itself, days, people, and a way to create."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import select

from core.context import Context, Person, Work
from core.declarations import Role
from core.i18n import Locale
from core.models import Role as RoleRow
from core.operations import create_many, set_keys

from .words import words

SPACE = "demo"
KIND = "demo"
STEPS: Mapping[str, int] = {"IRR": 1_000_000}
"""In currencies of small worth: how much of it is one of others, roughly, and the step amounts are rounded to."""


@dataclass(slots=True)
class Plan:
    """One run: the same seed, number, language and day make the same records each time."""

    today: date
    seed: int = 7
    leads: int = 500
    language: str = "en"
    made: dict[Any, list[int]] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        """The moment the records are made at: the noon before the day, so that at no hour they are of the future."""
        return self.moment(1, 12)

    def random(self, name: str) -> Random:
        """Return chance of its own for one purpose, so that one list does not disturb another."""
        return Random(f"{self.seed}:{name}")

    def words(self, folder: Path) -> dict[str, Any]:
        """Return the lists of the run's language in a folder."""
        return words(folder, self.language)

    def digits(self, text: str) -> str:
        """Return a text with its digits as they are written in the language."""
        return Locale.usual(self.language).to_digits(text)

    def moment(self, days_ago: int, hour: int = 9, minute: int = 0) -> datetime:
        """Return a moment so many days before the day of the run."""
        return datetime.combine(self.today - timedelta(days=days_ago), time(hour, minute), UTC)

    def amount(self, ctx: Context, worth: float) -> Decimal:
        """Return an amount of the company's currency, rounded as business does, from a worth in dollars."""
        step = STEPS.get(ctx.company.currency)
        if step is not None:
            return Decimal(max(round(worth), 1) * step)
        unit = 10 if worth < 10_000 else 100
        return Decimal(max(round(worth / unit), 1) * unit)

    def create(self, ctx: Context, model: Any, rows: Sequence[Mapping[Any, Any]]) -> list[int]:
        """Create records and remember that they are demonstration data."""
        ids = create_many(ctx, model, rows)
        before = self.made.setdefault(model, [])
        set_keys(ctx, SPACE, model, {str(len(before) + place): one for place, one in enumerate(ids, 1)})
        before += ids
        return ids

    def roles(self, ctx: Context, *roles: Role) -> list[int]:
        """Return the ids of roles."""
        codes = [role.code for role in roles]
        with ctx.sudo("roles are looked up by their codes") as system:
            return list(system.session.scalars(select(RoleRow.id).where(RoleRow.code.in_(codes)).order_by(RoleRow.id)))

    @contextmanager
    def at(self, ctx: Context, moment: datetime, user_id: int | None = None) -> Iterator[None]:
        """Let what is written inside have been written at another moment, by a user of the demonstration."""
        before = ctx.now, ctx.user, ctx.work
        ctx.now, ctx.work = moment, Work(KIND, before[2].note)
        if user_id is not None:
            ctx.user = Person(user_id, "", ctx.user.roles)
        try:
            yield
        finally:
            before[2].changes += ctx.work.changes
            before[2].after_commit += ctx.work.after_commit
            ctx.now, ctx.user, ctx.work = before
