"""A real Chromium, driven by playwright."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.bed.programs import CHECKOUT, chromium, node

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Only what a test needs runs: no visible window, no sandbox (the tests may run as root), no talk with the outside.
SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)
HOME = CHECKOUT / "var" / "cache" / "chromium"  # what it keeps stays in the checkout
MISSING = """The tests need Chromium and found none.
Run `make test`, which installs it; or install it from your system's packages (Debian: apt-get install chromium);
or set GIRIH_CHROMIUM to the path of the program."""


@contextmanager
def running_browser() -> Iterator[Browser]:
    """Give a Chromium that is closed afterwards."""
    program = chromium()
    if program is None:
        raise RuntimeError(MISSING)
    if found := node():  # playwright's own Node needs a library that a bare Debian lacks
        os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(found))
    from playwright.sync_api import sync_playwright  # -- reason: reads PLAYWRIGHT_NODEJS_PATH; slow, browser tests only

    HOME.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(program),
            args=list(SWITCHES),
            env={**os.environ, "HOME": str(HOME), "XDG_CACHE_HOME": str(HOME), "XDG_CONFIG_HOME": str(HOME)},
        )
        try:
            yield browser
        finally:
            browser.close()


def drag(page: Page, start: tuple[float, float], goal: tuple[float, float], arrived: str) -> None:
    """Drag with the mouse, and let go once what is dragged has arrived: when something matches the selector.

    What is dragged follows the mouse in steps of its own; whoever lets go at once would drop it where it was.
    """
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(start[0] + 12, start[1] + 12, steps=4)
    page.mouse.move(*goal, steps=12)
    page.wait_for_selector(arrived, state="attached")
    page.mouse.up()
