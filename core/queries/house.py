"""What rooms ask of the database's own house: settings, preferences, records by external key."""

from __future__ import annotations

from typing import Any, cast

from sqlalchemy import Table, bindparam, select

from core.context import Context
from core.models import ExternalKey, Preference, Setting

SETTINGS, PREFERENCES = cast("Table", Setting.__table__), cast("Table", Preference.__table__)


# every page asks for some of these, so the statements are made once
_SETTING = select(SETTINGS.c.value).where(SETTINGS.c.key == bindparam("key"))
_PREFERENCE = select(PREFERENCES.c.value).where(
    PREFERENCES.c.user_id == bindparam("user"), PREFERENCES.c.key == bindparam("key")
)


def setting(ctx: Context, key: str) -> Any:
    """Return a setting of the database; its declared default while nobody has set it."""
    found = _first(ctx, _SETTING, {"key": key})
    if found is not None:
        return found[0]
    for groups in ctx.registry.settings.values():
        for group in groups:
            for declared in group.fields:
                if declared.key == key:
                    return declared.default
    return None


def preference(ctx: Context, key: str) -> Any:
    """Return what the user chose for one place of the program, None when nothing."""
    if ctx.user_id is None:
        return None
    found = _first(ctx, _PREFERENCE, {"user": ctx.user_id, "key": key})
    return None if found is None else found[0]


def _first(ctx: Context, statement: Any, values: dict[str, Any]) -> Any:
    """Read what belongs to the program or to nobody but the person: no rule says anything of it."""
    with ctx.session.unguarded() as connection:
        return connection.execute(statement, values).first()


def by_key(ctx: Context, space: str, model: Any, keys: list[str]) -> dict[str, int]:
    """Return the ids of records by their external keys (of a seed or an import)."""
    with ctx.sudo("keys lead to ids; the records themselves stay guarded") as system:
        query = select(ExternalKey.key, ExternalKey.record_id).where(
            ExternalKey.space == space, ExternalKey.model == model.__model__, ExternalKey.key.in_(keys)
        )
        return {row.key: row.record_id for row in system.session.execute(query)}
