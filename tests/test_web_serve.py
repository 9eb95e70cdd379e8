"""The server as it is started: set up by the environment, several processes, slow clients, a clean end."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from core.settings import Settings
from core.web.serve import address_of, workers_wanted
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.bed.programs import CHECKOUT

SLOW_CLIENTS = 60


@contextmanager
def server(url: str, tmp_path: Path, **told: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the server as a person does and give the process and its address."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIRIH_")}
    environment |= {"GIRIH_DATABASE_URL": url, "GIRIH_DATA": str(tmp_path / "data"), "GIRIH_PORT": "0", **told}
    process = subprocess.Popen(
        [sys.executable, str(CHECKOUT / "server.py")],
        cwd=tmp_path,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("Girih is ready: http://127.0.0.1:"), line
        yield process, line.removeprefix("Girih is ready: ").strip()
    finally:
        process.terminate()
        process.wait(40)
        process.stdout.close()


def get(address: str) -> tuple[int, str]:
    try:
        with urlopen(address, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


@pytest.mark.parametrize("workers", ["0", "2"])
def test_it_is_set_up_by_the_environment_and_answers(
    fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path, workers: str
) -> None:
    told = {
        "GIRIH_ADMIN_EMAIL": "sara@example.com",
        "GIRIH_ADMIN_PASSWORD": "correct horse",
        "GIRIH_LANG": "fa",
        "GIRIH_WORKERS": workers,
    }
    with server(fresh_database(database_kind), tmp_path, **told) as (_process, address):
        status, text = get(f"{address}/health")
        assert (status, json.loads(text)["set_up"]) == (200, True)
        assert 'lang="fa" dir="rtl"' in get(f"{address}/login")[1]


def test_clients_that_are_slow_stop_nobody(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    with server(fresh_database("sqlite"), tmp_path, GIRIH_WORKERS="1") as (_process, address):
        port = int(address.rpartition(":")[2])
        slow = [socket.create_connection(("127.0.0.1", port)) for _client in range(SLOW_CLIENTS)]
        for client in slow:
            client.sendall(b"POST /setup HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nhalf")
        assert get(f"{address}/health")[0] == 200
        for client in slow:
            client.close()


def test_it_ends_when_told_and_leaves_nothing_running(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    with server(fresh_database("sqlite"), tmp_path, GIRIH_WORKERS="2") as (process, address):
        assert get(f"{address}/health")[0] == 200
        children = _children(process.pid)
        assert children
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    assert [child for child in children if _runs(child)] == []


def test_a_process_that_dies_is_replaced(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    with server(fresh_database("sqlite"), tmp_path, GIRIH_WORKERS="2") as (process, address):
        assert get(f"{address}/health")[0] == 200
        before = _children(process.pid)
        os.kill(before[0], signal.SIGKILL)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and (
            set(_children(process.pid)) == set(before) or len(_children(process.pid)) < 2
        ):
            get(f"{address}/health")
        assert len(_children(process.pid)) == 2
        assert get(f"{address}/health")[0] == 200


def test_a_database_that_is_down_stops_no_server(tmp_path: Path) -> None:
    url = "postgresql+psycopg://nobody@127.0.0.1:9/nothing"
    told = {"GIRIH_ADMIN_EMAIL": "a@example.com", "GIRIH_ADMIN_PASSWORD": "correct horse"}
    with server(url, tmp_path, **told) as (_process, address):
        status, text = get(f"{address}/health")
        assert (status, json.loads(text)["status"]) == (503, "down")


def test_a_setting_that_cannot_be_used_is_told_in_one_sentence(tmp_path: Path) -> None:
    environment = {**os.environ, "GIRIH_DATA": str(tmp_path), "GIRIH_PORT": "eighty"}
    ended = subprocess.run(
        [sys.executable, str(CHECKOUT / "server.py")], env=environment, capture_output=True, text=True
    )
    assert ended.returncode == 2
    assert ended.stderr == "GIRIH_PORT cannot be used: write a port number from 0 to 65535, not 'eighty'.\n"


@pytest.mark.parametrize(
    ("host", "shown"),
    [("127.0.0.1", "http://127.0.0.1:80"), ("0.0.0.0", "http://127.0.0.1:80"), ("::1", "http://[::1]:80")],
)
def test_the_address_can_be_typed(tmp_path: Path, host: str, shown: str) -> None:
    assert address_of(Settings(tmp_path, "sqlite:////x", "s", host=host, port=80)) == shown


def test_the_number_of_processes_is_told_by_the_environment() -> None:
    assert [workers_wanted({"GIRIH_WORKERS": told}) for told in ("", "0", "5", "many")] == [2, 0, 5, 2]


def _children(pid: int) -> list[int]:
    told = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in told.read_text().split()] if told.exists() else []


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
