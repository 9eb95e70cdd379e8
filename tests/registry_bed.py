"""Small addons written to files for a test, so that a fault can name its file and line."""

from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.db import naming
from core.models import KERNEL_MODELS
from core.registry import Faults, Plugin, Registry
from tests.kernel_models import plugin

HEADER = """
import sqlalchemy as sa
from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, relationship
from core.toolkit import *
from core.toolkit import _, fields
"""
KERNEL = plugin("core", register_models=list(KERNEL_MODELS))


class Workshop:
    """Writes addons, loads them, and forgets them again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[str] = []

    def addon(self, name: str, source: str, first: str = HEADER) -> Plugin:
        """Return an addon of one file, whose lines are counted from the first of `source`."""
        header = " ".join(f"{line};" for line in first.strip().splitlines())
        (self.folder / f"{name}.py").write_text(header + textwrap.dedent(source), "utf-8")
        importlib.invalidate_caches()
        if name not in self.made:
            self.made.append(name)
        return Plugin(name, "1.0", importlib.import_module(name))

    def forget(self, name: str) -> None:
        """Unload an addon with its tables."""
        naming.forget(name)
        sys.modules.pop(name, None)
        for cached in self.folder.glob(f"__pycache__/{name}.*"):
            cached.unlink()

    def place(self, name: str, words: str) -> str:
        """Return file and line of the line that has these words."""
        path = self.folder / f"{name}.py"
        lines = [number for number, line in enumerate(path.read_text("utf-8").splitlines(), 1) if words in line]
        assert len(lines) == 1, f"{words!r} stands on lines {lines}"
        return f"{path}:{lines[0]}"


@pytest.fixture
def making_addons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workshop]:
    """Give a workshop whose addons are forgotten when the test ends."""
    monkeypatch.syspath_prepend(str(tmp_path))
    workshop = Workshop(tmp_path)
    yield workshop
    for name in reversed(workshop.made):
        workshop.forget(name)


def build(*plugins: Plugin, **more: Any) -> Registry:
    """Build a registry of the kernel's models and these addons."""
    return Registry.build([KERNEL, *plugins], **more)


def faults(*plugins: Plugin, **more: Any) -> list[str]:
    """Return the faults of these addons as they are told."""
    with pytest.raises(Faults) as told:
        build(*plugins, **more)
    assert str(told.value) == "\n".join(map(str, told.value.faults))
    return [str(fault) for fault in told.value.faults]
