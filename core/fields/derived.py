"""Field functions of values that the database computes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, column_property

from core.i18n import Text

from .meta import Meta, caller

T = TypeVar("T")


def computed(
    label: Text,
    expression: ColumnElement[T] | Callable[[], ColumnElement[T]],
    *,
    kind: str = "computed",
    help: Text | None = None,
    choices: Any = None,
    currency: str | None = None,
) -> Mapped[T]:
    """Declare a value the database computes from the columns above it.

    An expression that needs classes further down the file is given as a function without arguments. `kind` says how
    the value is shown (boolean, integer, money, date, ...); without it the type of the expression decides.
    """
    meta = Meta(kind, label, caller(2), readonly=True, copy=False, help=help, choices=choices, currency=currency)
    if isinstance(expression, sa.ClauseElement):
        return cast("Mapped[T]", column_property(cast("Any", expression), deferred=True, info={"girih": meta}))
    return cast("Mapped[T]", _late(meta, expression))


def _late(meta: Meta, expression: Any) -> Any:
    def on_instance(_self: Any) -> Any:
        raise AttributeError("a computed value is read through the reader, not from an object")

    made: Any = LateExpression(on_instance, expr=lambda _cls: expression())
    made.girih = meta
    return made


class LateExpression(hybrid_property[Any]):
    """A computed value written as a function; it learns its own name, so that its attribute can be told from others."""

    def __set_name__(self, _owner: type, name: str) -> None:
        self.__name__ = name


def related(label: Text, link: Any, value: Mapped[T], *, help: Text | None = None) -> Mapped[T | None]:
    """Declare a value of the linked record as a read-only field: `related(_("City"), contact_id, Contact.city)`."""
    attribute = cast("Any", value)
    target = attribute.class_
    origin: Meta | None = getattr(attribute, "info", {}).get("girih")
    meta = Meta(
        origin.kind if origin else "computed",
        label,
        caller(2),
        readonly=True,
        copy=False,
        help=help,
        choices=origin.choices if origin else None,
        target=origin.target if origin else None,
    )
    query = sa.select(attribute).where(target.id == link.column).correlate_except(target).scalar_subquery()
    return cast("Mapped[T | None]", column_property(query, deferred=True, info={"girih": meta}))
