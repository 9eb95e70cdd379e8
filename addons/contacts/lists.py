"""The small lists that describe a contact; an administrator of the app edits them."""

from __future__ import annotations

from core.toolkit import HasArchive, Model, _, fields


class Industry(HasArchive, Model, name="contacts.industry", label=_("Industry"), plural=_("Industries")):
    """A branch of business; one with a main industry above it is a sub-industry."""

    name = fields.char(_("Name"), required=True, search=True, translated=True)
    parent_id = fields.parent(_("Main industry"))


class ContactType(HasArchive, Model, name="contacts.type", label=_("Contact type"), plural=_("Contact types")):
    """What a contact is to the business, such as key account."""

    name = fields.char(_("Name"), required=True, unique=True, search=True, translated=True)
    sequence = fields.integer(_("Position"), required=True, default=10)


class Rating(HasArchive, Model, name="contacts.rating", label=_("Rating"), plural=_("Ratings")):
    """How promising a contact is."""

    name = fields.char(_("Name"), required=True, unique=True, search=True, translated=True)
    sequence = fields.integer(_("Position"), required=True, default=10)


class Status(HasArchive, Model, name="contacts.status", label=_("Contact status"), plural=_("Contact statuses")):
    """How things stand with a contact; the columns of the board."""

    name = fields.char(_("Name"), required=True, unique=True, search=True, translated=True)
    sequence = fields.integer(_("Position"), required=True, default=10)
    folded = fields.boolean(_("Folded on the board"))


class Activity(
    HasArchive, Model, name="contacts.activity", label=_("Field of activity"), plural=_("Fields of activity")
):
    """What a contact does, in the words of the business."""

    name = fields.char(_("Name"), required=True, unique=True, search=True, translated=True)


class Source(HasArchive, Model, name="contacts.source", label=_("Source"), plural=_("Sources")):
    """Where customers come from: a site, a referral, an exhibition."""

    name = fields.char(_("Name"), required=True, unique=True, search=True, translated=True)


class Medium(HasArchive, Model, name="contacts.medium", label=_("Medium"), plural=_("Media")):
    """By which means they came: mail, phone, a visit."""

    name = fields.char(_("Name"), required=True, unique=True, search=True, translated=True)


class Channel(HasArchive, Model, name="contacts.channel", label=_("Sales channel"), plural=_("Sales channels")):
    """An own sales centre through which business is done."""

    name = fields.char(_("Name"), required=True, unique=True, search=True, translated=True)


class Tag(HasArchive, Model, name="contacts.tag", label=_("Contact tag"), plural=_("Contact tags")):
    """A coloured word on contacts."""

    name = fields.char(_("Name"), required=True, unique=True, search=True)
    color = fields.color(_("Colour"), default=0)


LISTS = (Industry, ContactType, Rating, Status, Activity, Source, Medium, Channel, Tag)
