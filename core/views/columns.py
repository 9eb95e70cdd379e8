"""The columns of a list: those the view declares, or those the person chose, with their formatters made once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.sql import operators

from core.context import Context
from core.declarations import List, Show, attr_of
from core.i18n import Text, _
from core.operations import set_preference
from core.queries import preference
from core.registry import FieldInfo, ModelInfo, Registry

from .cells import NUMBERS, Formatter, formatter, label_of, shown_kind, unit_of
from .state import ListState, without

KERNEL_FIELDS = frozenset({"created_at", "created_by", "updated_at", "updated_by"})
UNSHOWN = frozenset({"one2many", "json", "rich_text"})
UNSORTED = frozenset({"tags", "many2many", "one2many", "json", "rich_text", "image", "file"})
MOST_COLUMNS = 40
_WIDTHS = {
    **dict.fromkeys(("boolean", "stars", "color", "integer", "percent"), "s"),
    **dict.fromkeys(("date", "decimal", "money", "phone", "selection", "badge", "image"), "m"),
    **dict.fromkeys(("text", "rich_text"), "xl"),
}
_LABELS = {"s": 11, "m": 15, "l": 22}
"""So many letters of a label fit over a column of a width."""
_PIXELS = {"s": 104, "m": 140, "l": 168, "xl": 240, "name": 240}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column as declared: the field with the wishes of the view."""

    field: FieldInfo
    widget: str | None = None
    label: Text | None = None
    optional: bool = False
    sum: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column ready for rows: its head, how it is sorted, and the function that shows a value.

    `place` is where its values stand in a row of a phone: a and b on the first line, c and d on the second.
    """

    name: str
    label: str
    kind: str
    width: str
    numeric: bool
    show: Formatter
    sort: str
    sorted: str
    place: str
    sums: bool
    strong: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A line of the column chooser."""

    name: str
    label: str
    chosen: bool


def list_view(registry: Registry, model: Any) -> List:
    """Return the list of a model; one that declares none shows its title and first fields."""
    found: List | None = registry.view(model, "list")
    if found is not None:
        return found
    info = registry.info(model)
    others = [f.attr for f in info.fields.values() if f is not info.title and f.is_stored and _is_shown(f)]
    head = [info.title.attr] if info.title is not None else []
    return List(model, *head, *others[:5])


def _is_shown(field: FieldInfo) -> bool:
    return field.kind not in UNSHOWN and field.name not in KERNEL_FIELDS


def declared(registry: Registry, model: Any) -> dict[str, Wanted]:
    """Return every column a list may have by name: those of the view first, then all other fields."""
    kept: dict[Any, dict[str, Wanted]] = registry.memo.setdefault("list_columns", {})
    if model not in kept:
        found: dict[str, Wanted] = {}
        for item in list_view(registry, model).columns:
            field = registry.field(attr_of(item))
            found.setdefault(field.name, _wanted(field, item))
        for field in registry.fields(model).values():
            if field.kind not in UNSHOWN:
                found.setdefault(field.name, Wanted(field, optional=True))
        kept[model] = found
    return kept[model]


def _wanted(field: FieldInfo, item: Any) -> Wanted:
    if isinstance(item, Show):
        return Wanted(field, item.widget, item.label, item.optional, item.sum)
    return Wanted(field)


def preference_key(model: Any) -> str:
    """Return under which name a person's choice of columns is kept."""
    return f"list:{model.__model__}"


def chosen_names(ctx: Context, model: Any, state: ListState) -> list[str]:
    """Return the columns to show: of the address, of the person, of the view."""
    known = declared(ctx.registry, model)
    wishes: Sequence[Any] = state.columns or preference(ctx, preference_key(model)) or ()
    names = [name for name in wishes if name in known][:MOST_COLUMNS]
    return names or [name for name, column in known.items() if not column.optional]


def keep_columns(ctx: Context, model: Any, names: Sequence[str]) -> None:
    """Remember the columns a person chose; none means those of the view again."""
    known = declared(ctx.registry, model)
    kept = [name for name in dict.fromkeys(names) if name in known]
    set_preference(ctx, preference_key(model), kept[:MOST_COLUMNS])


def choices(ctx: Context, model: Any, names: Sequence[str]) -> list[Choice]:
    """Return the lines of the chooser: the shown columns in their order, then the others."""
    known = declared(ctx.registry, model)
    rest = sorted(without(known, *names), key=lambda name: name in KERNEL_FIELDS)
    return [
        Choice(name, str(label_of(known[name].field, known[name].label)), name in names) for name in (*names, *rest)
    ]


def columns(ctx: Context, model: Any, names: Sequence[str], state: ListState, order: Sequence[str]) -> list[Column]:
    """Return the columns of these names, ready for rows."""
    known = declared(ctx.registry, model)
    wanted = [known[name] for name in names]
    places = _places(wanted)
    return [_column(ctx, one, place, places.get(place, ""), state, order) for place, one in enumerate(wanted)]


def _column(ctx: Context, one: Wanted, place: int, phone: str, state: ListState, order: Sequence[str]) -> Column:
    field = one.field
    kind = shown_kind(field, one.widget)
    unit = unit_of(field, ctx.company, ctx.locale) if kind == "money" else ""
    label = str(label_of(field, one.label))
    sort, direction = _sorting(field, state, order)
    head = str(_("%(label)s, %(unit)s", label=label, unit=unit)) if unit else label
    return Column(
        name=field.name,
        label=head,
        kind=kind,
        width="name" if place == 0 and kind == "char" else _width(kind, head),
        numeric=kind in NUMBERS,
        show=formatter(
            field, ctx.locale, ctx.company, widget=one.widget, today=ctx.today, root=state.root, links=False
        ),
        sort=sort,
        sorted=direction,
        place=phone,
        sums=is_summed(one),
        strong=place == 0,
    )


def _width(kind: str, head: str) -> str:
    """Return the width its values need, or its label if that is longer."""
    sizes = list(_LABELS)
    wanted = _WIDTHS.get(kind, "l")
    if wanted not in sizes:
        return wanted
    return next((size for size in sizes[sizes.index(wanted) :] if len(head) <= _LABELS[size]), sizes[-1])


def least_width(shown: Sequence[Column]) -> int:
    """Return the width in pixels, in steps of 200, below which the list is pushed sideways instead of squeezed."""
    wanted = sum(_PIXELS[column.width] for column in shown) + 90
    return min(-(-wanted // 200) * 200, 4000)


def is_summed(one: Wanted) -> bool:
    """Say whether a column has a sum at its foot: amounts, and what the view asks for."""
    kind = shown_kind(one.field, one.widget)
    if one.field.custom is not None:
        return False
    return (one.sum and kind in ("integer", "decimal", "money")) or kind == "money"


def _sorting(field: FieldInfo, state: ListState, order: Sequence[str]) -> tuple[str, str]:
    """Return the address that sorts by a field, and how the list is sorted by it now."""
    if field.kind in UNSORTED or field.is_many:
        return "", ""
    now = order[0] if order else ""
    if now.lstrip("-") != field.name:
        return state.address(order=(field.name,)), ""
    down = now.startswith("-")
    return state.address(order=(field.name if down else f"-{field.name}",)), "descending" if down else "ascending"


def _places(wanted: Sequence[Wanted]) -> dict[int, str]:
    """Choose what a phone shows of a row: the first column, an amount, a text, and a date or a state."""
    kinds = {place: shown_kind(one.field, one.widget) for place, one in enumerate(wanted)}
    found = {0: "a"}
    for letter, fitting in (
        ("b", ("money", "percent", "decimal", "integer")),
        ("d", ("date", "due", "datetime", "selection", "badge", "boolean", "stars")),
        ("c", ("many2one", "person", "char", "email", "phone", "selection")),
    ):
        free = (place for place, kind in kinds.items() if place not in found and kind in fitting)
        place = next(free, None)
        if place is not None:
            found[place] = letter
    return found


def order_names(registry: Registry, items: Sequence[Any]) -> tuple[str, ...]:
    """Return an order as names with a minus for descending; it is declared by attributes, some with `.desc()`."""
    return tuple(_order_names(registry, items))


def _order_names(registry: Registry, items: Sequence[Any]) -> Iterator[str]:
    for item in items:
        minus = ""
        while getattr(item, "modifier", None) is not None:
            minus = "-" if item.modifier is operators.desc_op else minus
            item = item.element
        found = registry.find(item) or _behind(registry, item)
        if found is not None:
            yield f"{minus}{found.name}"


def _behind(registry: Registry, item: Any) -> FieldInfo | None:
    """Return the field of an expression that SQLAlchemy made of an attribute."""
    marks = getattr(item, "_annotations", {})
    entity, key = marks.get("parententity"), marks.get("proxy_key")
    if entity is None or key is None:
        return None
    return registry.find(getattr(entity.class_, key, None))


def title_name(info: ModelInfo) -> str:
    """Return the field records of a model are called by."""
    return "id" if info.title is None else info.title.name
