"""Weeks, months, quarters and years of both calendars: "this month" and its kind, and the bars of a chart over time.

Everything here is arithmetic on days. A span ends before its `end`: `start <= day < end`.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from core.i18n.cldr import first_weekday
from core.i18n.dates import quarter_title
from core.i18n.jalali import Calendar, from_calendar, in_calendar
from core.i18n.locale import Locale
from core.i18n.text import Text, _, ngettext

Unit = Literal["day", "week", "month", "quarter", "year"]
UNITS: tuple[Unit, ...] = ("day", "week", "month", "quarter", "year")


class Span(NamedTuple):
    """Days from `start` until before `end`."""

    start: date
    end: date


PERIODS: Mapping[str, Text] = MappingProxyType(
    {
        "today": _("Today"),
        "yesterday": _("Yesterday"),
        "tomorrow": _("Tomorrow"),
        "this_week": _("This week"),
        "last_week": _("Last week"),
        "next_week": _("Next week"),
        "this_month": _("This month"),
        "last_month": _("Last month"),
        "next_month": _("Next month"),
        "this_quarter": _("This quarter"),
        "last_quarter": _("Last quarter"),
        "next_quarter": _("Next quarter"),
        "this_year": _("This year"),
        "last_year": _("Last year"),
        "next_year": _("Next year"),
    }
)
"""The periods with names of their own; `last_N_days` and `next_N_days` are periods for every N from 1."""

_DAY = timedelta(days=1)
_MONTHS: Mapping[Unit, int] = MappingProxyType({"month": 1, "quarter": 3, "year": 12})
_DAYS: Mapping[str, int] = MappingProxyType({"yesterday": -1, "today": 0, "tomorrow": 1})
_STEPS: Mapping[str, int] = MappingProxyType({"last": -1, "this": 0, "next": 1})
_COUNTED = re.compile(r"(last|next)_([1-9]\d{0,4})_days")
_NAMED = re.compile(r"(last|this|next)_(week|month|quarter|year)")


def is_period(name: str) -> bool:
    """Whether this is the name of a period."""
    return name in PERIODS or _COUNTED.fullmatch(name) is not None


def period_title(name: str) -> Text:
    """What a period is called in a menu of filters."""
    if found := _COUNTED.fullmatch(name):
        count = int(found[2])
        if found[1] == "last":
            return ngettext("Last %(n)s day", "Last %(n)s days", count)
        return ngettext("Next %(n)s day", "Next %(n)s days", count)
    return PERIODS[name]


def period(name: str, today: date, calendar: Calendar, week_start: int) -> Span:
    """The days of a named period as seen from today; counted ones include today (`last_7_days` ends with it)."""
    if name in _DAYS:
        start = today + _DAY * _DAYS[name]
        return Span(start, start + _DAY)
    if found := _COUNTED.fullmatch(name):
        count = _DAY * int(found[2])
        return Span(today + _DAY - count, today + _DAY) if found[1] == "last" else Span(today, today + count)
    if found := _NAMED.fullmatch(name):
        unit = next(known for known in UNITS if known == found[2])
        start = step(unit, start_of(unit, today, calendar, week_start), _STEPS[found[1]], calendar)
        return Span(start, step(unit, start, 1, calendar))
    raise ValueError(f"There is no period named {name!r}; known are {', '.join(PERIODS)}, last_N_days, next_N_days.")


def reader_period(name: str, today: date, locale: Locale) -> Span:
    """The days of a named period in the reader's calendar and week."""
    return period(name, today, locale.calendar, locale.first_weekday)


def start_of(unit: Unit, day: date, calendar: Calendar, week_start: int | None = None) -> date:
    """The first day of the week, month, quarter or year in which a day lies."""
    if unit == "day":
        return day
    if unit == "week":
        return day - _DAY * ((day.weekday() - _week_start(calendar, week_start)) % 7)
    parts, months = in_calendar(day, calendar), _MONTHS[unit]
    return from_calendar(parts.year, (parts.month - 1) // months * months + 1, 1, calendar)


def step(unit: Unit, start: date, count: int, calendar: Calendar) -> date:
    """So many units after the first day of one (before it, when negative)."""
    if unit == "day":
        return start + _DAY * count
    if unit == "week":
        return start + _DAY * 7 * count
    parts = in_calendar(start, calendar)
    year, month = divmod(parts.year * 12 + parts.month - 1 + _MONTHS[unit] * count, 12)
    return from_calendar(year, month + 1, 1, calendar)


@lru_cache(maxsize=1024)
def _bounds(unit: Unit, first: date, last: date, calendar: Calendar, week_start: int) -> tuple[Span, ...]:
    spans: list[Span] = []
    start = start_of(unit, first, calendar, week_start)
    while start <= last:
        end = step(unit, start, 1, calendar)
        spans.append(Span(start, end))
        start = end
    return tuple(spans)


def bounds(unit: Unit, first: date, last: date, calendar: Calendar, week_start: int | None = None) -> list[Span]:
    """Every whole unit that touches the days from `first` to `last`, both included, in order and without gaps."""
    return list(_bounds(unit, first, last, calendar, _week_start(calendar, week_start)))


def label(unit: Unit, start: date, locale: Locale) -> str:
    """What the unit beginning on this day is called under a bar or above a column."""
    match unit:
        case "day":
            return locale.date(start)
        case "week":
            return locale.date_range(start, start + _DAY * 6)
        case "month":
            return locale.month_title(start)
        case "quarter":
            parts = in_calendar(start, locale.calendar)
            return locale.to_digits(locale.say(quarter_title(parts.year, (parts.month + 2) // 3, locale.calendar)))
        case "year":
            return locale.to_digits(str(in_calendar(start, locale.calendar).year))


def _week_start(calendar: Calendar, week_start: int | None) -> int:
    """The given first day of the week, else Saturday with the Jalali calendar and Monday with the Gregorian."""
    if week_start is not None:
        return week_start
    return first_weekday("fa" if calendar == "jalali" else "en")
