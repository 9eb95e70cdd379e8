"""The addon of the README: written from its blocks alone, installed by command, used in a browser, removed."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.db.engine import make_engine
from core.testing.checks_schema import shape
from tests.bed.browser import drag
from tests.bed.programs import CHECKOUT
from tests.bed.server import own_environment, serving

GIRIH = [sys.executable, "-m", "core.cli"]
MAIL, PASSWORD = "librarian@girih.example", "correct horse battery"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Write every block of the README that names a file into an empty folder."""
    text = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```\w+ file=(\S+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 10
    for name, block in blocks:
        file = tmp_path / "addons-of-mine" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(block, encoding="utf-8")
    return tmp_path / "addons-of-mine"


@pytest.fixture
def settings(folder: Path, tmp_path: Path, database_url: str) -> dict[str, str]:
    """Describe a server whose database holds contacts only."""
    settings = {
        "PYTHONPATH": str(CHECKOUT),
        "GIRIH_DATA": str(tmp_path / "data"),
        "GIRIH_DATABASE_URL": database_url,
        "GIRIH_ADDON_PATHS": str(folder),
        "GIRIH_WORKERS": "0",
    }
    run(settings, "setup", "--company", "Library", "--name", "Librarian", "--email", MAIL, "--password", PASSWORD,
        "--addons", "contacts")  # fmt: skip
    return settings


def run(settings: dict[str, str], *words: str) -> str:
    done = subprocess.run([*GIRIH, *words], env=own_environment(settings), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def schema(url: str) -> dict[str, tuple[object, ...]]:
    engine = make_engine(url)
    try:
        return dict(shape(engine))
    finally:
        engine.dispose()


def test_its_tests_pass(folder: Path) -> None:
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "core.testing.plugin", "library"]
    settings = {"PYTHONPATH": str(CHECKOUT)}
    done = subprocess.run(words, cwd=folder, env=own_environment(settings), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert re.search(r"\d+ passed", done.stdout), done.stdout


def test_it_is_installed_used_and_removed(page, settings, folder, tmp_path):
    url = settings["GIRIH_DATABASE_URL"]
    before = schema(url)
    assert "library" in run(settings, "plan", "library").lower()
    assert schema(url) == before
    run(settings, "install", "library", "--yes")
    assert {"library_book", "library_loan", "library_membership"} == set(schema(url)) - set(before)
    with serving([*GIRIH, "serve"], tmp_path, settings) as address:
        log_in(page, address)
        lend(page, address)
        drag_to_returned(page, address)
    assert loans(url) == [("returned", date.today())]  # noqa: DTZ011 -- the server is in this machine's day
    run(settings, "uninstall", "library", "--yes")
    assert schema(url) == before


def log_in(page, address: str) -> None:
    page.goto(f"{address}/login")
    page.locator("[name=email]").fill(MAIL)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(lambda url: "/login" not in url)


def save(page) -> None:
    with page.expect_response(lambda answer: answer.request.method == "POST") as saved:
        page.locator("[data-save]").click()
    assert saved.value.status < 400
    page.wait_for_url(re.compile(r"/\d+(\?.*)?$"))


def lend(page, address: str) -> None:
    """Make a book, a member and a loan, each on its form."""
    for path, field, value in (
        ("library.book", "title", "The Conference of the Birds"),
        ("contacts.contact", "name", "Simorgh"),
    ):
        page.goto(f"{address}/m/{path}/new")
        page.locator("html[data-ready='1']").wait_for(state="attached")
        page.locator(f"[name={field}]").fill(value)
        save(page)
    page.goto(f"{address}/m/library.loan/new")
    page.locator("html[data-ready='1']").wait_for(state="attached")
    choose(page.locator(".g-rec-head"), "Conference")
    choose(page.locator("[data-field=member]"), "Simorgh")
    page.locator("[name=due_on]").fill((date.today() + timedelta(days=14)).isoformat())  # noqa: DTZ011 -- as above
    save(page)


def choose(place, text: str) -> None:
    box = place.locator("input[role=combobox]").first
    box.click()
    box.press_sequentially(text)
    place.page.locator(".ts-dropdown .option:visible", has_text=text).first.wait_for()
    box.press("Tab")
    place.locator(".ts-control .item", has_text=text).wait_for()


def drag_to_returned(page, address: str) -> None:
    """Drag the loan on the board and read it on its page."""
    page.goto(f"{address}/m/library.loan/kanban")
    page.locator("html[data-ready='1']").wait_for(state="attached")
    card = page.locator("[data-lane=lent] .g-card-k", has_text="The Conference of the Birds")
    start, goal = card.bounding_box(), page.locator("[data-lane=returned] .g-lane-cards").bounding_box()
    with page.expect_response(lambda answer: "kanban/move" in answer.url) as moved:
        places = [(box["x"] + 60, box["y"] + 14) for box in (start, goal)]
        drag(page, *places, "[data-lane=returned] .g-ghost")
    assert moved.value.status == 200
    page.locator("[data-lane=returned] .g-card-k a").first.click()
    page.locator(".ts-control", has_text="Simorgh").wait_for()


def loans(url: str) -> list[tuple[str, date]]:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = connection.execute(sa.text("SELECT state, returned_on FROM library_loan")).all()
    engine.dispose()
    return [(state, day if isinstance(day, date) else date.fromisoformat(day)) for state, day in found]
