"""A change on its way: what hooks look at before and after it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from core.registry import FieldInfo, Registry

Values = dict[str, Any]


@dataclass(slots=True)
class Change:
    """One create, update or delete of records of one model.

    `rows` hold the new values by field name: one row per record when creating, one row for all records when updating,
    none when deleting. `old` holds, for each record of `ids`, the values before. Before a create there are no ids yet.
    """

    registry: Registry
    model: Any
    operation: str
    ids: list[int]
    rows: list[Values]
    old: list[Values] = field(default_factory=list)

    @property
    def creates(self) -> bool:
        """Whether records are created."""
        return self.operation == "c"

    @property
    def updates(self) -> bool:
        """Whether records are changed."""
        return self.operation == "u"

    @property
    def deletes(self) -> bool:
        """Whether records are deleted."""
        return self.operation == "d"

    def field(self, attr: Any) -> FieldInfo:
        """Return the field behind an attribute or a name."""
        return field_of(self.registry, self.model, attr)

    def writes(self, attr: Any) -> bool:
        """Say whether any of the rows has a value for the field."""
        name = self.field(attr).name
        return any(name in row for row in self.rows)

    def value(self, attr: Any, place: int = 0) -> Any:
        """Return the field's value after the change for the record at a place: the new one, else the old one."""
        name = self.field(attr).name
        row = self.rows[place if self.creates else 0] if self.rows else {}
        if name in row:
            return row[name]
        return self.old[place].get(name) if place < len(self.old) else None

    def before(self, attr: Any, place: int = 0) -> Any:
        """Return the field's value before an update or delete."""
        name = self.field(attr).name
        return self.old[place].get(name) if place < len(self.old) else None

    def changes(self, attr: Any) -> bool:
        """Say whether the field gets another value on any of the records."""
        name = self.field(attr).name
        if self.creates:
            return any(row.get(name) is not None for row in self.rows)
        return any(name in row and old.get(name) != row[name] for row in self.rows for old in self.old)

    def set(self, attr: Any, value: Any, place: int | None = None) -> None:
        """Set a value before the change is written: on one record of a create, or on all records."""
        name = self.field(attr).name
        rows = self.rows if place is None or not self.creates else (self.rows[place],)
        for row in rows:
            row[name] = value


def field_of(registry: Registry, model: Any, attr: Any) -> FieldInfo:
    """Return the field of a model behind an attribute, a name (`stage`) or a column (`stage_id`)."""
    if not isinstance(attr, str):
        return registry.field(attr)
    fields = registry.fields(model)
    found = fields.get(attr) or fields.get(attr.removesuffix("_id"))
    if found is None:
        raise KeyError(f"{model.__model__} has no field {attr!r}")
    return found
