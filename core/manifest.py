"""What an addon says of itself before any of its code is loaded."""

from __future__ import annotations

import re
from dataclasses import dataclass

NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One addon: its name in code, its title for people, and the addons it stands on.

    `core` is the kernel version it needs (PEP 440 specifier); texts are English, translated by the addon's catalogue.
    """

    name: str
    title: str
    version: str
    summary: str = ""
    depends: tuple[str, ...] = ()
    core: str = ">=0.1"
    category: str = ""
    icon: str = "puzzle"
    licence: str = ""
    author: str = ""
    url: str = ""
    description: str = ""
    hidden: bool = False

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"An addon's name is 2 to 31 small letters, digits and underscores, not {self.name!r}.")
        if not isinstance(self.depends, tuple):
            raise TypeError(f"depends of {self.name} is a tuple of names, not {self.depends!r}")
