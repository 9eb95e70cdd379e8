"""The benchmark tells every figure that was promised; how quick the machine of a test is says nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.bed.postgres import VARIABLE
from tests.bed.programs import CHECKOUT
from tools.bench.table import Measure

PROMISED = {
    "list 80 x 10, rows only, own",
    "list 80 x 10, rows only, manager",
    "list 80 x 10 with count and sums, own",
    "list 80 x 10 with count and sums, manager",
    "kanban 4 x 40, own",
    "kanban 4 x 40, manager",
    *(
        f"page: {page} {who}{clients}"
        for page in ("list", "kanban")
        for who in ("own", "manager")
        for clients in ("", ", 8 clients")
    ),
    "stage change with tracking, the writer alone",
    "stage change with tracking, one client",
    "stage change with tracking, 8 clients",
    "create, batches of 1,000 with history",
    "import of CSV, links by name",
    "install of the CRM",
    "cold start to the first page",
    "memory of 2 workers (PSS)",
    "memory of 2 workers and their supervisor (PSS)",
    "first page over the wire",
    "one more database",
}


def test_a_quick_run_tells_every_figure_of_both_databases(postgres_url: str, tmp_path: Path) -> None:
    environment = {**os.environ, VARIABLE: postgres_url, "GIRIH_BENCH": str(tmp_path)}
    words = [sys.executable, "-m", "tools.bench", "--quick"]
    done = subprocess.run(words, cwd=CHECKOUT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    found = json.loads((tmp_path / "quick.json").read_text(encoding="utf-8"))
    assert found["leads"] == 2000
    for kind in ("sqlite", "postgresql"):
        measures = [one for one in found["measures"] if one["database"] == kind]
        assert {one["operation"] for one in measures} == PROMISED
        assert len(measures) == len(PROMISED)
        assert [one["operation"] for one in measures if not one["ours"] > 0] == []
    assert all(one["operation"] in done.stdout for one in found["measures"])


def test_a_figure_is_held_against_its_budget() -> None:
    assert Measure("list", "sqlite", 7.9, "ms", raw=2.0, budget=8).verdict == "ok"
    assert Measure("list", "sqlite", 8.1, "ms", raw=2.0, budget=8).verdict == "missed"
    assert Measure("create", "sqlite", 2501.0, "/s", raw=5002.0, budget=2500).verdict == "ok"
    assert Measure("create", "sqlite", 2499.0, "/s", raw=5002.0, budget=2500).verdict == "missed"
    assert Measure("create", "sqlite", 2000.0, "/s", raw=5000.0).ratio == 2.5
    assert Measure("list", "sqlite", 8.0, "ms", raw=2.0).ratio == 4.0
    assert Measure("list", "sqlite", 8.0, "ms").verdict == ""
