"""Putting jobs into the queue and asking after them: everything in the caller's own transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from core.context import Context
from core.declarations.jobs import AnyJob
from core.errors import NotFound, Refused
from core.i18n import Text, _

from .reports import report_of
from .table import JOBS, holder, insert
from .transport import send

WAKE = "girih_jobs_written"  # in `connection.info`: a job was written, so the runner looks when the transaction is over


def enqueue(
    ctx: Context, kind: AnyJob | str, /, *, delay: timedelta | None = None, key: str | None = None, **arguments: Any
) -> int:
    """Write a job in the caller's transaction and return its id; it runs once that commits, as the caller's user.

    The arguments are plain JSON: ids and names, never records. While a job with the same `key` waits, no second one is
    written and the id of the first comes back; it will see what this transaction has written.
    """
    name = kind if isinstance(kind, str) else kind.name
    if name not in ctx.registry.jobs:
        raise LookupError(f"No installed addon registers a job {name!r}; list it in the hook register_jobs.")
    values = {
        "name": name,
        "arguments": plain(name, arguments),
        "user_id": ctx.user_id,
        "key": key,
        "due_at": ctx.now + (delay or timedelta()),
        "created_at": ctx.now,
    }
    with ctx.session.unguarded() as connection:
        return write(connection, values)


def write(connection: sa.Connection, values: dict[str, Any]) -> int:
    """Write a job and tell the workers; with a key that a waiting job holds, return that job instead."""
    while (job_id := insert(connection, values)) is None:
        found = holder(connection, values["key"])
        if found is not None:
            return found
    announce(connection, job_id, values["due_at"])
    return job_id


def announce(connection: sa.Connection, job_id: int, due_at: datetime) -> None:
    """Let whoever runs the jobs of this database know of one, once this transaction is over."""
    connection.info[WAKE] = True
    send(connection, job_id, due_at)


def plain(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values if they survive being written as JSON; TypeError names the job when they do not."""
    found = dict(values)
    if json.loads(json.dumps(found)) != found:
        raise TypeError(f"The arguments and the result of job {name!r} are plain JSON (dicts with text keys, lists).")
    return found


@dataclass(frozen=True, slots=True)
class JobState:
    """A job as a page shows it. `traceback` is for administrators."""

    id: int
    name: str
    label: Text | str
    state: str
    done: int
    total: int | None
    message: str | None
    result: Any
    tries: int
    user_id: int | None
    due_at: datetime
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    traceback: str | None

    @property
    def is_over(self) -> bool:
        """Whether it neither waits nor runs."""
        return self.state not in ("waiting", "running")

    @property
    def percent(self) -> int | None:
        """How much is done, None while nobody can say."""
        if self.state == "done":
            return 100
        return min(100, self.done * 100 // self.total) if self.total else None


def job_state(ctx: Context, job_id: int) -> JobState:
    """Return how a job stands, for whoever enqueued it and for administrators; NotFound for everybody else."""
    with ctx.session.unguarded() as connection:
        row = connection.execute(sa.select(JOBS).where(JOBS.c.id == job_id)).mappings().one_or_none()
        engine = connection.engine
    if row is None or not (_oversees(ctx) or (ctx.user_id is not None and ctx.user_id == row["user_id"])):
        raise NotFound
    report = report_of(engine, job_id, row["started_at"]) if row["state"] == "running" else None
    values = {name: row[name] for name in JobState.__dataclass_fields__ if name in row}
    if report is not None:
        values |= {"done": report.done, "total": report.total, "message": report.text}
    if not _oversees(ctx):
        values["traceback"] = None
    kind = ctx.registry.jobs.get(row["name"])
    return JobState(label=kind.label if kind else row["name"], **values)


def retry(ctx: Context, job_id: int) -> None:
    """Let a failed or cancelled job run again from the beginning, at once."""
    now = datetime.now(UTC)
    again = {"state": "waiting", "tries": 0, "due_at": now, "ended_at": None, "message": None, "done": 0, "total": None}
    if not _change(ctx, job_id, ("dead", "cancelled"), again):
        raise Refused(_("Only a job that failed or was cancelled can be run again."))
    with ctx.session.unguarded() as connection:
        announce(connection, job_id, now)


def cancel(ctx: Context, job_id: int) -> None:
    """Take a job that waits, for its first or another try, out of the queue."""
    over = {"state": "cancelled", "ended_at": datetime.now(UTC), "key": None}
    if not _change(ctx, job_id, ("waiting",), over):
        raise Refused(_("This job has begun already and cannot be cancelled."))


def _change(ctx: Context, job_id: int, states: tuple[str, ...], values: dict[str, Any]) -> bool:
    job_state(ctx, job_id)  # raises NotFound for whoever may not see the job
    with ctx.session.unguarded() as connection:
        chosen = sa.update(JOBS).where(JOBS.c.id == job_id, JOBS.c.state.in_(states)).values(**values)
        return connection.execute(chosen).rowcount == 1


def _oversees(ctx: Context) -> bool:
    return ctx.is_sudo or ctx.user.is_admin
