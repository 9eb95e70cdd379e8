"""Users: their log-in names in one spelling, and their passwords."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from core.context import Context
from core.declarations import Ask, verb
from core.errors import Refused
from core.i18n import Text, _
from core.models import User
from core.operations import Change
from core.passwords import SHORTEST, hash_password, login_name


def set_password(ctx: Context, user_id: int, password: str) -> None:
    """Give a user a password and end all his sessions; Refused when it is too short."""
    if len(password) < SHORTEST:
        raise Refused(_("A password has at least %(count)s characters.", count=SHORTEST))
    kept = {User.password_hash: hash_password(password), User.session_key: secrets.token_urlsafe(24)}
    with ctx.sudo("passwords are no field of the user's page") as system:
        system.session.execute(sa.update(User).where(User.id == user_id).values(kept))


@verb(
    User,
    _("Set password"),
    icon="key",
    asks=[Ask("password", _("New password"), kind="password", required=True)],
    bulk=False,
)
def give_password(ctx: Context, users: list[int], password: str) -> Text:
    """Give the user a new password; whoever is logged in with the old one must log in again."""
    for user in users:
        set_password(ctx, user, password)
    return _("The new password holds from now on. Tell it to the person by a safe way.")


def keep_log_in_names_alike(change: Change) -> None:
    """Write log-in names in the one spelling under which they are looked for, so that look-alikes are one account."""
    for place in range(len(change.rows)):
        if change.writes(User.email) and isinstance(email := change.value(User.email, place), str):
            change.set(User.email, login_name(email), place)
