"""Demonstration data, made or removed while a page shows how far it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from core import demo
from core.context import Context
from core.i18n import Text, _
from core.jobs import watching
from core.loader import Database
from core.operations import commit
from core.web.work import Progress

R = TypeVar("R")


def make_demo(database: Database, user_id: int, told: Progress) -> Text:
    """Make a business that never was, in the language of the user."""

    def make(ctx: Context) -> int:
        return demo.make(ctx, demo.Plan(ctx.today, language=ctx.locale.language))

    made = _with(database, user_id, told, make)
    return _("%(n)s records of demonstration data were made.", n=made)


def remove_demo(database: Database, user_id: int, told: Progress) -> Text:
    """Remove it again."""
    gone, left = _with(database, user_id, told, demo.remove)
    if left:
        return _("%(gone)s records were removed; %(left)s stay, since others need them.", gone=gone, left=left)
    return _("The demonstration data is removed.")


def _with(database: Database, user_id: int, told: Progress, do: Callable[[Context], R]) -> R:
    def listen(done: int, total: int | None, text: str | None) -> None:
        told(done, total or 0, Text(text or ""))

    with watching(listen), database.context(user_id) as ctx:
        result = do(ctx)
        commit(ctx)
    return result
