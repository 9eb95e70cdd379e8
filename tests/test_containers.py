"""The container files name what exists: files, stages, commands, settings. (They are read here, not built.)"""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest
import yaml

from core.cli import main
from tests.bed.programs import CHECKOUT

DOCKERFILE = (CHECKOUT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
COMPOSE = yaml.safe_load((CHECKOUT / "compose.yml").read_text("utf-8"))
SETTINGS = (CHECKOUT / "core" / "settings.py").read_text("utf-8")
SERVICES = COMPOSE["services"]


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.+)$", DOCKERFILE, flags=re.MULTILINE)


def copied() -> list[str]:
    lines = [line.split() for line in instructions("COPY") if not line.startswith("--from")]
    return [source for words in lines for source in words[:-1]]


def commands() -> list[list[str]]:
    started = [json.loads(line) for line in instructions("CMD")]
    return started + [service["command"] for service in SERVICES.values() if "command" in service]


def test_every_copied_file_exists_and_reaches_the_builder() -> None:
    assert len(copied()) >= 10
    ignored = (CHECKOUT / ".dockerignore").read_text("utf-8").splitlines()
    assert [name for name in copied() if not (CHECKOUT / name).exists()] == []
    assert [name for name in copied() if f"!{name}" not in ignored] == []


def test_every_stage_that_is_used_was_built_before() -> None:
    stages = [line.split(" AS ")[1] for line in instructions("FROM") if " AS " in line]
    used = re.findall(r"(?:--from=|,from=)(\w+)", DOCKERFILE)
    assert stages == ["frontend", "package"]
    assert used == stages


def test_it_does_not_run_as_root() -> None:
    assert instructions("USER") == ["girih"]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_exists(words: list[str]) -> None:
    assert isinstance(main, click.Group)
    assert words[0] == "girih"
    assert words[1] in main.commands


def test_every_setting_is_known() -> None:
    named = set(re.findall(r"\b(GIRIH_[A-Z_]+)=", DOCKERFILE))
    for service in SERVICES.values():
        named |= {name for name in service["environment"] if name.startswith("GIRIH_")}
    assert named >= {"GIRIH_DATA", "GIRIH_DATABASE_URL", "GIRIH_HOST"}
    assert [name for name in sorted(named) if f'"{name}"' not in SETTINGS] == []


def test_pages_jobs_and_database_are_three_services() -> None:
    assert sorted(SERVICES) == ["database", "web", "worker"]
    assert SERVICES["web"]["build"] == "."
    assert Path(CHECKOUT / "Dockerfile").exists()
    assert SERVICES["worker"]["image"] == SERVICES["web"]["image"] == "girih"
    assert set(COMPOSE["volumes"]) == {"database", "files"}


def test_no_port_is_open_to_the_world() -> None:
    ports = [port for service in SERVICES.values() for port in service.get("ports", [])]
    assert ports == ["127.0.0.1:${GIRIH_PORT:-8000}:8000"]
