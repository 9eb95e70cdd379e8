"""What can be refused, and how it is told to a person: each error carries a text in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .i18n import Text, _


class GirihError(Exception):
    """An error that is told to the person who caused it."""

    def __init__(self, message: Text) -> None:
        self.message = message
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.message)


class Refused(GirihError):
    """Something that cannot be done, and why; `field` (an attribute) when one field is to blame."""

    def __init__(self, message: Text, field: Any = None) -> None:
        self.field = field
        super().__init__(message)


class Invalid(GirihError):
    """Values that do not pass: messages by field name; the empty name is for the record as a whole."""

    def __init__(self, errors: Mapping[str, Sequence[Text]]) -> None:
        self.errors = errors
        first = next((texts[0] for texts in errors.values() if texts), _("Some values are not right."))
        super().__init__(first)


class NotAllowed(GirihError):
    """Something this person has no right to."""


class NotFound(GirihError):
    """A record that is not there, or that this person may not see: the two are told alike."""

    def __init__(self, message: Text = _("This record does not exist, or you may not see it.")) -> None:
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Conflict:
    """One field that two people changed: what it was, what the other one saved, what this one wants."""

    name: str
    before: Any
    theirs: Any
    mine: Any


class Clash(GirihError):
    """A record was saved by somebody else meanwhile; `conflicts` are the fields both changed."""

    def __init__(self, record_id: int, version: int, conflicts: Sequence[Conflict]) -> None:
        self.record_id, self.version, self.conflicts = record_id, version, tuple(conflicts)
        super().__init__(_("Somebody else has changed this record meanwhile. Choose which values to keep."))
