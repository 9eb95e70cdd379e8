"""Statements made once per shape and kept with the registry: building one costs more than running it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

from core.context import Context
from core.db.types import BigId

KEPT = 2000
"""Statements kept per registry; the oldest goes for one more: odd filters of one person slow nobody for long."""

IDS = "girih_ids"


def prepared(ctx: Context, key: Hashable, make: Callable[[], Any]) -> Any:
    """Return the statement kept under the key, made when first asked for."""
    kept: dict[Hashable, Any] = ctx.registry.memo.setdefault("statements", {})
    key = (key, ctx.session.on_postgresql)
    statement = kept.get(key)
    if statement is None:
        statement = make()
        for oldest in list(kept)[: len(kept) - KEPT + 1]:
            kept.pop(oldest, None)
        kept[key] = statement
    return statement


def among(ctx: Context, column: Any) -> Any:
    """Return the condition that a column is one of the ids given as `IDS`: an array on PostgreSQL, IN elsewhere."""
    if ctx.session.on_postgresql:
        return column == sa.any_(sa.bindparam(IDS, type_=ARRAY(sa.BigInteger)))
    return column.in_(sa.bindparam(IDS, type_=BigId, expanding=True))
