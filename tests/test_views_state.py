"""The state of a list stands in its address, whole, and an address that is nonsense does no harm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from core.views.state import ListState, read_state
from tests.bed.fixtures import FreshDatabase
from tests.yard_site import Yard, yard_site


@pytest.fixture
def site(fresh_database: FreshDatabase, tmp_path: Path) -> Iterator[Yard]:
    with yard_site(fresh_database, "sqlite", tmp_path) as made:
        yield made


def again(site: Yard, address: str) -> ListState:
    """Read the state of an address a state has made."""
    parts = urlsplit(address)
    _empty, _m, _model, view = parts.path.split("/")
    args = parse_qs(parts.query, keep_blank_values=True)
    return read_state(site.database.registry(), site.model("job"), view, args)


def test_a_state_survives_its_address(site: Yard) -> None:
    state = site.state(
        menu="jobs",
        s=["title:Gull", ":two words", "crew:a:b"],
        f=["urgent", "mine"],
        d='["price", ">", 5]',
        o=["-price", "title"],
        g="due_on:month",
        open=["2026-11-01", "none"],
        cols="title,price",
        archived="1",
        count="all",
        p="3",
    )
    assert state.searches == (("title", "Gull"), ("", "two words"), ("crew", "a:b"))
    assert again(site, state.address()) == state


def test_what_is_typed_joins_what_was_searched_before(site: Yard) -> None:
    state = site.state(s="title:Gull", q=" swan ", **{"in": "crew"})
    assert state.searches == (("title", "Gull"), ("crew", "swan"))
    assert site.state(q="swan").searches == (("", "swan"),)


def test_filters_of_the_menu_line_are_on_until_something_else_is_asked(site: Yard) -> None:
    assert site.state(menu="hulls").filters == ("mine",)
    assert site.state(menu="hulls", f="").filters == ()
    assert site.state(menu="hulls", f="urgent").filters == ("urgent",)
    assert site.state(menu="hulls", q="gull").filters == ()
    assert site.state(menu="hulls", d='["price", ">", 5]').filters == ()
    assert site.state(menu="jobs").filters == ()
    assert site.state().filters == ()


def test_a_filter_that_was_removed_stays_removed(site: Yard) -> None:
    state = site.state(menu="hulls")
    assert state.address() == "/m/yard.job/list?menu=hulls"
    bare = state.address(filters=())
    assert bare == "/m/yard.job/list?menu=hulls&f="
    assert again(site, bare).filters == ()


def test_a_change_of_what_is_shown_goes_back_to_the_first_page(site: Yard) -> None:
    state = site.state(p="4")
    assert again(site, state.address(filters=("urgent",))).page == 1
    assert again(site, state.address(page=5)).page == 5
    assert again(site, state.address("kanban")).page == 4


def test_unknown_filters_and_odd_numbers_are_left_out(site: Yard) -> None:
    state = site.state(f=["nonsense", "urgent"], p="0")
    assert (state.filters, state.page) == (("urgent",), 1)
    assert site.state(p="٣").page == 1
    assert site.state(p="-2").page == 1
    assert site.state(p="99999999999").page == 1_000_000


def test_a_record_knows_the_list_it_was_opened_from(site: Yard) -> None:
    state = site.state(f="urgent", p="2", open="3", cols="title", g="stage")
    assert state.record_query() == "?via=list&f=urgent&g=stage&p=2"
