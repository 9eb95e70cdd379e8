"""Tables of the bureau."""

from __future__ import annotations

from sqlalchemy.orm import Mapped

from core.toolkit import Check, Extension, HasArchive, HasChatter, Model, Text, User, fields

KINDS = {"a": Text("Small"), "b": Text("Large")}
PRIORITIES = {"0": Text("Low"), "1": Text("High"), "2": Text("Very high")}


class Desk(Model, name="bureau.desk", label=Text("Desk"), plural=Text("Desks")):
    """Where cases are worked on; a desk may have steps of its own."""

    name = fields.char(Text("Name"), required=True)


class Step(HasArchive, Model, name="bureau.step", label=Text("Step"), plural=Text("Steps")):
    """Where a case stands."""

    name = fields.char(Text("Name"), required=True)
    sequence = fields.integer(Text("Sequence"), default=10)
    desk_id = fields.many2one(Desk, Text("Desk"))
    desk = fields.record(desk_id)


class Person(Model, name="bureau.person", label=Text("Person"), plural=Text("Persons")):
    """Whom a case is for; a name alone does not do."""

    name = fields.char(Text("Name"), required=True, search=True)
    city = fields.char(Text("City"), required=True, search=True)


class Word(Model, name="bureau.word", label=Text("Word"), plural=Text("Words")):
    """A coloured word; a name alone does."""

    name = fields.char(Text("Name"), required=True, search=True)
    color = fields.color(Text("Colour"))


class Case(HasChatter, HasArchive, Model, name="bureau.case", label=Text("Case"), plural=Text("Cases")):
    """A case, with every kind of field."""

    __checks__ = (Check("pages < 100000", Text("No case has that many pages."), name="pages_fit"),)

    title = fields.char(Text("Title"), required=True, tracked=True, search=True, size=60)
    number = fields.char(Text("Number"), unique=True)
    body = fields.rich_text(Text("Body"))
    remarks = fields.text(Text("Remarks"))
    pages = fields.integer(Text("Pages"), minimum=0, default=1)
    share = fields.decimal(Text("Share"), size=10, scale=4)
    price = fields.money(Text("Price"), tracked=True)
    urgent = fields.boolean(Text("Urgent"))
    opened_on = fields.date(Text("Opened on"))
    meets_at = fields.datetime(Text("Meets at"))
    kind = fields.selection(Text("Kind"), KINDS, default="a", required=True)
    priority = fields.selection(Text("Priority"), PRIORITIES, default="0", widget="stars")
    step_id = fields.many2one(Step, Text("Step"), tracked=True)
    step = fields.record(step_id)
    desk_id = fields.many2one(Desk, Text("Desk"))
    desk = fields.record(desk_id)
    person_id = fields.many2one(Person, Text("Person"))
    person = fields.record(person_id)
    owner_id = fields.many2one(User, Text("Owner"), default=fields.ME)
    owner = fields.record(owner_id)
    words = fields.tags(Word, Text("Words"))
    helpers = fields.many2many(Person, Text("Helpers"))
    phone = fields.phone(Text("Phone"))
    email = fields.email(Text("E-mail"))
    site = fields.url(Text("Site"))
    color = fields.color(Text("Colour"))
    data = fields.json(Text("Data"))
    paper = fields.file(Text("Paper"))
    picture = fields.image(Text("Picture"))
    secret = fields.char(Text("Secret"))
    sealed = fields.char(Text("Sealed"), readonly=True)
    city = fields.related(Text("City"), person_id, Person.city)
    notes: Mapped[list[Note]] = fields.one2many("case_id", Text("Notes"))


class Note(Model, name="bureau.note", label=Text("Note"), plural=Text("Notes")):
    """A line of a case."""

    case_id = fields.many2one(Case, Text("Case"), required=True, ondelete="CASCADE")
    case = fields.record(case_id)
    text = fields.char(Text("Text"), required=True)
    cost = fields.money(Text("Cost"), minimum=0)
    done = fields.boolean(Text("Done"))
    sequence = fields.integer(Text("Sequence"), default=0)


class Seal(Extension, of=Case):
    """What the keeper of seals knows of a case."""

    mark = fields.char(Text("Mark"))
