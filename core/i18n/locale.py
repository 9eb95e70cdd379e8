"""One reader's way of seeing and typing: language, calendar, digits, time zone and first day of the week."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.i18n import cldr, dates, numbers, parsing
from core.i18n.catalogues import Direction, direction
from core.i18n.cldr import Width
from core.i18n.dates import DateStyle
from core.i18n.digits import Digits, to_digits
from core.i18n.jalali import Calendar, in_calendar
from core.i18n.numbers import Number
from core.i18n.text import Text, set_language, use_language


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


@dataclass(frozen=True, slots=True)
class Locale:
    """How one reader reads; every method is a pure function of it and of what is given."""

    language: str = "en"
    calendar: Calendar = "gregorian"
    digits: Digits = "latn"
    timezone: str = "UTC"
    week_start: int | None = None

    @classmethod
    def usual(cls, language: str, timezone: str = "UTC") -> "Locale":
        """What most readers of a language expect: for Persian the Jalali calendar and Persian digits."""
        if language.partition("-")[0].partition("_")[0] == "fa":
            return cls(language, "jalali", "arabext", timezone)
        return cls(language, timezone=timezone)

    @property
    def direction(self) -> Direction:
        """Where lines begin: "ltr" or "rtl"."""
        return direction(self.language)

    @property
    def zone(self) -> ZoneInfo:
        """The time zone."""
        return _zone(self.timezone)

    @property
    def first_weekday(self) -> int:
        """The day the week begins with, Monday being 0."""
        return cldr.first_weekday(self.language) if self.week_start is None else self.week_start

    @property
    def days_off(self) -> frozenset[int]:
        """The weekdays without work, Monday being 0."""
        return cldr.days_off(self.language)

    def say(self, text: Text | str) -> str:
        """A text in this reader's language, its numbers and dates in his way."""
        with use_locale(self):
            return str(text)

    def show(self, value: object) -> str:
        """Any value inside a sentence: numbers, days and moments in the reader's way, all else as text."""
        match value:
            case bool() | str():
                return str(value)
            case int() | float() | Decimal():
                return self.number(value)
            case dt.datetime():
                return self.datetime(value)
            case dt.date():
                return self.date(value)
            case _:
                return str(value)

    # days and moments

    def local(self, moment: dt.datetime) -> dt.datetime:
        """A moment on the reader's clock; one without a zone is in UTC."""
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(_zone(self.timezone))

    def day_of(self, moment: dt.datetime) -> dt.date:
        """The reader's day on which a moment falls."""
        return self.local(moment).date()

    def midnight(self, day: dt.date) -> dt.datetime:
        """The moment, in UTC, when a day begins for the reader."""
        return dt.datetime.combine(day, dt.time(), self.zone).astimezone(dt.UTC)

    def date(self, day: dt.date, style: DateStyle = "medium") -> str:
        """A day: short "Nov 28", medium "Nov 28, 2026", long with the weekday, numeric as it is typed."""
        return dates.format_date(day, style, self.language, self.calendar, self.digits)

    def near_date(self, day: dt.date, today: dt.date) -> str:
        """A day as short as it can be: with the year only when it is not this year."""
        same = in_calendar(day, self.calendar).year == in_calendar(today, self.calendar).year
        return self.date(day, "short" if same else "medium")

    def date_range(self, first: dt.date, last: dt.date) -> str:
        """Two days as one span, both included: "16 – 22 November 2026"."""
        return dates.format_range(first, last, self.language, self.calendar, self.digits)

    def time(self, moment: dt.datetime | dt.time) -> str:
        """The time of the reader's clock, of 24 hours; a bare time is shown as it is."""
        clock = self.local(moment) if isinstance(moment, dt.datetime) else moment
        return to_digits(f"{clock.hour:02}:{clock.minute:02}", self.digits)

    def datetime(self, moment: dt.datetime, style: DateStyle = "medium") -> str:
        """A moment as day and time of the reader's clock; numeric can be typed back."""
        local = self.local(moment)
        comma = " " if style == "numeric" else "، " if self.direction == "rtl" else ", "
        clock = to_digits(f"{local.hour:02}:{local.minute:02}", self.digits)
        return f"{self.date(local.date(), style)}{comma}{clock}"

    def relative_day(self, day: dt.date, today: dt.date) -> str:
        """A day as seen from today: "Tomorrow", "In 4 days", or its date when it is more than a month away."""
        text = dates.relative_day(day, today)
        return self.say(text) if text else self.near_date(day, today)

    def month_name(self, month: int, width: Width = "wide") -> str:
        """The name of a month of the reader's calendar, 1 to 12."""
        return dates.month_name(self.language, self.calendar, month, width)

    def weekday_name(self, day: int | dt.date, width: Width = "wide") -> str:
        """The name of a day's weekday, or of a weekday with Monday being 0."""
        return cldr.weekday(self.language, day if isinstance(day, int) else day.weekday(), width)

    def week(self) -> tuple[int, ...]:
        """The weekdays in the reader's order."""
        return tuple((self.first_weekday + offset) % 7 for offset in range(7))

    def month_title(self, day: dt.date) -> str:
        """The month of a day with its year: "November 2026", «آبان ۱۴۰۵»."""
        return self.date(day, "month")

    # numbers and amounts

    def number(self, value: Number, decimals: int | None = None) -> str:
        """A number with thousands marked; without `decimals` it shows as many as it has, up to six."""
        return numbers.format_number(value, decimals, self.language, self.digits)

    def percent(self, value: Number, decimals: int | None = None) -> str:
        """Hundredths with their sign: 34 is "34%"; a share (0.34) must be multiplied by the caller."""
        return numbers.format_percent(value, decimals, self.language, self.digits)

    def money(self, amount: Number, currency: str, decimals: int | None = None) -> str:
        """An amount with its unit; without `decimals` as many as the currency has."""
        return numbers.format_money(amount, currency, decimals, self.language, self.digits)

    def short_number(self, value: Number) -> str:
        """A number for heads and charts, in at most four digits: "186.4K"."""
        return numbers.short_number(value, self.language, self.digits)

    def short_money(self, amount: Number, currency: str) -> str:
        """An amount for heads and charts, in at most four digits: "$186.4K"."""
        return numbers.short_money(amount, currency, self.language, self.digits)

    def unit(self, currency: str) -> str:
        """What stands beside amounts of a currency, for the head of a column."""
        return numbers.currency_unit(currency, self.language)

    def to_digits(self, text: str) -> str:
        """The text with all its digits as the reader reads them."""
        return to_digits(text, self.digits)

    # what the reader types

    def parse_date(self, text: str) -> dt.date:
        """The day that was typed; NotADate says what to write instead."""
        return parsing.read_date(text, self.language, self.calendar)

    def parse_datetime(self, text: str) -> dt.datetime:
        """The moment that was typed, in UTC; without a time it is the beginning of the day."""
        return parsing.read_datetime(text, self.language, self.calendar, self.zone)

    def parse_number(self, text: str) -> Decimal:
        """The number that was typed; NotANumber says what to write instead."""
        return parsing.read_number(text, self.language)


@contextmanager
def use_locale(locale: Locale) -> Iterator[None]:
    """Show texts, and the numbers and dates inside them, as this reader reads, inside the block."""
    with use_language(locale.language, locale.show):
        yield


def set_locale(locale: Locale) -> None:
    """Show texts as this reader reads from now on, in this thread or task."""
    set_language(locale.language, locale.show)
