"""What the Unicode locale data knows of a language, read through Babel: patterns, names, marks, weeks."""

from functools import lru_cache
from typing import Literal

import babel
from babel.core import get_global

Width = Literal["wide", "abbreviated", "narrow"]

_TERRITORIES = {"fa": "fa_IR"}  # without a country the data starts Persian weeks on Monday and has no Friday off


@lru_cache(maxsize=64)
def language_data(language: str) -> babel.Locale:
    """Babel's data for a language; English stands in for one it does not know."""
    name = language.replace("-", "_")
    try:
        return babel.Locale.parse(_TERRITORIES.get(name, name))
    except (babel.UnknownLocaleError, ValueError):
        return babel.Locale.parse("en")


@lru_cache(maxsize=64)
def number_marks(language: str) -> tuple[str, str]:
    """What stands between thousands and before decimals when a language is written with Latin digits."""
    symbols = language_data(language).number_symbols["latn"]
    return symbols["group"], symbols["decimal"]


@lru_cache(maxsize=64)
def first_weekday(language: str) -> int:
    """The day weeks begin with, Monday being 0."""
    return language_data(language).first_week_day


@lru_cache(maxsize=64)
def days_off(language: str) -> frozenset[int]:
    """The weekdays people do not work, Monday being 0."""
    data = language_data(language)
    count = (data.weekend_end - data.weekend_start) % 7
    return frozenset((data.weekend_start + offset) % 7 for offset in range(count + 1))


@lru_cache(maxsize=256)
def gregorian_month(language: str, month: int, width: Width, alone: bool) -> str:
    """The name of a Gregorian month, inside a date or standing alone."""
    return str(language_data(language).months["stand-alone" if alone else "format"][width][month])


@lru_cache(maxsize=256)
def weekday(language: str, day: int, width: Width) -> str:
    """The name of a weekday, Monday being 0."""
    return str(language_data(language).days["stand-alone"][width][day])


@lru_cache(maxsize=256)
def date_pattern(language: str, style: Literal["short", "medium", "long", "month"]) -> str:
    """How a language orders the parts of a date, in the letters of Unicode's date patterns."""
    data = language_data(language)
    if style == "short":
        return str(data.datetime_skeletons["MMMd"].pattern)
    if style == "month":
        return str(data.datetime_skeletons["yMMMM"].pattern)
    return str(data.date_formats["full" if style == "long" else "medium"].pattern)


@lru_cache(maxsize=64)
def day_first(language: str) -> bool:
    """Whether a language says the day before the month."""
    pattern = date_pattern(language, "medium").upper()
    return pattern.index("D") < pattern.index("M")


@lru_cache(maxsize=64)
def unit_first(language: str) -> bool:
    """Whether a currency stands before its amount; Persian says it after, whatever the data's sheets of figures do."""
    pattern = str(language_data(language).currency_formats["standard"].pattern)
    return not language.startswith("fa") and pattern.startswith("¤")


@lru_cache(maxsize=2048)
def zone_city(language: str, zone: str) -> str:
    """The place a time zone is named after; empty when the data has no name of its own for it."""
    newer = get_global("zone_aliases")
    same = (zone, newer.get(zone, zone), *(old for old, new in newer.items() if new == zone))
    known = language_data(language).time_zones
    return next((str(known[name]["city"]) for name in same if "city" in known.get(name, {})), "")


@lru_cache(maxsize=64)
def percent_gap(language: str) -> str:
    """The space a language leaves before the percent sign, if any."""
    pattern = str(language_data(language).percent_formats[None].pattern)
    return "\u00a0" if "\u00a0%" in pattern else ""
