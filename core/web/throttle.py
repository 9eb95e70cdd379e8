"""Guessing passwords is slow: wrong tries are counted in the database, per name and address, and per address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.models import LoginAttempt

WINDOW = timedelta(minutes=15)
TRIES = 10
TRIES_OF_ADDRESS = 100

ATTEMPTS = cast("sa.Table", LoginAttempt.__table__)


@dataclass(frozen=True, slots=True)
class Subjects:
    """Under what a try is counted."""

    both: str
    address: str

    @classmethod
    def of(cls, name: str, address: str) -> Subjects:
        """Return the subjects of a log-in name and an address."""
        return cls(f"{name[:200]}|{address}", f"|{address}")


def count_try(connection: Connection, subjects: Subjects, moment: datetime) -> bool:
    """Count a try as a wrong one, before the password is looked at; False when there were too many.

    Counting first leaves no gap: of tries at the same moment none goes uncounted. A try that is refused unlooked-at is
    not counted, so that whoever waits gets in.
    """
    connection.execute(sa.delete(ATTEMPTS).where(ATTEMPTS.c.at < moment - WINDOW))
    limits = ((subjects.both, TRIES), (subjects.address, TRIES_OF_ADDRESS))
    if any(_tries(connection, subject) >= limit for subject, limit in limits):
        return False
    rows = [{"subject": subject, "at": moment} for subject, _limit in limits]
    connection.execute(sa.insert(ATTEMPTS), rows)
    return True


def forget_tries(connection: Connection, subjects: Subjects, moment: datetime) -> None:
    """Forget the wrong tries of somebody who knew the password after all, and that this one was counted."""
    this_one = sa.and_(ATTEMPTS.c.subject == subjects.address, ATTEMPTS.c.at == moment)
    connection.execute(sa.delete(ATTEMPTS).where(sa.or_(ATTEMPTS.c.subject == subjects.both, this_one)))


def _tries(connection: Connection, subject: str) -> int:
    query = sa.select(sa.func.count()).select_from(ATTEMPTS).where(ATTEMPTS.c.subject == subject)
    return connection.scalar(query) or 0
