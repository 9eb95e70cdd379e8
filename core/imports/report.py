"""The lines an import could not take, as a CSV file to be mended and imported again."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from core.i18n import _

from .cells import as_text
from .csvfile import guarded
from .prepare import Rejected


def write_report(path: Path, rejected: Sequence[Rejected]) -> None:
    """Write the lines with their cells as they were, the reasons after them."""
    columns = list(dict.fromkeys(column for one in rejected for column in one.table.columns))
    head = [*columns, str(_("File")), str(_("Line")), str(_("Errors"))]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([guarded(cell) for cell in head])
        for one in rejected:
            cells = dict(zip(one.table.columns, map(as_text, one.line.cells), strict=False))
            reasons = " ".join(map(str, one.reasons))
            row = [*(cells.get(column, "") for column in columns), one.table.name, str(one.line.number), reasons]
            writer.writerow([guarded(cell) for cell in row])
