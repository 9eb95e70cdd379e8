"""Text as it is searched: one form for everything people write in several ways."""

import re
import unicodedata

_LETTERS = {
    "ي": "ی",  # Arabic ye
    "ى": "ی",  # alef maksura
    "ے": "ی",
    "ك": "ک",  # Arabic kaf
    "ة": "ه",
    "ۀ": "ه",
    "ہ": "ه",
    "ە": "ه",
    "ٱ": "ا",
    "ـ": "",  # tatweel
}
_DROPPED = frozenset({"Mn", "Me", "Cf"})
_PREFIX = re.compile(r"(?<!\w)(ن?می) (?=\w)")
_SUFFIX = re.compile(r"(?<=\w) (ها|های|هایی|هایم|هایت|هایش|هایمان|هایتان|هایشان|تر|ترین|ام|ای|اند)(?!\w)")


class _Folded(dict[int, str]):
    """A translation table that works out a character when it first meets it."""

    def __missing__(self, code: int) -> str:
        """What one decomposed character becomes: nothing, an ASCII digit, its Persian letter, a space or itself."""
        char = chr(code)
        if unicodedata.category(char) in _DROPPED:
            folded = ""
        elif char.isdecimal():
            folded = str(unicodedata.decimal(char))
        elif char.isspace():
            folded = " "
        else:
            folded = _LETTERS.get(char, char)
        self[code] = folded
        return folded


_TABLE = _Folded()


def fold(text: str) -> str:
    """The text for searching: both spellings of ye and kaf, half-space, tatweel, marks, digits and case made equal.

    The half-space goes, and so does the space people type in its place before «ها» or after «می»; two texts that a
    reader takes for the same word fold to the same string, on the side of the record and on the side of the question.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = " ".join(unicodedata.normalize("NFKC", spread.translate(_TABLE)).split())
    return _SUFFIX.sub(r"\1", _PREFIX.sub(r"\1", plain))
