"""Links by name: the records that texts of a file mean, looked up for all lines at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from core.context import Context
from core.i18n import LANGUAGES, _, fold, use_language
from core.models import ExternalKey
from core.queries import by_key, ids, read
from core.registry import FieldInfo

from .maps import FieldMap
from .outcome import ImportFault

BATCH = 500
MOST_NAMES = 20_000
"""A list of records up to this size is also searched for names that are spelt a little differently."""


class Ambiguous(Exception):
    """A text that several records are called."""

    def __init__(self, count: int) -> None:
        self.count = count
        super().__init__(count)


class LinkFinder:
    """Finds the records of one model that texts mean: by external key, by the name, or by another field."""

    def __init__(self, ctx: Context, field: FieldInfo, said: FieldMap, space: str) -> None:
        self.ctx, self.target, self.said = ctx, field.target, said
        self.space = said.space or space
        self.by = said.by or self._title(field)
        self.known: dict[str, int] = {}
        self.doubtful: dict[str, int] = {}
        self._names: dict[str, set[int]] | None = None
        if self.by != "key" and self.by not in ctx.registry.fields(self.target):
            words = {"field": self.by, "what": self.target.__plural__}
            raise ImportFault(_("%(what)s have no field “%(field)s” to be found by.", **words))

    def _title(self, field: FieldInfo) -> str:
        title = self.ctx.registry.info(field.target).title
        if title is None:
            raise ImportFault(_("Say by which field records for “%(field)s” are found.", field=field.label))
        return title.name

    @property
    def asks_key(self) -> bool:
        """Whether records are found by the keys an import or an addon gave them."""
        return self.by == "key"

    def find(self, texts: Iterable[str]) -> list[str]:
        """Look texts up and return those that no record is called by."""
        wanted = [text for text in dict.fromkeys(texts) if text not in self.known and text not in self.doubtful]
        for start in range(0, len(wanted), BATCH):
            self._find_exact(wanted[start : start + BATCH])
        missing = [text for text in wanted if text not in self.known and text not in self.doubtful]
        if missing and not self.asks_key:
            self._find_folded(missing)
        return [text for text in missing if text not in self.known and text not in self.doubtful]

    def _find_exact(self, texts: Sequence[str]) -> None:
        if self.asks_key:
            self.known |= by_key(self.ctx, self.space, self.target, list(texts))
            return
        if self._by.meta.translated or self._by.kind not in ("char", "email", "phone", "url"):
            return
        for archived in (False, True):
            rest = [text for text in texts if text not in self.known and text not in self.doubtful]
            found = ids(self.ctx, self.target, [self.by, "in", rest], limit=None, archived=archived) if rest else []
            for row in read(self.ctx, self.target, found, [self.by]):
                self._learn(row[self.by], row["id"])

    @property
    def _by(self) -> FieldInfo:
        return self.ctx.registry.fields(self.target)[self.by]

    def _learn(self, text: str, record_id: int) -> None:
        if self.known.get(text, record_id) != record_id:
            self.doubtful[text] = self.doubtful.get(text, 1) + 1
            return
        self.known[text] = record_id

    def _find_folded(self, texts: Iterable[str]) -> None:
        names = self.names()
        for text in texts:
            found = names.get(fold(text), set())
            if len(found) == 1:
                self.known[text] = next(iter(found))
            elif found:
                self.doubtful[text] = len(found)

    def names(self) -> dict[str, set[int]]:
        """Return the records by their folded names, in every language when the names are translated."""
        if self._names is None:
            self._names = {}
            found = ids(self.ctx, self.target, order=[self.by], limit=MOST_NAMES, archived=True)
            languages = tuple(LANGUAGES) if self._by.meta.translated else ("",)
            for language in languages:
                for record_id, name in self._read_names(found, language):
                    self._names.setdefault(fold(name), set()).add(record_id)
        return self._names

    def _read_names(self, found: Sequence[int], language: str) -> list[tuple[int, str]]:
        rows = []
        with use_language(language or "en"):
            for start in range(0, len(found), BATCH):
                rows += read(self.ctx, self.target, found[start : start + BATCH], [self.by])
        return [(row["id"], str(row[self.by])) for row in rows if row[self.by] not in (None, "")]

    def spelt(self) -> list[str]:
        """Return names to compare a misspelt one with."""
        if self.asks_key:
            return self._keys()
        with use_language("en"):
            found = ids(self.ctx, self.target, limit=MOST_NAMES // 4, archived=True)
        return [name for _id, name in self._read_names(found, "en")]

    def _keys(self) -> list[str]:
        query = select(ExternalKey.key).where(
            ExternalKey.space == self.space, ExternalKey.model == self.target.__model__
        )
        with self.ctx.sudo("keys are names in files; the records themselves stay guarded") as system:
            return list(system.session.scalars(query.order_by(ExternalKey.id).limit(MOST_NAMES // 4)))

    def get(self, text: str) -> int | None:
        """Return the record of a text that was looked up; Ambiguous when there are several."""
        if text in self.doubtful:
            raise Ambiguous(self.doubtful[text])
        return self.known.get(text)

    def made(self, text: str, record_id: int) -> None:
        """Remember a record that was made for a text."""
        self.known[text] = record_id
