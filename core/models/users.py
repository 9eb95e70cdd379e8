"""Users and the roles they hold."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from core import fields
from core.db.types import BigId, Moment
from core.i18n import _
from core.model import HasArchive, Model, Plain

from .companies import Company

KINDS = {"internal": _("Staff"), "portal": _("Portal user")}
LANGUAGES = {"en": _("English"), "fa": _("Persian")}
CALENDARS = {"gregorian": _("Gregorian"), "jalali": _("Jalali")}
DIGITS = {"latn": _("Latin digits"), "arabext": _("Persian digits")}
THEMES = {"auto": _("As the device"), "light": _("Light"), "dark": _("Dark")}


class Role(Model, name="core.role", label=_("Role"), plural=_("Roles")):
    """What a person may do; declared by addons, one row each while the addon is installed."""

    code = fields.char(_("Code"), required=True, unique=True, size=80, readonly=True)
    name = fields.char(_("Name"), required=True, search=True, translated=True)


class User(HasArchive, Model, name="core.user", label=_("User"), plural=_("Users")):
    """A person who logs in. `email` is the log-in name, kept folded so that look-alikes are one account."""

    name = fields.char(_("Name"), required=True, search=True)
    email = fields.email(_("E-mail"), required=True, unique=True, search=True)
    password_hash: Mapped[str | None] = mapped_column(sa.String(200))
    session_key: Mapped[str | None] = mapped_column(sa.String(64))
    kind = fields.selection(_("Kind"), KINDS, required=True, default="internal")
    company_id = fields.many2one(Company, _("Company"))
    company = fields.record(company_id)
    roles = fields.many2many(Role, _("Roles"))
    language = fields.selection(_("Language"), LANGUAGES, required=True, default="en")
    calendar = fields.selection(_("Calendar"), CALENDARS, required=True, default="gregorian")
    digits = fields.selection(_("Digits"), DIGITS, required=True, default="latn")
    timezone = fields.char(_("Time zone"), required=True, default="UTC", size=60)
    theme = fields.selection(_("Theme"), THEMES, required=True, default="auto")
    last_login_at = fields.datetime(_("Last log-in"), readonly=True, copy=False)


class Preference(Plain, name="core.preference"):
    """What one user chose for one place of the program, such as the columns of a list."""

    __table_args__ = (sa.UniqueConstraint("user_id", "key"),)

    user_id: Mapped[int] = mapped_column(BigId, sa.ForeignKey("core_user.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(sa.String(120))
    value = fields.json(_("Value"))


class LoginAttempt(Plain, name="core.login_attempt"):
    """A failed log-in, kept for as long as it counts against the limit."""

    subject: Mapped[str] = mapped_column(sa.String(300), index=True)
    at: Mapped[datetime] = mapped_column(Moment(), index=True)
