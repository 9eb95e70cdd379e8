"""A database with addons installed, and people who work in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from core.context import Context
from core.declarations import STAFF
from core.features.people import set_password
from core.loader import Database, Databases, SetupAnswers, bump, discover, set_up
from core.models import Role, User
from core.operations import commit, create
from core.queries import get
from core.registry import Registry
from core.settings import Settings
from core.web.app import create_app

PASSWORD = "correct horse battery staple"  # noqa: S105 -- of made-up people in databases that live for one test
ADMIN_MAIL = "admin@girih.example"


def settings_for(url: str, folder: Path, addon_paths: Sequence[Path] = ()) -> Settings:
    """Return the settings of a test's server: its own database and folder, nothing of the environment."""
    environment = {
        "GIRIH_DATABASE_URL": url,
        "GIRIH_DATA": str(folder),
        "GIRIH_ADDON_PATHS": ":".join(map(str, addon_paths)),
    }
    return Settings.from_env(environment)


def prepare(url: str, folder: Path, addons: Sequence[str], addon_paths: Sequence[Path] = ()) -> None:
    """Set up an empty database with these addons."""
    settings = settings_for(url, folder, addon_paths)
    database = Database("main", url, settings, discover(settings))
    answers = SetupAnswers(
        company="Girih Test", admin_name="Admin", admin_email=ADMIN_MAIL, admin_password=PASSWORD, addons=tuple(addons)
    )
    set_up(database, answers)
    database.close()


class House:
    """One database of a test. `now` can be set: every context opened afterwards lives in that moment."""

    def __init__(self, databases: Databases) -> None:
        self.databases = databases
        self.database = databases.default
        self.now: datetime | None = None
        self._people: dict[frozenset[str], int] = {}
        self._contexts: list[Context] = []
        self._open = ExitStack()

    @property
    def registry(self) -> Registry:
        """What is declared by the installed addons."""
        return self.database.registry()

    def person(self, *roles: str) -> int:
        """Return the id of a user with these roles (and that of staff), made when first asked for."""
        wanted = frozenset(roles) | ({STAFF.code} if not {"core.portal", "core.public"} & set(roles) else frozenset())
        if wanted not in self._people:
            self._people[wanted] = self._make_person(wanted)
        return self._people[wanted]

    def _make_person(self, roles: frozenset[str]) -> int:
        number = len(self._people) + 1
        with self.database.context() as ctx:
            ids = list(ctx.session.scalars(sa.select(Role.id).where(Role.code.in_(roles))))
            assert len(ids) == len(roles), f"not all of these roles are installed: {sorted(roles)}"
            kind = "portal" if "core.portal" in roles else "internal"
            values = {"name": f"Person {number}", "email": f"person{number}@girih.example", "kind": kind, "roles": ids}
            person = create(ctx, User, values)
            commit(ctx)
        with self.database.engine.begin() as connection:
            bump(connection, rights=True)
        return person

    @contextmanager
    def context(self, *roles: str, **more: Any) -> Iterator[Context]:
        """Open a context of a person with these roles; without roles of the system."""
        if self.now is not None:
            more.setdefault("now", self.now)
        with self.database.context(self.person(*roles) if roles else None, **more) as ctx:
            yield ctx

    def as_user(self, *roles: str, **more: Any) -> Context:
        """Return such a context, open until the test ends."""
        ctx = self._open.enter_context(self.context(*roles, **more))
        self._contexts.append(ctx)
        return ctx

    @contextmanager
    def at(self, moment: date) -> Iterator[None]:
        """Let it be this day (at noon, UTC) or moment inside the block, for contexts that are open or opened."""
        now = moment if isinstance(moment, datetime) else datetime.combine(moment, time(12), UTC)
        before, before_each = self.now, [(ctx, ctx.now) for ctx in self._contexts]
        self.now = now
        for ctx in self._contexts:
            ctx.now = now
        try:
            yield
        finally:
            self.now = before
            for ctx, then in before_each:
                ctx.now = then

    @cached_property
    def app(self) -> Flask:
        """The web application on this database."""
        return create_app(self.databases, self.databases.settings)

    def client(self, *roles: str) -> FlaskClient:
        """Return a browser without scripts in which a person with these roles is logged in."""
        person = self.person(*roles)
        with self.database.context() as ctx:
            set_password(ctx, person, PASSWORD)
            mail = str((get(ctx, User, person, ["email"]) or {})["email"])
            commit(ctx)
        client = self.app.test_client()
        token = self.token(client.get("/login").text)
        answer = client.post("/login", data={"email": mail, "password": PASSWORD, "csrf_token": token})
        assert answer.status_code in (302, 303), answer.text
        return client

    @staticmethod
    def token(page: str) -> str:
        """Return the token that a page's forms must send."""
        found = re.search(r'name="csrf-token" content="([^"]+)"', page)
        assert found is not None, "the page has no token"
        return found[1]

    def close(self) -> None:
        """Close what is open."""
        self._open.close()
        self.databases.close()
