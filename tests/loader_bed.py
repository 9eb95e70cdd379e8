"""Small addons written into a folder, and databases to install them in."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from textwrap import dedent
from typing import Any

import sqlalchemy as sa

from core.loader import Catalogue, Database, SetupAnswers, forget, set_up
from core.settings import Settings
from tests.bed.databases import Kind
from tests.bed.fixtures import FreshDatabase
from tests.bed.programs import CHECKOUT

ANSWERS = SetupAnswers("Acme", "Sara", "sara@example.com", "correct horse")
OWN = {folder.name for folder in (CHECKOUT / "addons").iterdir()}
_numbers = itertools.count(1)

MODELS = """
from core.toolkit import HasArchive, Model, _, fields

class Shelf(HasArchive, Model, name="{name}.shelf"):
    title = fields.char(_("Title"), required=True, translated=True)
    above_id = fields.parent(_("Above"))

class Book(Model, name="{name}.book"):
    title = fields.char(_("Title"), required=True)
    shelf_id = fields.many2one(Shelf, _("Shelf"))
    shelf = fields.record(shelf_id)
    others = fields.many2many(Shelf, _("Other shelves"))
"""
PLUGIN = """
from core.toolkit import Daily, Entry, List, Menu, Ref, Rights, Role, Seed, Sequence, Text, _, hookimpl
from . import models

USER = Role("{name}.user", _("Reader"))

@hookimpl
def register_models():
    return [models.Shelf, models.Book]

@hookimpl
def register_access():
    return [Rights(models.Book, {{USER: "cr"}})], []

@hookimpl
def register_views():
    return [List(models.Book, models.Book.title)], Menu(Text("Books"), [Entry(_("All books"), models.Book)])

@hookimpl
def register_jobs():
    return [Daily("{name}.remind", print, hour=8, label=_("Remind readers"))]

@hookimpl
def register_seeds():
    return [
        Seed(Sequence, "numbers", {{Sequence.code: "{name}", Sequence.name: _("Numbers of books")}}),
        Seed(models.Shelf, "poems", {{models.Shelf.title: _("Poems")}}),
        Seed(models.Shelf, "odes", {{models.Shelf.title: _("Odes"), models.Shelf.above_id: Ref("poems")}}),
        Seed(models.Book, "divan", {{
            models.Book.title: "Divan", models.Book.shelf_id: Ref("odes"), models.Book.others: [Ref("poems")]
        }}),
    ]
"""


def a_name(word: str) -> str:
    """Return a name no other test uses: code that was imported once stays in the process."""
    return f"{word}_{next(_numbers)}"


def write(folder: Path, name: str, *, version: str = "1.0", depends: tuple[str, ...] = (), **files: str) -> Path:
    """Write an addon; `files` are its modules by name (`models`, `plugin`, …)."""
    manifest = f"Manifest(name={name!r}, title={name.title()!r}, version={version!r}, depends={depends!r})"
    own: Mapping[str, str] = {"__init__": f"from core.manifest import Manifest\n\nMANIFEST = {manifest}\n", **files}
    for module, text in own.items():
        file = folder / name / f"{module}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text))
    return folder / name


def write_library(folder: Path) -> str:
    """Write an addon with two models, a menu, a role, a job and seeds, and return its name."""
    name = a_name("library")
    write(folder, name, models=MODELS.format(name=name), plugin=PLUGIN.format(name=name))
    return name


def settings_of(url: str, tmp_path: Path) -> Settings:
    """Return settings whose addons lie in `addons` of the test's folder."""
    (tmp_path / "addons").mkdir(exist_ok=True)
    return Settings(tmp_path / "data", url, "a secret for tests", addon_paths=(tmp_path / "addons",))


def database_of(url: str, tmp_path: Path) -> Database:
    """Return the database, its kernel set up if it is empty, knowing the addons of the test's folder."""
    database = Database("main", url, settings_of(url, tmp_path))
    if not database.is_set_up():
        set_up(database, ANSWERS)
    return database


def rediscovered(database: Database, name: str) -> Catalogue:
    """Let the process know an addon as it is on disk now, as after a restart."""
    forget(name)
    for module in [module for module in sys.modules if module == name or module.startswith(f"{name}.")]:
        del sys.modules[module]
    database.forget()
    return database.rediscover()


@contextmanager
def forgetting(folder: Path) -> Iterator[None]:
    """Unload the addons of a folder at the end, and forget the folder."""
    yield
    for addon in folder.iterdir() if folder.is_dir() else ():
        if addon.name not in OWN:  # a test may write a second addon of a name that the project has
            forget(addon.name)
    if str(folder) in sys.path:
        sys.path.remove(str(folder))


@contextmanager
def addon_folder(tmp_path: Path) -> Iterator[Path]:
    """Give an empty folder for addons."""
    folder = tmp_path / "addons"
    folder.mkdir()
    with forgetting(folder):
        yield folder


@contextmanager
def prepared_database(fresh: FreshDatabase, kind: Kind, tmp_path: Path) -> Iterator[Database]:
    """Give a copy of a database that was set up once a run."""

    def prepare(url: str) -> None:
        database_of(url, tmp_path).close()

    database = database_of(fresh(kind, "loader", prepare), tmp_path)
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
