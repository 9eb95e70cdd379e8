"""What a server takes of a machine: to install, to start, to remember, to send, and for one database more."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator

from core.loader import Database, install, set_up
from tests.bed.browser import running_browser
from tools.bench.client import Client
from tools.bench.clock import alternate
from tools.bench.pages import BOARD, LIST, logged_in
from tools.bench.place import MANAGER, PASSWORD, Place, answers, open_database, prepare
from tools.bench.server import Server, serving
from tools.bench.store import FOLDER, Store
from tools.bench.table import Measure

PAGES = (BOARD, LIST, "/m/crm.lead/new", "/m/contacts.contact/list")
MORE_DATABASES = 8
MEGABYTE = 1_000_000


def measure(place: Place, store: Store, kind: str, times: int) -> Iterator[Measure]:
    """Measure everything that is not the time of a page."""
    yield from _installing(store, kind, min(times, 5))
    yield from _starting(place, kind, min(times, 5))
    yield from _remembering(place, kind, times)
    yield _more_databases(store, kind, times)


def _installing(store: Store, kind: str, times: int) -> Iterator[Measure]:
    """Install the CRM with what it stands on in a database that has the kernel only."""
    numbers = itertools.count()
    opened: list[Database] = []

    def kernel_only() -> None:
        opened.append(open_database(store.empty(f"install{next(numbers)}"), FOLDER))
        set_up(opened[-1], answers(()))

    took = alternate(times, lambda: install(opened[-1], ["crm_lead"]), before_ours=kernel_only).ours
    for database in opened:
        database.close()
    yield Measure("install of the CRM", kind, took, "s", budget=3.0)


def _starting(place: Place, kind: str, times: int) -> Iterator[Measure]:
    """Start the program and open the board of somebody who was logged in yesterday."""
    with serving(place.url, place.folder) as server:
        cookies = logged_in(server, MANAGER).cookies
    taken = []
    for _ in range(times):
        with serving(place.url, place.folder) as server:
            client = Client(server.address, cookies)
            client.get(BOARD)
            taken.append(time.perf_counter() - server.began)
            client.close()
    yield Measure("cold start to the first page", kind, sorted(taken)[len(taken) // 2], "s", budget=1.2)


def _remembering(place: Place, kind: str, times: int) -> Iterator[Measure]:
    """Weigh the server after it has served each kind of page for a while, and its first page."""
    with serving(place.url, place.folder) as server:
        person = logged_in(server, MANAGER)
        visit(server, person.cookies, rounds=times)
        workers, whole = server.memory(), server.memory(supervisor=True)
        if workers is not None and whole is not None:
            yield Measure("memory of 2 workers (PSS)", kind, workers / MEGABYTE, "MB", budget=150)
            yield Measure("memory of 2 workers and their supervisor (PSS)", kind, whole / MEGABYTE, "MB")
        yield Measure("first page over the wire", kind, weight(server, person.cookies) / 1000, "kB", budget=330)


def visit(server: Server, cookies: dict[str, str], root: str = "", *, rounds: int) -> None:
    """Open each kind of page several times, on connections enough to reach both workers."""
    for client in [Client(server.address, cookies) for _ in range(8)]:
        for _ in range(rounds):
            for page in PAGES:
                client.get(root + page)
        client.close()


def weight(server: Server, cookies: dict[str, str]) -> float:
    """Return the bytes a browser that was never here receives to show the board."""
    with running_browser() as browser:
        context = browser.new_context()
        context.add_cookies([{"name": name, "value": value, "url": server.address} for name, value in cookies.items()])
        page = context.new_page()
        talk = context.new_cdp_session(page)
        received: list[float] = []
        talk.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
        talk.send("Network.enable")
        page.goto(server.address + BOARD, wait_until="networkidle")
        context.close()
    return sum(received)


def _more_databases(store: Store, kind: str, times: int) -> Measure:
    """Serve further small databases, and share what came with them among them."""
    first = store.empty("small")
    prepare(first, FOLDER, 100)
    names = [f"more{place}" for place in range(min(times, MORE_DATABASES))]
    named = ";".join(f"{name}={store.another(first, name)}" for name in names)
    with serving(first, FOLDER, GIRIH_DATABASES=named) as server:
        visit(server, logged_in(server, MANAGER).cookies, rounds=times)
        before = server.memory(supervisor=True) or 0
        for name in names:
            client, root = Client(server.address), f"/db/{name}"
            client.log_in(MANAGER, PASSWORD, root)
            visit(server, client.cookies, root, rounds=5)
        after = server.memory(supervisor=True) or 0
    return Measure("one more database", kind, (after - before) / len(names) / MEGABYTE, "MB", budget=3.0)
