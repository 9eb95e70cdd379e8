"""Every answer: its headers, its language, its database, its errors; and no unsafe request without a token."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from werkzeug.routing import AnyConverter, BaseConverter, IntegerConverter, Rule
from werkzeug.test import TestResponse

from core.errors import NotAllowed, NotFound, Refused
from core.i18n import _
from core.models import User
from core.web.assets import DIST
from core.web.headers import NOTHING_ELSE
from core.web.requests import open_to_all
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.loader_bed import settings_of
from tests.web_bed import EMAIL, PASSWORD, Site, Visitor, made_site, text_of, toast_of

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Site]:
    with made_site(fresh_database, database_kind, tmp_path) as site:
        yield site


def policy_of(answer: TestResponse) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: sources for name, _space, sources in parts}


def test_every_answer_is_strict(site: Site) -> None:
    admin = site.administrator()
    answers = [
        admin.get(path) for path in ("/apps/", "/login", "/health", "/nowhere", "/static/nothing.js", "/settings")
    ]
    answers.append(admin.post("/apps/install/nothing"))
    for answer in answers:
        assert policy_of(answer) == NOTHING_ELSE
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "Strict-Transport-Security" not in answer.headers
    assert admin.get("/settings").headers["Cache-Control"] == "no-store"


def test_behind_tls_cookies_and_pages_stay_there(site: Site) -> None:
    answer = site.app.test_client().get("/login", base_url="https://localhost")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("girih_main=")
    assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= {part.strip() for part in cookie.split(";")}


def test_no_template_needs_what_the_policy_forbids(site: Site) -> None:
    admin = site.administrator()
    for path in ("/apps/", "/settings", "/preferences", "/login", "/"):
        page = admin.get(path, follow_redirects=True).text
        for forbidden in (' style="', " onclick=", " hx-on", "javascript:", "<style"):
            assert forbidden not in page, path


def unsafe_rules(site: Site) -> list[Rule]:
    return [rule for rule in site.app.url_map.iter_rules() if (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}]


def example(rule: Rule) -> str:
    built = rule.build({name: value_for(converter) for name, converter in rule._converters.items()})
    assert built is not None
    return built[1]


def value_for(converter: BaseConverter) -> object:
    """Return something an address may have in this place."""
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 1 if isinstance(converter, IntegerConverter) else "x"


def test_every_unsafe_request_needs_its_token(site: Site) -> None:
    admin = site.administrator()
    tried = 0
    for rule in unsafe_rules(site):
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            for token in ("", "forged"):
                sent = admin.client.open(example(rule), method=method, headers={"X-CSRFToken": token})
                assert sent.status_code == 400, f"{method} {rule}"
                assert "too old to send" in text_of(sent)
                tried += 1
    print(f"{tried} unsafe requests without a token")
    assert tried >= 20


def test_everything_but_a_few_pages_needs_somebody_logged_in(site: Site) -> None:
    guest = site.visitor()
    free = set()
    for rule in site.app.url_map.iter_rules():
        if "GET" in (rule.methods or set()):
            answer = guest.get(example(rule))
            if answer.status_code != 302 or not answer.location.startswith("/login?next="):
                free.add(rule.endpoint)
    assert free == {"assets.built", "assets.of_addon", "health.health", "login.page", "setup.page",
                    "setup.progress"}  # fmt: skip


def test_health_tells_whether_the_database_answers(site: Site, tmp_path: Path) -> None:
    answer = site.visitor().get("/health")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "set_up": True, "database": "main", "version": "0.1.0"}


def test_a_database_that_is_down_is_told(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where a folder should be")
    settings = settings_of("postgresql+psycopg://nobody@127.0.0.1:9/nothing", tmp_path)
    site = Site(settings)
    guest = site.visitor()
    health = guest.get("/health")
    assert health.status_code == 503
    assert health.json is not None
    assert health.json["status"] == "down"
    page = guest.get("/settings", headers={"Accept-Language": "en"})
    assert page.status_code == 503
    assert "does not answer. Try again in a moment; what was saved is safe." in text_of(page)
    assert page.headers["Retry-After"] == "10"
    assert toast_of(guest.get("/settings", part=True)).startswith("The database “main” does not answer.")
    site.close()


def test_a_database_that_comes_back_is_used_again(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    with made_site(fresh_database, "postgresql", tmp_path) as site:
        admin = site.administrator()
        url = sa.make_url(site.database.url)
        name, away = url.database, f"{url.database}_away"
        server = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
        ended = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        with server.connect() as connection:
            site.database.engine.dispose()
            connection.execute(ended, {"name": name})
            connection.exec_driver_sql(f'ALTER DATABASE "{name}" RENAME TO "{away}"')
            page = admin.get("/settings")
            connection.exec_driver_sql(f'ALTER DATABASE "{away}" RENAME TO "{name}"')
        server.dispose()
        assert page.status_code == 503
        assert "what was saved is safe" in text_of(page)
        assert admin.get("/settings").status_code == 200


def test_connections_that_were_cut_are_made_anew(fresh_database: FreshDatabase, tmp_path: Path) -> None:
    with made_site(fresh_database, "postgresql", tmp_path) as site:
        admin = site.administrator()
        server = sa.create_engine(sa.make_url(site.database.url).set(database="postgres"), isolation_level="AUTOCOMMIT")
        ended = sa.text("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :name")
        with server.connect() as connection:
            cut = connection.scalar(ended, {"name": sa.make_url(site.database.url).database})
        server.dispose()
        assert cut
        assert admin.get("/settings").status_code == 200


def test_the_language_is_the_persons_then_the_chosen_then_the_browsers(site: Site) -> None:
    guest = site.visitor()
    assert 'lang="en" dir="ltr"' in guest.get("/login").text
    assert 'lang="fa" dir="rtl"' in guest.get("/login", headers={"Accept-Language": "fa-IR,fa;q=0.9,en;q=0.5"}).text
    assert 'lang="en" dir="ltr"' in guest.get("/login", headers={"Accept-Language": "de"}).text
    assert 'lang="fa" dir="rtl"' in guest.get("/login?lang=fa").text
    assert 'lang="fa" dir="rtl"' in guest.get("/login").text, "it is remembered"
    assert 'lang="fa" dir="rtl"' in guest.get("/login?lang=xx").text, "an unknown one is not"
    guest.log_in()
    assert 'lang="en" dir="ltr"' in guest.get("/preferences").text


def add_faults(site: Site) -> None:
    """Add pages that fail in every way there is."""
    faults: dict[str, Callable[[], Exception]] = {
        "missing": NotFound,
        "denied": lambda: NotAllowed(_("You may not do this.")),
        "refused": lambda: Refused(_("The drawer is locked.")),
        "broken": lambda: ZeroDivisionError("secret detail"),
    }

    @open_to_all
    def fail(kind: str) -> str:
        raise faults[kind]()

    site.app._got_first_request = False
    site.app.add_url_rule("/fail/<kind>", "fail", fail)


@pytest.mark.parametrize(
    ("kind", "status", "told"),
    [
        ("missing", 404, "This record does not exist, or you may not see it."),
        ("denied", 403, "You may not do this."),
        ("refused", 422, "The drawer is locked."),
        ("broken", 500, "This was not your fault. It is noted under the number"),
    ],
)
def test_errors_are_pages_or_toasts(
    site: Site, capfd: pytest.CaptureFixture[str], kind: str, status: int, told: str
) -> None:
    add_faults(site)
    for visitor in (site.visitor(), site.administrator()):
        page = visitor.get(f"/fail/{kind}")
        assert page.status_code == status
        assert told in text_of(page)
        assert "secret detail" not in page.text
        part = visitor.get(f"/fail/{kind}", part=True)
        assert (part.status_code, part.text) == (status, "")
        assert told in toast_of(part)


def test_what_nobody_types_is_answered_and_not_an_error_of_ours(site: Site) -> None:
    admin, guest = site.administrator(), site.visitor()
    guest.get("/login")
    odd = [
        guest.post("/login", {"email": "a\0b@example.com", "password": "x"}),
        guest.post("/login", {"email": "a" * 100_000, "password": "x" * 100_000}),
        guest.post("/login", b"email=%ED%A0%BD&password=%E2%80%AE", content_type=FORM),
        guest.get("/login?next=%00&lang=%ff"),
        guest.get("/login?next=" + "/" * 5000),
        admin.get("/apps/?q=%00"),
        admin.get("/apps/?q=" + "%d9" * 300),
        admin.post("/m/core.user/columns", {"columns": ["y" * 10_000] * 50}),
        admin.post("/m/core.user/kanban/fold", {"lane": "\u0000"}),
        admin.post("/preferences", data=b"%ff=%fe&=&&&", content_type=FORM),
        admin.post("/preferences", data=b"not json", content_type="application/json"),
    ]
    assert [answer.status_code for answer in odd if answer.status_code >= 500] == []


def test_what_is_sent_has_a_limit(site: Site) -> None:
    admin = site.administrator()
    site.app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = admin.post("/preferences", {"name": "x" * 2000})
    assert answer.status_code == 413
    assert "This is too large" in text_of(answer)


def test_built_files_are_kept_for_ever_and_sent_compressed(site: Site) -> None:
    name = next(path.name for path in sorted(DIST.glob("main-*.js")))
    guest = site.visitor()
    plain = guest.get(f"/static/{name}")
    assert plain.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert plain.headers["Content-Type"].startswith("text/javascript")
    assert "Set-Cookie" not in plain.headers
    small = guest.get(f"/static/{name}", headers={"Accept-Encoding": "gzip, br"})
    assert small.headers["Content-Encoding"] == "br"
    assert len(small.data) < len(plain.data) / 2
    assert guest.get("/static/..%2f..%2fapp.py").status_code == 404
    assert guest.get("/static/manifest.json").status_code == 404


def test_each_database_has_its_own_sessions(site: Site, fresh_database: FreshDatabase, tmp_path: Path) -> None:
    other = fresh_database("sqlite", "web")
    several = Site(replace(site.settings, databases={"second": other}))
    second = several.visitor("/db/second")
    sent = second.get("/settings")
    assert sent.location == "/db/second/login?next=/db/second/settings"
    second.log_in()
    assert second.get("/settings").status_code == 200
    assert second.client.get("/settings").status_code == 302, "nobody is logged in there"
    by_host = several.app.test_client()
    assert by_host.get("/health", base_url="http://second.example.org").json["database"] == "second"  # type: ignore[index]
    assert several.visitor().get("/db/third/health").status_code == 404
    several.close()


def test_a_session_of_one_database_is_worth_nothing_in_another(site: Site, fresh_database: FreshDatabase) -> None:
    several = Site(replace(site.settings, databases={"second": fresh_database("sqlite", "web")}))
    admin = Visitor(several.app.test_client())
    admin.log_in(EMAIL, PASSWORD)
    stolen = admin.client.get_cookie("girih_main")
    assert stolen is not None
    thief = several.app.test_client()
    thief.set_cookie("girih_second", stolen.value, path="/db/second/")
    with several.databases.get("second").engine.begin() as connection:
        connection.execute(sa.update(User).values(session_key="another"))
    assert thief.get("/db/second/settings").status_code == 302
    several.close()


@pytest.mark.parametrize(("proxies", "scheme"), [(("127.0.0.0/8",), "https"), ((), "http")])
def test_only_trusted_proxies_are_believed(site: Site, proxies: tuple[str, ...], scheme: str) -> None:
    behind = Site(replace(site.settings, trusted_proxies=proxies))
    answer = behind.visitor().get("/login", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "crm.example"})
    assert ("Strict-Transport-Security" in answer.headers) is (scheme == "https")
    behind.close()
