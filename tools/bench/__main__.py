"""Measure everything, print the table, keep the figures in `var/bench/result.json`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator

from tools.bench import imports, machine, pages, reads, writes
from tools.bench.data import LEADS
from tools.bench.place import Place, prepare
from tools.bench.store import FOLDER, opened
from tools.bench.table import Measure, keep, show
from tools.ground import say

KINDS = ("postgresql", "sqlite")
TIMES = 30
FEW_LEADS, FEW_TIMES = 2_000, 2
BUSY = 0.5
PARTS = ("reads", "pages", "machine", "imports", "writes")


def main() -> int:
    """Measure what the arguments ask for; missed budgets are told, and are no failure of the command."""
    told = _arguments()
    leads, times = (FEW_LEADS, FEW_TIMES) if told.quick else (LEADS, TIMES)
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    if load > BUSY:
        say(f"this machine is busy (load {load:.1f}): the figures will be worse than they are")
    found = list(_all(told.databases or KINDS, told.parts or PARTS, leads, times, fresh=told.fresh))
    show(found)
    path = FOLDER / ("quick.json" if told.quick else "result.json")
    keep(path, found, leads=leads, times=times, load=load)
    say(f"the figures are in {path}")
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="little data, few rounds: to see that it works")
    parser.add_argument("--fresh", action="store_true", help="make the prepared databases anew")
    parser.add_argument("--database", dest="databases", action="append", choices=KINDS, help="only this kind")
    parser.add_argument("--part", dest="parts", action="append", choices=PARTS, help="only this part")
    return parser.parse_args()


def _all(kinds: tuple[str, ...], parts: tuple[str, ...], leads: int, times: int, *, fresh: bool) -> Iterator[Measure]:
    for kind in kinds:
        with opened(kind, f"leads-{leads}", fresh=fresh) as store:
            url = store.copy(lambda url: prepare(url, FOLDER, leads))
            place = Place(url, FOLDER, leads)
            say(f"measuring {kind}")
            if "reads" in parts:
                yield from reads.measure(place, kind, times)
            if "pages" in parts:
                yield from pages.measure(place, kind, times)
            if "machine" in parts:
                yield from machine.measure(place, store, kind, times)
            if "imports" in parts:
                yield from imports.measure(place, kind, times)
            if "writes" in parts:
                yield from writes.measure(place, kind, times)
            place.close()


if __name__ == "__main__":
    sys.exit(main())
