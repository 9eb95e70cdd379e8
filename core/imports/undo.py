"""Taking back a part of a transaction, with what the context remembers of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from core.context import Context


@contextmanager
def savepoint(ctx: Context) -> Iterator[None]:
    """Let a fault inside undo just what was written inside."""
    work = ctx.work
    kept = work.change_set, len(work.changes), len(work.after_commit)
    try:
        with ctx.session.begin_nested():
            yield
    except BaseException:
        work.change_set = kept[0]
        del work.changes[kept[1] :], work.after_commit[kept[2] :]
        raise
