"""What follows from saving a lead: its stage, state, moments, number, and what it takes over from its customer.

A single lead, and every new one, gets the consequences in the same write. When many are changed at once, each may have
others: they are written after, one write for all leads that get the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from core.toolkit import Change, Context, Refused, _, next_numbers, read, setting, update_many

from .models import Lead
from .pipeline import ADDRESS, Pipeline, Step
from .seeds import CELEBRATE, NUMBERS

Values = dict[str, Any]

TRIGGERS = frozenset({"stage", "state", "active", "user", "team", "contact"})
KEPT = ("closed_at", "assigned_at", "probability", "lost_reason", "lost_note")
READ = tuple(sorted({*TRIGGERS, *KEPT, "contact_name", "company_name", "email", "phone", "mobile", "website"}))
READ += ("language", "industry", "sub_industry", "job_position", *ADDRESS)
SURE = {"won": 100, "lost": 0}
WON = _("It is won. Well done!")


def before(ctx: Context, change: Change) -> None:
    """Complete new leads, and a single lead that changes."""
    if change.creates:
        with ctx.sudo("stages, teams and customers decide what a new lead begins with") as system:
            _begin_all(ctx, system, change)
    elif len(change.ids) == 1 and _has_consequences(change):
        with ctx.sudo("what follows from a change does not depend on who makes it") as system:
            row = _current(system, change.ids)[0]
            values = follow(Pipeline(system), row, change.rows[0])
            for name, value in values.items():
                change.set(name, value)
        if row["state"] != "won" and {**change.rows[0], **values}.get("state") == "won" and setting(ctx, CELEBRATE):
            ctx.announce("celebrate", WON)


def after(ctx: Context, change: Change) -> None:
    """Complete many leads that were changed at once."""
    if not change.updates or len(change.ids) == 1 or not _has_consequences(change):
        return
    with ctx.sudo("what follows from a change does not depend on who makes it") as system:
        pipeline = Pipeline(system)
        found: dict[tuple[tuple[str, Any], ...], list[int]] = {}
        old = dict(zip(change.ids, change.old, strict=True))
        for row in _current(system, change.ids):
            values = follow(pipeline, {**row, **old[row["id"]]}, change.rows[0])
            if values:
                found.setdefault(tuple(sorted(values.items())), []).append(row["id"])
        for values_of_all, leads in found.items():
            update_many(system, Lead, leads, dict(values_of_all))


def _has_consequences(change: Change) -> bool:
    return any(change.changes(name) for name in TRIGGERS & change.rows[0].keys())


def _current(system: Context, leads: list[int]) -> list[Values]:
    return read(system, Lead, leads, READ, titles=False)


def _begin_all(ctx: Context, system: Context, change: Change) -> None:
    pipeline = Pipeline(system)
    pipeline.know_customers({row["contact"] for row in change.rows if row.get("contact") is not None})
    bare = [place for place, row in enumerate(change.rows) if not row.get("document_number")]
    numbers = dict(zip(bare, next_numbers(ctx, NUMBERS, len(bare)) if bare else [], strict=True))
    for place, row in enumerate(change.rows):
        extra = begin(pipeline, row, ctx)
        if place in numbers:
            extra["document_number"] = numbers[place]
        for name, value in extra.items():
            change.set(name, value, place)


def begin(pipeline: Pipeline, row: Mapping[str, Any], ctx: Context) -> Values:
    """Return what a new lead gets beside what it comes with."""
    team, user = row.get("team"), row.get("user")
    if user is None and team is None:
        user = pipeline.operator
    if team is None and user is not None:
        team = pipeline.team_of(user)
    step = pipeline.step(row.get("stage")) or pipeline.first(team)
    if row.get("team") is None and step is not None and step.team is not None:
        team = step.team
    state = row.get("state") or "open"
    if state == "open" and step is not None and step.is_won:
        state = "won"
    elif state == "won" and (step is None or not step.is_won):
        step = pipeline.won(team) or step
    _refuse_foreign(step, team)
    start = _start(row, ctx)
    closed = None if state == "open" else row.get("closed_at") or pipeline.now
    chance = SURE.get(state, step.probability if step else None) if row.get("probability") is None else None
    values = {
        "team": team,
        "user": user,
        "stage": step.id if step else None,
        "state": state,
        "active": row.get("active", True) and state != "lost",
        "closed_at": closed,
        "stage_changed_at": row.get("stage_changed_at") or closed or start,
        "assigned_at": row.get("assigned_at") or (start if user is not None else None),
        **({} if chance is None else {"probability": chance}),
        **_filled(pipeline.offered_by(row.get("contact")), {}, row),
    }
    return {name: value for name, value in values.items() if row.get(name) != value}


def _start(row: Mapping[str, Any], ctx: Context) -> datetime:
    """The moment a lead began: now, or the day of its document when that is another one."""
    day = row.get("document_date")
    return ctx.now if day in (None, ctx.today) else datetime.combine(day, time.min, UTC)


def follow(pipeline: Pipeline, was: Mapping[str, Any], new: Mapping[str, Any]) -> Values:
    """Return what changes with a change of a lead: only what it does not say itself, and differs."""
    values: Values = {}
    now = {**was, **new}
    if "team" in new and "stage" not in new:
        values |= _stage_for_team(pipeline, now)
    if "stage" in new or "stage" in values:
        values |= _stage_moved(pipeline, was, {**now, **values})
    if "state" in new:
        values |= _state_set(pipeline, now)
    elif "active" in new:
        values |= _archived(pipeline, was, now)
    state = values.get("state", now["state"])
    if state != was["state"]:
        values = _turned(pipeline, state, {**now, **values}) | values
    if new.get("user") is not None and was["assigned_at"] is None:
        values["assigned_at"] = pipeline.now
    if "contact" in new and new["contact"] != was["contact"]:
        values |= _filled(pipeline.offered_by(new["contact"]), pipeline.offered_by(was["contact"]), now)
    return {name: value for name, value in values.items() if name not in new and was.get(name) != value}


def _stage_for_team(pipeline: Pipeline, now: Mapping[str, Any]) -> Values:
    """A lead in another team's own stage goes to the first stage of its new team."""
    step = pipeline.step(now["stage"])
    if step is None or step.team in (None, now["team"]):
        return {}
    target = pipeline.won(now["team"]) if step.is_won else pipeline.first(now["team"])
    return {"stage": target.id if target else None}


def _stage_moved(pipeline: Pipeline, was: Mapping[str, Any], now: Mapping[str, Any]) -> Values:
    old, step = pipeline.step(was["stage"]), pipeline.step(now["stage"])
    if step is None or step == old:
        return {}
    values: Values = {"stage_changed_at": pipeline.now}
    if now["team"] is None and step.team is not None:
        values["team"] = step.team
    else:
        _refuse_foreign(step, now["team"])
    if step.is_won:
        values["state"] = "won"
    elif was["state"] == "won":
        values["state"] = "open"
    elif was["state"] == "open" and was["probability"] in (None, old.probability if old else None):
        values["probability"] = step.probability
    return values


def _refuse_foreign(step: Step | None, team: int | None) -> None:
    if step is not None and step.team is not None and step.team != team:
        text = _("“%(stage)s” is a stage of another sales team. Choose a stage of this one.", stage=step.name)
        raise Refused(text, field=Lead.stage)


def _state_set(pipeline: Pipeline, now: Mapping[str, Any]) -> Values:
    """The state was said outright: the stage must not contradict it."""
    step = pipeline.step(now["stage"])
    is_won = step is not None and step.is_won
    target = None
    if now["state"] == "won" and not is_won:
        target = pipeline.won(now["team"])
    elif now["state"] == "open" and is_won:
        target = pipeline.first(now["team"])
    return {} if target is None else {"stage": target.id, "stage_changed_at": pipeline.now}


def _archived(pipeline: Pipeline, was: Mapping[str, Any], now: Mapping[str, Any]) -> Values:
    """Archiving an open lead closes it for the count of days; bringing a lost one back opens it."""
    if was["state"] == "lost" and now["active"]:
        return {"state": "open"}
    if was["state"] != "open":
        return {}
    return {"closed_at": None if now["active"] else pipeline.now}


def _turned(pipeline: Pipeline, state: str, now: Mapping[str, Any]) -> Values:
    """What a lead gets when it is won, lost or opened again."""
    if state == "open":
        step = pipeline.step(now["stage"])
        reopened = {"closed_at": None, "lost_reason": None, "lost_note": None, "active": True}
        return {**reopened, "probability": step.probability if step else None}
    closed = {"closed_at": pipeline.now, "probability": SURE[state], "active": state == "won"}
    return closed if state == "lost" else {**closed, "lost_reason": None, "lost_note": None}


def _filled(offer: Mapping[str, Any], previous: Mapping[str, Any], now: Mapping[str, Any]) -> Values:
    """Return what the customer gives to empty fields, or to those that still hold the previous customer's values.

    An address is taken whole or not at all.
    """
    free = {name for name in offer if now.get(name) in (None, "") or now.get(name) == previous.get(name)}
    if not free.issuperset(ADDRESS):
        free -= set(ADDRESS)
    return {name: value for name, value in offer.items() if name in free}
