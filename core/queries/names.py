"""Finding records by what they are called: the choices of a link field, and the titles of given records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.context import Context
from core.db.folding import folded
from core.registry import ModelInfo

from .domain import TEXTS, AnyOf, Condition, Domain, both, parse
from .page import page
from .rows import Ref, read

SMALL = 500
"""A list of choices up to this size is searched in the reader's language, in memory."""


def titles(ctx: Context, model: Any, ids: Sequence[int]) -> dict[int, str]:
    """Return what these records are called, as far as the reader may see them."""
    info = ctx.registry.info(model)
    name = info.title.name if info.title is not None else "id"
    return {row["id"]: str(row[name]) for row in read(ctx, model, list(dict.fromkeys(ids)), [name])}


def choices(ctx: Context, model: Any, text: str = "", domain: Any = None, limit: int = 20) -> list[Ref]:
    """Return the records whose title or searched fields hold every word of a text, those that begin with it first."""
    info = ctx.registry.info(model)
    if info.title is None:
        return []
    limits, title = parse(ctx.registry, model, domain), info.title.name
    order = ["sequence"] if "sequence" in info.fields else [title]
    names = [title, *(["color"] if "color" in info.fields else [])]
    if info.title.meta.translated:
        rows = page(ctx, model, names, limits, order, SMALL)
        wanted = folded(text)
        rows = [row for row in rows if wanted in folded(str(row[title]))]
    else:
        rows = page(ctx, model, names, both(limits, search(info, text)), order, limit)
    start = folded(text)
    rows.sort(key=lambda row: not folded(str(row[title])).startswith(start))
    return [Ref(row["id"], str(row[title]), row.get("color")) for row in rows[:limit]]


def search(info: ModelInfo, text: str) -> Domain | None:
    """Return the filter "every word stands in the title or in one of the searched fields"."""
    fields = [field for field in info.fields.values() if field.meta.search and field.kind in TEXTS]
    if info.title is not None and info.title not in fields:
        fields.insert(0, info.title)
    words = text.split()
    if not words or not fields:
        return None
    return both(*(AnyOf(tuple(Condition((field,), "contains", word) for field in fields)) for word in words))
