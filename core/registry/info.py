"""What the registry knows of a model and its fields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, inspect

from core.fields.meta import Meta
from core.i18n import Text
from core.model import Attached, HasArchive

STORED = frozenset(("char", "text", "rich_text", "phone", "email", "url", "selection", "json", "many2one"))
STORED |= {"integer", "decimal", "money", "color", "date", "datetime", "boolean", "file", "image"}
MANY = frozenset({"many2many", "tags", "one2many"})


@dataclass(frozen=True, slots=True, eq=False)
class FieldInfo:
    """A field of a model as the database at hand has it: its own, an extension's, or made in the browser.

    `name` is what filters, exports and the API call it: `stage` for `stage_id`, `library.card_number` for an
    extension's, `custom.size` for one made in the browser. `attr` is the mapped attribute that holds the value.
    """

    name: str
    model: Any
    meta: Meta
    attr: Any
    target: Any = None
    extension: Any = None
    custom: str | None = None
    computed: bool = False

    @property
    def kind(self) -> str:
        """The kind of value."""
        return self.meta.kind

    @property
    def label(self) -> Text:
        """What people call it."""
        return self.meta.label

    @property
    def key(self) -> str:
        """The name of the attribute on its class: `stage_id`."""
        return str(self.attr.key) if self.custom is None else self.custom

    @property
    def is_stored(self) -> bool:
        """Whether it is a column that can be written."""
        return self.meta.kind in STORED and not self.computed

    @property
    def is_many(self) -> bool:
        """Whether it holds several records."""
        return self.meta.kind in MANY

    @property
    def is_link(self) -> bool:
        """Whether it holds one record."""
        return self.meta.kind == "many2one"


@dataclass(frozen=True, slots=True, eq=False)
class ModelInfo:
    """A model with all its fields, in the order of declaration, extensions after."""

    cls: Any
    fields: Mapping[str, FieldInfo]
    title: FieldInfo | None
    extensions: tuple[Any, ...]

    @property
    def name(self) -> str:
        """The model's name: `crm.lead`."""
        return str(self.cls.__model__)

    @property
    def label(self) -> Text:
        """One of them."""
        return self.cls.__label__  # type: ignore[no-any-return]

    @property
    def plural(self) -> Text:
        """Several of them."""
        return self.cls.__plural__  # type: ignore[no-any-return]

    @property
    def archives(self) -> bool:
        """Whether its records can be archived."""
        return issubclass(self.cls, HasArchive)

    @property
    def is_attached(self) -> bool:
        """Whether its rows hang on records of other models."""
        return is_attached(self.cls)


def is_attached(model: Any) -> bool:
    """Say whether a model's rows hang on one record of any model."""
    return issubclass(model, Attached) or (hasattr(model, "record_id") and hasattr(model, "model"))


@dataclass(frozen=True, slots=True)
class Declared:
    """One field as a class declares it: `record` is the relationship of a link, where it has one."""

    name: str
    meta: Meta
    attr: Any
    record: Any = None
    computed: bool = False


def own_fields(model: Any) -> list[Declared]:
    """Return the fields a class declares itself, in the order they are written, those of the kernel last."""
    mapper = inspect(model)
    found = [*_columns(model, mapper), *_relations(model, mapper), *_late(model, mapper)]
    home = model.__source__[0]
    return sorted(found, key=lambda one: one.meta.source[1] if one.meta.source[0] == home else 10**6)


def _columns(model: Any, mapper: Any) -> Iterator[Declared]:
    links = {r.info["girih_record_of"].column.name: r.key for r in mapper.relationships if "girih_record_of" in r.info}
    for prop in mapper.column_attrs:
        column = prop.columns[0]
        stored = isinstance(column, Column)
        meta = column.info.get("girih") if stored else prop.info.get("girih")
        if meta is None:
            continue
        record = getattr(model, links[column.name]) if column.name in links else None
        yield Declared(_name(prop.key, meta), meta, getattr(model, prop.key), record, not stored)


def _relations(model: Any, mapper: Any) -> Iterator[Declared]:
    for relation in mapper.relationships:
        if meta := relation.info.get("girih"):
            yield Declared(relation.key, meta, getattr(model, relation.key))


def _late(model: Any, mapper: Any) -> Iterator[Declared]:
    for key, descriptor in mapper.all_orm_descriptors.items():
        if meta := getattr(descriptor, "girih", None):
            yield Declared(key, meta, getattr(model, key), computed=True)


def _name(key: str, meta: Meta) -> str:
    return key.removesuffix("_id") if meta.kind in ("many2one", "file", "image") else key
