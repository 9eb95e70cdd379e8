"""The page of the apps: what there is, the plan before anything changes, coming and going."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.loader_bed import a_name, addon_folder, rediscovered, write, write_library
from tests.web_bed import Site, Visitor, made_site, text_of, toast_of


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with addon_folder(tmp_path) as folder:
        yield folder


@pytest.fixture
def library(folder: Path) -> str:
    return write_library(folder)


@pytest.fixture
def site(library: str, fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Site]:
    with made_site(fresh_database, database_kind, tmp_path) as site:
        yield site


def do(site: Site, admin: Visitor, verb: str, name: str) -> TestResponse:
    """Do something and return what the page says at its end."""
    begun = admin.post(f"/apps/{verb}/{name}", part=True)
    assert begun.status_code == 200, toast_of(begun)
    address = re.search(r'data-url="([^"]+)"', begun.text)
    assert address is not None
    site.wait()
    return admin.get(address[1], part=True)


def card(page: TestResponse, name: str) -> str:
    """Return one app's card."""
    found = re.search(rf'<article class="g-mod[^"]*" aria-labelledby="mod-{name}">.*?</article>', page.text, re.S)
    assert found is not None, f"no card of {name}"
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_only_administrators_see_it(site: Site) -> None:
    clerk = site.person("clerk@example.com")
    for answer in (clerk.get("/apps/"), clerk.get("/apps/install/x"), clerk.post("/apps/install/x")):
        assert answer.status_code == 403
        assert "Only administrators may install and remove apps." in text_of(answer)
    assert "/apps/" not in clerk.get("/preferences").text


def test_the_plan_is_shown_before_anything_changes(site: Site, library: str) -> None:
    admin = site.administrator()
    assert "Available" in card(admin.get("/apps/"), library)
    drawer = admin.get(f"/apps/install/{library}", part=True)
    assert "<html" not in drawer.text
    told = text_of(drawer)
    for part in (
        f"Plan: install {library.title()}",
        "Nothing has been changed yet.",
        f"+ {library}_shelf",
        f"+ {library}_book",
        f"+ {library}_book_others",
        "+ All books",
        "+ Reader Books: create, see",
        "+ Remind readers",
        "Install 1 app",
        f"girih install {library}",
    ):
        assert part in told, part
    assert library not in site.database.installed()
    page = admin.get(f"/apps/install/{library}")
    assert f"Plan: install {library.title()}" in text_of(page)
    assert "<html" in page.text


def test_an_app_comes_rests_and_goes(site: Site, library: str) -> None:
    admin = site.administrator()
    done = do(site, admin, "install", library)
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, "/apps/")
    page = admin.get("/apps/")
    assert f"{library.title()} is installed." in page.text
    assert "Installed" in card(page, library)
    assert f'href="/m/{library}.book/list?menu={library}.book"' in page.text

    do(site, admin, "disable", library)
    page = admin.get("/apps/")
    assert "Disabled" in card(page, library)
    assert f"/m/{library}.book" not in page.text

    do(site, admin, "enable", library)
    assert f"/m/{library}.book" in admin.get("/apps/").text

    plan = text_of(admin.get(f"/apps/uninstall/{library}", part=True))
    assert "They are written into an export file before." in plan
    assert f"− {library}_shelf 2 records" in plan
    do(site, admin, "uninstall", library)
    page = admin.get("/apps/")
    assert "Available" in card(page, library)
    assert f"/m/{library}.book" not in page.text
    assert list((site.settings.data_dir / "exports").glob(f"*{library}*"))


def test_a_newer_version_is_offered(site: Site, folder: Path, library: str) -> None:
    admin = site.administrator()
    do(site, admin, "install", library)
    file = folder / library / "__init__.py"
    file.write_text(file.read_text().replace("version='1.0'", "version='1.10'"))
    rediscovered(site.database, library)
    page = admin.get("/apps/?show=updates")
    assert "Outdated" in card(page, library)
    assert "Version 1.0 becomes 1.10" in text_of(admin.get(f"/apps/upgrade/{library}", part=True))
    do(site, admin, "upgrade", library)
    assert card(admin.get("/apps/"), library).endswith("Version 1.10 Installed Disable… Uninstall…")


def test_what_stands_in_the_way_is_said_and_there_is_no_button(site: Site, folder: Path, library: str) -> None:
    write(folder, f"{library}_plus", depends=(library,), plugin="")
    site.database.rediscover()
    admin = site.administrator()
    do(site, admin, "install", f"{library}_plus")
    assert library in site.database.installed(), "what it needs came with it"
    drawer = admin.get(f"/apps/uninstall/{library}", part=True)
    assert f"{library} is needed by {library}_plus. Name them too, or leave it." in text_of(drawer)
    assert 'type="submit"' not in drawer.text


def test_an_install_that_fails_says_why_and_changes_nothing(site: Site, folder: Path) -> None:
    hopeless = a_name("hopeless")
    write(folder, hopeless, plugin="from core.toolkit import nothing_of_that_name\n")
    site.database.rediscover()
    admin = site.administrator()
    refused = admin.get(f"/apps/install/{hopeless}", part=True)
    assert refused.status_code == 422
    assert f"The addon {hopeless} cannot be loaded." in toast_of(refused)
    ended = do(site, admin, "install", hopeless)
    assert "nothing_of_that_name" in text_of(ended)
    assert 'data-g="progress"' not in ended.text
    assert hopeless not in site.database.installed()


def test_broken_addons_are_listed_with_their_faults(site: Site, folder: Path) -> None:
    broken = a_name("broken")
    (folder / broken).mkdir()
    (folder / broken / "__init__.py").write_text("MANIFEST = 1 / 0\n")
    admin = site.administrator()
    told = admin.post("/apps/look")
    assert told.status_code == 303
    page = admin.get("/apps/")
    assert "Broken" in card(page, broken)
    assert f"New: {broken}" in page.text
    assert "ZeroDivisionError: division by zero" in text_of(page)


def test_the_search_finds_apps_by_their_words(site: Site, library: str) -> None:
    admin = site.administrator()
    assert f'id="mod-{library}"' in admin.get(f"/apps/?q={library.upper()}").text
    nothing = admin.get("/apps/?q=astrology")
    assert "No app is meant by that" in text_of(nothing)
    assert f'id="mod-{library}"' not in admin.get("/apps/?show=installed").text


def test_an_unknown_app_or_verb_is_not_found(site: Site) -> None:
    admin = site.administrator()
    assert admin.get("/apps/explode/contacts").status_code == 404
    assert admin.get("/apps/install/nothing_like_it").status_code == 422
