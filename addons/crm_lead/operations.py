"""The verbs of sales: won, lost, restore, convert, assign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from addons.contacts.models import Contact
from core.toolkit import (
    Ask,
    Context,
    Refused,
    Row,
    _,
    create,
    ids,
    ngettext,
    read,
    setting,
    update,
    update_many,
    verb,
)

from .lists import LeadStatus
from .models import Lead
from .pipeline import ADDRESS, TAKEN_OVER, Pipeline, Step, id_of
from .seeds import CELEBRATE

CUSTOMER_CHOICES = {
    "create": _("Create a new customer"),
    "link": _("Link an existing customer"),
    "none": _("No customer"),
}


@verb(
    Lead,
    _("Won"),
    when=sa.and_(Lead.kind == "opportunity", Lead.state != "won"),
    icon="trophy",
    tone="good",
)
def mark_won(ctx: Context, leads: Sequence[int]) -> dict[str, Any]:
    """Move the opportunities to the won stage of their team. The answer asks the page to celebrate."""
    _move(ctx, leads, {"state": "won"}, Pipeline.won)
    text = ngettext("Won! Well done.", "%(n)s opportunities won! Well done.", len(leads), n=len(leads))
    return {"celebrate": bool(setting(ctx, CELEBRATE)), "message": text}


@verb(
    Lead,
    _("Lost"),
    when=Lead.state == "open",
    icon="circle-x",
    tone="bad",
    asks=[
        Ask("reason", _("Lost reason"), Lead.lost_reason_id, required=True),
        Ask("note", _("Closing note"), Lead.lost_note),
    ],
)
def mark_lost(ctx: Context, leads: Sequence[int], reason: int | None = None, note: str | None = None) -> None:
    """Close the leads as lost, with the reason, and archive them."""
    if reason is None:
        raise Refused(_("Choose why it was lost."), field=Lead.lost_reason)
    values = {Lead.state: "lost", Lead.lost_reason_id: reason, Lead.lost_note: note or None}
    update_many(ctx, Lead, leads, values)


@verb(
    Lead,
    _("Restore"),
    when=Lead.state == "lost",
    icon="restore",
    asks=[Ask("stage", _("Stage"), Lead.stage_id)],
)
def restore(ctx: Context, leads: Sequence[int], stage: int | None = None) -> None:
    """Open lost leads again, in the chosen stage, else in the first one of their team."""
    if stage is not None:
        update_many(ctx, Lead, leads, {Lead.state: "open", Lead.stage_id: stage})
    else:
        _move(ctx, leads, {"state": "open"}, Pipeline.first)


@verb(
    Lead,
    _("Assign"),
    icon="user-check",
    asks=[Ask("user", _("Salesperson"), Lead.user_id, required=True), Ask("team", _("Sales team"), Lead.team_id)],
)
def assign(ctx: Context, leads: Sequence[int], user: int | None = None, team: int | None = None) -> None:
    """Give the leads to a salesperson, and to a team: the chosen one, else the salesperson's own."""
    if user is None:
        raise Refused(_("Choose a salesperson."), field=Lead.user)
    update_many(ctx, Lead, leads, _given_to(ctx, user, team))


@verb(
    Lead,
    _("Convert to opportunity"),
    when=sa.and_(Lead.kind == "lead", Lead.active.is_(True)),
    icon="arrows-exchange",
    tone="main",
    asks=[
        Ask("customer", _("Customer"), required=True, default="create", choices=CUSTOMER_CHOICES),
        Ask("contact", _("Existing customer"), Lead.contact_id),
        Ask("user", _("Salesperson"), Lead.user_id),
        Ask("team", _("Sales team"), Lead.team_id),
    ],
)
def convert(
    ctx: Context,
    leads: Sequence[int],
    customer: str = "create",
    contact: int | None = None,
    user: int | None = None,
    team: int | None = None,
) -> dict[str, Any]:
    """Make opportunities of leads, in the first stage: with a new customer, an existing one, or none."""
    if customer not in CUSTOMER_CHOICES:
        raise Refused(_("Choose what is to be done about the customer."))
    if customer == "link" and contact is None:
        raise Refused(_("Choose the customer to link."), field=Lead.contact)
    rows = read(ctx, Lead, leads, _OF_LEAD)
    given = _given_to(ctx, user, team)
    for row in rows:
        _convert_one(ctx, row, customer, contact, given)
    text = ngettext("The lead is an opportunity now.", "%(n)s leads are opportunities now.", len(rows), n=len(rows))
    return {"message": text}


VERBS = [mark_won, mark_lost, restore, convert, assign]

_NAMES = ("name", "contact", "team", "contact_name", "company_name", "channel", "source")
_OF_LEAD = (*_NAMES, *TAKEN_OVER, *ADDRESS)


def _given_to(ctx: Context, user: int | None, team: int | None) -> dict[Any, Any]:
    """Return the values that give a lead to somebody; nothing when nobody was chosen."""
    if user is not None and team is None:
        with ctx.sudo("which team a salesperson belongs to") as system:
            team = Pipeline(system).team_of(user)
    return {attr: one for attr, one in ((Lead.user_id, user), (Lead.team_id, team)) if one is not None}


def _move(
    ctx: Context,
    leads: Sequence[int],
    values: dict[str, Any],
    target: Callable[[Pipeline, int | None], Step | None],
) -> None:
    """Write the values with the stage that each lead's team has for them."""
    with ctx.sudo("the stages of all teams") as system:
        pipeline = Pipeline(system)
        teams = {row["id"]: id_of(row["team"]) for row in read(system, Lead, leads, ["team"])}
        steps = {team: target(pipeline, team) for team in set(teams.values())}
    for team, step in steps.items():
        theirs = [lead for lead in leads if teams.get(lead, team) == team]
        update_many(ctx, Lead, theirs, values if step is None else {**values, "stage": step.id})


def _convert_one(ctx: Context, row: Row, customer: str, contact: int | None, given: dict[Any, Any]) -> None:
    who = id_of(row["contact"])
    if customer == "link":
        who = contact
    elif customer == "create" and who is None:
        who = _make_customer(ctx, row)
    with ctx.sudo("the first stage of the team") as system:
        step = Pipeline(system).first(given.get(Lead.team_id, id_of(row["team"])))
    status = ids(ctx, LeadStatus, ["is_converted", "=", True], limit=1)
    values: dict[Any, Any] = {
        Lead.kind: "opportunity",
        Lead.contact_id: who,
        Lead.converted_at: ctx.now,
        **({Lead.stage_id: step.id} if step else {}),
        **({Lead.status_id: status[0]} if status else {}),
    }
    update(ctx, Lead, row["id"], {**values, **given})


def _make_customer(ctx: Context, row: Row) -> int:
    """Create the organisation and the person a lead names, and return the one to deal with."""
    shared = {name: id_of(row[name]) for name in (*ADDRESS, "website", "industry", "sub_industry", "source", "channel")}
    reached = {name: row[name] for name in ("email", "phone", "mobile", "language")}
    company, person = row["company_name"], row["contact_name"]
    if company and not person:
        values = {"kind": "organisation", "name": company, "is_prospect": True, **shared, **reached}
        return _organisation(ctx, company) or create(ctx, Contact, values)
    above = None
    if company:
        values = {"kind": "organisation", "name": company, "is_prospect": True, **shared}
        above = _organisation(ctx, company) or create(ctx, Contact, values)
    values = {"kind": "person", "name": person or row["name"], "is_prospect": True, **shared, **reached}
    return create(ctx, Contact, {**values, "parent": above, "job_position": row["job_position"]})


def _organisation(ctx: Context, name: str) -> int | None:
    """Return the organisation of this name, so that it is not made twice."""
    found = ids(ctx, Contact, ["and", ["kind", "=", "organisation"], ["name", "=", name]], limit=1)
    return found[0] if found else None
