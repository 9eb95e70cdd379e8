"""The pytest plugin: fixtures `girih` (a database with the addon under test) and `as_user`, on both databases.

Which addon is under test follows from where the test lies (`<addon>/tests/`), or is said by the class attribute
`addon` of an `AddonTest`. PostgreSQL is the server of `GIRIH_TEST_POSTGRES`; without it those tests are skipped.
"""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core.context import Context
from core.loader import Databases

from .house import House, prepare, settings_for

SERVER = "GIRIH_TEST_POSTGRES"


def addon_folder(node: Any) -> Path:
    """Return the folder of the addon a test belongs to."""
    folder = Path(str(node.path)).parent
    return folder.parent if folder.name == "tests" else folder


def pytest_pycollect_makemodule(module_path: Path) -> None:
    """Let the tests of an addon elsewhere import it by its name, as the server does."""
    addon = module_path.parent.parent
    if module_path.parent.name == "tests" and (addon / "plugin.py").is_file() and not is_of_the_project(addon):
        sys.path[:] = [str(addon.parent), *(path for path in sys.path if path != str(addon.parent))]


def is_of_the_project(addon: Path) -> bool:
    """Say whether an addon lies in the project's own package `addons`."""
    return addon.parent.name == "addons" and (addon.parent / "__init__.py").is_file()


@pytest.fixture
def girih_addon(request: pytest.FixtureRequest) -> str:
    """Give the name of the addon under test."""
    named = getattr(request.cls, "addon", None)
    return str(named) if named else addon_folder(request.node).name


@pytest.fixture
def girih_paths(request: pytest.FixtureRequest) -> tuple[Path, ...]:
    """Give the folder the addon lies in when it is none of the project's own."""
    folder = addon_folder(request.node)
    return () if is_of_the_project(folder) else (folder.parent,)


@pytest.fixture(params=["sqlite", "postgresql"])
def girih_kind(request: pytest.FixtureRequest) -> str:
    """Give each kind of database in turn."""
    return str(request.param)


@pytest.fixture
def empty_url(girih_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """Give the address of an empty database."""
    with _new_database(girih_kind, tmp_path, request) as url:
        yield url


@contextmanager
def _new_database(kind: str, folder: Path, request: pytest.FixtureRequest, **prepared: Any) -> Iterator[str]:
    try:
        fresh = request.getfixturevalue("fresh_database")
    except pytest.FixtureLookupError:
        with _own_database(kind, folder) as url:
            if prepared:
                prepared["prepare"](url)
            yield url
    else:
        yield fresh(kind, **prepared)


@contextmanager
def _own_database(kind: str, folder: Path) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / (uuid.uuid4().hex + '.db')}"
        return
    server = os.environ.get(SERVER)
    if server is None:
        pytest.skip(f"{SERVER} names no PostgreSQL server")
    name = f"girih_{uuid.uuid4().hex[:12]}"
    engine = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        engine.dispose()


@pytest.fixture
def girih(
    girih_kind: str, girih_addon: str, girih_paths: tuple[Path, ...], tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[House]:
    """Give a database of each kind with the addon under test and what it depends on."""

    def make(url: str) -> None:
        prepare(url, tmp_path / "prepare", [girih_addon], girih_paths)

    with _new_database(girih_kind, tmp_path, request, prepared=f"girih-{girih_addon}", prepare=make) as url:
        settings = settings_for(url, tmp_path / "data", girih_paths)
        house = House(Databases(settings))
        try:
            yield house
        finally:
            house.close()


@pytest.fixture
def as_user(girih: House) -> Callable[..., Context]:
    """Give a function that opens a context of a person: `as_user("library.user")`."""
    return girih.as_user
