"""Long work of the server itself (set-up, installing): it runs in a thread, and its page can be left and found again.

How far it is lies in a small file of the data directory: every process of the server can show it, and no database is
asked, which the work may hold locked or not even have made yet.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import structlog

from core.errors import GirihError, Invalid
from core.i18n import Locale, Text, _, use_locale
from core.loader import Database

log = structlog.get_logger("girih.work")

KEPT = 24 * 3600.0
THREAD = "girih-work-"
ID = re.compile(r"[0-9a-f]{32}")

Progress = Callable[[int, int, Text], None]
Task = Callable[[Progress], Any]


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of work: what it is, how far, how it ended. Texts are in the language of whoever began it."""

    id: str
    database: str
    kind: str
    title: str
    pid: int
    state: str = "running"
    done: int = 0
    total: int = 0
    text: str = ""
    result: Any = None

    @property
    def is_over(self) -> bool:
        """Whether it has ended, well or not."""
        return self.state != "running"

    @property
    def percent(self) -> int | None:
        """How much is done, None while nobody can say."""
        return min(100, self.done * 100 // self.total) if self.total else None


def begin(database: Database, kind: str, title: Text, locale: Locale, task: Task) -> Work:
    """Start a task `(progress)` in a thread of its own; what it returns is kept as the result, and must be JSON."""
    folder = _folder(database)
    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    work = Work(secrets.token_hex(16), database.name, kind, locale.say(title), os.getpid())
    _write(folder, work)
    threading.Thread(target=_run, args=(folder, work, locale, task), name=f"{THREAD}{kind}", daemon=True).start()
    return work


def find(database: Database, work_id: str) -> Work | None:
    """Return a piece of work by its id; one whose process died is told as failed."""
    if not ID.fullmatch(work_id):
        return None
    return _read(_folder(database) / f"{work_id}.json")


def running(database: Database) -> list[Work]:
    """Return what is being done now in a database."""
    found = (_read(path) for path in sorted(_folder(database).glob("*.json")))
    return [work for work in found if work is not None and not work.is_over]


def threads() -> list[threading.Thread]:
    """Return the threads in which this process works."""
    return [thread for thread in threading.enumerate() if thread.name.startswith(THREAD)]


def _run(folder: Path, work: Work, locale: Locale, task: Task) -> None:
    last = work

    def progress(done: int, total: int, text: Text) -> None:
        nonlocal last
        last = replace(last, done=done, total=total, text=str(text))
        _write(folder, last)

    with use_locale(locale):
        try:
            result = task(progress)
        except Exception as error:  # whatever it is, it is told to whoever waits for it
            last = replace(last, state="failed", text=_explained(error))
        else:
            last = replace(last, state="done", result=result)
        _write(folder, last)


def _explained(error: Exception) -> str:
    if isinstance(error, Invalid):
        return " ".join(str(text) for texts in error.errors.values() for text in texts)
    if isinstance(error, GirihError):
        return str(error)
    log.error("work failed", exc_info=error)
    told = f"{type(error).__name__}: {error}"
    return str(_("This failed, and nothing was changed. %(error)s", error=told[:2000]))


def _folder(database: Database) -> Path:
    return database.settings.data_dir / "work" / database.name


def _write(folder: Path, work: Work) -> None:
    path = folder / f"{work.id}.json"
    fresh = path.with_suffix(f".{threading.get_ident()}")
    fresh.write_text(json.dumps(asdict(work)), encoding="utf-8")
    os.replace(fresh, path)  # a reader sees the old or the new one, never half of it


def _read(path: Path) -> Work | None:
    try:
        work = Work(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None
    if not work.is_over and not _lives(work.pid):
        return replace(work, state="failed", text=str(_("The server was stopped meanwhile; nothing was changed.")))
    return work


def _lives(pid: int) -> bool:
    if pid == os.getpid():
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _sweep(folder: Path) -> None:
    for path in _old(folder):
        path.unlink(missing_ok=True)


def _old(folder: Path) -> Iterator[Path]:
    limit = time.time() - KEPT
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < limit:
                yield path
        except FileNotFoundError:
            continue
