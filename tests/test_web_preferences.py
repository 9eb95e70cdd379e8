"""Preferences of one person, settings of the house, and the shell that shows what may be opened."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from core.loader import install
from core.models import Setting, User
from core.web.preferences import time_zones
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.loader_bed import a_name, addon_folder, write, write_library
from tests.web_bed import EMAIL, Site, made_site, text_of

SETTINGS = """
from core.toolkit import SettingField, SettingGroup, Text, hookimpl

LIGHTS = {"warm": Text("Warm"), "cold": Text("Cold")}

@hookimpl
def register_settings():
    return [SettingGroup(Text("Reading room"), [
        SettingField("room.open", Text("Open")),
        SettingField("room.seats", Text("Seats"), "integer", 12),
        SettingField("room.light", Text("Light"), "selection", "warm", choices=LIGHTS),
        SettingField("room.rules", Text("Rules"), "char"),
    ])]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with addon_folder(tmp_path) as folder:
        yield folder


@pytest.fixture
def site(folder: Path, fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Site]:
    with made_site(fresh_database, database_kind, tmp_path) as site:
        yield site


def column(site: Site, name: str, email: str = EMAIL) -> object:
    with site.database.context() as ctx:
        return ctx.session.scalar(select(getattr(User, name)).where(User.email == email))


def test_everybody_chooses_how_the_program_speaks(site: Site) -> None:
    clerk = site.person("clerk@example.com")
    saved = clerk.post("/preferences", {
        "name": "Clerk", "language": "fa", "calendar": "jalali", "digits": "arabext", "timezone": "Asia/Tehran",
        "theme": "dark",
    })  # fmt: skip
    assert saved.location == "/preferences"
    page = clerk.get("/preferences").text
    assert '<html lang="fa" dir="rtl" data-theme="dark" data-bs-theme="dark">' in page
    assert 'data-calendar="jalali" data-digits="arabext" data-first-day="6"' in page
    assert column(site, "timezone", "clerk@example.com") == "Asia/Tehran"
    assert column(site, "language") == "en", "others are left alone"


def test_a_wrong_choice_is_refused_beside_its_field(site: Site) -> None:
    admin = site.administrator()
    page = admin.post("/preferences", {"name": "", "language": "fa", "calendar": "mayan", "digits": "latn",
                                       "timezone": "UTC", "theme": "dark"})  # fmt: skip
    assert page.status_code == 422
    told = text_of(page)
    assert "Please fill this in." in told
    assert "Please choose one of the list." in told
    assert column(site, "language") == "en"


def test_rights_cannot_be_taken_through_the_preferences(site: Site) -> None:
    clerk = site.person("clerk@example.com")
    good = {
        "name": "C",
        "language": "en",
        "calendar": "gregorian",
        "digits": "latn",
        "timezone": "UTC",
        "theme": "auto",
    }
    clerk.post("/preferences", {**good, "kind": "portal", "roles": "1", "email": "x@example.com"})
    assert column(site, "kind", "clerk@example.com") == "internal"
    assert clerk.get("/settings").status_code == 403


def test_the_language_switch_brings_its_calendar_and_stays_on_the_page(site: Site) -> None:
    admin = site.administrator()
    switched = admin.post("/preferences/language", {"language": "fa", "back": "/settings?a=1"})
    assert switched.location == "/settings?a=1"
    assert (column(site, "calendar"), column(site, "digits")) == ("jalali", "arabext")
    assert admin.post("/preferences/language", {"language": "xx", "back": "//evil.example"}).location == "/"
    assert column(site, "language") == "fa"


def test_the_theme_is_kept_for_persons_and_for_guests(site: Site) -> None:
    admin, guest = site.administrator(), site.visitor()
    assert admin.post("/preferences/theme", {"theme": "dark"}).status_code == 204
    assert column(site, "theme") == "dark"
    guest.get("/login")
    guest.post("/preferences/theme", {"theme": "light"})
    assert 'data-theme="light"' in guest.get("/login").text
    guest.post("/preferences/theme", {"theme": "pink"})
    assert 'data-theme="light"' in guest.get("/login").text


def test_settings_of_apps_are_read_as_they_are_meant(site: Site, folder: Path) -> None:
    name = a_name("room")
    write(folder, name, plugin=SETTINGS)
    site.database.rediscover()
    install(site.database, [name])
    admin = site.administrator()
    page = admin.get("/settings")
    assert "Reading room" in text_of(page)
    wrong = admin.post("/settings", {"room.seats": "many", "room.light": "warm"})
    assert wrong.status_code == 422
    assert "“many” is not a number." in text_of(wrong)
    assert 'value="many"' in wrong.text
    saved = admin.post(
        "/settings", {"room.open": "1", "room.seats": "۲۴", "room.light": "cold", "room.rules": " Hush "}
    )
    assert saved.location == "/settings"
    with site.database.context() as ctx:
        kept = {row.key: row.value for row in ctx.session.execute(select(Setting.key, Setting.value))}
    assert kept == {"room.open": True, "room.seats": 24, "room.light": "cold", "room.rules": "Hush"}
    assert admin.post("/settings", {"room.seats": "", "room.light": "blue"}).status_code == 422


def test_only_administrators_see_the_settings(site: Site) -> None:
    clerk = site.person("clerk@example.com")
    assert clerk.get("/settings").status_code == 403
    assert clerk.post("/settings", {}).status_code == 403


def test_the_menu_shows_what_one_may_read(site: Site, folder: Path) -> None:
    name = write_library(folder)
    site.database.rediscover()
    install(site.database, [name])
    line = f'href="/m/{name}.book/list?menu={name}.book"'
    assert line in site.administrator().get("/preferences").text
    assert line in site.person("reader@example.com", f"{name}.user").get("/preferences").text
    clerk = site.person("clerk@example.com")
    assert line not in clerk.get("/preferences").text
    assert "There is nothing for you here yet" in text_of(clerk.get("/"))


def test_an_administrator_without_apps_is_led_to_them(site: Site) -> None:
    assert 'href="/apps/"' in site.administrator().get("/").text


def test_every_time_zone_can_be_used(site: Site) -> None:
    zones = [name for name, _label in time_zones()]
    assert zones[0] == "UTC"
    assert len(zones) > 300
    for zone in zones:
        assert ZoneInfo(zone).key == zone
