"""Map files: which column goes into which field, written in TOML and checked before anything is read.

A map names one or more `[[file]]`, taken in this order. In `[file.fields]` each line is a field and where its value
comes from: `name = "account"` takes a column, `state = { column = "deal_stage", values = { Won = "won" } }` says more.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any, Literal

import msgspec

from core.i18n import _

from .outcome import ImportFault

Order = Literal["ymd", "dmy", "mdy"]


class FieldMap(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Where the value of a field comes from: a column, a text made of columns, or one value for all lines."""

    column: str | None = None
    text: str | None = None
    value: str | int | float | bool | list[str] | None = None
    values: dict[str, str] = {}
    strip: str = ""
    dates: Order | None = None
    calendar: Literal["gregorian", "jalali"] | None = None
    decimal: Literal[".", ","] | None = None
    times: int | float = 1
    by: str | None = None
    space: str | None = None
    create: bool = False
    extra: dict[str, Any] = msgspec.field(name="with", default_factory=dict)
    separator: str = ","
    collect: bool = False
    clear: bool = False
    once: bool = False


class Skip(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Lines that are left out: those where a column is empty, or holds one of these values."""

    column: str
    empty: bool = False
    values: list[str] = []


class FileMap(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """One file and the records it becomes. `key` are the columns by which a line is known again."""

    model: str
    fields: dict[str, str | FieldMap]
    file: str = ""
    key: str | list[str] = []
    key_field: str | None = None
    merge: bool = False
    correct: dict[str, dict[str, str]] = {}
    skip: list[Skip] = []
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None

    @property
    def keys(self) -> list[str]:
        """The key columns."""
        return [self.key] if isinstance(self.key, str) else self.key

    def field(self, name: str) -> FieldMap:
        """Return where a field's value comes from."""
        said = self.fields[name]
        return FieldMap(column=said) if isinstance(said, str) else said


class Map(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """A map file. Keys of records are remembered under `name`, so that another run finds them again."""

    name: str
    file: list[FileMap]
    about: str = ""

    @property
    def space(self) -> str:
        """The space of the external keys this map gives."""
        return f"import:{self.name}"

    def of_model(self, model: str) -> Map:
        """Return the map with only what is said of one model; ImportFault when that is nothing."""
        files = [one for one in self.file if one.model == model]
        if not files:
            known = ", ".join(dict.fromkeys(one.model for one in self.file))
            words = {"map": self.name, "model": model, "models": known}
            raise ImportFault(_("The map “%(map)s” says nothing of %(model)s, only of: %(models)s.", **words))
        return msgspec.structs.replace(self, file=files)


def read_map(path: Path) -> Map:
    """Read a map file; ImportFault says what is wrong in it and where."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else str(fault)
        raise ImportFault(_("%(file)s cannot be opened: %(reason)s.", file=str(path), reason=reason or "")) from None
    return parse_map(text, path.name)


def parse_map(text: str, name: str) -> Map:
    """Return the map a text describes."""
    try:
        found = msgspec.convert(tomllib.loads(text), Map)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise ImportFault(_("The map %(file)s cannot be used: %(reason)s.", file=name, reason=str(fault))) from None
    for part in found.file:
        for field in part.fields:
            _check(part.field(field), field, name)
    return found


def _check(said: FieldMap, field: str, name: str) -> None:
    given = [one for one in (said.column, said.text, said.value) if one is not None]
    if len(given) != 1:
        text = _(
            "The map %(file)s cannot be used: give “%(field)s” either a column, a text or a value.",
            file=name,
            field=field,
        )
        raise ImportFault(text)
