"""What a statement reads from: the model, and each table it needs joined, once."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from core.i18n import _
from core.registry import FieldInfo, Registry

from .domain import BadFilter


class Source:
    """The tables of one SELECT over a model, gathered while columns are asked for."""

    def __init__(self, registry: Registry, model: Any) -> None:
        self.registry, self.model = registry, model
        self.joins: list[tuple[Any, Any]] = []
        self._extensions: dict[Any, Any] = {}
        self._records: dict[tuple[str, ...], Any] = {}

    def column(self, path: tuple[FieldInfo, ...]) -> Any:
        """Return the column at the end of a path of links; BadFilter where several records would stand in its place."""
        if any(field.is_many for field in path):
            raise BadFilter(_("“%(name)s” holds several records: it has no order and no groups.", name=path[-1].label))
        entity = self.entity(path[:-1])
        return self.of(entity, path[-1], path[:-1])

    def of(self, entity: Any, field: FieldInfo, way: tuple[FieldInfo, ...] = ()) -> Any:
        """Return a field's column on the model or on a joined record."""
        if field.custom is not None:
            return _custom(entity, field)
        if field.extension is not None:
            return getattr(self._extension(entity, field, way), field.key)
        return getattr(entity, field.key)

    def entity(self, way: tuple[FieldInfo, ...]) -> Any:
        """Return the record at the end of a way of links, joined when first asked for."""
        if not way:
            return self.model
        key = tuple(field.name for field in way)
        if key not in self._records:
            link = self.of(self.entity(way[:-1]), way[-1], way[:-1])
            record = aliased(way[-1].target, flat=True)
            self.joins.append((record, record.id == link))
            self._records[key] = record
        return self._records[key]

    def title(self, way: tuple[FieldInfo, ...]) -> Any:
        """Return the column of what a linked record is called."""
        title = self.registry.info(way[-1].target).title
        entity = self.entity(way)
        return entity.id if title is None else self.of(entity, title, way)

    def _extension(self, entity: Any, field: FieldInfo, way: tuple[FieldInfo, ...]) -> Any:
        key = (*(one.name for one in way), field.extension)
        if key not in self._extensions:
            extension = aliased(field.extension) if way else field.extension
            self.joins.append((extension, extension.id == entity.id))
            self._extensions[key] = extension
        return self._extensions[key]

    def apply(self, statement: sa.Select[Any]) -> sa.Select[Any]:
        """Return the statement with the joins; rows without a partner stay."""
        for target, condition in self.joins:
            statement = statement.outerjoin(target, condition)
        return statement


def _custom(entity: Any, field: FieldInfo) -> Any:
    value = entity.custom[field.custom]
    if field.kind in ("integer", "color", "many2one"):
        return value.as_integer()
    if field.kind in ("decimal", "money"):
        return value.as_numeric(20, field.meta.scale or 2)
    if field.kind == "boolean":
        return value.as_boolean()
    return value.as_string()
