"""A small client: connections kept open, pages asked for by several at once."""

from __future__ import annotations

import gzip
import re
import socket
import statistics
import threading
import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

GZIP = b"\x1f\x8b"


class Refused(Exception):
    """The server answered something else than was expected."""


class Client:
    """One connection with its cookies."""

    def __init__(self, address: str, cookies: dict[str, str] | None = None) -> None:
        parts = urlsplit(address)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.cookies = dict(cookies or {})
        self.token = ""
        self._socket: socket.socket | None = None
        self._rest = b""

    def get(self, path: str, *, expect: int = 200) -> bytes:
        """Return the body of a page."""
        return self._ask(f"GET {path} HTTP/1.1\r\n", b"", expect)

    def post(self, path: str, values: dict[str, str], *, expect: int = 200) -> bytes:
        """Send a form."""
        body = urlencode(values).encode()
        head = f"POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        head += f"Content-Length: {len(body)}\r\nX-CSRFToken: {self.token}\r\nHX-Request: true\r\n"
        return self._ask(head, body, expect)

    def log_in(self, email: str, password: str, root: str = "") -> None:
        """Log in, and keep the token that goes with forms; `root` is where the addresses of a database begin."""
        self.token = _token(self.get(f"{root}/login"))
        self.post(f"{root}/login", {"email": email, "password": password, "csrf_token": self.token}, expect=204)

    def know(self, page: bytes) -> None:
        """Take the token for forms from a page."""
        self.token = _token(page)

    def close(self) -> None:
        """Close the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, head: str, body: bytes, expect: int) -> bytes:
        if self._socket is None:
            self._socket, self._rest = socket.create_connection((self.host, self.port), 30), b""
        told = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = f"{head}Host: {self.host}:{self.port}\r\nCookie: {told}\r\nAccept-Encoding: gzip\r\n\r\n"
        self._socket.sendall(lines.encode() + body)
        status, answer = self._answer()
        if status != expect:
            raise Refused(f"{head.splitlines()[0]} answered {status} instead of {expect}: {answer[:500]!r}")
        return answer

    def _answer(self) -> tuple[int, bytes]:
        while b"\r\n\r\n" not in self._rest:
            self._receive()
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        status, length, closing = int(lines[0].split()[1]), 0, False
        for line in lines[1:]:
            name, _, value = line.partition(":")
            if name.lower() == "content-length":
                length = int(value)
            elif name.lower() == "set-cookie":
                key, _, kept = value.strip().split(";")[0].partition("=")
                self.cookies[key] = kept
            elif name.lower() == "connection" and value.strip().lower() == "close":
                closing = True
        while len(self._rest) < length:
            self._receive()
        body, self._rest = self._rest[:length], self._rest[length:]
        if closing:
            self.close()
        return status, body

    def _receive(self) -> None:
        assert self._socket is not None
        got = self._socket.recv(262144)
        if not got:
            raise Refused("the server closed the connection")
        self._rest += got


def _token(body: bytes) -> str:
    page = (gzip.decompress(body) if body.startswith(GZIP) else body).decode()
    found = re.search(r'(?:name="csrf_token"[^>]*?value|name="csrf-token" content)="([^"]+)"', page)
    if found is None:
        raise Refused("the page holds no token for forms")
    return found[1]


def median_time(times: int, ask: Callable[[], object]) -> float:
    """Return the median of so many requests, one after the other."""
    taken = []
    for place in range(times + 3):
        began = time.perf_counter()
        ask()
        if place >= 3:
            taken.append(time.perf_counter() - began)
    return statistics.median(taken)


def per_second(requests: int, clients: list[Callable[[], object]]) -> float:
    """Return how many requests a second are answered when these clients ask at once, so many requests in all."""
    start, faults = threading.Barrier(len(clients) + 1), []

    def work(ask: Callable[[], object]) -> None:
        start.wait()
        try:
            for _ in range(requests // len(clients)):
                ask()
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=work, args=(ask,)) for ask in clients]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return requests // len(clients) * len(clients) / (time.perf_counter() - began)
