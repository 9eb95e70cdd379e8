"""Imports into the shelf, on both databases: all or nothing, links by name, updates by key, rights, blame by line."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import sqlalchemy as sa

from core.context import Context, Work
from core.errors import NotAllowed
from core.imports import Imported, ImportFault, parse_map, plan_without_map, read_data, run, write_report
from core.models import ChangeSet
from core.operations import commit, create, create_many, update
from core.queries import count, ids, page
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.shelf_house import Book, House, Label, Loan, Member, make_house

MEMBERS = """
name = "members"
[[file]]
model = "shelf.member"
key = "card"
[file.fields]
name = "name"
city = "city"
"shelf.number" = "card"
sponsor = { column = "sponsor", by = "key" }
"""
BOOKS = """
name = "books"
[[file]]
model = "shelf.book"
key_field = "isbn"
[file.fields]
title = "title"
isbn = "isbn"
price = "price"
labels = { column = "labels", create = true, with = { color = 3 } }
"""
LOANS = """
name = "loans"
[[file]]
model = "shelf.loan"
key = ["book", "lent"]
skip = [{ column = "note", values = ["test"] }, { column = "member", empty = true }]
[file.fields]
book = "book"
member = { column = "member", create = true, with = { city = "Rasht" } }
lent_on = "lent"
due_on = "due"
"""


@pytest.fixture
def house(database_kind: Kind, fresh_database: FreshDatabase) -> Iterator[House]:
    url = fresh_database(database_kind)
    house = make_house(url)
    yield house
    house.engine.dispose()


def bring(ctx: Context, map_text: str, *tables: str, **how: Any) -> Imported:
    map_ = parse_map(map_text, "m.toml")
    steps = [
        (part, read_data(dedent(table).strip().encode(), f"{number}.csv"))
        for number, (part, table) in enumerate(zip(map_.file, tables, strict=True), 1)
    ]
    return run(ctx, map_, steps, **how)


def faults(imported: Imported) -> list[tuple[int, str, str]]:
    return [(fault.line, fault.column, str(fault.message)) for fault in imported.outcome.faults]


def counts(imported: Imported) -> tuple[int, int, int, int]:
    told = imported.outcome.files[-1]
    return told.new, told.changed, told.unchanged, told.failed


def notes(imported: Imported, kind: str) -> list[str]:
    return [str(note.text) for note in imported.outcome.notes if note.kind == kind]


NO_NUMBER = "“cheap” is not a number. Write it with digits only, for example 1234.5."
LOAN_COLUMNS = "book,member,lent,due,note\n"
BOOK_COLUMNS = "title,isbn,price,labels\n"
THREE = """
    card,name,city,sponsor
    A1,Arman,Tehran,A3
    A2,Bita,,A1
    A3,Cyrus,Rasht,
"""


def test_records_are_made_with_links_among_themselves_and_in_extensions(house: House) -> None:
    with house.as_("admin", work=Work("import", "members")) as ctx:
        assert counts(bring(ctx, MEMBERS, THREE)) == (3, 0, 0, 0)
        commit(ctx)
        rows = page(ctx, Member, ["name", "city", "sponsor", "shelf.number", "created_by"], order=["name"])
        assert [(r["name"], r["city"], r["sponsor"] and r["sponsor"].title, r["shelf.number"]) for r in rows] == [
            ("Arman", "Tehran", "Cyrus", "A1"),
            ("Bita", None, "Arman", "A2"),
            ("Cyrus", "Rasht", None, "A3"),
        ]
        assert {row["created_by"].title for row in rows} == {"admin"}
        with ctx.sudo("change sets") as system:
            sets = system.session.execute(sa.select(ChangeSet.kind, ChangeSet.note).order_by(ChangeSet.id)).all()
        assert sets[-1] == ("import", "members")
        assert [one.kind for one in sets].count("import") == 1


def test_the_same_file_again_changes_nothing_and_another_one_what_differs(house: House) -> None:
    with house.as_("admin") as ctx:
        bring(ctx, MEMBERS, THREE)
        commit(ctx)
        again = bring(ctx, MEMBERS, THREE)
        assert (counts(again), again.outcome.written) == ((0, 0, 3, 0), False)
        other = bring(ctx, MEMBERS, THREE.replace("Tehran", "Yazd").replace("Bita,,A1", "Bita B.,,A3") + "A4,Dena,,A2")
        assert counts(other) == (1, 2, 1, 0)
        rows = page(ctx, Member, ["name", "city", "sponsor"], order=["name"])
        assert [(row["name"], row["city"], row["sponsor"] and row["sponsor"].title) for row in rows] == [
            ("Arman", "Yazd", "Cyrus"),
            ("Bita B.", None, "Cyrus"),
            ("Cyrus", "Rasht", None),
            ("Dena", None, "Bita B."),
        ]


def test_an_empty_cell_says_nothing_unless_the_map_says_that_it_clears(house: House) -> None:
    with house.as_("admin") as ctx:
        bring(ctx, MEMBERS, THREE)
        empty = THREE.replace("Tehran", "")
        assert counts(bring(ctx, MEMBERS, empty)) == (0, 0, 3, 0)
        clearing = MEMBERS.replace('city = "city"', 'city = { column = "city", clear = true }')
        assert counts(bring(ctx, clearing, empty)) == (0, 1, 2, 0)
        assert page(ctx, Member, ["city"], ["name", "=", "Arman"])[0]["city"] is None


def test_a_value_for_new_records_only(house: House) -> None:
    once = MEMBERS.replace('city = "city"', 'city = { column = "city", once = true }')
    with house.as_("admin") as ctx:
        bring(ctx, once, THREE)
        assert counts(bring(ctx, once, THREE.replace("Tehran", "Yazd"))) == (0, 0, 3, 0)


def test_known_again_by_a_unique_field_and_tags_made_when_missing(house: House) -> None:
    table = 'title,isbn,price,labels\nDivan,111,"1,200.50","poems, old"\nShahnameh,222,9,poems\n'
    with house.as_("manager") as ctx:
        create(ctx, Book, {"title": "Divan of Hafez", "isbn": "111"})
        create(ctx, Label, {"name": "Poems"})
        first = bring(ctx, BOOKS, table)
        assert counts(first) == (1, 1, 0, 0)
        assert first.outcome.files[0].linked == {"shelf.label": 1}
        assert notes(first, "created") == ["New records of Labels, 1 in number: old"]
        rows = page(ctx, Book, ["title", "price", "labels"], order=["isbn"])
        assert [(r["title"], r["price"], [label.title for label in r["labels"]]) for r in rows] == [
            ("Divan", Decimal("1200.50"), ["Poems", "old"]),
            ("Shahnameh", Decimal("9.00"), ["Poems"]),
        ]
        assert page(ctx, Label, ["color"], ["name", "=", "old"])[0]["color"] == 3
        assert counts(bring(ctx, BOOKS, table)) == (0, 0, 2, 0)


def test_every_error_is_told_by_line_and_column_and_nothing_is_written(house: House) -> None:
    table = "title,isbn,price,labels\nDivan,111,cheap,\n,222,5,\nOdes,333,1,\nMasnavi,333,1,\nSaadi,12345678901234,1,\n"
    with house.as_("manager") as ctx:
        imported = bring(ctx, BOOKS, table)
        assert faults(imported) == [
            (2, "price", NO_NUMBER),
            (5, "isbn", "“333” stands on line 4 already."),
            (6, "isbn", "“ISBN” holds at most 13 characters."),
            (3, "title", "“Title” is needed."),
        ]
        assert not imported.outcome.written
        commit(ctx)
        assert count(ctx, Book) == 0


def test_with_errors_skipped_the_good_lines_stay_and_a_report_holds_the_others(house: House, tmp_path: Path) -> None:
    table = "title,isbn,price,labels\nDivan,111,cheap,=1+1\nOdes,333,1,\n"
    with house.as_("manager") as ctx:
        imported = bring(ctx, BOOKS, table, skip_errors=True)
        commit(ctx)
        assert (counts(imported), imported.outcome.written) == ((1, 0, 0, 1), True)
        assert [row["title"] for row in page(ctx, Book, ["title"])] == ["Odes"]
    write_report(tmp_path / "report.csv", imported.rejected)
    assert (tmp_path / "report.csv").read_text("utf-8-sig").splitlines() == [
        "title,isbn,price,labels,File,Line,Errors",
        f'Divan,111,cheap,\'=1+1,1.csv,2,"price: {NO_NUMBER}"',
    ]


def test_what_the_database_refuses_is_blamed_on_its_line(house: House) -> None:
    lines = [f"Divan,Bita,2026-{month:02}-{day:02},2027-01-01," for month in range(1, 6) for day in range(1, 13)]
    lines[40] = "Divan,Bita,2026-11-20,2026-11-01,"
    with house.as_("admin") as ctx:
        create(ctx, Book, {"title": "Divan"})
        create(ctx, Member, {"name": "Bita"})
        imported = bring(ctx, LOANS, LOAN_COLUMNS + "\n".join(lines))
        assert faults(imported) == [(42, "", "A loan cannot be due before it begins.")]
        assert counts(imported) == (59, 0, 0, 1)
        commit(ctx)
        assert count(ctx, Loan) == 0


def test_a_unique_value_that_is_taken_is_blamed_on_its_line(house: House) -> None:
    plain = BOOKS.replace('key_field = "isbn"\n', "")
    table = BOOK_COLUMNS + "\n".join(f"Book {n},{n},1," for n in range(50))
    with house.as_("manager") as ctx:
        create(ctx, Book, {"title": "Divan", "isbn": "7"})
        imported = bring(ctx, plain, table)
        assert faults(imported) == [(9, "isbn", "There is already a record with this value.")]
        assert (counts(imported), count(ctx, Book)) == ((49, 0, 0, 1), 1)


def test_unknown_and_doubtful_links(house: House) -> None:
    bare = LOANS.replace(', create = true, with = { city = "Rasht" }', "")
    with house.as_("admin") as ctx:
        create(ctx, Book, {"title": "Divan"})
        create_many(ctx, Member, [{"name": name} for name in ("Bita", "Arman Tehrani", "Dena", "Dena")])
        lines = ["Divan,Armaan Tehrani,2026-01-01,", "Divan,Dena,2026-01-02,", "Odes,bita,2026-01-03,"]
        imported = bring(ctx, bare, LOAN_COLUMNS + "\n".join(f"{line}2026-02-01," for line in lines))
        assert faults(imported) == [
            (2, "member", "There is no “Armaan Tehrani” among the Members. Is “Arman Tehrani” meant?"),
            (3, "member", "2 Members are called “Dena”; it cannot be said which one is meant."),
            (4, "book", "There is no “Odes” among the Books that you may see."),
        ]


def test_missing_linked_records_are_made_and_lines_left_out(house: House) -> None:
    table = """
        book,member,lent,due,note
        Divan,Bita,2026-01-01,2026-02-01,
        Divan,Nika,2026-01-02,2026-02-01,
        Divan,Nika,2026-01-03,2026-02-01,test
        Divan,,2026-01-04,2026-02-01,
    """
    with house.as_("admin") as ctx:
        create(ctx, Book, {"title": "Divan"})
        create(ctx, Member, {"name": "Bita"})
        imported = bring(ctx, LOANS, dedent(table).replace("        ", ""))
        assert counts(imported) == (2, 0, 0, 0)
        assert imported.outcome.files[0].skipped == 2
        rows = page(ctx, Loan, ["member.name", "member.city"], order=["id"])
        assert [(row["member.name"], row["member.city"]) for row in rows] == [("Bita", None), ("Nika", "Rasht")]


def test_a_circle_of_links_is_refused(house: House) -> None:
    with house.as_("admin") as ctx:
        imported = bring(ctx, MEMBERS, "card,name,city,sponsor\nA1,Arman,,A2\nA2,Bita,,A1\nA3,Cyrus,,\n")
        text = "This line points to itself, directly or over other lines."
        assert faults(imported) == [(2, "", text), (3, "", text)]


def test_a_line_that_fails_takes_those_that_point_to_it_along(house: House) -> None:
    with house.as_("admin") as ctx:
        create(ctx, Member, {"name": "Old", "shelf.number": "A1"})
        imported = bring(
            ctx, MEMBERS, "card,name,city,sponsor\nA1,Arman,,\nA2,Bita,,A1\nA3,Cyrus,,\n", skip_errors=True
        )
        assert counts(imported) == (1, 0, 0, 2)
        assert faults(imported) == [
            (2, "card", "There is already a record with this value."),
            (3, "", "It points to “A1”, which could not be imported."),
        ]


def test_a_trial_tells_everything_and_writes_nothing(house: House) -> None:
    with house.as_("admin") as ctx:
        imported = bring(ctx, MEMBERS, THREE, dry_run=True)
        assert (counts(imported), imported.outcome.written) == ((3, 0, 0, 0), False)
        assert ctx.work.changes == []
        assert ctx.work.change_set is None
        commit(ctx)
        assert count(ctx, Member) == 0


def test_rights_are_those_of_the_person(house: House) -> None:
    with house.as_("second") as ctx:
        bring(ctx, MEMBERS, THREE)
        commit(ctx)
        mine = ids(ctx, Member, order=["name"])
    with house.as_("first") as ctx:
        imported = bring(ctx, MEMBERS, THREE.replace("Tehran", "Yazd"))
        assert [text for _line, _column, text in faults(imported)] == [
            "You may not see the record this line is about."
        ] * 3
        with pytest.raises(NotAllowed, match="You have no right to create or change Users"):
            bring(ctx, 'name = "u"\n[[file]]\nmodel = "core.user"\n[file.fields]\nname = "name"', "name\nEva\n")
    with house.as_("manager") as ctx:
        update(ctx, Member, mine[0], {"owner": None})
        commit(ctx)
    with house.as_("first") as ctx:
        loans = bring(ctx, LOANS.replace(", create = true", ""), LOAN_COLUMNS + "x,Bita,2026-01-01,2026-02-01,\n")
        assert (2, "member", "There is no “Bita” among the Members that you may see.") in faults(loans)


def wrong(house: House, map_text: str, table: str) -> str:
    with house.as_("manager") as ctx, pytest.raises(ImportFault) as fault:
        bring(ctx, map_text, table)
    return str(fault.value)


def test_a_map_that_does_not_fit_is_refused_before_anything_is_read(house: House) -> None:
    assert wrong(house, BOOKS, "title,isbn,cost,labels\n") == (
        "1.csv has no column “price”. Its columns are: title, isbn, cost, labels."
    )
    assert wrong(house, BOOKS.replace('price = "price"', 'cost = "price"'), BOOK_COLUMNS).startswith(
        "Books have no field “cost”. Their fields are: title, isbn, shelf, "
    )
    assert wrong(house, BOOKS.replace("shelf.book", "shelf.bok"), "title\n") == (
        "There are no records called “shelf.bok”. You can import: shelf.book, shelf.label, shelf.loan, shelf.member."
    )
    assert wrong(house, BOOKS.replace("price =", "out ="), BOOK_COLUMNS) == "“Lent out” cannot be imported."
    assert wrong(house, BOOKS.replace("price =", "created_at ="), BOOK_COLUMNS) == ("“Created on” cannot be imported.")
    assert wrong(house, BOOKS.replace('isbn = "isbn"', ""), BOOK_COLUMNS) == (
        "Records are known again by “isbn”, but the map does not fill it."
    )
    assert wrong(house, LOANS.replace('book = "book"', '"book.name" = "book"'), LOAN_COLUMNS) == (
        "Books have no field “name” to be found by."
    )


def test_several_files_of_one_map_and_who_is_not_named(house: House) -> None:
    both = MEMBERS + LOANS.split("\n", 2)[2].replace(
        '"member", create = true, with = { city = "Rasht" }', '"member", by = "key"'
    )
    with house.as_("admin") as ctx:
        create(ctx, Book, {"title": "Divan"})
        imported = bring(ctx, both, THREE, LOAN_COLUMNS + "Divan,A1,2026-01-01,2026-02-01,\n")
        assert [(told.file, told.new) for told in imported.outcome.files] == [("1.csv", 3), ("2.csv", 1)]
        assert notes(imported, "unused") == ["2 of the records of 1.csv are not named here: A2, A3"]


def test_columns_are_guessed_in_both_languages(house: House, tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("Title;isbn;Shelf;Colour\nDivan;111;Fiction;red\nOdes;222;;\n", "utf-8")
    with house.as_("manager") as ctx:
        map_, steps = plan_without_map(ctx, Book, tmp_path / "b.csv")
        imported = run(ctx, map_, steps)
        assert counts(imported) == (2, 0, 0, 0)
        assert notes(imported, "ignored") == ["No field is called “Colour”; the column is left out."]
        assert "Records are known again by “ISBN”." in notes(imported, "guess")
        assert [row["shelf"] for row in page(ctx, Book, ["shelf"], order=["isbn"])] == ["fiction", None]
        with pytest.raises(ImportFault, match=r"No column of c\.csv fits Books"):
            (tmp_path / "c.csv").write_text("x,y\n1,2\n")
            plan_without_map(ctx, Book, tmp_path / "c.csv")
