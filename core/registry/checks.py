"""Checks of declarations against the installed models: each returns the faults it finds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from core.db.naming import LONGEST_NAME
from core.declarations import (
    OPERATIONS,
    AnyJob,
    Buttons,
    Form,
    Head,
    Kanban,
    Lines,
    List,
    Menu,
    Rights,
    Rule,
    Search,
    Show,
    Smart,
    StatusBar,
    Verb,
    View,
    attr_of,
)
from core.fields.meta import Source

from .faults import Fault

if TYPE_CHECKING:
    from .build import Registry


def check_view(registry: Registry, view: View, other: View | None = None) -> Iterator[Fault]:
    """Every field a view names is a field of its model, installed; a model has one view of a kind."""
    if view.model not in registry.infos:
        yield Fault(view.source, f"{view.kind} of {_name(view.model)}, which is not installed")
        return
    if other is not None:
        place = ":".join(map(str, other.source))
        yield Fault(view.source, f"{_name(view.model)} has a {view.kind} already ({place}); change it by a Patch")
    for attr, owner in _attributes(view):
        info = registry.find(attr)
        if info is None:
            yield Fault(view.source, f"{attr} is not a field of an installed model")
        elif owner is not None and info.model is not owner:
            yield Fault(
                view.source, f"{attr} belongs to {info.model.__model__}; the {view.kind} shows {owner.__model__}"
            )


def _name(model: Any) -> str:
    return str(getattr(model, "__model__", model))


def check_rights(registry: Registry, right: Rights) -> Iterator[Fault]:
    """Rights are on an installed model, with letters that mean something."""
    yield from _check_owner(registry, right.model, "rights", right.source)
    for letters in right.roles.values():
        if unknown := set(letters) - set(OPERATIONS):
            yield Fault(right.source, f"rights on {_name(right.model)}: no operation {''.join(sorted(unknown))!r}")


def check_rule(registry: Registry, rule: Rule) -> Iterator[Fault]:
    """A rule is on an installed model, for operations that there are."""
    yield from _check_owner(registry, rule.model, "a rule", rule.source)
    if unknown := set(rule.operations) - set(OPERATIONS):
        yield Fault(rule.source, f"a rule on {_name(rule.model)}: no operation {''.join(sorted(unknown))!r}")


def _check_owner(registry: Registry, model: Any, what: str, source: Source) -> Iterator[Fault]:
    parent = getattr(model, "__of__", None)
    if parent is not None:
        yield Fault(source, f"{what} on {_name(model)}: an extension has the rights of {_name(parent)}")
    elif model not in registry.infos:
        yield Fault(source, f"{what} on {_name(model)}, which is not installed")


def check_menu(registry: Registry, menu: Menu) -> Iterator[Fault]:
    """A line of the menu opens an installed model, with filters that its search offers."""
    for entry in menu.entries:
        if entry.model not in registry.infos:
            yield Fault(entry.source, f"menu line of {_name(entry.model)}, which is not installed")
            continue
        search = registry.view(entry.model, "search")
        offered = {one.name for one in search.filters} if search is not None else set()
        for name in entry.filters:
            if name not in offered:
                yield Fault(entry.source, f"menu line with the filter {name!r}, which {_name(entry.model)} has not")


def check_jobs(jobs: Sequence[AnyJob]) -> Iterator[Fault]:
    """Names of jobs are told apart."""
    seen: dict[str, AnyJob] = {}
    for job in jobs:
        if job.name in seen:
            place = ":".join(map(str, seen[job.name].source))
            yield Fault(job.source, f"the job {job.name} is declared twice (see {place})")
        seen.setdefault(job.name, job)


def _attributes(view: View) -> Iterator[tuple[Any, Any]]:
    """Yield each attribute a view names with the model it must belong to (None: any)."""
    model = view.model
    if isinstance(view, List):
        shown = (*view.columns, *([] if view.color is None else [view.color]))
        yield from ((attr_of(column), model) for column in shown)
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


def check_verb(registry: Registry, verb: Verb, others: Iterable[Verb] = ()) -> Iterator[Fault]:
    """A verb is for an installed model and has a name of its own there."""
    if verb.model not in registry.infos:
        yield Fault(verb.source, f"{verb.name} is for {_name(verb.model)}, which is not installed")
    if any(other.name == verb.name for other in others):
        yield Fault(verb.source, f"{_name(verb.model)} has two verbs named {verb.name}")


def check_names(registry: Registry) -> Iterator[Fault]:
    """Names of tables, indexes and constraints fit into PostgreSQL's 63 letters."""
    for model in registry.models:
        links = [one.secondary for one in sa.inspect(model).relationships if one.secondary is not None]
        for table in (model.__table__, *(link for link in links if link.info.get("link_of") == model.__model__)):
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
