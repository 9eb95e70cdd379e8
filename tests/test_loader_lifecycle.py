"""Addons come and go in one transaction each: all that was planned, or nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from core import operations
from core.db import sync
from core.i18n import Text, use_language
from core.loader import Database, LoaderFault, NotSetUp, disable, enable, install, plan, uninstall, upgrade
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.loader_bed import (
    MODELS,
    PLUGIN,
    a_name,
    database_of,
    forgetting,
    rediscovered,
    settings_of,
    write,
    write_library,
)


@pytest.fixture
def addons(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "addons"
    folder.mkdir()
    with forgetting(folder):
        yield folder


def prepare(url: str) -> None:
    """Set a database up once; the tests work on copies."""
    database = database_of(url, Path(os.environ["PYTEST_TMP"]))
    database.close()


@pytest.fixture
def database(
    database_kind: Kind,
    fresh_database: FreshDatabase,
    tmp_path: Path,
    addons: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Database]:
    assert addons
    monkeypatch.setenv("PYTEST_TMP", str(tmp_path_factory.mktemp("prepared")))
    database = database_of(fresh_database(database_kind, "loader", prepare), tmp_path)
    yield database
    database.close()


def schema(database: Database) -> dict[str, list[str]]:
    with database.connect() as connection:
        inspector = sa.inspect(connection)
        return {
            name: [str(inspector.get_columns(name)), str(inspector.get_indexes(name))]
            for name in inspector.get_table_names()
        }


def everything(database: Database) -> dict[str, Any]:
    """The rows of all tables but the stamp, which counts."""
    found: dict[str, Any] = {}
    with database.connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            if name != "core_stamp":
                found[name] = sorted(map(str, connection.execute(sa.text(f"SELECT * FROM {name}"))))
    return found


def rows(database: Database, table: str, columns: str = "count(*)") -> list[Any]:
    with database.connect() as connection:
        return [tuple(row) for row in connection.execute(sa.text(f"SELECT {columns} FROM {table} ORDER BY 1"))]


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


def failing(name: str) -> str:
    return PLUGIN.format(name=name) + dedent_hook("raise RuntimeError('the last step failed')")


def dedent_hook(body: str) -> str:
    return f"\n@hookimpl\ndef after_install(ctx):\n    {body}\n"


def test_an_install_that_fails_at_its_last_step_leaves_the_database_as_before(database: Database, addons: Path) -> None:
    name = write_library(addons)
    write(addons, name, plugin=failing(name))
    database.rediscover()
    before = schema(database), everything(database), database.stamp()
    with pytest.raises(LoaderFault) as fault:
        install(database, [name])
    plugin = addons / name / "plugin.py"
    line = len(plugin.read_text().splitlines())
    told = f"{plugin}:{line}: RuntimeError: the last step failed"
    assert str(fault.value) == f"The addon {name} failed, and nothing was changed. {told}"
    assert (schema(database), everything(database), database.stamp()) == before


def test_an_uninstall_that_fails_leaves_no_export_and_the_database_as_before(database: Database, addons: Path) -> None:
    name = write_library(addons)
    refusing = "\n@hookimpl\ndef before_uninstall(ctx):\n    raise RuntimeError('not now')\n"
    write(addons, name, plugin=PLUGIN.format(name=name) + refusing)
    database.rediscover()
    install(database, [name])
    before = schema(database), everything(database), database.stamp()
    with pytest.raises(LoaderFault, match=r"RuntimeError: not now$"):
        uninstall(database, [name])
    assert (schema(database), everything(database), database.stamp()) == before
    assert list((database.settings.data_dir / "exports").iterdir()) == []


def test_an_install_killed_half_way_leaves_the_database_as_before(
    database: Database, addons: Path, tmp_path: Path
) -> None:
    name = write_library(addons)
    write(addons, name, plugin=PLUGIN.format(name=name) + dedent_hook("import os; os.kill(os.getpid(), 9)"))
    before = schema(database), everything(database), database.stamp()
    environment = {
        "PATH": os.environ["PATH"],
        "GIRIH_DATABASE_URL": database.url,
        "GIRIH_DATA": str(tmp_path / "data"),
        "GIRIH_ADDON_PATHS": str(addons),
    }
    command = [sys.executable, "-m", "core.cli", "install", name]
    killed = subprocess.run(command, env=environment, cwd=Path(__file__).parents[1], capture_output=True, check=False)
    assert (killed.returncode, killed.stderr) == (-9, b"")
    assert (schema(database), everything(database), database.stamp()) == before


def test_declarations_that_do_not_fit_are_told_all_at_once_and_nothing_is_installed(
    database: Database, addons: Path
) -> None:
    name = write_library(addons)
    views = f"return [List(models.Book, models.Shelf.title)], []\n\n@hookimpl\ndef regster_{name}():\n    return []\n"
    plugin = PLUGIN.format(name=name).replace("return [List(models.Book, models.Book.title)], ", views + "\n    ")
    write(addons, name, plugin=plugin)
    database.rediscover()
    before = schema(database), everything(database)
    with pytest.raises(LoaderFault) as fault:
        install(database, [name])
    told = str(fault.value).splitlines()
    assert told[0] == f"The declarations of {name} have faults:"
    file = addons / name / "plugin.py"
    assert any(line.startswith(f"{file}:") and "belongs to" in line for line in told[1:])
    assert any(line.startswith(f"{file}:") and "regster" in line for line in told[1:])
    assert (schema(database), everything(database)) == before


def test_an_installed_addon_that_broke_is_set_aside_with_all_that_stand_on_it(database: Database, addons: Path) -> None:
    name, top, other = write_library(addons), a_name("top"), write_library(addons)
    write(addons, top, depends=(name,), plugin="")
    database.rediscover()
    install(database, [top, other])
    plugin = addons / name / "plugin.py"
    plugin.write_text("import nothing_like_it\n")
    rediscovered(database, name)
    aside = {key: str(text) for key, text in database.set_aside().items()}
    assert aside == {
        name: f"The addon {name} cannot be loaded. {plugin}:1: ModuleNotFoundError: No module named 'nothing_like_it'",
        top: f"{top} stands on {name}, which is broken or missing.",
    }
    assert f"{other}.book" in database.registry().by_name
    assert f"{name}.book" not in database.registry().by_name


def test_a_database_learns_of_an_install_at_its_next_request(database: Database, addons: Path, tmp_path: Path) -> None:
    name = write_library(addons)
    another_process = Database("main", database.url, settings_of(database.url, tmp_path))
    assert f"{name}.book" not in another_process.registry().by_name
    database.rediscover()
    install(database, [name])
    assert f"{name}.book" in another_process.registry().by_name
    uninstall(database, [name])
    assert f"{name}.book" not in another_process.registry().by_name
    another_process.close()


def test_each_database_has_its_own_addons(database_kind: Kind, fresh_database: FreshDatabase, addons: Path) -> None:
    name = write_library(addons)
    one, two = (database_of(fresh_database(database_kind), addons.parent) for _ in range(2))
    install(one, [name])
    assert f"{name}.book" in one.registry().by_name
    assert f"{name}.book" not in two.registry().by_name
    one.close()
    two.close()


def test_nothing_can_be_installed_before_the_set_up(database_url: str, addons: Path) -> None:
    database = Database("main", database_url, settings_of(database_url, addons.parent))
    for act in (install, upgrade, uninstall):
        with pytest.raises(NotSetUp):
            act(database, ["contacts"])
    with pytest.raises(NotSetUp):
        plan(database, "install", ["contacts"])
    database.close()


def test_the_kernel_can_be_upgraded_and_never_removed(database: Database) -> None:
    assert upgrade(database, ["core"]) == ("core",)
    for act in (disable, uninstall):
        with pytest.raises(LoaderFault, match=r"^The kernel itself cannot be switched off or removed\.$"):
            act(database, ["core"])


def test_what_is_not_installed_cannot_be_removed(database: Database) -> None:
    with pytest.raises(LoaderFault) as refusal:
        uninstall(database, ["contacts", "crm_lead"])
    assert str(refusal.value) == "This cannot be done:\ncontacts is not installed.\ncrm_lead is not installed."


def test_texts_of_an_addon_are_known_as_soon_as_it_is_found(database: Database, addons: Path) -> None:
    name = write_library(addons)
    folder = addons / name / "i18n" / "fa" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr "Language: fa\\n"\n\nmsgid "All books"\nmsgstr "همه کتاب‌ها"\n'
    )
    database.rediscover()
    with use_language("fa"):
        assert str(Text("All books")) == "همه کتاب‌ها"
