"""CSV files as people have them: any encoding, any separator, the Persian ones too."""

from __future__ import annotations

import csv
import io
from collections import Counter
from itertools import islice

from core.i18n import _

from .encodings import decoded
from .outcome import ImportFault
from .table import Line, Table, table_of

SEPARATORS = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("bar"), "؛": _("Persian semicolon")}
SEPARATORS |= {"،": _("Persian comma")}
SAMPLE_LINES = 100
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def read_csv(data: bytes, name: str, encoding: str | None = None, separator: str | None = None) -> Table:
    """Read a CSV file, saying what had to be guessed."""
    text, spelt = decoded(data, name, encoding)
    if not text.strip("\ufeff\x00 \r\n\t"):
        raise ImportFault(_("%(file)s is empty.", file=name))
    chosen = separator or guess_separator(text)
    rows = _rows(text.removeprefix("\ufeff"), chosen, name)
    table = table_of(name, rows[0].cells, rows[1:])
    if encoding is None:
        table.guessed(_("The encoding is %(encoding)s.", encoding=spelt))
    if separator is None:
        table.guessed(_("Cells are separated by a %(separator)s.", separator=SEPARATORS[chosen]))
    return table


def guess_separator(text: str) -> str:
    """Return the separator that cuts the first lines into the same number of cells, the more the better."""
    sample = text.splitlines()[:SAMPLE_LINES]
    best, found = (0.0, 0), ","
    for separator in SEPARATORS:
        widths = [len(row) for row in islice(csv.reader(sample, delimiter=separator), SAMPLE_LINES) if row]
        width, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
        score = (times / len(widths) if width > 1 else 0.0, width)
        if score > best:
            best, found = score, separator
    return found


def _rows(text: str, separator: str, name: str) -> list[Line]:
    """Return the lines with the numbers at which they begin; a cell may run over several."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    rows: list[Line] = []
    begins = 1
    try:
        for cells in reader:
            if cells:
                rows.append(Line(begins, [unguarded(cell) for cell in cells]))
            begins = reader.line_num + 1
    except csv.Error:
        text_ = _(
            "%(file)s cannot be read from line %(line)s on: a quotation mark does not end.", file=name, line=begins
        )
        raise ImportFault(text_) from None
    return rows


def unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA and cell[1:2] else cell


def guarded(cell: str) -> str:
    """Return a cell as it may be written into a file that somebody opens in a spreadsheet."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell
