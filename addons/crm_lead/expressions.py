"""Values the database computes for a lead, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, case, extract, select

from core.toolkit import today

from .lists import RecurringPlan, Stage

DAY = 24 * 60 * 60


def _day(moment: Any) -> ColumnElement[int]:
    """Return the number of a date's or moment's day."""
    return sa.cast(extract("epoch", moment), sa.BigInteger) // DAY


def days_between(start: Any, end: Any) -> ColumnElement[int]:
    """Return the days from a date or moment to a later one, empty as long as one of them is."""
    return _day(end) - _day(start)


def monthly(amount: Any, plan_id: Any) -> ColumnElement[Decimal]:
    """Return the part of a recurring amount that falls on a month."""
    share: ColumnElement[Decimal] = amount.column / _of(RecurringPlan.months, plan_id)
    return share


def rotten_days(state: Any, stage_id: Any, since: Any) -> ColumnElement[int | None]:
    """Return for how many days an open lead lies in its stage, once that is longer than the stage allows."""
    days = days_between(since, today())
    return case((sa.and_(state == "open", days >= _of(Stage.rots_after, stage_id)), days))


def _of(value: Any, link: Any) -> Any:
    """Return a value of the linked record as a sub-select."""
    target = value.class_
    return select(value).where(target.id == link.column).correlate_except(target).scalar_subquery()
