"""The yard's models."""

import sqlalchemy as sa

from core.toolkit import Extension, HasArchive, Model, Text, User, fields, today

KINDS = {"hull": Text("Hull"), "mast": Text("Mast"), "sail": Text("Sail")}


class Crew(Model, name="yard.crew"):
    """People who work together."""

    name = fields.char(Text("Name"), required=True, search=True)


class Stage(Model, name="yard.stage"):
    """How far a job is; some stages are one crew's alone."""

    name = fields.char(Text("Name"), required=True, search=True)
    sequence = fields.integer(Text("Order"), required=True, default=10)
    crew_id = fields.many2one(Crew, Text("Crew"))
    crew = fields.record(crew_id)
    afloat = fields.boolean(Text("Afloat"))
    folded = fields.boolean(Text("Folded"))


class Mark(Model, name="yard.mark"):
    """A coloured word."""

    name = fields.char(Text("Name"), required=True)
    color = fields.color(Text("Colour"))


class Job(HasArchive, Model, name="yard.job", label=Text("Job"), plural=Text("Jobs")):
    """Work on one ship."""

    title = fields.char(Text("Ship"), required=True, search=True)
    stage_id = fields.many2one(Stage, Text("Stage"))
    stage = fields.record(stage_id)
    crew_id = fields.many2one(Crew, Text("Crew"))
    crew = fields.record(crew_id)
    worker_id = fields.many2one(User, Text("Worker"))
    worker = fields.record(worker_id)
    price = fields.money(Text("Price"))
    hours = fields.integer(Text("Hours"))
    share = fields.integer(Text("Done"), minimum=0, maximum=100, widget="percent")
    stars = fields.integer(Text("Priority"), required=True, default=0, minimum=0, maximum=3, widget="stars")
    kind = fields.selection(Text("Kind"), KINDS)
    urgent = fields.boolean(Text("Urgent"))
    due_on = fields.date(Text("Due on"))
    seen_at = fields.datetime(Text("Seen at"))
    port = fields.char(Text("Port"))
    page = fields.url(Text("Page"))
    remarks = fields.rich_text(Text("Remarks"))
    color = fields.color(Text("Colour"))
    marks = fields.tags(Mark, Text("Marks"))
    late = fields.computed(Text("Late"), sa.and_(due_on.is_not(None), due_on < today()))
    double = fields.computed(Text("Double"), hours * 2)


class Survey(Extension, of=Job):
    """What a surveyor adds."""

    grade = fields.char(Text("Grade"))


class Shelf(Model, name="yard.shelf", label=Text("Shelf"), plural=Text("Shelves")):
    """A column of the tool board."""

    name = fields.char(Text("Name"), required=True)
    sequence = fields.integer(Text("Order"), required=True, default=10)


class Tool(Model, name="yard.tool"):
    """A tool that has its place among others."""

    name = fields.char(Text("Name"), required=True)
    sequence = fields.integer(Text("Order"), required=True, default=10)
    shelf_id = fields.many2one(Shelf, Text("Shelf"))
    shelf = fields.record(shelf_id)
