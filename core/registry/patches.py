"""Views as they are after the patches of all addons; a patch that no longer fits is set aside and told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

from core.declarations import (
    Buttons,
    Form,
    Group,
    Head,
    Kanban,
    List,
    Patch,
    Search,
    Smart,
    StatusBar,
    Tab,
    View,
    attr_of,
)
from core.fields.meta import Source
from core.i18n import Text, _


@dataclass(frozen=True, slots=True)
class SetAside:
    """A patch that does not fit, and why, for the administrator."""

    source: Source
    reason: Text


class Misfit(Exception):
    """The place a patch names is not in the view."""


def apply_patch(view: View, patch: Patch) -> View:
    """Return the view with the patch; raise Misfit when its place is gone."""
    if isinstance(view, List):
        return cast("View", _rebuilt(view, columns=_insert(view.columns, patch)))
    if isinstance(view, Form):
        return cast("View", _rebuilt(view, parts=_patch_form(view.parts, patch)))
    if isinstance(view, Search):
        return _patch_search(view, patch)
    return _patch_kanban(view, patch)


def _rebuilt(view: Any, **changes: Any) -> Any:
    """Copy a view whose class has a constructor of its own."""
    made = object.__new__(type(view))
    for name in type(view).__dataclass_fields__:
        object.__setattr__(made, name, changes.get(name, getattr(view, name)))
    return made


def _insert(items: tuple[Any, ...], patch: Patch) -> tuple[Any, ...]:
    """Put the new items beside the named field, or at the end when none is named."""
    anchor = patch.after if patch.after is not None else patch.before
    if anchor is None:
        return (*items, *patch.add)
    for place, item in enumerate(items):
        if same(item.attr if isinstance(item, StatusBar) else attr_of(item), anchor):
            cut = place + (patch.after is not None)
            return (*items[:cut], *patch.add, *items[cut:])
    raise Misfit


def same(one: Any, other: Any) -> bool:
    """Say whether two attributes are the same field (`Lead.stage` and `Lead.stage` of two accesses)."""
    key = (getattr(one, "class_", None), getattr(one, "key", None))
    return key[0] is not None and key == (getattr(other, "class_", None), getattr(other, "key", None))


def _patch_form(parts: tuple[Any, ...], patch: Patch) -> tuple[Any, ...]:
    if patch.after is None and patch.before is None:
        return _extend_slot(parts, patch)
    done = [_try_insert(part, patch) for part in parts]
    if not any(changed for _part, changed in done):
        return _insert(parts, patch)
    return tuple(part for part, _changed in done)


def _try_insert(part: Any, patch: Patch) -> tuple[Any, bool]:
    """Patch a part that holds the named field, however deep."""
    if not isinstance(part, (Group, Tab)) and not hasattr(part, "items"):
        return part, False
    try:
        return _rebuilt(part, items=_insert(part.items, patch)), True
    except Misfit:
        done = [_try_insert(item, patch) for item in part.items]
        return _rebuilt(part, items=tuple(item for item, _ in done)), any(changed for _, changed in done)


_SLOTS: dict[str, Callable[[Any], bool]] = {
    "groups": lambda part: isinstance(part, Group),
    "tabs": lambda part: isinstance(part, Tab),
    "buttons": lambda part: isinstance(part, Buttons),
    "smart": lambda part: isinstance(part, Smart),
}


def _extend_slot(parts: tuple[Any, ...], patch: Patch) -> tuple[Any, ...]:
    """Put the new parts after the last one of the slot, or at the end when the form has none of them."""
    if patch.slot == "head":
        return _extend_head(parts, patch)
    belongs = _SLOTS.get(patch.slot or "tabs")
    if belongs is None:
        raise Misfit
    places = [place for place, part in enumerate(parts) if belongs(part)]
    cut = places[-1] + 1 if places else len(parts)
    return (*parts[:cut], *patch.add, *parts[cut:])


def _extend_head(parts: tuple[Any, ...], patch: Patch) -> tuple[Any, ...]:
    """Put the new items at the end of the form's head, which is made when there is none."""
    for place, part in enumerate(parts):
        if isinstance(part, Head):
            return (*parts[:place], Head(*part.items, *patch.add), *parts[place + 1 :])
    return (Head(*patch.add), *parts)


def _patch_search(view: Search, patch: Patch) -> Search:
    filters = [item for item in patch.add if type(item).__name__ == "Filter"]
    groups = [item for item in patch.add if item not in filters] if patch.slot == "groups" else []
    fields = [item for item in patch.add if type(item).__name__ != "Filter"] if patch.slot != "groups" else []
    return replace(
        view,
        fields=(*view.fields, *fields),
        filters=(*view.filters, *filters),
        groups=(*view.groups, *groups),
    )


def _patch_kanban(view: Kanban, patch: Patch) -> Kanban:
    if patch.slot == "foot":
        return replace(view, foot=_insert(tuple(view.foot), patch))
    return replace(view, lines=_insert(tuple(view.lines), patch))


def set_aside(patch: Patch) -> SetAside:
    """Describe a patch that does not fit."""
    anchor = patch.after if patch.after is not None else patch.before
    place = getattr(anchor, "key", None) or patch.slot or "?"
    text = _(
        "A change of the %(view)s of %(model)s was set aside: it belongs beside “%(place)s”, which is not there.",
        view=patch.view,
        model=patch.model.__plural__,
        place=place,
    )
    return SetAside(patch.source, text)


__all__ = ["Misfit", "SetAside", "apply_patch", "same", "set_aside"]
