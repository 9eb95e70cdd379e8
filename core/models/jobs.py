"""Jobs of a database: what is to be done, what runs, what failed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import fields
from core.db.types import BigId, Moment
from core.i18n import _
from core.model import Plain

STATES = {
    "waiting": _("Waiting"),
    "running": _("Running"),
    "done": _("Done"),
    "dead": _("Failed"),
    "cancelled": _("Cancelled"),
}


class Job(Plain, name="core.job"):
    """One call of a job; the same row on both databases, whoever runs it.

    `key` is held by at most one waiting job and given up when it starts; `tick` names the hour the clock enqueued it
    for, and is kept, so that no hour counts twice.
    """

    __table_args__ = (sa.Index("ix_core_job_due", "state", "due_at"),)

    name: Mapped[str] = mapped_column(sa.String(120))
    arguments = fields.json(_("Arguments"))
    state = fields.selection(_("State"), STATES, required=True, default="waiting")
    key: Mapped[str | None] = mapped_column(sa.String(200), unique=True, index=True)
    tick: Mapped[str | None] = mapped_column(sa.String(200), unique=True, index=True)
    user_id: Mapped[int | None] = mapped_column(BigId)
    due_at: Mapped[datetime] = mapped_column(Moment(), server_default=sa.func.now())
    created_at: Mapped[datetime] = mapped_column(Moment(), server_default=sa.func.now())
    started_at: Mapped[datetime | None] = mapped_column(Moment())
    ended_at: Mapped[datetime | None] = mapped_column(Moment())
    beat_at: Mapped[datetime | None] = mapped_column(Moment())
    tries: Mapped[int] = mapped_column(sa.Integer, default=0, server_default="0")
    done: Mapped[int] = mapped_column(sa.Integer, default=0, server_default="0")
    total: Mapped[int | None] = mapped_column(sa.Integer)
    message: Mapped[str | None] = mapped_column(sa.Text)
    traceback: Mapped[str | None] = mapped_column(sa.Text)
    result = fields.json(_("Result"))
