"""Who runs the jobs: threads in the server, workers that may be killed, and one leader that keeps the clock."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from core.context import Context
from core.declarations import Daily, Every
from core.jobs import STALLED, Crew, enqueue, heal, prepare, run_due
from core.jobs.clock import KEPT, Clock, last_tick
from core.jobs.leader import CLOCK, leader_of
from core.jobs.ports import utc_now
from core.jobs.runner import Runner
from core.jobs.table import claim
from core.jobs.transport import send_lost
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.jobs_bed import START, Bed, Moment, job, make_tables, write_word

TEHRAN = ZoneInfo("Asia/Tehran")
ROOT = Path(__file__).parent.parent


@pytest.fixture
def url(database_kind: Kind, fresh_database: FreshDatabase) -> str:
    return fresh_database(database_kind, "jobs", make_tables)


def put(bed: Bed, name: str, **given: object) -> int:
    with bed.as_person(now=utc_now()) as ctx:
        job_id = enqueue(ctx, f"bed.{name}", **given)  # type: ignore[arg-type]
        ctx.session.commit()
    return job_id


@contextmanager
def process(url: str, role: str, says: str) -> Iterator[subprocess.Popen[str]]:
    """Start a process that works or leads, and wait for its word."""
    words = [sys.executable, "-m", "tests.jobs_bed", url, role]
    started = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert started.stdout
        assert started.stdout.readline() == f"{says}\n"
        yield started
    finally:
        started.kill()
        started.communicate()


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(url: str) -> None:
    bed = Bed(url, job("slow", write_word))
    job_id = put(bed, "slow", word="once")
    with process(url, "work", "in the middle") as worker:
        worker.send_signal(signal.SIGKILL)
        assert worker.wait(30) == -signal.SIGKILL
    assert (bed.state(job_id).state, bed.words()) == ("running", [])

    assert heal(bed) == 0
    assert heal(bed, now=lambda: utc_now() + timedelta(seconds=STALLED + 1)) >= 1
    assert bed.state(job_id).state == "waiting"
    assert run_due(bed, now=lambda: utc_now() + timedelta(minutes=1)) == 1

    assert bed.words() == ["once"]
    assert (bed.state(job_id).state, bed.state(job_id).tries) == ("done", 2)
    assert heal(bed, now=lambda: utc_now() + timedelta(hours=1)) == 0
    bed.close()


def test_a_job_that_kills_its_worker_again_and_again_ends_as_failed(url: str) -> None:
    bed = Bed(url, job("slow", write_word, retries=1))
    job_id, clock = put(bed, "slow", word="never"), Moment()
    for healed_to in ("waiting", "dead"):
        with bed.engine.begin() as connection:
            assert claim(connection, job_id, clock.moment)
        clock.pass_by(seconds=STALLED + 1)
        heal(bed, now=clock)
        assert bed.state(job_id).state == healed_to

    state = bed.state(job_id)
    assert (state.state, state.message) == ("dead", "The program ended in the middle of this job, 2 times.")
    bed.close()


def test_a_crew_runs_what_is_written_while_it_works_and_stops_cleanly(url: str) -> None:
    seen = threading.Event()

    def see(ctx: Context, word: str) -> None:
        write_word(ctx, word)
        if word == "last":
            seen.set()

    bed = Bed(url, job("see", see))
    early = put(bed, "see", word="early")
    crew = Crew(lambda: [bed], zone=TEHRAN)
    crew.start()
    last = put(bed, "see", word="last")
    assert seen.wait(30)
    crew.stop(30)

    assert bed.words() == ["early", "last"]
    assert [bed.state(one).state for one in (early, last)] == ["done", "done"]
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("girih-job")] == []
    bed.close()


def test_a_worker_told_to_end_finishes_the_job_at_hand(url: str) -> None:
    bed = Bed(url, job("slow", write_word))
    job_id = put(bed, "slow", word="finished")
    with process(url, "work", "in the middle") as worker:
        worker.terminate()
        assert worker.stdin
        worker.stdin.write("\n")
        worker.stdin.flush()
        assert worker.wait(30) == 0
    assert bed.words() == ["finished"]
    assert bed.state(job_id).state == "done"
    bed.close()


def test_the_runner_of_sqlite_is_woken_by_the_commit(fresh_database: FreshDatabase) -> None:
    ran = threading.Event()
    bed = Bed(fresh_database("sqlite", "jobs", make_tables), job("run", lambda _ctx: ran.set()))
    runner = Runner(bed, poll=3600)
    runner.start()
    put(bed, "run")
    assert ran.wait(30)
    runner.stop()
    bed.close()


def test_a_stopping_runner_leaves_the_next_job_in_the_queue(fresh_database: FreshDatabase) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold(_ctx: Context) -> None:
        begun.set()
        assert go_on.wait(30)

    bed = Bed(fresh_database("sqlite", "jobs", make_tables), job("hold", hold))
    first, second = put(bed, "hold"), put(bed, "hold")
    runner = Runner(bed)
    runner.start()
    assert begun.wait(30)
    runner.stop(0)
    go_on.set()
    runner.stop()
    assert [bed.state(one).state for one in (first, second)] == ["done", "waiting"]
    bed.close()


def test_one_of_two_leads_and_the_other_follows_when_it_resigns(url: str) -> None:
    one, other = Bed(url), Bed(url)
    first, second = leader_of(one.engine), leader_of(other.engine)

    assert [first.lead(), second.lead(), first.lead()] == [True, False, True]
    first.resign()
    assert [second.lead(), first.lead()] == [True, False]

    second.resign()
    one.close()
    other.close()


def test_a_killed_leader_leads_no_more(url: str) -> None:
    bed = Bed(url)
    mine = leader_of(bed.engine)
    with process(url, "lead", "leads"):
        assert not mine.lead()
    if bed.engine.dialect.name == "postgresql":  # the server frees the lock when it notices: wait for that
        with bed.engine.connect() as connection:
            connection.execute(sa.select(sa.func.pg_advisory_lock(CLOCK)))
            connection.execute(sa.select(sa.func.pg_advisory_unlock(CLOCK)))
    assert mine.lead()
    mine.resign()
    bed.close()


def test_a_leader_that_lost_its_connection_leads_no_more(fresh_database: FreshDatabase) -> None:
    url = fresh_database("postgresql", "jobs", make_tables)
    one, other = Bed(url), Bed(url)
    first, second = leader_of(one.engine), leader_of(other.engine)
    assert first.lead()
    with other.engine.connect() as connection:
        locks = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database"
        locks += " WHERE datname = current_database())"
        connection.execute(sa.text(f"SELECT pg_terminate_backend(pid, 10000) FROM ({locks}) AS held"))
    assert [second.lead(), first.lead()] == [True, False]
    second.resign()
    one.close()
    other.close()


@pytest.mark.parametrize(
    ("moment", "tick"),
    [
        (datetime(2026, 3, 21, 4, 29, tzinfo=UTC), "remind@2026-03-20"),
        (datetime(2026, 3, 21, 4, 30, tzinfo=UTC), "remind@2026-03-21"),
        (datetime(2026, 3, 22, 4, 29, tzinfo=UTC), "remind@2026-03-21"),
    ],
)
def test_a_daily_job_ticks_at_its_hour_where_the_server_is(moment: datetime, tick: str) -> None:
    assert last_tick(Daily("remind", write_word, hour=8), moment, TEHRAN)[0] == tick


def test_a_daily_job_ticks_once_on_the_days_the_clocks_change() -> None:
    berlin, daily = ZoneInfo("Europe/Berlin"), Daily("remind", write_word, hour=2, minute=30)
    for day in (datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)):
        ticks = {last_tick(daily, day + timedelta(minutes=10 * step), berlin)[0] for step in range(6 * 24)}
        assert ticks == {f"remind@{(day - timedelta(days=1)).date()}", f"remind@{day.date()}"}


def test_a_repeated_job_ticks_every_so_many_minutes() -> None:
    every = Every("fetch", write_word, minutes=15)
    ticks = [last_tick(every, START + timedelta(minutes=minute), UTC)[1].minute for minute in (0, 14, 15, 29, 59)]
    assert ticks == [0, 0, 15, 15, 45]


def test_a_tick_is_enqueued_once_whoever_asks(url: str) -> None:
    bed = Bed(url, Every("bed.fetch", write_word, minutes=15), Daily("bed.remind", write_word, hour=8))
    clocks = [Clock(bed, UTC), Clock(bed, UTC)]

    assert [clock.tick(START) for clock in clocks] == [[], []]
    quarter = START + timedelta(minutes=15)
    assert [clock.tick(quarter) for clock in clocks] == [[f"bed.fetch@{int(quarter.timestamp()) // 60}"], []]
    assert clocks[0].tick(quarter + timedelta(minutes=1)) == []
    assert bed.count("core_job") == 1
    assert bed.state(1).due_at == quarter
    bed.close()


def test_the_last_tick_missed_while_the_server_was_off_is_made_up_for(url: str) -> None:
    bed = Bed(url, Daily("bed.remind", write_word, hour=8))
    clock = Clock(bed, UTC)
    assert clock.tick(START) == []
    assert clock.tick(START + timedelta(days=1)) == ["bed.remind@2026-03-22"]

    assert Clock(bed, UTC).tick(START + timedelta(days=4)) == ["bed.remind@2026-03-25"]
    bed.close()


def test_jobs_that_ended_well_are_forgotten_after_a_while_and_failed_ones_kept(url: str) -> None:
    def fail(_ctx: Context, word: str) -> None:
        raise ValueError(word)

    bed = Bed(url, job("write", write_word), job("fail", fail, retries=0))
    put(bed, "write", word="old")
    dead = put(bed, "fail", word="old")
    run_due(bed)

    clock = Clock(bed, UTC)
    clock.sweep(utc_now())
    assert bed.count("core_job") == 2
    clock.sweep(utc_now() + KEPT + timedelta(minutes=1))
    assert bed.count("core_job") == 1
    assert bed.state(dead).state == "dead"
    bed.close()


def test_lost_messengers_are_sent_again_and_arrived_ones_are_not(fresh_database: FreshDatabase) -> None:
    bed = Bed(fresh_database("postgresql", "jobs", make_tables), job("write", write_word))
    put(bed, "write", word="a")
    with bed.engine.begin() as connection:
        assert send_lost(connection) == 0
        connection.execute(sa.text("SET LOCAL search_path = public, procrastinate"))
        connection.execute(sa.text("DELETE FROM procrastinate.procrastinate_jobs"))
        assert send_lost(connection) == 1
        assert send_lost(connection) == 0
    assert bed.count("procrastinate.procrastinate_jobs") == 1
    bed.close()


def test_preparing_again_changes_nothing_and_another_version_is_replaced(fresh_database: FreshDatabase) -> None:
    bed = Bed(fresh_database("postgresql", "jobs", make_tables), job("write", write_word))
    put(bed, "write", word="a")
    with bed.engine.begin() as connection:
        prepare(connection)
    assert bed.count("procrastinate.procrastinate_jobs") == 1

    with bed.engine.begin() as connection:
        connection.execute(sa.text("COMMENT ON SCHEMA procrastinate IS 'procrastinate 2.0'"))
        prepare(connection)
        assert connection.scalar(sa.text("SHOW search_path")) == '"$user", public'
    assert bed.count("procrastinate.procrastinate_jobs") == 0
    assert heal(bed) == 1
    assert bed.count("procrastinate.procrastinate_jobs") == 1
    bed.close()
