"""Checks of declarations against the installed models: each returns the faults it finds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.db.naming import LONGEST_NAME
from core.declarations import (
    Buttons,
    Form,
    Head,
    Kanban,
    Lines,
    List,
    Search,
    Show,
    Smart,
    StatusBar,
    Verb,
    View,
    attr_of,
)

from .faults import Fault

if TYPE_CHECKING:
    from .build import Registry


def check_view(registry: Registry, view: View) -> Iterator[Fault]:
    """Every field a view names is a field of its model, installed."""
    if view.model not in registry.infos:
        yield Fault(view.source, f"{view.kind} of {view.model.__model__}, which is not installed")
        return
    for attr, owner in _attributes(view):
        info = registry.find(attr)
        if info is None:
            yield Fault(view.source, f"{attr} is not a field of an installed model")
        elif owner is not None and info.model is not owner:
            yield Fault(
                view.source, f"{attr} belongs to {info.model.__model__}; the {view.kind} shows {owner.__model__}"
            )


def _attributes(view: View) -> Iterator[tuple[Any, Any]]:
    """Yield each attribute a view names with the model it must belong to (None: any)."""
    model = view.model
    if isinstance(view, List):
        yield from ((attr_of(column), model) for column in view.columns)
    elif isinstance(view, Form):
        for part in view.parts:
            yield from _form_attributes(part, model)
    elif isinstance(view, Search):
        yield from ((attr, model) for attr in view.fields)
    elif isinstance(view, Kanban):
        single = (view.by, view.title, view.tags, view.sum, view.stars, view.person, view.color)
        yield from ((attr, model) for attr in (*single, *view.lines, *view.foot, *view.quick) if attr is not None)


def _form_attributes(part: Any, model: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(part, Buttons):
        return
    if isinstance(part, Smart):
        yield part.link, None
    elif isinstance(part, Lines):
        yield part.attr, model
        yield from ((attr_of(column), None) for column in part.columns)
    elif isinstance(part, (StatusBar, Show)):
        yield part.attr, model
    elif isinstance(part, Head) or hasattr(part, "items"):
        for item in part.items:
            yield from _form_attributes(item, model)
    else:
        yield part, model


def check_verb(registry: Registry, verb: Verb) -> Iterator[Fault]:
    """A verb is for an installed model."""
    if verb.model not in registry.infos:
        yield Fault(verb.source, f"{verb.name} is for {verb.model.__model__}, which is not installed")


def check_names(registry: Registry) -> Iterator[Fault]:
    """Names of tables, indexes and constraints fit into PostgreSQL's 63 letters."""
    for model in registry.models:
        table = model.__table__
        names = [table.name, *(str(index.name) for index in table.indexes)]
        names += [str(one.name) for one in table.constraints if isinstance(one.name, str)]
        for name in names:
            if len(name) > LONGEST_NAME:
                yield Fault(model.__source__, f"the name {name} is longer than {LONGEST_NAME} letters")


def evaluate_rule(rule: Any) -> tuple[Any, Fault | None]:
    """Return a rule's SQL, or the fault that keeps it from being SQL."""
    try:
        expression = rule.expression(rule.model)
        if not isinstance(sa.inspect(expression, raiseerr=False), sa.ClauseElement):
            raise TypeError(f"it gives {expression!r}, not a condition in SQL")
    except Exception as error:  # whatever an addon's rule does wrong is a fault of that addon, told with its line
        code = getattr(rule.expression, "__code__", None)
        source = (code.co_filename, code.co_firstlineno) if code else rule.source
        return None, Fault(source, f"rule on {rule.model.__model__}: {type(error).__name__}: {error}")
    return expression, None
