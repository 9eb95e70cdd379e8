"""What is shown where: lists, forms, boards, searches, and patches on those of other addons. Data only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from core.fields.meta import Source, caller
from core.i18n import Text

Attr = Any
"""A mapped attribute: `Lead.stage`."""


@dataclass(frozen=True, slots=True)
class Show:
    """A field with wishes: another widget, another label, shown only when asked for, its sum at the foot."""

    attr: Attr
    widget: str | None = None
    label: Text | None = None
    optional: bool = False
    sum: bool = False
    readonly: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The title of a form and what stands beside it."""

    items: tuple[Any, ...]

    def __init__(self, *items: Any) -> None:
        object.__setattr__(self, "items", items)


@dataclass(frozen=True, slots=True)
class StatusBar:
    """The steps at the head of a form: the records of a many2one, the choices of a selection, or yes and no."""

    attr: Attr


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under each other, two groups beside each other where there is room."""

    items: tuple[Any, ...]
    title: Text | None = None

    def __init__(self, *items: Any, title: Text | None = None) -> None:
        object.__setattr__(self, "items", items)
        object.__setattr__(self, "title", title)


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a one2many as a grid, with the fields of the line to show."""

    attr: Attr
    columns: tuple[Any, ...]

    def __init__(self, attr: Attr, *columns: Any) -> None:
        object.__setattr__(self, "attr", attr)
        object.__setattr__(self, "columns", columns)


@dataclass(frozen=True, slots=True)
class Tab:
    """A leaf of a form: groups, fields, lines."""

    title: Text
    items: tuple[Any, ...]

    def __init__(self, title: Text, *items: Any) -> None:
        object.__setattr__(self, "title", title)
        object.__setattr__(self, "items", items)


@dataclass(frozen=True, slots=True)
class Buttons:
    """Verbs offered at the head of a form, in this order."""

    verbs: tuple[Any, ...]

    def __init__(self, *verbs: Any) -> None:
        object.__setattr__(self, "verbs", verbs)


@dataclass(frozen=True, slots=True)
class Smart:
    """A smart button: records of another model that belong to this one, counted, opened by a click."""

    title: Text
    link: Attr
    icon: str = "list"


@dataclass(frozen=True, slots=True)
class Form:
    """The page of one record: `Form(Lead, Head(...), StatusBar(...), Group(...), Tab(...))`."""

    model: Any
    parts: tuple[Any, ...]
    source: Source
    kind: str = "form"

    def __init__(self, model: Any, *parts: Any) -> None:
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "source", caller(2))
        object.__setattr__(self, "kind", "form")


@dataclass(frozen=True, slots=True)
class List:
    """A table of records. `order` is an attribute or `attribute.desc()`, or several of them."""

    model: Any
    columns: tuple[Any, ...]
    order: tuple[Any, ...]
    editable: bool
    color: Attr | None
    source: Source
    kind: str = "list"

    def __init__(
        self, model: Any, *columns: Any, order: Any = (), editable: bool = False, color: Attr | None = None
    ) -> None:
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "order", tuple(order) if isinstance(order, (tuple, list)) else (order,))
        object.__setattr__(self, "editable", editable)
        object.__setattr__(self, "color", color)
        object.__setattr__(self, "source", caller(2))
        object.__setattr__(self, "kind", "list")


@dataclass(frozen=True, slots=True)
class Kanban:
    """A board: one column per value of `by`, cards with a title, lines, a sum per column.

    `lines` are shown under the title, `foot` at the card's lower edge, `tags` as coloured tags; `won` names the
    attribute of the column's record that marks a column as won, `fold` the one that folds it at first.
    """

    model: Any
    by: Attr
    title: Attr
    lines: Sequence[Attr] = ()
    foot: Sequence[Attr] = ()
    tags: Attr | None = None
    sum: Attr | None = None
    stars: Attr | None = None
    person: Attr | None = None
    color: Attr | None = None
    fold: Attr | None = None
    won: Attr | None = None
    order: Sequence[Any] = ()
    quick: Sequence[Attr] = ()
    source: Source = field(default_factory=lambda: caller(3), compare=False)
    kind: str = "kanban"


@dataclass(frozen=True, slots=True)
class Filter:
    """A ready-made filter: a condition in SQL over live values. Filters with the same `group` are alternatives."""

    name: str
    label: Text
    condition: Any
    group: str = ""
    default: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """What the search bar of a model offers: fields to search in, ready-made filters, groupings."""

    model: Any
    fields: Sequence[Attr]
    filters: Sequence[Filter] = ()
    groups: Sequence[Any] = ()
    source: Source = field(default_factory=lambda: caller(3), compare=False)
    kind: str = "search"


@dataclass(frozen=True, slots=True)
class Patch:
    """A change of another addon's view: put `add` after or before a field, or at the end of a slot.

    `slot` is `head`, `groups`, `tabs`, `buttons` or `smart` of a form. A patch whose place is gone is set aside and
    told to the administrator; the page still opens.
    """

    model: Any
    view: str
    add: Sequence[Any]
    after: Attr | None = None
    before: Attr | None = None
    slot: str | None = None
    source: Source = field(default_factory=lambda: caller(3), compare=False)


View = Form | List | Kanban | Search


def attr_of(item: Any) -> Any:
    """Return the attribute of an item, which is one or is wrapped in `Show` or `Lines`."""
    return item.attr if isinstance(item, (Show, Lines)) else item
