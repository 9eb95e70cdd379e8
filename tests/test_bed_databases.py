"""The test bed itself: fresh databases, copies of prepared ones, nothing left behind, even after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.pool import NullPool

from tests.bed.databases import Databases, Kind
from tests.bed.fixtures import FreshDatabase
from tests.bed.programs import CHECKOUT, postgres_binaries


def engine_of(url: str) -> Engine:
    return create_engine(url, poolclass=NullPool)


def make_a_book(url: str) -> None:
    with engine_of(url).begin() as connection:
        connection.execute(text("CREATE TABLE book (title TEXT)"))
        connection.execute(text("INSERT INTO book VALUES ('منطق‌الطیر')"))


def books(url: str) -> list[str]:
    with engine_of(url).connect() as connection:
        return list(connection.execute(text("SELECT title FROM book")).scalars())


def test_a_fresh_database_is_empty(database_url: str) -> None:
    assert inspect(engine_of(database_url)).get_table_names() == []


def test_a_prepared_database_is_prepared_once_and_copied(database_kind: Kind, fresh_database: FreshDatabase) -> None:
    calls: list[str] = []

    def prepare(url: str) -> None:
        calls.append(url)
        make_a_book(url)

    first = fresh_database(database_kind, "library", prepare)
    with engine_of(first).begin() as connection:
        connection.execute(text("DELETE FROM book"))
    second = fresh_database(database_kind, "library", prepare)
    assert len(calls) == 1
    assert len({calls[0], first, second}) == 3
    assert books(first) == []
    assert books(second) == ["منطق‌الطیر"]


def test_nobody_copies_what_was_not_prepared(database_kind: Kind, fresh_database: FreshDatabase) -> None:
    with pytest.raises(LookupError, match="Nobody has prepared a database named unknown yet"):
        fresh_database(database_kind, "unknown")


def test_a_dropped_database_is_gone(database_kind: Kind, databases: Databases) -> None:
    url = databases.fresh(database_kind)
    make_a_book(url)
    databases.drop(url)
    if database_kind == "sqlite":
        assert not Path(url.removeprefix("sqlite:///")).exists()
    else:
        name = url.partition("@/")[2].partition("?")[0]
        with engine_of(databases.server()).connect() as connection:
            found = connection.execute(text("SELECT count(*) FROM pg_database WHERE datname = :name"), {"name": name})
            assert found.scalar_one() == 0


def test_postgresql_has_what_search_needs(fresh_database: FreshDatabase) -> None:
    with engine_of(fresh_database("postgresql")).begin() as connection:
        connection.execute(text("CREATE EXTENSION pg_trgm"))
        assert connection.execute(text("SELECT similarity('girih', 'girih')")).scalar_one() == 1


HOLDER = """
import sys, time
sys.path.insert(0, sys.argv[1])
from tests.bed.postgres import running_postgres
with running_postgres() as url:
    print(url, flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(postgres_binaries() is None, reason="the server under test is elsewhere")
def test_a_killed_run_leaves_no_server_and_no_folder() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "GIRIH_TEST_POSTGRES"}
    words = [sys.executable, "-c", HOLDER, str(CHECKOUT)]
    holder = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
    assert holder.stdout
    folder = Path(holder.stdout.readline().partition("host=")[2].partition("&")[0])
    assert folder.is_dir()
    server = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    holder.stdout.close()
    assert ends(lambda: folder.exists() or alive(server))


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def ends(going_on: Callable[[], bool]) -> bool:
    """Look until it is over or 20 seconds are gone: the end of another's child can only be looked for."""
    deadline = time.monotonic() + 20
    while going_on() and time.monotonic() < deadline:
        time.sleep(0.02)
    return not going_on()
