"""Bytes to text: which encoding a file is written in, guessed from the bytes and said."""

from __future__ import annotations

import codecs
import itertools
import unicodedata

from charset_normalizer import from_bytes

from core.i18n import _

from .outcome import ImportFault

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SPELT = {"utf_8": "utf-8", "utf-8-sig": "utf-8", "cp1256": "windows-1256", "cp1252": "windows-1252"}
EUROPEAN = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254"]
SAMPLE = 200_000
HIGH_BYTES = (0x00, 0x06, 0x20)
"""The first bytes of Latin and of Persian letters and of the half-space when each has two."""


def decoded(data: bytes, name: str, encoding: str | None = None) -> tuple[str, str]:
    """Return the text of a file and the encoding it is in, the named one or the one that fits."""
    chosen = encoding or guessed(data)
    try:
        return data.decode(chosen), SPELT.get(chosen, chosen)
    except (UnicodeDecodeError, LookupError):
        text = _(
            "%(file)s cannot be read as %(encoding)s. Save it as “CSV UTF-8”, or name its encoding.",
            file=name,
            encoding=SPELT.get(chosen, chosen),
        )
        raise ImportFault(text) from None


def guessed(data: bytes) -> str:
    """Return the most likely encoding: by its mark, UTF-8, UTF-16, or one of the Windows code pages."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding
    sample = data[:SAMPLE]
    for encoding, halves in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if sum(map(halves.count, HIGH_BYTES)) > len(halves) * 0.8 and 0 in halves:
            return encoding
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return _code_page(sample)
    return "utf-8"


def _code_page(sample: bytes) -> str:
    """Words wholly of Arabic letters are Persian or Arabic; foreign letters among Latin ones are European."""
    foreign = [letter for letter in sample.decode("cp1256", "replace") if letter > "\x7f"]
    arabic = sum("ARABIC" in unicodedata.name(letter, "") for letter in foreign)
    together = sum(one > 0x7F and other > 0x7F for one, other in itertools.pairwise(sample))
    if arabic > len(foreign) * 0.85 and together > len(foreign) * 0.4:
        return "cp1256"
    best = from_bytes(sample, cp_isolation=EUROPEAN).best()
    return best.encoding if best is not None else "cp1252"
