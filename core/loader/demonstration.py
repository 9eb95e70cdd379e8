"""Demonstration data in a database: opened as the first administrator, made or removed, and committed."""

from __future__ import annotations

from core import demo
from core.operations import commit

from .commands import person_for_commands
from .database import Database


def make_demo(database: Database, plan: demo.Plan) -> int:
    """Fill a database with demonstration data and return how many records it is."""
    with database.context(person_for_commands(database), now=plan.now) as ctx:
        made = demo.make(ctx, plan)
        commit(ctx)
    return made


def remove_demo(database: Database) -> tuple[int, int]:
    """Remove demonstration data and return how many records went and how many stay, because others need them."""
    with database.context(person_for_commands(database)) as ctx:
        found = demo.remove(ctx)
        commit(ctx)
    return found
