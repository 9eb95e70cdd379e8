"""A site where sales are at work: a team, customers and sixty opportunities, and somebody who walks about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addons.contacts.models import Contact
from addons.crm_lead.lists import Stage, Tag, Team
from addons.crm_lead.models import Lead
from core.context import Context
from core.loader import Database, set_up
from core.operations import commit, create, create_many, update
from core.queries import Ref, get, ids
from tests.bed.browser import drag
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.loader_bed import ANSWERS, settings_of
from tests.web_bed import EMAIL, PASSWORD, Site, Watched

if TYPE_CHECKING:
    from playwright.sync_api import Page

OPPORTUNITIES = 60
CUSTOMERS = ("Alborz Industries", "Zagros Supply", "پخش سپهر", "Kavir Mining (Yazd)", "Arya Labs")
STAGES = ("New", "Qualified", "Proposition", "Won")


class Sales(Site):
    """The site, with short ways to what is written in its database."""

    def make(self, model: Any, /, **values: Any) -> int:
        """Make a record as the system."""
        with self.database.context() as ctx:
            made = create(ctx, model, values)
            commit(ctx)
        return made

    def read(self, model: Any, record_id: int, name: str) -> Any:
        """Return a field of a record; a link as what it is called."""
        with self.database.context(write=False) as ctx:
            row = get(ctx, model, record_id, [name])
        assert row is not None
        return row[name].title if isinstance(row[name], Ref) else row[name]

    def change(self, model: Any, record_id: int, /, **values: Any) -> None:
        """Change a record as the system."""
        with self.database.context() as ctx:
            update(ctx, model, record_id, values)
            commit(ctx)

    def find(self, model: Any, name: str) -> int:
        """Return the id of the record that is called so."""
        with self.database.context(write=False) as ctx:
            return ids(ctx, model, ["name", "=", name], ["id"], None, archived=True)[0]

    def stage_of(self, name: str) -> Any:
        """Return where an opportunity stands."""
        return self.read(Lead, self.find(Lead, name), "stage")


def _fill(ctx: Context) -> None:
    team = create(ctx, Team, {"name": "West"})
    tags = [create(ctx, Tag, {"name": name, "color": place}) for place, name in enumerate(("Tender", "Renewal"), 1)]
    made = create_many(
        ctx, Contact, [{"name": name, "kind": "organisation", "is_customer": True} for name in CUSTOMERS]
    )
    stages = [ids(ctx, Stage, ["name", "=", name])[0] for name in STAGES]
    rows = [
        {
            "name": f"Scanners {number:02}",
            "stage": stages[number % 3],
            "contact": made[number % len(made)] if number % 4 else None,
            "user": 1 if number % 5 else None,
            "team": team if number % 2 else None,
            "expected_revenue": Decimal(1500 * number) if number % 6 else None,
            "priority": number % 4,
            "tags": [tags[number % 2]],
            "expected_closing": ctx.today if number % 3 else None,
        }
        for number in range(OPPORTUNITIES)
    ]
    create_many(ctx, Lead, rows)
    commit(ctx)


@contextmanager
def sales_site(fresh: FreshDatabase, kind: Kind, tmp_path: Path) -> Iterator[Sales]:
    """Give the site; its database was set up once a run and copied."""

    def prepare(url: str) -> None:
        database = Database("main", url, settings_of(url, tmp_path))
        set_up(database, replace(ANSWERS, addons=("contacts", "crm_lead")))
        with database.context() as ctx:
            _fill(ctx)
        database.close()

    site = Sales(settings_of(fresh(kind, "sales", prepare), tmp_path))
    yield site
    site.close()


@dataclass(frozen=True)
class Walk:
    """Somebody who is logged in and looks at a page."""

    site: Any
    page: Page
    watched: Watched
    address: str

    def open(self, path: str) -> Page:
        """Open a page and wait until its behaviours are there."""
        self.page.goto(self.address + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until nothing is on its way."""
        self.page.wait_for_selector('html[data-ready="1"]', state="attached")
        self.page.wait_for_selector(".htmx-request, .htmx-swapping, .htmx-settling", state="detached")

    def speak(self, language: str) -> None:
        """Let the program speak another language, by the menu of the person."""
        self.page.click("[popovertarget=g-user]")
        self.page.click(f"#g-user [name=language][value={language}]")
        self.page.wait_for_selector(f"html[lang={language}]", state="attached")
        self.settle()

    def drag(self, start: tuple[float, float], goal: tuple[float, float], arrived: str) -> None:
        """Drag with the mouse until something matches the selector."""
        drag(self.page, start, goal, arrived)

    def finger(self, start: tuple[float, float], goal: tuple[float, float]) -> None:
        """Hold a finger on something until it can be dragged, then drag it."""
        session = self.page.context.new_cdp_session(self.page)

        def touch(kind: str, *points: tuple[float, float]) -> None:
            told = [{"x": x, "y": y} for x, y in points]
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

        touch("touchStart", start)
        self.page.wait_for_selector(".sortable-chosen")
        for step in range(1, 16):
            part = step / 15
            touch("touchMove", (start[0] + (goal[0] - start[0]) * part, start[1] + (goal[1] - start[1]) * part))
        touch("touchEnd")
        session.detach()

    def middle(self, selector: str) -> tuple[float, float]:
        """Return the middle of something on the page."""
        box = self.page.locator(selector).first.bounding_box()
        assert box is not None, selector
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def walk(site: Any, page: Page, address: str, email: str = EMAIL) -> Walk:
    """Log somebody in."""
    page.goto(f"{address}/login")
    page.fill("[name=email]", email)
    page.fill("input[type=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#g-side", state="attached")
    found = Walk(site, page, Watched(page), address)
    found.settle()
    return found
