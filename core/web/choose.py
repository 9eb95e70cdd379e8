"""Before Flask sees a request: which database it is for, and what a trusted proxy says of it."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from werkzeug.middleware.proxy_fix import ProxyFix

from core.loader import Databases, UnknownDatabase

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Any], Iterable[bytes]]

DATABASE = "girih.database"


class DatabaseOfRequest:
    """Find the database by host or path; `/db/NAME` moves from the path to where every address of a page begins."""

    def __init__(self, app: Wsgi, databases: Databases) -> None:
        self.app, self.databases = app, databases

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        host, path = environ.get("HTTP_HOST", ""), environ.get("PATH_INFO", "")
        try:
            database, prefix = self.databases.for_request(host, path)
        except UnknownDatabase:
            database, prefix = self.databases.default, ""  # no page has such an address: it answers 404
        environ[DATABASE] = database
        if prefix:
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + prefix
            environ["PATH_INFO"] = path[len(prefix) :] or "/"
        return self.app(environ, start_response)


class TrustedProxies:
    """Believe the forwarding headers of the proxies that were named, and of nobody else."""

    def __init__(self, app: Wsgi, networks: Sequence[str]) -> None:
        self.app: Any = app
        self.fixed: Any = ProxyFix(self.app, x_for=1, x_proto=1, x_host=1, x_port=1)
        self.networks = [ipaddress.ip_network(network, strict=False) for network in networks]

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        """Answer a request."""
        app = self.fixed if self._trusts(environ.get("REMOTE_ADDR", "")) else self.app
        answer: Iterable[bytes] = app(environ, start_response)
        return answer

    def _trusts(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self.networks)
