"""Which process keeps the clock of a database: the one that holds a lock which ends with its process.

On PostgreSQL it is an advisory lock on a connection kept for it; on SQLite a locked file beside the database.
"""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import IO, Protocol

import sqlalchemy as sa

CLOCK = 7_305_119_401  # the advisory lock's number; each database has its own locks

log = logging.getLogger("girih.jobs")


class Leader(Protocol):
    """A claim to keep the clock."""

    def lead(self) -> bool:
        """Become the leader, or make sure to be it still; False while another process is."""
        ...

    def resign(self) -> None:
        """Let another process lead."""
        ...


def leader_of(engine: sa.Engine) -> Leader:
    """Return this process's claim to the clock of a database."""
    if engine.dialect.name == "postgresql":
        return LockedRow(engine)
    return LockedFile(Path(f"{engine.url.database}-clock"))


class LockedRow:
    """Leadership by an advisory lock; the server frees it when the connection ends, however it ends."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._connection: sa.Connection | None = None

    def lead(self) -> bool:
        """Try the lock, or ask whether its connection still lives."""
        if self._connection is not None:
            try:
                self._connection.execute(sa.select(1))
            except sa.exc.SQLAlchemyError:
                log.warning("The connection that led the clock is gone", exc_info=True)
                self.resign()
            else:
                return True
        return self._try()

    def resign(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _try(self) -> bool:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.scalar(sa.select(sa.func.pg_try_advisory_lock(CLOCK))):
            connection.detach()  # it is not the pool's any more: held for as long as this process leads
            self._connection = connection
            return True
        connection.close()
        return False


class LockedFile:
    """Leadership by a locked file; the system unlocks it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def lead(self) -> bool:
        """Try the lock."""
        if self._file is not None:
            return True
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = self._path.open("ab")
        if _locks(file):
            self._file = file
            return True
        file.close()
        return False

    def resign(self) -> None:
        """Close the file, which unlocks it."""
        if self._file is not None:
            self._file.close()
            self._file = None


if sys.platform == "win32":
    import msvcrt

    def _locks(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import fcntl

    def _locks(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
