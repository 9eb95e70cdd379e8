"""Contacts: the table of contents."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.toolkit import Change, Context, DemoPlan, Menu, Rights, Rule, Seed, hookimpl

from . import access, demo, lists, models, operations, seeds, views


@hookimpl
def register_models() -> list[type[Any]]:
    return [*lists.LISTS, models.Contact, *models.LINES]


@hookimpl
def register_access() -> tuple[list[Rights], list[Rule]]:
    return access.RIGHTS, access.RULES


@hookimpl
def register_live_values() -> dict[str, Callable[[Context], Any]]:
    return {"contact_id": access.contact_of}


@hookimpl
def register_views() -> tuple[list[Any], Menu]:
    return views.VIEWS, views.MENU


@hookimpl
def register_seeds() -> list[Seed]:
    return seeds.SEEDS


@hookimpl
def register_demo() -> list[Callable[[Context, DemoPlan], None]]:
    return demo.DEMO


@hookimpl
def before_save(ctx: Context, change: Change) -> None:
    if change.model is models.Contact and change.creates:
        operations.give_codes(ctx, change)
    elif change.model is models.Contact:
        operations.refuse_circles(ctx, change)
