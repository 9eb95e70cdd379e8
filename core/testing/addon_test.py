"""One test for every addon, inherited by naming it: `class TestLibrary(AddonTest): addon = "library"`."""

from __future__ import annotations

from pathlib import Path

from .checks_pages import PagesChecks
from .checks_rights import RightsChecks
from .checks_schema import SchemaChecks
from .checks_views import ViewsChecks
from .checks_words import WordsChecks


class AddonTest(SchemaChecks, RightsChecks, ViewsChecks, PagesChecks, WordsChecks):
    """Everything that must hold for any addon.

    Install, uninstall and reinstall leave the schema exact; deny by default; rules hold in every way records are
    read; every view opens, and asks the database as often for many records as for few; every text is translated; the
    README names every hook and setting. A check that finds nothing to look at fails.
    """

    addon: str
    folder: Path | None = None
    rows: dict[str, dict[str, object]] = {}
    """More values for the records that checks make, by model name, where made-up ones would not do."""
