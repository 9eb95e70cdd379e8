"""The kernel's table of contents: its models, rights, views and settings, through the same hooks as an addon's."""

from __future__ import annotations

from typing import Any

from core.context import Context
from core.declarations import PORTAL, STAFF, Rights, Rule, Verb, own
from core.hookspecs import hookimpl
from core.i18n import _
from core.models import (
    KERNEL_MODELS,
    ChangeSet,
    Company,
    Country,
    Currency,
    CurrencyRate,
    File,
    Job,
    User,
)
from core.models import Change as ChangeRow
from core.operations import Change

from .kernel_views import VIEWS
from .people import give_password, keep_an_administrator, keep_log_in_names_alike

RIGHTS = [
    Rights(Currency, {STAFF: "r", PORTAL: "r"}),
    Rights(CurrencyRate, {STAFF: "r"}),
    Rights(Country, {STAFF: "r", PORTAL: "r"}),
    Rights(Company, {STAFF: "r", PORTAL: "r"}),
    Rights(User, {STAFF: "r"}),
    Rights(ChangeSet, {STAFF: "r"}),
    Rights(ChangeRow, {STAFF: "r"}),
    Rights(File, {STAFF: "crud", PORTAL: "r"}),
    Rights(Job, {STAFF: "r"}),
]
RULES = [
    Rule(File, [STAFF, PORTAL], own(File.created_by_id), label=_("Files of records one may see, and one's own.")),
    Rule(Job, [STAFF], own(Job.user_id), label=_("One's own jobs.")),
]


@hookimpl
def register_models() -> list[Any]:
    """The kernel's own tables."""
    return list(KERNEL_MODELS)


@hookimpl
def register_access() -> tuple[list[Rights], list[Rule]]:
    """What staff and portal users may read of them; administrators may do everything."""
    return RIGHTS, RULES


@hookimpl
def register_views() -> tuple[list[Any], list[Any]]:
    """Lists and forms of what the settings page opens; they stand in no app's menu."""
    return VIEWS, []


@hookimpl
def register_verbs() -> list[Verb]:
    """What administrators do with users."""
    return [give_password]


@hookimpl
def before_save(ctx: Context, change: Change) -> None:
    """Log-in names have one spelling, and somebody stays administrator."""
    if change.model is User:
        keep_log_in_names_alike(change)
        if change.updates:
            keep_an_administrator(ctx, change)


@hookimpl
def before_delete(ctx: Context, change: Change) -> None:
    """Somebody stays administrator."""
    if change.model is User:
        keep_an_administrator(ctx, change)
