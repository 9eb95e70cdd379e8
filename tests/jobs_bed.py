"""A database with jobs of its own for the tests of the jobs, in this process or in one that is to be killed.

`python -m tests.jobs_bed URL work` is a worker whose jobs stop in the middle: each writes its word, says so on its
standard output, and waits for a line. `python -m tests.jobs_bed URL lead` leads the clock, says so, and waits.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa

from core.access import system_context, user_context
from core.context import Context, Person
from core.db.engine import make_engine
from core.db.naming import metadata
from core.declarations import AnyJob, JobKind
from core.hookspecs import hookimpl
from core.jobs import JobState, job_state, prepare, run_worker
from core.jobs.leader import leader_of
from core.registry import Plugin, Registry

WORDS = sa.Table(
    "jobs_bed_word", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("word", sa.Text)
)
START = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)
ANNE = Person(7, "Anne", frozenset({"core.staff"}))
BEHROUZ = Person(8, "Behrouz", frozenset({"core.staff"}))


def make_tables(url: str) -> None:
    """Make the kernel's tables, those that carry jobs, and one to see what jobs have done."""
    engine = make_engine(url)
    kernel = [table for name, table in metadata.tables.items() if name.startswith("core_")]
    with engine.begin() as connection:
        metadata.create_all(connection, tables=kernel)
        WORDS.create(connection)
        prepare(connection)
    engine.dispose()


def write_word(ctx: Context, word: str) -> None:
    """Write a word in the context's transaction."""
    with ctx.session.unguarded() as connection:
        connection.execute(sa.insert(WORDS).values(word=word))


class Moment:
    """A clock that stands until it is moved."""

    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **units: float) -> None:
        """Move the clock on."""
        self.moment += timedelta(**units)


class Bed:
    """A database as the jobs know it, with the given jobs declared."""

    def __init__(self, url: str, *jobs: AnyJob) -> None:
        self.name, self.engine, self.jobs = "bed", make_engine(url), list(jobs)
        plugin = SimpleNamespace(register_jobs=hookimpl(lambda: self.jobs))
        self._registry = Registry.build([Plugin("bed", "1", plugin)])

    def registry(self) -> Registry:
        """Return the registry with the jobs of this bed."""
        return self._registry

    @contextmanager
    def context(self, user_id: int | None = None) -> Iterator[Context]:
        """Open a context of Anne, or of the system."""
        opened = (
            system_context(self.engine, self._registry)
            if user_id is None
            else user_context(self.engine, self._registry, ANNE)
        )
        with opened as ctx:
            yield ctx

    @contextmanager
    def as_person(self, person: Person = ANNE, now: datetime = START) -> Iterator[Context]:
        """Open a context of a person at a moment."""
        with user_context(self.engine, self._registry, person, now=now) as ctx:
            yield ctx

    def words(self) -> list[str]:
        """Return what the jobs have written and committed."""
        with self.engine.connect() as connection:
            return list(connection.scalars(sa.select(WORDS.c.word).order_by(WORDS.c.id)))

    def state(self, job_id: int) -> JobState:
        """Return how a job stands, as the system sees it."""
        with self.context() as ctx:
            return job_state(ctx, job_id)

    def count(self, table: str) -> int:
        """Return the number of rows of a table."""
        with self.engine.connect() as connection:
            return int(connection.scalar(sa.select(sa.func.count()).select_from(sa.text(table))) or 0)

    def close(self) -> None:
        """Close its connections."""
        self.engine.dispose()


def job(name: str, function: Callable[..., Any], retries: int = 3) -> JobKind:
    """Return a declared job."""
    return JobKind(f"bed.{name}", function, retries=retries)


def stop_in_the_middle(ctx: Context, word: str) -> None:
    """Write a word, say so, and wait for a line or for death."""
    write_word(ctx, word)
    print("in the middle", flush=True)
    sys.stdin.readline()


def main(url: str, role: str) -> None:
    """Work on the jobs of a database, or lead its clock, until told to end."""
    bed = Bed(url, job("slow", stop_in_the_middle))
    if role == "work":
        run_worker(lambda: [bed])
    elif (leader := leader_of(bed.engine)).lead():
        print("leads", flush=True)
        sys.stdin.readline()
        leader.resign()


if __name__ == "__main__":
    main(*sys.argv[1:])
