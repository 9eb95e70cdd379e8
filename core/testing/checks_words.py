"""Checks of words: every text translated, the README true."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.hookspecs import Specs
from core.i18n import workshop
from core.loader import discover

from .house import House

on_sqlite = pytest.mark.parametrize("girih_kind", ["sqlite"], indirect=True)
"""Words are the same on both databases."""


class WordsChecks:
    """What people read: catalogues and the addon's README."""

    addon: str

    def _folder(self, girih: House) -> Path:
        return discover(girih.database.settings)[self.addon].folder

    @on_sqlite
    def test_every_text_is_translated(self, girih: House) -> None:
        """Compare the addon's texts with its Persian catalogue."""
        place = workshop.addon_place(self._folder(girih))
        kernel = workshop.extract(workshop.kernel_place(Path(__file__).resolve().parents[2]))
        assert len(workshop.extract(place)) > 0, "an addon without a word"
        assert workshop.check(place, "fa", kernel) == []

    @on_sqlite
    def test_the_readme_names_every_hook_and_setting(self, girih: House) -> None:
        """Look for each in backquotes."""
        folder = self._folder(girih)
        readme = (folder / "README.md").read_text(encoding="utf-8")
        hooks = answered(folder / "plugin.py")
        assert hooks, "plugin.py answers no hook"
        settings = [f.key for group in girih.registry.settings.get(self.addon, ()) for f in group.fields]
        assert [name for name in (*hooks, *settings) if f"`{name}`" not in readme] == []


def answered(plugin: Path) -> list[str]:
    """Return the hooks a plugin.py answers."""
    tree = ast.parse(plugin.read_text(encoding="utf-8"))
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.decorator_list]
    return [name for name in names if hasattr(Specs, name)]
