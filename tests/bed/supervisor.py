"""Keeps one PostgreSQL cluster alive as long as whoever started it lives, then removes every trace of it.

Run as a program of its own: it waits on its standard input, which ends when the tests end, however they end,
kill -9 included. Arguments: the folder of the server's programs, an empty folder for the cluster,
settings of the server that differ from the usual ones.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import select
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PORT = 5432
INITDB = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
QUICK_NOT_SAFE = (
    "listen_addresses=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "shared_buffers=128MB",
    "max_connections=120",
    "logging_collector=off",
)


def main() -> int:
    """Start the cluster, say where it listens, wait for the end of standard input, clean up."""
    binaries, folder = Path(sys.argv[1]), Path(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests; their end is ours
    parent = os.getppid()
    try:
        binaries = _within_reach(binaries, folder)
        server = _start(binaries, folder, sys.argv[3:])
        try:
            print(_wait_until_ready(server, folder), flush=True)
            _wait_for_the_end(parent)
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _ordinary_user() -> dict[str, Any]:
    """Return who the server runs as: PostgreSQL refuses root, so root lends it to an ordinary user."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise SystemExit("There is no ordinary user on this machine to run PostgreSQL as; add one named postgres.")


def _within_reach(binaries: Path, folder: Path) -> Path:
    """Return the programs where the ordinary user can run them: copied beside the cluster when they lie in our venv."""
    if os.geteuid() != 0 or "site-packages" not in binaries.parts:
        return binaries
    package = binaries.parents[1]
    libraries = package.with_name(package.name + ".libs")
    copied = folder / "programs"
    shutil.copytree(package, copied / package.name)
    if libraries.exists():
        shutil.copytree(libraries, copied / libraries.name)
    return copied / package.name / binaries.relative_to(package)


def _start(binaries: Path, folder: Path, settings: list[str]) -> subprocess.Popen[bytes]:
    user = _ordinary_user()
    if user:
        os.chown(folder, user["user"], user["group"])
    data = folder / "data"
    words = [f"{binaries}/initdb", f"--pgdata={data}", *INITDB]
    made = subprocess.run(words, cwd=folder, capture_output=True, text=True, **user)
    if made.returncode:
        raise SystemExit(f"initdb failed:\n{made.stdout}{made.stderr}")
    words = [f"{binaries}/postgres", "-D", str(data), "-k", str(folder), "-p", str(PORT)]
    words += [f"--{setting}" for setting in (*QUICK_NOT_SAFE, *settings)]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(words, cwd=folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, **user)


def _wait_until_ready(server: subprocess.Popen[bytes], folder: Path) -> str:
    """Return the cluster's address as soon as the server's own pid file says it accepts connections."""
    state = folder / "data" / "postmaster.pid"
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        if state.exists() and state.read_text().rstrip().endswith("ready"):
            return f"postgresql+psycopg://postgres@/postgres?host={folder}&port={PORT}"
        time.sleep(0.02)
    raise SystemExit("PostgreSQL did not start:\n" + (folder / "log").read_text())


def _wait_for_the_end(parent: int) -> None:
    while os.getppid() == parent:
        # The parent's death closes the pipe, unless a child it forked still holds it: hence the look at the clock.
        readable, _, _ = select.select([sys.stdin], [], [], 2.0)
        if readable and not sys.stdin.read(1):
            return


if __name__ == "__main__":
    sys.exit(main())
