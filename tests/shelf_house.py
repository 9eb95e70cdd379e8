"""A database with the shelf in it and four people, for tests of the reader and the writer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import shelf.models
import shelf.plugin
import sqlalchemy as sa

from core.access import known_tables, system_context, user_context
from core.context import Context, Person
from core.db.engine import make_engine, writing
from core.db.naming import metadata
from core.features import kernel
from core.models import Company, Currency, User
from core.operations import commit, create, create_many
from core.registry import Plugin, Registry

STAFF = frozenset({"core.staff"})


@dataclass
class House:
    """An engine, its registry and the people who work there."""

    engine: sa.Engine
    registry: Registry
    people: dict[str, Person]

    @contextmanager
    def as_(self, name: str, **more: Any) -> Iterator[Context]:
        """Open a context for one of the people, or for the system."""
        engine = writing(self.engine)
        if name == "system":
            with system_context(engine, self.registry, **more) as ctx:
                yield ctx
        else:
            with user_context(engine, self.registry, self.people[name], **more) as ctx:
                yield ctx


def make_house(url: str) -> House:
    """Build the tables in an empty database, and the people: two users, a manager, an administrator."""
    plugins = [Plugin("core", "0.1.0", kernel), Plugin("shelf", "1.0", shelf.plugin)]
    registry = Registry.build(plugins)
    engine = make_engine(url)
    metadata.create_all(engine, tables=sorted(known_tables(registry), key=lambda table: table.name))
    with system_context(writing(engine), registry) as ctx:
        currency = create(ctx, Currency, {"code": "USD", "name": "US dollar"})
        create(ctx, Company, {"name": "Reading room", "currency": currency})
        names = ("first", "second", "manager", "admin")
        ids = create_many(ctx, User, [{"name": name, "email": f"{name}@shelf.example"} for name in names])
        commit(ctx)
    roles = {
        "first": STAFF | {"shelf.user"},
        "second": STAFF | {"shelf.user"},
        "manager": STAFF | {"shelf.manager"},
        "admin": STAFF | {"core.admin"},
    }
    people = {name: Person(one, name, roles[name]) for name, one in zip(names, ids, strict=True)}
    return House(engine, registry, people)


Label, Member, Book, Loan = shelf.models.Label, shelf.models.Member, shelf.models.Book, shelf.models.Loan
