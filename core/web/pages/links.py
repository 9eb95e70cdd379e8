"""Inputs of links: one record or several, chosen by their ids among what the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.i18n import _
from core.queries import Ref, titles

from .inputs import Input


class LinkInput(Input):
    """One linked record, by its id."""

    found: Ref | None = None

    @property
    def value(self) -> int | None:
        """The id."""
        found: int | None = getattr(self.data, "id", self.data)
        return found

    def shown(self, value: Any) -> str:
        """Return the id."""
        return "" if value is None else str(getattr(value, "id", value))

    def read(self, text: str) -> Ref:
        """Return the record; one that is not there and one that may not be seen are told alike."""
        ids = _ids([text])
        known = titles(self.meta.ctx, self.info.target, ids) if ids else {}
        if not known:
            raise ValueError(_("Choose one of the list: this record is not there, or you may not see it."))
        self.found = Ref(ids[0], known[ids[0]])
        return self.found

    @property
    def chosen(self) -> Ref | None:
        """The record that stands in the input."""
        if not self.is_changed:
            value: Ref | None = self.object_data
            return value
        return self.found


class LinksInput(Input):
    """Several linked records, by their ids."""

    @property
    def typed(self) -> tuple[int, ...]:
        """The ids that stand in the input."""
        return self.shown(self.object_data) if self.raw_data is None else tuple(_ids(self.raw_data))

    @property
    def is_changed(self) -> bool:
        """Whether other records are chosen; the order does not count."""
        return self.raw_data is not None and not self.says(self.object_data)

    def says(self, value: Any) -> bool:
        """The order does not count."""
        return set(self.typed) == set(self.shown(value))

    @property
    def value(self) -> tuple[int, ...]:
        """The ids."""
        return self.shown(self.data)

    def shown(self, value: Any) -> tuple[int, ...]:
        """Return the ids."""
        return tuple(getattr(one, "id", one) for one in value or ())

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take the chosen records that are there for this person."""
        if not self.is_changed:
            self.data = self.object_data
            return
        before = {one.id: one for one in self.object_data or ()}
        fresh = [one for one in self.typed if one not in before]
        known = titles(self.meta.ctx, self.info.target, fresh) if fresh else {}
        self.data = tuple(
            before.get(one) or Ref(one, known[one]) for one in self.typed if one in before or one in known
        )

    @property
    def chosen(self) -> tuple[Ref, ...]:
        """The records that stand in the input."""
        return tuple(self.data or ())


def _ids(values: Sequence[Any]) -> list[int]:
    wanted = (str(value) for value in values)
    return list(dict.fromkeys(int(text) for text in wanted if text.isascii() and text.isdecimal() and len(text) < 19))
