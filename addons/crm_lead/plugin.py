"""Sales: the table of contents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.toolkit import Change, Context, DemoPlan, Menu, Rights, Rule, Seed, SettingGroup, Verb, hookimpl

from . import access, demo, lifecycle, lists, models, operations, seeds, views


@hookimpl
def register_models() -> list[type[Any]]:
    return [lists.Team, *lists.LISTS, models.Lead, *models.LINES]


@hookimpl
def register_access() -> tuple[list[Rights], list[Rule]]:
    return access.RIGHTS, access.RULES


@hookimpl
def register_live_values() -> dict[str, Callable[[Context], Any]]:
    return {"team_ids": access.teams_of}


@hookimpl
def register_views() -> tuple[list[Any], Menu]:
    return views.VIEWS, views.MENU


@hookimpl
def register_verbs() -> list[Verb]:
    return operations.VERBS


@hookimpl
def register_seeds() -> list[Seed]:
    return seeds.SEEDS


@hookimpl
def register_settings() -> list[SettingGroup]:
    return seeds.SETTINGS


@hookimpl
def register_demo() -> list[Callable[[Context, DemoPlan], None]]:
    return demo.DEMO


@hookimpl
def before_save(ctx: Context, change: Change) -> None:
    if change.model is models.Lead:
        lifecycle.before(ctx, change)


@hookimpl
def after_save(ctx: Context, change: Change) -> None:
    if change.model is models.Lead:
        lifecycle.after(ctx, change)
