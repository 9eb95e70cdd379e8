"""The first visit: an empty database asks who and what, and becomes one to work in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.demo import has_demo
from core.i18n import Locale, _
from core.models import Company, Country, Currency, User
from core.web import work
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.loader_bed import a_name, addon_folder, write, write_library
from tests.web_bed import Site, Visitor, empty_site, text_of

CLUMSY = """
from core.toolkit import hookimpl

def make(ctx, plan):
    raise RuntimeError("oh dear")

@hookimpl
def register_demo():
    return [make]
"""
TYPED = {
    "language": "en",
    "company": "Sepid Trading",
    "currency": "EUR",
    "timezone": "Asia/Tehran",
    "calendar": "jalali",
    "admin_name": "Nika R.",
    "admin_email": "Nika@Sepid.example",
    "admin_password": "long-enough-12",
}


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with addon_folder(tmp_path) as folder:
        yield folder


@pytest.fixture
def library(folder: Path) -> str:
    return write_library(folder)


@pytest.fixture
def site(library: str, fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Site]:
    with empty_site(fresh_database(database_kind), tmp_path) as site:
        yield site


def begin(visitor: Visitor, **typed: object) -> str:
    """Send the form and return the address of the progress page."""
    visitor.get("/setup")
    answer = visitor.post("/setup", {**TYPED, **typed})
    assert answer.status_code == 303, text_of(answer)
    return answer.location


def test_every_address_leads_to_the_set_up_while_nothing_is_there(site: Site) -> None:
    guest = site.visitor()
    for path in ("/", "/login", "/apps/", "/m/crm.lead", "/nowhere"):
        assert guest.get(path).location == "/setup"
    assert guest.get("/health").json == {"status": "ok", "set_up": False, "database": "main", "version": "0.1.0"}


def test_the_page_speaks_the_browsers_language_with_what_is_usual_there(site: Site) -> None:
    persian = site.visitor().get("/setup", headers={"Accept-Language": "fa"}).text
    assert 'lang="fa" dir="rtl"' in persian
    for chosen in ("IRR", "Asia/Tehran", "jalali"):
        assert f'<option value="{chosen}" selected>' in persian
    english = site.visitor().get("/setup").text
    for chosen in ("USD", "UTC", "gregorian"):
        assert f'<option value="{chosen}" selected>' in english


def test_it_makes_the_workplace_and_lets_the_administrator_in(site: Site, library: str) -> None:
    visitor = site.visitor()
    progress = begin(visitor, addons=[library])
    site.wait()
    landed = visitor.get(progress)
    assert landed.status_code == 303
    home = visitor.get("/")
    assert home.location == f"/m/{library}.book/list?menu={library}.book"
    assert "Sepid Trading" in visitor.get("/apps/").text
    with site.database.context() as ctx:
        user = ctx.session.execute(
            select(User.name, User.email, User.language, User.calendar, User.timezone, Company.name, Currency.code,
                   Country.code)
            .join(Company, Company.id == User.company_id)
            .join(Currency, Currency.id == Company.currency_id)
            .join(Country, Country.id == Company.country_id)
        ).one()  # fmt: skip
    assert tuple(user) == (
        "Nika R.", "nika@sepid.example", "en", "jalali", "Asia/Tehran", "Sepid Trading", "EUR", "IR",
    )  # fmt: skip
    assert set(site.database.installed()) == {"core", library}


def test_nobody_else_is_let_in_by_the_progress_page(site: Site) -> None:
    progress = begin(site.visitor())
    site.wait()
    other = site.visitor()
    other.get(progress)
    assert other.get("/apps/").status_code == 302


def test_it_happens_once(site: Site) -> None:
    visitor = site.visitor()
    visitor.get(begin(visitor))
    site.wait()
    assert visitor.get("/setup").location == "/"
    visitor.get("/login")
    assert visitor.post("/setup", TYPED).location == "/"


def test_two_first_visitors_make_one_workplace(site: Site) -> None:
    one, other = site.visitor(), site.visitor()
    pages = [begin(one), begin(other, company="Another")]
    site.wait()
    ends = [work.find(site.database, page.rpartition("/")[2]) for page in pages]
    assert sorted(end.state for end in ends if end) == ["done", "failed"]
    failed = next(end for end in ends if end and end.state == "failed")
    assert failed.text == "The database “main” is set up already."


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(site: Site) -> None:
    visitor = site.visitor()
    visitor.get("/setup")
    page = visitor.post("/setup", {**TYPED, "company": " ", "admin_email": "nika", "admin_password": "short",
                                   "currency": "ABC", "timezone": "Mars/Crater"})  # fmt: skip
    assert page.status_code == 422
    told = re.findall(r'<p class="g-error" id="f-(\w+)-error">.*?<span>(.*?)</span>', page.text)
    assert dict(told) == {
        "company": "Please write the name of your company.",
        "currency": "Please choose one of the list.",
        "timezone": "Please choose one of the list.",
        "admin_email": "“nika” is not an e-mail address.",
        "admin_password": "Please take at least 8 letters, digits or signs.",
    }
    assert 'value="Nika R."' in page.text
    assert not site.database.is_set_up()


def test_switching_the_language_keeps_what_was_typed(site: Site, library: str) -> None:
    visitor = site.visitor()
    visitor.get("/setup")
    typed = {**TYPED, "currency": "EUR", "timezone": "UTC", "calendar": "gregorian", "addons": [library], "demo": "1"}
    page = visitor.post("/setup", {**typed, "switch": "fa"})
    assert page.status_code == 200
    assert 'lang="fa" dir="rtl"' in page.text
    for kept in ("Sepid Trading", "Nika R.", "Nika@Sepid.example", "long-enough-12"):
        assert f'value="{kept}"' in page.text
    assert '<option value="EUR" selected>' in page.text, "what was chosen stays"
    assert '<option value="Asia/Tehran" selected>' in page.text, "what was left as usual becomes as is usual now"
    assert '<option value="jalali" selected>' in page.text
    assert f'value="{library}" checked' in page.text
    assert 'name="demo" value="1" checked' in page.text
    assert 'lang="fa" dir="rtl"' in visitor.get("/setup").text


def test_what_an_app_brings_along_is_told(site: Site, folder: Path, library: str) -> None:
    write(folder, f"{library}_plus", depends=(library,))
    site.database.rediscover()
    page = text_of(site.visitor().get("/setup"))
    assert f"Brings along: {library.title()}" in page


def test_a_broken_addon_is_told_and_cannot_be_chosen(site: Site, folder: Path) -> None:
    broken = a_name("broken")
    (folder / broken).mkdir()
    (folder / broken / "__init__.py").write_text("MANIFEST = 1 / 0\n")
    site.database.rediscover()
    visitor = site.visitor()
    page = visitor.get("/setup")
    assert f"The addon {broken} cannot be loaded." in text_of(page)
    assert f'value="{broken}"' not in page.text
    refused = visitor.post("/setup", {**TYPED, "addons": [broken]})
    assert f"There is no app called {broken}." in text_of(refused)


def test_a_set_up_that_fails_changes_nothing_and_keeps_the_form(site: Site, folder: Path, library: str) -> None:
    write(folder, f"{library}_bad", plugin="raise RuntimeError('not today')\n")
    site.database.rediscover()
    visitor = site.visitor()
    progress = begin(visitor, addons=[f"{library}_bad"])
    site.wait()
    told = text_of(visitor.get(progress))
    assert "RuntimeError: not today" in told
    assert "Back to the form" in told
    form = visitor.get("/setup")
    assert "RuntimeError: not today" in text_of(form)
    assert 'value="Sepid Trading"' in form.text
    assert "long-enough-12" not in form.text, "a password is not kept in a cookie"
    assert not site.database.is_set_up()
    begin(visitor, addons=[library])
    site.wait()
    assert site.database.is_set_up()


def test_whoever_comes_back_meanwhile_finds_the_progress(site: Site) -> None:
    visitor = site.visitor()
    progress = begin(visitor)
    site.wait()
    path = site.settings.data_dir / "work" / "main" / f"{progress.rpartition('/')[2]}.json"
    path.write_text(path.read_text().replace('"state": "done"', '"state": "running"').replace('"done": 2', '"done": 1'))
    page = visitor.get(progress)
    assert 'data-g="progress"' in page.text
    assert '<meta http-equiv="refresh"' in page.text, "for a browser without scripts"
    part = visitor.get(progress, part=True)
    assert "<html" not in part.text
    assert 'value="50"' in part.text


def test_work_whose_process_died_is_told_as_failed(site: Site) -> None:
    begun = work.begin(site.database, "rest", _("Resting"), Locale(), lambda told: told(1, 2, _("Halfway")))
    site.wait()
    path = site.settings.data_dir / "work" / "main" / f"{begun.id}.json"
    path.write_text(
        path.read_text()
        .replace('"state": "done"', '"state": "running"')
        .replace(f'"pid": {begun.pid}', '"pid": 99999999')
    )
    found = work.find(site.database, begun.id)
    assert found is not None
    assert (found.state, found.text) == ("failed", "The server was stopped meanwhile; nothing was changed.")
    assert work.find(site.database, "../../etc/passwd") is None


def test_demonstration_data_comes_with_the_set_up_and_goes_from_the_settings(site: Site) -> None:
    visitor = site.visitor()
    progress = begin(visitor, language="fa", addons=["crm_lead"], demo="1")
    site.wait()
    visitor.get(progress)
    settings = visitor.get("/settings")
    with site.database.context() as ctx:
        assert has_demo(ctx)
    removing = visitor.post("/settings/demo", part=True)
    assert settings.status_code == 200
    address = re.search(r'data-url="([^"]+)"', removing.text)
    assert address is not None
    site.wait()
    assert visitor.get(address[1], part=True).headers["HX-Redirect"] == "/settings"
    with site.database.context() as ctx:
        assert not has_demo(ctx)


def test_demonstration_data_that_fails_spoils_nothing(site: Site, folder: Path) -> None:
    name = a_name("clumsy")
    write(folder, name, plugin=CLUMSY)
    site.database.rediscover()
    visitor = site.visitor()
    progress = begin(visitor, addons=[name], demo="1")
    site.wait()
    visitor.get(progress)
    assert "The demonstration data could not be made: oh dear" in visitor.get("/apps/").text
    assert name in site.database.installed()
