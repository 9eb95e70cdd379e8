"""Pages over HTTP: one reader, eight at once, cards moved, and what the first page weighs."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from tools.bench.client import Client, median_time, per_second
from tools.bench.place import MANAGER, PASSWORD, SALESPERSON, Place
from tools.bench.reads import COLUMNS
from tools.bench.server import Server, serving
from tools.bench.table import Measure, milliseconds

LIST = "/m/crm.lead/list?" + urlencode({"menu": "pipeline", "f": "", "cols": ",".join(COLUMNS)})
BOARD = "/m/crm.lead/kanban?" + urlencode({"menu": "pipeline", "f": ""})
MOVE = "/m/crm.lead/kanban/move?" + urlencode({"menu": "pipeline", "f": ""})
CLIENTS = 8
ROUNDS = 20
BUDGETS = {"list own": 25.0, "kanban own": 35.0, "kanban manager": 60.0}


def logged_in(server: Server, email: str) -> Client:
    """Return a client of a person."""
    client = Client(server.address)
    client.log_in(email, PASSWORD)
    return client


def like(client: Client, server: Server) -> Client:
    """Return another connection of the same person."""
    other = Client(server.address, client.cookies)
    other.token = client.token
    return other


class Cards:
    """Moves cards over the board, each client its own ones."""

    def __init__(self, place: Place, server: Server, person: Client, share: int) -> None:
        self.client = like(person, server)
        stages = place.rows("SELECT id FROM crm_stage WHERE NOT is_won ORDER BY sequence")
        self.stages = [str(one) for (one,) in stages]
        found = place.rows(
            "SELECT id, stage_id FROM crm_lead WHERE user_id = ? AND state = 'open' ORDER BY id DESC LIMIT 800",
            place.salesperson,
        )
        mine = [(str(one), str(stage)) for one, stage in found][share::CLIENTS]
        self.moves = itertools.chain.from_iterable(
            ((card, self.stages[(self.stages.index(stage) + turn) % len(self.stages)]) for card, stage in mine)
            for turn in itertools.cycle((1, 2, 0))
        )

    def move(self) -> bytes:
        """Move the next card."""
        card, to = next(self.moves)
        return self.client.post(MOVE, {"id": card, "to": to})


def measure(place: Place, kind: str, times: int) -> Iterator[Measure]:
    """Measure pages of a server with two workers."""
    with serving(place.url, place.folder) as server:
        people = {"own": logged_in(server, SALESPERSON), "manager": logged_in(server, MANAGER)}
        for name, path in (("list", LIST), ("kanban", BOARD)):
            for who, person in people.items():
                yield from _pages(server, kind, times, f"{name} {who}", path, person)
        yield from _moves(place, server, kind, times, people["own"])


def _pages(server: Server, kind: str, times: int, name: str, path: str, person: Client) -> Iterator[Measure]:
    person.know(person.get(path))
    took = median_time(times, lambda: person.get(path))
    yield milliseconds(f"page: {name}", kind, took, budget=BUDGETS.get(name))
    clients = [like(person, server) for _ in range(CLIENTS)]
    asks: list[Callable[[], object]] = [lambda one=one: one.get(path) for one in clients]  # type: ignore[misc]
    rate = per_second(times * ROUNDS, asks)
    yield Measure(f"page: {name}, 8 clients", kind, rate, "pages/s", budget=100 if name == "list own" else None)
    for one in clients:
        one.close()


def _moves(place: Place, server: Server, kind: str, times: int, person: Client) -> Iterator[Measure]:
    movers = [Cards(place, server, person, share) for share in range(CLIENTS)]
    took = median_time(times, movers[0].move)
    yield milliseconds("stage change with tracking, one client", kind, took, budget=8)
    rate = per_second(times * ROUNDS, [one.move for one in movers])
    yield Measure("stage change with tracking, 8 clients", kind, rate, "/s", budget=260)
    for one in movers:
        one.client.close()
