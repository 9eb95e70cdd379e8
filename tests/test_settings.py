"""Settings come from the environment, and a value that cannot be used is refused with its variable's name."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

import pytest

from core.settings import Settings, SettingsFault


def read(tmp_path: Path, **variables: str) -> Settings:
    return Settings.from_env({"GIRIH_DATA": str(tmp_path), **variables})


def test_without_any_variable_an_sqlite_file_lies_in_var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings.from_env({})
    assert settings.data_dir == tmp_path / "var"
    assert settings.database_url == f"sqlite:///{tmp_path}/var/girih.db"
    assert (settings.host, settings.port, settings.language, settings.jobs) == ("127.0.0.1", 8000, "en", "inline")
    assert (settings.admin_email, settings.admin_password, settings.addons) == (None, None, ())
    assert (settings.addon_paths, dict(settings.databases), settings.trusted_proxies) == ((), {}, ())


def test_every_variable_is_read(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        GIRIH_DATABASE_URL="postgres://me:pw@db/girih",
        GIRIH_HOST="0.0.0.0",
        GIRIH_PORT="0",
        GIRIH_LANG="fa",
        GIRIH_ADMIN_EMAIL="a@example.com",
        GIRIH_ADMIN_PASSWORD=" with spaces ",
        GIRIH_ADDONS="contacts, crm_lead,contacts",
        GIRIH_ADDON_PATHS=f"{tmp_path}{os.pathsep}{tmp_path.parent}",
        GIRIH_DATABASES="acme=sqlite:///acme.db; beta = postgresql://db/beta?sslmode=require",
        GIRIH_TRUSTED_PROXIES="10.0.0.0/8, ::1",
        GIRIH_SECRET="a secret of more than sixteen letters",
        GIRIH_JOBS="external",
    )
    assert settings.database_url == "postgresql+psycopg://me:pw@db/girih"
    assert (settings.host, settings.port, settings.language, settings.jobs) == ("0.0.0.0", 0, "fa", "external")
    assert (settings.admin_email, settings.admin_password) == ("a@example.com", " with spaces ")
    assert settings.addons == ("contacts", "crm_lead")
    assert settings.addon_paths == (tmp_path, tmp_path.parent)
    assert dict(settings.databases) == {
        "acme": "sqlite:///acme.db",
        "beta": "postgresql+psycopg://db/beta?sslmode=require",
    }
    assert settings.trusted_proxies == ("10.0.0.0/8", "::1")
    assert settings.secret == "a secret of more than sixteen letters"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "GIRIH_DATABASE_URL",
            "mysql://db/girih",
            "write sqlite:///file.db or postgresql://user:password@host/database.",
        ),
        ("GIRIH_DATABASE_URL", "girih.db", "write sqlite:///file.db or postgresql://user:password@host/database."),
        ("GIRIH_DATABASE_URL", "sqlite://", "write sqlite:///file.db or postgresql://user:password@host/database."),
        ("GIRIH_PORT", "http", "write a port number from 0 to 65535, not 'http'."),
        ("GIRIH_PORT", "65536", "write a port number from 0 to 65535, not '65536'."),
        ("GIRIH_PORT", "۸۰۰۰", "write a port number from 0 to 65535, not '۸۰۰۰'."),
        ("GIRIH_LANG", "Persian", "write the code of a language, such as en or fa, not 'Persian'."),
        ("GIRIH_ADMIN_EMAIL", "admin", "write an e-mail address, not 'admin'."),
        ("GIRIH_ADDONS", "crm-lead", "write names of addons with commas between them; 'crm-lead' is no such name."),
        ("GIRIH_ADDON_PATHS", "/no/such/folder", "there is no folder '/no/such/folder'."),
        ("GIRIH_DATABASES", "sqlite:///a.db", "write name=address;name=address with a name of its own for each, not "),
        (
            "GIRIH_DATABASES",
            "main=sqlite:///a.db",
            "write name=address;name=address with a name of its own for each",
        ),
        ("GIRIH_DATABASES", "a=oracle://x", "write sqlite:///file.db or postgresql://user:password@host/database."),
        ("GIRIH_TRUSTED_PROXIES", "all", "write addresses or networks of proxies, such as 10.0.0.0/8, not 'all'."),
        ("GIRIH_SECRET", "short", "write at least 16 letters that nobody can guess."),
        ("GIRIH_JOBS", "none", "write inline or external, not 'none'."),
    ],
)
def test_a_bad_value_is_refused_by_name(tmp_path: Path, name: str, value: str, said: str) -> None:
    others = {"GIRIH_ADMIN_PASSWORD": "long enough"} if name == "GIRIH_ADMIN_EMAIL" else {}
    with pytest.raises(SettingsFault) as fault:
        read(tmp_path, **others, **{name: value})
    assert str(fault.value).startswith(f"{name} cannot be used: {said}")


@pytest.mark.parametrize(
    ("given", "missing"),
    [("GIRIH_ADMIN_EMAIL", "GIRIH_ADMIN_PASSWORD"), ("GIRIH_ADMIN_PASSWORD", "GIRIH_ADMIN_EMAIL")],
)
def test_half_an_administrator_is_refused(tmp_path: Path, given: str, missing: str) -> None:
    with pytest.raises(SettingsFault, match=f"^{missing} is missing: "):
        read(tmp_path, **{given: "a@example.com"})


def test_the_secret_is_made_once_and_kept_for_the_owner_only(tmp_path: Path) -> None:
    first = read(tmp_path / "data").secret
    kept = tmp_path / "data" / "secret"
    assert len(first) == 64
    assert read(tmp_path / "data").secret == first == kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [file.name for file in kept.parent.iterdir()] == ["secret"]


def test_a_data_directory_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsFault, match=r"^GIRIH_DATA cannot be used: .*file"):
        read(tmp_path / "file" / "data")


def test_no_secret_shows_when_settings_are_printed(tmp_path: Path) -> None:
    shown = repr(
        read(
            tmp_path,
            GIRIH_ADMIN_EMAIL="a@example.com",
            GIRIH_ADMIN_PASSWORD="hidden-password",
            GIRIH_SECRET="hidden-secret-of-this-server",
            GIRIH_DATABASE_URL="postgresql://me:hidden@db/girih",
            GIRIH_DATABASES="a=postgresql://me:hidden@db/a",
        )
    )
    assert "hidden" not in shown


def test_the_handbook_names_every_variable() -> None:
    checkout = Path(__file__).parents[1]
    handbook = (checkout / "docs" / "administrators.md").read_text(encoding="utf-8")
    sources = [checkout / "core" / "settings.py", checkout / "core" / "web" / "serve.py"]
    variables = {
        name for file in sources for name in re.findall(r'"(GIRIH_[A-Z_]+)"', file.read_text(encoding="utf-8"))
    }
    assert len(variables) >= 14
    assert [name for name in sorted(variables) if f"`{name}`" not in handbook] == []
