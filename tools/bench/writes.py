"""Writing: a thousand opportunities at a time, and the move of one to another stage, each with its history."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from typing import Any

from addons.crm_lead.models import Lead
from core.operations import commit, create_many, update
from tools.bench.clock import alternate
from tools.bench.data import BATCH
from tools.bench.place import Place
from tools.bench.table import Measure, milliseconds


class Creator:
    """Creates a thousand opportunities with tags and history, ours and then the same rows by the bare driver."""

    def __init__(self, place: Place) -> None:
        self.place, self.made = place, place.opportunities()
        self.numbers = itertools.count(1)
        self.waiting: dict[str, list[list[Any]]] = {}
        self.columns: dict[str, list[str]] = {}

    def ours(self) -> object:
        """Create a batch through the writer."""
        with self.place.context(self.place.manager, write=True) as ctx:
            made = create_many(ctx, Lead, self.batch)
            commit(ctx)
        self.last = made
        return made

    def next(self) -> None:
        """Make ready what is written next, outside of what is measured: values for us, rows for the bare driver."""
        self.batch = self.made.batch(BATCH)

    def copy(self) -> None:
        """Turn what we have just written into rows with other keys."""
        ids = f"({', '.join(map(str, self.last))})"
        top = self.place.rows("SELECT max(id) FROM crm_lead")[0][0]
        moved = {one: top + place for place, one in enumerate(self.last, 1)}
        sources = (
            ("crm_lead", f"id IN {ids}", "id"),
            ("crm_lead_tags", f"record_id IN {ids}", "record_id"),
            ("core_change", f"model = 'crm.lead' AND record_id IN {ids}", "record_id"),
        )
        for table, condition, key in sources:
            self._copy_rows(table, condition, key, moved)
        self.place.skip("crm_lead", len(self.last))

    def _copy_rows(self, table: str, condition: str, key: str, moved: dict[int, int]) -> None:
        cursor = self.place.raw.execute(f"SELECT * FROM {table} WHERE {condition}")
        names = [one[0] for one in cursor.description]
        kept = [name for name in names if not (name == "id" and key != "id")]
        rows = []
        for found in cursor.fetchall():
            row = dict(zip(names, found, strict=True))
            row[key] = moved[row[key]]
            if "document_number" in row:
                row["document_number"] = f"R{next(self.numbers)}"
            rows.append([_written(row[name]) for name in kept])
        self.columns[table], self.waiting[table] = kept, rows

    def raw(self) -> object:
        """Write those rows with the bare driver, in the quickest way it has."""
        self.place.raw.execute("BEGIN")
        for table, rows in self.waiting.items():
            self.place.insert(table, self.columns[table], rows)
        return self.place.raw.execute("COMMIT")


def _written(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


class Mover:
    """Moves an opportunity to the next stage, as its salesperson."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.stages = [one for (one,) in place.rows("SELECT id FROM crm_stage WHERE NOT is_won ORDER BY sequence")]
        found = place.rows(
            "SELECT id, stage_id FROM crm_lead WHERE user_id = ? AND state = 'open' ORDER BY id LIMIT 400",
            place.salesperson,
        )
        self.leads = itertools.cycle([(one, stage) for one, stage in found])
        self.rounds = itertools.count()

    def _next(self) -> tuple[int, int]:
        lead, stage = next(self.leads)
        away = self.stages.index(stage) + 1 + next(self.rounds) // 400
        return lead, self.stages[away % len(self.stages)]

    def ours(self) -> None:
        """Move one through the writer, with what follows from it."""
        lead, stage = self._next()
        with self.place.context(self.place.salesperson, write=True) as ctx:
            update(ctx, Lead, lead, {"stage": stage})
            commit(ctx)

    def raw(self) -> object:
        """Move one with hand-written SQL that keeps the same history."""
        lead, stage = self._next()
        run = self.place.run
        run("BEGIN" if self.place.on_postgresql else "BEGIN IMMEDIATE")
        lock = " FOR UPDATE" if self.place.on_postgresql else ""
        old = self.place.rows(f"SELECT stage_id, version FROM crm_lead WHERE id = ?{lock}", lead)[0]
        run(
            "UPDATE crm_lead SET stage_id = ?, version = version + 1, stage_changed_at = CURRENT_TIMESTAMP, "
            "updated_at = CURRENT_TIMESTAMP, updated_by_id = ? WHERE id = ?",
            *(stage, self.place.salesperson, lead),
        )
        kept = "INSERT INTO core_change_set (kind, user_id, at) VALUES ('request', ?, CURRENT_TIMESTAMP) RETURNING id"
        parent = self.place.rows(kept, self.place.salesperson)[0][0]
        run(
            "INSERT INTO core_change (set_id, model, record_id, operation, version, old, new) "
            "VALUES (?, 'crm.lead', ?, 'u', ?, ?, ?)",
            *(parent, lead, old[1] + 1, json.dumps({"stage": old[0]}), json.dumps({"stage": stage})),
        )
        return run("COMMIT")


def measure(place: Place, kind: str, times: int) -> Iterator[Measure]:
    """Measure creating and moving."""
    mover = Mover(place)
    taken = alternate(times, mover.ours, mover.raw)
    yield milliseconds("stage change with tracking, the writer alone", kind, taken.ours, taken.raw, 8)
    creator = Creator(place)
    taken = alternate(times, creator.ours, creator.raw, before_ours=creator.next, before_raw=creator.copy)
    raw = None if taken.raw is None else BATCH / taken.raw
    yield Measure("create, batches of 1,000 with history", kind, BATCH / taken.ours, "records/s", raw, 2500)
