"""Files as people have them become tables: encodings, separators, workbooks, and what is no table at all."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from core.imports import ImportFault, read_data, read_table
from core.imports.csvfile import guarded
from core.imports.encodings import guessed

NO_TABLE = "a.csv is neither a CSV file nor a workbook (XLSX). Save the table as one of these."
PERSIAN = "نام؛شهر\nشرکت آرمان؛تهران\nصنایع البرز؛کرج\n"
ARABIC_LETTERS = "نام,شهر\nشركت آرمان,تهران\nصنايع البرز,كرج\n"


def told(data: bytes) -> list[str]:
    return [str(note.text) for note in read_data(data, "a.csv").notes]


def cells(data: bytes, **how: Any) -> list[tuple[int, list[Any]]]:
    return [(line.number, list(line.cells)) for line in read_data(data, "a.csv", **how).lines]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (PERSIAN.encode(), "utf-8"),
        (PERSIAN.encode("utf-8-sig"), "utf-8"),
        (PERSIAN.encode("utf-16"), "utf-16"),
        (b"\xff\xfe" + PERSIAN.encode("utf-16-le"), "utf-16"),
        (ARABIC_LETTERS.encode("utf-16-be"), "utf-16-be"),
        (ARABIC_LETTERS.encode("utf-16-le"), "utf-16-le"),
        (ARABIC_LETTERS.encode("cp1256"), "windows-1256"),
        ("name,city\nMüller,Zürich\nJosé,Málaga\nZoë,Århus\n".encode("cp1252"), None),
    ],
)
def test_the_encoding_is_guessed_and_said(data: bytes, encoding: str | None) -> None:
    table = read_data(data, "a.csv")
    if encoding is not None:
        assert str(table.notes[0].text) == f"The encoding is {encoding}."
    assert len(table.columns) == 2
    assert "\ufffd" not in str(table.lines)
    assert not table.columns[0].startswith("\ufeff")


def test_european_letters_are_not_taken_for_persian() -> None:
    data = "name,city\nMüller,Zürich\nJosé,Málaga\n".encode("cp1252")
    assert guessed(data) != "cp1256"
    assert cells(data, encoding="cp1252") == [(2, ["Müller", "Zürich"]), (3, ["José", "Málaga"])]


@pytest.mark.parametrize(
    ("separator", "name"),
    [
        (",", "comma"),
        (";", "semicolon"),
        ("\t", "tab"),
        ("|", "bar"),
        ("؛", "Persian semicolon"),
    ],
)
def test_the_separator_is_guessed_and_said(separator: str, name: str) -> None:
    rows = [["name", "price", "note"], ["Desk", "1,5 and 2", "wide"], ["Chair", "2,5", "soft; red"]]
    quoted = [[f'"{cell}"' if {",", ";"} & set(cell) else cell for cell in row] for row in rows]
    data = "\r\n".join(separator.join(row) for row in quoted).encode()
    assert told(data)[1] == f"Cells are separated by a {name}."
    assert cells(data) == [(2, rows[1]), (3, rows[2])]


def test_line_numbers_are_those_of_the_file() -> None:
    data = b'name,note\n\nDesk,"first\nsecond"\n,\nChair,soft\n'
    assert cells(data) == [(3, ["Desk", "first\nsecond"]), (6, ["Chair", "soft"])]


def test_ragged_lines_are_errors_of_their_own() -> None:
    table = read_data(b"name,note\nDesk\nChair,soft,,\nLamp,bright,new\n", "a.csv")
    assert [(line.number, list(line.cells)) for line in table.lines] == [(3, ["Chair", "soft"])]
    assert [str(fault.sentence()) for fault in table.faults] == [
        f"a.csv, line {line}: The line has {found} cells and the head of the table 2. Look for a missing or a "
        "superfluous separator or quotation mark."
        for line, found in ((2, 1), (4, 3))
    ]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "a.csv is empty."),
        (b" \r\n\t\n", "a.csv is empty."),
        (b"\xef\xbb\xbf", "a.csv is empty."),
        (b",,\n1,2,3\n", "a.csv is empty: there is no line with the names of its columns."),
        (b"name,name\n1,2\n", "a.csv has several columns called “name”. Rename all but one."),
        (b"%PDF-1.7 ...", NO_TABLE),
        (b"\x89PNG\r\n\x1a\n", NO_TABLE),
        (b"PK\x03\x04junk", NO_TABLE),
        (
            b"\x01\x00\x02,\x00\n1,2",
            "a.csv is neither a CSV file nor a workbook (XLSX). Save the table as one of these.",
        ),
    ],
)
def test_what_is_no_table_is_refused(data: bytes, text: str) -> None:
    with pytest.raises(ImportFault) as fault:
        read_data(data, "a.csv")
    assert str(fault.value) == text


def test_an_encoding_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ImportFault, match=r"a\.csv cannot be read as utf-8\. Save it as “CSV UTF-8”"):
        read_data(ARABIC_LETTERS.encode("cp1256"), "a.csv", encoding="utf-8")
    with pytest.raises(ImportFault, match="cannot be read as klingon"):
        read_data(b"name\nx\n", "a.csv", encoding="klingon")


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="cannot be opened: No such file or directory"):
        read_table(tmp_path / "none.csv")


def workbook(*sheets: tuple[str, list[list[Any]]]) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for y, row in enumerate(rows):
                for x, cell in enumerate(row):
                    if isinstance(cell, date):
                        sheet.write_datetime(y, x, cell, day)
                    else:
                        sheet.write(y, x, cell)
    return target.getvalue()


def test_a_workbook_is_read_whatever_its_name() -> None:
    rows = [["Title", "Copies", "Bought", "New"], ["Divan", 12, date(2024, 3, 20), True], ["Odes", 1.5, "", False]]
    table = read_data(workbook(("Books", rows)), "books.csv")
    assert table.columns == ("Title", "Copies", "Bought", "New")
    assert [(line.number, list(line.cells)) for line in table.lines] == [
        (2, ["Divan", 12.0, date(2024, 3, 20), True]),
        (3, ["Odes", 1.5, "", False]),
    ]
    assert table.notes == []


def test_the_sheet_is_chosen_or_the_first_filled_one() -> None:
    data = workbook(("Empty", []), ("One", [["A"], ["x"]]), ("Two", [["B"], ["y"]]))
    table = read_data(data, "b.xlsx")
    assert table.columns == ("A",)
    assert [str(note.text) for note in table.notes] == ["The sheet “One” is read, the first one that is not empty."]
    assert read_data(data, "b.xlsx", sheet="Two").columns == ("B",)
    with pytest.raises(ImportFault, match=r"b\.xlsx has no sheet “Three”\. Its sheets are: Empty, One, Two\."):
        read_data(data, "b.xlsx", sheet="Three")
    with pytest.raises(ImportFault, match=r"The sheet “Empty” of b\.xlsx is empty\."):
        read_data(data, "b.xlsx", sheet="Empty")


@pytest.mark.parametrize("cell", ["=1+1", "+98 21", "-5", "@me", "\tx"])
def test_a_guarded_formula_is_read_back_as_it_was(cell: str) -> None:
    assert guarded(cell) == f"'{cell}"
    assert cells(f'name,note\n"{guarded(cell)}",x\n'.encode())[0][1][0] == cell
    assert cells(b"name,note\n'quoted',x\n")[0][1][0] == "'quoted'"
