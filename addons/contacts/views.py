"""Lists, forms and boards of contacts, and the menu that opens them."""

from __future__ import annotations

from core.toolkit import (
    Entry,
    Filter,
    Form,
    Group,
    Head,
    Kanban,
    Lines,
    List,
    Menu,
    Search,
    Show,
    Tab,
    _,
    me,
)

from .access import MANAGER
from .lists import Activity, Channel, ContactType, Industry, Medium, Rating, Source, Status, Tag
from .models import Contact, ContactAddress, ContactEmail, ContactPhone

CONTACT_FORM = Form(
    Contact,
    Head(Contact.name),
    Group(
        Contact.kind,
        Contact.parent_id,
        Contact.job_position,
        Contact.code,
        Contact.responsible,
        Contact.tags,
    ),
    Group(Contact.phone, Contact.mobile, Contact.email, Contact.website, Contact.language),
    Group(
        Contact.is_customer,
        Contact.is_prospect,
        Contact.is_supplier,
        Contact.is_representative,
        Contact.is_employee,
        title=_("Is"),
    ),
    Group(
        Contact.street,
        Contact.city,
        Contact.region,
        Contact.postal_code,
        Contact.country,
        title=_("Address"),
    ),
    Tab(
        _("Persons"),
        Lines(Contact.people, Contact.name, Contact.job_position, Contact.phone, Contact.mobile, Contact.email),
    ),
    Tab(
        _("Business"),
        Group(
            Contact.industry,
            Contact.sub_industry,
            Contact.activity,
            Contact.annual_revenue,
            Contact.employees,
            Contact.founded,
            Contact.national_id,
        ),
        Group(
            Contact.type,
            Contact.rating,
            Contact.status,
            Contact.source,
            Contact.channel,
        ),
    ),
    Tab(
        _("Phones and addresses"),
        Lines(Contact.phones, ContactPhone.use, ContactPhone.number, ContactPhone.note),
        Lines(Contact.emails, ContactEmail.use, ContactEmail.address, ContactEmail.note),
        Lines(
            Contact.addresses,
            ContactAddress.use,
            ContactAddress.street,
            ContactAddress.city,
            ContactAddress.region,
            ContactAddress.postal_code,
            ContactAddress.country,
        ),
        Group(Contact.fax),
    ),
    Tab(_("Staff"), Group(Contact.department, Contact.superior_id, Contact.user), Group(Contact.photo)),
    Tab(_("Description"), Show(Contact.description, wide=True)),
)

CONTACT_LIST = List(
    Contact,
    Contact.name,
    Contact.code,
    Show(Contact.kind, optional=True),
    Contact.parent_id,
    Show(Contact.job_position, optional=True),
    Contact.phone,
    Show(Contact.mobile, optional=True),
    Contact.email,
    Contact.city,
    Show(Contact.country, optional=True),
    Show(Contact.industry, optional=True),
    Show(Contact.type, optional=True),
    Show(Contact.rating, optional=True),
    Show(Contact.status, optional=True),
    Show(Contact.source, optional=True),
    Show(Contact.channel, optional=True),
    Show(Contact.department, optional=True),
    Show(Contact.superior_id, optional=True),
    Show(Contact.user, optional=True),
    Contact.responsible,
    Show(Contact.tags, optional=True),
    order=Contact.name,
)

CONTACT_BOARD = Kanban(
    Contact,
    by=Contact.status,
    title=Contact.name,
    lines=[Contact.parent_id, Contact.job_position, Contact.phone],
    foot=[Contact.city],
    tags=Contact.tags,
    person=Contact.responsible,
    fold=Status.folded,
    order=[Contact.name],
    quick=[Contact.name, Contact.kind, Contact.phone],
)

CONTACT_SEARCH = Search(
    Contact,
    [
        Contact.name,
        Contact.code,
        Contact.phone,
        Contact.email,
        Contact.parent_id,
        Contact.city,
        Contact.tags,
        Contact.responsible,
    ],
    filters=[
        Filter("mine", _("My contacts"), Contact.responsible_id == me.id, group="responsible"),
        Filter("unassigned", _("Nobody responsible"), Contact.responsible_id.is_(None), group="responsible"),
        Filter("persons", _("Persons"), Contact.kind == "person", group="kind"),
        Filter("organisations", _("Organisations"), Contact.kind == "organisation", group="kind"),
        Filter("customers", _("Customers"), Contact.is_customer.is_(True), group="role"),
        Filter("prospects", _("Prospects"), Contact.is_prospect.is_(True), group="role"),
        Filter("suppliers", _("Suppliers"), Contact.is_supplier.is_(True), group="role"),
        Filter("representatives", _("Representatives"), Contact.is_representative.is_(True), group="role"),
        Filter("employees", _("Staff"), Contact.is_employee.is_(True), group="role"),
        Filter("archived", _("Archived"), Contact.active.is_(False)),
    ],
    groups=[
        Contact.kind,
        Contact.status,
        Contact.type,
        Contact.rating,
        Contact.industry,
        Contact.country,
        Contact.city,
        Contact.source,
        Contact.channel,
        Contact.responsible,
        Contact.parent_id,
        Contact.department,
    ],
)

LIST_VIEWS = [
    List(Industry, Industry.name, Industry.parent_id, order=Industry.name, editable=True),
    Form(Industry, Head(Industry.name), Group(Industry.parent_id, Industry.active)),
    List(ContactType, ContactType.name, ContactType.sequence, order=ContactType.sequence, editable=True),
    Form(ContactType, Head(ContactType.name), Group(ContactType.sequence, ContactType.active)),
    List(Rating, Rating.name, Rating.sequence, order=Rating.sequence, editable=True),
    Form(Rating, Head(Rating.name), Group(Rating.sequence, Rating.active)),
    List(Status, Status.name, Status.sequence, Status.folded, order=Status.sequence, editable=True),
    Form(Status, Head(Status.name), Group(Status.sequence, Status.folded, Status.active)),
    List(Activity, Activity.name, order=Activity.name, editable=True),
    Form(Activity, Head(Activity.name), Group(Activity.active)),
    List(Source, Source.name, order=Source.name, editable=True),
    Form(Source, Head(Source.name), Group(Source.active)),
    List(Medium, Medium.name, order=Medium.name, editable=True),
    Form(Medium, Head(Medium.name), Group(Medium.active)),
    List(Channel, Channel.name, order=Channel.name, editable=True),
    Form(Channel, Head(Channel.name), Group(Channel.active)),
    List(Tag, Tag.name, Tag.color, order=Tag.name, editable=True),
    Form(Tag, Head(Tag.name), Group(Tag.color, Tag.active)),
]

VIEWS = [CONTACT_FORM, CONTACT_LIST, CONTACT_BOARD, CONTACT_SEARCH, *LIST_VIEWS]

CONFIGURATION = _("Configuration")

MENU = Menu(
    _("Contacts"),
    icon="address-book",
    sequence=20,
    entries=[
        Entry(_("All contacts"), Contact, ["list", "kanban"], slug="contacts"),
        Entry(
            _("Organisations"),
            Contact,
            ["list", "kanban"],
            filters=["organisations"],
            defaults={Contact.kind: "organisation"},
            slug="organisations",
        ),
        Entry(
            _("Staff directory"),
            Contact,
            ["list"],
            filters=["employees"],
            defaults={Contact.is_employee: True},
            slug="staff",
        ),
        Entry(_("Industries"), Industry, group=CONFIGURATION, roles=[MANAGER]),
        Entry(_("Contact types"), ContactType, group=CONFIGURATION, roles=[MANAGER]),
        Entry(_("Ratings"), Rating, group=CONFIGURATION, roles=[MANAGER]),
        Entry(_("Contact statuses"), Status, group=CONFIGURATION, roles=[MANAGER]),
        Entry(_("Fields of activity"), Activity, group=CONFIGURATION, roles=[MANAGER]),
        Entry(_("Sources"), Source, group=CONFIGURATION, roles=[MANAGER]),
        Entry(_("Media"), Medium, group=CONFIGURATION, roles=[MANAGER]),
        Entry(_("Sales channels"), Channel, group=CONFIGURATION, roles=[MANAGER]),
        Entry(_("Contact tags"), Tag, group=CONFIGURATION, roles=[MANAGER]),
    ],
)
