"""Field functions of single values: texts, numbers, dates, choices.

Each is called as `fields.char(_("Title"), required=True)`: with `required=True` the attribute is `Mapped[str]`, without
it `Mapped[str | None]`, so nullability is said once and no annotation is written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date as Date
from datetime import datetime as DateTime
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar, Unpack, cast, overload

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from core.db.types import Exact, Json, Moment
from core.i18n import Text

from .meta import FromContext, Meta, Options, caller, stored

T = TypeVar("T")
S = TypeVar("S", bound=str)

MONEY_LIMIT = Decimal("9999999999999999.99")


class Value(Generic[T]):
    """A field function: one kind of value and the column type it is kept in."""

    def __init__(self, kind: str, type_: Callable[[int | None, int | None], Any], **defaults: Any) -> None:
        self.kind, self.type_, self.defaults = kind, type_, defaults

    @overload
    def __call__(
        self,
        label: Text,
        *,
        required: Literal[True],
        default: T | Callable[[], T] | FromContext | None = ...,
        size: int | None = ...,
        scale: int | None = ...,
        **options: Unpack[Options],
    ) -> Mapped[T]: ...
    @overload
    def __call__(
        self,
        label: Text,
        *,
        required: Literal[False] = ...,
        default: T | Callable[[], T] | FromContext | None = ...,
        size: int | None = ...,
        scale: int | None = ...,
        **options: Unpack[Options],
    ) -> Mapped[T | None]: ...
    def __call__(
        self,
        label: Text,
        *,
        required: bool = False,
        default: Any = None,
        size: int | None = None,
        scale: int | None = None,
        **options: Unpack[Options],
    ) -> Any:
        """Declare a field with this label; see `Options` for the rest."""
        index = options.pop("index", False)
        told: dict[str, Any] = {**self.defaults, **options}
        if size is not None:
            told["size"] = size
        if scale is not None:
            told["scale"] = scale
        meta = Meta(self.kind, label, caller(2), required=required, default=default, **told)
        return stored(meta, self.type_(meta.size, meta.scale), index=index)


def _string(size: int | None, _scale: int | None) -> Any:
    return sa.String(size)


def _exact(size: int | None, scale: int | None) -> Any:
    return Exact(size or 20, 2 if scale is None else scale)


char: Value[str] = Value("char", _string, size=255)
text: Value[str] = Value("text", lambda *_: sa.Text())
rich_text: Value[str] = Value("rich_text", lambda *_: sa.Text())
phone: Value[str] = Value("phone", _string, size=40)
email: Value[str] = Value("email", _string, size=254)
url: Value[str] = Value("url", _string, size=2000)
integer: Value[int] = Value("integer", lambda *_: sa.Integer(), minimum=-(2**31), maximum=2**31 - 1)
decimal: Value[Decimal] = Value("decimal", _exact, size=18, scale=4)
money: Value[Decimal] = Value("money", _exact, size=20, scale=2, minimum=-MONEY_LIMIT, maximum=MONEY_LIMIT)
color: Value[int] = Value("color", lambda *_: sa.SmallInteger(), minimum=0, maximum=11)
date: Value[Date] = Value("date", lambda *_: sa.Date())
datetime: Value[DateTime] = Value("datetime", lambda *_: Moment())
json: Value[Any] = Value("json", lambda *_: Json)


def boolean(label: Text, *, default: bool = False, **options: Unpack[Options]) -> Mapped[bool]:
    """Declare yes or no; it is never empty."""
    index = options.pop("index", False)
    meta = Meta("boolean", label, caller(2), required=True, default=default, **cast("dict[str, Any]", options))
    return cast("Mapped[bool]", stored(meta, sa.Boolean(), index=index))


@overload
def selection(
    label: Text,
    choices: Mapping[S, Text],
    *,
    required: Literal[True],
    default: S | None = ...,
    **options: Unpack[Options],
) -> Mapped[S]: ...
@overload
def selection(
    label: Text,
    choices: Mapping[S, Text],
    *,
    required: Literal[False] = ...,
    default: S | None = ...,
    **options: Unpack[Options],
) -> Mapped[S | None]: ...
def selection(
    label: Text, choices: Mapping[S, Text], *, required: bool = False, default: Any = None, **options: Unpack[Options]
) -> Any:
    """Declare one of a few fixed choices: `{"code": _("Shown to people")}`, codes of at most 40 letters."""
    index = options.pop("index", False)
    told = cast("dict[str, Any]", options)
    texts = cast("Mapping[str, Text]", choices)
    meta = Meta("selection", label, caller(2), required=required, default=default, choices=texts, **told)
    return stored(meta, sa.String(40), index=index)
