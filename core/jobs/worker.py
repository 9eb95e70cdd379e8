"""One thread that runs the jobs of a PostgreSQL database: a procrastinate worker, beside any number of others.

It is told of new jobs by the database at once, and asks every few seconds for those whose time has come.
"""

from __future__ import annotations

import asyncio
import logging
import threading

import psycopg.conninfo
from procrastinate import App, PsycopgConnector

from .ports import BEAT, STALLED, Database, Now, utc_now
from .run import run_job
from .transport import SCHEMA, TASK, prepare

POLL = 5.0  # seconds

log = logging.getLogger("girih.jobs")


class Worker:
    """Runs the jobs of one database, up to `concurrency` at a time, until it is stopped."""

    def __init__(self, database: Database, *, concurrency: int = 1, now: Now = utc_now) -> None:
        self._database, self._concurrency, self._now = database, concurrency, now
        self._loop: asyncio.AbstractEventLoop | None = None
        self._task: asyncio.Task[None] | None = None
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"girih-jobs-{database.name}", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self) -> None:
        """Nothing to do: the database itself wakes its workers."""

    def stop(self, timeout: float | None = None) -> None:
        """End after the jobs at hand; those that take longer than `timeout` seconds are left to be healed."""
        with self._lock:
            self._stopping.set()
            if self._loop is not None and self._task is not None:
                self._loop.call_soon_threadsafe(self._task.cancel)
        self._thread.join(timeout)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                # psycopg cannot work on the loop that Windows would choose
                with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
                    runner.run(self._work())
            except asyncio.CancelledError:
                return
            except Exception:
                log.exception("The jobs of %s cannot be run; trying again in %s s", self._database.name, POLL)
            self._stopping.wait(POLL)

    async def _work(self) -> None:
        await asyncio.to_thread(self._prepare)
        app = App(connector=PsycopgConnector(conninfo=self._address(), min_size=1, max_size=self._concurrency + 2))
        app.task(name=TASK)(self._run_job)
        async with app.open_async():
            task = asyncio.ensure_future(self._serve(app))
            with self._lock:
                self._loop, self._task = asyncio.get_running_loop(), task
                if self._stopping.is_set():
                    task.cancel()
            try:
                await task
            finally:
                with self._lock:
                    self._loop = self._task = None

    async def _serve(self, app: App) -> None:
        await app.run_worker_async(
            name=f"girih-{self._database.name}",
            concurrency=self._concurrency,
            fetch_job_polling_interval=POLL,
            abort_job_polling_interval=3600.0,  # jobs are not aborted through procrastinate
            update_heartbeat_interval=BEAT,
            stalled_worker_timeout=STALLED,
            delete_jobs="always",
            install_signal_handlers=False,
        )

    def _run_job(self, job_id: int) -> None:
        run_job(self._database, job_id, now=self._now)

    def _prepare(self) -> None:
        with self._database.engine.begin() as connection:
            prepare(connection)

    def _address(self) -> str:
        engine = self._database.engine
        known = engine.dialect.create_connect_args(engine.url)[1]
        known.pop("context", None)  # SQLAlchemy's own, for adapting types
        options = " ".join(filter(None, (str(known.pop("options", "")), f"-c search_path={SCHEMA}")))
        return psycopg.conninfo.make_conninfo(**known, options=options, application_name="girih-jobs")
