"""Fixtures for every test, the kernel's and the addons': databases of both kinds and pages in a browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol

import pytest

from core.i18n import set_language
from tests.bed.browser import running_browser
from tests.bed.databases import KINDS, Databases, Kind, Prepare
from tests.bed.postgres import VARIABLE, running_postgres

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


class FreshDatabase(Protocol):
    """Makes a database and returns its URL; it is dropped when the test ends."""

    def __call__(self, kind: Kind, prepared: str = "", prepare: Prepare | None = None) -> str:
        """Return the URL of a new database, or of a copy of one prepared once a run."""


class NewPage(Protocol):
    """Opens a page as another visitor would see it."""

    def __call__(
        self,
        *,
        width: int = 1440,
        height: int = 900,
        locale: str = "en-GB",
        dark: bool = False,
        touch: bool = False,
        motion: bool = False,
    ) -> Page:
        """Return an empty page with cookies of its own; `touch`: of a device that is touched, `motion`: may move."""


@pytest.fixture(autouse=True)
def english() -> None:
    """Begin every test in English with plain numbers, whatever the test before has left."""
    set_language("en")


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Give the maker of databases; the PostgreSQL server starts when the first test needs it."""
    with ExitStack() as server:

        def start() -> str:
            if VARIABLE not in os.environ:
                os.environ[VARIABLE] = server.enter_context(running_postgres())
                server.callback(os.environ.pop, VARIABLE)
            return os.environ[VARIABLE]

        made = Databases(tmp_path_factory.mktemp("databases"), start)
        yield made
        made.close()


@pytest.fixture(scope="session")
def postgres_url(databases: Databases) -> str:
    """Give the address of a PostgreSQL server whose role may create databases."""
    return databases.server()


@pytest.fixture
def fresh_database(databases: Databases) -> Iterator[FreshDatabase]:
    """Give a function that makes a database: `fresh_database("sqlite")`."""
    made: list[str] = []

    def make(kind: Kind, prepared: str = "", prepare: Prepare | None = None) -> str:
        made.append(databases.fresh(kind, prepared, prepare))
        return made[-1]

    yield make
    for url in made:
        databases.drop(url)


@pytest.fixture(params=KINDS)
def database_kind(request: pytest.FixtureRequest) -> Kind:
    """Give each kind of database in turn: a test that asks for it runs on both."""
    kind: Kind = request.param
    return kind


@pytest.fixture
def database_url(database_kind: Kind, fresh_database: FreshDatabase) -> str:
    """Give an empty database of each kind in turn."""
    return fresh_database(database_kind)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give one Chromium for the run."""
    with running_browser() as browser:
        yield browser


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Give a function that opens pages; an error no script of the page caught fails the test."""
    faults: list[str] = []
    with ExitStack() as stack:

        def open_page(
            *,
            width: int = 1440,
            height: int = 900,
            locale: str = "en-GB",
            dark: bool = False,
            touch: bool = False,
            motion: bool = False,
        ) -> Page:
            context = browser.new_context(
                viewport={"width": width, "height": height},
                locale=locale,
                color_scheme="dark" if dark else "light",
                reduced_motion="no-preference" if motion else "reduce",
                has_touch=touch,
            )
            stack.callback(context.close)
            context.on("weberror", lambda fault: faults.append(str(fault.error)))
            return context.new_page()

        yield open_page
    assert faults == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """Give an empty page, 1440 pixels wide, in English."""
    return new_page()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the tests in a browser run last: while it is open, its event loop occupies this thread."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))
