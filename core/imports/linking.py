"""The records that lines point to: found, made when the map says so, or found among the lines themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.context import Context
from core.errors import GirihError, Refused
from core.i18n import Text, _
from core.operations import create_many, set_keys

from .alike import nearest
from .bindings import Binding
from .links import Ambiguous, LinkFinder
from .prepare import Entry, Prepared, counted
from .undo import savepoint

MOST_NEAR = 100
SHOWN = 10
DEEPEST = 100


class Linker:
    """Resolves the links of one file's records."""

    def __init__(self, ctx: Context, prepared: Prepared, space: str) -> None:
        self.ctx, self.prepared, self.space = ctx, prepared, space
        self.bindings = [binding for binding in prepared.bindings if binding.finder is not None]
        self.own: dict[str, dict[str, Entry]] = {}
        self._unknown: dict[str, dict[str, Text]] = {}

    def link(self, entries: Sequence[Entry]) -> list[Entry]:
        """Look up all that is pointed at, make what is missing, and return the records whose links are clear."""
        for binding in self.bindings:
            self._look_up(binding, entries)
        good = []
        for entry in entries:
            faults = [fault for binding in self.bindings for fault in self._faults(binding, entry)]
            for binding, text, message in faults:
                self.prepared.blame(entry.line, binding.column, text, message)
            if not faults:
                good.append(entry)
        return good

    def _look_up(self, binding: Binding, entries: Sequence[Entry]) -> None:
        finder = binding.finder
        assert finder is not None
        counts = counted(entries, binding.name)
        missing = finder.find(counts)
        own = self._own(binding, entries)
        missing = [text for text in missing if text not in own]
        self._unknown[binding.name] = {}
        if not missing:
            return
        near = self._near(binding, missing)
        for text, other in near.items():
            self.prepared.note_near(binding.column, text, other, counts[text])
        if binding.said.create:
            self._make(binding, missing)
            return
        for text in missing:
            self._unknown[binding.name][text] = self._unknown_text(binding, text, near.get(text))

    def _own(self, binding: Binding, entries: Sequence[Entry]) -> dict[str, Entry]:
        """Return the new records of this very file by what a link to them says."""
        finder = binding.finder
        assert finder is not None
        if finder.target is not self.prepared.model:
            return {}
        fresh = [entry for entry in entries if entry.id is None]
        if finder.asks_key:
            own = {entry.key: entry for entry in fresh if entry.key is not None}
        else:
            own = {str(entry.values[finder.by]): entry for entry in fresh if entry.values.get(finder.by)}
        self.own[binding.name] = own
        return own

    def _near(self, binding: Binding, missing: Sequence[str]) -> dict[str, str]:
        assert binding.finder is not None
        known = [*binding.finder.spelt(), *missing]
        found = {text: nearest(text, (one for one in known if one != text)) for text in missing[:MOST_NEAR]}
        return {text: near for text, near in found.items() if near is not None}

    def _unknown_text(self, binding: Binding, text: str, near: str | None) -> Text:
        assert binding.finder is not None
        words = {"what": binding.finder.target.__plural__, "text": text}
        if near is None:
            return _("There is no “%(text)s” among the %(what)s that you may see.", **words)
        return _("There is no “%(text)s” among the %(what)s. Is “%(near)s” meant?", **words, near=near)

    def _make(self, binding: Binding, texts: Sequence[str]) -> None:
        """Make the records that are missing, in the same transaction."""
        finder = binding.finder
        assert finder is not None
        info = self.ctx.registry.info(finder.target)
        named = info.title.name if finder.asks_key and info.title is not None else finder.by
        made = self._create_all(binding, texts, named)
        if finder.asks_key:
            set_keys(self.ctx, finder.space, finder.target, made)
        for text, one in made.items():
            finder.made(text, one)
        linked = self.prepared.told.linked
        linked[finder.target.__model__] = linked.get(finder.target.__model__, 0) + len(made)
        words = {"n": len(made), "what": finder.target.__plural__, "names": str(_(", ")).join(list(made)[:SHOWN])}
        text_ = _("New records of %(what)s, %(n)s in number: %(names)s", **words)
        self.prepared.note("created", binding.column, text_, len(made))

    def _create_all(self, binding: Binding, texts: Sequence[str], named: str) -> dict[str, int]:
        """Create a record for each text, all at once or, when one cannot be made, one by one."""
        assert binding.finder is not None
        target = binding.finder.target
        rows = [{**binding.said.extra, named: text} for text in texts]
        try:
            with savepoint(self.ctx):
                return dict(zip(texts, create_many(self.ctx, target, rows), strict=True))
        except GirihError as error:
            if len(texts) == 1:
                self._unknown[binding.name][texts[0]] = error.message
                return {}
        made: dict[str, int] = {}
        for text in texts:
            made |= self._create_all(binding, [text], named)
        return made

    def _faults(self, binding: Binding, entry: Entry) -> list[tuple[Binding, str, Text]]:
        found = []
        for text in entry.texts.get(binding.name, ()):
            message = self._unknown[binding.name].get(text)
            assert binding.finder is not None
            try:
                binding.finder.get(text)
            except Ambiguous as doubt:
                words = {"n": doubt.count, "what": binding.finder.target.__plural__, "text": text}
                message = _("%(n)s %(what)s are called “%(text)s”; it cannot be said which one is meant.", **words)
            if message is not None:
                found.append((binding, text, message))
        return found

    def levels(self, entries: Sequence[Entry]) -> list[list[Entry]]:
        """Return new records so that those that others of them point to come first; circles are blamed."""
        if not any(self.own.values()):
            return [list(entries)]
        levels: dict[int, list[Entry]] = {}
        for entry in entries:
            depth = self._depth(entry, 0)
            if depth > DEEPEST:
                text = _("This line points to itself, directly or over other lines.")
                self.prepared.blame(entry.line, "", entry.key or "", text)
            else:
                levels.setdefault(depth, []).append(entry)
        return [levels[depth] for depth in sorted(levels)]

    def _depth(self, entry: Entry, so_far: int) -> int:
        if so_far > DEEPEST:
            return so_far
        above = [self.own[name].get(text) for name in self.own for text in entry.texts.get(name, ())]
        return max((1 + self._depth(one, so_far + 1) for one in above if one is not None and one.id is None), default=0)

    def values(self, entry: Entry) -> dict[str, Any]:
        """Return the values of a record with its links as ids."""
        values = dict(entry.values)
        for binding in self.bindings:
            if binding.name not in entry.texts:
                continue
            assert binding.finder is not None
            found = [self._found(binding.finder, text) for text in entry.texts[binding.name]]
            values[binding.name] = tuple(found) if binding.field.is_many else found[0]
        return values

    def _found(self, finder: LinkFinder, text: str) -> int:
        one = finder.get(text)
        if one is None:
            raise Refused(_("It points to “%(text)s”, which could not be imported.", text=text))
        return one

    def made(self, entry: Entry, record_id: int) -> None:
        """Remember a record that was made, for the lines that point to it."""
        entry.id = record_id
        for binding in self.bindings:
            assert binding.finder is not None
            for text in self._called(binding, entry):
                binding.finder.made(text, record_id)

    def _called(self, binding: Binding, entry: Entry) -> list[str]:
        finder = binding.finder
        assert finder is not None
        if finder.target is not self.prepared.model:
            return []
        text = entry.key if finder.asks_key else entry.values.get(finder.by)
        return [str(text)] if text else []
