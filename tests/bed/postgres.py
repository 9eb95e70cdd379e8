"""One PostgreSQL cluster for a run of the tests: somebody's own (GIRIH_TEST_POSTGRES), or one made and thrown away."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.bed import supervisor
from tests.bed.programs import postgres_binaries

VARIABLE = "GIRIH_TEST_POSTGRES"
MISSING = f"""The tests need a PostgreSQL server and found none.
Run `make test`, which installs one; or install PostgreSQL from your system's packages
(Debian: apt-get install postgresql, macOS: brew install postgresql); or set {VARIABLE}
to the address of a server whose role may create databases, for example postgresql+psycopg://user:password@localhost/postgres."""


@contextmanager
def running_postgres(*settings: str) -> Iterator[str]:
    """Give the address of a PostgreSQL server whose role may create databases.

    `settings` of the server (`fsync=on`) stand before those of the tests when it is one of our own.
    """
    if given := os.environ.get(VARIABLE):
        yield given
        return
    binaries = postgres_binaries()
    if binaries is None:
        raise RuntimeError(MISSING)
    with _own_cluster(binaries, settings) as url:
        yield url


@contextmanager
def _own_cluster(binaries: Path, settings: Sequence[str]) -> Iterator[str]:
    # A short path: a socket's address holds about a hundred characters. Never inside the checkout, which the
    # server's ordinary user may be unable to enter.
    folder = tempfile.mkdtemp(prefix="girih-pg-", dir="/tmp" if Path("/tmp").is_dir() else None)
    words = [sys.executable, supervisor.__file__, str(binaries), folder, *settings]
    keeper = subprocess.Popen(
        words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert keeper.stdout
    assert keeper.stderr
    url = keeper.stdout.readline().strip()
    try:
        if not url:
            raise RuntimeError(keeper.stderr.read() or "PostgreSQL did not start and did not say why.")
        yield url
    finally:
        keeper.communicate()
