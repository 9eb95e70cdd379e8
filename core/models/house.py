"""What a database keeps of its own house: installed addons, settings, sequences, external keys, files."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import fields
from core.db.types import BigId, Moment
from core.i18n import _
from core.model import Attached, Model, Plain

ADDON_STATES = {"installed": _("Installed"), "disabled": _("Disabled")}


class Addon(Plain, name="core.addon"):
    """An addon installed in this database."""

    name: Mapped[str] = mapped_column(sa.String(31), unique=True, index=True)
    version: Mapped[str] = mapped_column(sa.String(30))
    state = fields.selection(_("State"), ADDON_STATES, required=True, default="installed")
    installed_at: Mapped[datetime] = mapped_column(Moment(), server_default=sa.func.now())


class Stamp(Plain, name="core.stamp"):
    """One row, read first in every request: when a number moves, workers read addons and rights anew."""

    addons: Mapped[int] = mapped_column(sa.Integer, default=1)
    rights: Mapped[int] = mapped_column(sa.Integer, default=1)


class Setting(Plain, name="core.setting"):
    """A setting of the database."""

    key: Mapped[str] = mapped_column(sa.String(120), unique=True, index=True)
    value = fields.json(_("Value"))


class Sequence(Model, name="core.sequence", label=_("Sequence"), plural=_("Sequences")):
    """Numbers for documents: prefix, digits, next number; `{year}` in the prefix is the year of the day."""

    code = fields.char(_("Code"), required=True, unique=True, size=80)
    name = fields.char(_("Name"), required=True, search=True, translated=True)
    prefix = fields.char(_("Prefix"), size=30)
    digits = fields.integer(_("Number of digits"), required=True, default=5, minimum=1, maximum=12)
    next_number = fields.integer(_("Next number"), required=True, default=1, minimum=1)


class ExternalKey(Attached, name="core.external_key"):
    """A record's name in the outside world: the seed of an addon, the key column of an import."""

    __table_args__ = (
        sa.Index("uq_core_external_key_name", "space", "model", "key", unique=True),
        sa.Index("ix_core_external_key_record", "model", "record_id"),
    )

    space: Mapped[str] = mapped_column(sa.String(80))
    key: Mapped[str] = mapped_column(sa.String(200))


class File(Model, name="core.file", label=_("File"), plural=_("Files")):
    """A stored file; it hangs on the record whose field holds it, or belongs to whoever brought it."""

    __table_args__ = (sa.Index("ix_core_file_record", "model", "record_id"),)

    name = fields.char(_("Name"), required=True, search=True)
    media_type = fields.char(_("Type"), required=True, size=120)
    size = fields.integer(_("Size"), required=True, default=0)
    digest = fields.char(_("Digest"), required=True, size=64)
    model: Mapped[str | None] = mapped_column(sa.String(80))
    record_id: Mapped[int | None] = mapped_column(BigId)
