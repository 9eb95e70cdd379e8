"""Engines: how connections to the two kinds of database are opened and how their transactions begin."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import IntegrityError

from .folding import teach_sqlite
from .guard import secure

BEGIN = "girih_begin"
POSTGRESQL_OPTIONS = "-c plan_cache_mode=force_custom_plan -c jit=off -c timezone=UTC"
PRAGMAS = (
    "busy_timeout=15000",
    "foreign_keys=ON",
    "synchronous=NORMAL",
    "temp_store=MEMORY",
    "cache_size=-2000",  # of each connection; what is read often is shared by all of them through mmap
    "mmap_size=268435456",
)


def make_engine(url: str) -> sa.Engine:
    """Return the guarded engine of a database. Make it after a fork: connections cannot be shared by processes."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return secure(_sqlite(parsed))
    return secure(_postgresql(parsed))


def writing(engine: sa.Engine) -> sa.Engine:
    """Return the same engine for transactions that will write.

    On SQLite such a transaction takes the write lock when it begins. One that read first and writes later would fail at
    once, without waiting, if somebody else wrote in between; one that only reads must not stand in the writers' queue.
    """
    return engine.execution_options(**{BEGIN: "BEGIN IMMEDIATE"})


@contextmanager
def without_foreign_keys(engine: sa.Engine) -> Iterator[Connection]:
    """Give a connection for rebuilding tables: on SQLite foreign keys are off, else a rebuild would delete linked rows.

    They can only be switched outside a transaction, so begin yours inside this block; call `check_foreign_keys` at its
    end. On PostgreSQL it is an ordinary connection.
    """
    with writing(engine).connect() as connection:
        if connection.dialect.name != "sqlite":
            yield connection
            return
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            if connection.in_transaction():
                connection.rollback()
            raw.execute("PRAGMA foreign_keys=ON")


def check_foreign_keys(connection: Connection) -> None:
    """Raise IntegrityError when a row points nowhere, which SQLite does not notice while its foreign keys are off."""
    if connection.dialect.name != "sqlite":
        return
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if lost is not None:
        told = f"row {lost[1]} of {lost[0]} points to a row of {lost[2]} that does not exist"
        raise IntegrityError("PRAGMA foreign_key_check", None, ValueError(told))


def _sqlite(url: sa.URL) -> sa.Engine:
    if url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # a pooled connection wanders from thread to thread, used by one at a time
    engine = sa.create_engine(url, pool_size=20, max_overflow=20, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # sqlite3 would begin transactions by itself, after the savepoints
        for pragma in PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")
        # the file keeps this mode; whoever finds a new file locked leaves it to the one that holds the lock
        with suppress(sqlite3.OperationalError):
            raw.execute("PRAGMA journal_mode=WAL")
        teach_sqlite(raw)

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(BEGIN, "BEGIN"))

    return engine


def _postgresql(url: sa.URL) -> sa.Engine:
    told = " ".join(filter(None, (str(url.query.get("options", "")), POSTGRESQL_OPTIONS)))
    return sa.create_engine(
        url.difference_update_query(["options"]),
        pool_size=12,
        max_overflow=12,
        pool_pre_ping=True,  # a connection that died with the server is replaced before a request meets it
        connect_args={"options": told, "connect_timeout": 5, "application_name": "girih"},
    )
