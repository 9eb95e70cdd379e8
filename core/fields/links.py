"""Field functions that point at other records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar, Unpack, cast, overload

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, relationship

from core.db.types import BigId
from core.i18n import Text

from .meta import Meta, Options, caller, stored

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

if TYPE_CHECKING:

    class Link(Mapped[int], Generic[T_co]):
        """The stored id of one T."""

    class LinkOrNone(Mapped[int | None], Generic[T_co]):
        """The stored id of one T, or nothing."""


class Many:
    """A many2many as written in a class body; the model turns it into a link table and a relationship."""

    def __init__(self, target: Any, meta: Meta, table: str | None) -> None:
        self.target, self.meta, self.table = target, meta, table


def _table_name(target: Any) -> str:
    return target.replace(".", "_") if isinstance(target, str) else target.__tablename__


def _link(kind: str, target: Any, label: Text, required: bool, ondelete: str, default: Any, options: Any) -> Any:
    index = options.pop("index", True)
    meta = Meta(kind, label, caller(3), required=required, target=target, default=default, **options)
    key = sa.ForeignKey(f"{_table_name(target)}.id", ondelete=ondelete)
    return stored(meta, BigId, key, index=index)


@overload
def many2one(
    target: type[T],
    label: Text,
    *,
    required: Literal[True],
    ondelete: str = ...,
    default: Any = ...,
    **options: Unpack[Options],
) -> Link[T]: ...
@overload
def many2one(
    target: type[T],
    label: Text,
    *,
    required: Literal[False] = ...,
    ondelete: str = ...,
    default: Any = ...,
    **options: Unpack[Options],
) -> LinkOrNone[T]: ...
def many2one(
    target: Any,
    label: Text,
    *,
    required: bool = False,
    ondelete: str = "RESTRICT",
    default: Any = None,
    **options: Unpack[Options],
) -> Any:
    """Declare the id of one `target`; its attribute is named `something_id` and the field `something`.

    `ondelete` says what the database does when the target goes: RESTRICT (default), SET NULL or CASCADE.
    """
    return _link("many2one", target, label, required, ondelete, default, options)


@overload
def record(link: Link[T]) -> Mapped[T]: ...
@overload
def record(link: LinkOrNone[T]) -> Mapped[T | None]: ...
def record(link: Any) -> Any:
    """Name the record a many2one points to: `book = fields.record(book_id)`."""
    meta: Meta = link.column.info["girih"]
    return relationship(meta.target, foreign_keys=[link], info={"girih_record_of": link})


class Parent:
    """A link to the same model as written in a class body; the model turns it into a column."""

    def __init__(self, meta: Meta, ondelete: str) -> None:
        self.meta, self.ondelete = meta, ondelete


def parent(label: Text, *, ondelete: str = "RESTRICT", **options: Unpack[Options]) -> Mapped[int | None]:
    """Declare the id of another record of the same model, such as the head office of a branch."""
    meta = Meta("many2one", label, caller(2), **cast("dict[str, Any]", options))
    return cast("Mapped[int | None]", Parent(meta, ondelete))


def one2many(by: str, label: Text, *, help: Text | None = None) -> Mapped[list[Any]]:
    """Declare the records whose link `by` points here; the class comes from the annotation."""
    meta = Meta("one2many", label, caller(2), by=by, help=help)

    def link() -> list[Any]:
        relation._setup_entity()  # the target may have several links that point here: only `by` is meant
        return [getattr(relation.entity.class_, by)]

    relation: Any = relationship(viewonly=True, foreign_keys=link, info={"girih": meta})
    return cast("Mapped[list[Any]]", relation)


def many2many(
    target: type[T], label: Text, *, table: str | None = None, tracked: bool = False, help: Text | None = None
) -> Mapped[list[T]]:
    """Declare any number of `target`, kept in a link table."""
    meta = Meta("many2many", label, caller(2), target=target, tracked=tracked, help=help)
    return cast("Mapped[list[T]]", Many(target, meta, table))


def tags(target: type[T], label: Text, *, help: Text | None = None) -> Mapped[list[T]]:
    """Declare coloured tags: a many2many whose target has `name` and `color`."""
    meta = Meta("tags", label, caller(2), target=target, help=help, tracked=True)
    return cast("Mapped[list[T]]", Many(target, meta, None))


def file(label: Text, **options: Unpack[Options]) -> Mapped[int | None]:
    """Declare one file; the column keeps the id of a `core.file`."""
    return cast("Mapped[int | None]", _link("file", "core.file", label, False, "SET NULL", None, options))


def image(label: Text, **options: Unpack[Options]) -> Mapped[int | None]:
    """Declare one picture; the column keeps the id of a `core.file`."""
    return cast("Mapped[int | None]", _link("image", "core.file", label, False, "SET NULL", None, options))
