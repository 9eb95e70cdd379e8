"""Lines of a record as they are sent: `lines-0-title`, `lines-0-id`, `lines-0-delete`; places may have gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wtforms.form import BaseForm

from core.context import Context
from core.i18n import Text, _
from core.operations.history import changed_since
from core.queries import Ref
from core.views.fieldview import FieldView
from core.views.history import typed
from core.views.lines import MOST, LinesView, LineView

from .files import FileInput
from .inputs import INPUTS, Input, InputMeta, StarsInput, YesNoInput
from .links import LinkInput, LinksInput

Values = dict[str, Any]


def make_inputs(ctx: Context, views: Sequence[FieldView], prefix: str = "") -> BaseForm:
    """Return a form with an input for each of these fields."""
    chosen = [(view.name, _class_of(view)(view.field)) for view in views if not view.readonly]
    return BaseForm(chosen, prefix=prefix, meta=InputMeta(ctx))  # type: ignore[arg-type]


KINDS: dict[str, type[Input]] = {
    **INPUTS,
    "many2one": LinkInput,
    **dict.fromkeys(("many2many", "tags"), LinksInput),
    **dict.fromkeys(("file", "image"), FileInput),
}


def _class_of(view: FieldView) -> type[Input]:
    if view.kind == "stars" and view.field.kind != "selection":
        return StarsInput
    return KINDS[view.field.kind]


class SentLine:
    """One line as it was sent."""

    def __init__(self, ctx: Context, grid: LinesView, place: int, formdata: Any) -> None:
        self.grid, self.place = grid, place
        prefix = f"{grid.name}-{place}-"
        sent_id = formdata.get(f"{prefix}id", "")
        self.line = next((line for line in grid.rows if str(line.id) == sent_id), None)
        self.is_foreign = bool(sent_id) and self.line is None
        self.deleted = bool(formdata.get(f"{prefix}delete"))
        self.sequence = _number(formdata.get(f"{prefix}sequence", ""))
        pattern: LineView = self.line or grid.blank
        self.inputs = make_inputs(ctx, pattern.cells, prefix)
        self.inputs.process(formdata, data={cell.name: cell.value for cell in pattern.cells})
        self.since = self._changed_since(ctx, _number(formdata.get(f"{prefix}version", "")))
        self._leave_theirs()

    def _changed_since(self, ctx: Context, version: int | None) -> Values:
        """Return what somebody else has changed since the page was opened, as it was then."""
        if self.line is None or self.line.id is None or version in (None, self.line.version):
            return {}
        return changed_since(ctx, self.grid.target, self.line.id, version or 0)

    def _leave_theirs(self) -> None:
        """Take cells that stand as the page showed them as not sent: what somebody else wrote there meanwhile stays."""
        for each in self._each():
            name = each.info.name
            if name in self.since and each.says(typed(each.info.kind, self.since[name])):
                each.raw_data, each.data = None, each.object_data

    @property
    def id(self) -> int | None:
        """The id of a line that was there."""
        return None if self.line is None else self.line.id

    @property
    def is_blank(self) -> bool:
        """Whether it is a new line in which nothing was written."""
        return self.line is None and not any(each.is_changed for each in self._each())

    def _each(self) -> Iterator[Input]:
        for each in self.inputs._fields.values():
            assert isinstance(each, Input)
            yield each

    def values(self) -> Values:
        """Return what is to be written: everything of a new line, what differs of one that was there."""
        found: Values = {
            each.info.name: each.value for each in self._each() if self.line is None or self._differs(each)
        }
        if self.grid.sequence and self._is_moved():
            found[self.grid.sequence] = self.sequence
        return found | ({} if self.id is None else {"id": self.id})

    def _is_moved(self) -> bool:
        now = None if self.line is None else self.line.place
        return self.sequence is not None and self.sequence not in (now, self.since.get(self.grid.sequence or ""))

    def _differs(self, each: Input) -> bool:
        # what a browser leaves out means "no" only for ticks and for lists of choices
        return each.is_changed and (each.was_sent or isinstance(each, (YesNoInput, LinksInput, FileInput)))

    def validate(self) -> bool:
        """Check every cell; one that somebody else has changed too is asked about once more."""
        fine = self.inputs.validate()
        both = [each for each in self._each() if each.info.name in self.since and self._differs(each)]
        for each in both:
            text = _(
                "Somebody else changed this meanwhile, to “%(value)s”. Save again to have yours.", value=_now(each)
            )
            each.errors = [*each.errors, text]  # type: ignore[list-item]
        return fine and not both


class SentGrid:
    """The lines of one field as they were sent."""

    def __init__(self, ctx: Context, grid: LinesView, formdata: Any) -> None:
        self.grid = grid
        lines = [SentLine(ctx, grid, place, formdata) for place in _places(grid.name, formdata)]
        self.gone = [line for line in lines if line.deleted and line.id is not None and grid.may_delete]
        self.lines = [line for line in lines if not (line.deleted or line.is_foreign or line.is_blank)]
        self.lines = [line for line in self.lines if line.id is not None or grid.may_add]
        self.errors: list[Text] = []

    def validate(self) -> bool:
        """Check every line."""
        fine = [line.validate() for line in self.lines]  # every line, so that every error is told at once
        return all(fine)

    @property
    def is_changed(self) -> bool:
        """Whether anything is to be written."""
        return bool(self.gone) or any(line.id is None or len(line.values()) > 1 for line in self.lines)

    def kept(self, present: Sequence[int]) -> list[Values]:
        """Return all lines as they are to be: those sent, and those that somebody else has added meanwhile."""
        gone = {line.id for line in self.gone}
        sent = [line.values() for line in self.lines]
        known = {line.id for line in self.lines}
        return [*sent, *({"id": one} for one in present if one not in gone and one not in known)]

    def blame(self, place: int, name: str, texts: Sequence[Text]) -> None:
        """Put errors into the cell of a line; into the grid when there is no such cell."""
        found: Any = self.lines[place].inputs._fields.get(name) if place < len(self.lines) else None
        if found is None:
            self.errors.extend(texts)
        else:
            found.errors = [*found.errors, *texts]


def _places(name: str, formdata: Any) -> list[int]:
    start = f"{name}-"
    heads = (key[len(start) :].partition("-")[0] for key in formdata if key.startswith(start))
    places = {int(head) for head in heads if head.isascii() and head.isdecimal() and len(head) < 6}
    return sorted(places)[: 2 * MOST]


def _now(each: Input) -> str:
    """Return what stands in a cell now, as it is read."""
    value = each.object_data
    if isinstance(value, Ref):
        return value.title or str(value.id)
    if isinstance(value, tuple):
        return ", ".join(one.title or str(one.id) for one in value)
    return str(each.shown(value))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else None
