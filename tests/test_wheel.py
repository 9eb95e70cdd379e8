"""The package as people install it: built, put into an environment of its own, serving from an empty folder."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bed.programs import CHECKOUT
from tests.bed.server import read, serving

PARTS = ("core", "addons", "i18n", "setup.cfg", "setup.py", "pyproject.toml", "README.md")
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the package from a copy, so that nothing an earlier build left behind slips in."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    for name in PARTS:
        path = CHECKOUT / name
        if path.is_dir():
            shutil.copytree(path, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(path, source / name)
    words = [*PIP, "wheel", "--no-index", "--no-deps", "--no-build-isolation", "--wheel-dir", str(target), str(source)]
    subprocess.run(words, check=True)
    return next(target.glob("girih-*.whl"))


@pytest.fixture(scope="module")
def girih(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install it into a new environment that borrows only the libraries of ours."""
    home = tmp_path_factory.mktemp("environment")
    venv.create(home, symlinks=True)
    python = str(home / "bin" / "python")
    subprocess.run([*PIP, "--python", python, "install", "--no-index", "--no-deps", str(wheel)], check=True)
    packages = next(home.glob("lib/python*/site-packages"))
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return home / "bin" / "girih"


@pytest.fixture(scope="module")
def address(girih: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve from an empty folder."""
    settings = {"GIRIH_DATA": str(tmp_path_factory.mktemp("data"))}
    with serving([girih, "serve"], tmp_path_factory.mktemp("empty"), settings) as address:
        yield address


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_it_carries_what_is_not_python(wheel: Path) -> None:
    expected = {"core/catalogues/fa/LC_MESSAGES/messages.po", "core/web/static/dist/manifest.json"}
    for addon in CHECKOUT.glob("addons/*/i18n/fa/LC_MESSAGES/messages.po"):
        expected.add(addon.relative_to(CHECKOUT).as_posix())
    for template in [*CHECKOUT.glob("core/web/templates/**/*.html"), *CHECKOUT.glob("addons/*/templates/**/*.html")]:
        expected.add(template.relative_to(CHECKOUT).as_posix())
    assert len(expected) > 10
    assert expected - names_in(wheel) == set()


def test_it_leaves_tests_and_sources_of_the_front_end_at_home(wheel: Path) -> None:
    skeleton = "core/cli/templates/addon/"  # what `girih addon new` writes has a test of its own
    left = [name for name in names_in(wheel) if re.search(r"/(tests|static_src)/|^(tests|tools)/", name)]
    assert [name for name in left if not name.startswith(skeleton)] == []


def test_it_is_ready(address: str) -> None:
    status, body = read(f"{address}/health")
    assert status == 200
    assert body.lstrip().startswith("{")


def test_the_first_page_is_the_set_up_in_the_language_of_the_browser(address: str) -> None:
    for language, direction in (("en", "ltr"), ("fa", "rtl")):
        status, page = read(f"{address}/", language)
        head = re.search(r"<html[^>]*>", page)
        assert status == 200
        assert head
        assert f'lang="{language}"' in head[0]
        assert f'dir="{direction}"' in head[0]


def test_everything_the_first_page_asks_for_is_there(address: str) -> None:
    _, page = read(f"{address}/")
    found = set(re.findall(r"""(?:href|src)="(/[^"#]*\.(?:css|js|svg))[#"]""", page))
    assert {Path(name).suffix for name in found} >= {".css", ".js"}
    assert [name for name in sorted(found) if read(address + name)[0] != 200] == []
