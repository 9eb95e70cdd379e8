"""Links on their way in: nobody links to what he may not see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from core.context import Context
from core.errors import Invalid
from core.i18n import _
from core.registry import FieldInfo

from .change import Values


def check_links(ctx: Context, model: Any, rows: Sequence[Values], old: Sequence[Values] = ()) -> None:
    """Raise Invalid when a row links to a record that is not there for this person.

    A record that does not exist and one that may not be seen are told alike. What all the `old` rows link to already
    is no new link, whoever may see it.
    """
    if ctx.is_sudo:
        return
    fields = ctx.registry.fields(model)
    for name in dict.fromkeys(name for row in rows for name in row):
        field = fields[name]
        if field.target is None or field.kind == "one2many":
            continue
        ids = {one for row in rows for one in _ids(field, row.get(name))}
        if old:
            before = [set(_ids(field, row.get(name))) for row in old]
            ids -= before[0].intersection(*before[1:])
        if ids and ctx.session.rule(field.target, "r") is not None:
            hidden = ids - ctx.session.allowed(field.target, "r", ids)
            if hidden:
                text = _(
                    "“%(name)s” points to a record that does not exist, or that you may not see.", name=field.label
                )
                raise Invalid({name: [text]})


def _ids(field: FieldInfo, value: Any) -> Iterable[int]:
    if value is None:
        return ()
    return value if field.is_many else (value,)
