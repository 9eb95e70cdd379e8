"""A site for tests: the application on a database of its own, and visitors who browse it."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask.testing import FlaskClient
from sqlalchemy import select
from waitress.server import create_server
from werkzeug.test import TestResponse

from core.loader import Database, Databases, bump
from core.models import Role, User
from core.operations import commit, create
from core.passwords import hash_password
from core.settings import Settings
from core.web import work
from core.web.app import create_app
from core.web.serve import WAITRESS
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.bed.programs import CHECKOUT
from tests.loader_bed import ANSWERS, database_of, settings_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

EMAIL, PASSWORD = ANSWERS.admin_email, ANSWERS.admin_password
AXE = CHECKOUT / "node_modules" / "axe-core" / "axe.min.js"
WCAG = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
# what Chromium and htmx say of every refusal
EXPECTED = ("Failed to load resource: the server responded with a status of 4", "Response Status Error Code 4")
TOKEN = re.compile(r'<meta name="csrf-token" content="([^"]+)">')


class Visitor:
    """A browser without a screen: it keeps cookies and sends the token of the last page it saw."""

    def __init__(self, client: FlaskClient, prefix: str = "") -> None:
        self.client, self.prefix, self.token = client, prefix, ""

    def get(self, path: str, *, part: bool = False, **more: Any) -> TestResponse:
        """Open a page, or a part of one as htmx does."""
        headers = {**({"HX-Request": "true"} if part else {}), **more.pop("headers", {})}
        return self._keep(self.client.get(self.prefix + path, headers=headers, **more))

    def post(self, path: str, data: Any = None, *, part: bool = False, **more: Any) -> TestResponse:
        """Send a form with the token, or a part of a page as htmx does."""
        headers = {"X-CSRFToken": self.token, "Origin": "http://localhost", **({"HX-Request": "true"} if part else {})}
        headers |= more.pop("headers", {})
        return self._keep(self.client.post(self.prefix + path, data=data or {}, headers=headers, **more))

    def log_in(self, email: str = EMAIL, password: str = PASSWORD, **more: str) -> TestResponse:
        """Open the log-in page and log in."""
        self.get("/login")
        answer = self.post("/login", {"email": email, "password": password, **more})
        self.get("/preferences")
        return answer

    def _keep(self, answer: TestResponse) -> TestResponse:
        answer.get_data()
        answer.close()
        if found := TOKEN.search(answer.text if answer.mimetype == "text/html" else ""):
            self.token = found[1]
        if renewed := answer.headers.get("X-CSRF-Token"):
            self.token = renewed
        return answer


class Site:
    """The application with its databases."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.databases = Databases(settings)
        self.app = create_app(self.databases, settings)
        self.app.testing = True

    @property
    def database(self) -> Database:
        """The database of requests that name none."""
        return self.databases.default

    def visitor(self, prefix: str = "") -> Visitor:
        """Return somebody who is not logged in."""
        return Visitor(self.app.test_client(), prefix)

    def administrator(self) -> Visitor:
        """Return the administrator, logged in."""
        found = self.visitor()
        found.log_in()
        return found

    def person(self, email: str, *roles: str, kind: str = "internal") -> Visitor:
        """Make a user with roles and log him in."""
        self.make_person(email, *roles, kind=kind)
        found = self.visitor()
        found.log_in(email)
        return found

    def make_person(self, email: str, *roles: str, kind: str = "internal") -> int:
        """Make a user whose password is everybody's."""
        with self.database.context() as ctx:
            ids = list(ctx.session.scalars(select(Role.id).where(Role.code.in_(roles))))
            values = {"name": email.partition("@")[0].title(), "email": email, "kind": kind, "roles": ids}
            made = create(ctx, User, values)
            row = ctx.session.get_one(User, made)
            row.password_hash = hash_password(PASSWORD)
            commit(ctx)
        with self.database.engine.begin() as connection:
            bump(connection, rights=True)
        return made

    def wait(self) -> None:
        """Wait until no long work is being done."""
        for thread in work.threads():
            thread.join(60)

    def close(self) -> None:
        """Close the connections."""
        self.wait()
        self.databases.close()


@contextmanager
def empty_site(url: str, tmp_path: Path) -> Iterator[Site]:
    """Give a site whose database is empty."""
    site = Site(settings_of(url, tmp_path))
    yield site
    site.close()


@contextmanager
def made_site(fresh: FreshDatabase, kind: Kind, tmp_path: Path) -> Iterator[Site]:
    """Give a site whose database was set up once a run and copied."""

    def prepare(url: str) -> None:
        database_of(url, tmp_path).close()

    with empty_site(fresh(kind, "web", prepare), tmp_path) as site:
        yield site


def toast_of(answer: TestResponse) -> str:
    """Return the text of the toast an answer brings along."""
    text: str = json.loads(answer.headers["HX-Trigger"])["toast"]["text"]
    return text


def text_of(answer: TestResponse) -> str:
    """Return a page without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


@contextmanager
def running(site: Site) -> Iterator[str]:
    """Serve a site on a port of its own, as it is served in earnest, and give its address."""
    server: Any = create_server(site.app, host="127.0.0.1", port=0, **WAITRESS)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    server.task_dispatcher.shutdown()
    thread.join(5)


class Watched:
    """A page whose complaints are kept: what the policy refused, what broke, what axe finds."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: Any) -> None:
        if message.type in ("error", "warning") and not message.text.startswith(EXPECTED):
            self.complaints.append(message.text)

    def check(self, rules: Sequence[str] = WCAG) -> None:
        """Look at the page as it is now: nothing refused, nothing broken, everything reachable for everybody."""
        assert self.complaints == [], self.complaints
        session = self.page.context.new_cdp_session(self.page)
        source = AXE.read_text(encoding="utf-8")
        session.send("Runtime.evaluate", {"expression": source})
        run = f"axe.run(document, {{runOnly: {json.dumps(list(rules))}}})"
        told = f"{run}.then(r => JSON.stringify(r.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 200))])))"
        found = session.send("Runtime.evaluate", {"expression": told, "awaitPromise": True})
        session.detach()
        violations = json.loads(found["result"]["value"])
        assert violations == [], f"{self.page.url}: {violations}"
