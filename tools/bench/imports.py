"""An import of ten thousand lines whose customers, stages and salespeople are named, with every check."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from core.imports import parse_map, read_steps, run
from core.operations import rollback
from tools.bench.clock import alternate
from tools.bench.place import Place
from tools.bench.table import Measure

LINES = 10_000
MAP = """
name = "bench"
[[file]]
model = "crm.lead"
[file.fields]
name = "title"
contact = "customer"
stage = "stage"
user = "salesperson"
expected_revenue = "value"
expected_closing = { column = "closing", dates = "ymd" }
"""
HEAD = ("title", "customer", "stage", "salesperson", "value", "closing")
ROWS = ("name", "contact_id", "stage_id", "user_id", "expected_revenue", "expected_closing")
FIXED_NAMES = ("kind", "priority", "state", "document_date", "active")
FIXED = ("opportunity", 0, "open", "2026-01-01", True)


class Importer:
    """Imports one file, ours and then by hand; all of it is taken back each time."""

    def __init__(self, place: Place, lines: int) -> None:
        self.place, self.lines = place, lines
        self.path = place.folder / f"import-{lines}.csv"
        _write(place, self.path, lines)

    def ours(self) -> None:
        """Import with map, links by name, checks, hooks and history."""
        with self.place.context(self.place.manager, write=True) as ctx:
            map_ = parse_map(MAP, "bench.toml")
            imported = run(ctx, map_, read_steps(ctx, map_, [self.path]))
            assert imported.outcome.written, imported.outcome
            rollback(ctx)

    def raw(self) -> object:
        """Look the names up and insert the rows, without checks or history."""
        tables = {"contact_id": "contacts_contact", "stage_id": "crm_stage", "user_id": "core_user"}
        found = {key: dict(self.place.rows(f"SELECT name, id FROM {table}")) for key, table in tables.items()}
        top = self.place.rows("SELECT max(id) FROM crm_lead")[0][0]
        with self.path.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            next(lines)
            rows = [
                [
                    top + place,
                    title,
                    found["contact_id"][who],
                    found["stage_id"][stage],
                    found["user_id"][user],
                    *rest,
                    *FIXED,
                ]
                for place, (title, who, stage, user, *rest) in enumerate(lines, 1)
            ]
        self.place.run("BEGIN")
        named = ["id", *ROWS, *FIXED_NAMES]
        self.place.insert("crm_lead", named, rows)
        return self.place.run("ROLLBACK")


def _write(place: Place, path: Path, lines: int) -> None:
    chance = random.Random(5)
    customers = [name for (name,) in place.rows("SELECT name FROM contacts_contact ORDER BY id")]
    stages = [name for (name,) in place.rows("SELECT name FROM crm_stage WHERE NOT is_won ORDER BY sequence")]
    sells = "SELECT name FROM core_user WHERE id IN (SELECT user_id FROM crm_lead) ORDER BY id"
    people = [name for (name,) in place.rows(sells)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEAD)
        for number in range(lines):
            value, day = chance.randrange(100, 100_000), f"2026-{chance.randrange(1, 13):02d}-15"
            named = (chance.choice(customers), chance.choice(stages), chance.choice(people))
            writer.writerow((f"Imported {number}", *named, value, day))


def measure(place: Place, kind: str, times: int) -> Iterator[Measure]:
    """Measure an import."""
    lines = min(LINES, place.leads // 10)
    importer = Importer(place, lines)
    taken = alternate(min(times, 5), importer.ours, importer.raw)
    raw = None if taken.raw is None else lines / taken.raw
    yield Measure("import of CSV, links by name", kind, lines / taken.ours, "rows/s", raw, 3500)
