"""Fresh, empty or prepared databases of both kinds, made by copying and dropped after use."""

from __future__ import annotations

import itertools
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from sqlalchemy import URL, create_engine, make_url, text

Kind = Literal["sqlite", "postgresql"]
KINDS: tuple[Kind, ...] = ("sqlite", "postgresql")
Prepare = Callable[[str], None]


class Databases:
    """Makes databases for tests. What is costly to prepare is prepared once a run and copied for each test."""

    def __init__(self, folder: Path, postgres: Callable[[], str]) -> None:
        """Keep SQLite's files in `folder`; ask `postgres` for the server's address only when one is needed."""
        self._folder = folder
        self.server = postgres
        self._numbers = itertools.count(1)
        self._prepared: dict[tuple[Kind, str], str] = {}

    def fresh(self, kind: Kind, prepared: str = "", prepare: Prepare | None = None) -> str:
        """Return the URL of a new database; `prepare(url)` is run once for the name `prepared`, then copied."""
        if not prepared:
            return self._create(kind)
        key = (kind, prepared)
        if key not in self._prepared:
            if prepare is None:
                raise LookupError(f"Nobody has prepared a database named {prepared} yet; say how with prepare=")
            url = self._create(kind)
            prepare(url)
            self._prepared[key] = url
        return self._create(kind, template=self._prepared[key])

    def drop(self, url: str) -> None:
        """Remove a database, whoever is still connected to it."""
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            for ending in ("", "-wal", "-shm", "-journal"):
                Path(str(parsed.database) + ending).unlink(missing_ok=True)
        else:
            self._run(f'DROP DATABASE IF EXISTS "{parsed.database}" WITH (FORCE)')

    def close(self) -> None:
        """Remove what was prepared."""
        for url in self._prepared.values():
            self.drop(url)

    def _create(self, kind: Kind, template: str | None = None) -> str:
        name = f"girih_test_{os.getpid()}_{next(self._numbers)}"
        if kind == "sqlite":
            return self._create_sqlite(name, template)
        source = make_url(template).database if template else "template0"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{source}" ENCODING \'UTF8\'')
        return _written(make_url(self.server()).set(database=name))

    def _create_sqlite(self, name: str, template: str | None) -> str:
        path = self._folder / f"{name}.db"
        if template:
            source = str(make_url(template).database)
            _fold_log_into_file(source)
            shutil.copyfile(source, path)
        return f"sqlite:///{path}"

    def _run(self, statement: str) -> None:
        engine = create_engine(self.server(), isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(statement))
        finally:
            engine.dispose()


def _fold_log_into_file(path: str) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()


def _written(url: URL) -> str:
    return url.render_as_string(hide_password=False)
