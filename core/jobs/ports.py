"""What the jobs of a database ask of it, and what time it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Protocol

import sqlalchemy as sa

from core.declarations.jobs import AnyJob

BEAT = 10.0  # seconds between the heartbeats of a running job
STALLED = 2.5 * BEAT  # a job silent for longer has lost its process

Now = Callable[[], datetime]


class HasJobs(Protocol):
    """A registry, as far as jobs go."""

    @property
    def jobs(self) -> Mapping[str, AnyJob]:
        """The declared jobs by name."""
        ...


class Database(Protocol):
    """A database whose jobs are run."""

    @property
    def name(self) -> str:
        """What this server calls it."""
        ...

    @property
    def engine(self) -> sa.Engine:
        """The way to its connections."""
        ...

    def registry(self) -> HasJobs:
        """Return what is declared by the addons installed now."""
        ...

    def context(self, user_id: int | None = None) -> AbstractContextManager[Any]:
        """Open a context of a user, or of the system; what is not committed in it is rolled back at its end."""
        ...


Databases = Callable[[], Iterable[Database]]


def utc_now() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)
