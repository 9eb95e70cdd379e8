"""What people type, read back: dates, moments and numbers in any digits, or an error that says what to write."""

import re
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.i18n.cldr import day_first, number_marks
from core.i18n.dates import month_name
from core.i18n.digits import PERSIAN_DECIMAL, PERSIAN_GROUP, latin_digits, without_direction_marks
from core.i18n.fold import fold
from core.i18n.jalali import Calendar, from_calendar
from core.i18n.text import Text, _

GREGORIAN_FROM = 1700
"""A year above this is Gregorian even where the Jalali calendar is used: no one means the year 1701 of the Hijra."""

_NUMERIC = re.compile(r"(\d{1,4})([-/.,])(\d{1,2})\2(\d{1,4})")
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})")
_WORD = re.compile(r"[^\W\d]+")
_CLOCK = re.compile(
    r"(?P<day>.*?)[\s,،]*(?:ساعت|T|t|\bat\b)?\s*(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)


class Unreadable(ValueError):
    """Something typed that cannot be read; `message` says why, in the reader's language."""

    def __init__(self, message: Text) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        """The message, translated."""
        return str(self.message)


class NotADate(Unreadable):
    """Typed text that is no date or no moment."""


class NotANumber(Unreadable):
    """Typed text that is no number, or could be two."""


def read_date(text: str, language: str, calendar: Calendar) -> date:
    """A day from what a reader typed: his calendar or ISO, in any digits, `-/.,` between, or with a month's name."""
    typed = " ".join(latin_digits(without_direction_marks(text)).split())
    if found := _NUMERIC.fullmatch(typed.replace(" ", "")):
        return _numeric(text, found, language, calendar)
    if found := _PLAIN.fullmatch(typed):
        return _day(text, int(found[1]), int(found[2]), int(found[3]), calendar)
    if any(word in _month_words(language) for word in _WORD.findall(fold(typed))):
        return _named(text, fold(typed), language, calendar)
    raise _no_date(text, calendar)


def _numeric(text: str, found: re.Match[str], language: str, calendar: Calendar) -> date:
    """Three numbers: the year has at least three digits; when it is not the first it follows the month."""
    first, middle, last = found[1], int(found[3]), found[4]
    if len(first) >= 3 and len(last) <= 2:
        return _day(text, int(first), middle, int(last), calendar)
    if len(last) < 3 or len(first) > 2:
        raise _no_date(text, calendar)
    year, outer = int(last), int(first)
    if (calendar == "jalali" and year <= GREGORIAN_FROM) or outer == middle or outer > 12 or day_first(language):
        return _day(text, year, middle, outer, calendar)
    if middle > 12:
        return _day(text, year, outer, middle, calendar)
    raise NotADate(_("“%(text)s” may be two different days. Write the year first, then month and day.", text=text))


def _named(text: str, folded: str, language: str, calendar: Calendar) -> date:
    """A date with the name of its month: "Nov 28, 2026", «۷ آذر ۱۴۰۵»; a weekday before it is not asked."""
    named_in, month = next(found for word in _WORD.findall(folded) if (found := _month_words(language).get(word)))
    numbers = [int(number) for number in re.findall(r"\d+", folded)]
    if len(numbers) != 2:
        raise _no_date(text, calendar)
    day, year = sorted(numbers)
    if (named_in == "jalali") != (year <= GREGORIAN_FROM):
        raise _no_date(text, calendar)
    return _day(text, year, month, day, named_in)


def _day(text: str, year: int, month: int, day: int, calendar: Calendar) -> date:
    try:
        return from_calendar(year, month, day, "gregorian" if year > GREGORIAN_FROM else calendar)
    except ValueError:
        raise _no_day(text) from None


def _no_date(text: str, calendar: Calendar) -> NotADate:
    if calendar == "jalali":
        return NotADate(_("“%(text)s” is not a date. Write year, month and day, for example 1405/09/07.", text=text))
    return NotADate(_("“%(text)s” is not a date. Write year, month and day, for example 2026-11-28.", text=text))


def _no_day(text: str) -> NotADate:
    return NotADate(_("There is no day “%(text)s” in the calendar. Check the month and the day.", text=text))


@lru_cache(maxsize=32)
def _month_words(language: str) -> dict[str, tuple[Calendar, int]]:
    """Every name of a month, folded, in the reader's language and in English."""
    words: dict[str, tuple[Calendar, int]] = {}
    calendars: tuple[Calendar, Calendar] = ("jalali", "gregorian")
    for calendar in calendars:
        for month in range(1, 13):
            for spoken in (language, "en"):
                names = {month_name(spoken, calendar, month, "wide", alone) for alone in (True, False)}
                names.add(month_name(spoken, calendar, month, "abbreviated"))
                words.update((fold(name).rstrip("."), (calendar, month)) for name in names)
    return words


def read_datetime(text: str, language: str, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """A moment in UTC from a day and, if typed, a time of the reader's clock (or of the offset written after it)."""
    typed = latin_digits(without_direction_marks(text)).strip()
    found = _CLOCK.fullmatch(typed)
    if not found:
        return _moment(text, read_date(text, language, calendar), time(), zone)
    hour = _hour(int(found["hour"]), (found["half"] or "").lower()[:1])
    try:
        clock = time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        raise NotADate(_("“%(text)s” has no valid time. Write it from 00:00 to 23:59.", text=text)) from None
    written = datetime.strptime(found["zone"], "%z").tzinfo if found["zone"] else zone
    return _moment(text, read_date(found["day"], language, calendar), clock, written or zone)


def _moment(text: str, day: date, clock: time, zone: tzinfo) -> datetime:
    try:
        return datetime.combine(day, clock, zone).astimezone(UTC)
    except OverflowError:
        raise _no_day(text) from None


def _hour(hour: int, half: str) -> int:
    """The hour of a day of 24; a half with an hour it cannot have gives an hour no clock has."""
    if not half:
        return hour
    return (hour % 12 + (12 if half == "p" else 0)) if 1 <= hour <= 12 else 24


def read_number(text: str, language: str) -> Decimal:
    """A number in any digits with the marks of its digits; thousands must stand in threes, or it is refused."""
    typed = without_direction_marks(text).strip().replace("\u2212", "-")
    group, decimal = number_marks(language)
    if PERSIAN_GROUP in typed or PERSIAN_DECIMAL in typed or "،" in typed:
        typed, group, decimal = typed.replace("،", PERSIAN_GROUP), PERSIAN_GROUP, PERSIAN_DECIMAL
    elif language.startswith("fa"):
        group, decimal = ",", "."
    typed = re.sub(r"(?<=\d)[\u00a0\u202f\u2009 ](?=\d)", group, typed)
    found = _number(group, decimal).fullmatch(latin_digits(typed))
    if not found:
        raise NotANumber(_("“%(text)s” is not a number. Write it with digits only, for example 1234.5.", text=text))
    whole, part = (found["whole"] or "0").replace(group, ""), found["part"] or found["bare"] or ""
    return Decimal(f"{found['sign']}{whole}{'.' if part else ''}{part}")


@lru_cache(maxsize=32)
def _number(group: str, decimal: str) -> re.Pattern[str]:
    thousands, point = re.escape(group), re.escape(decimal)
    whole = rf"\d{{1,3}}(?:{thousands}\d{{3}})+|\d+"
    return re.compile(rf"(?P<sign>[-+]?)\s?(?:(?P<whole>{whole})(?:{point}(?P<part>\d*))?|{point}(?P<bare>\d+))")
