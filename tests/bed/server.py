"""A server of the tests' own: started by command on a free port of this machine, ended with the block."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path


def own_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without anything that is about Girih or Python, and these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIRIH_", "PYTHON"))}
    return kept | dict(settings)


@contextmanager
def serving(command: Sequence[str | Path], folder: Path, settings: Mapping[str, str]) -> Iterator[str]:
    """Run a command that serves, in a folder, and give its address once it answers."""
    port = free_port()
    own = {"GIRIH_PORT": str(port), "GIRIH_HOST": "127.0.0.1", **settings}
    server = subprocess.Popen(
        command, cwd=folder, env=own_environment(own), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        wait_until_served(f"http://127.0.0.1:{port}/health", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.communicate(timeout=30)


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until_served(url: str, server: subprocess.Popen[str]) -> None:
    """Ask until it answers: the only sign of readiness that another process's web server gives."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and server.poll() is None:
        try:
            read(url)
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.05)
        else:
            return
    server.kill()
    raise AssertionError(f"the installed package does not serve {url}:\n{server.communicate()[0]}")


def read(url: str, language: str = "en") -> tuple[int, str]:
    request = urllib.request.Request(url, headers={"Accept-Language": language})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.status, answer.read().decode("utf-8", "replace")
