"""Files of records: the row of a stored file, and the record it hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from core.context import Context
from core.models import File

from .write import create


def create_file(ctx: Context, name: str, media_type: str, size: int, digest: str) -> int:
    """Keep a stored file; it belongs to whoever brought it until it hangs on a record."""
    return create(ctx, File, {"name": name, "media_type": media_type, "size": size, "digest": digest})


def attach_files(ctx: Context, model: Any, record_id: int, ids: Sequence[int]) -> None:
    """Hang files that this person brought on a record: whoever may see the record may see them from now on."""
    table = File.__table__
    with ctx.session.unguarded() as connection:
        mine = sa.and_(table.c.id.in_(list(ids)), table.c.record_id.is_(None), table.c.created_by_id == ctx.user_id)
        values = {"model": model.__model__, "record_id": record_id}
        if ids:
            connection.execute(sa.update(table).where(mine).values(values))  # type: ignore[arg-type]
