"""The side menu: what a person may open, and what a setting switches off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.loader import install
from core.operations import commit, set_setting
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.web_bed import Site, made_site, text_of


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Site]:
    with made_site(fresh_database, database_kind, tmp_path) as site:
        install(site.database, ["crm_lead"])
        yield site


def test_a_line_that_depends_on_a_setting_goes_with_it(site: Site) -> None:
    admin = site.administrator()
    assert "menu=leads" in admin.get("/m/crm.team/list").text
    with site.database.context() as ctx:
        set_setting(ctx, "crm_lead.use_leads", value=False)
        commit(ctx)
    page = admin.get("/m/crm.team/list")
    assert "menu=leads" not in page.text
    assert "Pipeline" in text_of(page)


def test_an_app_stands_in_the_menu_of_those_who_work_with_it(site: Site) -> None:
    manager = site.person("manager@girih.example", "crm_lead.manager").get("/preferences").text
    seller = site.person("seller@girih.example", "crm_lead.user").get("/preferences").text
    nobody = site.person("nobody@girih.example").get("/preferences").text
    lines = ("menu=pipeline", "/m/crm.team", "/m/crm.stage")
    assert [[line in text for line in lines] for text in (manager, seller, nobody)] == [
        [True, True, True],
        [True, True, False],
        [False, False, False],
    ]
