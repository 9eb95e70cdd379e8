"""Every reader sees dates, numbers and amounts in his own language, calendar, digits and time zone."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import Locale, _, isolate, latin_digits, to_digits, without_direction_marks

EN = Locale("en", timezone="Europe/London")
FA = Locale.usual("fa", "Asia/Tehran")
FA_GREGORIAN = Locale("fa", digits="arabext")
EN_JALALI = Locale("en", "jalali")
DE = Locale("de")
DAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("locale", "style", "shown"),
    [
        (EN, "short", "Nov 28"),
        (EN, "medium", "Nov 28, 2026"),
        (EN, "long", "Saturday, November 28, 2026"),
        (EN, "numeric", "2026-11-28"),
        (FA, "short", "۷ آذر"),
        (FA, "medium", "۷ آذر ۱۴۰۵"),
        (FA, "long", "شنبه ۷ آذر ۱۴۰۵"),
        (FA, "numeric", "۱۴۰۵/۰۹/۰۷"),
        (FA_GREGORIAN, "medium", "۲۸ نوامبر ۲۰۲۶"),
        (EN_JALALI, "medium", "Azar 7, 1405"),
        (DE, "medium", "28.11.2026"),
        (DE, "long", "Samstag, 28. November 2026"),
    ],
)
def test_dates(locale: Locale, style: str, shown: str) -> None:
    assert locale.date(DAY, style) == shown  # type: ignore[arg-type]


def test_a_near_date_says_the_year_only_when_it_is_another() -> None:
    assert EN.near_date(DAY, date(2026, 1, 1)) == "Nov 28"
    assert EN.near_date(DAY, date(2027, 1, 1)) == "Nov 28, 2026"
    assert FA.near_date(DAY, date(2027, 3, 20)) == "۷ آذر"
    assert FA.near_date(DAY, date(2027, 3, 21)) == "۷ آذر ۱۴۰۵"


@pytest.mark.parametrize(
    ("locale", "first", "last", "shown"),
    [
        (EN, date(2026, 11, 16), date(2026, 11, 22), "16 – 22 November 2026"),
        (EN, date(2026, 11, 30), date(2026, 12, 6), "30 November – 6 December 2026"),
        (EN, date(2026, 12, 28), date(2027, 1, 3), "28 December 2026 – 3 January 2027"),
        (EN, DAY, DAY, "28 November 2026"),
        (FA, date(2026, 11, 21), date(2026, 11, 27), "۳۰ آبان – ۶ آذر ۱۴۰۵"),
    ],
)
def test_spans_say_each_part_once(locale: Locale, first: date, last: date, shown: str) -> None:
    assert locale.date_range(first, last) == shown


def test_moments_are_shown_on_the_readers_clock() -> None:
    late = datetime(2026, 11, 28, 21, 5, tzinfo=UTC)
    assert EN.datetime(late) == "Nov 28, 2026, 21:05"
    assert FA.datetime(late) == "۸ آذر ۱۴۰۵، ۰۰:۳۵"
    assert FA.datetime(late, "numeric") == "۱۴۰۵/۰۹/۰۸ ۰۰:۳۵"
    assert FA.time(late) == "۰۰:۳۵"
    assert FA.time(time(9, 5)) == "۰۹:۰۵"
    assert FA.day_of(late) == date(2026, 11, 29)


def test_a_moment_without_a_zone_is_in_utc() -> None:
    naive = datetime(2026, 11, 28, 21, 5)  # noqa: DTZ001 -- reason: databases give such moments
    assert FA.datetime(naive) == FA.datetime(naive.replace(tzinfo=UTC))


def test_the_day_begins_at_the_readers_midnight() -> None:
    assert FA.midnight(DAY) == datetime(2026, 11, 27, 20, 30, tzinfo=UTC)
    assert EN.midnight(date(2026, 7, 1)) == datetime(2026, 6, 30, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "english", "persian"),
    [
        (date(2026, 11, 21), "Today", "امروز"),
        (date(2026, 11, 22), "Tomorrow", "فردا"),
        (date(2026, 11, 20), "Yesterday", "دیروز"),
        (date(2026, 11, 25), "In 4 days", "۴ روز دیگر"),
        (date(2026, 11, 16), "5 days ago", "۵ روز پیش"),
        (date(2026, 12, 24), "Dec 24", "۳ دی"),
        (date(2025, 12, 24), "Dec 24, 2025", "۳ دی ۱۴۰۴"),
    ],
)
def test_days_as_seen_from_today(day: date, english: str, persian: str) -> None:
    today = date(2026, 11, 21)
    assert (EN.relative_day(day, today), FA.relative_day(day, today)) == (english, persian)


def test_names_of_months_and_weekdays() -> None:
    assert [FA.month_name(month) for month in (1, 7, 12)] == ["فروردین", "مهر", "اسفند"]
    assert [EN.month_name(month, "abbreviated") for month in (1, 12)] == ["Jan", "Dec"]
    assert EN.month_title(DAY) == "November 2026"
    assert FA.month_title(DAY) == "آذر ۱۴۰۵"
    assert [FA.weekday_name(day) for day in FA.week()] == [
        "شنبه",
        "یکشنبه",
        "دوشنبه",
        "سه‌شنبه",
        "چهارشنبه",
        "پنجشنبه",
        "جمعه",
    ]
    assert EN.weekday_name(DAY) == "Saturday"


def test_weeks_begin_and_rest_as_the_reader_is_used_to() -> None:
    assert (EN.first_weekday, FA.first_weekday, Locale("en_US").first_weekday) == (0, 5, 6)
    assert Locale("fa", week_start=0).week() == (0, 1, 2, 3, 4, 5, 6)
    assert (EN.days_off, FA.days_off) == (frozenset({5, 6}), frozenset({4}))


@pytest.mark.parametrize(
    ("value", "decimals", "english", "persian"),
    [
        (0, None, "0", "۰"),
        (1234567, None, "1,234,567", "۱٬۲۳۴٬۵۶۷"),
        (Decimal("1234.50"), None, "1,234.5", "۱٬۲۳۴٫۵"),
        (Decimal("1234.50"), 2, "1,234.50", "۱٬۲۳۴٫۵۰"),
        (0.1, None, "0.1", "۰٫۱"),
        (Decimal("2.345"), 2, "2.35", "۲٫۳۵"),
        (Decimal("-2.5"), 0, "-3", "\u200e\u2212۳"),
        (Decimal("-0.001"), 2, "0.00", "۰٫۰۰"),
        (float("nan"), None, "—", "—"),
        (1e21, None, "1,000,000,000,000,000,000,000", "۱٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰٬۰۰۰"),
    ],
)
def test_numbers(value: float | Decimal, decimals: int | None, english: str, persian: str) -> None:
    assert (EN.number(value, decimals), FA.number(value, decimals)) == (english, persian)


def test_other_languages_have_their_own_marks() -> None:
    assert DE.number(Decimal("1234.5")) == "1.234,5"
    assert DE.money(1200, "EUR") == "1.200,00\u00a0€"
    assert DE.percent(34) == "34\u00a0%"


def test_percents_are_hundredths() -> None:
    assert (EN.percent(34), FA.percent(34), EN.percent(Decimal("12.5"))) == ("34%", "۳۴\u200f٪", "12.5%")


@pytest.mark.parametrize(
    ("amount", "currency", "english", "persian"),
    [
        (1200, "USD", "$1,200.00", "۱٬۲۰۰٫۰۰\u00a0دلار"),
        (5250000, "IRR", "IRR\u00a05,250,000", "۵٬۲۵۰٬۰۰۰\u00a0ریال"),
        (525000, "IRT", "Toman\u00a0525,000", "۵۲۵٬۰۰۰\u00a0تومان"),
        (-5, "EUR", "-€5.00", "\u200e\u2212۵٫۰۰\u00a0یورو"),
        (1, "XYZ", "XYZ\u00a01.00", "۱٫۰۰\u00a0XYZ"),
    ],
)
def test_amounts(amount: int, currency: str, english: str, persian: str) -> None:
    assert (EN.money(amount, currency), FA.money(amount, currency)) == (english, persian)


def test_amounts_without_decimals_when_asked() -> None:
    assert EN.money(Decimal("1200.4"), "USD", 0) == "$1,200"
    assert (EN.unit("USD"), FA.unit("IRR")) == ("$", "ریال")


@pytest.mark.parametrize(
    ("amount", "english", "persian"),
    [
        (950, "$950", "۹۵۰\u00a0دلار"),
        (186400, "$186.4K", "۱۸۶٫۴ هزار\u00a0دلار"),
        (999950, "$1M", "۱ میلیون\u00a0دلار"),
        (2570000, "$2.57M", "۲٫۵۷ میلیون\u00a0دلار"),
        (29885000000, "$29.89B", "۲۹٫۸۹ میلیارد\u00a0دلار"),
        (1500000000000, "$1.5T", "۱٫۵ هزار میلیارد\u00a0دلار"),
        (-1500, "-$1.5K", "\u200e\u2212۱٫۵ هزار\u00a0دلار"),
        (0, "$0", "۰\u00a0دلار"),
    ],
)
def test_short_amounts(amount: int, english: str, persian: str) -> None:
    assert (EN.short_money(amount, "USD"), FA.short_money(amount, "USD")) == (english, persian)


def test_short_numbers() -> None:
    assert FA.short_number(34250000000) == "۳۴٫۲۵ میلیارد"
    assert EN.short_number(Decimal("0.126")) == "0.13"


def test_digits_of_any_text() -> None:
    assert FA.to_digits("Q4 ٢٠٢٦") == "Q۴ ۲۰۲۶"
    assert EN.to_digits("۱۴۰۵ ٠") == "1405 0"
    assert (latin_digits("۱٢3"), to_digits("1٢۳", "arabext")) == ("123", "۱۲۳")


def test_isolation_and_its_removal() -> None:
    assert isolate("+98 21") == "\u2068+98 21\u2069"
    assert without_direction_marks(isolate("\u200e۵\u200f")) == "۵"


def test_texts_and_values_in_the_readers_way() -> None:
    assert FA.say(_("Today")) == "امروز"
    assert FA.say("as it is") == "as it is"
    shown = [FA.show(value) for value in (1200, True, "x1", None, DAY, datetime(2026, 11, 28, tzinfo=UTC))]
    assert shown == ["۱٬۲۰۰", "True", "x1", "None", "۷ آذر ۱۴۰۵", "۷ آذر ۱۴۰۵، ۰۳:۳۰"]


def test_usual_locales() -> None:
    assert Locale.usual("fa_IR") == Locale("fa_IR", "jalali", "arabext")
    assert Locale.usual("en", "Asia/Tehran") == Locale("en", timezone="Asia/Tehran")
    assert (FA.direction, EN.direction) == ("rtl", "ltr")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_a_shown_number_is_read_back_as_it_was(value: Decimal) -> None:
    for locale in (EN, FA, DE):
        assert locale.parse_number(locale.number(value)) == value


def test_a_page_of_cells_is_written_quickly() -> None:
    amounts = [Decimal(cell * 1000) + Decimal("0.5") for cell in range(800)]
    days = [date.fromordinal(739000 + cell) for cell in range(800)]

    def page() -> None:
        for amount, day in zip(amounts, days, strict=True):
            FA.number(amount, 2)
            FA.date(day)

    page()
    best = min(_timed(page) for _round in range(5))
    assert best / 1600 < 3e-6


def _timed(work: object) -> float:
    assert callable(work)
    began = perf_counter()
    work()
    return perf_counter() - began
