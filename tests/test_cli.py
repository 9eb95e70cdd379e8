"""The command line does what the browser does, answers programs in JSON, and tells faults in one sentence."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.cli import main
from core.i18n import use_language, workshop
from core.loader import forget
from core.settings import Settings
from tests.loader_bed import a_name, database_of, forgetting, settings_of, write, write_library


class Girih:
    """Runs commands with an environment of their own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "GIRIH_DATABASE_URL": url,
            "GIRIH_DATA": str(folder / "data"),
            "GIRIH_ADDON_PATHS": str(folder / "addons"),
            "GIRIH_ADMIN_EMAIL": "sara@example.com",
            "GIRIH_ADMIN_PASSWORD": "correct horse",
        }

    def __call__(self, *words: str, answer: str | None = None) -> Result:
        with use_language("en"):
            return CliRunner().invoke(main, words, input=answer, env=self.environment, prog_name="girih")


@pytest.fixture
def girih(database_url: str, tmp_path: Path) -> Iterator[Girih]:
    (tmp_path / "addons").mkdir()
    with forgetting(tmp_path / "addons"):
        yield Girih(database_url, tmp_path)


def told(result: Result) -> str:
    """What a command that went well printed."""
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


def fault(result: Result) -> str:
    """The one sentence of a command that failed."""
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: ")
    return result.stderr.removeprefix("Error: ").rstrip("\n")


def test_an_addon_is_planned_installed_switched_upgraded_and_removed(girih: Girih) -> None:
    name = write_library(girih.folder / "addons")
    title = name.title()
    assert told(girih("plan", name)) == (
        f"{name} 1.0  {title}\n"
        f"  + table: {name}_shelf (id, title, above_id, active, created_at, created_by_id, updated_at, updated_by_id,"
        " version, custom)\n"
        f"  + table: {name}_book (id, title, shelf_id, created_at, created_by_id, updated_at, updated_by_id, version,"
        " custom)\n"
        f"  + table: {name}_book_others (record_id, other_id)\n"
        "  + records: Shelfs, Books\n"
        "  + menus: All books\n"
        "  + roles: Reader\n"
        "  + jobs: Remind readers\n"
        "  + right: Reader: Books cr\n"
        "  + records that come with it: 4\n"
    )
    assert told(girih("install", name)) == f"Installed in main: {name}\n"
    assert told(girih("disable", name)) == f"Disabled in main: {name}\n"
    assert told(girih("enable", name)) == f"Enabled in main: {name}\n"
    assert told(girih("upgrade", name, "core")) == f"Upgraded in main: core, {name}\n"
    refused = girih("uninstall", name, answer="n\n")
    assert (refused.exit_code, refused.stderr) == (1, "Aborted!\n")
    assert f"  - table: {name}_book (1)\n" in refused.stdout
    removed = told(girih("uninstall", name, "--yes"))
    start = f"Removed from main; the records were exported to {girih.folder}/data/exports/main-{name}-"
    assert removed.startswith(start)
    assert Path(removed.rstrip().removeprefix("Removed from main; the records were exported to ")).is_file()


def test_answers_for_programs_are_json(girih: Girih) -> None:
    name = write_library(girih.folder / "addons")
    planned = json.loads(told(girih("plan", name, "--json")))
    assert (planned["verb"], planned["blocked"], planned["addons"][0]["menus"]) == ("install", [], ["All books"])
    assert planned["addons"][0]["schema"]["tables"][2] == {
        "name": f"{name}_book_others",
        "columns": ["record_id", "other_id"],
    }
    assert json.loads(told(girih("install", name, "--json"))) == {"verb": "install", "database": "main", "done": [name]}
    listed = json.loads(told(girih("addon", "list", "--json")))
    assert next(line for line in listed if line["name"] == name) == {
        "name": name,
        "version": "1.0",
        "state": "installed",
        "title": name.title(),
        "fault": "",
    }


def test_the_list_tells_what_is_broken(girih: Girih) -> None:
    name = a_name("broken")
    write(girih.folder / "addons", name, __init__="MANIFEST = None\n1 / 0\n")
    lines = told(girih("addon", "list")).splitlines()
    assert lines[0].split() == ["Addon", "Version", "State", "Title"]
    assert any(line.startswith(name) and "not installed" in line and "ZeroDivisionError" in line for line in lines)


def test_a_plan_that_cannot_be_carried_out_ends_with_an_error(girih: Girih) -> None:
    base, top = write_library(girih.folder / "addons"), a_name("top")
    write(girih.folder / "addons", top, depends=(base,), plugin="")
    told(girih("install", top))
    planned = girih("plan", base, "--for", "uninstall")
    assert planned.exit_code == 1
    assert planned.stdout == (f"This cannot be done:\n  ! {base} is needed by {top}. Name them too, or leave it.\n")


def test_faults_are_one_sentence(girih: Girih) -> None:
    assert fault(girih("install", "nowhere")).startswith("There is no addon called nowhere. There are: ")
    assert fault(girih("plan", "contacts", "-d", "acme")) == "This server has no database called “acme”."
    girih.environment["GIRIH_PORT"] = "many"
    assert (
        fault(girih("addon", "list")) == "GIRIH_PORT cannot be used: write a port number from 0 to 65535, not 'many'."
    )


def test_an_empty_database_without_an_administrator_is_told(girih: Girih) -> None:
    del girih.environment["GIRIH_ADMIN_EMAIL"], girih.environment["GIRIH_ADMIN_PASSWORD"]
    assert fault(girih("install", "contacts")) == (
        "The database “main” is not set up yet. Open its address in a browser."
    )


def test_faults_are_told_in_the_language_of_the_settings(girih: Girih) -> None:
    girih.environment["GIRIH_LANG"] = "fa"
    assert girih("install", "contacts").exit_code == 0
    assert girih("addon", "list", "--json").exit_code == 0


def test_a_database_is_set_up_by_answers(girih: Girih, database_url: str) -> None:
    del girih.environment["GIRIH_ADMIN_EMAIL"], girih.environment["GIRIH_ADMIN_PASSWORD"]
    words = ("setup", "--company", "Acme", "--name", "Sara", "--email", "sara@example.com", "--addons", "contacts")
    result = girih(*words, answer="correct horse\ncorrect horse\n")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.endswith("The database “main” is ready.\n")
    database = database_of(database_url, girih.folder)
    assert set(database.installed()) == {"core", "contacts"}
    database.close()


def test_a_new_addon_can_be_installed_at_once(girih: Girih) -> None:
    name = a_name("lending")
    folder = girih.folder / "addons"
    made = told(girih("addon", "new", name, "--in", str(folder), "--title", 'A "Lending"', "--persian", "امانت"))
    assert made == f"Made {folder / name}. Install it with: girih install {name}\n"
    files = {str(file.relative_to(folder / name)) for file in (folder / name).rglob("*") if file.is_file()}
    assert files == {
        "__init__.py",
        "README.md",
        "access.py",
        "i18n/fa/LC_MESSAGES/messages.po",
        "models.py",
        "plugin.py",
        "tests/test_addon.py",
        "views.py",
    }
    assert told(girih("install", name)) == f"Installed in main: {name}\n"
    assert "Lending" in told(girih("addon", "list"))
    kernel = workshop.extract(workshop.kernel_place(Path(__file__).parents[1]))
    assert workshop.check(workshop.addon_place(folder / name), "fa", kernel) == []
    assert fault(girih("addon", "new", name, "--in", str(folder))) == (
        f"{folder / name} is there already; choose another name."
    )
    assert fault(girih("addon", "new", "My-Addon")) == (
        "“My-Addon” cannot be a name: use small letters, digits and underscores."
    )
    forget(name)


def test_every_command_has_help_and_an_example_or_a_reason() -> None:
    for name, command in main.commands.items():
        assert command.help, name
        shown = CliRunner().invoke(main, [name, "--help"])
        assert (shown.exit_code, shown.stderr) == (0, "")


def test_the_module_is_the_program(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "core.cli", "--version"]
    shown = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True, check=True)
    assert shown.stdout == "girih, version 0.1.0\n"


def test_help_opens_nothing(tmp_path: Path) -> None:
    environment = {"GIRIH_DATA": str(tmp_path / "data"), "PATH": os.environ["PATH"]}
    for words in (["--help"], ["serve", "--help"], ["install", "--help"]):
        assert CliRunner().invoke(main, words, env=environment).exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_settings_of_the_bed_are_those_of_the_program(tmp_path: Path) -> None:
    made = settings_of("sqlite:///a.db", tmp_path)
    read = Settings.from_env({"GIRIH_DATA": str(tmp_path / "data"), "GIRIH_ADDON_PATHS": str(tmp_path / "addons")})
    assert (made.data_dir, made.addon_paths) == (read.data_dir, read.addon_paths)
