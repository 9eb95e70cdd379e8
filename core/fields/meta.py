"""What the kernel remembers of a field beside its column."""

from __future__ import annotations

import enum
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypedDict

from sqlalchemy.orm import mapped_column

from core.i18n import Text

Source = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Meta:
    """A field as it was declared: the column's `info["girih"]`.

    `target` is the model a link points to, as a class or a model name; `by` the link that a one2many reads backwards.
    A `translated` value that came with an addon is shown in the reader's language through the catalogues, until
    somebody writes another one over it.
    """

    kind: str
    label: Text
    source: Source
    required: bool = False
    unique: bool = False
    tracked: bool = False
    search: bool = False
    readonly: bool = False
    translated: bool = False
    copy: bool = True
    help: Text | None = None
    widget: str | None = None
    choices: Mapping[str, Text] | None = None
    minimum: Decimal | int | None = None
    maximum: Decimal | int | None = None
    size: int | None = None
    scale: int | None = None
    target: Any = None
    by: str | None = None
    currency: str | None = None
    default: Any = None


class Options(TypedDict, total=False):
    """What every stored field may be told."""

    unique: bool
    index: bool
    tracked: bool
    search: bool
    readonly: bool
    translated: bool
    copy: bool
    help: Text | None
    widget: str | None
    minimum: Decimal | int | None
    maximum: Decimal | int | None
    currency: str | None


class FromContext(enum.Enum):
    """A default that depends on who creates the record and when: `default=fields.ME`."""

    ME = "the user"
    COMPANY = "the user's company"
    TODAY = "today where the user is"
    NOW = "this moment"


def caller(depth: int) -> Source:
    """Return file and line of the declaration `depth` frames above."""
    frame = sys._getframe(depth)
    return frame.f_code.co_filename, frame.f_lineno


def stored(meta: Meta, type_: Any, *args: Any, index: bool = False) -> Any:
    """Return the mapped column of a field. A unique field has a unique index: SQLite cannot add a constraint later."""
    known = meta.default is not None and not isinstance(meta.default, FromContext)
    default: dict[str, Any] = {"default": meta.default} if known else {}
    return mapped_column(
        type_,
        *args,
        nullable=not meta.required,
        unique=True if meta.unique else None,
        index=True if (index or meta.unique) else None,
        info={"girih": meta},
        **default,
    )
