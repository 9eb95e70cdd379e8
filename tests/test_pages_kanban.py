"""Boards in the browser's eyes: lanes, counts, sums, cards and their moves."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from core.operations import commit, update, update_many
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.web_bed import Visitor, text_of, toast_of
from tests.yard_site import Yard, cards_of, heads_of, statements, yard_site

BOARD = "/m/yard.job/kanban"


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Yard]:
    with yard_site(fresh_database, database_kind, tmp_path) as made:
        yield made


@pytest.fixture
def admin(site: Yard) -> Visitor:
    return site.administrator()


def jobs(site: Yard) -> list[int]:
    laid, planked = site.stage("Laid"), site.stage("Planked")
    return site.make_many(
        "job",
        [
            {"title": "Gull", "stage": laid, "price": Decimal(300), "stars": 1, "worker": 1},
            {"title": "Heron", "stage": laid, "price": Decimal(1200), "stars": 3, "port": "Bushehr"},
            {"title": "Swan", "stage": planked, "price": Decimal(50), "due_on": date(2026, 11, 28), "hours": 4},
        ],
    )


def move(visitor: Visitor, record: int, to: Any, path: str = BOARD, **more: Any) -> TestResponse:
    """Move a card as the board does."""
    base, _q, query = path.partition("?")
    values = {"id": record, "to": to, "before": "", "version": "", **more}
    return visitor.post(f"{base}/move?{query}", values, part=True)


def test_every_stage_is_a_lane_in_its_order_with_count_and_sum(site: Yard, admin: Visitor) -> None:
    jobs(site)
    page = admin.get(BOARD)
    assert cards_of(page) == {"Laid": ["Heron", "Gull"], "Planked": ["Swan"], "Afloat": []}
    assert heads_of(page) == {"Laid": ("2", "$1,500"), "Planked": ("1", "$50"), "Afloat": ("0", "")}
    assert re.findall(r'class="(g-lane[^"]*)" data-lane', page.text) == ["g-lane", "g-lane", "g-lane g-lane-won"]


def test_records_without_a_stage_stand_in_a_lane_of_their_own(site: Yard, admin: Visitor) -> None:
    site.make("job", title="Raft")
    assert cards_of(admin.get(BOARD)) == {"Stage: none": ["Raft"], "Laid": [], "Planked": [], "Afloat": []}


def test_a_card_shows_what_its_view_names(site: Yard, admin: Visitor) -> None:
    _gull, heron, swan = jobs(site)
    oak, crew = site.make("mark", name="Oak", color=3), site.make("crew", name="Night crew")
    with site.reading(None) as ctx:
        update(ctx, site.model("job"), heron, {"crew": crew, "marks": [oak], "color": 5, "worker": 1})
        commit(ctx)
    page = admin.get(BOARD).text
    card = card_of(page, heron)
    assert [part in card for part in ("Night crew", "Bushehr", "$1,200", "Oak", "g-card-bar c5")] == [True] * 5
    assert 'aria-label="Sara"' in card
    assert "Nov 28" in card_of(page, swan)
    assert "8 d" in card_of(page, swan)


def card_of(page: str, record: int) -> str:
    return page.partition(f'id="card-{record}"')[2].partition("</article>")[0]


def test_lanes_by_any_grouping_field(site: Yard, admin: Visitor) -> None:
    jobs(site)
    with site.reading(None) as ctx:
        update_many(ctx, site.model("job"), site.all("job", ["title", "=", "Gull"]), {"kind": "mast", "urgent": True})
        commit(ctx)
    assert cards_of(admin.get(f"{BOARD}?g=kind")) == {
        "Kind: none": ["Heron", "Swan"],
        "Hull": [],
        "Mast": ["Gull"],
        "Sail": [],
    }
    assert cards_of(admin.get(f"{BOARD}?g=urgent")) == {"Not: Urgent": ["Heron", "Swan"], "Urgent": ["Gull"]}
    assert list(cards_of(admin.get(f"{BOARD}?g=port"))) == ["Port: none", "Bushehr"]
    assert list(cards_of(admin.get(f"{BOARD}?g=due_on:month"))) == ["Due on: none", "November 2026"]


def test_lanes_that_follow_from_other_values_take_no_cards(site: Yard, admin: Visitor) -> None:
    gull = jobs(site)[0]
    page = admin.get(f"{BOARD}?g=late")
    assert page.text.count("data-locked") == 2
    refused = move(admin, gull, "1", f"{BOARD}?g=late")
    assert refused.status_code == 422
    assert toast_of(refused).startswith("Cards cannot be moved on this board")


def test_filters_narrow_cards_counts_and_sums_alike(site: Yard, admin: Visitor) -> None:
    jobs(site)
    page = admin.get(f"{BOARD}?f=big")
    assert cards_of(page) == {"Laid": ["Heron"], "Planked": [], "Afloat": []}
    assert heads_of(page)["Laid"] == ("1", "$1,200")
    nothing = admin.get(f"{BOARD}?f=urgent")
    assert "Nothing passes all your filters" in text_of(nothing)
    assert list(cards_of(nothing)) == ["Laid", "Planked", "Afloat"]


def test_stages_of_another_crew_stay_away_unless_they_have_cards(site: Yard, admin: Visitor) -> None:
    night, day = site.make("crew", name="Night"), site.make("crew", name="Day")
    caulked = site.make("stage", name="Caulked", sequence=25, crew=night)
    assert list(cards_of(admin.get(BOARD))) == ["Laid", "Planked", "Afloat"]
    lanes = ["Laid", "Planked", "Caulked", "Afloat"]
    assert list(cards_of(admin.get(f'{BOARD}?d=["crew","=",{night}]'))) == lanes
    assert list(cards_of(admin.get(f'{BOARD}?d=["crew","=",{day}]'))) == ["Laid", "Planked", "Afloat"]
    site.make("job", title="Owl", stage=caulked, crew=night)
    assert cards_of(admin.get(BOARD))["Caulked"] == ["Owl"]


def test_forty_cards_at_first_and_the_rest_on_demand(site: Yard, admin: Visitor) -> None:
    laid = site.stage("Laid")
    site.make_many("job", [{"title": f"Ship {n:02}", "stage": laid} for n in range(95)])
    page = admin.get(BOARD)
    assert len(cards_of(page)["Laid"]) == 40
    assert "Show 40 more" in page.text
    more = re.search(r'hx-get="([^"]+)"', page.text.partition("g-lane-more")[2])
    assert more is not None
    second = admin.get(more[1].replace("&amp;", "&"), part=True)
    assert re.findall(r"Ship \d\d</a>", second.text)[0] == "Ship 40</a>"
    assert "Show 15 more" in second.text
    third = admin.get(f"{BOARD}/more?lane={laid}&at=80", part=True)
    assert (third.text.count("<article"), "Show" in third.text) == (15, False)


def test_a_moved_card_is_written_and_both_heads_are_told(site: Yard, admin: Visitor) -> None:
    gull = jobs(site)[0]
    admin.get(BOARD)
    answer = move(admin, gull, site.stage("Planked"), version=1)
    assert answer.status_code == 200
    assert heads_of(answer) == {"Laid": ("1", "$1,200"), "Planked": ("2", "$350")}
    assert f'id="card-{gull}" data-id="{gull}" data-version="2"' in answer.text
    assert answer.text.count('hx-swap-oob="true"') == 3
    assert site.read("job", gull, "stage").title == "Planked"
    assert toast_of(answer) == "Moved to Planked"


def test_a_move_is_undone_by_its_toast(site: Yard, admin: Visitor) -> None:
    gull = jobs(site)[0]
    admin.get(BOARD)
    undo = json.loads(move(admin, gull, site.stage("Afloat")).headers["HX-Trigger"])["toast"]["undo"]
    assert admin.post(undo, part=True).status_code == 200
    assert site.read("job", gull, "stage").title == "Laid"


def test_the_last_card_of_a_lane_leaves_a_zero(site: Yard, admin: Visitor) -> None:
    swan = jobs(site)[2]
    admin.get(BOARD)
    assert heads_of(move(admin, swan, site.stage("Afloat"))) == {"Planked": ("0", "$0"), "Afloat": ("1", "$50")}


def test_cards_move_into_choices_yes_and_nothing(site: Yard, admin: Visitor) -> None:
    gull = jobs(site)[0]
    admin.get(BOARD)
    assert move(admin, gull, "sail", f"{BOARD}?g=kind").status_code == 200
    assert move(admin, gull, "1", f"{BOARD}?g=urgent").status_code == 200
    assert move(admin, gull, "none").status_code == 200
    assert site.read("job", gull, "kind", "urgent", "stage") == ["sail", True, None]


def test_a_refusal_is_told_and_changes_nothing(site: Yard, admin: Visitor) -> None:
    wreck = site.make("job", title="Wreck", stage=site.stage("Laid"))
    admin.get(BOARD)
    answer = move(admin, wreck, site.stage("Planked"))
    assert (answer.status_code, toast_of(answer)) == (422, "A wreck stays where it is.")
    assert site.read("job", wreck, "stage").title == "Laid"


def test_a_card_somebody_else_has_moved_meanwhile_is_not_moved_over(site: Yard, admin: Visitor) -> None:
    gull = jobs(site)[0]
    admin.get(BOARD)
    with site.reading(None) as ctx:
        update(ctx, site.model("job"), gull, {"stage": site.stage("Afloat")})
        commit(ctx)
    answer = move(admin, gull, site.stage("Planked"), version=1)
    assert answer.status_code == 422
    assert toast_of(answer).startswith("Somebody else has moved this card")
    assert "refreshPage" in json.loads(answer.headers["HX-Trigger"])
    assert site.read("job", gull, "stage").title == "Afloat"


def test_nobody_moves_what_he_may_not_change_or_see(site: Yard, admin: Visitor) -> None:
    gull = jobs(site)[0]
    planked = site.stage("Planked")
    guest = site.person("guest@example.com", "yard.guest")
    assert guest.get(BOARD).text.count("data-locked") == 3
    assert move(guest, gull, planked).status_code == 422
    worker = site.person("worker@example.com", "yard.worker")
    assert cards_of(worker.get(BOARD))["Laid"] == ["Heron"]
    assert move(worker, gull, planked).status_code == 404
    assert move(worker, 99999, planked).status_code == 404
    assert site.read("job", gull, "stage").title == "Laid"


@pytest.mark.parametrize("to", ["99999", "nonsense", ""])
def test_a_lane_that_does_not_exist_takes_no_cards(site: Yard, admin: Visitor, to: str) -> None:
    gull = jobs(site)[0]
    admin.get(BOARD)
    assert move(admin, gull, to).status_code == 422
    assert site.read("job", gull, "stage").title == "Laid"


def test_cards_without_an_order_of_their_own_keep_the_boards(site: Yard, admin: Visitor) -> None:
    gull, heron, _swan = jobs(site)
    admin.get(BOARD)
    answer = move(admin, gull, site.stage("Laid"), before=heron)
    assert toast_of(answer).startswith("Cards of a column stand in the order of this board")


TOOLS = "/m/yard.tool/kanban"


def shelf_of(visitor: Visitor) -> dict[str, list[str]]:
    return cards_of(visitor.get(TOOLS))


def test_cards_with_a_sequence_stay_where_they_are_put(site: Yard, admin: Visitor) -> None:
    left, right = site.make("shelf", name="Left", sequence=1), site.make("shelf", name="Right", sequence=2)
    names = ["Adze", "Brace", "Chisel", "Drill"]
    adze, brace, chisel, drill = site.make_many("tool", [{"name": name, "shelf": left} for name in names])
    assert shelf_of(admin) == {"Left": names, "Right": []}
    for record, before in [(drill, brace), (chisel, adze), (brace, drill)]:
        assert move(admin, record, left, TOOLS, before=before).status_code == 200
    assert shelf_of(admin) == {"Left": ["Chisel", "Adze", "Brace", "Drill"], "Right": []}
    move(admin, adze, left, TOOLS)
    move(admin, brace, right, TOOLS)
    move(admin, chisel, right, TOOLS, before=brace)
    assert shelf_of(admin) == {"Left": ["Drill", "Adze"], "Right": ["Chisel", "Brace"]}


def test_a_board_asks_as_much_of_the_database_whatever_it_shows(site: Yard, admin: Visitor) -> None:
    stages = [site.stage(name) for name in ("Laid", "Planked", "Afloat")]
    site.make_many("job", [{"title": f"Ship {n}", "stage": stages[n % 3]} for n in range(3)])
    admin.get(BOARD)
    few = statements(site, admin, BOARD)
    site.make_many("job", [{"title": f"Boat {n}", "stage": stages[n % 3], "worker": 1} for n in range(300)])
    assert statements(site, admin, BOARD) == few


def test_a_model_without_a_board_has_none(admin: Visitor) -> None:
    assert admin.get("/m/yard.stage/kanban").status_code == 404
