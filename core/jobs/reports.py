"""Progress of a running job, and the heartbeat that shows its process is alive.

A page sees both while the job's own transaction is open. On PostgreSQL they are written to the job's row on another
connection. SQLite has one writer at a time, which may be the job itself for as long as it works; there they lie in a
small file per running job beside the database, which every process of the server can read.
"""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa

from core.i18n import Text

from .ports import BEAT, Now
from .table import Claim, release

OFTEN = 0.5  # seconds between two reports of one job that are written down

log = logging.getLogger("girih.jobs")

Listener = Callable[[int, int | None, str | None], None]
_listener: ContextVar[Listener | None] = ContextVar("girih_job_progress", default=None)


def progress(done: int, total: int | None = None, text: Text | str | None = None) -> None:
    """Say how far the work is. Whoever runs it shows it: a job to its page, a command to its terminal, else nobody."""
    listener = _listener.get()
    if listener is not None:
        listener(done, total, None if text is None else str(text))


@contextmanager
def watching(listener: Listener) -> Iterator[None]:
    """Give what is told to `progress` inside the block to this function."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


@dataclass(frozen=True, slots=True)
class Report:
    """What a running job last said of itself."""

    beat_at: datetime
    done: int = 0
    total: int | None = None
    text: str | None = None


class Board(Protocol):
    """Where reports are put up."""

    def put(self, held: Claim, report: Report) -> None:
        """Show a report in place of the last."""
        ...

    def clear(self, held: Claim) -> None:
        """Take the report down."""
        ...


class RowBoard:
    """Reports in the job's row, each in a transaction of its own."""

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def put(self, held: Claim, report: Report) -> None:
        """Write the report."""
        said = {"done": report.done, "total": report.total, "message": report.text}
        with self.engine.begin() as connection:
            release(connection, held, beat_at=report.beat_at, **said)

    def clear(self, held: Claim) -> None:
        """Leave the row to whoever ends the job."""


class FileBoard:
    """Reports in files beside an SQLite database."""

    def __init__(self, database: str) -> None:
        self.folder = Path(f"{database}-jobs")

    def put(self, held: Claim, report: Report) -> None:
        """Replace the file in one step, so nobody reads half of it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        said = {**asdict(report), "beat_at": report.beat_at.isoformat(), "started_at": held.started_at.isoformat()}
        new = self.folder / f"{held.id}.{os.getpid()}.{threading.get_ident()}"
        new.write_text(json.dumps(said), encoding="utf-8")
        new.replace(self._file(held.id))

    def clear(self, held: Claim) -> None:
        """Remove the file, unless a later holder of the job has put up its own."""
        if self.read(held.id, held.started_at) is not None:
            self._file(held.id).unlink(missing_ok=True)

    def read(self, job_id: int, started_at: datetime | None) -> Report | None:
        """Return what the holder since `started_at` said."""
        try:
            said = json.loads(self._file(job_id).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        if started_at is None or said.pop("started_at") != started_at.isoformat():
            return None
        return Report(**{**said, "beat_at": datetime.fromisoformat(said["beat_at"])})

    def _file(self, job_id: int) -> Path:
        return self.folder / f"{job_id}.json"


def file_board(engine: sa.Engine) -> FileBoard | None:
    """Return the board of an SQLite database, None on PostgreSQL."""
    return FileBoard(engine.url.database or "") if engine.dialect.name == "sqlite" else None


def report_of(engine: sa.Engine, job_id: int, started_at: datetime | None) -> Report | None:
    """Return the report of a running job where it is not in its row."""
    board = file_board(engine)
    return None if board is None else board.read(job_id, started_at)


class Beating:
    """Puts up the reports of one running job, and beats in between."""

    def __init__(self, engine: sa.Engine, held: Claim, now: Now, beat: float = BEAT) -> None:
        self._board: Board = file_board(engine) or RowBoard(engine)
        self._held, self._now, self._beat = held, now, beat
        self._said: tuple[int, int | None, str | None] = (0, None, None)
        self._written_at = -OFTEN  # the first report is shown at once
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._beat_on, name=f"girih-job-{held.id}-beat", daemon=True)

    @property
    def values(self) -> dict[str, int | None]:
        """How far the job came, for its row."""
        return {"done": self._said[0], "total": self._said[1]}

    def say(self, done: int, total: int | None, text: str | None) -> None:
        """Keep what the job says, and show it unless the last report is a moment old."""
        self._said = (done, total, text if text is not None else self._said[2])
        if time.monotonic() - self._written_at >= OFTEN or done == total:
            self._put()

    def __enter__(self) -> Beating:
        self._thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop beating and take the report down; called again, it does nothing."""
        if self._over.is_set():
            return
        self._over.set()
        self._thread.join()
        self._board.clear(self._held)

    def _beat_on(self) -> None:
        while not self._over.wait(self._beat):
            self._put()

    def _put(self) -> None:
        with self._lock:
            self._written_at = time.monotonic()
            try:
                self._board.put(self._held, Report(self._now(), *self._said))
            except (OSError, sa.exc.SQLAlchemyError):
                # a job does not fail because its progress cannot be shown
                log.warning("The progress of job %s could not be written", self._held.id, exc_info=True)
