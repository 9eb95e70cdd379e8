"""Digits of the three families people here type and read, and the marks that stand between them."""

from types import MappingProxyType
from typing import Literal

Digits = Literal["latn", "arabext"]

LATIN, PERSIAN, ARABIC = "0123456789", "۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩"
PERSIAN_GROUP, PERSIAN_DECIMAL, PERSIAN_PERCENT = "٬", "٫", "٪"
FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
LEFT_TO_RIGHT_MARK = "\u200e"
RIGHT_TO_LEFT_MARK = "\u200f"

_TO_LATIN = MappingProxyType(str.maketrans(PERSIAN + ARABIC, LATIN + LATIN))
_TO_PERSIAN = MappingProxyType(str.maketrans(LATIN + ARABIC, PERSIAN + PERSIAN))
_MARK_RANGES = (range(0x200E, 0x2010), range(0x202A, 0x202F), range(0x2066, 0x206A))
_DIRECTION_MARKS = MappingProxyType(dict.fromkeys(code for codes in _MARK_RANGES for code in codes))


def latin_digits(text: str) -> str:
    """The text with every Persian and Arabic digit made Latin."""
    return text if text.isascii() else text.translate(_TO_LATIN)


def to_digits(text: str, digits: Digits) -> str:
    """The text with all its digits of one family."""
    return text.translate(_TO_PERSIAN) if digits == "arabext" else latin_digits(text)


def isolate(text: str) -> str:
    """The text fenced in, so that its direction does not disturb the sentence around it (phones, codes, names)."""
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"


def without_direction_marks(text: str) -> str:
    """The text without invisible marks of direction, as it comes from copied cells and messages."""
    return text if text.isascii() else text.translate(_DIRECTION_MARKS)
