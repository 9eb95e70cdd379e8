"""The yard's table of contents."""

from core.toolkit import (
    Refused,
    Rights,
    Role,
    Rule,
    Text,
    hookimpl,
    own_or_unassigned,
    read,
    update_many,
    verb,
)

from .models import Crew, Job, Mark, Shelf, Stage, Survey, Tool
from .views import MENU, VIEWS

WORKER, MASTER, GUEST = (
    Role("yard.worker", Text("Worker")),
    Role("yard.master", Text("Master"), "all"),
    Role("yard.guest", Text("Guest"), "all"),
)


@verb(Job, Text("Launch"), when=Job.urgent.is_(False), icon="flag")
def launch(ctx, jobs):
    """Mark jobs as urgent."""
    update_many(ctx, Job, jobs, {Job.urgent: True})


@hookimpl
def register_models():
    return [Crew, Stage, Mark, Job, Survey, Shelf, Tool]


@hookimpl
def register_access():
    everything = {WORKER: "r", MASTER: "crud", GUEST: "r"}
    rights = [Rights(model, everything) for model in (Crew, Stage, Mark, Shelf)]
    rights += [Rights(Job, {WORKER: "cru", MASTER: "crud", GUEST: "r"}), Rights(Tool, {WORKER: "crud", MASTER: "crud"})]
    return rights, [Rule(Job, [WORKER], own_or_unassigned(Job.worker_id))]


@hookimpl
def register_views():
    return VIEWS, MENU


@hookimpl
def register_verbs():
    return [launch]


@hookimpl
def before_save(ctx, change):
    if change.model is Job and change.updates and change.changes(Job.stage):
        for row in read(ctx, Job, change.ids, ["title"]):
            if row["title"] == "Wreck":
                raise Refused(Text("A wreck stays where it is."), field=Job.stage)
