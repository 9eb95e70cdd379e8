"""Everything about jobs that one process does: a runner per database, and the clock and the healing where it leads.

A server process keeps a crew, unless it is told that `girih worker` does the work; `run_worker` is a crew that waits
for the signal to end. Any number of crews, in as many processes and (on PostgreSQL) machines, work side by side.
"""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from types import FrameType
from typing import Protocol

import tzlocal
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from .clock import Clock
from .leader import Leader, leader_of
from .ports import BEAT, Database, Databases, Now, utc_now
from .run import heal
from .runner import Runner

log = logging.getLogger("girih.jobs")


class Hand(Protocol):
    """A thread that runs jobs."""

    def start(self) -> None:
        """Begin."""
        ...

    def stop(self, timeout: float | None = None) -> None:
        """End after the jobs at hand."""
        ...


@dataclass
class Post:
    """One database that the crew works for."""

    database: Database
    hand: Hand
    leader: Leader
    clock: Clock


class Crew:
    """The jobs of some databases, worked on until `stop`.

    `databases` is asked again and again, so a database that comes or goes while the server runs is noticed.
    """

    def __init__(
        self, databases: Databases, *, zone: tzinfo | None = None, concurrency: int = 1, now: Now = utc_now
    ) -> None:
        self._databases, self._concurrency, self._now = databases, concurrency, now
        self._zone = zone or tzlocal.get_localzone()
        self._posts: dict[str, Post] = {}
        # one thread of its own: two looks never overlap
        self._scheduler = BackgroundScheduler(
            timezone=self._zone,
            executors={"default": ThreadPoolExecutor(1)},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin to work."""
        self._scheduler.add_job(self.look, "interval", seconds=BEAT, next_run_time=self._now())
        self._scheduler.add_job(self.tick, "cron", second=0)
        self._scheduler.start()

    def stop(self, timeout: float | None = None) -> None:
        """Take no more jobs and wait, up to `timeout` seconds per database, for those at hand."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        for post in self._posts.values():
            post.leader.resign()
        for post in self._posts.values():
            post.hand.stop(timeout)
        self._posts.clear()

    def look(self) -> None:
        """Notice databases that came or went, and, where this process leads, heal and keep order."""
        present = {database.name: database for database in self._databases()}
        for name in self._posts.keys() - present.keys():
            self._leave(self._posts.pop(name))
        for name, database in present.items():
            if name not in self._posts:
                self._posts[name] = self._man(database)
        self._lead(self._keep_order)

    def tick(self) -> None:
        """Enqueue the jobs whose hour has come, where this process leads."""
        self._lead(self._tick)

    def _lead(self, do: Callable[[Post], None]) -> None:
        for post in list(self._posts.values()):
            try:
                if post.leader.lead():
                    do(post)
            except Exception:
                # a database that is down must not stop the clock of the others
                log.exception("The jobs of %s could not be looked after", post.database.name)

    def _keep_order(self, post: Post) -> None:
        heal(post.database, now=self._now)
        post.clock.sweep(self._now())

    def _tick(self, post: Post) -> None:
        for name in post.clock.tick(self._now()):
            log.info("Enqueued %s of %s", name, post.database.name)

    def _man(self, database: Database) -> Post:
        hand: Hand
        if database.engine.dialect.name == "postgresql":
            from .worker import Worker  # -- reason: SQLite starts 0.2 s sooner and 12 MB smaller without procrastinate

            hand = Worker(database, concurrency=self._concurrency, now=self._now)
        else:
            hand = Runner(database, now=self._now)
        hand.start()
        return Post(database, hand, leader_of(database.engine), Clock(database, self._zone))

    def _leave(self, post: Post) -> None:
        post.leader.resign()
        post.hand.stop(0)


def run_worker(databases: Databases, *, zone: tzinfo | None = None, concurrency: int = 1) -> None:
    """Work on the jobs of these databases until SIGTERM or Ctrl+C, then finish those at hand and return."""
    over = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        over.set()

    before = {wanted: signal.signal(wanted, end) for wanted in (signal.SIGTERM, signal.SIGINT)}
    crew = Crew(databases, zone=zone, concurrency=concurrency)
    crew.start()
    try:
        while not over.wait(1.0):  # in steps: on Windows a wait without end hears no signal
            pass
    finally:
        crew.stop()
        for wanted, handler in before.items():
            signal.signal(wanted, handler)
