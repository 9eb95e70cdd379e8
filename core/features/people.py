"""Users: their log-in names in one spelling, and their passwords."""

from __future__ import annotations

import secrets

import sqlalchemy as sa

from core.context import Context
from core.declarations import ADMIN, Ask, verb
from core.errors import Refused
from core.i18n import Text, _
from core.models import Role, User
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


def keep_an_administrator(ctx: Context, change: Change) -> None:
    """Refuse a change after which nobody could administrate any more."""
    if change.updates and not (change.changes(User.active) or change.changes(User.roles)):
        return
    admins = User.roles.any(Role.code == ADMIN.code)
    number = sa.select(sa.func.count(User.id)).where(admins)
    with ctx.sudo("whoever may change users need not see all of them") as system:
        losing = system.session.scalar(number.where(User.id.in_(change.ids)))
        others = system.session.scalar(number.where(User.active, User.id.not_in(change.ids)))
        own = system.session.scalar(sa.select(Role.id).where(Role.code == ADMIN.code))
    active = not change.writes(User.active) or change.value(User.active)
    stays = change.updates and active and (not change.writes(User.roles) or own in change.value(User.roles))
    if losing and not others and not stays:
        raise Refused(_("Somebody must be administrator. Make another person one first."))
