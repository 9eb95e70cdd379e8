"""How a job reaches a worker on PostgreSQL: a procrastinate task that carries its id, written in the same transaction.

The tasks are only messengers, in a schema of their own; `core.job` is the truth. So they are deleted when they have
arrived, replaced when they were lost, and their tables are made anew when procrastinate's version changes.
"""

from __future__ import annotations

from datetime import datetime
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from .table import JOBS

if TYPE_CHECKING:
    from procrastinate import App

SCHEMA = "procrastinate"
TASK = "girih.run"
SETTING_UP = 7_305_119_402  # the advisory lock under which the schema is made

_tasks = sa.table("procrastinate_jobs", sa.column("status"), sa.column("args"), sa.column("worker_id"), schema=SCHEMA)
_ADD_TO_PATH = sa.text(
    "SELECT set_config('search_path', current_setting('search_path') || ', procrastinate', true)"
    " WHERE strpos(current_setting('search_path'), 'procrastinate') = 0"
)
_MADE_BY = sa.text("SELECT obj_description(oid, 'pg_namespace') FROM pg_namespace WHERE nspname = :schema")
_LOST = (
    sa.select(JOBS.c.id, JOBS.c.due_at)
    .where(JOBS.c.state == "waiting")
    .where(
        ~sa.exists().where(
            sa.cast(_tasks.c.status, sa.Text) == "todo",
            sa.cast(sa.cast(_tasks.c.args, sa.dialects.postgresql.JSONB)["job_id"].astext, sa.BigInteger) == JOBS.c.id,
        )
    )
)


def prepare(connection: sa.Connection) -> None:
    """Make the tables that carry jobs, in the caller's transaction; on SQLite, and when they are there, do nothing."""
    if connection.dialect.name != "postgresql":
        return
    wanted = f"procrastinate {version('procrastinate')}"
    connection.execute(sa.select(sa.func.pg_advisory_xact_lock(SETTING_UP)))
    if connection.scalar(_MADE_BY, {"schema": SCHEMA}) == wanted:
        return
    from procrastinate.schema import SchemaManager  # -- reason: SQLite starts 0.2 s sooner and 12 MB smaller without

    before = connection.scalar(sa.select(sa.func.current_setting("search_path")))
    for words in (f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE", f"CREATE SCHEMA {SCHEMA}"):
        connection.execute(sa.text(words))
    _set_path(connection, SCHEMA)
    with _raw(connection).cursor() as cursor:  # many statements at once: SQLAlchemy would send them as one
        cursor.execute(SchemaManager.get_schema())
    _set_path(connection, before or "public")
    connection.execute(sa.text(f"COMMENT ON SCHEMA {SCHEMA} IS '{wanted}'"))


def send(connection: sa.Connection, job_id: int, due_at: datetime | None) -> None:
    """Tell the workers of a job in this transaction: they hear of it when it commits."""
    if connection.dialect.name != "postgresql":
        return
    connection.execute(_ADD_TO_PATH)
    task = _sender().configure_task(TASK, connection=_raw(connection), schedule_at=due_at)
    task.defer(job_id=job_id)


def send_lost(connection: sa.Connection) -> int:
    """Send again what waits and has no messenger, and drop the messengers whose worker is gone; return how many."""
    if connection.dialect.name != "postgresql":
        return 0
    connection.execute(_ADD_TO_PATH)  # the triggers of procrastinate look for its tables by the path
    gone = sa.delete(_tasks).where(sa.cast(_tasks.c.status, sa.Text) == "doing", _tasks.c.worker_id.is_(None))
    connection.execute(gone)
    lost = connection.execute(_LOST).all()
    for job in lost:
        send(connection, job.id, job.due_at)
    return len(lost)


@cache
def _sender() -> App:
    from procrastinate import App, SyncPsycopgConnector  # -- reason: as in `prepare`

    return App(connector=SyncPsycopgConnector())


def _set_path(connection: sa.Connection, path: str) -> None:
    connection.execute(sa.select(sa.func.set_config("search_path", path, True)))


def _raw(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection
