"""The inputs of record forms: WTForms fields that read what people type the way they write, one for each kind."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from wtforms import Field
from wtforms.meta import DefaultMeta
from wtforms.validators import StopValidation

from core.context import Context
from core.i18n import Locale, Text, _, latin_digits
from core.operations.values import check_value
from core.registry import FieldInfo
from core.views.rich import clean


class InputMeta(DefaultMeta):
    """What every input knows of its form: who fills it in."""

    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx


class Input(Field):
    """One field of a record: shows a value as text to be typed over, and reads it back."""

    meta: InputMeta
    raw_data: list[Any] | None

    def __init__(self, info: FieldInfo, **kw: Any) -> None:
        super().__init__(str(info.label), **kw)
        self.info = info

    @property
    def locale(self) -> Locale:
        """How the reader writes."""
        return self.meta.ctx.locale

    @property
    def was_sent(self) -> bool:
        """Whether the browser sent anything for it."""
        return bool(self.raw_data)

    @property
    def typed(self) -> Any:
        """What stands in the input: what was typed, even if it cannot be read, else the value."""
        return self.raw_data[0] if self.raw_data else self.shown(self.object_data)

    @property
    def is_changed(self) -> bool:
        """Whether something else stands there than the page showed."""
        return self.was_sent and not self.says(self.object_data)

    def says(self, value: Any) -> bool:
        """Say whether a value would stand in the input just as it does now."""
        return bool(self.typed == self.shown(value))

    @property
    def value(self) -> Any:
        """The value as it is written."""
        return self.data

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return self.data in (None, "", (), False)

    def shown(self, value: Any) -> Any:
        """Return a value as it stands in the input."""
        return "" if value is None else str(value)

    def read(self, text: str) -> Any:
        """Return what a text means; ValueError with a sentence when it means nothing."""
        return text

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take what was sent; an unchanged value is not read again, so it need not pass today's checks."""
        if not valuelist or not self.is_changed:
            self.data = self.object_data
            return
        text = str(valuelist[0]).replace("\r\n", "\n").strip()
        self.data = self.read(text) if text else None

    def pre_validate(self, form: Any) -> None:
        """Check by the declaration, in the words the writer uses too."""
        if self.process_errors:
            raise StopValidation()
        if self.is_changed or self.data in (None, ""):
            problem = check_value(self.info, self.value)
            if problem is not None:
                raise StopValidation(problem)  # type: ignore[arg-type]


class TextInput(Input):
    """Texts of one line or several."""

    def says(self, value: Any) -> bool:
        """Line ends are those of the browser, not of the person."""
        return str(self.typed).replace("\r\n", "\n") == str(self.shown(value)).replace("\r\n", "\n")


class RichInput(TextInput):
    """A formatted text."""

    def read(self, text: str) -> str | None:
        """Return it with nothing harmful in it; an editor's empty text is none."""
        cleaned = clean(text)
        return cleaned if cleaned not in ("<div></div>", "<div><br></div>", "<p></p>", "<br>") else None


class NumberInput(Input):
    """Whole numbers, decimals, amounts, in any digits."""

    def shown(self, value: Any) -> str:
        """Return it as the reader writes numbers."""
        return "" if value is None else self.locale.number(value)

    def read(self, text: str) -> Any:
        """Return the number."""
        number = self.locale.parse_number(text.rstrip("%٪").strip())
        meta = self.info.meta
        if self.info.kind not in ("decimal", "money"):
            if number != number.to_integral_value():
                raise ValueError(_("“%(text)s” is not a whole number.", text=text))
            return int(number)
        if meta.size is not None and number.adjusted() >= meta.size - (meta.scale or 0):
            raise ValueError(_("“%(text)s” is too large.", text=text))
        return number


class StarsInput(NumberInput):
    """A number chosen by stars: plain digits, as the radio buttons send them."""

    def shown(self, value: Any) -> str:
        """Return plain digits."""
        return "" if value is None else str(value)


class DateInput(Input):
    """A day in the reader's calendar."""

    def shown(self, value: Any) -> str:
        """Return it as it can be typed."""
        return "" if value is None else self.locale.date(value, "numeric")

    def read(self, text: str) -> Any:
        """Return the day."""
        return self.locale.parse_date(text)


class MomentInput(Input):
    """A day with its time, on the reader's clock."""

    def shown(self, value: Any) -> str:
        """Return it as it can be typed."""
        return "" if value is None else self.locale.datetime(value, "numeric")

    def read(self, text: str) -> Any:
        """Return the moment."""
        return self.locale.parse_datetime(text)


class YesNoInput(Input):
    """Yes or no; browsers send nothing for no."""

    @property
    def typed(self) -> bool:
        """Whether it is ticked."""
        return bool(self.object_data) if self.raw_data is None else _is_yes(self.raw_data)

    @property
    def is_changed(self) -> bool:
        """Whether it is ticked now and was not, or the other way round."""
        return self.raw_data is not None and not self.says(self.object_data)

    def says(self, value: Any) -> bool:
        """Nothing is no."""
        return self.typed == bool(value)

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take the tick."""
        self.data = self.typed


class ChoiceInput(Input):
    """One of the fixed choices."""


class EmailInput(Input):
    """An e-mail address."""

    def read(self, text: str) -> str:
        """Return the address in its usual spelling."""
        try:
            return validate_email(text, check_deliverability=False).normalized
        except EmailNotValidError:
            raise ValueError(
                _("“%(text)s” is not an e-mail address. Write it like name@example.com.", text=text)
            ) from None


class PhoneInput(Input):
    """A phone number; one without country code is of the company's country."""

    def read(self, text: str) -> str:
        """Return the number as it is dialled from everywhere, in groups."""
        country = self.meta.ctx.company.country
        plain = latin_digits(text)
        try:
            number = phonenumbers.parse(plain, country)
        except phonenumbers.NumberParseException:
            if country is None and sum(letter.isdigit() for letter in plain) >= 3 and not _has_letters(plain):
                return plain  # nobody knows the country: it is kept as it was written
            raise ValueError(self._wrong(text)) from None
        if not phonenumbers.is_possible_number(number):
            if country is not None and not plain.startswith(("+", "00")) and not _has_letters(plain):
                return plain  # short numbers of one's own house or operator
            raise ValueError(self._wrong(text))
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)

    def _wrong(self, text: str) -> Text:
        return _("“%(text)s” is not a phone number. Write it with the country code, like +98 21 5550 0142.", text=text)


class AddressInput(Input):
    """An address of the web."""

    def read(self, text: str) -> str:
        """Return the address with its scheme; only pages of the web are linked to."""
        address = text if "://" in text else f"https://{text}"
        try:
            parts = urlsplit(address)
            fits = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and " " not in address
        except ValueError:
            fits = False
        if not fits:
            raise ValueError(
                _("“%(text)s” is not an address of the web. Write it like https://www.example.com.", text=text)
            )
        return address


class JsonInput(Input):
    """Structured data as JSON."""

    def shown(self, value: Any) -> str:
        """Return it written out."""
        return "" if value is None else json.dumps(value, ensure_ascii=False, indent=2)

    def read(self, text: str) -> Any:
        """Return the data."""
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            raise ValueError(_("This is not valid JSON.")) from None


def _is_yes(values: Sequence[Any]) -> bool:
    return any(str(value) not in ("", "0", "false") for value in values)


def _has_letters(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


INPUTS: dict[str, type[Input]] = {
    **dict.fromkeys(("char", "text", "password"), TextInput),
    "rich_text": RichInput,
    **dict.fromkeys(("integer", "decimal", "money"), NumberInput),
    "color": StarsInput,
    "date": DateInput,
    "datetime": MomentInput,
    "boolean": YesNoInput,
    "selection": ChoiceInput,
    "email": EmailInput,
    "phone": PhoneInput,
    "url": AddressInput,
    "json": JsonInput,
}
