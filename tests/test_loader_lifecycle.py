"""Addons come and go in one transaction each: what was planned, and nothing else."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from core import operations
from core.db import sync
from core.loader import Database, LoaderFault, disable, enable, install, plan, uninstall, upgrade
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.loader_bed import (
    MODELS,
    PLUGIN,
    a_name,
    addon_folder,
    everything,
    prepared_database,
    rediscovered,
    rows,
    schema,
    write,
    write_library,
)


@pytest.fixture
def addons(tmp_path: Path) -> Iterator[Path]:
    with addon_folder(tmp_path) as folder:
        yield folder


@pytest.fixture
def database(database_kind: Kind, fresh_database: FreshDatabase, tmp_path: Path, addons: Path) -> Iterator[Database]:
    with prepared_database(fresh_database, database_kind, tmp_path) as database:
        assert addons in database.settings.addon_paths
        yield database


def test_a_plan_says_what_comes_and_changes_nothing(database: Database, addons: Path) -> None:
    name = write_library(addons)
    database.rediscover()
    before = schema(database), everything(database), database.stamp()
    planned = plan(database, "install", [name])
    assert (schema(database), everything(database), database.stamp()) == before
    (addon,) = planned.addons
    assert (addon.name, addon.old_version, addon.new_version, addon.seeds) == (name, None, "1.0", 4)
    assert addon.schema is not None
    assert [table.name for table in addon.schema.tables] == [f"{name}_shelf", f"{name}_book", f"{name}_book_others"]
    told = {"models": addon.models, "menus": addon.menus, "roles": addon.roles, "jobs": addon.jobs}
    assert {kind: [str(text) for text in texts] for kind, texts in told.items()} == {
        "models": ["Shelfs", "Books"],
        "menus": ["All books"],
        "roles": ["Reader"],
        "jobs": ["Remind readers"],
    }
    assert [(str(right.role), str(right.model), right.letters) for right in addon.rights] == [("Reader", "Books", "cr")]


def test_an_install_makes_tables_roles_and_seeds_and_tells_its_steps(database: Database, addons: Path) -> None:
    name = write_library(addons)
    database.rediscover()
    told: list[tuple[int, int, str]] = []
    stamp = database.stamp()
    assert install(database, [name], lambda done, of, text: told.append((done, of, str(text)))) == (name,)
    title = name.title()
    assert told == [
        (0, 2, f"Making the tables of {title}"),
        (1, 2, f"Making the records of {title}"),
        (2, 2, "Done"),
    ]
    assert database.stamp() == (stamp[0] + 1, stamp[1])
    assert rows(database, f"{name}_shelf", "title") == [("Odes",), ("Poems",)]
    assert rows(database, f"{name}_book JOIN {name}_shelf s ON s.id = shelf_id", "s.title") == [("Odes",)]
    assert rows(database, f"{name}_book_others") == [(1,)]
    assert rows(database, f"core_role WHERE code LIKE '{name}%'", "code") == [(f"{name}.user",)]
    with database.connect() as connection:
        assert sync.plan(connection, name).is_empty
    assert {f"{name}.book", f"{name}.shelf"} <= set(database.registry().by_name)
    with pytest.raises(LoaderFault, match=f"^{name} is installed already.$"):
        install(database, [name])


def test_an_install_brings_what_it_stands_on(database: Database, addons: Path) -> None:
    base = write_library(addons)
    top = a_name("top")
    write(addons, top, depends=(base,), plugin="")
    database.rediscover()
    assert plan(database, "install", [top]).names == (base, top)
    assert install(database, [top]) == (base, top)


def test_a_seed_is_made_once_and_a_persons_change_of_it_is_kept(database: Database, addons: Path) -> None:
    name = write_library(addons)
    database.rediscover()
    install(database, [name])
    shelf = database.registry().model(f"{name}.shelf")
    with database.context() as ctx:
        found = ctx.session.scalars(sa.select(shelf.id).where(shelf.title == "Poems")).one()
        operations.update(ctx, shelf, found, {"title": "Verse"})
        operations.commit(ctx)
    upgrade(database, [name])
    assert rows(database, f"{name}_shelf", "title") == [("Odes",), ("Verse",)]


def test_an_upgrade_adds_and_runs_migrations_in_order(database: Database, addons: Path) -> None:
    name = write_library(addons)
    database.rediscover()
    install(database, [name])
    renamed = MODELS.format(name=name).replace("title = fields.char(_(\"Title\"), required=True)\n", (
        "name = fields.char(_(\"Name\"), required=True)\n    pages = fields.integer(_(\"Pages\"))\n"
    ))  # fmt: skip
    plugin = PLUGIN.format(name=name).replace("models.Book.title", "models.Book.name")
    write(addons, name, version="1.10", models=renamed, plugin=plugin)
    rediscovered(database, name)
    waiting = f"{name} 1.0 is installed and 1.10 is here: run “girih upgrade {name}”."
    assert {key: str(text) for key, text in database.set_aside().items()} == {name: waiting}
    assert f"{name}.book" not in database.registry().by_name

    planned = plan(database, "upgrade", [name])
    assert [str(reason) for reason in planned.blocked] == [
        f"Column name of table {name}_book is required and has no fixed value for old rows.",
        f"Column title of table {name}_book is no longer declared; its values would be lost.",
    ]
    with pytest.raises(LoaderFault, match=f"^The tables of {name} need a migration:\n"):
        upgrade(database, [name])

    folder = addons / name / "migrations"
    folder.mkdir()
    rename = f"batch_alter_table('{name}_book') as t:\n        t.alter_column('title', new_column_name='name')"
    (folder / "1.2.py").write_text(f"def upgrade(op, connection):\n    with op.{rename}\n")
    louder = f"UPDATE {name}_book SET name = name || '!'"
    (folder / "1.10.py").write_text(f"def upgrade(op, connection):\n    connection.exec_driver_sql({louder!r})\n")
    (folder / "1.11.py").write_text("raise RuntimeError('this version is not here yet')\n")
    before = schema(database), everything(database)
    planned = plan(database, "upgrade", [name])
    assert (schema(database), everything(database)) == before
    assert (planned.blocked, planned.addons[0].migrations) == ((), ("1.2", "1.10"))
    assert planned.addons[0].schema is not None
    assert planned.addons[0].schema.columns == (f"{name}_book.pages",)

    assert upgrade(database, [name]) == (name,)
    assert rows(database, f"{name}_book", "name, pages") == [("Divan!", None)]
    assert rows(database, f"{name}_book_others") == [(1,)]
    assert database.set_aside() == {}
    with database.connect() as connection:
        assert sync.plan(connection, name).is_empty


def test_what_is_needed_by_others_stays_until_they_are_named_too(database: Database, addons: Path) -> None:
    base, top = write_library(addons), a_name("top")
    write(addons, top, depends=(base,), plugin="")
    database.rediscover()
    install(database, [top])
    told = f"{base} is needed by {top}. Name them too, or leave it."
    for verb in (disable, uninstall):
        with pytest.raises(LoaderFault) as refusal:
            verb(database, [base])
        assert str(refusal.value) == told
    assert [str(reason) for reason in plan(database, "uninstall", [base]).blocked] == [told]
    assert disable(database, [base, top]) == (top, base)
    with pytest.raises(LoaderFault, match=f"^{base} is needed and is disabled: enable it first.$"):
        enable(database, [top])
    assert enable(database, [top, base]) == (base, top)
    assert len(uninstall(database, [base, top])) == 2


def test_a_disabled_addon_is_gone_from_the_registry_and_keeps_its_records(database: Database, addons: Path) -> None:
    name = write_library(addons)
    database.rediscover()
    install(database, [name])
    before = everything(database)
    assert disable(database, [name]) == (name,)
    assert f"{name}.book" not in database.registry().by_name
    with pytest.raises(LoaderFault, match=f"^{name} is disabled already.$"):
        disable(database, [name])
    assert enable(database, [name]) == (name,)
    assert f"{name}.book" in database.registry().by_name
    assert everything(database) == before


def test_an_uninstall_exports_and_leaves_everything_as_before_the_install(database: Database, addons: Path) -> None:
    name = write_library(addons)
    database.rediscover()
    before = schema(database), everything(database)
    install(database, [name])
    book = database.registry().model(f"{name}.book")
    with database.context() as ctx:
        ctx.work.kind = "install"  # so that its change set, too, goes when it is empty
        operations.create(ctx, book, {"title": "گلستان"})
        operations.commit(ctx)
    assert dict(plan(database, "uninstall", [name]).addons[0].rows)[f"{name}_book"] == 2
    (exported,) = uninstall(database, [name])
    assert (schema(database), everything(database)) == before
    assert exported.parent == database.settings.data_dir / "exports"
    assert exported.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(exported) as archive:
        books = [json.loads(line) for line in archive.read(f"{name}_book.jsonl").splitlines()]
        about = json.loads(archive.read("export.json"))
    assert [one["title"] for one in books] == ["Divan", "گلستان"]
    assert (about["addon"], about["version"]) == (name, "1.0")
    install(database, [name])
    assert rows(database, f"{name}_book", "title") == [("Divan",)]


def test_a_seed_of_anothers_model_stays_when_somebody_uses_it(database: Database, addons: Path) -> None:
    base, top = write_library(addons), a_name("top")
    seeds = f"""
        from core.toolkit import Seed, hookimpl
        from {base} import models

        @hookimpl
        def register_seeds():
            return [
                Seed(models.Shelf, "prose", {{models.Shelf.title: "Prose"}}),
                Seed(models.Shelf, "maps", {{models.Shelf.title: "Maps"}}),
            ]
    """
    write(addons, top, depends=(base,), plugin=seeds)
    database.rediscover()
    install(database, [top])
    registry = database.registry()
    shelf, book = registry.model(f"{base}.shelf"), registry.model(f"{base}.book")
    with database.context() as ctx:
        prose = ctx.session.scalars(sa.select(shelf.id).where(shelf.title == "Prose")).one()
        operations.create(ctx, book, {"title": "Gulistan", "shelf": prose})
        operations.commit(ctx)
    uninstall(database, [top])
    assert rows(database, f"{base}_shelf", "title") == [("Odes",), ("Poems",), ("Prose",)]
