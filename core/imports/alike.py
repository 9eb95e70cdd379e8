"""Words that are spelt almost alike: probably one word, written in two ways."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache

from core.i18n import fold

CLOSE = 0.86
SHORTEST = 5
MOST_WORDS = 300


@lru_cache(maxsize=8192)
def squashed(text: str) -> str:
    """Return a text without the spaces and marks that people leave out or put in."""
    return "".join(letter for letter in fold(text) if letter.isalnum())


def nearest(text: str, known: Iterable[str]) -> str | None:
    """Return the known word that is spelt almost like this one, None when none is."""
    wanted, digits = squashed(text), _digits(text)
    best, found = CLOSE, None
    for other in known:
        if other == text or _digits(other) != digits:
            continue
        score = _score(wanted, squashed(other), best)
        if score > best:
            best, found = score, other
    return found


def _score(one: str, other: str, least: float) -> float:
    if one == other:
        return 1.0
    if min(len(one), len(other)) < SHORTEST or abs(len(one) - len(other)) > 3:
        return 0.0
    if one[:2] != other[:2] and one[-2:] != other[-2:]:
        return 0.0
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() > least else 0.0


@lru_cache(maxsize=8192)
def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def pairs(words: Iterable[str]) -> list[tuple[str, str]]:
    """Return pairs of words that are spelt almost alike, the first as it came first."""
    known = list(dict.fromkeys(words))[:MOST_WORDS]
    found = []
    for place, word in enumerate(known):
        near = nearest(word, known[:place])
        if near is not None:
            found.append((near, word))
    return found
