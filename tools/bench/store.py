"""The databases that are measured: prepared once, kept under `var/bench`, and copied for each run."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url
from sqlalchemy.exc import DBAPIError

from tests.bed.postgres import VARIABLE, running_postgres
from tests.bed.programs import postgres_binaries
from tools.ground import CHECKOUT, VAR, files_fingerprint, say

FOLDER = Path(os.environ.get("GIRIH_BENCH") or VAR / "bench")
# An ordinary server's settings; the test bed's own would write without care for a crash.
AS_USUAL = (
    *("fsync=on", "synchronous_commit=on", "full_page_writes=on", "autovacuum=on"),
    *("wal_level=replica", "shared_buffers=256MB"),
)

Make = Callable[[str], None]


def shape() -> str:
    """Return a digest of what decides how a prepared database looks."""
    watched = [*(CHECKOUT / "core" / "models").glob("*.py"), CHECKOUT / "core" / "model.py"]
    watched += [*(CHECKOUT / "addons").glob("*/models.py"), *(CHECKOUT / "addons").glob("*/lists.py")]
    watched += [*(CHECKOUT / "addons").glob("*/seeds.py"), *(CHECKOUT / "core" / "fields").glob("*.py")]
    return files_fingerprint([*watched, Path(__file__).with_name("data.py")])[:8]


class Store:
    """Makes copies of prepared databases of one kind."""

    def __init__(self, name: str, *, fresh: bool = False) -> None:
        self.name = f"{name}-{shape()}"
        if fresh:
            self.forget()

    def forget(self) -> None:
        """Remove what is kept."""
        raise NotImplementedError

    def copy(self, make: Make) -> str:
        """Return the URL of a copy to work on; `make(url)` prepares the original when there is none."""
        raise NotImplementedError

    def empty(self, name: str) -> str:
        """Return the URL of an empty database."""
        raise NotImplementedError

    def another(self, url: str, name: str) -> str:
        """Return the URL of a copy of a database that nobody uses just now."""
        raise NotImplementedError


class SqliteStore(Store):
    """Files beside each other."""

    def path(self, name: str) -> Path:
        """Return where a database lies."""
        return FOLDER / f"{name}.db"

    def forget(self) -> None:
        """Remove what is kept."""
        _remove(self.path(self.name))

    def copy(self, make: Make) -> str:
        """Copy the prepared file."""
        original = self.path(self.name)
        if not original.exists():
            making = self.path(f"{self.name}-making")
            _remove(making)
            make(f"sqlite:///{making}")
            _fold_log(making)
            making.rename(original)
        work = self.path(f"work-{self.name}")
        _remove(work)
        shutil.copyfile(original, work)
        return f"sqlite:///{work}"

    def empty(self, name: str) -> str:
        """Name a file that is not there yet."""
        _remove(self.path(f"work-{name}"))
        return f"sqlite:///{self.path(f'work-{name}')}"

    def another(self, url: str, name: str) -> str:
        """Copy a file."""
        source, copied = str(make_url(url).database), self.path(f"work-{name}")
        _fold_log(Path(source))
        _remove(copied)
        shutil.copyfile(source, copied)
        return f"sqlite:///{copied}"


def _remove(path: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal"):
        Path(f"{path}{ending}").unlink(missing_ok=True)


def _fold_log(path: Path) -> None:
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


class PostgresStore(Store):
    """Databases of a server, copied as templates; of a server of our own a dump is kept."""

    def __init__(self, name: str, server: str, *, keeps: bool, fresh: bool = False) -> None:
        self.server, self.keeps = server, keeps
        super().__init__(name, fresh=fresh)

    @property
    def original(self) -> str:
        """The name of the prepared database."""
        return f"girih_bench_{self.name.replace('-', '_')}"

    @property
    def dump(self) -> Path:
        """Where the prepared database is kept when its server is not."""
        return FOLDER / f"{self.name}.dump"

    def forget(self) -> None:
        """Remove what is kept."""
        self._run(f'DROP DATABASE IF EXISTS "{self.original}" WITH (FORCE)')
        self.dump.unlink(missing_ok=True)

    def copy(self, make: Make) -> str:
        """Copy the prepared database, restoring or making it first."""
        if not self._exists(self.original) and not self._restore():
            self._make(make)
        work = f"{self.original}_work"
        self._run(f'DROP DATABASE IF EXISTS "{work}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{work}" TEMPLATE "{self.original}"')
        return self._url(work)

    def empty(self, name: str) -> str:
        """Make an empty database."""
        self._run(f'DROP DATABASE IF EXISTS "girih_bench_{name}" WITH (FORCE)')
        self._run(f"CREATE DATABASE \"girih_bench_{name}\" TEMPLATE template0 ENCODING 'UTF8'")
        return self._url(f"girih_bench_{name}")

    def another(self, url: str, name: str) -> str:
        """Copy a database."""
        self._run(f'DROP DATABASE IF EXISTS "girih_bench_{name}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "girih_bench_{name}" TEMPLATE "{make_url(url).database}"')
        return self._url(f"girih_bench_{name}")

    def _make(self, make: Make) -> None:
        making = self.empty(f"{self.name.replace('-', '_')}_making")
        make(making)
        self._run("VACUUM (ANALYZE)", making)
        self._run(f'ALTER DATABASE "{make_url(making).database}" RENAME TO "{self.original}"')
        if not self.keeps:
            self._call("pg_dump", "--format=custom", f"--file={self.dump}")

    def _restore(self) -> bool:
        if not self.dump.exists():
            return False
        self._run(f"CREATE DATABASE \"{self.original}\" TEMPLATE template0 ENCODING 'UTF8'")
        if self._call("pg_restore", "--jobs=2", "--no-owner", str(self.dump)):
            self._run("VACUUM (ANALYZE)", self._url(self.original))
            return True
        self._run(f'DROP DATABASE "{self.original}" WITH (FORCE)')
        return False

    def _call(self, program: str, *words: str) -> bool:
        """Run one of the server's programs on the original; they may be missing, then nothing is kept."""
        binaries = postgres_binaries()
        if binaries is None or not (binaries / program).exists():
            return False
        url = make_url(self._url(self.original)).set(drivername="postgresql")
        done = subprocess.run([binaries / program, *words, "--dbname", url.render_as_string(hide_password=False)])
        return done.returncode == 0

    def _exists(self, name: str) -> bool:
        try:
            self._run("SELECT 1", self._url(name))
        except DBAPIError:
            return False
        return True

    def _url(self, name: str) -> str:
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str, url: str | None = None) -> None:
        engine = create_engine(url or self.server, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql(statement)
        finally:
            engine.dispose()


@contextmanager
def opened(kind: str, name: str, *, fresh: bool) -> Iterator[Store]:
    """Give the store of one kind of database."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield SqliteStore(name, fresh=fresh)
        return
    say("starting PostgreSQL")
    with running_postgres(*AS_USUAL) as server:
        yield PostgresStore(name, server, keeps=VARIABLE in os.environ, fresh=fresh)
