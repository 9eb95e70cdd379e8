"""What follows from saving a contact: its customer code, and no circles among organisations."""

from __future__ import annotations

from core.toolkit import Change, Context, Refused, _, get, next_numbers

from .models import Contact
from .seeds import CODES

LEVELS = 50
"""More organisations above each other than anybody has."""


def give_codes(ctx: Context, change: Change) -> None:
    """Number new contacts that came without a customer code."""
    places = [place for place in range(len(change.rows)) if not change.value(Contact.code, place)]
    numbers = next_numbers(ctx, CODES, len(places)) if places else []
    for place, number in zip(places, numbers, strict=True):
        change.set(Contact.code, number, place)


def refuse_circles(ctx: Context, change: Change) -> None:
    """Refuse an organisation that would come to stand, over others, below itself; superiors likewise."""
    for link, name, text in (
        (Contact.parent_id, "parent", _("This organisation already belongs to the contact, directly or over others.")),
        (Contact.superior_id, "superior", _("This superior already stands below the contact.")),
    ):
        above = change.value(link)
        if not change.changes(link) or above is None:
            continue
        with ctx.sudo("who stands above whom may lead over contacts one may not see") as system:
            for _level in range(LEVELS):
                if above in change.ids:
                    raise Refused(text, field=link)
                row = get(system, Contact, above, [name])
                if row is None or row[name] is None:
                    break
                above = row[name].id
