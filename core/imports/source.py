"""Files to tables, by what is in them: sheets of a workbook, or CSV; the ending of the name is not asked."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, load_workbook

from core.i18n import _

from .csvfile import read_csv
from .outcome import ImportFault
from .table import Line, Table, table_of

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
OTHERS = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"SQLite format 3", b"\x7fELF", b"{\\rtf")
LARGEST = 512 * 1024 * 1024


def read_table(
    path: Path, encoding: str | None = None, separator: str | None = None, sheet: str | None = None
) -> Table:
    """Read a file of records; ImportFault says why it cannot be one."""
    try:
        if path.stat().st_size > LARGEST:
            raise ImportFault(_("%(file)s is too large. Divide it into several files.", file=path.name))
        data = path.read_bytes()
    except OSError as fault:
        words = {"file": str(path), "reason": fault.strerror or ""}
        raise ImportFault(_("%(file)s cannot be opened: %(reason)s.", **words)) from None
    return read_data(data, path.name, encoding, separator, sheet)


def read_data(
    data: bytes, name: str, encoding: str | None = None, separator: str | None = None, sheet: str | None = None
) -> Table:
    """Read the content of a file of records."""
    if not data:
        raise ImportFault(_("%(file)s is empty.", file=name))
    if data.startswith(WORKBOOKS):
        return _read_workbook(data, name, sheet)
    if data.startswith(OTHERS):
        raise ImportFault(_no_table(name))
    table = read_csv(data, name, encoding, separator)
    if any("\x00" in column or "\ufffd" in column for column in table.columns):
        raise ImportFault(_no_table(name))
    return table


def _no_table(name: str) -> Any:
    return _("%(file)s is neither a CSV file nor a workbook (XLSX). Save the table as one of these.", file=name)


def _read_workbook(data: bytes, name: str, sheet: str | None) -> Table:
    try:
        book = load_workbook(io.BytesIO(data))
        chosen = _sheet(book, name, sheet)
        rows = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError):
        raise ImportFault(_no_table(name)) from None
    filled = [Line(number, row) for number, row in enumerate(rows, 1) if any(cell != "" for cell in row)]
    if not filled:
        raise ImportFault(_("The sheet “%(sheet)s” of %(file)s is empty.", sheet=chosen, file=name))
    table = table_of(name, filled[0].cells, filled[1:])
    if sheet is None and len(book.sheet_names) > 1:
        table.guessed(_("The sheet “%(sheet)s” is read, the first one that is not empty.", sheet=chosen))
    return table


def _sheet(book: CalamineWorkbook, name: str, wanted: str | None) -> str:
    names = book.sheet_names
    if wanted is not None and wanted not in names:
        words = {"file": name, "sheet": wanted, "sheets": ", ".join(names)}
        raise ImportFault(_("%(file)s has no sheet “%(sheet)s”. Its sheets are: %(sheets)s.", **words))
    if wanted is None:
        filled = (one for one in names if book.get_sheet_by_name(one).total_height)
        return next(filled, names[0])
    return wanted
