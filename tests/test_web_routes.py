"""Pages that addons bring: there where the addon is, nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.loader import disable, install
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.loader_bed import a_name, addon_folder, write
from tests.web_bed import Site, made_site, text_of, toast_of

ROUTES = """
from core.toolkit import Refused, _
from core.web.toolkit import Routes, json, page, request, told

routes = Routes("{name}")

@routes.get("late/<int:year>")
def late(ctx, year):
    return page("{name}/late.html", page_title=_("Late"), year=year, who=ctx.user.name)

@routes.get("catalogue", public=True)
def catalogue(ctx):
    return json({{"reader": ctx.user.kind}})

@routes.post("remind")
def remind(ctx):
    if not request.form.get("text"):
        raise Refused(_("Please write a text."))
    return told(_("Reminded."))
"""
PLUGIN = """
from core.toolkit import hookimpl
from .routes import routes

@hookimpl
def register_routes():
    return [routes]
"""
TEMPLATE = '{% extends "base.html" %}{% block main %}Year {{ year }} for {{ who }}{% endblock %}'


@pytest.fixture
def addon(tmp_path: Path) -> Iterator[str]:
    with addon_folder(tmp_path) as folder:
        name = a_name("desk")
        write(folder, name, plugin=PLUGIN, routes=ROUTES.format(name=name))
        templates = folder / name / "templates" / name
        templates.mkdir(parents=True)
        (templates / "late.html").write_text(TEMPLATE)
        static = folder / name / "static"
        static.mkdir()
        (static / "main.js").write_text("export default 1;\n")
        yield name


@pytest.fixture
def site(addon: str, fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Site]:
    with made_site(fresh_database, database_kind, tmp_path) as site:
        install(site.database, [addon])
        yield site


def test_a_page_is_shown_in_the_shell(site: Site, addon: str) -> None:
    page = site.administrator().get(f"/a/{addon}/late/1405")
    assert "Year 1405 for Sara" in text_of(page)
    assert 'id="g-side"' in page.text
    assert f'src="/addon/{addon}/main.js"' in page.text


def test_guests_see_what_is_public_only(site: Site, addon: str) -> None:
    guest = site.visitor()
    assert guest.get(f"/a/{addon}/catalogue").json == {"reader": "public"}
    assert guest.get(f"/a/{addon}/late/1405").location == f"/login?next=/a/{addon}/late/1405"


def test_what_is_sent_needs_the_token_and_is_refused_with_a_reason(site: Site, addon: str) -> None:
    admin = site.administrator()
    assert toast_of(admin.post(f"/a/{addon}/remind", {"text": "x"}, part=True)) == "Reminded."
    refused = admin.post(f"/a/{addon}/remind", part=True)
    assert (refused.status_code, toast_of(refused)) == (422, "Please write a text.")
    assert admin.post(f"/a/{addon}/remind", {"text": "x"}, headers={"X-CSRFToken": ""}).status_code == 400


def test_addresses_that_are_not_there_are_not_found(site: Site, addon: str) -> None:
    admin = site.administrator()
    assert admin.get(f"/a/{addon}/early").status_code == 404
    assert admin.get(f"/a/{addon}/late/x").status_code == 404
    assert admin.get(f"/a/{addon}/remind").status_code == 405
    assert admin.get("/a/nothing/late/1").status_code == 404


def test_static_files_of_an_addon_are_served_and_nothing_beside_them(site: Site, addon: str) -> None:
    guest = site.visitor()
    file = guest.get(f"/addon/{addon}/main.js")
    assert file.text == "export default 1;\n"
    assert file.headers["Content-Type"].startswith("text/javascript")
    assert guest.get(f"/addon/{addon}/../routes.py").status_code == 404
    assert guest.get(f"/addon/{addon}/%2e%2e/routes.py").status_code == 404


def test_nothing_of_a_disabled_addon_answers(site: Site, addon: str) -> None:
    disable(site.database, [addon])
    admin = site.administrator()
    for path in (f"/a/{addon}/late/1", f"/a/{addon}/catalogue", f"/addon/{addon}/main.js"):
        assert admin.get(path).status_code == 404
