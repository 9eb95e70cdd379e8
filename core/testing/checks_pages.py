"""Checks of pages: what they ask of the database does not grow with the records, and is known by number."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from core.context import Context
from core.declarations import ADMIN
from core.loader import discover
from core.operations import commit, create_many
from core.registry import FieldInfo
from core.views import form, kanban, lists
from core.views.state import read_state

from .checks_schema import own_models
from .factories import filled, make
from .house import House
from .statements import count_statements

FEW, MANY = 3, 300
MOST_LINES = 30
"""More than a form shows at once are counted by one statement more."""
UPDATE = "GIRIH_UPDATE_QUERIES"
Counts = dict[str, dict[str, int]]
Load = Callable[[Context, int], object]


class PagesChecks:
    """Every list, board and form costs as many statements for 300 records as for 3: those in `tests/queries.json`.

    The file is made by the first run of the test, and shows in the differences of a change what it costs.
    """

    addon: str
    rows: dict[str, dict[str, object]]

    def test_pages_ask_as_much_for_many_records_as_for_few(self, girih: House) -> None:
        """Count the statements of each page with 3 and 300 records, and lines; GIRIH_UPDATE_QUERIES=1 keeps them."""
        found: Counts = {}
        for model in own_models(girih.registry, self.addon):
            for view, load in views_of(girih, model):
                few, many = (self._count(girih, model, load, number) for number in (FEW, MANY))
                assert many == few, f"{view} of {model.__model__}: {few} statements for 3 records, {many} for 300"
                found.setdefault(model.__model__, {})[view] = many
        path = discover(girih.database.settings)[self.addon].folder / "tests" / "queries.json"
        if os.environ.get(UPDATE) or not path.is_file():
            path.write_text(json.dumps(found, indent=2, sort_keys=True) + "\n", encoding="utf-8")
        assert known(path) == found, f"the statements of pages changed; if that is meant, run with {UPDATE}=1"

    def _count(self, girih: House, model: Any, load: Load, number: int) -> int:
        with girih.context() as ctx:
            shown = fill_up(ctx, model, number, self.rows.get(model.__model__, {}))
            commit(ctx)
        with girih.context(ADMIN.code) as ctx:
            load(ctx, shown)  # the first time much is looked up that is kept afterwards
        with girih.context(ADMIN.code) as ctx, count_statements(girih.database.engine) as seen:
            load(ctx, shown)
        return len(seen)


def known(path: Path) -> Counts:
    """Return the counts that are kept."""
    found: Counts = json.loads(path.read_text(encoding="utf-8"))
    return found


def views_of(girih: House, model: Any) -> Iterator[tuple[str, Load]]:
    """Yield the kinds of pages a model declares, each with the function that reads one."""
    registry = girih.registry

    def state(view: str) -> Any:
        return read_state(registry, model, view, {"f": [""]}, "")

    if registry.view(model, "list") is not None:
        yield "list", lambda ctx, _record: lists.load(ctx, model, state("list"))
    if registry.view(model, "kanban") is not None:
        yield "kanban", lambda ctx, _record: kanban.load(ctx, model, state("kanban"))
    if registry.view(model, "form") is not None:
        yield "form", lambda ctx, record: form.load(ctx, model, record)


def fill_up(ctx: Context, model: Any, number: int, values: dict[str, Any]) -> int:
    """Make so many records with everything they may hold, one of them with so many lines, and return that one."""
    made = [create_many(ctx, model, [linked(ctx, model, values)])[0] for _ in range(min(number, FEW))]
    made += [make(ctx, model, **values) for _ in range(number - len(made))]
    for field in ctx.registry.fields(model).values():
        if field.kind == "one2many" and field.target is not model:
            for _ in range(min(number, MOST_LINES)):
                make(ctx, field.target, **{_link_of(field): made[0]})
    return made[0]


def linked(ctx: Context, model: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Return the values of a record that also points to others through each field of many records."""
    row = filled(ctx, model, values)
    for field in ctx.registry.fields(model).values():
        if field.kind in ("tags", "many2many") and field.name not in row:
            row[field.name] = [make(ctx, field.target) for _ in range(FEW)]
    return row


def _link_of(field: FieldInfo) -> str:
    return str(field.meta.by).removesuffix("_id")
