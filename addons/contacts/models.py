"""Contacts: persons and organisations in one table, and the further phones, mails and addresses of each."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.orm import Mapped

from core.toolkit import (
    Check,
    Country,
    HasActivities,
    HasArchive,
    HasChatter,
    Model,
    User,
    _,
    fields,
)

from .lists import Activity, Channel, ContactType, Industry, Rating, Source, Status, Tag

KINDS = {"person": _("Person"), "organisation": _("Organisation")}

LANGUAGES = {
    "fa": _("Persian"),
    "en": _("English"),
    "ar": _("Arabic"),
    "az": _("Azerbaijani"),
    "de": _("German"),
    "es": _("Spanish"),
    "fr": _("French"),
    "hi": _("Hindi"),
    "it": _("Italian"),
    "ja": _("Japanese"),
    "ku": _("Kurdish"),
    "nl": _("Dutch"),
    "pt": _("Portuguese"),
    "ru": _("Russian"),
    "tr": _("Turkish"),
    "ur": _("Urdu"),
    "zh": _("Chinese"),
}

USES = {"work": _("Work"), "home": _("Home"), "other": _("Other")}
ADDRESS_USES = {"billing": _("Billing"), "shipping": _("Shipping"), **USES}


class Contact(
    HasActivities, HasChatter, HasArchive, Model, name="contacts.contact", label=_("Contact"), plural=_("Contacts")
):
    """A person or an organisation; it may be customer, supplier and more at once."""

    __checks__ = (
        Check("parent_id IS NULL OR parent_id <> id", _("A contact cannot belong to itself."), name="other_parent"),
        Check("superior_id IS NULL OR superior_id <> id", _("Nobody is his own superior."), name="other_superior"),
    )
    __table_args__ = (
        sa.Index("ix_contacts_contact_responsible", "responsible_id", "id"),
        sa.Index("ix_contacts_contact_made_by", "created_by_id", "id"),
    )

    kind = fields.selection(_("Kind"), KINDS, required=True, default="person", tracked=True)
    name = fields.char(_("Name"), required=True, search=True, tracked=True, index=True)
    code = fields.char(
        _("Customer code"),
        size=40,
        unique=True,
        search=True,
        copy=False,
        help=_("Left empty, the next number is taken."),
    )
    national_id = fields.char(_("National or company number"), size=40, search=True, copy=False)
    photo = fields.image(_("Picture"), index=False)

    is_customer = fields.boolean(_("Customer"), tracked=True, index=True)
    is_prospect = fields.boolean(_("Prospect"), tracked=True)
    is_supplier = fields.boolean(_("Supplier"), tracked=True)
    is_representative = fields.boolean(_("Representative"), tracked=True)
    is_employee = fields.boolean(_("Employee"), tracked=True)

    parent_id = fields.parent(_("Organisation"), ondelete="SET NULL", tracked=True)
    job_position = fields.char(_("Job position"))
    department = fields.char(_("Department"))
    superior_id = fields.parent(_("Superior"), ondelete="SET NULL")
    user_id = fields.many2one(
        User,
        _("User"),
        ondelete="SET NULL",
        unique=True,
        copy=False,
        help=_("The account with which this person logs in."),
    )
    user = fields.record(user_id)

    phone = fields.phone(_("Phone"), search=True)
    mobile = fields.phone(_("Mobile"), search=True)
    fax = fields.phone(_("Fax"))
    email = fields.email(_("E-mail"), search=True, index=True)
    website = fields.url(_("Web site"))
    language = fields.selection(_("Language"), LANGUAGES)

    street = fields.char(_("Street"))
    city = fields.char(_("City"), size=120)
    region = fields.char(_("Province"), size=120)
    postal_code = fields.char(_("Postal code"), size=20)
    country_id = fields.many2one(Country, _("Country"), index=False)
    country = fields.record(country_id)

    industry_id = fields.many2one(Industry, _("Main industry"), index=False)
    industry = fields.record(industry_id)
    sub_industry_id = fields.many2one(Industry, _("Sub-industry"), index=False)
    sub_industry = fields.record(sub_industry_id)
    type_id = fields.many2one(ContactType, _("Type"), index=False)
    type = fields.record(type_id)
    rating_id = fields.many2one(Rating, _("Rating"), index=False, tracked=True)
    rating = fields.record(rating_id)
    status_id = fields.many2one(Status, _("Status"), tracked=True)
    status = fields.record(status_id)
    activity_id = fields.many2one(Activity, _("Field of activity"), index=False)
    activity = fields.record(activity_id)
    source_id = fields.many2one(Source, _("Source"), index=False)
    source = fields.record(source_id)
    channel_id = fields.many2one(Channel, _("Sales channel"), index=False)
    channel = fields.record(channel_id)
    tags = fields.tags(Tag, _("Tags"))

    responsible_id = fields.many2one(
        User, _("Responsible"), ondelete="SET NULL", default=fields.ME, tracked=True, index=False
    )
    responsible = fields.record(responsible_id)
    annual_revenue = fields.money(_("Annual revenue"))
    employees = fields.integer(_("Number of employees"), minimum=0)
    founded = fields.integer(_("Founded in"), minimum=1, maximum=9999, help=_("The year."))
    description = fields.rich_text(_("Description"))

    people: Mapped[list[Contact]] = fields.one2many("parent_id", _("Persons"))
    staff: Mapped[list[Contact]] = fields.one2many("superior_id", _("Staff below"))
    phones: Mapped[list[ContactPhone]] = fields.one2many("contact_id", _("Further phones"))
    emails: Mapped[list[ContactEmail]] = fields.one2many("contact_id", _("Further e-mail addresses"))
    addresses: Mapped[list[ContactAddress]] = fields.one2many("contact_id", _("Further addresses"))


class ContactPhone(Model, name="contacts.phone", label=_("Phone number"), plural=_("Phone numbers")):
    """One more phone of a contact."""

    contact_id = fields.many2one(Contact, _("Contact"), required=True, ondelete="CASCADE")
    contact = fields.record(contact_id)
    use = fields.selection(_("Use"), USES, required=True, default="work")
    number = fields.phone(_("Number"), required=True, search=True)
    note = fields.char(_("Note"))


class ContactEmail(Model, name="contacts.email", label=_("E-mail address"), plural=_("E-mail addresses")):
    """One more e-mail address of a contact."""

    contact_id = fields.many2one(Contact, _("Contact"), required=True, ondelete="CASCADE")
    contact = fields.record(contact_id)
    use = fields.selection(_("Use"), USES, required=True, default="work")
    address = fields.email(_("E-mail"), required=True, search=True)
    note = fields.char(_("Note"))


class ContactAddress(Model, name="contacts.address", label=_("Address"), plural=_("Addresses")):
    """One more address of a contact."""

    contact_id = fields.many2one(Contact, _("Contact"), required=True, ondelete="CASCADE")
    contact = fields.record(contact_id)
    use = fields.selection(_("Use"), ADDRESS_USES, required=True, default="billing")
    street = fields.char(_("Street"), required=True)
    city = fields.char(_("City"), size=120)
    region = fields.char(_("Province"), size=120)
    postal_code = fields.char(_("Postal code"), size=20)
    country_id = fields.many2one(Country, _("Country"), index=False)
    country = fields.record(country_id)


LINES = (ContactPhone, ContactEmail, ContactAddress)
