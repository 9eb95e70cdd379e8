"""A site where the yard is installed, with jobs on it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import event
from werkzeug.test import TestResponse

from core.context import Context
from core.i18n import Locale
from core.loader import Database, set_up
from core.operations import commit, create, create_many
from core.queries import get, ids
from core.settings import Settings
from core.views.state import ListState, read_state
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.bed.programs import CHECKOUT
from tests.loader_bed import ANSWERS
from tests.web_bed import Site, Visitor

HERE = CHECKOUT / "tests" / "addons"
STAGES = ("Laid", "Planked", "Afloat")


def settings_of(url: str, tmp_path: Path) -> Settings:
    """Return settings that know the addons of the tests."""
    return Settings(tmp_path / "data", url, "a secret for tests", addon_paths=(HERE,))


class Yard(Site):
    """The site, with short ways to what is written in its database."""

    def model(self, name: str) -> Any:
        """Return a model of the yard."""
        return self.database.registry().model(f"yard.{name}")

    def make(self, model: str, /, **values: Any) -> int:
        """Make a record as the system."""
        with self.database.context() as ctx:
            made = create(ctx, self.model(model), values)
            commit(ctx)
        return made

    def make_many(self, model: str, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Make records as the system."""
        with self.database.context() as ctx:
            made = create_many(ctx, self.model(model), rows)
            commit(ctx)
        return made

    def read(self, name: str, record_id: int, *names: str) -> Any:
        """Return the value of one field, or the values of several."""
        with self.database.context(write=False) as ctx:
            row = get(ctx, self.model(name), record_id, list(names))
        assert row is not None
        return row[names[0]] if len(names) == 1 else [row[one] for one in names]

    def all(self, name: str, domain: Any = None, order: Sequence[str] = ("id",)) -> list[int]:
        """Return the ids of records, archived ones too."""
        with self.database.context(write=False) as ctx:
            return ids(ctx, self.model(name), domain, order, None, archived=True)

    def stage(self, name: str) -> int:
        """Return the id of a stage."""
        return self.all("stage", ["name", "=", name])[0]

    @contextmanager
    def reading(self, user: int | None = 1, locale: Locale | None = None) -> Iterator[Context]:
        """Give a context of a person: the administrator when nobody is named."""
        more = {} if locale is None else {"locale": locale}
        with self.database.context(user, **more) as ctx:
            yield ctx

    def state(self, view: str = "list", model: str = "job", **args: str | list[str]) -> ListState:
        """Return the state of an address with these arguments."""
        told = {name: [value] if isinstance(value, str) else value for name, value in args.items()}
        return read_state(self.database.registry(), self.model(model), view, told)


@contextmanager
def yard_site(fresh: FreshDatabase, kind: Kind, tmp_path: Path) -> Iterator[Yard]:
    """Give the site; its database was set up once a run and copied."""

    def prepare(url: str) -> None:
        database = Database("main", url, settings_of(url, tmp_path))
        set_up(database, replace(ANSWERS, addons=("yard",)))
        with database.context() as ctx:
            stage = ctx.registry.model("yard.stage")
            rows = [{"name": name, "sequence": place * 10} for place, name in enumerate(STAGES, start=1)]
            rows[-1]["afloat"] = True
            create_many(ctx, stage, rows)
            commit(ctx)
        database.close()

    site = Yard(settings_of(fresh(kind, "yard", prepare), tmp_path))
    yield site
    site.close()


def statements(site: Yard, visitor: Visitor, path: str) -> int:
    """Return how many statements a page asks of the database."""
    asked: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    event.listen(site.database.engine, "before_cursor_execute", hear)
    assert visitor.get(path).status_code == 200
    event.remove(site.database.engine, "before_cursor_execute", hear)
    return len(asked)


def titles_of(answer: TestResponse) -> list[str]:
    """Return the first cell of every row of a list."""
    return [
        html.unescape(found) for found in re.findall(r'<td class="g-strong"[^>]*><a [^>]*>([^<]*)</a>', answer.text)
    ]


def cards_of(answer: TestResponse) -> dict[str, list[str]]:
    """Return the titles of the cards of every lane, by the lane's name."""
    found: dict[str, list[str]] = {}
    for block in re.split(r'<section class="g-lane', answer.text)[1:]:
        name = re.search(r'data-name="([^"]*)"', block)
        assert name is not None
        titles = re.findall(r'<h3 class="g-card-k-title"[^>]*><a [^>]*>([^<]*)</a>', block)
        found[html.unescape(name[1])] = [html.unescape(title) for title in titles]
    return found


def heads_of(answer: TestResponse) -> dict[str, tuple[str, str]]:
    """Return count and sum of every lane head in an answer, by its name."""
    found = {}
    for block in re.split(r'<header class="g-lane-head"', answer.text)[1:]:
        block = block.partition("</header>")[0]
        name = re.search(r'<h2 class="g-lane-name"[^>]*>([^<]*)</h2>', block)
        count = re.search(r'<span class="g-count">([^<]*)</span>', block)
        total = re.search(r'<span class="g-lane-sum"><bdi class="g-num">([^<]*)</bdi>', block)
        assert name is not None
        assert count is not None
        found[html.unescape(name[1])] = (count[1], html.unescape(total[1]) if total else "")
    return found


def three_jobs(site: Yard) -> list[int]:
    """Make three jobs and return their ids."""
    return site.make_many(
        "job",
        [
            {"title": "Gull", "price": Decimal(300), "hours": 5, "kind": "hull", "urgent": True, "worker": 1},
            {"title": "Heron", "price": Decimal(1200), "hours": 7, "kind": "mast", "stage": site.stage("Laid")},
            {"title": "Swan", "price": Decimal(50), "hours": 1, "kind": "hull", "due_on": date(2026, 11, 28)},
        ],
    )


def links(page: str) -> list[str]:
    """Return where the links of a page lead."""
    return [found.replace("&amp;", "&") for found in re.findall(r'href="([^"]+)"', page)]


def group_names(page: str) -> list[tuple[str, str, str]]:
    """Return key, name and count of the groups of a list."""
    found = re.findall(r'<tbody data-group="([^"]+)">.*?</svg>([^<]+)<span class="g-count">([^<]+)<', page, re.DOTALL)
    return [(key, name, count) for key, name, count in found]
