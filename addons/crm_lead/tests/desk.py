"""What the tests of sales share: stages by name, leads in few words, and how a lead stands."""

from __future__ import annotations

from typing import Any

from addons.crm_lead.lists import Stage
from addons.crm_lead.models import Lead
from core.toolkit import Context, Row, create, get, ids


def stage(ctx: Context, name: str) -> int:
    """Return the stage of this name."""
    return ids(ctx, Stage, ["name", "=", name])[0]


def lead(ctx: Context, **values: Any) -> int:
    """Create a lead or opportunity."""
    return create(ctx, Lead, {"name": "Warehouse scanners", **values})


def seen(ctx: Context, lead_id: int, *names: str) -> Row:
    """Return the named fields, links by what they are called."""
    row = get(ctx, Lead, lead_id, names)
    assert row is not None
    return {name: row[name].title if hasattr(row[name], "id") else row[name] for name in names}


def stands(ctx: Context, lead_id: int) -> tuple[str, str, int, bool, bool]:
    """Return stage, state, probability, whether it is active, whether it is closed."""
    row = seen(ctx, lead_id, "stage", "state", "probability", "active", "closed_at")
    return row["stage"], row["state"], row["probability"], row["active"], row["closed_at"] is not None
