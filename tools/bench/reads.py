"""Reading: a list of eighty rows and a board of four columns, as plain data, beside hand-written SQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from addons.crm_lead.models import Lead
from core.queries import page
from core.views import kanban, lists
from core.views.state import read_state
from tools.bench.clock import alternate
from tools.bench.place import Place
from tools.bench.table import Measure, milliseconds

COLUMNS = (
    *("name", "contact", "stage", "user", "expected_revenue"),
    *("expected_closing", "priority", "probability", "state", "document_number"),
)
ALL = {"menu": ["pipeline"], "f": [""]}
OWN = "AND (l.user_id = ? OR l.created_by_id = ? OR l.user_id IS NULL)"
LIST = """
SELECT l.id, l.name, l.contact_id, c.name, l.stage_id, s.name, l.user_id, u.name, l.expected_revenue,
       l.expected_closing, l.priority, l.probability, l.state, l.document_number
FROM crm_lead l LEFT JOIN contacts_contact c ON c.id = l.contact_id
LEFT JOIN crm_stage s ON s.id = l.stage_id LEFT JOIN core_user u ON u.id = l.user_id
WHERE l.kind = 'opportunity' AND l.active {own} ORDER BY l.id DESC LIMIT 80"""
COUNT = "SELECT count(*) FROM (SELECT 1 FROM crm_lead l WHERE l.kind = 'opportunity' AND l.active {own} LIMIT 10001) l"
SUMS = """
SELECT l.stage_id, count(*), sum(l.expected_revenue) FROM crm_lead l
WHERE l.kind = 'opportunity' AND l.active {own} GROUP BY l.stage_id"""
CARDS = """
SELECT l.id, l.name, c.name, l.expected_revenue, l.expected_closing, l.priority, u.name
FROM crm_lead l LEFT JOIN contacts_contact c ON c.id = l.contact_id LEFT JOIN core_user u ON u.id = l.user_id
WHERE l.stage_id = ? AND l.kind = 'opportunity' AND l.active {own} ORDER BY l.priority DESC, l.id DESC LIMIT 40"""
TAGS = """
SELECT t.record_id, g.name, g.color FROM crm_lead_tags t JOIN crm_tag g ON g.id = t.other_id
WHERE t.record_id IN """


class Reader:
    """One person's list and board."""

    def __init__(self, place: Place, user: int, *, limited: bool) -> None:
        self.place, self.user = place, user
        self.own = OWN if limited else ""
        self.me: tuple[int, ...] = (user, user) if limited else ()

    def rows(self) -> object:
        """Read the rows of the list, without anything around them."""
        with self.place.context(self.user) as ctx:
            found = page(ctx, Lead, COLUMNS, ["kind", "=", "opportunity"], ["-id"])
            assert len(found) == 80
            return found

    def raw_rows(self) -> object:
        """Read the same with the bare driver."""
        return self.place.rows(LIST.format(own=self.own), *self.me)

    def whole_list(self) -> object:
        """Read the list as its page shows it: rows, count, sums, filters, cells."""
        with self.place.context(self.user) as ctx:
            return lists.load(ctx, Lead, self._state(ctx, "list", cols=[",".join(COLUMNS)]))

    def raw_whole_list(self) -> object:
        """Read rows and count with the bare driver."""
        return self.raw_rows(), self.place.rows(COUNT.format(own=self.own), *self.me)

    def board(self) -> object:
        """Read the board as its page shows it."""
        with self.place.context(self.user) as ctx:
            return kanban.load(ctx, Lead, self._state(ctx, "kanban"))

    def raw_board(self) -> object:
        """Read counts, sums, cards and tags with the bare driver."""
        heads = self.place.rows(SUMS.format(own=self.own), *self.me)
        cards = [row for head in heads for row in self.place.rows(CARDS.format(own=self.own), head[0], *self.me)]
        marks = ", ".join("?" * len(cards))
        return heads, cards, self.place.rows(f"{TAGS} ({marks})", *(card[0] for card in cards))

    def _state(self, ctx: Any, view: str, **told: list[str]) -> Any:
        return read_state(ctx.registry, Lead, view, {**ALL, **told}, "")


def measure(place: Place, kind: str, times: int) -> Iterator[Measure]:
    """Measure reading for a salesperson, who sees own documents, and for a manager, who sees all."""
    for who, user, board in (("own", place.salesperson, 35), ("manager", place.manager, 60)):
        reader = Reader(place, user, limited=who == "own")
        taken = alternate(times, reader.rows, reader.raw_rows)
        yield milliseconds(f"list 80 x 10, rows only, {who}", kind, taken.ours, taken.raw, 8)
        taken = alternate(times, reader.whole_list, reader.raw_whole_list)
        yield milliseconds(f"list 80 x 10 with count and sums, {who}", kind, taken.ours, taken.raw)
        taken = alternate(times, reader.board, reader.raw_board)
        yield milliseconds(f"kanban 4 x 40, {who}", kind, taken.ours, taken.raw, board)
