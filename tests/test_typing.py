"""Type checkers know what a declaration says, and find the mistakes in one."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

from tests.bed.programs import CHECKOUT, node

SAMPLE = CHECKOUT / "tests" / "typed_sample.py"


def wrong_lines() -> set[int]:
    lines = SAMPLE.read_text("utf-8").splitlines()
    found = {number for number, line in enumerate(lines, 1) if line.endswith("# wrong")}
    assert len(found) >= 20
    return found


def run(*words: str) -> str:
    return subprocess.run(words, cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=300).stdout


def test_mypy_finds_every_mistake_and_no_other() -> None:
    told = run(sys.executable, "-m", "mypy", "--strict", "--output", "json", str(SAMPLE))
    faults = [json.loads(line) for line in told.splitlines()]
    assert {Path(fault["file"]).name for fault in faults} == {SAMPLE.name}
    assert {fault["line"] for fault in faults if fault["severity"] == "error"} == wrong_lines()


def test_pyright_finds_every_mistake_and_no_other() -> None:
    package, program = importlib.util.find_spec("pyright"), node()
    assert package is not None
    assert package.origin is not None
    assert program is not None, "pyright needs Node: `make test` installs it"
    script = Path(package.origin).parent / "dist" / "index.js"
    told = json.loads(run(str(program), str(script), "--outputjson", "--pythonpath", sys.executable, str(SAMPLE)))
    assert {fault["range"]["start"]["line"] + 1 for fault in told["generalDiagnostics"]} == wrong_lines()
