"""A prepared database opened for measuring: Girih's own way in, and the bare driver's beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy import make_url

from addons.crm_lead.models import Lead
from core.context import Context
from core.db.engine import POSTGRESQL_OPTIONS
from core.features.people import set_password
from core.loader import Database, SetupAnswers, bump, discover, set_up
from core.models import User
from core.operations import commit
from core.settings import Settings
from tools.bench.data import LEADS, Opportunities, People, batches, in_batches, make_contacts, make_people, make_tags
from tools.ground import say

PASSWORD = "correct horse battery staple"
MANAGER = "manager@bench.example"
SALESPERSON = "person0@bench.example"
ADDONS = ("contacts", "crm_lead")


def settings_for(url: str, folder: Path) -> Settings:
    """Return the settings of a server that has only this database."""
    return Settings.from_env({"GIRIH_DATABASE_URL": url, "GIRIH_DATA": str(folder)})


def answers(addons: tuple[str, ...] = ADDONS) -> SetupAnswers:
    """Return what a set-up asks."""
    return SetupAnswers("Bench", "Admin", "admin@bench.example", PASSWORD, addons=addons)


def open_database(url: str, folder: Path) -> Database:
    """Open a database as a server does."""
    settings = settings_for(url, folder)
    return Database("main", url, settings, discover(settings))


def prepare(url: str, folder: Path, leads: int) -> None:
    """Set an empty database up and fill it: so many opportunities, a fifth as many contacts."""
    say(f"making {leads:,} opportunities in {make_url(url).get_backend_name()}")
    database = open_database(url, folder)
    set_up(database, answers())
    with database.context() as ctx:
        people = make_people(ctx)
        make_tags(ctx)
        for one in (people.salespeople[0], people.manager):
            set_password(ctx, one, PASSWORD)
        commit(ctx)
    with database.engine.begin() as connection:
        bump(connection, rights=True)
    with database.context(people.manager) as ctx:
        contacts = make_contacts(ctx, leads // 5, people)
        opportunities = Opportunities(ctx, people, contacts)
        commit(ctx)
        for rows in batches(opportunities, leads):
            in_batches(ctx, Lead, rows)
            commit(ctx)
    database.close()


class Place:
    """One database of so many opportunities."""

    def __init__(self, url: str, folder: Path, leads: int = LEADS) -> None:
        self.url, self.folder, self.leads = url, folder, leads
        self.database = open_database(url, folder)
        self.on_postgresql = make_url(url).get_backend_name() == "postgresql"
        with self.database.context() as ctx:
            ids = dict(ctx.session.execute(sa.select(User.email, User.id)).all())
        self.manager, self.salesperson = ids[MANAGER], ids[SALESPERSON]
        self.raw = self.connect()

    def connect(self) -> Any:
        """Open a connection of the bare driver, with what our engine tells its own."""
        if not self.on_postgresql:
            raw = sqlite3.connect(str(make_url(self.url).database), isolation_level=None)
            for told in ("foreign_keys=ON", "synchronous=NORMAL", "cache_size=-16000"):
                raw.execute(f"PRAGMA {told}")
            return raw
        url = make_url(self.url).set(drivername="postgresql").render_as_string(hide_password=False)
        return psycopg.connect(url, autocommit=True, options=POSTGRESQL_OPTIONS)

    def run(self, statement: str, *values: Any) -> Any:
        """Run hand-written SQL on the bare driver; `?` stands for a value."""
        return self.raw.execute(statement.replace("?", "%s") if self.on_postgresql else statement, values)

    def rows(self, statement: str, *values: Any) -> list[Any]:
        """Run hand-written SQL and return its rows."""
        return list(self.run(statement, *values).fetchall())

    def insert(self, table: str, columns: list[str], rows: list[list[Any]]) -> None:
        """Insert rows the quickest way the bare driver has."""
        named = f"{table} ({', '.join(columns)})"
        if not self.on_postgresql:
            self.raw.executemany(f"INSERT INTO {named} VALUES ({', '.join('?' * len(columns))})", rows)
            return
        with self.raw.cursor().copy(f"COPY {named} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def skip(self, table: str, count: int) -> None:
        """Take ids from a table's sequence, for rows that bring their own."""
        if self.on_postgresql:
            self.run(f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) FROM generate_series(1, {count})")

    @contextmanager
    def context(self, user: int, *, write: bool = False) -> Iterator[Context]:
        """Open a context of a person, as a request does."""
        with self.database.context(user, write=write) as ctx:
            yield ctx

    def opportunities(self) -> Opportunities:
        """Return a maker of further opportunities like those that are there."""
        people = People(
            tuple(one for (one,) in self.rows("SELECT DISTINCT user_id FROM crm_lead WHERE user_id IS NOT NULL")),
            self.manager,
        )
        contacts = [one for (one,) in self.rows("SELECT id FROM contacts_contact ORDER BY id")]
        with self.context(self.manager) as ctx:
            return Opportunities(ctx, people, contacts, seed=4)

    def close(self) -> None:
        """Close what is open."""
        self.raw.close()
        self.database.close()
