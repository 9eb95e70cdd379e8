"""The steps at the head of a form: where the record stands, and where it may go."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.context import Context
from core.i18n import Text, _
from core.queries import Ref, Row, page
from core.registry import FieldInfo, Registry

from .layout import SIGNATURE

MOST = 40
"""More steps than this are no steps; the field is then among the others only."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `state` is past, now or next."""

    value: str
    label: str
    state: str


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of one field; `name` is empty when they are only shown."""

    label: Text
    name: str
    items: tuple[Step, ...]


def scopes(registry: Registry, model: Any, field: FieldInfo) -> list[str]:
    """Return the links that a record has in common with its steps: stages of a team are for records of this team."""
    if not field.is_link or "sequence" not in registry.fields(field.target):
        return []
    mine, theirs = registry.fields(model), registry.fields(field.target)
    return [
        name
        for name, link in theirs.items()
        if link.is_link and name not in SIGNATURE and name in mine and mine[name].target is link.target
    ]


def within_scope(names: list[str], row: Row) -> list[Any] | None:
    """Return the filter on steps: those for everybody, and those for what the record belongs to."""
    parts: list[Any] = []
    for name in names:
        owner = row.get(name)
        alone = [name, "=", None]
        parts.append(alone if owner is None else ["or", alone, [name, "=", owner.id]])
    return ["and", *parts] if parts else None


def load_steps(ctx: Context, model: Any, field: FieldInfo, row: Row, *, movable: bool) -> Steps | None:
    """Return the steps of a field for a record; None when there is nothing to show."""
    value = row.get(field.name)
    name = field.name if movable and field.is_stored and not field.meta.readonly else ""
    if field.is_link:
        offered = _records(ctx, model, field, row)
        return Steps(field.label, name, _placed(offered, value.id if value else None)) if offered else None
    if field.kind == "selection":
        offered = [(code, str(text)) for code, text in (field.meta.choices or {}).items()]
        return Steps(field.label, name, _placed(offered, value))
    told = _("%(name)s: yes", name=field.label) if value else _("%(name)s: no", name=field.label)
    return Steps(field.label, "", (Step("", str(told), "now" if value else "next"),))


def _records(ctx: Context, model: Any, field: FieldInfo, row: Row) -> list[tuple[Any, str]]:
    title = ctx.registry.info(field.target).title
    if title is None:
        return []
    domain = within_scope(scopes(ctx.registry, model, field), row)
    order = ["sequence"] if "sequence" in ctx.registry.fields(field.target) else [title.name]
    found = [(one["id"], str(one[title.name])) for one in page(ctx, field.target, [title.name], domain, order, MOST)]
    value = row.get(field.name)
    if isinstance(value, Ref) and value.title and all(key != value.id for key, _label in found):
        found.append((value.id, value.title))
    return found


def _placed(offered: list[tuple[Any, str]], value: Any) -> tuple[Step, ...]:
    at = next((place for place, (key, _label) in enumerate(offered) if key == value), -1)
    states = ("past" if place < at else "now" if place == at else "next" for place in range(len(offered)))
    return tuple(Step(str(key), label, state) for (key, label), state in zip(offered, states, strict=True))
