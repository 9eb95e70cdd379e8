"""Numbers and amounts as people read them, in their digits and with their marks."""

from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from types import MappingProxyType

from babel.numbers import get_currency_precision

from core.i18n.cldr import language_data, number_marks, percent_gap, unit_first
from core.i18n.digits import (
    LATIN,
    LEFT_TO_RIGHT_MARK,
    PERSIAN,
    PERSIAN_DECIMAL,
    PERSIAN_GROUP,
    PERSIAN_PERCENT,
    RIGHT_TO_LEFT_MARK,
    Digits,
)
from core.i18n.text import Text, pgettext, use_language

Number = int | float | Decimal

MOST_DECIMALS = 6
_SIGNIFICANT = 4
_NO_NUMBER = "—"
_WIDE = Context(prec=100, rounding=ROUND_HALF_UP)

_FA_UNITS = MappingProxyType(
    {
        "IRR": "ریال",
        "IRT": "تومان",
        "USD": "دلار",
        "EUR": "یورو",
        "GBP": "پوند",
        "AED": "درهم",
        "TRY": "لیر",
        "CNY": "یوآن",
        "IQD": "دینار عراق",
        "KWD": "دینار کویت",
        "SAR": "ریال سعودی",
        "QAR": "ریال قطر",
        "OMR": "ریال عمان",
        "RUB": "روبل",
        "INR": "روپیه",
        "JPY": "ین",
        "AFN": "افغانی",
        "CHF": "فرانک",
        "CAD": "دلار کانادا",
        "AUD": "دلار استرالیا",
    }
)

_STEPS: tuple[tuple[int, Text], ...] = (
    (12, pgettext("short number", "%(number)sT")),
    (9, pgettext("short number", "%(number)sB")),
    (6, pgettext("short number", "%(number)sM")),
    (3, pgettext("short number", "%(number)sK")),
)


@lru_cache(maxsize=256)
def _dress(language: str, digits: Digits) -> dict[int, str]:
    """A table that turns "-1,234.5" into what the reader expects."""
    if digits == "arabext":
        marks = {",": PERSIAN_GROUP, ".": PERSIAN_DECIMAL, "-": f"{LEFT_TO_RIGHT_MARK}\u2212"}
        return str.maketrans(dict(zip(LATIN, PERSIAN, strict=True)) | marks)
    group, decimal = number_marks(language)
    return str.maketrans({",": group, ".": decimal})


@lru_cache(maxsize=65536)
def format_number(value: Number, decimals: int | None, language: str, digits: Digits) -> str:
    """A number, rounded half up to so many decimals; None shows as many as it has, up to six."""
    exact = value if isinstance(value, Decimal) else Decimal(repr(value) if isinstance(value, float) else int(value))
    if not exact.is_finite():
        return _NO_NUMBER
    places = MOST_DECIMALS if decimals is None else decimals
    plain = f"{_round(exact, places):,f}"
    if decimals is None and "." in plain:
        plain = plain.rstrip("0").rstrip(".")
    return ("0" if plain == "-0" else plain).translate(_dress(language, digits))


def _round(value: Decimal, places: int) -> Decimal:
    rounded = value.quantize(Decimal(1).scaleb(-places), context=_WIDE)
    return abs(rounded) if rounded.is_zero() else rounded


@lru_cache(maxsize=16384)
def format_percent(value: Number, decimals: int | None, language: str, digits: Digits) -> str:
    """A number of hundredths with its sign: 34 is 34%; the Persian sign stands on the left, whatever surrounds it."""
    sign = f"{RIGHT_TO_LEFT_MARK}{PERSIAN_PERCENT}" if digits == "arabext" else f"{percent_gap(language)}%"
    return f"{format_number(value, decimals, language, digits)}{sign}"


@lru_cache(maxsize=1024)
def currency_unit(currency: str, language: str) -> str:
    """What stands beside an amount: "$", "IRR", «ریال»; the toman is shown, never converted."""
    if language.startswith("fa") and currency in _FA_UNITS:
        return _FA_UNITS[currency]
    if currency == "IRT":
        return "Toman"
    return str(language_data(language).currency_symbols.get(currency, currency))


@lru_cache(maxsize=256)
def currency_decimals(currency: str) -> int:
    """How many decimals amounts of a currency are written with."""
    return 0 if currency == "IRT" else get_currency_precision(currency)


@lru_cache(maxsize=65536)
def format_money(amount: Number, currency: str, decimals: int | None, language: str, digits: Digits) -> str:
    """An amount with its unit where the language puts it."""
    places = currency_decimals(currency) if decimals is None else decimals
    return _with_unit(format_number(amount, places, language, digits), currency, language)


@lru_cache(maxsize=4096)
def short_number(value: Number, language: str, digits: Digits) -> str:
    """A number in at most four digits: 186.4K, «۳۴٫۲۵ میلیارد»."""
    exact = _significant(Decimal(repr(value) if isinstance(value, float) else value))
    for power, text in _STEPS:
        if abs(exact) >= Decimal(10) ** power:
            shown = format_number(exact.scaleb(-power), None, language, digits)
            with use_language(language):
                return str(Text(text.key, (("number", shown),), text.context))
    return format_number(exact, None, language, digits)


def short_money(amount: Number, currency: str, language: str, digits: Digits) -> str:
    """An amount in at most four digits, with its unit."""
    return _with_unit(short_number(amount, language, digits), currency, language)


def _significant(value: Decimal) -> Decimal:
    """Rounded to four digits; a small number keeps two decimals at most."""
    if not value.is_finite() or value.is_zero():
        return value
    return _round(value, max(min(_SIGNIFICANT - 1 - value.adjusted(), 2), -MOST_DECIMALS * 10))


def _with_unit(number: str, currency: str, language: str) -> str:
    """The number beside its unit; the sign goes before both where the unit comes first."""
    unit = currency_unit(currency, language)
    if not unit_first(language):
        return f"{number}\u00a0{unit}"
    gap = "" if len(unit) == 1 or not unit[-1].isalpha() else "\u00a0"
    sign, bare = ("-", number[1:]) if number.startswith("-") else ("", number)
    return f"{sign}{unit}{gap}{bare}"
