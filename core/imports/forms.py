"""How a column writes its dates and numbers, guessed from the whole column: one cell alone may mean two days."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal

from core.i18n import Calendar, Locale, NotADate, NotANumber, Text, _, from_calendar, latin_digits
from core.i18n import without_direction_marks as bare

from .maps import Order

PARTS = re.compile(r"(\d{1,4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,4})")
CLOCK = re.compile(r"(.+?)[T\s,،]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?$")
GREGORIAN_FROM = 1700
NOON = time(12)
UNITS = ("ریال", "﷼")

ORDERS: dict[Order, Text] = {
    "ymd": _("year, month, day"),
    "dmy": _("day, month, year"),
    "mdy": _("month, day, year"),
}


@dataclass(frozen=True, slots=True)
class DateForm:
    """The order of a column's dates and their calendar. `sure` is False when both orders would be possible."""

    order: Order
    calendar: Calendar
    sure: bool = True

    def read(self, text: str, locale: Locale) -> date:
        """Return the day a cell means; NotADate when it means none."""
        typed = latin_digits(bare(text)).strip()
        found = PARTS.fullmatch(typed)
        if found is None:
            return locale.parse_date(text)
        first, month, last = int(found[1]), int(found[3]), int(found[4])
        if len(found[1]) >= 3:
            year, day = first, last
        else:
            year, day = last, first
            if self.order == "mdy":
                month, day = day, month
            if len(found[4]) < 3:
                raise NotADate(_("“%(text)s” names no full year. Write years with four digits.", text=text))
        try:
            return from_calendar(year, month, day, "gregorian" if year > GREGORIAN_FROM else "jalali")
        except ValueError:
            raise NotADate(_("There is no day “%(text)s” in the calendar.", text=text)) from None

    def moment(self, text: str, locale: Locale) -> datetime:
        """Return the moment a cell means; a day without a time is its noon, the same day in every time zone."""
        typed = latin_digits(bare(text)).strip()
        found = CLOCK.fullmatch(typed)
        if found is None:
            if ":" in typed:
                return locale.parse_datetime(text)
            return datetime.combine(self.read(typed, locale), NOON, locale.zone).astimezone(UTC)
        try:
            clock = time(int(found[2]), int(found[3]), int(found[4] or 0))
        except ValueError:
            raise NotADate(_("“%(text)s” has no valid time. Write it from 00:00 to 23:59.", text=text)) from None
        return datetime.combine(self.read(found[1], locale), clock, locale.zone).astimezone(UTC)


def guess_dates(texts: Iterable[str], locale: Locale) -> DateForm:
    """Return the form of a column's dates: the order all of them allow, the calendar of their years."""
    found = [match for text in texts if (match := PARTS.match(latin_digits(bare(text)).strip()))]
    turned = [match for match in found if len(match[1]) <= 2]
    years = [int(match[1]) if len(match[1]) >= 3 else int(match[4]) for match in found]
    calendar: Calendar = locale.calendar
    if years:
        calendar = "jalali" if sum(year <= GREGORIAN_FROM for year in years) * 2 > len(years) else "gregorian"
    if not turned:
        return DateForm("ymd", calendar)
    if any(int(match[1]) > 12 for match in turned):
        return DateForm("dmy", calendar)
    if any(int(match[3]) > 12 for match in turned):
        return DateForm("mdy", calendar)
    return DateForm("dmy", calendar, sure=all(match[1] == match[3] for match in turned))


@dataclass(frozen=True, slots=True)
class NumberForm:
    """The sign a column's numbers have between whole and part."""

    decimal: str
    sure: bool = True

    def read(self, text: str) -> Decimal:
        """Return the number a cell means; NotANumber when it means none."""
        typed = _plain_number(text)
        negative = typed.startswith("(") and typed.endswith(")")
        typed = typed.strip("()").strip()
        group = "," if self.decimal == "." else "."
        whole, point, part = typed.partition(self.decimal)
        threes = rf"[-+]?(\d+|\d{{1,3}}([{group} ]\d{{3}})+)?"
        if not re.fullmatch(threes, whole) or not re.fullmatch(r"\d*", part) or not re.search(r"\d", typed):
            raise NotANumber(_("“%(text)s” is not a number. Write it with digits only, for example 1234.5.", text=text))
        whole = whole.replace(group, "").replace(" ", "")
        number = Decimal(f"{whole or 0}.{part}" if point and part else whole)
        return -number if negative else number


def _plain_number(text: str) -> str:
    """Return a number with Latin digits and marks, without the unit beside it."""
    typed = latin_digits(bare(text)).replace("٬", ",").replace("٫", ".").replace("،", ",").replace("\u2212", "-")
    for unit in UNITS:
        typed = typed.replace(unit, "")
    return "".join(" " if one.isspace() else one for one in typed if unicodedata.category(one) != "Sc").strip()


def guess_numbers(texts: Iterable[str]) -> NumberForm:
    """Return the form of a column's numbers: where both marks stand, the last one is the decimal one."""
    seen: set[str] = set()
    for text in texts:
        if "٫" in text or "٬" in text:
            return NumberForm(".")
        seen |= _hints(_plain_number(text))
    return NumberForm("," if "," in seen and "." not in seen else ".", sure=len(seen) < 2)


def _hints(typed: str) -> set[str]:
    """Return the mark that can only be the decimal one of a number."""
    last = max(typed.rfind(","), typed.rfind("."))
    if last < 0:
        return set()
    mark, other = typed[last], "," if typed[last] == "." else "."
    if other in typed:
        return {mark}
    if typed.count(mark) > 1:
        return {other}
    groups = re.fullmatch(r"[-+(]?\d{1,3}[.,]\d{3}\)?", typed)
    return set() if groups else {mark}
