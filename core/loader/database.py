"""The databases of a server: each with its own addons, found by the host name or the path of a request."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from core.access import system_context, user_context
from core.context import Context
from core.db.engine import make_engine, writing
from core.errors import NotFound
from core.i18n import Text, _
from core.models import Addon, Stamp
from core.registry import Registry
from core.settings import DEFAULT_DATABASE, Settings

from .discovery import KERNEL, Catalogue, discover
from .faults import DatabaseDown, LoaderFault, NotSetUp, UnknownDatabase
from .people import Reader, reader
from .registries import Loaded, load_what_works

PATH = re.compile(r"/db/([^/]+)(/|$)")
ADDON, STAMP = cast("sa.Table", Addon.__table__), cast("sa.Table", Stamp.__table__)


@dataclass(frozen=True, slots=True)
class Installed:
    """An addon as a database knows it."""

    name: str
    version: str
    state: str = "installed"

    @property
    def works(self) -> bool:
        """Whether it is switched on."""
        return self.state == "installed"


@dataclass(frozen=True, slots=True)
class _Seen:
    stamp: tuple[int, int]
    loaded: Loaded
    installed: Mapping[str, Installed] = field(default_factory=dict)


class Database:
    """One database: its engine, what is installed in it, and contexts of the people who work in it."""

    def __init__(self, name: str, url: str, settings: Settings, catalogue: Catalogue | None = None) -> None:
        self.name, self.url, self.settings = name, url, settings
        self._catalogue = catalogue
        self._seen: _Seen | None = None
        self._lock = threading.RLock()

    @cached_property
    def engine(self) -> sa.Engine:
        """The engine, made at first use and therefore in the process that uses it."""
        return make_engine(self.url)

    @property
    def catalogue(self) -> Catalogue:
        """The addons there are on this server."""
        if self._catalogue is None:
            self._catalogue = discover(self.settings)
        return self._catalogue

    def rediscover(self) -> Catalogue:
        """Look again for addons: some may have come while the server ran."""
        self._catalogue = discover(self.settings)
        return self._catalogue

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Give a connection for reading; DatabaseDown when there is none to be had."""
        with self.telling(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Turn the errors of a database that went away into DatabaseDown."""
        try:
            yield
        except DBAPIError as error:
            if is_down(error):
                raise DatabaseDown(self.name) from error
            raise

    def is_set_up(self) -> bool:
        """Whether the kernel's tables are there."""
        if self._seen is not None:
            return True
        with self.connect() as connection:
            return read_stamp(connection) is not None

    def installed(self) -> Mapping[str, Installed]:
        """Return the installed addons by name, the kernel among them; empty before the set-up."""
        with self.connect() as connection:
            return read_installed(connection)

    def registry(self, connection: Connection | None = None) -> Registry:
        """Return what is declared by the addons installed now; the stamp is read each time."""
        return self._now(connection).loaded.registry

    def set_aside(self) -> Mapping[str, Text]:
        """Return the installed addons that cannot work, with the reason."""
        return self._now().loaded.set_aside

    def stamp(self) -> tuple[int, int]:
        """Return the numbers that move when addons or rights change."""
        return self._now().stamp

    def forget(self) -> None:
        """Read everything anew at the next use."""
        self._seen = None

    @contextmanager
    def context(self, user_id: int | None = None, *, write: bool = True, **more: Any) -> Iterator[Context]:
        """Open a context of a user, or of the system; what is not committed in it is rolled back at its end.

        `write=False` says that nothing will be written, so that on SQLite nobody waits for it.
        """
        registry = self.registry()
        engine = writing(self.engine) if write else self.engine
        with self.telling():
            if user_id is None:
                with system_context(engine, registry, database=self.name, **more) as ctx:
                    yield ctx
                return
            known = self.reader(user_id)
            if known is None:
                raise NotFound()
            told = {"locale": known.locale, "company": known.company, "database": self.name, **more}
            with user_context(engine, registry, known.person, **told) as ctx:
                yield ctx

    def reader(self, user_id: int | None, connection: Connection | None = None) -> Reader | None:
        """Return a user with his way of reading, None when he may not work here; without an id: the public."""
        with nullcontext(connection) if connection is not None else self.connect() as used:
            return reader(used, user_id)

    def close(self) -> None:
        """Close the connections."""
        if "engine" in self.__dict__:
            self.engine.dispose()

    def _now(self, connection: Connection | None = None) -> _Seen:
        with nullcontext(connection) if connection is not None else self.connect() as used:
            stamp = read_stamp(used)
            if stamp is None:
                raise NotSetUp(self.name)
            seen = self._seen
            if seen is not None and seen.stamp == stamp:
                return seen
            with self._lock:
                return self._look(used, stamp)

    def _look(self, connection: Connection, stamp: tuple[int, int]) -> _Seen:
        seen = self._seen
        if seen is None or seen.stamp != stamp:
            installed = read_installed(connection)
            working = [one.name for one in installed.values() if one.works and one.name != KERNEL]
            if seen is not None and any(name not in self.catalogue for name in working):
                self.rediscover()  # another process installed an addon that came after this one started
            outdated = _outdated(self.catalogue, installed)
            self._seen = seen = _Seen(stamp, load_what_works(self.catalogue, working, outdated), installed)
        return seen


class Databases:
    """All databases of a server."""

    def __init__(self, settings: Settings, catalogue: Catalogue | None = None) -> None:
        self.settings = settings
        self.catalogue = discover(settings) if catalogue is None else catalogue
        urls = {DEFAULT_DATABASE: settings.database_url, **settings.databases}
        made = {name: Database(name, url, settings, self.catalogue) for name, url in urls.items()}
        self.by_name: Mapping[str, Database] = MappingProxyType(made)

    def __iter__(self) -> Iterator[Database]:
        return iter(self.by_name.values())

    @property
    def default(self) -> Database:
        """The database of requests that name none."""
        return self.by_name[DEFAULT_DATABASE]

    def get(self, name: str | None) -> Database:
        """Return a database by its name; UnknownDatabase when there is none."""
        found = self.by_name.get(name or DEFAULT_DATABASE)
        if found is None:
            raise UnknownDatabase(name or DEFAULT_DATABASE)
        return found

    def for_request(self, host: str, path: str) -> tuple[Database, str]:
        """Return the database of a request and the part of the path that named it, `/db/NAME` or nothing."""
        named = PATH.match(path)
        if named is not None:
            return self.get(named[1]), f"/db/{named[1]}"
        label = host.partition(":")[0].partition(".")[0].lower()
        return self.by_name.get(label, self.default), ""

    def ready(self) -> list[Database]:
        """Return the databases that answer and are set up: those for which jobs are run."""
        return [database for database in self if _is_ready(database)]

    def close(self) -> None:
        """Close all connections."""
        for database in self:
            database.close()


def _outdated(catalogue: Catalogue, installed: Mapping[str, Installed]) -> dict[str, Text]:
    """The installed addons whose tables are those of another version than the code that is here."""
    found: dict[str, Text] = {}
    for one in installed.values():
        here = catalogue[one.name].version if one.name in catalogue else ""
        if here and here != one.version:
            words = {"name": one.name, "old": one.version, "new": here}
            found[one.name] = _(
                "%(name)s %(old)s is installed and %(new)s is here: run “girih upgrade %(name)s”.", **words
            )
    if KERNEL in found:
        raise LoaderFault(found[KERNEL])
    return found


def is_down(error: BaseException) -> bool:
    """Say whether an error means that the database is away, not that a statement was wrong."""
    if not isinstance(error, (OperationalError, InterfaceError)):
        return False
    told = str(error.orig)
    if error.connection_invalidated or error.statement is None:
        return "locked" not in told
    return "unable to open database file" in told or "terminating connection" in told


def read_stamp(connection: Connection) -> tuple[int, int] | None:
    """Return the numbers that move when addons or rights change; None before the set-up."""
    query = select(STAMP.c.addons, STAMP.c.rights)
    try:
        row = connection.execute(query).one_or_none()
    except DBAPIError as error:
        if is_down(error):
            raise
        connection.rollback()
        if not sa.inspect(connection.engine).has_table(STAMP.name):
            return None
        row = connection.execute(query).one_or_none()  # somebody else was setting it up and has just finished
    return None if row is None else (row.addons, row.rights)


def read_installed(connection: Connection) -> Mapping[str, Installed]:
    """Return the addons a database has, by name."""
    if not sa.inspect(connection).has_table(ADDON.name):
        return MappingProxyType({})
    rows = connection.execute(select(ADDON.c.name, ADDON.c.version, ADDON.c.state).order_by(ADDON.c.id))
    return MappingProxyType({row.name: Installed(*row) for row in rows})


def bump(connection: Connection, *, rights: bool = False) -> None:
    """Move the stamp: every process reads addons (or only rights) anew at its next request."""
    column = STAMP.c.rights if rights else STAMP.c.addons
    connection.execute(sa.update(STAMP).values({column: column + 1}))


def _is_ready(database: Database) -> bool:
    try:
        return database.is_set_up()
    except DatabaseDown:
        return False
