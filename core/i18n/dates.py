"""Dates and times as people read them, in their language, calendar and digits."""

import re
from datetime import date
from functools import lru_cache
from typing import Literal

from core.i18n.cldr import Width, date_pattern, gregorian_month, weekday
from core.i18n.digits import Digits, to_digits
from core.i18n.jalali import Calendar, Day, in_calendar
from core.i18n.text import Text, _, ngettext, pgettext, use_language

DateStyle = Literal["short", "medium", "long", "numeric", "month"]

JALALI_MONTHS: tuple[Text, ...] = (
    pgettext("month", "Farvardin"),
    pgettext("month", "Ordibehesht"),
    pgettext("month", "Khordad"),
    pgettext("month", "Tir"),
    pgettext("month", "Mordad"),
    pgettext("month", "Shahrivar"),
    pgettext("month", "Mehr"),
    pgettext("month", "Aban"),
    pgettext("month", "Azar"),
    pgettext("month", "Dey"),
    pgettext("month", "Bahman"),
    pgettext("month", "Esfand"),
)
SEASONS: tuple[Text, ...] = (
    pgettext("season", "Spring"),
    pgettext("season", "Summer"),
    pgettext("season", "Autumn"),
    pgettext("season", "Winter"),
)

_FIELD = re.compile(r"(y+|M+|L+|d+|E+|'[^']*')")
_WIDTHS: dict[int, Width] = {3: "abbreviated", 4: "wide", 5: "narrow"}
_COUNTED_DAYS = 30


@lru_cache(maxsize=256)
def month_name(language: str, calendar: Calendar, month: int, width: Width = "wide", alone: bool = True) -> str:
    """The name of a month; Jalali months have no short names."""
    if calendar == "gregorian":
        return gregorian_month(language, month, width, alone)
    with use_language(language):
        return str(JALALI_MONTHS[month - 1])


@lru_cache(maxsize=65536)
def format_date(day: date, style: DateStyle, language: str, calendar: Calendar, digits: Digits) -> str:
    """A day in one of the styles; "numeric" can be typed back and sorts as it reads."""
    parts = in_calendar(day, calendar)
    if style == "numeric":
        mark = "/" if calendar == "jalali" else "-"
        return to_digits(f"{parts.year:04}{mark}{parts.month:02}{mark}{parts.day:02}", digits)
    pieces = _FIELD.split(date_pattern(language, style))
    return to_digits("".join(_piece(piece, day, parts, language, calendar) for piece in pieces), digits)


def _piece(piece: str, day: date, parts: Day, language: str, calendar: Calendar) -> str:
    """One part of a date pattern, filled in; what is not a field stays as it is."""
    match piece[:1]:
        case "y":
            return str(parts.year)
        case "d":
            return f"{parts.day:0{len(piece)}}"
        case "E":
            return weekday(language, day.weekday(), _WIDTHS.get(len(piece), "abbreviated"))
        case "M" | "L" if len(piece) > 2:
            return month_name(language, calendar, parts.month, _WIDTHS[len(piece)], piece[0] == "L")
        case "M" | "L":
            return f"{parts.month:0{len(piece)}}"
        case "'":
            return piece.strip("'") or "'"
        case _:
            return piece


@lru_cache(maxsize=4096)
def format_range(first: date, last: date, language: str, calendar: Calendar, digits: Digits) -> str:
    """Two days as one span, each part said once: "16 – 22 November 2026"."""
    start, end = in_calendar(first, calendar), in_calendar(last, calendar)
    tail = _day_month_year(end, 3, language, calendar)
    if start == end:
        return to_digits(tail, digits)
    said = 3 if start.year != end.year else 2 if start.month != end.month else 1
    return to_digits(f"{_day_month_year(start, said, language, calendar)} – {tail}", digits)


def _day_month_year(parts: Day, count: int, language: str, calendar: Calendar) -> str:
    month = month_name(language, calendar, parts.month, alone=False)
    return " ".join((str(parts.day), month, str(parts.year))[:count])


def relative_day(day: date, today: date) -> Text | None:
    """A day as seen from today, or None when it is too far away for people to count."""
    distance = (day - today).days
    match distance:
        case 0:
            return _("Today")
        case 1:
            return _("Tomorrow")
        case -1:
            return _("Yesterday")
        case _ if 0 < distance <= _COUNTED_DAYS:
            return ngettext("In %(n)s day", "In %(n)s days", distance)
        case _ if -_COUNTED_DAYS <= distance < 0:
            return ngettext("%(n)s day ago", "%(n)s days ago", -distance)
        case _:
            return None


def quarter_title(year: int, quarter: int, calendar: Calendar) -> Text:
    """What a quarter is called: by its number, or in the Jalali calendar by its season."""
    if calendar == "jalali":
        return pgettext("quarter", "%(season)s %(year)s", season=SEASONS[quarter - 1], year=str(year))
    return pgettext("quarter", "Q%(quarter)s %(year)s", quarter=quarter, year=str(year))
