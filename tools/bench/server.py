"""A server process as people run it, and what it takes of the machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.ground import CHECKOUT

READY = "Girih is ready: "


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: where it is, its process, and when it was started."""

    address: str
    process: subprocess.Popen[str]
    began: float

    def memory(self, *, supervisor: bool = False) -> int | None:
        """Return the bytes of the workers, and of their supervisor; what is shared is divided. Only Linux knows."""
        pids = [*([self.process.pid] if supervisor else []), *children(self.process.pid)]
        files = [Path(f"/proc/{pid}/smaps_rollup") for pid in pids]
        if not all(file.exists() for file in files):
            return None
        return sum(_pss(file.read_text()) for file in files)


def _pss(text: str) -> int:
    return next(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")) * 1024


def children(pid: int) -> list[int]:
    """Return the processes below a process."""
    below = Path(f"/proc/{pid}/task/{pid}/children")
    found = [int(one) for one in below.read_text().split()] if below.exists() else []
    return [*found, *(deeper for one in found for deeper in children(one))]


@contextmanager
def serving(url: str, folder: Path, **more: str) -> Iterator[Server]:
    """Run a server with two workers on a free port until the block ends."""
    told = {"GIRIH_DATABASE_URL": url, "GIRIH_DATA": str(folder), "GIRIH_HOST": "127.0.0.1", "GIRIH_PORT": "0", **more}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIRIH_")}
    words = [sys.executable, "server.py"]
    began = time.perf_counter()
    process = subprocess.Popen(words, cwd=CHECKOUT, env={**kept, **told}, stdout=subprocess.PIPE, text=True)
    try:
        yield Server(_address(process), process, began)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        if process.stdout is not None:
            process.stdout.close()


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(READY):
            return line.removeprefix(READY).strip()
    raise RuntimeError("The server ended before it was ready; what it said stands above.")
