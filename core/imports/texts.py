"""Texts made of several columns: `"{product}[ – {account}]"`, the part in brackets only when its columns are filled."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping

from core.i18n import _

from .outcome import ImportFault

PART = re.compile(r"\[([^\[\]]*)\]|\{([^{}|]+)(?:\|([a-z]+))?\}")
COLUMN = re.compile(r"\{([^{}|]+)(?:\|([a-z]+))?\}")


def slug(text: str) -> str:
    """Return a text as the letters of an address: small, Latin where it can be, dots between words."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(letter if letter.isalnum() else "." for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"\.+", ".", kept).strip(".")


SHAPES: Mapping[str, Callable[[str], str]] = {
    "slug": slug,
    "lower": str.lower,
    "upper": str.upper,
    "title": str.title,
}


def columns_of(template: str) -> list[str]:
    """Return the columns a template reads; ImportFault for a shape there is not."""
    for found in COLUMN.finditer(template):
        if found[2] and found[2] not in SHAPES:
            words = {"shape": found[2], "shapes": ", ".join(SHAPES)}
            raise ImportFault(_("“%(shape)s” is no way to shape a text; there are: %(shapes)s.", **words))
    return [found[1] for found in COLUMN.finditer(template)]


def fill(template: str, cells: Mapping[str, str]) -> str:
    """Return the text of a template with the cells of a line in it."""

    def put(found: re.Match[str]) -> str:
        if found[1] is not None:
            inner = columns_of(found[1])
            return COLUMN.sub(_value, found[1]) if any(cells[name] for name in inner) else ""
        return _shaped(found[2], found[3])

    def _value(found: re.Match[str]) -> str:
        return _shaped(found[1], found[2])

    def _shaped(name: str, shape: str | None) -> str:
        return SHAPES[shape](cells[name]) if shape else cells[name]

    return PART.sub(put, template).strip()
