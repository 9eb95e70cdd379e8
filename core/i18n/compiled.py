"""Reading compiled catalogues: the GNU .mo format, as far as messages and their contexts go.

Babel writes such files well but, reading them, forgets the contexts and so mixes up messages of the same text.
"""

from collections.abc import Iterator
from struct import unpack_from

from babel.messages.catalog import Catalog

_CONTEXT_END = "\x04"
_FORM_END = "\x00"
_MAGIC = {0x950412DE: "<", 0xDE120495: ">"}


def read_compiled(content: bytes, language: str) -> Catalog:
    """The catalogue in the content of a .mo file; ValueError when it is none."""
    order = _MAGIC.get(unpack_from("<I", content)[0]) if len(content) >= 28 else None
    if order is None:
        raise ValueError("This is not a compiled catalogue; compile it again.")
    catalogue = Catalog(language)
    for source, translation in _pairs(content, order):
        context, _mark, text = source.rpartition(_CONTEXT_END)
        if not text:
            catalogue.mime_headers = _head(translation)
        elif _FORM_END in text:
            catalogue.add(tuple(text.split(_FORM_END)), tuple(translation.split(_FORM_END)), context=context or None)
        else:
            catalogue.add(text, translation, context=context or None)
    return catalogue


def _pairs(content: bytes, order: str) -> Iterator[tuple[str, str]]:
    """Every message with its translation, as written."""
    count, sources, translations = unpack_from(f"{order}3I", content, 8)
    for number in range(count):
        yield (
            _string(content, unpack_from(f"{order}2I", content, sources + 8 * number)),
            _string(content, unpack_from(f"{order}2I", content, translations + 8 * number)),
        )


def _string(content: bytes, place: tuple[int, int]) -> str:
    length, start = place
    return content[start : start + length].decode("utf-8")


def _head(text: str) -> list[tuple[str, str]]:
    """The lines of a head as names and values."""
    lines = (line.partition(":") for line in text.splitlines())
    return [(name.strip(), value.strip()) for name, _colon, value in lines if name]
