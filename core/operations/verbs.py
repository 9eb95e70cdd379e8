"""Calling verbs: the one way to their functions, with the right, the rules and the moment looked at on the way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from core.access import may, refusal, require
from core.context import Context
from core.declarations import Verb
from core.errors import NotFound, Refused
from core.i18n import _
from core.queries import Sql, holds
from core.queries.prepared import IDS, among


class Called(NamedTuple):
    """What came of calling a verb: what its function returned, and the records on which it was not offered."""

    result: Any
    left: tuple[int, ...]


def ready(ctx: Context, verb: Verb, ids: Sequence[int]) -> set[int]:
    """Return those of the records on which the person may call the verb now."""
    if not may(ctx, verb.model, verb.needs):
        return set()
    return _offered(ctx, verb, ctx.session.allowed(verb.model, verb.needs, ids))


def _offered(ctx: Context, verb: Verb, allowed: set[int]) -> set[int]:
    if verb.when is None or not allowed:
        return allowed
    return holds(ctx, verb.model, sorted(allowed), Sql(f"verb {verb.name}", verb.when))


def call_verb(ctx: Context, verb: Verb, ids: Sequence[int], **answers: Any) -> Called:
    """Call a verb on those of the records on which it is offered to this person; `answers` are those it asks for.

    The records are locked first: of two who call it at once, the second finds what the first has left. Raises
    NotAllowed or NotFound where the person may call it on none of them, Refused where it is offered on none now.
    """
    require(ctx, verb.model, verb.needs)
    if len(ids) > 1 and not verb.bulk:
        raise Refused(_("“%(verb)s” is done to one record at a time.", verb=verb.label))
    _lock(ctx, verb.model, ids)
    allowed = ctx.session.allowed(verb.model, verb.needs, ids)
    if not allowed:
        raise refusal(verb.model, verb.needs) if holds(ctx, verb.model, ids, None) else NotFound()
    offered = _offered(ctx, verb, allowed)
    wanted = [one for one in dict.fromkeys(ids) if one in offered]
    if not wanted:
        raise Refused(_("“%(verb)s” cannot be done with what is chosen now.", verb=verb.label))
    return Called(verb.function(ctx, wanted, **answers), tuple(one for one in ids if one not in offered))


def _lock(ctx: Context, model: Any, ids: Sequence[int]) -> None:
    """Let nobody else change these records until the transaction ends; on SQLite the write lock does that."""
    if ctx.session.on_postgresql:
        table: Any = model.__table__
        rows = sa.select(table.c.id).where(among(ctx, table.c.id)).order_by(table.c.id).with_for_update()
        with ctx.session.unguarded() as connection:
            connection.execute(rows, {IDS: list(ids)})
