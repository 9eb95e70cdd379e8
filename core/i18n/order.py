"""The order of the alphabet, which the codes of Persian letters do not follow."""

from core.i18n.fold import fold

_ALPHABET = "ءابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهی"
_FIRST = 0x620
_PLACES = {ord(letter): _FIRST + place for place, letter in enumerate(_ALPHABET)}


def alphabetical(text: str) -> str:
    """What to sort texts by: Persian letters stand as in their alphabet, after the Latin ones."""
    return fold(text).translate(_PLACES)
