"""What goes wrong with addons is told, and leaves the database as it was; each database has its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.i18n import Text, use_language
from core.loader import Database, LoaderFault, NotSetUp, disable, install, plan, uninstall, upgrade
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.loader_bed import (
    PLUGIN,
    a_name,
    addon_folder,
    database_of,
    everything,
    prepared_database,
    rediscovered,
    schema,
    settings_of,
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
