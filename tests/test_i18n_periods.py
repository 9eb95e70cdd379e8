"""Months, quarters and weeks are those of the reader's calendar, to the day."""

from datetime import date, timedelta
from itertools import pairwise

import jdatetime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.i18n import (
    PERIODS,
    UNITS,
    Locale,
    Span,
    bounds,
    days_in_month,
    from_calendar,
    in_calendar,
    is_leap,
    is_period,
    label,
    period,
    period_title,
    reader_period,
    start_of,
    step,
)
from core.i18n.jalali import Calendar
from core.i18n.periods import Unit

EN = Locale("en")
FA = Locale.usual("fa", "Asia/Tehran")
TODAY = date(2026, 11, 28)  # Saturday, 7 Azar 1405
DAY = timedelta(days=1)
FIRST, LAST = date(1921, 3, 21), date(2122, 3, 20)  # the years 1300 to 1500

NAMES = st.sampled_from([*PERIODS, "last_1_days", "last_30_days", "next_7_days"])
CALENDARS: st.SearchStrategy[Calendar] = st.sampled_from(["gregorian", "jalali"])
DAYS = st.dates(date(1700, 1, 1), date(2400, 1, 1))


def leap_by_arithmetic(year: int) -> bool:
    return year % 33 in {1, 5, 9, 13, 17, 22, 26, 30}


def test_every_day_of_two_centuries_lies_in_its_month_of_both_calendars() -> None:
    months = bounds("month", FIRST, LAST, "jalali")
    assert len(months) == 201 * 12
    day = FIRST
    for number, month in enumerate(months):
        assert month.start == day
        year, month_of_year = 1300 + number // 12, number % 12 + 1
        for day_of_month in range(1, (month.end - month.start).days + 1):
            assert in_calendar(day, "jalali") == (year, month_of_year, day_of_month)
            assert from_calendar(year, month_of_year, day_of_month, "jalali") == day
            day += DAY
    assert day == LAST + DAY


def test_every_start_of_a_jalali_month_is_that_of_the_library() -> None:
    for span in bounds("month", FIRST, LAST, "jalali"):
        theirs = jdatetime.date.fromgregorian(date=span.start)
        length = (span.end - span.start).days
        assert theirs.day == 1
        assert length == (31 if theirs.month <= 6 else 30 if theirs.month < 12 or theirs.isleap() else 29)


def test_leap_years() -> None:
    assert [year for year in range(1395, 1413) if is_leap(year, "jalali")] == [1395, 1399, 1403, 1408, 1412]
    assert all(is_leap(year, "jalali") == leap_by_arithmetic(year) for year in range(1300, 1501))
    assert [days_in_month(year, 12, "jalali") for year in (1399, 1400, 1403, 1404, 1408)] == [30, 29, 30, 29, 30]
    assert (days_in_month(2028, 2, "gregorian"), is_leap(2100, "gregorian")) == (29, False)


@pytest.mark.parametrize(
    ("name", "gregorian", "jalali"),
    [
        ("today", ("2026-11-28", "2026-11-29"), ("2026-11-28", "2026-11-29")),
        ("yesterday", ("2026-11-27", "2026-11-28"), ("2026-11-27", "2026-11-28")),
        ("tomorrow", ("2026-11-29", "2026-11-30"), ("2026-11-29", "2026-11-30")),
        ("this_week", ("2026-11-23", "2026-11-30"), ("2026-11-28", "2026-12-05")),
        ("last_week", ("2026-11-16", "2026-11-23"), ("2026-11-21", "2026-11-28")),
        ("next_week", ("2026-11-30", "2026-12-07"), ("2026-12-05", "2026-12-12")),
        ("this_month", ("2026-11-01", "2026-12-01"), ("2026-11-22", "2026-12-22")),
        ("last_month", ("2026-10-01", "2026-11-01"), ("2026-10-23", "2026-11-22")),
        ("next_month", ("2026-12-01", "2027-01-01"), ("2026-12-22", "2027-01-21")),
        ("this_quarter", ("2026-10-01", "2027-01-01"), ("2026-09-23", "2026-12-22")),
        ("last_quarter", ("2026-07-01", "2026-10-01"), ("2026-06-22", "2026-09-23")),
        ("next_quarter", ("2027-01-01", "2027-04-01"), ("2026-12-22", "2027-03-21")),
        ("this_year", ("2026-01-01", "2027-01-01"), ("2026-03-21", "2027-03-21")),
        ("last_year", ("2025-01-01", "2026-01-01"), ("2025-03-21", "2026-03-21")),
        ("next_year", ("2027-01-01", "2028-01-01"), ("2027-03-21", "2028-03-20")),
        ("last_7_days", ("2026-11-22", "2026-11-29"), ("2026-11-22", "2026-11-29")),
        ("next_7_days", ("2026-11-28", "2026-12-05"), ("2026-11-28", "2026-12-05")),
        ("last_1_days", ("2026-11-28", "2026-11-29"), ("2026-11-28", "2026-11-29")),
    ],
)
def test_named_periods(name: str, gregorian: tuple[str, str], jalali: tuple[str, str]) -> None:
    assert reader_period(name, TODAY, EN) == tuple(map(date.fromisoformat, gregorian))
    assert reader_period(name, TODAY, FA) == tuple(map(date.fromisoformat, jalali))


def test_this_month_on_the_leap_day() -> None:
    assert reader_period("this_month", date(2025, 3, 20), FA) == (date(2025, 2, 19), date(2025, 3, 21))


@pytest.mark.parametrize("name", ["someday", "last_0_days", "last_x_days", "this_days", "last_7_weeks", ""])
def test_unknown_periods_are_refused(name: str) -> None:
    assert not is_period(name)
    with pytest.raises(ValueError, match="There is no period named"):
        period(name, TODAY, "gregorian", 0)


def test_titles_of_periods() -> None:
    assert FA.say(period_title("this_quarter")) == "این فصل"
    assert FA.say(period_title("last_30_days")) == "۳۰ روز گذشته"
    assert str(period_title("next_1_days")) == "Next 1 day"
    assert all(is_period(name) for name in PERIODS)


@given(NAMES, DAYS, CALENDARS, st.integers(0, 6))
def test_periods_called_this_hold_today_and_touch_their_neighbours(
    name: str, today: date, calendar: Calendar, week_start: int
) -> None:
    start, end = period(name, today, calendar, week_start)
    assert start < end
    if name.startswith("this"):
        assert start <= today < end
        assert period(name.replace("this", "last"), today, calendar, week_start).end == start
        assert period(name.replace("this", "next"), today, calendar, week_start).start == end
    if name.endswith("week"):
        assert (start.weekday(), (end - start).days) == (week_start, 7)


@given(st.sampled_from(UNITS), DAYS, st.integers(0, 400), CALENDARS)
def test_bounds_cover_the_days_without_gaps(unit: Unit, first: date, length: int, calendar: Calendar) -> None:
    last = first + DAY * length
    spans = bounds(unit, first, last, calendar)
    assert spans[0].start <= first < spans[0].end
    assert spans[-1].start <= last < spans[-1].end
    assert all(before.end == after.start for before, after in pairwise(spans))
    assert all(start_of(unit, span.end - DAY, calendar) == span.start for span in spans)


@given(st.sampled_from(UNITS), DAYS, st.integers(-30, 30), CALENDARS)
def test_stepping_forth_and_back_returns(unit: Unit, day: date, count: int, calendar: Calendar) -> None:
    start = start_of(unit, day, calendar)
    assert step(unit, step(unit, start, count, calendar), -count, calendar) == start


def test_bounds_of_nothing_and_of_weeks_with_another_start() -> None:
    assert bounds("month", TODAY, TODAY - DAY * 40, "gregorian") == []
    assert bounds("week", TODAY, TODAY, "gregorian", 6) == [Span(date(2026, 11, 22), date(2026, 11, 29))]
    assert bounds("week", TODAY, TODAY, "jalali") == [Span(date(2026, 11, 28), date(2026, 12, 5))]


@pytest.mark.parametrize(
    ("unit", "english", "persian"),
    [
        ("day", "Nov 28, 2026", "۷ آذر ۱۴۰۵"),
        ("week", "23 – 29 November 2026", "۷ – ۱۳ آذر ۱۴۰۵"),
        ("month", "November 2026", "آذر ۱۴۰۵"),
        ("quarter", "Q4 2026", "پاییز ۱۴۰۵"),
        ("year", "2026", "۱۴۰۵"),
    ],
)
def test_labels(unit: Unit, english: str, persian: str) -> None:
    assert label(unit, start_of(unit, TODAY, "gregorian", EN.first_weekday), EN) == english
    assert label(unit, start_of(unit, TODAY, "jalali", FA.first_weekday), FA) == persian


def test_a_gregorian_quarter_in_persian_and_a_jalali_one_in_english() -> None:
    assert label("quarter", TODAY, Locale("fa", digits="arabext")) == "سه‌ماههٔ ۴ سال ۲۰۲۶"
    assert label("quarter", TODAY, Locale("en", "jalali")) == "Autumn 1405"
