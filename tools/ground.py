"""The ground the other tools stand on: where things are, what counts as changed, how to say it and how to stop."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

CHECKOUT = Path(__file__).resolve().parents[1]
VAR = CHECKOUT / "var"
CACHE = VAR / "cache"
STAMPS = VAR / "stamps"


def say(text: str) -> None:
    """Tell the person what is going on."""
    print(f"girih: {text}", flush=True)


def stop(text: str) -> NoReturn:
    """End with a message that says what to do."""
    sys.exit(f"\ngirih: {text}\n")


def fingerprint(parts: Iterable[bytes]) -> str:
    """Return a short digest of the parts, in their order."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()[:32]


def files_fingerprint(paths: Iterable[Path]) -> str:
    """Return a digest of files, their names included."""
    parts: list[bytes] = []
    for path in sorted(paths):
        parts += [str(path.relative_to(CHECKOUT)).encode(), path.read_bytes()]
    return fingerprint(parts)


def stamp(name: str) -> str:
    """Return what was noted under this name, or nothing."""
    path = STAMPS / name
    return path.read_text() if path.exists() else ""


def set_stamp(name: str, text: str) -> None:
    """Note that this state was reached."""
    STAMPS.mkdir(parents=True, exist_ok=True)
    (STAMPS / name).write_text(text)


def environment() -> dict[str, str]:
    """Return the environment for package managers: what they keep stays inside the checkout, never in HOME."""
    own = {
        "PIP_CACHE_DIR": str(CACHE / "pip"),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "UV_CACHE_DIR": str(CACHE / "uv"),
        "npm_config_cache": str(CACHE / "npm"),
        "npm_config_update_notifier": "false",
        "PLAYWRIGHT_BROWSERS_PATH": str(VAR / "browsers"),
    }
    return {**os.environ, **own}


def call(words: Sequence[str | Path], failure: str = "", quiet: bool = True) -> bool:
    """Run a program in the checkout; when it fails show what it said and stop with `failure`, or return False."""
    output = subprocess.PIPE if quiet else None
    texts = [str(word) for word in words]
    done = subprocess.run(texts, cwd=CHECKOUT, env=environment(), stdout=output, stderr=subprocess.STDOUT, text=True)
    if done.returncode == 0:
        return True
    if failure:
        if done.stdout:
            print(done.stdout, file=sys.stderr)
        stop(f"{failure} (the command was: {' '.join(texts)})")
    return False
