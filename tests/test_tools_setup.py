"""Set-up: it says what it can do, takes no step twice, and is clear about what is missing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bed.programs import CHECKOUT
from tools import frontend, packages

MAKEFILE = (CHECKOUT / "Makefile").read_text("utf-8")


def make(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", "--no-print-directory", *words], cwd=CHECKOUT, capture_output=True, text=True)


def test_make_alone_explains_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, flags=re.MULTILINE)
    assert phony
    answer = make()
    assert answer.returncode == 0
    explained = re.findall(r"^  make (\w+) +\w", answer.stdout, flags=re.MULTILINE)
    assert sorted([*explained, "python"]) == sorted(phony[1].split())


def test_a_machine_without_a_python_is_told_what_to_do() -> None:
    answer = make("run", "PYTHON=")
    assert answer.returncode != 0
    assert answer.stdout.splitlines()[0] == "Girih needs Python 3.11 or newer, and none was found."
    assert "apt-get install python3 python3-venv" in answer.stdout


def test_an_unknown_step_is_refused_with_the_known_ones() -> None:
    words = [sys.executable, "-m", "tools.setup", "pakages"]
    answer = subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stderr.strip() == ("girih: there is no step named pakages; the steps are packages, develop, assets")


@pytest.fixture
def copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout of its own that the tools take for theirs."""
    for name in ("setup.cfg", "setup.py", "pyproject.toml"):
        shutil.copy(CHECKOUT / name, tmp_path)
    monkeypatch.setattr(packages, "CHECKOUT", tmp_path)
    monkeypatch.setattr(packages, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(packages, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(packages, "NOTE", tmp_path / ".venv" / "girih.json")
    monkeypatch.setattr(packages, "HOME", f"{tmp_path} with Python 3.11")
    return tmp_path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def test_another_package_is_a_reason_to_install(copy: Path) -> None:
    before = packages._fingerprint()
    change(copy / "setup.cfg", "    pluggy", "    rapidfuzz\n    pluggy")
    assert packages._fingerprint() != before


def test_another_setting_of_a_tool_is_none(copy: Path) -> None:
    before = packages._fingerprint()
    change(copy / "setup.cfg", "strict = True", "strict = False")
    assert packages._fingerprint() == before


def installed(folder: Path, home: str) -> None:
    (folder / ".venv" / "bin").mkdir(parents=True)
    (folder / ".venv" / "bin" / "python").symlink_to(sys.executable)
    note = {"home": home, "state": packages._fingerprint(), "extras": "dev,test"}
    (folder / ".venv" / "girih.json").write_text(json.dumps(note))


def test_an_environment_that_is_up_to_date_is_left_alone(copy: Path) -> None:
    installed(copy, packages.HOME)
    packages.ensure(["test"])  # would fail here if it did anything: the copy holds no package to install
    assert sorted(path.name for path in (copy / ".venv").rglob("*")) == ["bin", "girih.json", "python"]


@pytest.mark.parametrize("home", ["/elsewhere with Python 3.11", "{copy} with Python 3.10"])
def test_an_environment_that_was_moved_or_is_of_another_python_is_not_trusted(copy: Path, home: str) -> None:
    installed(copy, home.format(copy=copy))
    assert packages._note() == {}
    assert not packages._made_by_hand()


def test_an_environment_made_by_hand_is_kept(copy: Path) -> None:
    installed(copy, packages.HOME)
    (copy / ".venv" / "girih.json").unlink()
    settings = copy / ".venv" / "pyvenv.cfg"
    settings.write_text(f"command = /usr/bin/python3 -m venv {copy}/.venv\n")
    assert packages._made_by_hand()
    settings.write_text("command = /usr/bin/python3 -m venv /elsewhere/.venv\n")
    assert not packages._made_by_hand()


@pytest.mark.parametrize(
    ("ending", "source"),
    [
        ("html", "{{ icon('bell') }}"),
        ("html", '{% set head = ["bell"] %}'),
        ("py", 'Menu(_("Library"), icon="bell")'),
        ("py", '{"icon": "bell"}'),
        ("txt", "# bells\nbell\n"),
    ],
)
def test_an_icon_that_comes_into_use_is_a_reason_to_build(ending: str, source: str) -> None:
    assert frontend.NAMES[ending].findall(source.encode()) == [b"bell"]


@pytest.mark.parametrize(
    ("ending", "source"),
    [("py", 'stage = "bell"'), ("py", 'icon_of("bell")'), ("txt", "# bell"), ("html", "<b>bell</b>")],
)
def test_another_word_is_none(ending: str, source: str) -> None:
    assert frontend.NAMES[ending].findall(source.encode()) == []
