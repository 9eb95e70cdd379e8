"""A job: written with its caller's work, run once, tried again after a fault, never half done."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from core.context import Context
from core.errors import NotFound, Refused
from core.i18n import _
from core.jobs import STALLED, cancel, enqueue, heal, job_state, progress, retry, run_due, run_job, watching
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.jobs_bed import BEHROUZ, START, Bed, Moment, job, make_tables, write_word


@pytest.fixture
def url(database_kind: Kind, fresh_database: FreshDatabase) -> str:
    return fresh_database(database_kind, "jobs", make_tables)


@pytest.fixture
def bed(url: str) -> Iterator[Bed]:
    bed = Bed(url, job("write", write), job("fail", fail), job("refuse", refuse), job("tell", tell))
    yield bed
    bed.close()


def write(ctx: Context, word: str) -> dict[str, Any]:
    write_word(ctx, word)
    return {"written": word}


def fail(ctx: Context) -> None:
    write_word(ctx, "half")
    raise ValueError("boom")


def refuse(ctx: Context) -> None:
    raise Refused(_("There is nothing to send."))


def tell(ctx: Context) -> str:
    return f"{ctx.user.name} {ctx.work.kind} {ctx.work.note}"


def put(bed: Bed, name: str, **given: Any) -> int:
    with bed.as_person() as ctx:
        job_id = enqueue(ctx, f"bed.{name}", **given)
        ctx.session.commit()
    return job_id


def messengers(bed: Bed) -> int:
    return bed.count("procrastinate.procrastinate_jobs") if bed.engine.dialect.name == "postgresql" else 0


def test_a_job_runs_once_with_its_arguments_and_keeps_its_result(bed: Bed) -> None:
    job_id = put(bed, "write", word="salaam")

    assert run_job(bed, job_id)
    assert not run_job(bed, job_id)

    assert bed.words() == ["salaam"]
    state = bed.state(job_id)
    assert (state.state, state.result, state.tries, state.percent) == ("done", {"written": "salaam"}, 1, 100)
    assert state.traceback is None
    assert state.is_over


def test_a_job_runs_as_the_user_who_wrote_it_in_a_change_set_of_its_own(bed: Bed) -> None:
    job_id = put(bed, "tell")

    run_job(bed, job_id)

    assert bed.state(job_id).result == "Anne job bed.tell"


def test_a_caller_who_rolls_back_has_written_no_job(bed: Bed) -> None:
    with bed.as_person() as ctx:
        enqueue(ctx, "bed.write", word="never")
        ctx.session.rollback()

    assert bed.count("core_job") == 0
    assert messengers(bed) == 0


def test_a_messenger_goes_with_the_job_on_postgresql(fresh_database: FreshDatabase) -> None:
    bed = Bed(fresh_database("postgresql", "jobs", make_tables), job("write", write))

    put(bed, "write", word="one")

    assert (bed.count("core_job"), messengers(bed)) == (1, 1)
    bed.close()


def test_a_job_nobody_declares_is_refused_where_it_is_written(bed: Bed) -> None:
    with bed.as_person() as ctx, pytest.raises(LookupError, match=r"bed\.unknown"):
        enqueue(ctx, "bed.unknown")


@pytest.mark.parametrize("argument", [(1, 2), {1: "one"}, START])
def test_arguments_that_are_not_plain_json_are_refused_where_they_are_written(bed: Bed, argument: object) -> None:
    with bed.as_person() as ctx, pytest.raises(TypeError, match="JSON"):
        enqueue(ctx, "bed.write", word=argument)


def test_a_delayed_job_waits_for_its_time(bed: Bed) -> None:
    job_id = put(bed, "write", delay=timedelta(hours=2), word="later")
    clock = Moment()

    clock.pass_by(hours=1, minutes=59)
    assert run_due(bed, now=clock) == 0
    clock.pass_by(minutes=1)
    assert run_due(bed, now=clock) == 1
    assert bed.state(job_id).started_at == clock.moment


def test_one_job_waits_per_key_and_the_next_may_wait_while_it_runs(bed: Bed) -> None:
    first = put(bed, "write", key="index", word="a")
    assert put(bed, "write", key="index", word="b") == first
    assert put(bed, "write", key="other", word="c") != first

    run_job(bed, first)

    assert put(bed, "write", key="index", word="d") != first
    assert bed.count("core_job") == 3


def test_a_fault_undoes_the_work_and_is_tried_again_later_and_later(bed: Bed) -> None:
    job_id, clock, waits = put(bed, "fail"), Moment(), []

    for _try in range(3):
        assert run_due(bed, now=clock) == 1
        state = bed.state(job_id)
        assert state.state == "waiting"
        waits.append((state.due_at - clock.moment).total_seconds())
        clock.moment = state.due_at - timedelta(seconds=1)
        assert run_due(bed, now=clock) == 0
        clock.moment = state.due_at

    assert waits == [30, 60, 120]
    assert run_due(bed, now=clock) == 1
    dead = bed.state(job_id)
    assert (dead.state, dead.tries) == ("dead", 4)
    assert dead.message == "The job stopped at a fault of the program (ValueError). Its details are kept with it."
    assert dead.traceback is not None
    assert dead.traceback.rstrip().endswith("ValueError: boom")
    assert "in fail" in dead.traceback
    assert bed.words() == []


def test_a_refusal_is_final_and_told_in_its_own_words(bed: Bed) -> None:
    job_id = put(bed, "refuse")

    run_job(bed, job_id)

    state = bed.state(job_id)
    assert (state.state, state.message, state.tries) == ("dead", "There is nothing to send.", 1)


def test_a_job_whose_addon_is_gone_ends_as_failed(bed: Bed, url: str) -> None:
    job_id, clock = put(bed, "write", word="x"), Moment()
    later = Bed(url)

    for _try in range(4):
        run_due(later, now=clock)
        clock.pass_by(minutes=10)

    state = later.state(job_id)
    assert (state.state, state.label) == ("dead", "bed.write")
    assert "bed.write" in (state.traceback or "")
    later.close()


def test_a_failed_job_can_be_run_again_and_nothing_else_can(bed: Bed) -> None:
    job_id = put(bed, "refuse")
    with bed.as_person() as ctx, pytest.raises(Refused):
        retry(ctx, job_id)
    run_job(bed, job_id)

    with bed.as_person() as ctx:
        retry(ctx, job_id)
        ctx.session.commit()

    assert (bed.state(job_id).state, bed.state(job_id).tries) == ("waiting", 0)


def test_a_waiting_job_can_be_cancelled_and_a_finished_one_cannot(bed: Bed) -> None:
    waiting, finished = put(bed, "write", key="k", word="a"), put(bed, "write", word="b")
    run_job(bed, finished)

    with bed.as_person() as ctx:
        cancel(ctx, waiting)
        with pytest.raises(Refused, match="begun already"):
            cancel(ctx, finished)
        ctx.session.commit()

    assert not run_job(bed, waiting)
    assert bed.state(waiting).state == "cancelled"
    assert put(bed, "write", key="k", word="c") != waiting


def test_a_job_is_seen_by_its_user_and_by_administrators(bed: Bed) -> None:
    job_id = put(bed, "fail")
    run_job(bed, job_id)

    with bed.as_person() as ctx:
        assert job_state(ctx, job_id).traceback is None
    with bed.as_person(BEHROUZ) as ctx:
        with pytest.raises(NotFound):
            job_state(ctx, job_id)
        with pytest.raises(NotFound):
            cancel(ctx, job_id)
    assert "boom" in (bed.state(job_id).traceback or "")


def test_eight_who_race_for_a_job_run_it_once(bed: Bed) -> None:
    job_id = put(bed, "write", word="once")
    start = threading.Barrier(8)

    def race(_number: int) -> bool:
        start.wait()
        return run_job(bed, job_id)

    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(race, range(8)))

    assert sorted(won) == [False] * 7 + [True]
    assert bed.words() == ["once"]
    assert bed.state(job_id).tries == 1


def test_progress_is_seen_while_the_jobs_transaction_is_open(url: str) -> None:
    shown, go_on = threading.Event(), threading.Event()

    def work(ctx: Context) -> None:
        write_word(ctx, "row")
        progress(3, 10, _("Reading rows"))
        shown.set()
        assert go_on.wait(30)

    bed = Bed(url, job("work", work))
    job_id = put(bed, "work")
    with ThreadPoolExecutor(1) as thread:
        ran = thread.submit(run_job, bed, job_id)
        assert shown.wait(30)
        during = bed.state(job_id)
        go_on.set()
        assert ran.result()

    assert (during.state, during.done, during.total, during.percent) == ("running", 3, 10, 30)
    assert during.message == "Reading rows"
    after = bed.state(job_id)
    assert (after.state, after.done, after.total, after.message) == ("done", 3, 10, None)
    bed.close()


def test_progress_outside_a_job_goes_to_whoever_watches() -> None:
    told: list[tuple[int, int | None, str | None]] = []
    progress(1, 2, "unheard")
    with watching(lambda *report: told.append(report)):
        progress(1, 2, _("Reading rows"))
    assert told == [(1, 2, "Reading rows")]


def test_a_job_without_a_heartbeat_is_given_to_another_and_the_first_cannot_commit(url: str) -> None:
    tries = []

    def stalls(ctx: Context) -> None:
        tries.append(1)
        if len(tries) == 1:
            clock.pass_by(seconds=STALLED + 1)
            assert heal(bed, now=clock) >= 1
            assert run_due(bed, now=clock) == 1
        write_word(ctx, f"try {len(tries)}")

    bed, clock = Bed(url, job("stalls", stalls)), Moment()
    job_id = put(bed, "stalls")

    assert run_job(bed, job_id, now=clock)

    assert len(tries) == 2
    assert bed.words() == ["try 2"]
    assert (bed.state(job_id).state, bed.state(job_id).tries) == ("done", 2)
    bed.close()


def test_a_job_with_a_fresh_heartbeat_is_left_alone(url: str) -> None:
    def looks(ctx: Context) -> int:
        clock.pass_by(seconds=STALLED - 1)
        return heal(bed, now=clock)

    bed, clock = Bed(url, job("looks", looks)), Moment()
    job_id = put(bed, "looks")

    run_job(bed, job_id, now=clock)

    assert bed.state(job_id).result == 0
    bed.close()
