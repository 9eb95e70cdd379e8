"""The one transaction in which addons come and go: under the schema's lock, all or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError, OperationalError

from core.access import system_context
from core.context import Context, Work
from core.db import sync
from core.db.engine import check_foreign_keys, without_foreign_keys, writing
from core.db.sync import SchemaBlocked
from core.i18n import _
from core.registry import Registry

from .database import Database
from .faults import LoaderFault
from .people import company_of

WAIT = "20s"
BUSY = ("lock timeout", "database is locked", "deadlock detected")


@contextmanager
def changing(database: Database, *, rebuild: bool = False) -> Iterator[Connection]:
    """Open the transaction that changes a database's addons; `rebuild` when a migration may rebuild tables."""
    opened = without_foreign_keys(database.engine) if rebuild else writing(database.engine).connect()
    with database.telling(), _told():
        with opened as connection, connection.begin():
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAIT}'")  # do not hold up everybody for ever
            sync.lock(connection)
            yield connection
            if rebuild:
                check_foreign_keys(connection)
        database.forget()


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except SchemaBlocked as blocked:
        reasons = "\n".join(map(str, blocked.reasons))
        words = {"addon": blocked.addon, "reasons": reasons}
        raise LoaderFault(_("The tables of %(addon)s need a migration:\n%(reasons)s", **words)) from blocked
    except OperationalError as error:
        if any(words in str(error.orig) for words in BUSY):
            raise LoaderFault(
                _("Others are working with these tables just now. Nothing was changed; try again.")
            ) from error
        raise
    except IntegrityError as error:
        raise LoaderFault(_("Records do not fit together: %(fault)s", fault=str(error.orig))) from error


@contextmanager
def system(database: Database, connection: Connection, registry: Registry, note: str) -> Iterator[Context]:
    """Open a context of the system in this transaction, whose writes are one change set of an installation."""
    company = company_of(connection, None)
    work = Work("install", note)
    with system_context(connection, registry, database=database.name, company=company, work=work) as ctx:
        yield ctx
