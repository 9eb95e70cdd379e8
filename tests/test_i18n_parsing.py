"""What people type is read in any digits, or refused with a sentence that says what to write."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import Locale, NotADate, NotANumber, Unreadable, use_locale

EN = Locale("en", timezone="Europe/London")
FA = Locale.usual("fa", "Asia/Tehran")
DE = Locale("de")
DAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    "typed",
    [
        "1405/09/07",
        "1405-9-7",
        "۱۴۰۵/۹/۷",
        "١٤٠٥/٠٩/٠٧",
        "۱۴۰۵.۰۹.۰۷",
        "1405,9,7",
        " 1405 / 9 / 7 ",
        "7/9/1405",
        "14050907",
        "\u200e۱۴۰۵/۰۹/۰۷\u200f",
        "۷ آذر ۱۴۰۵",
        "شنبه ۷ آذر ۱۴۰۵",
        "7 Azar 1405",
        "2026-11-28",
        "۲۰۲۶/۱۱/۲۸",
        "28/11/2026",
        "28 نوامبر 2026",
    ],
)
def test_a_jalali_reader_types_a_day(typed: str) -> None:
    assert FA.parse_date(typed) == DAY


@pytest.mark.parametrize(
    "typed",
    ["2026-11-28", "2026/11/28", "2026.11.28", "۲۰۲۶-۱۱-۲۸", "20261128", "28.11.2026", "11/28/2026", "Nov 28, 2026",
     "28 november 2026", "Saturday, November 28, 2026"],
)  # fmt: skip
def test_a_gregorian_reader_types_a_day(typed: str) -> None:
    assert EN.parse_date(typed) == DAY


def test_the_day_comes_first_where_a_language_says_it_first() -> None:
    assert DE.parse_date("05.11.2026") == date(2026, 11, 5)
    assert EN.parse_date("05/05/2026") == date(2026, 5, 5)
    with pytest.raises(NotADate, match="may be two different days"):
        EN.parse_date("05/11/2026")


@pytest.mark.parametrize(
    "typed",
    ["", "tomorrow", "1405", "1405/9", "5/9/7", "1405/13/1", "1405/7/31", "1404/12/30", "1405-9/7", "2026-02-29",
     "۷ آذر", "7 Azar 2026", "7 8 Azar 1405", "123456789/1/1", "0000-01-01", "2026-11-28x"],
)  # fmt: skip
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(NotADate):
        FA.parse_date(typed)


def test_the_30th_of_esfand_exists_in_leap_years_only() -> None:
    assert [FA.parse_date(f"{year}/12/30") for year in (1399, 1403, 1408)] == [
        date(2021, 3, 20),
        date(2025, 3, 20),
        date(2030, 3, 20),
    ]
    for year in (1400, 1402, 1404, 1407):
        with pytest.raises(NotADate, match="There is no day"):
            FA.parse_date(f"{year}/12/30")


def test_the_error_says_what_to_write_in_the_readers_language() -> None:
    with pytest.raises(Unreadable) as caught:
        FA.parse_date("فردا")
    with use_locale(EN):
        assert str(caught.value) == "“فردا” is not a date. Write year, month and day, for example 1405/09/07."
    with use_locale(FA):
        assert str(caught.value) == "«فردا» تاریخ نیست. سال، ماه و روز را بنویسید، برای نمونه ۱۴۰۵/۰۹/۰۷."
        assert str(caught.value.message) == str(caught.value)
    assert isinstance(caught.value, ValueError)


@given(st.dates(date(1701, 1, 1), date(2320, 1, 1)))
def test_a_shown_date_is_read_back(day: date) -> None:
    for locale in (EN, FA, DE, Locale("fa"), Locale("en", "jalali", "arabext")):
        for style in ("medium", "long", "numeric"):
            assert locale.parse_date(locale.date(day, style)) == day


@pytest.mark.parametrize(
    ("locale", "typed", "moment"),
    [
        (EN, "2026-11-28 10:30", datetime(2026, 11, 28, 10, 30, tzinfo=UTC)),
        (EN, "2026-11-28T10:30:15", datetime(2026, 11, 28, 10, 30, 15, tzinfo=UTC)),
        (EN, "2026-11-28T10:30:15.250Z", datetime(2026, 11, 28, 10, 30, 15, tzinfo=UTC)),
        (EN, "2026-11-28 10:30+03:30", datetime(2026, 11, 28, 7, 0, tzinfo=UTC)),
        (EN, "Nov 28, 2026, 1:05 PM", datetime(2026, 11, 28, 13, 5, tzinfo=UTC)),
        (EN, "2026-11-28 12:00 am", datetime(2026, 11, 28, tzinfo=UTC)),
        (EN, "2026-07-01 09:00", datetime(2026, 7, 1, 8, 0, tzinfo=UTC)),
        (FA, "۱۴۰۵/۰۹/۰۷ ۱۰:۳۰", datetime(2026, 11, 28, 7, 0, tzinfo=UTC)),
        (FA, "۷ آذر ۱۴۰۵، ساعت ۱۰:۳۰", datetime(2026, 11, 28, 7, 0, tzinfo=UTC)),
        (FA, "1405/9/7", datetime(2026, 11, 27, 20, 30, tzinfo=UTC)),
    ],
)
def test_a_moment_is_typed_on_the_readers_clock(locale: Locale, typed: str, moment: datetime) -> None:
    assert locale.parse_datetime(typed) == moment


@pytest.mark.parametrize("typed", ["10:30", "2026-11-28 24:00", "2026-11-28 10:60", "2026-11-28 13:00 pm", "x 10:30"])
def test_what_is_no_moment_is_refused(typed: str) -> None:
    with pytest.raises(NotADate):
        EN.parse_datetime(typed)


@given(st.datetimes(datetime(1701, 1, 1), datetime(2900, 1, 1)))  # noqa: DTZ001 -- reason: hypothesis wants naive bounds
def test_a_shown_moment_is_read_back_to_the_minute(naive: datetime) -> None:
    moment = naive.replace(second=0, microsecond=0, tzinfo=UTC)
    for style in ("medium", "numeric"):
        assert Locale().parse_datetime(Locale().datetime(moment, style)) == moment


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1234", "1234"),
        ("1,234", "1234"),
        ("1,234,567.89", "1234567.89"),
        ("1 234 567", "1234567"),
        ("1\u00a0234", "1234"),
        (".5", "0.5"),
        ("5.", "5"),
        ("-5", "-5"),
        ("+5", "5"),
        ("\u22125", "-5"),
        ("۱٬۲۳۴٫۵", "1234.5"),
        ("۱،۲۳۴", "1234"),
        ("\u200e\u2212۱٬۲۳۴٫۵", "-1234.5"),
        ("١٢٣", "123"),
        ("۱۲.۵", "12.5"),
        ("0010", "10"),
    ],
)
def test_numbers_are_read_in_any_digits(typed: str, value: str) -> None:
    assert EN.parse_number(typed) == FA.parse_number(typed) == Decimal(value)


def test_numbers_are_read_with_the_marks_of_the_language() -> None:
    assert DE.parse_number("1.234,5") == Decimal("1234.5")
    assert DE.parse_number("۱٬۲۳۴٫۵") == Decimal("1234.5")


@pytest.mark.parametrize(
    "typed",
    ["", " ", "-", ".", "abc", "1,2", "1,23", "12,34,567", "1,,234", "1.2.3", "1 2", "12 34", "1e5", "5%", "$5", "NaN",
     "Infinity", "--5", "1,2345", "1/2", "۱٫۲٫۳", "1_000", "²"],
)  # fmt: skip
def test_what_could_be_two_numbers_or_none_is_refused(typed: str) -> None:
    for locale in (EN, FA):
        with pytest.raises(NotANumber, match="is not a number"):
            locale.parse_number(typed)


@given(st.text(max_size=30))
def test_anything_typed_is_read_or_refused(typed: str) -> None:
    for locale in (EN, FA, DE):
        for read in (locale.parse_date, locale.parse_datetime, locale.parse_number):
            try:
                read(typed)
            except Unreadable:
                continue
