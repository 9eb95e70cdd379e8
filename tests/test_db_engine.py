"""Engines open connections the way the rest of the program counts on."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from core.db.engine import make_engine, writing
from tests.bed.databases import Kind


@pytest.fixture
def engine(database_url: str) -> Iterator[sa.Engine]:
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE tally (n INTEGER)")
    yield engine
    engine.dispose()


def count(engine: sa.Engine) -> int | None:
    with engine.connect() as connection:
        return connection.execute(sa.text("SELECT count(*) FROM tally")).scalar()


def test_each_connection_is_set_up(database_kind: Kind, engine: sa.Engine) -> None:
    with engine.connect() as connection:

        def ask(name: str) -> object:
            return connection.exec_driver_sql(name).scalar()

        if database_kind == "sqlite":
            assert (ask("PRAGMA journal_mode"), ask("PRAGMA foreign_keys"), ask("PRAGMA synchronous")) == ("wal", 1, 1)
            assert ask("PRAGMA busy_timeout") == 15000
        else:
            assert (ask("SHOW plan_cache_mode"), ask("SHOW jit")) == ("force_custom_plan", "off")
            assert ask("SHOW timezone") == "UTC"


def test_a_savepoint_is_undone_alone_and_a_transaction_as_a_whole(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO tally VALUES (1)")
        inner = connection.begin_nested()
        connection.exec_driver_sql("INSERT INTO tally VALUES (2)")
        inner.rollback()
    assert count(engine) == 1
    with engine.connect() as connection:
        with connection.begin_nested():
            connection.exec_driver_sql("CREATE TABLE more (n INTEGER)")
        connection.rollback()
    assert sa.inspect(engine).get_table_names() == ["tally"]


def test_two_who_read_first_and_write_later_both_succeed(engine: sa.Engine) -> None:
    """On SQLite the second would fail at once if its transaction had begun as a reader."""
    together = threading.Barrier(2)

    def read_then_write() -> None:
        together.wait()
        with writing(engine).begin() as connection:
            seen = connection.execute(sa.text("SELECT count(*) FROM tally")).scalar()
            connection.execute(sa.text("INSERT INTO tally VALUES (:n)"), {"n": seen})

    threads = [threading.Thread(target=read_then_write) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(engine) == 2


def test_a_reader_does_not_wait_for_a_writer(engine: sa.Engine) -> None:
    with writing(engine).begin() as connection:
        connection.exec_driver_sql("INSERT INTO tally VALUES (1)")
        assert count(engine) == 0
    assert count(engine) == 1


def test_connections_the_server_closed_are_replaced(database_kind: Kind, engine: sa.Engine) -> None:
    if database_kind == "sqlite":
        return  # there is no server
    assert count(engine) == 0
    other = sa.create_engine(engine.url)
    with other.connect() as connection:
        closed = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'girih'"
        assert connection.execute(sa.text(closed + " AND datname = current_database()")).scalars().all() == [True]
    other.dispose()
    assert count(engine) == 0


def test_the_folder_of_an_sqlite_file_is_made(tmp_path: pytest.TempPathFactory) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/new/folder/girih.db")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    engine.dispose()
