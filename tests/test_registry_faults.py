"""Whatever is wrong with a set of addons is told at once, each fault with file and line."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import select

from core.fields import Meta
from core.i18n import Text
from core.registry import CustomField
from tests.registry_bed import Workshop, build, faults, making_addons

workshop = making_addons

BOOKS = """
class Book(Model, name="probe_books.book"):
    title = fields.char(_("Title"), required=True)
    pages = fields.integer(_("Pages"))

@hookimpl
def register_models():
    return [Book]
"""

BAD = """
from probe_books import Book
from core.models import User

class Loan(Model, name="probe_bad.loan"):
    book_id = fields.many2one(Book, _("Book"))
    book = fields.record(book_id)

READER = Role("probe_bad.reader", _("Reader"))

@hookimpl
def register_models():
    return [Loan]

@hookimpl
def register_modles():
    return []

@hookimpl
def register_access():
    return [Rights(Loan, {READER: "rx"})], [
        Rule(Loan, [READER], lambda model: model.bok_id == me.id),
        Rule(Loan, [READER], lambda model: model.book_id == 1 if me.id else sa.true()),
        Rule(Loan, [READER], lambda model: "everything"),
        Rule(Loan, [READER], lambda model: sa.true(), operations="rw"),
    ]

@hookimpl
def register_views():
    return [
        List(Loan, Loan.book, Book.title),
        Form(User, Group(User.name)),
        Form(User, Group(User.email)),
    ], Menu(_("Loans"), [
        Entry(_("Late"), Loan, filters=["late"]),
    ])

@hookimpl
def register_jobs():
    return [
        Daily("probe_bad.remind", print, hour=8),
        Every("probe_bad.remind", print, minutes=5),
    ]
"""


def test_every_fault_of_every_addon_is_told_at_once(workshop: Workshop) -> None:
    books = workshop.addon("probe_books", BOOKS)
    bad = workshop.addon("probe_bad", BAD)
    at = workshop.place
    told = faults(books, bad)
    assert told[0].startswith(f"{at('probe_bad', 'def register_modles').rpartition(':')[0]}:")
    assert "unknown hook 'register_modles'; the hooks are after_install, " in told[0]
    wanted = {
        f"{at('probe_bad', 'Rights(Loan')}: rights on probe_bad.loan: no operation 'x'",
        (
            f"{at('probe_bad', 'bok_id')}: rule on probe_bad.loan: AttributeError: "
            "type object 'Loan' has no attribute 'bok_id'"
        ),
        (
            f"{at('probe_bad', 'if me.id')}: rule on probe_bad.loan: TypeError: "
            "Boolean value of this clause is not defined"
        ),
        (
            f"{at('probe_bad', 'everything')}: rule on probe_bad.loan: TypeError: "
            "it gives 'everything', not a condition in SQL"
        ),
        f"{at('probe_bad', 'operations=')}: a rule on probe_bad.loan: no operation 'w'",
        f"{at('probe_bad', 'List(Loan')}: Book.title belongs to probe_books.book; the list shows probe_bad.loan",
        (
            f"{at('probe_bad', 'User.email')}: core.user has a form already ({at('probe_bad', 'User.name')}); "
            "change it by a Patch"
        ),
        f"{at('probe_bad', 'Entry(')}: menu line with the filter 'late', which probe_bad.loan has not",
        f"{at('probe_bad', 'Every(')}: the job probe_bad.remind is declared twice (see {at('probe_bad', 'Daily(')})",
    }
    assert wanted - set(told) == set()
    assert len(told) == len(wanted) + 1


def test_what_an_addon_stands_on_must_be_installed(workshop: Workshop) -> None:
    workshop.addon("probe_books", BOOKS)
    more = workshop.addon(
        "probe_more",
        """
        from probe_books import Book

        class Shelf(Model, name="probe_more.shelf"):
            book_id = fields.many2one(Book, _("Book"))
            books = fields.many2many(Book, _("Books"))

        class BookPlace(Extension, of=Book):
            room = fields.char(_("Room"))

        ROLE = Role("probe_more.role", _("Role"))

        @hookimpl
        def register_models():
            return [Shelf, BookPlace]

        @hookimpl
        def register_access():
            return [Rights(Book, {ROLE: "r"})], [
                Rule(Book, [ROLE], lambda model: sa.true()),
                Rule(BookPlace, [ROLE], lambda model: sa.false()),
            ]

        @hookimpl
        def register_views():
            return [List(Book, Book.title)], [Menu(_("Books"), [
                Entry(_("Book"), Book),
            ])]

        @hookimpl
        def register_verbs():
            return [lend]

        @verb(Book, _("Lend"))
        def lend(ctx, ids):
            pass
        """,
    )
    at = workshop.place
    assert set(faults(more)) == {
        f"{at('probe_more', 'book_id =')}: book points to probe_books.book, which is not installed",
        f"{at('probe_more', 'books =')}: books points to probe_books.book, which is not installed",
        f"{at('probe_more', 'class BookPlace')}: BookPlace extends probe_books.book, which is not installed",
        f"{at('probe_more', 'Rights(Book')}: rights on probe_books.book, which is not installed",
        f"{at('probe_more', 'Rule(Book,')}: a rule on probe_books.book, which is not installed",
        (
            f"{at('probe_more', 'sa.false()')}: a rule on probe_more.book_place: "
            "an extension has the rights of probe_books.book"
        ),
        f"{at('probe_more', 'List(Book')}: list of probe_books.book, which is not installed",
        f"{at('probe_more', 'Entry(')}: menu line of probe_books.book, which is not installed",
        f"{at('probe_more', '@verb')}: lend is for probe_books.book, which is not installed",
    }


def test_a_hook_that_answers_something_else_is_told(workshop: Workshop) -> None:
    odd = workshop.addon(
        "probe_odd",
        """
        @hookimpl
        def register_models():
            return [int]

        @hookimpl
        def register_access():
            return []

        @hookimpl
        def register_views():
            return [].missing

        @hookimpl
        def register_jobs():
            pass

        @hookimpl
        def register_live_values():
            return [1]

        @hookimpl
        def before_save(ctx, chnge):
            pass
        """,
    )
    told = faults(odd)
    place = str(workshop.folder / "probe_odd.py")
    assert [line.removeprefix(place) for line in told[1:]] == [
        ":2: register_models must return a list of models",
        ":6: register_access must return (rights, rules)",
        ":12: register_views: AttributeError: 'list' object has no attribute 'missing'",
        ":14: register_jobs must return a list",
        ":18: register_live_values must return a dictionary",
    ]
    assert told[0].startswith(f"{place}:1: Plugin 'probe_odd' for hook 'before_save'")
    assert "chnge" in told[0]


def test_names_that_would_collide_are_told(workshop: Workshop) -> None:
    books = workshop.addon("probe_books", BOOKS)
    tight = workshop.addon(
        "pages",
        """
        from probe_books import Book

        class BookPages(Extension, of=Book):
            read = fields.integer(_("Read"))

        class BookLines(Extension, of=Book):
            read = fields.integer(_("Read too"))

        class Long(Model, name="pages.a_name_so_long_that_no_database_would_keep_it_whole_i_fear"):
            tags = fields.tags(Book, _("Tags"))

        @hookimpl
        def register_models():
            return [BookPages, BookLines, Long]
        """,
    )
    at = workshop.place
    told = faults(books, tight)
    wanted = "probe_books.book has a field named pages, so this addon cannot extend it"
    assert f"{at('pages', 'class BookPages')}: {wanted}" in told
    assert f"{at('pages', 'Read too')}: pages.read is declared twice on probe_books.book" in told
    long = [line for line in told if "longer than 63 letters" in line]
    assert long
    assert all(line.startswith(f"{at('pages', 'class Long')}: the name ") for line in long)
    assert any("a_name_so_long" in line and line.split()[3].endswith("_tags") for line in long)


def test_fields_made_in_the_browser_are_checked_too(workshop: Workshop) -> None:
    books = workshop.addon("probe_books", BOOKS)
    meta = Meta("char", Text("Size"), ("browser", 1))
    size = CustomField("probe_books.book", "size", meta)
    assert faults(books, custom=[size, size, CustomField("gone", "x", meta), CustomField("core.job", "x", meta)]) == [
        "browser:1: custom.size is declared twice on probe_books.book",
        "browser:1: gone is not installed",
        "browser:1: custom.x has no place in core.job",
    ]
    field = build(books, custom=[size]).fields(books.module.Book)["custom.size"]
    assert (field.kind, field.key, field.is_stored, field.custom) == ("char", "size", True, "size")


def test_a_broken_addon_takes_down_only_itself_and_can_be_repaired(workshop: Workshop) -> None:
    books = workshop.addon("probe_books", BOOKS)
    source = """
        class Card(Model, name="probe_broken.card"):
            words = fields.char(_("Words"))
            lines: Mapped[list["{target}"]] = fields.one2many("card_id", _("Lines"))

        class Line(Model, name="probe_broken.line"):
            card_id = fields.many2one(Card, _("Card"))

        @hookimpl
        def register_models():
            return [Card, Line]
        """
    broken = workshop.addon("probe_broken", source.format(target="Lne"))
    told = faults(books, broken)
    assert len(told) == 1
    assert told[0].startswith(f"{workshop.place('probe_broken', 'class Card')}: the models of probe_broken do not fit")
    assert "'Lne'" in told[0]
    registry = build(books)
    assert "probe_books.book" in registry.by_name
    assert "FROM probe_books_book" in str(select(books.module.Book))
    workshop.forget("probe_broken")
    repaired = workshop.addon("probe_broken", source.format(target="Line"))
    assert build(books, repaired).field(repaired.module.Card.lines).target is repaired.module.Line
    assert isinstance(sa.inspect(repaired.module.Line).local_table, sa.Table)
