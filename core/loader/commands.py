"""Whoever acts for a command of the command line: a named user, else the first administrator."""

from __future__ import annotations

from core.errors import NotFound
from core.i18n import _

from .database import Database
from .people import first_administrator, user_by_email


def person_for_commands(database: Database, email: str | None = None) -> int:
    """Return the user with this e-mail address, without one the first administrator; NotFound when there is none."""
    with database.connect() as connection:
        found = user_by_email(connection, email) if email else first_administrator(connection)
    if found is not None:
        return found
    if email:
        raise NotFound(_("Nobody in this database logs in as “%(email)s”.", email=email))
    raise NotFound(_("This database has no administrator who could do this; name a user with --user."))
