"""gunicorn looks after the processes; inside each of them waitress serves, which slow clients cannot stop."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import time
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.base import Worker
from waitress import wasyncore
from waitress.server import create_server

from core.settings import Settings
from core.web.serve import WAITRESS, Process, announce, make_process

PATIENCE = 25.0  # seconds a process that is told to stop gives the requests it has begun
BEAT = 1.0


class WaitressWorker(Worker):
    """One process: waitress on the sockets that gunicorn has opened."""

    def run(self) -> None:
        """Serve until told to stop, or until the supervisor is gone."""
        process: Process = self.app.process  # type: ignore[attr-defined]
        sockets: dict[int, Any] = {}
        application: Any = self.wsgi
        listening = [listener.sock for listener in self.sockets]  # type: ignore[attr-defined]
        server: Any = create_server(application, map=sockets, sockets=listening, **WAITRESS)
        process.start()
        while self.alive and self.ppid == os.getppid():
            self._turn(sockets)
        self._finish(sockets)
        server.task_dispatcher.shutdown()
        process.stop()

    def _turn(self, sockets: dict[int, Any]) -> None:
        self.notify()
        wasyncore.loop(timeout=BEAT, use_poll=True, map=sockets, count=1)

    def _finish(self, sockets: dict[int, Any]) -> None:
        """Take no more connections and end what was begun."""
        for waiting in list(sockets.values()):
            if getattr(waiting, "accepting", False):
                waiting.accepting = False
        deadline = time.monotonic() + PATIENCE
        while any(getattr(one, "requests", None) for one in sockets.values()) and time.monotonic() < deadline:
            self._turn(sockets)


M_ARENA_MAX, M_MMAP_THRESHOLD = -8, -3  # of glibc's malloc.h
LARGE = 1024 * 1024


def _share_memory(_arbiter: Any, _worker: Any) -> None:
    """Keep the memory of the processes small: this runs before each of them is forked.

    The collector leaves alone what they share. glibc would give each thread heaps of its own, most of them empty, and
    keep the twenty megabytes a password is hashed in.
    """
    gc.freeze()
    with contextlib.suppress(OSError, AttributeError):  # another C library has no such habits
        library = ctypes.CDLL(None)
        library.mallopt(M_ARENA_MAX, 1)
        library.mallopt(M_MMAP_THRESHOLD, LARGE)


class Supervisor(BaseApplication):  # type: ignore[misc, unused-ignore]
    """gunicorn with our settings, which are not read from any file or command line."""

    def __init__(self, settings: Settings, workers: int) -> None:
        self.settings, self.workers = settings, workers
        self.process: Process | None = None
        super().__init__()

    def load_config(self) -> None:
        """Say how to serve."""
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        told = {
            "bind": f"{host}:{self.settings.port}",
            "workers": self.workers,
            "worker_class": WaitressWorker,
            "preload_app": False,  # a connection opened before the fork would mix the answers of two processes
            "control_socket_disable": True,
            "timeout": 60,
            "graceful_timeout": int(PATIENCE) + 5,
            "loglevel": "warning",
            "worker_tmp_dir": "/dev/shm" if os.path.isdir("/dev/shm") else None,  # noqa: S108 -- a beat, on no disk
            "when_ready": self._ready,
            "pre_fork": _share_memory,
        }
        for name, value in told.items():
            self.cfg.set(name, value)

    def run(self) -> None:
        """Serve; what is imported by now is shared by all processes, untouched by the collector of each."""
        gc.collect()
        gc.freeze()
        super().run()

    def load(self) -> Any:
        """Make the application, in the process that serves it."""
        self.process = make_process(self.settings)
        return self.process.app

    def _ready(self, arbiter: Any) -> None:
        sockets = [listener.sock.getsockname() for listener in arbiter.LISTENERS]
        announce(self.settings, sockets[0][1] if sockets else None)
