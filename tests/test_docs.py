"""The documents are true: hooks, fields, rooms and settings are all named, and nothing that is not there."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import core.fields
from core.hookspecs import Specs

ROOT = Path(__file__).resolve().parents[1]
MAP = (ROOT / "core" / "README.md").read_text(encoding="utf-8")
INTEGRATORS = (ROOT / "docs" / "integrators.md").read_text(encoding="utf-8")


def hooks() -> dict[str, str]:
    """Return every hook with its arguments as the map writes them."""
    found = {}
    for name, function in inspect.getmembers(Specs, inspect.isfunction):
        arguments = [one for one in inspect.signature(function).parameters if one != "self"]
        found[name] = f"{name}({', '.join(arguments)})" if arguments else name
    return found


def test_the_map_names_every_hook_with_its_arguments_and_no_other():
    named = set(re.findall(r"^\| `(\w+(?:\([^`]*\))?)` \|", MAP, re.MULTILINE)) - {"core.manifest"}
    assert {one for one in named if not one.startswith("core")} == set(hooks().values())


def test_every_hook_says_when_it_is_called_and_what_it_returns():
    for name, function in inspect.getmembers(Specs, inspect.isfunction):
        assert len((function.__doc__ or "").split()) > 6, name


def test_the_map_names_every_room():
    plan = MAP.partition("```\n")[2].partition("```")[0]
    rooms = {
        path.stem for path in (ROOT / "core").iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    missing = {room for room in rooms - {"__init__"} if not re.search(rf"\b{room}\b", plan)}
    assert missing == set()


def test_integrators_find_every_field_function():
    functions = {name for name in core.fields.__all__ if name.islower()}
    missing = {name for name in functions if not re.search(rf"[`.]{name}\b", INTEGRATORS)}
    assert missing == set()


@pytest.mark.parametrize(
    "page", ["README.md", "core/README.md", *(f"docs/{one.name}" for one in (ROOT / "docs").glob("*.md"))]
)
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [target for target in re.findall(r"\]\(([^)#\s]+)\)", text) if "://" not in target]
    assert [target for target in targets if not (ROOT / page).parent.joinpath(target).exists()] == []


def test_administrators_find_every_setting():
    settings = (ROOT / "core" / "settings.py").read_text(encoding="utf-8")
    handbook = (ROOT / "docs" / "administrators.md").read_text(encoding="utf-8")
    assert {name for name in re.findall(r"GIRIH_[A-Z_]+", settings) if name not in handbook} == set()
