"""A site where the bureau is installed, with cases to open."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from werkzeug.test import TestResponse

from core.loader import Database, set_up
from core.operations import commit, create
from core.queries import get, ids
from core.settings import Settings
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.bed.programs import CHECKOUT
from tests.loader_bed import ANSWERS
from tests.web_bed import Site, Visitor

HERE = CHECKOUT / "tests" / "addons"
PRICE = "1,234.50"


def settings_of(url: str, tmp_path: Path) -> Settings:
    """Return settings that know the addons of the tests."""
    return Settings(tmp_path / "data", url, "a secret for tests", addon_paths=(HERE,))


class Bureau(Site):
    """The site, with short ways to what is written in its database."""

    def model(self, name: str) -> Any:
        """Return a model of the bureau."""
        return self.database.registry().model(f"bureau.{name}")

    def make(self, model: str, /, **values: Any) -> int:
        """Make a record as the system."""
        with self.database.context() as ctx:
            made = create(ctx, self.model(model), values)
            commit(ctx)
        return made

    def read(self, name: str, record_id: int, *names: str) -> Any:
        """Return the value of one field, or the values of several."""
        with self.database.context(write=False) as ctx:
            row = get(ctx, self.model(name), record_id, list(names))
        assert row is not None
        return row[names[0]] if len(names) == 1 else [row[one] for one in names]

    def all(self, name: str, domain: Any = None) -> list[int]:
        """Return the ids of records."""
        with self.database.context(write=False) as ctx:
            return ids(ctx, self.model(name), domain, ["id"], None, archived=True)

    def step(self, name: str) -> int:
        """Return the id of a step."""
        return self.all("step", ["name", "=", name])[0]


@contextmanager
def bureau_site(fresh: FreshDatabase, kind: Kind, tmp_path: Path) -> Iterator[Bureau]:
    """Give the site; its database was set up once a run and copied."""

    def prepare(url: str) -> None:
        database = Database("main", url, settings_of(url, tmp_path))
        set_up(database, replace(ANSWERS, country="IR", addons=("bureau",)))
        database.close()

    site = Bureau(settings_of(fresh(kind, "bureau", prepare), tmp_path))
    yield site
    site.close()


INPUT = re.compile(r"<(input|textarea|select)\b([^>]*)>")
ATTR = re.compile(r'([\w-]+)(?:="([^"]*)")?')


def form_of(answer: TestResponse) -> dict[str, Any]:
    """Return what a browser would send of the page's form, were it sent as it is."""
    body = answer.text.partition('id="g-form"')[2].partition("</form>")[0]
    body = re.sub(r"<template.*?</template>", "", body, flags=re.DOTALL)
    found: dict[str, Any] = {}
    for match in INPUT.finditer(body):
        attrs = {name: html.unescape(value) for name, value in ATTR.findall(match[2])}
        name = attrs.get("name", "")
        kind = match[1] if match[1] != "input" else attrs.get("type", "text")
        if not name or kind in ("file", "submit") or (kind in ("checkbox", "radio") and "checked" not in attrs):
            continue
        if kind == "select":
            chosen = _chosen(body[match.end() :].partition("</select>")[0])
            found[name] = chosen if "multiple" in attrs else (chosen[0] if chosen else "")
        elif kind == "textarea":
            found[name] = html.unescape(body[match.end() :].partition("</textarea>")[0])
        else:
            found[name] = attrs.get("value", "")
    return found


def _chosen(options: str) -> list[str]:
    return [html.unescape(value) for value in re.findall(r'<option value="([^"]*)"[^>]* selected', options)]


def errors_of(answer: TestResponse) -> dict[str, str]:
    """Return the errors of a page by field."""
    blocks = re.split(r'data-field="', answer.text)[1:]
    found = {
        block.partition('"')[0]: re.search(r'class="g-error"[^>]*>.*?<span>(.*?)</span>', block, re.DOTALL)
        for block in blocks
    }
    return {name: html.unescape(one[1]) for name, one in found.items() if one}


def opened(visitor: Visitor, path: str) -> dict[str, Any]:
    """Open a page and return its form."""
    answer = visitor.get(path)
    assert answer.status_code == 200, answer.text
    return form_of(answer)
