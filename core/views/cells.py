"""Values as people read them: the one place that chooses how a field is shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import sqlalchemy as sa

from core.context import CompanyInfo
from core.i18n import Locale, Text
from core.models import User
from core.registry import FieldInfo

from .cell import Cell, Formatter, Wish
from .makers import MAKERS, currency_of, initials, plain_text

NUMBERS = frozenset({"integer", "decimal", "money", "percent"})


def formatter(
    field: FieldInfo,
    locale: Locale,
    company: CompanyInfo,
    *,
    widget: str | None = None,
    today: date | None = None,
    unit: bool = False,
    root: str = "",
    links: bool = False,
) -> Formatter:
    """Return the function that makes a `Cell` of a field's value, for one reader.

    `unit` puts the unit beside amounts (a list says it once in its head); with `today` dates of this year lose their
    year; with `links` linked records and files lead to their pages, whose addresses begin with `root`.
    """
    kind = shown_kind(field, widget)
    wish = Wish(field, kind, locale, company, today, unit, root, links)
    return MAKERS.get(kind, plain_text)(wish)


def shown_kind(field: FieldInfo, widget: str | None = None) -> str:
    """Return how a field is shown: by the widget asked for, else by its kind, or the type of what is computed."""
    wanted = widget or field.meta.widget
    if wanted in MAKERS:
        return str(wanted)
    kind = field.kind
    if kind == "computed":
        return _kind_of_type(getattr(field.attr, "type", None) or getattr(field.attr.expression, "type", None))
    return "person" if kind == "many2one" and field.target is User else kind


def unit_of(field: FieldInfo, company: CompanyInfo, locale: Locale) -> str:
    """Return what stands beside the numbers of a field, for the head of a column; empty when nothing does."""
    return locale.unit(currency_of(field, company)) if shown_kind(field) == "money" else ""


def label_of(field: FieldInfo, label: Text | None = None) -> Text:
    """Return what a field is called, in a view's words where it has some."""
    return label if label is not None else field.label


def _kind_of_type(type_: Any) -> str:
    for known, kind in (
        (sa.Boolean, "boolean"),
        (sa.Integer, "integer"),
        (sa.DateTime, "datetime"),
        (sa.Date, "date"),
        (sa.Numeric, "decimal"),
    ):
        if isinstance(type_, known) or isinstance(getattr(type_, "impl_instance", None), known):
            return kind
    return "char"


__all__ = [
    "NUMBERS",
    "Cell",
    "Formatter",
    "currency_of",
    "formatter",
    "initials",
    "label_of",
    "shown_kind",
    "unit_of",
]
