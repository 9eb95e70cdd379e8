"""Form pages as plain data: where fields stand, what a person may do with them, steps, lines, history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from core.context import Context
from core.errors import NotAllowed, NotFound
from core.operations import commit, create, update
from core.views.form import FormPage, load, ready
from core.views.history import load_history
from core.views.layout import layout_of
from core.views.rich import bare, clean
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.bureau_site import Bureau, bureau_site


@pytest.fixture
def site(fresh_database: FreshDatabase, database_kind: Kind, tmp_path: Path) -> Iterator[Bureau]:
    with bureau_site(fresh_database, database_kind, tmp_path) as made:
        yield made


@contextmanager
def as_(site: Bureau, user_id: int = 1) -> Iterator[Context]:
    """Open a context of a person; the first is the administrator."""
    with site.database.context(user_id=user_id) as ctx:
        yield ctx


def case_page(ctx: Context, record_id: int | None, **more: Any) -> FormPage:
    """Load the page of a case."""
    return load(ctx, ctx.registry.model("bureau.case"), record_id, **more)


def test_the_layout_follows_the_declaration(site: Bureau) -> None:
    registry = site.database.registry()
    layout = layout_of(registry, registry.model("bureau.case"))
    assert layout.title is not None
    assert layout.title.name == "title"
    assert [slot.name for slot in layout.beside] == ["priority"]
    assert [slot.name for slot in layout.figures] == ["price", "opened_on"]
    assert [str(section.title) for section in layout.sections] == ["Whom", "None"]
    assert [str(leaf.title) for leaf in layout.leaves] == ["Notes", "Text", "Papers"]
    assert [slot.name for slot in layout.leaves[2].sections[1].slots] == ["data", "sealed", "bureau.mark"]
    assert [verb.name for verb in layout.verbs] == ["hurry", "close"]
    assert [verb.name for verb in layout.more_verbs] == ["burn"]
    assert layout_of(registry, registry.model("bureau.case")) is layout


def test_a_model_without_a_form_shows_all_its_fields(site: Bureau) -> None:
    registry = site.database.registry()
    layout = layout_of(registry, registry.model("bureau.word"))
    assert [slot.name for slot in layout.slots] == ["name", "color"]
    assert layout.status is None


def test_what_a_page_may_do_depends_on_the_person(site: Bureau) -> None:
    site.make("case", title="Bridge")
    people = {role: site.make_person(f"{role}@example.com", f"bureau.{role}") for role in ("reader", "clerk", "head")}
    may: dict[str, tuple[bool, bool, bool]] = {}
    for role in ("reader", "head"):
        with as_(site, people[role]) as ctx:
            page = case_page(ctx, 1)
            may[role] = (page.editable, page.may_create, page.may_delete)
            assert all(view.readonly for view in page.fields) is (role == "reader")
    assert may == {"reader": (False, False, False), "head": (True, True, True)}
    with as_(site, people["clerk"]) as ctx:
        with pytest.raises(NotFound):
            case_page(ctx, 1)
        assert case_page(ctx, None).editable
    with as_(site, people["reader"]) as ctx, pytest.raises(NotAllowed):
        case_page(ctx, None)


def test_fields_nobody_writes_are_only_read(site: Bureau) -> None:
    with as_(site) as ctx:
        page = case_page(ctx, None)
        assert {view.name for view in page.fields if view.readonly} == {"city", "sealed"}


def test_steps_are_those_of_everybody_and_of_the_records_desk(site: Bureau) -> None:
    desks = [site.make("desk", name=name) for name in ("North", "South")]
    site.make("step", name="Northern", sequence=5, desk=desks[0])
    head = site.make_person("head@example.com", "bureau.head")
    with as_(site, head) as ctx:
        create(ctx, ctx.registry.model("bureau.step"), {"name": "Heads", "sequence": 6})
        commit(ctx)
    for desk in (None, *desks):
        site.make("case", title="Bridge", desk=desk, step=site.step("Running"))
    with as_(site) as ctx:
        shown = [case_page(ctx, one).steps for one in (1, 2, 3)]
    assert [[step.label for step in one.items] for one in shown if one] == [
        ["New", "Running", "Done", "Heads"],
        ["New", "Running", "Done", "Northern", "Heads"],
        ["New", "Running", "Done", "Heads"],
    ]
    assert shown[0] is not None
    assert [step.state for step in shown[0].items] == ["past", "now", "next", "next"]


def test_lines_are_read_in_their_order_and_more_than_the_page_holds_are_counted(site: Bureau) -> None:
    site.make("case", title="Bridge")
    with site.database.context() as ctx:
        notes = [{"case": 1, "text": f"n{place}", "sequence": -place} for place in range(203)]
        for note in notes:
            create(ctx, ctx.registry.model("bureau.note"), note)
        commit(ctx)
    with as_(site) as ctx:
        grid = case_page(ctx, 1).grids[0]
    assert (len(grid.rows), grid.total, grid.sequence, grid.may_add) == (200, 203, "sequence", True)
    assert [cell.value for cell in grid.rows[0].cells] == ["n202", None, False]


def test_verbs_are_offered_where_they_can_be_done(site: Bureau) -> None:
    for urgent in (True, False):
        site.make("case", title="Bridge", urgent=urgent)
    reader = site.make_person("reader@example.com", "bureau.reader")
    with as_(site) as ctx:
        assert [verb.name for verb in case_page(ctx, 1).verbs] == ["close"]
        assert [verb.name for verb in case_page(ctx, 2).verbs] == ["hurry", "close"]
        hurry = case_page(ctx, 2).verbs[0]
        assert ready(ctx, hurry, [1, 2, 99]) == {2}
    with as_(site, reader) as ctx:
        assert case_page(ctx, 2).verbs == ()
        assert ready(ctx, hurry, [2]) == set()


def test_the_history_is_paged_and_seen_with_the_record_only(site: Bureau) -> None:
    site.make("case", title="Bridge")
    case = site.model("case")
    for number in range(25):
        with as_(site) as ctx:
            update(ctx, case, 1, {"pages": number + 2})
            commit(ctx)
    clerk = site.make_person("clerk@example.com", "bureau.clerk")
    with as_(site) as ctx:
        first = load_history(ctx, case, 1)
        second = load_history(ctx, case, 1, first.more)
    assert (len(first.events), len(second.events), second.more) == (20, 6, None)
    assert [(line.old, line.new) for line in first.events[0].lines] == [("25", "26")]
    assert str(second.events[-1].title) == "Created"
    with as_(site, clerk) as ctx:
        assert load_history(ctx, case, 1).events == ()


def test_as_many_statements_for_many_lines_as_for_few(site: Bureau) -> None:
    counted = []
    person = site.make("person", name="Sara", city="Tehran")
    for case, lines in ((1, 2), (2, 60)):
        site.make("case", title="Bridge", person=person, step=site.step("New"), words=[])
        for number in range(lines):
            site.make("note", case=case, text=f"n{number}")
        with as_(site) as ctx:
            case_page(ctx, case)
            counted.append(_statements(site, ctx, case))
    assert counted[0] == counted[1]
    assert counted[0] <= 20


def _statements(site: Bureau, ctx: Context, case: int) -> int:
    seen: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        seen.append(statement)

    event.listen(site.database.engine, "before_cursor_execute", hear)
    try:
        case_page(ctx, case)
    finally:
        event.remove(site.database.engine, "before_cursor_execute", hear)
    return len(seen)


def test_formatted_text_keeps_its_formats_and_nothing_else() -> None:
    bad = '<div onclick="x()">A <b>b</b><script>alert(1)</script><a href="javascript:x()">c</a><img src=x></div>'
    assert clean(bad) == '<div>A <b>b</b><a rel="noopener noreferrer">c</a></div>'
    assert bare("<div>A &amp; B</div><ul><li>one</li><li>two</li></ul>") == "A & B one two"
