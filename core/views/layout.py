"""Where the fields of a form stand: the declaration with its patches, resolved once per registry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from core.declarations import Buttons, Form, Group, Head, Lines, Show, Smart, StatusBar, Tab, Verb, attr_of
from core.i18n import Text
from core.registry import FieldInfo, Registry

SIGNATURE = frozenset({"created_at", "created_by", "updated_at", "updated_by"})
"""Who made and changed a record and when: shown in its history, not among its fields."""


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """A field in its place, with the wishes of the view; `columns` are those of a grid of lines."""

    field: FieldInfo
    widget: str | None = None
    label: Text | None = None
    readonly: bool = False
    wide: bool = False
    columns: tuple[Slot, ...] = ()

    @property
    def name(self) -> str:
        """The name of the field."""
        return self.field.name

    @property
    def is_lines(self) -> bool:
        """Whether it is a grid of lines."""
        return self.field.kind == "one2many"


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """Fields under each other, perhaps under a heading."""

    title: Text | None
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Leaf:
    """A tab."""

    title: Text
    sections: tuple[Section, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Layout:
    """A form with every field in its place."""

    model: Any
    title: Slot | None
    beside: tuple[Slot, ...]
    figures: tuple[Slot, ...]
    status: FieldInfo | None
    verbs: tuple[Verb, ...]
    more_verbs: tuple[Verb, ...]
    smart: tuple[Smart, ...]
    sections: tuple[Section, ...]
    leaves: tuple[Leaf, ...]

    @property
    def slots(self) -> Iterator[Slot]:
        """Every field of the form, in the order of reading."""
        if self.title is not None:
            yield self.title
        yield from self.beside
        yield from self.figures
        for section in (*self.sections, *(section for leaf in self.leaves for section in leaf.sections)):
            yield from section.slots


def layout_of(registry: Registry, model: Any) -> Layout:
    """Return the layout of a model's form; a model without one gets all its fields under each other."""
    kept: dict[Any, Layout] = registry.memo.setdefault("layouts", {})
    if model not in kept:
        view = registry.view(model, "form") or default_form(registry, model)
        kept[model] = _Builder(registry, model).build(view)
    return kept[model]


def default_form(registry: Registry, model: Any) -> Form:
    """Return the form of a model that declares none."""
    info = registry.info(model)
    shown = [f for f in info.fields.values() if f.name not in SIGNATURE and f.kind != "one2many" and f.custom is None]
    rest = [field.attr for field in shown if field is not info.title]
    half = (len(rest) + 1) // 2
    head = () if info.title is None else (Head(info.title.attr),)
    return Form(model, *head, Group(*rest[:half]), Group(*rest[half:]))


class _Builder:
    """Walks a declaration; a field named twice stands where it was named first."""

    def __init__(self, registry: Registry, model: Any) -> None:
        self.registry, self.model = registry, model
        self.placed: set[str] = set()

    def build(self, view: Form) -> Layout:
        parts = view.parts
        head = self._slots(item for part in parts if isinstance(part, Head) for item in part.items)
        status = next((part for part in parts if isinstance(part, StatusBar)), None)
        first, tail = (head[0], head[1:]) if head else (None, ())
        figures = tuple(slot for slot in tail if not _stands_beside(slot))
        verbs = self._verbs(parts)
        known = self.registry.verbs.get(self.model, ())
        return Layout(
            model=self.model,
            title=first,
            beside=tuple(slot for slot in tail if _stands_beside(slot)),
            figures=figures,
            status=None if status is None else self.registry.field(status.attr),
            verbs=verbs,
            more_verbs=tuple(verb for verb in known if all(verb is not other for other in verbs)),
            smart=tuple(part for part in parts if isinstance(part, Smart)),
            sections=tuple(self._sections(part for part in parts if not isinstance(part, Tab))),
            leaves=tuple(self._leaves(parts)),
        )

    def _leaves(self, parts: Iterable[Any]) -> Iterator[Leaf]:
        for part in parts:
            if isinstance(part, Tab):
                sections = tuple(self._sections(part.items))
                if sections:
                    yield Leaf(part.title, sections)

    def _sections(self, items: Iterable[Any]) -> Iterator[Section]:
        """Yield the groups; fields that stand in none make one where they stand."""
        loose: list[Any] = []
        for item in items:
            if isinstance(item, Group):
                yield from self._section(None, loose)
                loose = []
                yield from self._section(item.title, item.items)
            elif not isinstance(item, (Head, StatusBar, Buttons, Smart)):
                loose.append(item)
        yield from self._section(None, loose)

    def _section(self, title: Text | None, items: Iterable[Any]) -> Iterator[Section]:
        slots = self._slots(items)
        if slots:
            yield Section(title, slots)

    def _slots(self, items: Iterable[Any]) -> tuple[Slot, ...]:
        found = []
        for item in items:
            slot = self._slot(item)
            if slot.name not in self.placed:
                self.placed.add(slot.name)
                found.append(slot)
        return tuple(found)

    def _slot(self, item: Any) -> Slot:
        field = self.registry.field(attr_of(item))
        if field.kind == "one2many":
            columns = item.columns if isinstance(item, Lines) else self._usual_columns(field)
            return Slot(field, wide=True, columns=tuple(_plain(self.registry, column) for column in columns))
        return _plain(self.registry, item)

    def _usual_columns(self, field: FieldInfo) -> list[Any]:
        """Return the columns of lines that name none: those of the lines' own list without the link to here."""
        listed = self.registry.view(field.target, "list")
        shown = [attr_of(column) for column in listed.columns] if listed else []
        if not shown:
            fields = self.registry.fields(field.target).values()
            shown = [one.attr for one in fields if one.name not in SIGNATURE and not one.is_many][:6]
        return [attr for attr in shown if self.registry.field(attr).key != field.meta.by]

    def _verbs(self, parts: Iterable[Any]) -> tuple[Verb, ...]:
        known = {verb.name: verb for verb in self.registry.verbs.get(self.model, ())}
        wanted = [item for part in parts if isinstance(part, Buttons) for item in part.verbs]
        named = [item if isinstance(item, str) else item.name for item in wanted]
        return tuple(known[name] for name in dict.fromkeys(named) if name in known)


def _plain(registry: Registry, item: Any) -> Slot:
    field = registry.field(attr_of(item))
    if isinstance(item, Show):
        wide = item.wide or field.kind == "rich_text"
        return Slot(field, item.widget or field.meta.widget, item.label, item.readonly, wide)
    return Slot(field, field.meta.widget, wide=field.kind == "rich_text")


def _stands_beside(slot: Slot) -> bool:
    """Say whether a field of the head stands beside the title: stars and pictures; the others are figures."""
    return slot.widget == "stars" or slot.field.kind == "image"
