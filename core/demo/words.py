"""Lists of words that demonstration data is made of: one TOML file per language beside the addon that uses them."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

USUAL = "en"


@lru_cache(maxsize=32)
def words(folder: Path, language: str) -> dict[str, Any]:
    """Return the lists of a language, those in English when there are none in it."""
    file = folder / f"{language.partition('-')[0].partition('_')[0]}.toml"
    return tomllib.loads((file if file.is_file() else folder / f"{USUAL}.toml").read_text(encoding="utf-8"))
