"""Lanes of boards: quick create in them, folding, and lanes added, renamed, ordered and removed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core.operations import commit, update
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.web_bed import Visitor, toast_of
from tests.yard_site import Yard, cards_of, heads_of, yard_site

BOARD = "/m/yard.job/kanban"


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Yard]:
    with yard_site(fresh_database, database_kind, tmp_path) as made:
        yield made


@pytest.fixture
def admin(site: Yard) -> Visitor:
    return site.administrator()


def quick(visitor: Visitor, lane: Any, path: str = BOARD, **values: Any) -> TestResponse:
    base, _q, query = path.partition("?")
    visitor.get(path)
    return visitor.post(f"{base}/quick?{query}", {"lane": lane, **values}, part=True)


def test_quick_create_makes_a_card_in_its_lane(site: Yard, admin: Visitor) -> None:
    crew = site.make("crew", name="Night crew")
    answer = quick(admin, site.stage("Planked"), title="Tern", crew=crew, price="1,234.50", stars="2")
    assert answer.status_code == 200
    made = site.all("job", ["title", "=", "Tern"])[0]
    assert f'id="card-{made}"' in answer.text
    assert heads_of(answer) == {"Planked": ("1", "$1,235")}
    found = site.read("job", made, "stage", "crew", "price", "stars")
    assert [getattr(one, "title", one) for one in found] == ["Planked", "Night crew", Decimal("1234.50"), 2]


def test_quick_create_begins_with_what_the_menu_line_says(site: Yard, admin: Visitor) -> None:
    quick(admin, site.stage("Laid"), f"{BOARD}?menu=hulls", title="Tern")
    assert site.read("job", site.all("job")[0], "kind", "stars") == ["hull", 0]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"title": ""}, "“Ship” is needed."),
        ({"title": "Tern", "price": "much"}, "Price"),
        ({"title": "Tern", "crew": "99999"}, "Crew"),
    ],
)
def test_what_is_wrong_in_quick_create_is_told_and_nothing_made(
    site: Yard, admin: Visitor, values: dict[str, str], said: str
) -> None:
    answer = quick(admin, site.stage("Laid"), **values)
    assert answer.status_code == 422
    assert said in toast_of(answer)
    assert answer.headers["HX-Reswap"] == "none"
    assert site.all("job") == []


def test_edit_in_quick_create_opens_the_whole_form_with_what_was_typed(site: Yard, admin: Visitor) -> None:
    answer = quick(admin, site.stage("Laid"), title="Tern & Co", price="5", open="1")
    address = answer.headers["HX-Redirect"]
    assert "default_title=Tern+%26+Co" in address
    assert f"default_stage={site.stage('Laid')}" in address
    form = admin.get(address)
    assert 'value="Tern &amp; Co"' in form.text
    assert site.all("job") == []


def test_nobody_creates_without_the_right(site: Yard) -> None:
    guest = site.person("guest@example.com", "yard.guest")
    assert "data-quick" not in guest.get(BOARD).text
    assert quick(guest, site.stage("Laid"), title="Tern").status_code == 403
    assert site.all("job") == []


def test_lanes_that_follow_from_other_values_make_no_cards(site: Yard, admin: Visitor) -> None:
    answer = quick(admin, "1", f"{BOARD}?g=late", title="Tern")
    assert (answer.status_code, toast_of(answer)) == (422, "Cards cannot be made on this board. Use the button “New”.")
    assert site.all("job") == []


def test_folding_is_kept_for_the_person_and_stages_fold_by_themselves(site: Yard, admin: Visitor) -> None:
    with site.reading(None) as ctx:
        update(ctx, site.model("stage"), site.stage("Afloat"), {"folded": True})
        commit(ctx)
    assert folded(admin) == ["Afloat"]
    admin.post(f"{BOARD}/fold", {"lane": site.stage("Laid"), "folded": "1"}, part=True)
    admin.post(f"{BOARD}/fold", {"lane": site.stage("Afloat"), "folded": "0"}, part=True)
    assert folded(admin) == ["Laid"]
    assert folded(site.person("other@example.com", "yard.master")) == ["Afloat"]


def folded(visitor: Visitor) -> list[str]:
    return re.findall(r'g-lane-fold" data-lane="[^"]+" data-name="([^"]+)"', visitor.get(BOARD).text)


def test_lanes_are_added_renamed_ordered_and_removed_by_those_who_may(site: Yard, admin: Visitor) -> None:
    admin.get(BOARD)
    assert toast_of(admin.post(f"{BOARD}/lane", {"name": "Rigged"}, part=True)) == "“Rigged” was added."
    assert list(cards_of(admin.get(BOARD))) == ["Laid", "Planked", "Afloat", "Rigged"]
    ids = [site.stage(name) for name in ("Rigged", "Laid", "Afloat", "Planked")]
    admin.post(f"{BOARD}/order", {"order": ",".join(map(str, ids))}, part=True)
    assert list(cards_of(admin.get(BOARD))) == ["Rigged", "Laid", "Afloat", "Planked"]
    rename = f"{BOARD}/lane/stage/{ids[0]}/rename"
    assert 'value="Rigged"' in admin.get(rename, part=True).text
    assert admin.post(rename, {"name": "Masted"}, part=True).status_code == 204
    assert admin.post(f"{BOARD}/lane/stage/{ids[1]}/delete", part=True).status_code == 204
    assert list(cards_of(admin.get(BOARD))) == ["Masted", "Afloat", "Planked"]


def test_a_lane_with_cards_is_not_removed_even_if_they_are_hidden(site: Yard, admin: Visitor) -> None:
    laid = site.stage("Laid")
    site.make("job", title="Ghost", stage=laid, active=False)
    admin.get(BOARD)
    answer = admin.post(f"{BOARD}/lane/stage/{laid}/delete", part=True)
    assert answer.status_code == 422
    assert toast_of(answer).startswith("There is still 1 card in this column")
    assert list(cards_of(admin.get(BOARD))) == ["Laid", "Planked", "Afloat"]


def test_others_may_not_touch_the_lanes(site: Yard) -> None:
    worker, laid = site.person("worker@example.com", "yard.worker"), site.stage("Laid")
    page = worker.get(BOARD).text
    assert [mark in page for mark in ("g-lane-add", "data-order-url", "lane-menu-")] == [False] * 3
    assert worker.post(f"{BOARD}/lane", {"name": "Rigged"}, part=True).status_code == 403
    assert worker.post(f"{BOARD}/order", {"order": str(laid)}, part=True).status_code == 403
    assert worker.post(f"{BOARD}/lane/stage/{laid}/rename", {"name": "X"}, part=True).status_code == 403
    assert worker.post(f"{BOARD}/lane/stage/{laid}/delete", part=True).status_code == 403
    assert worker.post(f"{BOARD}/lane", {"name": " "}, part=True).status_code == 422
    assert len(site.all("stage")) == 3


def test_lanes_that_are_no_records_cannot_be_added_or_removed(site: Yard, admin: Visitor) -> None:
    page = admin.get(f"{BOARD}?g=kind").text
    assert [mark in page for mark in ("g-lane-add", "data-order-url", "lane-menu-")] == [False] * 3
    assert admin.post(f"{BOARD}/lane?g=kind", {"name": "X"}, part=True).status_code == 403
    assert admin.post(f"{BOARD}/lane/kind/1/delete", part=True).status_code == 404
