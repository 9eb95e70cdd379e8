"""`girih import` and `girih demo`: what they print, their exit codes, their JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from core.cli import main
from core.i18n import use_language

MAP = """
name = "customers"
[[file]]
file = "customers.csv"
model = "contacts.contact"
key = "no"
[file.fields]
name = "name"
founded = "since"
kind = { value = "organisation" }
"""
GOOD = "no,name,since\n1,Alborz,1990\n2,Zagros,2001\n"
BAD = "no,name,since\n1,Alborz,long ago\n2,Zagros,2001\n"


class Girih:
    """Runs commands in a folder of their own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            "GIRIH_DATABASE_URL": url,
            "GIRIH_DATA": str(folder / "data"),
            "GIRIH_ADMIN_EMAIL": "sara@example.com",
            "GIRIH_ADMIN_PASSWORD": "correct horse",
            "GIRIH_ADDONS": "crm_lead",
        }

    def __call__(self, *words: str | Path) -> Result:
        with use_language("en"):
            return CliRunner().invoke(main, [str(word) for word in words], env=self.environment, prog_name="girih")

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def girih(database_url: str, tmp_path: Path) -> Girih:
    return Girih(database_url, tmp_path)


def test_tried_imported_and_imported_again(girih: Girih) -> None:
    map_, data = girih.file("map.toml", MAP), girih.file("customers.csv", GOOD)
    tried = girih("import", "contacts.contact", data, "--map", map_, "--dry-run")
    assert (tried.exit_code, tried.stderr) == (0, "")
    assert tried.stdout.splitlines() == [
        "customers.csv: The encoding is utf-8.",
        "customers.csv: Cells are separated by a comma.",
        "customers.csv → contacts.contact: 2 new, 0 changed, 0 unchanged, 0 left out, 0 with errors",
        "This was a trial: nothing was written.",
    ]
    done = girih("import", "--map", map_)
    assert (done.exit_code, done.stdout.splitlines()[-1]) == (0, "Imported.")
    again = girih("import", "--map", map_, "--folder", girih.folder, "--json")
    assert again.exit_code == 0
    told = json.loads(again.stdout)
    assert (told["written"], told["errors"], told["files"][0]["unchanged"]) == (False, [], 2)
    assert girih("import", "--map", map_).stdout.splitlines()[-1] == (
        "Everything is as in the file already; nothing was written."
    )


def test_errors_in_the_data_end_with_one(girih: Girih) -> None:
    map_, data = girih.file("map.toml", MAP), girih.file("customers.csv", BAD)
    report = girih.folder / "report.csv"
    failed = girih("import", "contacts.contact", data, "--map", map_, "--report", report)
    assert failed.exit_code == 1
    message = "“long ago” is not a number. Write it with digits only, for example 1234.5."
    assert failed.stderr == f"customers.csv, line 2, column “since”: {message}\n"
    assert failed.stdout.splitlines()[-1] == (
        "Nothing was written. Mend the lines with errors, or leave them out with --skip-errors."
    )
    assert report.read_text("utf-8-sig").splitlines()[1] == f'1,Alborz,long ago,customers.csv,2,"since: {message}"'
    told = json.loads(girih("import", "--map", map_, "--json").stdout)
    assert told["errors"] == [
        {"file": "customers.csv", "line": 2, "column": "since", "value": "long ago", "message": message}
    ]
    skipped = girih("import", "--map", map_, "--skip-errors")
    assert (skipped.exit_code, skipped.stdout.splitlines()[-1]) == (0, "Imported.")
    assert "1 new, 0 changed, 0 unchanged, 0 left out, 1 with errors" in skipped.stdout


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["import"], "Name a model and a file, or a map with --map."),
        (["import", "contacts.contact", "none.csv"], "none.csv cannot be opened: No such file or directory."),
        (["import", "contacts.contct", "none.csv"], "There are no records called “contacts.contct”."),
        (["import", "--map", "none.toml"], "none.toml cannot be opened: No such file or directory."),
        (["import", "core.setting", "none.csv"], "There are no records called “core.setting”."),
    ],
)
def test_wrong_use_ends_with_two(girih: Girih, words: list[str], text: str) -> None:
    result = girih(*words)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {text}")


def test_a_map_says_nothing_of_another_model(girih: Girih) -> None:
    map_, data = girih.file("map.toml", MAP), girih.file("customers.csv", GOOD)
    result = girih("import", "crm.lead", data, "--map", map_)
    assert result.exit_code == 2
    assert result.stderr == ("Error: The map “customers” says nothing of crm.lead, only of: contacts.contact.\n")


def test_a_user_who_is_not_there(girih: Girih) -> None:
    data = girih.file("customers.csv", GOOD)
    result = girih("import", "contacts.contact", data, "--user", "nobody@example.com")
    assert result.exit_code == 1
    assert result.stderr == "Error: Nobody in this database logs in as “nobody@example.com”.\n"


def test_demonstration_data_is_made_and_removed(girih: Girih) -> None:
    made = girih("demo", "--leads", "40", "--lang", "fa", "--today", "2026-11-22")
    assert (made.exit_code, made.stderr) == (0, "")
    assert made.stdout.endswith(" records made.\n")
    again = girih("demo")
    assert again.exit_code == 1
    assert again.stderr.startswith("Error: There is demonstration data already. Remove it first: girih demo --remove")
    number = int(made.stdout.split()[0].replace(",", ""))
    assert json.loads(girih("demo", "--remove", "--json").stdout) == {"removed": number, "kept": 0}
    assert girih("demo", "--remove").stdout == "0 records removed.\n"
