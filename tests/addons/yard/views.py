"""What is shown where in the yard."""

from core.toolkit import Entry, Filter, Form, Head, Kanban, List, Menu, Search, Show, Text, me

from .models import Job, Stage, Tool

VIEWS = [
    List(
        Job,
        Job.title,
        Job.stage,
        Job.price,
        Show(Job.hours, sum=True),
        Job.due_on,
        Job.worker,
        Job.marks,
        Show(Job.port, optional=True),
        order=[Job.price.desc(), Job.title],
    ),
    Form(Job, Head(Job.title)),
    Form(Stage, Head(Stage.name)),
    Kanban(
        Job,
        by=Job.stage,
        title=Job.title,
        lines=[Job.crew, Job.port],
        foot=[Job.due_on, Job.double],
        tags=Job.marks,
        sum=Job.price,
        stars=Job.stars,
        person=Job.worker,
        color=Job.color,
        fold=Stage.folded,
        won=Stage.afloat,
        order=[Job.stars.desc(), Job.title],
        quick=[Job.title, Job.crew, Job.price, Job.stars],
    ),
    Search(
        Job,
        [Job.title, Job.crew, Job.kind, Job.hours, Job.due_on, Job.marks],
        filters=[
            Filter("mine", Text("My jobs"), Job.worker_id == me.id, group="whose"),
            Filter("nobodys", Text("Nobody’s jobs"), Job.worker_id.is_(None), group="whose"),
            Filter("urgent", Text("Urgent"), Job.urgent.is_(True)),
            Filter("big", Text("Big"), ["price", ">=", 1000]),
            Filter("gone", Text("Gone"), Job.active.is_(False), group="life"),
            Filter("there", Text("There"), Job.active.is_(True), group="life"),
        ],
        groups=[Job.stage, Job.crew, Job.kind, Job.urgent, Job.due_on, Job.port, Job.late],
    ),
    Kanban(Tool, by=Tool.shelf, title=Tool.name, quick=[Tool.name]),
]
MENU = Menu(
    Text("Yard"),
    icon="anchor",
    entries=[
        Entry(Text("All jobs"), Job, ["list", "kanban"], slug="jobs"),
        Entry(
            Text("My hulls"),
            Job,
            ["kanban", "list"],
            filters=["mine"],
            domain=Job.kind == "hull",
            defaults={Job.kind: "hull"},
            slug="hulls",
        ),
        Entry(Text("Tools"), Tool, ["kanban"]),
        Entry(Text("Stages"), Stage),
    ],
)
