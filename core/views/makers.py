"""Formatters by kind of value: each is made once for a field and a reader, and called for each record."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from core.context import CompanyInfo
from core.i18n import _
from core.registry import FieldInfo

from .cell import Cell, Formatter, Wish

EXCERPT = 200
"""So much of a long text stands in a list or on a card."""

_TAGS = re.compile(r"<[^>]*>")
_COLOURS = 12


def currency_of(field: FieldInfo, company: CompanyInfo) -> str:
    """Return the currency of an amount: the one the field names, else the company's."""
    named = field.meta.currency
    return named if named and len(named) == 3 and named.isupper() else company.currency


def initials(name: str) -> str:
    """Return the letters of a person's picture: two in Latin script, one in others."""
    words = name.split()
    if not words:
        return "?"
    if not words[0][0].isascii() or len(words) == 1:
        return words[0][0].upper()
    return (words[0][0] + words[-1][0]).upper()


def plain_text(wish: Wish) -> Formatter:
    """Return the formatter of what is shown as it is."""
    kind = wish.kind
    return lambda value: Cell(kind, "" if value is None else str(value), value)


def _long(wish: Wish) -> Formatter:
    def show(value: Any) -> Cell:
        text = "" if value is None else " ".join(str(value).split())
        return Cell("text", text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…", value)

    return show


def _rich(_wish: Wish) -> Formatter:
    """Without its formatting: a list and a card hold lines, not paragraphs."""

    def show(value: Any) -> Cell:
        text = " ".join(html.unescape(_TAGS.sub(" ", value or "")).split())
        return Cell("text", text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…", value)

    return show


def _number(wish: Wish) -> Formatter:
    number, kind = wish.locale.number, wish.kind
    return lambda value: Cell(kind, "" if value is None else number(value), value)


def _money(wish: Wish) -> Formatter:
    locale, company = wish.locale, wish.company
    currency = currency_of(wish.field, company)
    decimals = company.decimals if currency == company.currency else None
    show = locale.money if wish.unit else None

    def cell(value: Any) -> Cell:
        if value is None:
            return Cell("money")
        places = 0 if value == int(value) else decimals  # whole amounts are shown without decimals
        return Cell("money", show(value, currency, places) if show else locale.number(value, places), value)

    return cell


def _percent(wish: Wish) -> Formatter:
    percent = wish.locale.percent
    return lambda value: Cell("percent", "" if value is None else percent(value), value, widget="percent")


def _stars(wish: Wish) -> Formatter:
    choices = {key: wish.locale.say(text) for key, text in (wish.field.meta.choices or {}).items()}
    most = len(choices) - 1 if choices else int(wish.field.meta.maximum or 3)
    most = most if 0 < most <= 10 else 3

    def show(value: Any) -> Cell:
        stars = int(value) if str(value).isdecimal() else 0
        return Cell("stars", choices.get(value, ""), stars, max=most, widget="stars")

    return show


def _boolean(wish: Wish) -> Formatter:
    yes = Cell("boolean", wish.locale.say(_("Yes")), True)
    no = Cell("boolean", wish.locale.say(_("No")), False)
    return lambda value: yes if value else no


def _date(wish: Wish) -> Formatter:
    locale, today = wish.locale, wish.today

    def show(value: Any) -> Cell:
        if value is None:
            return Cell("date")
        return Cell("date", locale.near_date(value, today) if today else locale.date(value), value)

    return show


def _datetime(wish: Wish) -> Formatter:
    moment = wish.locale.datetime
    return lambda value: Cell("datetime", "" if value is None else moment(value), value)


def _selection(wish: Wish) -> Formatter:
    kind = wish.kind
    known = {
        key: Cell(kind, wish.locale.say(text), key, color=place % _COLOURS)
        for place, (key, text) in enumerate((wish.field.meta.choices or {}).items())
    }
    return lambda value: known.get(value) or Cell(kind, str(value or ""), value)


def _link(wish: Wish) -> Formatter:
    kind, target = wish.kind, wish.field.target
    address = f"{wish.root}/m/{target.__model__}/" if wish.links and target is not None else ""
    hidden = wish.locale.say(_("(not visible to you)"))
    known: dict[Any, Cell] = {None: Cell(kind)}

    def show(value: Any) -> Cell:
        found = known.get(value)
        if found is None:
            found = known[value] = _linked(kind, value, address, hidden)
        return found

    return show


def _linked(kind: str, value: Any, address: str, hidden: str) -> Cell:
    if not hasattr(value, "title"):
        return Cell(kind, str(value), value)
    if value.title is None:
        return Cell("char", hidden, value.id, state="hidden")
    href = f"{address}{value.id}" if address else ""
    color = value.color if value.color is not None else value.id % _COLOURS
    return Cell(kind, value.title, value.id, href, color=color, initials=initials(value.title))


def _many(wish: Wish) -> Formatter:
    def show(value: Any) -> Cell:
        items = tuple((ref.title or str(ref.id), ref.color or 0) for ref in value or ())
        return Cell("tags", str(_(", ")).join(text for text, _color in items), value, items=items)

    return show


def _url(_wish: Wish) -> Formatter:
    def show(value: Any) -> Cell:
        if not value:
            return Cell("url")
        # whatever a person typed leads to the web or nowhere: no other scheme is followed
        address = value if value.startswith(("https://", "http://")) else f"https://{value}"
        return Cell("url", value.partition("://")[2] or value, address)

    return show


def _colour(wish: Wish) -> Formatter:
    say = wish.locale.number
    return lambda value: Cell("color") if value is None else Cell("color", say(value), value)


def _file(wish: Wish) -> Formatter:
    kind, address = wish.kind, f"{wish.root}/files/"

    def show(value: Any) -> Cell:
        if value is None:
            return Cell(kind)
        number = getattr(value, "id", value)
        name = getattr(value, "title", None) or wish.locale.say(wish.field.label)
        return Cell(kind, name, number, f"{address}{number}")

    return show


def _json(_wish: Wish) -> Formatter:
    def show(value: Any) -> Cell:
        text = "" if value is None else json.dumps(value, ensure_ascii=False, default=str)
        return Cell("json", text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…", value)

    return show


MAKERS: Mapping[str, Callable[[Wish], Formatter]] = MappingProxyType(
    {
        **dict.fromkeys(("char", "phone", "email"), plain_text),
        "text": _long,
        "rich_text": _rich,
        **dict.fromkeys(("integer", "decimal"), _number),
        "money": _money,
        "percent": _percent,
        "stars": _stars,
        "boolean": _boolean,
        "date": _date,
        "datetime": _datetime,
        **dict.fromkeys(("selection", "badge"), _selection),
        **dict.fromkeys(("many2one", "person"), _link),
        **dict.fromkeys(("tags", "many2many", "one2many"), _many),
        "url": _url,
        "color": _colour,
        **dict.fromkeys(("file", "image"), _file),
        "json": _json,
    }
)
