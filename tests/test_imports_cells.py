"""Cells become values: dates and numbers by the form of their whole column, choices in either language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from addons.contacts.models import Contact
from addons.crm_lead.models import Lead
from core.i18n import Locale, NotADate, NotANumber
from core.imports.alike import nearest, pairs
from core.imports.cells import CellReader, Unfit
from core.imports.forms import DateForm, guess_dates, guess_numbers
from core.imports.maps import FieldMap, parse_map
from core.imports.outcome import ImportFault
from core.imports.texts import columns_of, fill, slug
from core.registry import FieldInfo

NAIVE = datetime(2026, 11, 28, 8)  # noqa: DTZ001 -- as a workbook gives it
ENGLISH, PERSIAN = Locale("en"), Locale.usual("fa", "Asia/Tehran")


def reader(attr: Any, cells: list[Any], locale: Locale = ENGLISH, **said: Any) -> CellReader:
    meta = attr.property.columns[0].info["girih"]
    field = FieldInfo(attr.key.removesuffix("_id"), attr.class_, meta, attr)
    return CellReader(field, FieldMap(column="x", **said), locale, cells)


def values(attr: Any, cells: list[Any], locale: Locale = ENGLISH, **said: Any) -> list[Any]:
    found = reader(attr, cells, locale, **said)
    return [found.read(cell) for cell in cells]


def refusal(attr: Any, cell: Any, locale: Locale = ENGLISH, **said: Any) -> str:
    with pytest.raises(Unfit) as fault:
        reader(attr, [cell], locale, **said).read(cell)
    return str(fault.value)


@pytest.mark.parametrize(
    ("texts", "days", "told"),
    [
        (["2026-11-28", "2026/1/5"], [(2026, 11, 28), (2026, 1, 5)], "Dates are year, month, day."),
        (["28/11/2026", "05/01/2026"], [(2026, 11, 28), (2026, 1, 5)], "Dates are day, month, year."),
        (["11/28/2026", "01/05/2026"], [(2026, 11, 28), (2026, 1, 5)], "Dates are month, day, year."),
        (
            ["05/01/2026", "06/01/2026"],
            [(2026, 1, 5), (2026, 1, 6)],
            "Dates could be read in two ways; they are taken as day, month, year.",
        ),
        (
            ["1405/09/07", "۱۴۰۵/۱/۱"],
            [(2026, 11, 28), (2026, 3, 21)],
            "Dates are year, month, day, of the Jalali calendar.",
        ),
        (["07-09-1405", "30-01-1405"], [(2026, 11, 28), (2026, 4, 19)], "Dates are day, month, year, of the Jalali"),
        (["Nov 28, 2026"], [(2026, 11, 28)], "Dates are year, month, day."),
    ],
)
def test_dates_by_the_form_of_their_column(texts: list[str], days: list[tuple[int, int, int]], told: str) -> None:
    found = reader(Lead.expected_closing, texts)
    assert [found.read(text) for text in texts] == [date(*day) for day in days]
    assert str(found.notes[0]).startswith(told)


def test_persian_words_and_digits_are_dates_too() -> None:
    assert values(Lead.expected_closing, ["۷ آذر ۱۴۰۵"], PERSIAN) == [date(2026, 11, 28)]


def test_a_said_order_is_not_guessed() -> None:
    found = reader(Lead.expected_closing, ["05/01/2026"], dates="mdy")
    assert found.read("05/01/2026") == date(2026, 5, 1)
    assert found.notes == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("31/02/2026", "There is no day “31/02/2026” in the calendar."),
        ("05/01/26", "“05/01/26” names no full year. Write years with four digits."),
        ("soon", "“soon” is not a date. Write year, month and day, for example 2026-11-28."),
        ("1405/12/31", "There is no day “1405/12/31” in the calendar."),
    ],
)
def test_what_is_no_date(text: str, message: str) -> None:
    assert refusal(Lead.expected_closing, text) == message


def test_a_day_without_a_time_is_its_noon_and_so_the_same_day_everywhere() -> None:
    cells = ["2026-11-28", "2026-11-28 09:30", "2026-11-28T23:59:59", NAIVE, date(2026, 11, 28)]
    tehran = Locale("en", timezone="Asia/Tehran")
    found = values(Lead.closed_at, cells, tehran)
    assert found == [
        datetime(2026, 11, 28, 8, 30, tzinfo=UTC),
        datetime(2026, 11, 28, 6, 0, tzinfo=UTC),
        datetime(2026, 11, 28, 20, 29, 59, tzinfo=UTC),
        datetime(2026, 11, 28, 4, 30, tzinfo=UTC),
        datetime(2026, 11, 28, 8, 30, tzinfo=UTC),
    ]
    assert refusal(Lead.closed_at, "2026-11-28 25:00") == (
        "“2026-11-28 25:00” has no valid time. Write it from 00:00 to 23:59."
    )


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["1,234.50", "7"], ["1234.50", "7"]),
        (["1.234,50", "7,5"], ["1234.50", "7.5"]),
        (["1,5", "2"], ["1.5", "2"]),
        (["1,234", "12,345,678"], ["1234", "12345678"]),
        (["۱٬۲۳۴٫۵", "۷"], ["1234.5", "7"]),
        (["$1,200", "€ 5", "۱۲۰۰ ریال"], ["1200", "5", "1200"]),
        (["(1,200.00)", "-3", "−4"], ["-1200.00", "-3", "-4"]),
        (["1 234 567", ".5"], ["1234567", "0.5"]),
    ],
)
def test_numbers_by_the_form_of_their_column(texts: list[str], numbers: list[str]) -> None:
    form = guess_numbers(texts)
    assert [form.read(text) for text in texts] == [Decimal(number) for number in numbers]


@pytest.mark.parametrize("text", ["12a", "1,23,4", "--5", "1e5", "=1+1", ".", "1.2.3"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(NotANumber):
        guess_numbers([text]).read(text)


def test_mixed_marks_are_said() -> None:
    assert guess_numbers(["1.5", "2,5"]).sure is False
    assert guess_numbers(["1,500.5"]).sure is True


def test_amounts_up_to_the_limit_of_the_field() -> None:
    assert values(Lead.expected_revenue, ["1000000000000000", 1e15]) == [Decimal(10**15)] * 2
    assert refusal(Lead.expected_revenue, str(10**17)) == "“Expected revenue” is at most 9999999999999999.99."
    assert refusal(Lead.expected_revenue, "-1") == "“Expected revenue” is at least 0."
    assert values(Lead.expected_revenue, ["1.5"], times=1_000_000) == [Decimal(1_500_000)]


def test_whole_numbers() -> None:
    assert values(Contact.founded, ["1990", 1990.0, "۱۹۹۰"]) == [1990] * 3
    assert refusal(Contact.founded, "19.5") == "“19.5” is not a whole number."
    assert refusal(Contact.founded, True) == "“True” is not a number."


def test_yes_and_no_in_either_language() -> None:
    assert values(Contact.is_customer, ["yes", "بله", 1.0, True, "TRUE", "x"]) == [True] * 6
    assert values(Contact.is_customer, ["no", "خیر", 0.0, False, "۰"]) == [False] * 5
    assert refusal(Contact.is_customer, "perhaps") == "“perhaps” means neither yes nor no."


def test_choices_by_code_by_label_and_through_a_map_of_values() -> None:
    assert values(Contact.kind, ["organisation", "Organisation", "PERSON"]) == [
        "organisation",
        "organisation",
        "person",
    ]
    assert values(Lead.state, ["Won", "Closed"], values={"Closed": "lost"}) == ["won", "lost"]
    assert refusal(Contact.kind, "robot") == "“robot” is not one of the choices: Person, Organisation."


def test_texts_stay_as_they_are_and_formulas_stay_texts() -> None:
    assert values(Contact.name, ["=SUM(A1)", "شرکت آرمان", 12.0, "  wide "]) == ["=SUM(A1)", "شرکت آرمان", "12", "wide"]
    assert refusal(Contact.name, "a\x00b") == (
        "The cell holds an invisible character (NUL) that no text may have. Write it anew."
    )
    assert refusal(Contact.city, "x" * 121) == "“City” holds at most 120 characters."


def test_addresses() -> None:
    assert values(Contact.phone, ["۰۲۱-۵۵۵۰", "\u202a+98 21\u202c"]) == ["021-5550", "+98 21"]
    assert values(Contact.email, ["sara@example.com"]) == ["sara@example.com"]
    assert refusal(Contact.email, "sara@") == "“sara@” is not an e-mail address."
    assert values(Contact.website, ["girih.example", "http://a.example/x"]) == [
        "https://girih.example",
        "http://a.example/x",
    ]
    assert refusal(Contact.website, "javascript://alert(1)") == (
        "“javascript://alert(1)” is not the address of a web site."
    )


def test_formatted_text_is_made_harmless() -> None:
    cells = ["one & two\nthree", "<b>bold</b><script>alert(1)</script><strong>x</strong>"]
    assert values(Contact.description, cells) == ["<p>one &amp; two</p><p>three</p>", "<b>bold</b><strong>x</strong>"]


def test_texts_made_of_columns() -> None:
    cells = {"product": "GTX", "account": "", "agent": "Mei-Mei  Jöhns"}
    assert fill("{product}[ – {account}]", cells) == "GTX"
    assert fill("{product}[ – {account}]", {**cells, "account": "Isdom"}) == "GTX – Isdom"
    assert fill("{agent|slug}@x.example", cells) == "mei.mei.johns@x.example"
    assert slug("شرکت البرز") == "شرکت.البرز"
    assert columns_of("{a}[ {b|upper}]") == ["a", "b"]
    with pytest.raises(ImportFault, match="“loud” is no way to shape a text"):
        columns_of("{a|loud}")


def test_words_spelt_almost_alike() -> None:
    assert nearest("GTXPro", ["GTX Basic", "GTX Plus Pro", "GTX Pro"]) == "GTX Pro"
    assert nearest("Philipines", ["Poland", "Philippines", "Panama"]) == "Philippines"
    assert nearest("شركت آرمان", ["شرکت آرمان", "شرکت البرز"]) == "شرکت آرمان"
    assert nearest("Scottech", ["Scotfind", "Zoomtech"]) is None
    assert nearest("Product 11", ["Product 12"]) is None
    assert pairs(["retail", "technolgy", "medical", "technology"]) == [("technolgy", "technology")]


def map_fault(text: str) -> str:
    with pytest.raises(ImportFault) as fault:
        parse_map(text, "m.toml")
    return str(fault.value)


def test_a_map_that_cannot_be_used_is_refused_with_the_place() -> None:
    assert map_fault("name = ").startswith("The map m.toml cannot be used: Invalid value")
    assert "missing required field `file`" in map_fault('name = "x"')
    head = 'name = "x"\n[[file]]\nmodel = "a.b"\n'
    assert "unknown field `colour` - at `$.file[0]`" in map_fault(head + 'colour = 1\n[file.fields]\nname = "n"')
    assert "at `$.file[0].fields[...].dates`" in map_fault(head + '[file.fields]\nday = { column = "d", dates = "x" }')
    both = map_fault(head + '[file.fields]\nname = { column = "a", value = "b" }')
    assert both == "The map m.toml cannot be used: give “name” either a column, a text or a value."


def test_the_form_of_dates_alone() -> None:
    assert guess_dates(["13/01/2026"], ENGLISH) == DateForm("dmy", "gregorian")
    assert guess_dates([], PERSIAN) == DateForm("ymd", "jalali")
    with pytest.raises(NotADate):
        DateForm("dmy", "gregorian").read("32/01/2026", ENGLISH)
