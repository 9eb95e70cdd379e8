"""The project's own virtual environment in `.venv`, made once, brought up to date when setup.cfg asks."""

from __future__ import annotations

import configparser
import importlib.util
import json
import shutil
import sys
from collections.abc import Collection

from tools.ground import CHECKOUT, call, fingerprint, say, stop

VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
NOTE = VENV / "girih.json"
HOME = f"{CHECKOUT} with Python {sys.version_info.major}.{sys.version_info.minor}"
UV = "uv>=0.13,<0.14"
NO_VENV = """this Python cannot make virtual environments.
Install the missing part and run the command again (Debian, Ubuntu: apt-get install python3-venv)."""


def ensure(extras: Collection[str] = ()) -> None:
    """Make `.venv` hold Girih's packages and those of the extras named in setup.cfg."""
    note = _note()
    state = _fingerprint()
    known = {name for name in note.get("extras", "").split(",") if name}
    if note.get("state") == state and known.issuperset(extras):
        return
    if not note and not _made_by_hand():
        _create()
    names = sorted(known.union(extras))
    _install(names)
    NOTE.write_text(json.dumps({"home": HOME, "state": state, "extras": ",".join(names)}))


def _note() -> dict[str, str]:
    """Return what was installed; nothing when the environment is missing, moved, or of another Python."""
    if not (NOTE.exists() and PYTHON.exists()):
        return {}
    note: dict[str, str] = json.loads(NOTE.read_text())
    return note if note.get("home") == HOME else {}


def _made_by_hand() -> bool:
    """Tell whether a person made `.venv`, in this place: then it is kept and filled."""
    settings = VENV / "pyvenv.cfg"
    by_hand = settings.exists() and PYTHON.exists() and not NOTE.exists()
    return by_hand and any(line.rstrip().endswith(f" {VENV}") for line in settings.read_text().splitlines())


def _create() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        stop(NO_VENV)
    say(f"making the virtual environment .venv with Python {sys.version.split()[0]}")
    shutil.rmtree(VENV, ignore_errors=True)
    call([sys.executable, "-m", "venv", VENV], NO_VENV)


def _install(extras: list[str]) -> None:
    target = f".[{','.join(extras)}]" if extras else "."
    say(f"installing the Python packages ({', '.join(['girih', *extras])})")
    uv = VENV / "bin" / "uv"
    if uv.exists() or call([PYTHON, "-m", "pip", "install", "--quiet", UV]):
        if call([uv, "pip", "install", "--quiet", "--python", PYTHON, "--editable", target]):
            return
        say("uv could not do it; pip, which is slower, tries again")
    call(
        [PYTHON, "-m", "pip", "install", "--quiet", "--editable", target],
        "the Python packages could not be installed; see above why. Without a network nothing can be fetched.",
    )


def _fingerprint() -> str:
    """Return a digest of what decides over packages: the first part of setup.cfg, not the tools' settings."""
    settings = configparser.ConfigParser(interpolation=None)
    settings.read(CHECKOUT / "setup.cfg")
    chosen = {name: dict(settings[name]) for name in settings.sections() if name.startswith(("metadata", "options"))}
    build = [(CHECKOUT / name).read_bytes() for name in ("setup.py", "pyproject.toml")]
    return fingerprint([json.dumps(chosen, sort_keys=True).encode(), *build])
