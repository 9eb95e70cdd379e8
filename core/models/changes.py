"""Change sets: every write with its old and new values.

They are the change history on a record's page, the audit of who did what, and what an undo reads.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import fields
from core.db.types import BigId, Json, Moment
from core.i18n import _
from core.model import Attached, Plain

KINDS = {
    "request": _("By hand"),
    "import": _("Import"),
    "job": _("Job"),
    "install": _("Installation"),
    "demo": _("Demonstration data"),
    "undo": _("Undo"),
}


class ChangeSet(Plain, name="core.change_set"):
    """Everything one request, import or job changed."""

    kind = fields.selection(_("Kind"), KINDS, required=True, default="request")
    user_id: Mapped[int | None] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(Moment(), server_default=sa.func.now())
    note: Mapped[str | None] = mapped_column(sa.String(255))
    undone_by_id: Mapped[int | None] = mapped_column(BigId)


class Change(Attached, name="core.change"):
    """One record created, changed or deleted (`c`, `u`, `d`), and the version it then had.

    `old` and `new` hold the fields that differ, by name, as plain JSON.
    """

    __table_args__ = (sa.Index("ix_core_change_record", "model", "record_id", "id"),)

    set_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("core_change_set.id", ondelete="CASCADE"), index=True)
    operation: Mapped[str] = mapped_column(sa.String(1))
    version: Mapped[int] = mapped_column(sa.Integer, default=0, server_default="0")
    old: Mapped[dict[str, object] | None] = mapped_column(Json)
    new: Mapped[dict[str, object] | None] = mapped_column(Json)
