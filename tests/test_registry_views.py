"""Views after the patches of all addons: put in their place, or set aside and told."""

from __future__ import annotations

from typing import Any

import pytest

from core.declarations import (
    Buttons,
    Filter,
    Form,
    Group,
    Head,
    Kanban,
    Lines,
    List,
    Patch,
    Search,
    Show,
    Smart,
    StatusBar,
    Tab,
    verb,
)
from core.i18n import Text
from core.models import KERNEL_MODELS, User
from core.registry import Faults, Registry
from tests.kernel_models import MODELS, Deal, DealScore, Elsewhere, Partner, Stage, plugin


@verb(Deal, Text("Win"))
def win(ctx: Any, ids: Any) -> None:
    """Mark deals as won."""


@verb(Deal, Text("Lose"))
def lose(ctx: Any, ids: Any) -> None:
    """Mark deals as lost."""


SUMS, NOTES = Group(Deal.amount, Deal.due_on), Tab(Text("People"), Group(Deal.user), Deal.partner)
FORM = Form(Deal, Head(Deal.title), StatusBar(Deal.stage), Buttons(win), SUMS, NOTES)
PARTNER = Form(Partner, Head(Partner.name), Group(Partner.city), Tab(Text("Deals"), Lines(Partner.deals, Deal.title)))
LIST = List(Deal, Deal.title, Show(Deal.amount, sum=True), Deal.stage, order=Deal.title)
SEARCH = Search(Deal, [Deal.title], filters=[Filter("late", Text("Late"), Deal.is_late.is_(True))])
BOARD = Kanban(Deal, by=Deal.stage, title=Deal.title, lines=[Deal.amount], foot=[Deal.due_on])
BASE = (FORM, PARTNER, LIST, SEARCH, BOARD)
SCORE = DealScore.score


def build(*patches: Patch, views: tuple[Any, ...] = BASE) -> Registry:
    return Registry.build(
        [
            plugin("core", register_models=list(KERNEL_MODELS)),
            plugin("tests", register_models=MODELS, register_views=(list(views), []), register_verbs=[win, lose]),
            plugin("score", register_models=[DealScore], register_views=(list(patches), None)),
        ]
    )


def names(items: Any) -> list[Any]:
    """Return a view's parts as lists of field names."""
    found: list[Any] = []
    for item in items:
        if hasattr(item, "items"):
            found.append([type(item).__name__, *names(item.items)])
        elif isinstance(item, Buttons):
            found.append(["Buttons", *(one.name for one in item.verbs)])
        else:
            attr = getattr(item, "attr", item)
            found.append(getattr(attr, "key", type(item).__name__))
    return found


def form(*patches: Patch) -> list[Any]:
    registry = build(*patches)
    assert registry.set_aside == ()
    return names(registry.view(Deal, "form").parts)


BEFORE = [
    ["Head", "title"],
    "stage",
    ["Buttons", "win"],
    ["Group", "amount", "due_on"],
    ["Tab", ["Group", "user"], "partner"],
]


def changed(place: int, part: Any, *more: Any) -> list[Any]:
    """Return the form with another part at a place, and more after it."""
    return [*BEFORE[:place], part, *more, *BEFORE[place + 1 :]]


@pytest.mark.parametrize(
    ("patch", "wanted"),
    [
        (Patch(Deal, "form", [SCORE], after=Deal.amount), changed(3, ["Group", "amount", "score", "due_on"])),
        (Patch(Deal, "form", [SCORE], before=Deal.amount), changed(3, ["Group", "score", "amount", "due_on"])),
        (Patch(Deal, "form", [SCORE], after=Deal.due_on), changed(3, ["Group", "amount", "due_on", "score"])),
        (Patch(Deal, "form", [SCORE], after=Deal.user), changed(4, ["Tab", ["Group", "user", "score"], "partner"])),
        (Patch(Deal, "form", [SCORE], before=Deal.partner), changed(4, ["Tab", ["Group", "user"], "score", "partner"])),
        (Patch(Deal, "form", [SCORE], after=Deal.title), changed(0, ["Head", "title", "score"])),
        (Patch(Deal, "form", [StatusBar(Deal.stage)], after=Deal.stage), changed(1, "stage", "stage")),
        (Patch(Deal, "form", [SCORE], slot="head"), changed(0, ["Head", "title", "score"])),
        (Patch(Deal, "form", [Group(SCORE)], slot="groups"), changed(3, BEFORE[3], ["Group", "score"])),
        (Patch(Deal, "form", [Tab(Text("Score"), SCORE)], slot="tabs"), changed(4, BEFORE[4], ["Tab", "score"])),
        (Patch(Deal, "form", [Tab(Text("Score"), SCORE)]), changed(4, BEFORE[4], ["Tab", "score"])),
        (Patch(Deal, "form", [Buttons(lose)], slot="buttons"), changed(2, BEFORE[2], ["Buttons", "lose"])),
        (
            Patch(Deal, "form", [Smart(Text("Deals"), Deal.partner_id)], slot="smart"),
            [*BEFORE, "Smart"],
        ),
    ],
    ids=lambda value: f"{value.slot or (value.after or value.before)}" if isinstance(value, Patch) else "",
)
def test_a_form_is_patched(patch: Patch, wanted: list[Any]) -> None:
    assert form(patch) == wanted


def test_a_form_without_a_head_gets_one() -> None:
    registry = build(Patch(Stage, "form", [Stage.name], slot="head"), views=(Form(Stage, Group(Stage.name)),))
    assert names(registry.view(Stage, "form").parts) == [["Head", "name"], ["Group", "name"]]


def test_two_patches_of_one_form_do_not_know_each_other() -> None:
    one, other = (Patch(Deal, "form", [attr], after=Deal.amount) for attr in (SCORE, Deal.city))
    assert form(one, other)[3] == ["Group", "amount", "city", "score", "due_on"]
    assert form(other, one)[3] == ["Group", "amount", "score", "city", "due_on"]


def test_a_list_a_search_and_a_board_are_patched() -> None:
    filtered = Filter("scored", Text("Scored"), SCORE > 0)
    registry = build(
        Patch(Deal, "list", [SCORE], after=Deal.amount),
        Patch(Deal, "list", [Deal.city]),
        Patch(Deal, "search", [SCORE, filtered]),
        Patch(Deal, "search", [Deal.stage], slot="groups"),
        Patch(Deal, "kanban", [SCORE], before=Deal.amount),
        Patch(Deal, "kanban", [Deal.user], slot="foot"),
    )
    assert registry.set_aside == ()
    assert names(registry.view(Deal, "list").columns) == ["title", "amount", "score", "stage", "city"]
    assert registry.view(Deal, "list").columns[1].sum is True
    search, board = registry.view(Deal, "search"), registry.view(Deal, "kanban")
    assert (names(search.fields), names(search.groups)) == (["title", "score"], ["stage"])
    assert [one.name for one in search.filters] == ["late", "scored"]
    assert (names(board.lines), names(board.foot)) == (["score", "amount"], ["due_on", "user"])


@pytest.mark.parametrize(
    ("patch", "reason"),
    [
        (Patch(Deal, "form", [SCORE], after=Deal.city), "form of Deals was set aside: it belongs beside “city”"),
        (Patch(Deal, "list", [SCORE], after=Deal.city), "list of Deals was set aside: it belongs beside “city”"),
        (Patch(Deal, "form", [SCORE], slot="foot"), "form of Deals was set aside: it belongs beside “foot”"),
        (Patch(Stage, "form", [Stage.name]), "form of Stages was set aside: it belongs beside “?”"),
        (Patch(Elsewhere, "list", [Elsewhere.name]), "list of Elsewheres was set aside"),
    ],
    ids=["form", "list", "slot", "view", "model"],
)
def test_a_patch_whose_place_is_gone_is_set_aside_and_told(patch: Patch, reason: str) -> None:
    registry = build(patch)
    (aside,) = registry.set_aside
    assert reason in str(aside.reason)
    assert aside.source == patch.source
    assert aside.source[0] == __file__
    assert names(registry.view(Deal, "form").parts) == BEFORE


def test_a_patch_with_a_foreign_field_is_a_fault_of_the_patch() -> None:
    patch = Patch(Deal, "form", [User.email], after=Deal.amount)
    with pytest.raises(Faults) as told:
        build(patch)
    (fault,) = told.value.faults
    assert fault.text == "User.email belongs to core.user; the form shows tests.deal"
    assert fault.source == patch.source


def test_declared_views_stay_as_they_were_declared() -> None:
    build(Patch(Deal, "form", [SCORE], after=Deal.amount), Patch(Deal, "list", [SCORE]))
    assert names(FORM.parts) == BEFORE
    assert names(LIST.columns) == ["title", "amount", "stage"]
