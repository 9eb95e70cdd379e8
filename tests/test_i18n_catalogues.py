"""Every text of the kernel and of every addon is translated, with the same placeholders and nothing left over."""

from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from core.i18n import LANGUAGES, kernel_folder
from core.i18n.catalogues import SOURCE_LANGUAGE
from core.i18n.workshop import Place, check, disagreements, extract, places

ROOT = Path(__file__).resolve().parents[1]
PLACES = places(ROOT)
TRANSLATED = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]


@cache
def said_by_kernel() -> tuple[Message, ...]:
    return tuple(message for message in extract(PLACES[0]) if message.id)


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_text_is_translated(place: Place, language: str) -> None:
    known = () if place == PLACES[0] else said_by_kernel()
    assert check(place, language, known) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_text_is_translated_in_two_ways(language: str) -> None:
    assert disagreements(PLACES, language) == []


def test_the_kernel_reads_the_catalogues_of_the_checkout() -> None:
    assert kernel_folder() == PLACES[0].catalogues == ROOT / "i18n"
    assert said_by_kernel()
