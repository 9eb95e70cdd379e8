"""The page of one record, or of one about to be made: fields in their places, steps, verbs, lines, history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.access import may, require
from core.context import Context
from core.declarations import Verb
from core.errors import NotFound
from core.i18n import Text, _
from core.operations import default_of, keeps_history, ready
from core.queries import Ref, Row, count, get, titles
from core.registry import FieldInfo, ModelInfo

from .fieldview import FieldView, Painter, is_readonly, name_files
from .history import History, load_history
from .layout import Layout, Slot, layout_of
from .lines import LinesView, load_lines
from .steps import Steps, load_steps, scopes

Part = FieldView | LinesView


@dataclass(frozen=True, slots=True, eq=False)
class SectionView:
    """Fields under each other."""

    title: Text | None
    parts: tuple[Part, ...]

    @property
    def is_wide(self) -> bool:
        """Whether it takes the whole width."""
        return all(part.slot.wide for part in self.parts)


@dataclass(frozen=True, slots=True, eq=False)
class LeafView:
    """A tab; `number` counts its lines, where it has some."""

    title: Text
    sections: tuple[SectionView, ...]
    number: int | None = None


@dataclass(frozen=True, slots=True)
class SmartView:
    """A smart button: how many records of a model belong to this one, and the filter that finds them."""

    title: Text
    icon: str
    number: int
    model: str
    domain: list[Any]


@dataclass(frozen=True, slots=True, eq=False)
class FormPage:
    """Everything on the page of a record. `id` is None while it is not made yet."""

    info: ModelInfo
    layout: Layout
    id: int | None
    version: int | None
    name: str
    row: Row
    editable: bool
    may_create: bool
    may_delete: bool
    archived: bool | None
    title: FieldView | None
    beside: tuple[FieldView, ...]
    figures: tuple[FieldView, ...]
    steps: Steps | None
    verbs: tuple[Verb, ...]
    more_verbs: tuple[Verb, ...]
    smart: tuple[SmartView, ...]
    sections: tuple[SectionView, ...]
    leaves: tuple[LeafView, ...]
    history: History | None

    @property
    def parts(self) -> Iterable[Part]:
        """Every field and grid, in the order of reading."""
        if self.title is not None:
            yield self.title
        yield from (*self.beside, *self.figures)
        for section in (*self.sections, *(section for leaf in self.leaves for section in leaf.sections)):
            yield from section.parts

    @property
    def fields(self) -> list[FieldView]:
        """Every field without the grids."""
        return [part for part in self.parts if isinstance(part, FieldView)]

    @property
    def grids(self) -> list[LinesView]:
        """Every grid of lines."""
        return [part for part in self.parts if isinstance(part, LinesView)]


def load(
    ctx: Context,
    model: Any,
    record_id: int | None = None,
    *,
    given: Mapping[str, Any] | None = None,
    copy_of: int | None = None,
    root: str = "",
) -> FormPage:
    """Return the page of a record, or of a new one that begins with defaults, what is `given`, or a copy.

    Raises NotFound for a record that is not there for this person, NotAllowed where the right itself is missing.
    """
    require(ctx, model, "r" if record_id is not None else "c")
    layout = layout_of(ctx.registry, model)
    if record_id is None:
        row = _new_row(ctx, layout, given or {}, copy_of)
        return _Loader(ctx, layout, row, None, root, editable=True).page()
    found = get(ctx, model, record_id, names_of(ctx, layout))
    if found is None:
        raise NotFound()
    name_files(ctx, ctx.registry.fields(model).values(), [found])
    editable = may(ctx, model, "u") and record_id in ctx.session.allowed(model, "u", [record_id])
    return _Loader(ctx, layout, found, record_id, root, editable=editable).page()


def names_of(ctx: Context, layout: Layout) -> list[str]:
    """Return the names of everything the page reads of its record."""
    info = ctx.registry.info(layout.model)
    names = [slot.name for slot in layout.slots if not slot.is_lines]
    if info.title is not None:
        names.append(info.title.name)
    if layout.status is not None:
        names += [layout.status.name, *scopes(ctx.registry, layout.model, layout.status)]
    if info.archives:
        names.append("active")
    return list(dict.fromkeys(names))


class _Loader:
    """Puts one page together."""

    def __init__(
        self, ctx: Context, layout: Layout, row: Row, record_id: int | None, root: str, *, editable: bool
    ) -> None:
        self.ctx, self.layout, self.row, self.id, self.editable = ctx, layout, row, record_id, editable
        self.model, self.info = layout.model, ctx.registry.info(layout.model)
        self.painter = Painter(ctx, root)

    def page(self) -> FormPage:
        ctx, layout, model = self.ctx, self.layout, self.model
        verbs = self._allowed((*layout.verbs, *layout.more_verbs))
        sections = self._sections(layout.sections)
        return FormPage(
            info=self.info,
            layout=layout,
            id=self.id,
            version=self.row.get("version") if self.id is not None else None,
            name=self._name(),
            row=self.row,
            editable=self.editable,
            may_create=may(ctx, model, "c"),
            may_delete=self.id is not None and may(ctx, model, "d") and self._falls_under("d"),
            archived=not self.row.get("active") if self.info.archives and self.id is not None else None,
            title=None if layout.title is None else self._field(layout.title),
            beside=tuple(self._field(slot) for slot in layout.beside),
            figures=tuple(self._field(slot) for slot in layout.figures),
            steps=self._steps(),
            verbs=tuple(verb for verb in layout.verbs if verb.name in verbs),
            more_verbs=tuple(verb for verb in layout.more_verbs if verb.name in verbs),
            smart=tuple(self._smart()),
            sections=sections,
            leaves=tuple(self._leaves()),
            history=self._history(),
        )

    def _name(self) -> str:
        if self.id is None:
            return str(_("New %(what)s", what=self.info.label))
        title = self.info.title
        value = self.row.get(title.name) if title is not None else None
        shown = value.title if isinstance(value, Ref) else value
        return str(shown) if shown not in (None, "") else f"{self.info.label} {self.id}"

    def _falls_under(self, operation: str) -> bool:
        assert self.id is not None
        return self.id in self.ctx.session.allowed(self.model, operation, [self.id])

    def _field(self, slot: Slot) -> FieldView:
        return self.painter.paint(slot, self.row, editable=self.editable)

    def _steps(self) -> Steps | None:
        status = self.layout.status
        return None if status is None else load_steps(self.ctx, self.model, status, self.row, movable=self.editable)

    def _parts(self, slots: Iterable[Slot]) -> Iterable[Part]:
        for slot in slots:
            if not slot.is_lines:
                yield self._field(slot)
            elif may(self.ctx, slot.field.target, "r"):
                yield load_lines(self.ctx, self.painter, slot, self.id, editable=self.editable)

    def _sections(self, sections: Iterable[Any]) -> tuple[SectionView, ...]:
        made = (SectionView(section.title, tuple(self._parts(section.slots))) for section in sections)
        return tuple(section for section in made if section.parts)

    def _leaves(self) -> Iterable[LeafView]:
        for leaf in self.layout.leaves:
            sections = self._sections(leaf.sections)
            lines = [part.total for section in sections for part in section.parts if isinstance(part, LinesView)]
            if sections:
                yield LeafView(leaf.title, sections, sum(lines) or None)

    def _smart(self) -> Iterable[SmartView]:
        if self.id is None:
            return
        for smart in self.layout.smart:
            link = self.ctx.registry.field(smart.link)
            if may(self.ctx, link.model, "r"):
                domain = [link.name, "=", self.id]
                number = count(self.ctx, link.model, domain)
                yield SmartView(smart.title, smart.icon, number, link.model.__model__, domain)

    def _allowed(self, verbs: Iterable[Verb]) -> set[str]:
        if self.id is None:
            return set()
        return {verb.name for verb in verbs if self.id in ready(self.ctx, verb, [self.id])}

    def _history(self) -> History | None:
        if self.id is None or not keeps_history(self.model):
            return None
        return load_history(self.ctx, self.model, self.id)


def _new_row(ctx: Context, layout: Layout, given: Mapping[str, Any], copy_of: int | None) -> Row:
    """Return what a new record begins with."""
    fields = ctx.registry.fields(layout.model)
    row: Row = {}
    for name in names_of(ctx, layout):
        field = fields[name]
        row[name] = () if field.is_many else None
        if field.meta.default is not None and field.extension is None:
            row[name] = default_of(ctx, field)
    if copy_of is not None:
        row |= _copied(ctx, layout, copy_of)
    row |= {name: value for name, value in given.items() if name in row}
    return _with_titles(ctx, fields, row)


def _copied(ctx: Context, layout: Layout, record_id: int) -> Row:
    fields = ctx.registry.fields(layout.model)
    names = [name for name in names_of(ctx, layout) if fields[name].meta.copy and not fields[name].meta.unique]
    names = [name for name in names if not is_readonly(fields[name]) and fields[name].kind not in ("file", "image")]
    found = get(ctx, layout.model, record_id, names)
    if found is None:
        raise NotFound()
    title = ctx.registry.info(layout.model).title
    if title is not None and isinstance(found.get(title.name), str):
        found[title.name] = str(_("%(name)s (copy)", name=found[title.name]))
    return {name: found[name] for name in names}


def _with_titles(ctx: Context, fields: Mapping[str, FieldInfo], row: Row) -> Row:
    """Turn ids into linked records; those the person may not see are left out."""
    for name, value in row.items():
        field = fields[name]
        if field.is_link and isinstance(value, int):
            known = titles(ctx, field.target, [value]) if may(ctx, field.target, "r") else {}
            row[name] = Ref(value, known[value]) if value in known else None
        elif field.is_many and value and not isinstance(value[0], Ref):
            known = titles(ctx, field.target, list(value)) if may(ctx, field.target, "r") else {}
            row[name] = tuple(Ref(one, title) for one, title in known.items())
    return row


__all__ = ["FormPage", "LeafView", "Part", "SectionView", "SmartView", "load", "names_of"]
