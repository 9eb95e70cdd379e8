"""Forms of pages: WTForms whose labels and errors are texts, and their fields as the macros of the pages want them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import Field, Form, StringField, ValidationError
from wtforms.validators import StopValidation

from core.i18n import Text, _


def label(text: Text) -> Any:
    """Return a text as WTForms' types want a label: it is kept as it is and translated when it is shown."""
    return text


class Required:
    """Refuse an empty answer with a sentence of its own."""

    field_flags = {"required": True}

    def __init__(self, message: Text = _("Please fill this in.")) -> None:
        self.message = message

    def __call__(self, form: Form, field: Field) -> None:
        """Stop at once: nothing else can be said of nothing."""
        if not field.data or (isinstance(field.data, str) and not field.data.strip()):
            raise StopValidation(str(self.message))


class Longest:
    """Refuse more letters than the database keeps."""

    def __init__(self, letters: int) -> None:
        self.letters = letters

    def __call__(self, form: Form, field: Field) -> None:
        """Say how many there may be."""
        if field.data and len(field.data) > self.letters:
            raise ValidationError(str(_("Please write at most %(n)s letters.", n=self.letters)))


class OneOf:
    """Refuse a choice that was not offered."""

    def __call__(self, form: Form, field: Field) -> None:
        """Say so."""
        offered: Any = field
        if field.data not in {value for value, _label in offered.choices}:
            raise StopValidation(str(_("Please choose one of the list.")))


class Choice(StringField):
    """One of few values; `choices` are pairs of value and label, which may also be filled in for each request."""

    def __init__(self, label: Any = None, choices: Sequence[tuple[str, Any]] = (), **more: Any) -> None:
        super().__init__(label, [OneOf()], **more)
        self.choices = list(choices)


class BaseForm(Form):
    """A form whose choices are checked by our own validator, so that its error is in the reader's language."""

    class Meta:
        """Settings of WTForms."""

        locales = ("en",)

    def fields(self, **more: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Return every field for the macros; `more` by name adds to one."""
        return {field.name: as_field(field, **more.get(field.name, {})) for field in self}


def as_field(field: Any, **more: Any) -> dict[str, Any]:
    """Return a WTForms field as the macros of the pages take one."""
    found = {
        "name": field.name,
        "id": f"f-{field.name}",
        "label": field.label.text,
        "help": field.description or None,
        "value": field.data if field.raw_data is None or field.type == "BooleanField" else _raw(field.raw_data),
        "required": field.flags.required,
        "errors": list(field.errors),
        "kind": KINDS.get(field.type, "char"),
    }
    if getattr(field, "choices", None):
        found["choices"] = field.choices
    return found | more


def _raw(values: Sequence[Any]) -> Any:
    """Return what was typed, so that a refused form comes back as it was."""
    return values[0] if values else None


KINDS = {
    "BooleanField": "boolean",
    "EmailField": "email",
    "PasswordField": "password",
    "Choice": "selection",
    "IntegerField": "integer",
    "TextAreaField": "text",
}
