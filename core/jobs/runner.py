"""One thread that runs the jobs of an SQLite database inside a process of the server.

It sleeps until a transaction that wrote a job is over, until the next job is due, or a few seconds at most: jobs may
also be written by other processes, such as a command.
"""

from __future__ import annotations

import logging
import threading
from typing import Any

import sqlalchemy as sa

from .ports import Database, Now, utc_now
from .queue import WAKE
from .run import run_due
from .table import next_due

POLL = 5.0  # seconds

log = logging.getLogger("girih.jobs")


class Runner:
    """Runs the jobs of one database, one at a time, until it is stopped."""

    def __init__(self, database: Database, *, poll: float = POLL, now: Now = utc_now) -> None:
        self._database, self._poll, self._now = database, poll, now
        self._change = threading.Condition()
        self._woken = self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"girih-jobs-{database.name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        sa.event.listen(self._database.engine, "checkin", self._heard)
        self._thread.start()

    def wake(self) -> None:
        """Look for jobs now."""
        with self._change:
            self._woken = True
            self._change.notify_all()

    def stop(self, timeout: float | None = None) -> None:
        """End after the job at hand; one that takes longer than `timeout` seconds is left to be healed."""
        if sa.event.contains(self._database.engine, "checkin", self._heard):
            sa.event.remove(self._database.engine, "checkin", self._heard)
        with self._change:
            self._stopping = True
            self._change.notify_all()
        self._thread.join(timeout)

    def _heard(self, _connection: Any, record: Any) -> None:
        # a connection comes back to the pool after its transaction is over, committed or not
        if record.info.pop(WAKE, False):
            self.wake()

    def _run(self) -> None:
        while not self._stopping:
            try:
                self._woken = False
                run_due(self._database, now=self._now, stop=lambda: self._stopping)
                pause = self._pause()
            except Exception:
                log.exception("The jobs of %s could not be run; trying again in %s s", self._database.name, self._poll)
                pause = self._poll
            with self._change:
                self._change.wait_for(lambda: self._woken or self._stopping, pause)

    def _pause(self) -> float:
        with self._database.engine.connect() as connection:
            first = next_due(connection)
        return self._poll if first is None else max(0.0, min(self._poll, (first[1] - self._now()).total_seconds()))
