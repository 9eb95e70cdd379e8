"""The Jalali calendar as three numbers: the one place where it is turned into Gregorian dates and back."""

from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

import jdatetime

Calendar = Literal["gregorian", "jalali"]


class Day(NamedTuple):
    """A day as year, month and day of some calendar."""

    year: int
    month: int
    day: int


@lru_cache(maxsize=16384)
def in_calendar(day: date, calendar: Calendar) -> Day:
    """The numbers of a day in a calendar."""
    if calendar == "gregorian":
        return Day(day.year, day.month, day.day)
    found = jdatetime.date.fromgregorian(year=day.year, month=day.month, day=day.day)
    return Day(found.year, found.month, found.day)


@lru_cache(maxsize=16384)
def from_calendar(year: int, month: int, day: int, calendar: Calendar) -> date:
    """The day that has these numbers in a calendar; ValueError when there is none."""
    if calendar == "gregorian":
        return date(year, month, day)
    found = jdatetime.date(year, month, day).togregorian()
    return date(found.year, found.month, found.day)


def is_leap(year: int, calendar: Calendar) -> bool:
    """Whether a year has a day more: February 29 or the 30th of Esfand."""
    return (from_calendar(year + 1, 1, 1, calendar) - from_calendar(year, 1, 1, calendar)).days == 366


def days_in_month(year: int, month: int, calendar: Calendar) -> int:
    """How many days a month of a calendar has."""
    after = (year + 1, 1) if month == 12 else (year, month + 1)
    return (from_calendar(*after, 1, calendar) - from_calendar(year, month, 1, calendar)).days
