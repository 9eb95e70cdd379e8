"""The clock: enqueues the daily and repeated jobs of a database when their hour comes, and runs nothing itself.

Each hour of a job is a tick with a name, and a tick is enqueued once, whoever asks and however often. After a pause of
the server the last tick missed is made up for; a job that has never run waits for its next tick.
"""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from core.db.engine import writing
from core.declarations.jobs import Daily, Every

from .ports import Database
from .queue import announce
from .table import forget_ended, has_ticked, insert

KEPT = timedelta(days=30)  # how long jobs that ended well can be looked at


def last_tick(job: Daily | Every, moment: datetime, zone: tzinfo) -> tuple[str, datetime]:
    """Return the name and the moment of a job's latest tick."""
    if isinstance(job, Every):
        step = job.minutes * 60
        at = datetime.fromtimestamp(moment.timestamp() // step * step, zone)
        return f"{job.name}@{int(at.timestamp()) // 60}", at
    local = moment.astimezone(zone)
    at = local.replace(hour=job.hour, minute=job.minute, second=0, microsecond=0, fold=0)
    if at > local:
        at = (at.replace(tzinfo=None) - timedelta(days=1)).replace(tzinfo=zone)
    return f"{job.name}@{at.date().isoformat()}", at


class Clock:
    """Looks at the declared jobs of one database, as often as it is asked to."""

    def __init__(self, database: Database, zone: tzinfo) -> None:
        self._database, self._zone = database, zone
        self._seen: dict[str, str] = {}
        self._swept: datetime | None = None

    def tick(self, moment: datetime) -> list[str]:
        """Enqueue what is due and has not been enqueued; return the names of the ticks."""
        found = []
        for job in list(self._database.registry().jobs.values()):
            if isinstance(job, Daily | Every):
                name, at = last_tick(job, moment, self._zone)
                if self._seen.get(job.name) == name:
                    continue
                if self._enqueue(job, name, at, moment):
                    found.append(name)
                self._seen[job.name] = name
        return found

    def sweep(self, moment: datetime) -> None:
        """Delete, once a day, what ended well long ago."""
        if self._swept is not None and moment - self._swept < timedelta(days=1):
            return
        with writing(self._database.engine).begin() as connection:
            forget_ended(connection, moment - KEPT)
        self._swept = moment

    def _enqueue(self, job: Daily | Every, name: str, at: datetime, moment: datetime) -> bool:
        with writing(self._database.engine).begin() as connection:
            if job.name not in self._seen and not has_ticked(connection, job.name):
                return False
            values = {"name": job.name, "arguments": {}, "tick": name, "due_at": at, "created_at": moment}
            job_id = insert(connection, values)
            if job_id is None:
                return False
            announce(connection, job_id, at)
            return True
