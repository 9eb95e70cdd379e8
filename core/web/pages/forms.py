"""The form of a record as it is sent and shown again: inputs from the declarations, what differs, what is wrong."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any

import structlog

from core.context import Context
from core.errors import GirihError, Invalid, Refused
from core.i18n import Text, _
from core.views.form import FormPage
from core.views.lines import LinesView

from .files import FileInput
from .grids import SentGrid, make_inputs
from .inputs import Input, YesNoInput
from .links import LinksInput

log = structlog.get_logger("girih.web")

Values = dict[str, Any]
WHOLE = "_whole"
"""Sent by a page that shows every input: what it leaves out was unticked, not forgotten."""
OURS = frozenset({"csrf_token", "version", WHOLE, "_verb", "_step"})


class RecordForm:
    """The inputs of a page with what was sent, if anything was."""

    def __init__(self, ctx: Context, page: FormPage, formdata: Any = None) -> None:
        self.ctx, self.page, self.formdata = ctx, page, formdata
        self.inputs = make_inputs(ctx, page.fields)
        self.inputs.process(formdata, data={view.name: view.value for view in page.fields})
        self.grids = {grid.name: SentGrid(ctx, grid, formdata) for grid in page.grids if _is_sent(grid, formdata)}
        self.general: list[Text] = []
        self.is_whole = formdata is not None and WHOLE in formdata
        if formdata is not None:
            self._tell_of_strangers()

    def input(self, name: str) -> Input | None:
        """Return the input of a field, None for one that cannot be written."""
        found: Any = self.inputs._fields.get(name)
        return found  # type: ignore[no-any-return]

    @property
    def each(self) -> Iterator[Input]:
        """Every input."""
        for found in self.inputs._fields.values():
            assert isinstance(found, Input)
            yield found

    def validate(self) -> bool:
        """Check everything, so that every error is told at once."""
        fine = [self.inputs.validate(), *(grid.validate() for grid in self.grids.values())]
        return all(fine)

    def values(self) -> Values:
        """Return what is to be written: everything for a new record, else what differs from what the page showed."""
        creates = self.page.id is None
        return {each.info.name: each.value for each in self.each if creates or self._differs(each)}

    def _differs(self, each: Input) -> bool:
        silent = isinstance(each, (YesNoInput, LinksInput)) and not each.was_sent
        return each.is_changed and (self.is_whole or not silent)

    def blame(self, error: GirihError) -> None:
        """Put what the writer refused beside the fields it is about."""
        if isinstance(error, Invalid):
            for name, texts in error.errors.items():
                self._blame_field(name, list(texts))
        else:
            field = (
                self.ctx.registry.find(error.field) if isinstance(error, Refused) and error.field is not None else None
            )
            self._blame_field(field.name if field is not None else "", [error.message])

    def _blame_field(self, name: str, texts: list[Text]) -> None:
        head, _dot, rest = name.partition(".")
        found = self.input(name)
        if found is not None:
            found.errors = [*found.errors, *texts]  # type: ignore[list-item]
        elif head in self.grids and rest:
            place, _dot, cell = rest.partition(".")
            self.grids[head].blame(int(place), cell, texts)
        else:
            fields = self.ctx.registry.fields(self.page.info.cls)
            label = fields[name].label if name in fields else None
            self.general += [_("%(field)s: %(text)s", field=label, text=text) if label else text for text in texts]

    @property
    def wrong(self) -> int:
        """How many fields have an error."""
        own = sum(bool(each.errors) for each in self.each)
        lines = [each for grid in self.grids.values() for line in grid.lines for each in line.inputs._fields.values()]
        return own + sum(bool(each.errors) for each in lines) + sum(bool(grid.errors) for grid in self.grids.values())

    @property
    def files(self) -> list[FileInput]:
        """The inputs of files, those of lines too."""
        lines = [each for grid in self.grids.values() for line in grid.lines for each in line.inputs._fields.values()]
        return [each for each in (*self.inputs._fields.values(), *lines) if isinstance(each, FileInput)]

    def keep_files(self) -> None:
        """Give files of a refused form their rows: they are sent again by number."""
        for each in self.files:
            each.settle()

    def hidden(self) -> list[tuple[str, str]]:
        """Return what a refused form carries on unseen: files that came with it, lines that were taken out."""
        kept = [(f"{each.name}-kept", str(each.value)) for each in self.files if each.is_changed and each.value]
        for name, grid in self.grids.items():
            for number, line in enumerate(grid.gone):
                prefix = f"{name}-{900 + number}-"
                kept += [(f"{prefix}id", str(line.id)), (f"{prefix}delete", "1")]
        return kept

    def pairs(self, names: Container[str]) -> list[tuple[str, str]]:
        """Return what was sent for these fields and all lines, to be sent once more with choices made.

        The page is no longer whole then: a field that is left out stays as it is, so what is unticked is sent empty.
        """
        pairs: list[tuple[str, str]] = []
        for each in self.each:
            if each.info.name in names and not isinstance(each, FileInput):
                pairs += [(each.name, str(value)) for value in each.raw_data or [""]]
        starts = tuple(f"{name}-" for name in self.grids)
        sent = ((name, value) for name, value in self.formdata.items(multi=True) if isinstance(value, str))
        pairs += [(name, value) for name, value in sent if name in ("_step", "_verb") or name.startswith(starts)]
        return pairs + [(f"{one.name}-kept", str(one.value)) for one in self.files if one.is_changed and one.value]

    def _tell_of_strangers(self) -> None:
        """Note what was sent and is no input of this form: it is never written."""
        known = {each.name for each in self.each}
        for name in self.formdata:
            head = name.partition("-")[0]
            if name not in known and name not in OURS and head not in known | {"choose"} and head not in self.grids:
                log.warning("not an input of this form", field=name, model=self.page.info.name, user=self.ctx.user_id)


def _is_sent(grid: LinesView, formdata: Mapping[str, Any] | None) -> bool:
    return formdata is not None and not grid.readonly
