"""Models: plain SQLAlchemy classes that know their name, their addon and where they were declared.

`Model` is a kind of record people work with; `Extension` adds fields to another addon's records in a table of its own;
`Attached` rows (messages, files, activities) hang on one record of any model; `Plain` is a bare kernel table.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from . import fields
from .db.naming import addon_of, mapper_registry, metadata
from .db.types import BigId, Json, Moment
from .fields.links import Many, Parent
from .fields.meta import Meta, Source, stored
from .i18n import Text, _

KERNEL_SOURCE: Source = (__file__, 0)


@dataclass(frozen=True, slots=True)
class Check:
    """A condition the database holds, and the sentence a person reads when it is broken."""

    sql: str
    message: Text
    name: str


class Plain(DeclarativeBase):
    """A table of the kernel or of an addon with nothing but an id; the root of all models."""

    __abstract__ = True
    metadata = metadata

    __model__: ClassVar[str]
    __addon__: ClassVar[str]
    __label__: ClassVar[Text]
    __plural__: ClassVar[Text]
    __source__: ClassVar[Source]
    __of__: ClassVar[type[Any] | None] = None
    __checks__: ClassVar[Sequence[Check]] = ()

    id: Mapped[int] = mapped_column(BigId, primary_key=True, sort_order=-100)

    def __init_subclass__(
        cls, *, name: str | None = None, label: Text | None = None, plural: Text | None = None, **kw: Any
    ) -> None:
        if cls.__dict__.get("__abstract__"):
            super().__init_subclass__(**kw)
            return
        if name is None:
            raise TypeError(f"{cls.__qualname__} needs a name: class {cls.__qualname__}(Model, name='addon.model')")
        words = re.sub(r"(?<!^)(?=[A-Z])", " ", cls.__name__)
        cls.__label__ = label or Text(words)
        cls.__plural__ = plural or Text(words + "s")
        _prepare(cls, name)
        super().__init_subclass__(**kw)


class Model(Plain):
    """A kind of record people work with: who made and changed it, a version for the optimistic lock, custom fields."""

    __abstract__ = True

    created_at: Mapped[datetime] = mapped_column(
        Moment(),
        sort_order=900,
        server_default=sa.func.now(),
        info={"girih": Meta("datetime", _("Created on"), KERNEL_SOURCE, readonly=True, copy=False)},
    )
    created_by_id: Mapped[int | None] = mapped_column(
        BigId,
        sort_order=901,
        info={"girih": Meta("many2one", _("Created by"), KERNEL_SOURCE, readonly=True, copy=False, target="core.user")},
    )
    updated_at: Mapped[datetime] = mapped_column(
        Moment(),
        sort_order=902,
        server_default=sa.func.now(),
        info={"girih": Meta("datetime", _("Changed on"), KERNEL_SOURCE, readonly=True, copy=False)},
    )
    updated_by_id: Mapped[int | None] = mapped_column(
        BigId,
        sort_order=903,
        info={"girih": Meta("many2one", _("Changed by"), KERNEL_SOURCE, readonly=True, copy=False, target="core.user")},
    )
    version: Mapped[int] = mapped_column(sa.Integer, default=1, server_default="1", sort_order=904)
    custom: Mapped[dict[str, Any] | None] = mapped_column(Json, sort_order=905)


class Extension(Plain):
    """Fields an addon gives to another addon's records: a table of its own, keyed by the record's id."""

    __abstract__ = True

    def __init_subclass__(cls, *, of: type[Any] | None = None, name: str | None = None, **kw: Any) -> None:
        if of is None:
            raise TypeError(f"{cls.__qualname__} must say what it extends: (Extension, of=Lead)")
        cls.__of__ = of
        key = sa.ForeignKey(f"{of.__tablename__}.id", ondelete="CASCADE")
        cls.id = mapped_column(BigId, key, primary_key=True, autoincrement=False, sort_order=-100)
        words = re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()
        super().__init_subclass__(name=name or f"{addon_of(cls.__module__)}.{words}", **kw)


class Attached(Plain):
    """Rows that hang on one record of any model, said by model name and record id; they follow its rights."""

    __abstract__ = True

    model: Mapped[str] = mapped_column(sa.String(80))
    record_id: Mapped[int] = mapped_column(BigId)


class HasArchive:
    """Records that can be archived: hidden from lists, kept and restorable."""

    active = fields.boolean(_("Active"), default=True, copy=False)


class HasChatter:
    """Records with messages, followers and a change history on their page."""


class HasActivities:
    """Records on which activities are planned."""


def _prepare(cls: Any, name: str) -> None:
    cls.__model__ = name
    cls.__addon__ = addon_of(cls.__module__)
    cls.__tablename__ = name.replace(".", "_")
    cls._sa_registry = mapper_registry(cls.__addon__)
    cls.__source__ = _declared_at()
    for key, value in list(cls.__dict__.items()):
        if isinstance(value, Many):
            setattr(cls, key, _many(cls, key, value))
        elif isinstance(value, Parent):
            setattr(cls, key, _parent(cls, value))
    checks = [sa.CheckConstraint(check.sql, name=check.name) for check in cls.__dict__.get("__checks__", ())]
    extra = cls.__dict__.get("__table_args__", ())
    # SQLite would give the number of a deleted record to the next one, and with it its history and what it had made
    kept = {"sqlite_autoincrement": cls.__of__ is None}
    cls.__table_args__ = (*checks, *extra, {"info": {"addon": cls.__addon__, "model": name}, **kept})


def _declared_at() -> Source:
    frame = sys._getframe(2)
    while frame.f_code.co_name == "__init_subclass__" and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def _many(cls: Any, key: str, many: Many) -> Any:
    here, there = cls.__tablename__, many.target.__tablename__
    table = sa.Table(
        many.table or f"{here}_{key}",
        metadata,
        sa.Column("record_id", BigId, sa.ForeignKey(f"{here}.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("other_id", BigId, sa.ForeignKey(f"{there}.id", ondelete="CASCADE"), primary_key=True, index=True),
        info={"addon": cls.__addon__, "link_of": cls.__model__},
    )
    return relationship(
        many.target,
        secondary=table,
        primaryjoin=lambda: table.c.record_id == cls.id,
        secondaryjoin=lambda: table.c.other_id == many.target.id,
        info={"girih": many.meta},
    )


def _parent(cls: Any, parent: Parent) -> Any:
    key = sa.ForeignKey(f"{cls.__tablename__}.id", ondelete=parent.ondelete)
    return stored(replace(parent.meta, target=cls), BigId, key, index=True)
