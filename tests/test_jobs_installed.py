"""The jobs of an installed addon, from its plugin to the row it changes, on databases as a server has them."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from core.jobs import Crew, enqueue, job_state, run_due
from core.loader.database import Databases
from core.loader.lifecycle import disable
from core.loader.setup import SetupAnswers, set_up
from core.models import Change, ChangeSet, User
from core.operations import commit
from core.settings import Settings

INIT = """
from core.manifest import Manifest

MANIFEST = Manifest(name="greeter", title="Greeter", version="1.0")
"""
PLUGIN = """
import threading

from core.toolkit import Company, JobKind, _, hookimpl, progress, update

DONE = threading.Event()


def greet(ctx, company_id, name):
    progress(0, 1, _("Writing"))
    update(ctx, Company, company_id, {"name": name})
    ctx.work.after_commit.append(DONE.set)
    return {"by": ctx.user.name}


@hookimpl
def register_jobs():
    return [JobKind("greeter.greet", greet)]
"""


@pytest.fixture(scope="module")
def addons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("addons")
    (folder / "greeter").mkdir()
    (folder / "greeter" / "__init__.py").write_text(INIT, encoding="utf-8")
    (folder / "greeter" / "plugin.py").write_text(PLUGIN, encoding="utf-8")
    return folder


@pytest.fixture
def databases(tmp_path: Path, addons: Path, database_url: str) -> Iterator[Databases]:
    settings = Settings(tmp_path / "var", database_url, "s" * 32, addon_paths=(addons,))
    databases = Databases(settings)
    set_up(databases.default, SetupAnswers("Rose", "Anne", "anne@example.com", "a long password", addons=("greeter",)))
    yield databases
    databases.close()


def put(databases: Databases, name: str) -> tuple[int, int]:
    """Enqueue a greeting as the administrator; return the ids of the job and of the user."""
    with databases.default.context() as system:
        user_id = system.session.scalars(sa.select(User.id)).one()
    with databases.default.context(user_id) as ctx:
        job_id = enqueue(ctx, "greeter.greet", company_id=1, name=name)
        commit(ctx)
    return job_id, user_id


def test_an_addons_job_is_run_by_the_server_as_its_user_and_leaves_a_change_set(databases: Databases) -> None:
    database = databases.default
    done = importlib.import_module("greeter.plugin").DONE
    done.clear()
    crew = Crew(databases.ready)
    crew.start()
    job_id, user_id = put(databases, "Tulip")
    assert done.wait(30)
    crew.stop(30)

    with database.context(user_id) as ctx:
        state = job_state(ctx, job_id)
        assert (state.state, state.result, str(state.label)) == ("done", {"by": "Anne"}, "Job")
    with database.context() as system:
        kept = sa.select(ChangeSet.kind, ChangeSet.user_id, ChangeSet.note, Change.new).join(
            Change, Change.set_id == ChangeSet.id
        )
        assert list(system.session.execute(kept.where(ChangeSet.kind == "job")).one()) == [
            "job",
            user_id,
            "greeter.greet",
            {"name": "Tulip"},
        ]


def test_a_job_of_an_addon_switched_off_meanwhile_waits_for_it(databases: Databases) -> None:
    job_id, user_id = put(databases, "Tulip")
    disable(databases.default, ["greeter"])

    assert run_due(databases.default) == 1

    with databases.default.context(user_id) as ctx:
        state = job_state(ctx, job_id)
        assert (state.state, state.label) == ("waiting", "greeter.greet")
