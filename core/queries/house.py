"""What rooms ask of the database's own house: settings, preferences, records by external key."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from core.context import Context
from core.models import ExternalKey, Preference, Setting


def setting(ctx: Context, key: str) -> Any:
    """Return a setting of the database; its declared default while nobody has set it."""
    with ctx.sudo("settings are read by the program, not by the person") as system:
        found = system.session.execute(select(Setting.value).where(Setting.key == key)).first()
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
    with ctx.sudo("a person's own choices") as system:
        query = select(Preference.value).where(Preference.user_id == ctx.user_id, Preference.key == key)
        return system.session.scalar(query)


def by_key(ctx: Context, space: str, model: Any, keys: list[str]) -> dict[str, int]:
    """Return the ids of records by their external keys (of a seed or an import)."""
    with ctx.sudo("keys lead to ids; the records themselves stay guarded") as system:
        query = select(ExternalKey.key, ExternalKey.record_id).where(
            ExternalKey.space == space, ExternalKey.model == model.__model__, ExternalKey.key.in_(keys)
        )
        return {row.key: row.record_id for row in system.session.execute(query)}
