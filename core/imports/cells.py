"""Cells to values: what a text, a number or a date of a table means in a field of this kind."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from core.errors import GirihError
from core.i18n import LANGUAGES, Locale, Text, Unreadable, _, fold, latin_digits, use_language, without_direction_marks
from core.operations.values import check_value
from core.registry import FieldInfo
from core.views.rich import clean

from .forms import NOON, ORDERS, DateForm, NumberForm, guess_dates, guess_numbers
from .maps import FieldMap

Read = Callable[[Any], Any]
YES = frozenset({"1", "true", "yes", "y", "x", "✓", "t", "بله", "بلی", "آری", "درست"})
NO = frozenset({"0", "false", "no", "n", "-", "✗", "f", "خیر", "نه", "نادرست"})
CANNOT = frozenset({"one2many", "file", "image", "json"})


class Unfit(GirihError):
    """A cell that means nothing in its field."""


def as_text(cell: Any) -> str:
    """Return a cell as text; whole numbers of a workbook lose the point they come with."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, (datetime, date)):
        return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()
    return str(cell)


class CellReader:
    """Reads the cells of one column into one field; what it has read once it knows the next time."""

    def __init__(self, field: FieldInfo, said: FieldMap, locale: Locale, cells: Iterable[Any]) -> None:
        self.field, self.said, self.locale = field, said, locale
        self.notes: list[Text] = []
        self._known: dict[Any, Any] = {}
        make = _MAKERS.get(field.kind, _text)
        self._read = make(self, [cell for cell in dict.fromkeys(cells) if isinstance(cell, str) and cell])

    def read(self, cell: Any) -> Any:
        """Return the value of a cell; Unfit when it has none in this field."""
        key = (type(cell), cell)
        if key in self._known:
            value = self._known[key]
            if isinstance(value, Unfit):
                raise value
            return value
        try:
            value = self._known[key] = self._value(cell)
        except (Unfit, Unreadable) as fault:
            unfit = self._known[key] = fault if isinstance(fault, Unfit) else Unfit(fault.message)
            raise unfit from None
        return value

    def _value(self, cell: Any) -> Any:
        if isinstance(cell, str):
            if "\x00" in cell:
                raise Unfit(_("The cell holds an invisible character (NUL) that no text may have. Write it anew."))
            if self.said.values:
                cell = self.said.values.get(cell, cell)
        value = self._read(cell)
        if (problem := check_value(self.field, value)) is not None:
            raise Unfit(problem)
        return value


def _text(_reader: CellReader, _texts: list[str]) -> Read:
    return as_text


def _address_text(_reader: CellReader, _texts: list[str]) -> Read:
    return lambda cell: latin_digits(without_direction_marks(as_text(cell)))


def _email(_reader: CellReader, _texts: list[str]) -> Read:
    def read(cell: Any) -> str:
        typed = without_direction_marks(as_text(cell))
        try:
            return validate_email(typed, check_deliverability=False, test_environment=True).normalized
        except EmailNotValidError:
            raise Unfit(_("“%(text)s” is not an e-mail address.", text=typed)) from None

    return read


def _url(_reader: CellReader, _texts: list[str]) -> Read:
    def read(cell: Any) -> str:
        typed = without_direction_marks(as_text(cell))
        whole = typed if "://" in typed else f"https://{typed}"
        parts = urlsplit(whole)
        if parts.scheme not in ("http", "https") or not parts.netloc or " " in typed:
            raise Unfit(_("“%(text)s” is not the address of a web site.", text=typed))
        return whole

    return read


def _rich(_reader: CellReader, _texts: list[str]) -> Read:
    def read(cell: Any) -> str:
        typed = as_text(cell)
        if "<" in typed and ">" in typed:
            return clean(typed)
        return "".join(f"<p>{html.escape(part, quote=False)}</p>" for part in typed.splitlines() if part.strip())

    return read


def _number(reader: CellReader, texts: list[str]) -> Read:
    said, field = reader.said, reader.field
    form = NumberForm(said.decimal) if said.decimal else guess_numbers(texts)
    if said.decimal is None and (form.decimal != "." or not form.sure):
        reader.notes.append(_("Numbers are taken to have “%(mark)s” before their decimals.", mark=form.decimal))
    factor = Decimal(str(said.times))
    whole = field.kind in ("integer", "color")

    def read(cell: Any) -> Any:
        if isinstance(cell, (bool, date, datetime)):
            raise Unfit(_("“%(text)s” is not a number.", text=as_text(cell)))
        number = form.read(cell) if isinstance(cell, str) else Decimal(repr(cell))
        number *= factor
        if not whole:
            return number
        if number != number.to_integral_value():
            raise Unfit(_("“%(text)s” is not a whole number.", text=as_text(cell)))
        return int(number)

    return read


def _boolean(_reader: CellReader, _texts: list[str]) -> Read:
    def read(cell: Any) -> bool:
        if isinstance(cell, bool):
            return cell
        typed = latin_digits(as_text(cell)).casefold()
        if typed in YES or typed in NO:
            return typed in YES
        raise Unfit(_("“%(text)s” means neither yes nor no.", text=as_text(cell)))

    return read


def _dates(reader: CellReader, texts: list[str]) -> DateForm:
    said = reader.said
    form = guess_dates(texts, reader.locale)
    if said.dates is None and texts:
        words = {"order": ORDERS[form.order]}
        if not form.sure:
            reader.notes.append(_("Dates could be read in two ways; they are taken as %(order)s.", **words))
        elif form.calendar == "jalali":
            reader.notes.append(_("Dates are %(order)s, of the Jalali calendar.", **words))
        else:
            reader.notes.append(_("Dates are %(order)s.", **words))
    return DateForm(said.dates or form.order, said.calendar or form.calendar)


def _date(reader: CellReader, texts: list[str]) -> Read:
    form, locale = _dates(reader, texts), reader.locale

    def read(cell: Any) -> date:
        if isinstance(cell, datetime):
            return cell.date()
        return cell if isinstance(cell, date) else form.read(as_text(cell), locale)

    return read


def _datetime(reader: CellReader, texts: list[str]) -> Read:
    form, locale = _dates(reader, texts), reader.locale

    def read(cell: Any) -> datetime:
        if isinstance(cell, datetime):
            return (cell if cell.tzinfo else cell.replace(tzinfo=locale.zone)).astimezone(UTC)
        if isinstance(cell, date):
            return datetime.combine(cell, NOON, locale.zone).astimezone(UTC)
        return form.moment(as_text(cell), locale)

    return read


def _selection(reader: CellReader, _texts: list[str]) -> Read:
    choices = reader.field.meta.choices or {}
    known: dict[str, str] = {}
    for language in LANGUAGES:
        with use_language(language):
            for code, label in choices.items():
                known.setdefault(fold(str(label)), code)
    known |= {fold(code): code for code in choices}

    def read(cell: Any) -> str:
        found = known.get(fold(as_text(cell)))
        if found is None:
            words = {"text": as_text(cell), "choices": str(_(", ")).join(str(label) for label in choices.values())}
            raise Unfit(_("“%(text)s” is not one of the choices: %(choices)s.", **words))
        return found

    return read


_MAKERS: dict[str, Callable[[CellReader, list[str]], Read]] = {
    "phone": _address_text,
    "email": _email,
    "url": _url,
    "rich_text": _rich,
    **dict.fromkeys(("integer", "color", "decimal", "money"), _number),
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "selection": _selection,
}
