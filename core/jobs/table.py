"""The statements on `core.job`, the one truth about jobs on both databases.

A claim is one UPDATE, so of any number of claimants one wins. The moment of the claim is the holder's token: whoever
lost the job to the healer, because its heartbeat stopped, cannot finish it any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.models import Job

JOBS = cast("sa.Table", Job.__table__)
ENDED = ("done", "cancelled")


@dataclass(frozen=True, slots=True)
class Claim:
    """A job that this process runs."""

    id: int
    name: str
    arguments: dict[str, Any]
    user_id: int | None
    tries: int
    started_at: datetime


def insert(connection: sa.Connection, values: dict[str, Any]) -> int | None:
    """Write a job that waits; None when its key is held by another waiting job, or its tick was enqueued before."""
    kind: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = kind.insert(JOBS).values(state="waiting", **values)
    found: int | None = connection.scalar(statement.on_conflict_do_nothing().returning(JOBS.c.id))
    return found


def holder(connection: sa.Connection, key: str) -> int | None:
    """Return the waiting job with this key, locked: it cannot start before what our transaction writes is there."""
    found: int | None = connection.scalar(sa.select(JOBS.c.id).where(JOBS.c.key == key).with_for_update())
    return found


def claim(connection: sa.Connection, job_id: int, now: datetime) -> Claim | None:
    """Take a waiting job; None when somebody else has it, or it waits no more."""
    taken = (
        sa.update(JOBS)
        .where(JOBS.c.id == job_id, JOBS.c.state == "waiting")
        .values(state="running", started_at=now, beat_at=now, ended_at=None, key=None, done=0, total=None, message=None)
        .values(tries=JOBS.c.tries + 1)
        .returning(JOBS.c.name, JOBS.c.arguments, JOBS.c.user_id, JOBS.c.tries)
    )
    row = connection.execute(taken).one_or_none()
    if row is None:
        return None
    return Claim(job_id, row.name, row.arguments or {}, row.user_id, row.tries, now)


def release(connection: sa.Connection, held: Claim, **values: Any) -> bool:
    """Write how a try ended; False when the job was taken away from its holder."""
    mine = sa.update(JOBS).where(JOBS.c.id == held.id, JOBS.c.state == "running", JOBS.c.started_at == held.started_at)
    return connection.execute(mine.values(**values)).rowcount == 1


def next_due(connection: sa.Connection) -> tuple[int, datetime] | None:
    """Return the waiting job that is due first, and when."""
    waiting = sa.select(JOBS.c.id, JOBS.c.due_at).where(JOBS.c.state == "waiting")
    row = connection.execute(waiting.order_by(JOBS.c.due_at, JOBS.c.id).limit(1)).one_or_none()
    return None if row is None else (row.id, row.due_at)


def silent(connection: sa.Connection, before: datetime) -> list[Claim]:
    """Return the running jobs whose row has had no heartbeat since."""
    running = sa.select(JOBS.c.id, JOBS.c.name, JOBS.c.user_id, JOBS.c.tries, JOBS.c.started_at).where(
        JOBS.c.state == "running", sa.or_(JOBS.c.beat_at.is_(None), JOBS.c.beat_at < before)
    )
    return [
        Claim(row.id, row.name, {}, row.user_id, row.tries, row.started_at) for row in connection.execute(running).all()
    ]


def has_ticked(connection: sa.Connection, job: str) -> bool:
    """Say whether the clock has ever enqueued this job."""
    query = sa.select(JOBS.c.id).where(JOBS.c.name == job, JOBS.c.tick.is_not(None)).limit(1)
    return connection.scalar(query) is not None


def forget_ended(connection: sa.Connection, before: datetime) -> int:
    """Delete what ended well, or was cancelled, before a moment; failed jobs stay until somebody looks."""
    return connection.execute(sa.delete(JOBS).where(JOBS.c.state.in_(ENDED), JOBS.c.ended_at < before)).rowcount
