"""What the program writes into the database's own house: settings, preferences, document numbers, external keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from core.access import refusal
from core.context import Context
from core.errors import Refused
from core.i18n import _
from core.models import ExternalKey, Preference, Sequence, Setting


def set_setting(ctx: Context, key: str, value: Any) -> None:
    """Set a setting of the database; administrators only."""
    if not (ctx.is_sudo or ctx.user.is_admin):
        raise refusal(Setting, "u")
    _put(ctx, Setting, {"key": key}, value)


def set_preference(ctx: Context, key: str, value: Any) -> None:
    """Keep what the user chose for one place of the program."""
    if ctx.user_id is not None:
        _put(ctx, Preference, {"user_id": ctx.user_id, "key": key}, value)


def _put(ctx: Context, model: Any, where: Mapping[str, Any], value: Any) -> None:
    table = model.__table__
    insert: Any = (postgresql if ctx.session.on_postgresql else sqlite).insert(table).values(**where, value=value)
    with ctx.session.unguarded() as connection:
        # one statement: two pages of one person may keep the same choice at the same moment
        connection.execute(insert.on_conflict_do_update(index_elements=list(where), set_={"value": value}))


def next_numbers(ctx: Context, code: str, count: int = 1) -> list[str]:
    """Return the next numbers of a sequence; no two callers ever get the same one."""
    table: Any = Sequence.__table__
    with ctx.session.unguarded() as connection:
        taken = (
            sa.update(table)
            .where(table.c.code == code)
            .values(next_number=table.c.next_number + count)
            .returning(table.c.next_number, table.c.prefix, table.c.digits)
        )
        found = connection.execute(taken).first()
    if found is None:
        raise Refused(_("There is no sequence “%(code)s”. Make it in the settings.", code=code))
    prefix = (found.prefix or "").replace("{year}", str(ctx.today.year))
    return [f"{prefix}{number:0{found.digits}d}" for number in range(found.next_number - count, found.next_number)]


def next_number(ctx: Context, code: str) -> str:
    """Return the next number of a sequence."""
    return next_numbers(ctx, code)[0]


def set_keys(ctx: Context, space: str, model: Any, keys: Mapping[str, int]) -> None:
    """Remember records by external keys: those of a seed or an import."""
    rows = [
        {"space": space, "model": model.__model__, "key": key, "record_id": record_id}
        for key, record_id in keys.items()
    ]
    if rows:
        with ctx.session.unguarded() as connection:
            connection.execute(sa.insert(ExternalKey), rows)
