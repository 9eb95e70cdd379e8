"""The bureau's table of contents."""

from core.toolkit import (
    Ask,
    Buttons,
    Entry,
    Filter,
    Form,
    Group,
    Head,
    Lines,
    List,
    Menu,
    Refused,
    Rights,
    Role,
    Rule,
    Search,
    Seed,
    Show,
    Smart,
    StatusBar,
    Tab,
    Text,
    hookimpl,
    own,
    update_many,
    verb,
)

from .models import Case, Desk, Note, Person, Seal, Step, Word

CLERK, HEAD, READER = (
    Role("bureau.clerk", Text("Clerk")),
    Role("bureau.head", Text("Head"), "all"),
    Role("bureau.reader", Text("Reader"), "all"),
)


@verb(Case, Text("Make urgent"), when=Case.urgent.is_(False), icon="flame")
def hurry(ctx, cases):
    """Mark cases as urgent."""
    update_many(ctx, Case, cases, {Case.urgent: True})
    return Text("Hurry up!")


@verb(
    Case,
    Text("Close"),
    tone="bad",
    asks=[Ask("why", Text("Why"), Case.remarks, required=True), Ask("by", Text("By"), Case.person_id)],
)
def close(ctx, cases, why, by=None):
    """Close cases with a reason."""
    if why == "no reason":
        raise Refused(Text("That is no reason."), field=Case.remarks)
    update_many(ctx, Case, cases, {Case.remarks: why, **({Case.person_id: by} if by else {})})


@verb(Case, Text("Burn"), confirm=Text("Really burn it?"))
def burn(ctx, cases):
    """Cannot be done."""
    update_many(ctx, Case, cases, {Case.title: "Ashes"})
    raise Refused(Text("Paper does not burn here."))


FORM = Form(
    Case,
    StatusBar(Case.step),
    Buttons(hurry, close),
    Head(Case.title, Case.priority, Case.price, Case.opened_on),
    Group(Case.number, Case.kind, Case.person, Case.city, Case.owner, Case.words, Case.helpers, title=Text("Whom")),
    Group(Case.phone, Case.email, Case.site, Case.pages, Case.share, Case.urgent, Case.meets_at, Case.color),
    Tab(Text("Notes"), Lines(Case.notes, Note.text, Note.cost, Note.done)),
    Tab(Text("Text"), Show(Case.body, wide=True), Case.remarks),
    Tab(Text("Papers"), Group(Case.paper, Case.picture), Group(Case.data, Case.sealed, Seal.mark)),
)
VIEWS = [
    FORM,
    List(Case, Case.title, Case.price, order=Case.title),
    Search(Case, [Case.title], filters=[Filter("urgent", Text("Urgent"), Case.urgent.is_(True))]),
    Form(Person, Smart(Text("Cases"), Case.person, icon="folder"), Head(Person.name), Group(Person.city)),
    List(Note, Note.text, Note.case),
]


@hookimpl
def register_models():
    return [Desk, Step, Person, Word, Case, Note, Seal]


@hookimpl
def register_access():
    everything = [Desk, Step, Person, Word, Case, Note]
    rights = [Rights(model, {HEAD: "crud", READER: "r"}) for model in everything]
    rights += [Rights(Case, {CLERK: "cru"}), Rights(Note, {CLERK: "crud"}), Rights(Step, {CLERK: "r"})]
    rights += [Rights(Person, {CLERK: "r"}), Rights(Word, {CLERK: "cr"})]
    return rights, [
        Rule(Case, [CLERK], own(Case.owner_id)),
        Rule(Person, [CLERK], lambda person: person.city != "Atlantis"),
    ]


@hookimpl
def register_views():
    menu = Menu(
        Text("Bureau"),
        [
            Entry(Text("Cases"), Case, slug="cases"),
            Entry(Text("Large cases"), Case, slug="large", defaults={Case.kind: "b", Case.secret: "from the menu"}),
            Entry(Text("Persons"), Person),
        ],
    )
    return VIEWS, menu


@hookimpl
def register_verbs():
    return [hurry, close, burn]


@hookimpl
def register_seeds():
    steps = [("new", "New"), ("running", "Running"), ("done", "Done")]
    return [Seed(Step, key, {Step.name: name, Step.sequence: place}) for place, (key, name) in enumerate(steps)]
