"""Settings of one server, read once from the environment; what is set per database lives in the database.

This room stands on nothing: the sentences here are for the person who starts the server and are English.
"""

from __future__ import annotations

import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

T = TypeVar("T")

DEFAULT_DATABASE = "main"
DATABASE_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")
ADDON_NAME = re.compile(r"[a-z][a-z0-9_]{1,30}")
LANGUAGE_CODE = re.compile(r"[a-z]{2,3}([_-][A-Za-z]{2,4})?")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
SHORTEST_SECRET = 16
JOBS = ("inline", "external")


class SettingsFault(ValueError):
    """A variable whose value cannot be used; the message names it and says what to write."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a server is told from outside; see `docs/administrators.md` for the variables."""

    data_dir: Path
    database_url: str = field(repr=False)
    secret: str = field(repr=False)
    host: str = "127.0.0.1"
    port: int = 8000
    language: str = "en"
    admin_email: str | None = None
    admin_password: str | None = field(default=None, repr=False)
    addons: tuple[str, ...] = ()
    addon_paths: tuple[Path, ...] = ()
    databases: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    trusted_proxies: tuple[str, ...] = ()
    jobs: str = "inline"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Settings:
        """Read the variables `GIRIH_*`; a value that cannot be used raises SettingsFault."""
        data_dir = Path(environ.get("GIRIH_DATA") or "var").expanduser().resolve()
        read = _Reader(environ)
        _check_administrator(environ)
        return cls(
            data_dir=data_dir,
            database_url=read("GIRIH_DATABASE_URL", database_url) or f"sqlite:///{data_dir / 'girih.db'}",
            secret=read("GIRIH_SECRET", _secret) or kept_secret(data_dir),
            host=read("GIRIH_HOST", str) or "127.0.0.1",
            port=8000 if (port := read("GIRIH_PORT", _port)) is None else port,
            language=read("GIRIH_LANG", _language) or "en",
            admin_email=read("GIRIH_ADMIN_EMAIL", _email),
            admin_password=environ.get("GIRIH_ADMIN_PASSWORD") or None,
            addons=read("GIRIH_ADDONS", _addons) or (),
            addon_paths=read("GIRIH_ADDON_PATHS", _folders) or (),
            databases=read("GIRIH_DATABASES", _databases) or MappingProxyType({}),
            trusted_proxies=read("GIRIH_TRUSTED_PROXIES", _proxies) or (),
            jobs=read("GIRIH_JOBS", _jobs) or "inline",
        )


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def __call__(self, name: str, parse: Callable[[str], T]) -> T | None:
        value = self.environ.get(name, "").strip()
        if not value:
            return None
        try:
            return parse(value)
        except ValueError as fault:
            raise SettingsFault(f"{name} cannot be used: {fault}") from None


def database_url(value: str) -> str:
    """Return the address of a database with the driver Girih uses; ValueError when it is neither of the two kinds."""
    scheme, found, rest = value.partition("://")
    if found and scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    if found and scheme == "sqlite" and rest.startswith("/") and rest.strip("/"):
        return value
    raise ValueError("write sqlite:///file.db or postgresql://user:password@host/database.")


def kept_secret(data_dir: Path) -> str:
    """Return the server's secret, made once and kept in the data directory for its owner only."""
    path = data_dir / "secret"
    try:
        if path.is_file():
            return path.read_text(encoding="ascii").strip()
        data_dir.mkdir(parents=True, exist_ok=True)
        return _make_secret(path)
    except OSError as fault:
        raise SettingsFault(f"GIRIH_DATA cannot be used: {fault.strerror} ({fault.filename}).") from None


def _make_secret(path: Path) -> str:
    mine = path.with_name(f"secret.{os.getpid()}.{secrets.token_hex(4)}")
    mine.touch(mode=0o600)
    mine.write_text(secrets.token_urlsafe(48), encoding="ascii")
    try:
        os.link(mine, path)  # never replaces: of two processes that start together, one secret wins
    except FileExistsError:
        pass
    finally:
        mine.unlink()
    return path.read_text(encoding="ascii").strip()


def _check_administrator(environ: Mapping[str, str]) -> None:
    given = [bool(environ.get(name)) for name in ("GIRIH_ADMIN_EMAIL", "GIRIH_ADMIN_PASSWORD")]
    if given == [True, False]:
        raise SettingsFault("GIRIH_ADMIN_PASSWORD is missing: GIRIH_ADMIN_EMAIL needs a password beside it.")
    if given == [False, True]:
        raise SettingsFault("GIRIH_ADMIN_EMAIL is missing: GIRIH_ADMIN_PASSWORD needs an e-mail address beside it.")


def _port(value: str) -> int:
    if not value.isascii() or not value.isdigit() or not 0 <= int(value) <= 65535:
        raise ValueError(f"write a port number from 0 to 65535, not {value!r}.")
    return int(value)


def _language(value: str) -> str:
    if not LANGUAGE_CODE.fullmatch(value):
        raise ValueError(f"write the code of a language, such as en or fa, not {value!r}.")
    return value


def _email(value: str) -> str:
    if not EMAIL.fullmatch(value):
        raise ValueError(f"write an e-mail address, not {value!r}.")
    return value


def _jobs(value: str) -> str:
    if value not in JOBS:
        raise ValueError(f"write inline or external, not {value!r}.")
    return value


def _secret(value: str) -> str:
    if len(value) < SHORTEST_SECRET:
        raise ValueError(f"write at least {SHORTEST_SECRET} letters that nobody can guess.")
    return value


def _words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]


def _addons(value: str) -> tuple[str, ...]:
    names = _words(value)
    for name in names:
        if not ADDON_NAME.fullmatch(name):
            raise ValueError(f"write names of addons with commas between them; {name!r} is no such name.")
    return tuple(dict.fromkeys(names))


def _folders(value: str) -> tuple[Path, ...]:
    folders = [Path(part).expanduser() for part in value.split(os.pathsep) if part]
    for folder in folders:
        if not folder.is_dir():
            raise ValueError(f"there is no folder {str(folder)!r}.")
    return tuple(folder.resolve() for folder in folders)


def _databases(value: str) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in value.split(";"))):
        name, _, url = part.partition("=")
        name = name.strip()
        if not DATABASE_NAME.fullmatch(name) or name == DEFAULT_DATABASE or name in found:
            raise ValueError(f"write name=address;name=address with a name of its own for each, not {name!r}.")
        found[name] = database_url(url.strip())
    return MappingProxyType(found)


def _proxies(value: str) -> tuple[str, ...]:
    for word in _words(value):
        try:
            ipaddress.ip_network(word, strict=False)
        except ValueError:
            raise ValueError(f"write addresses or networks of proxies, such as 10.0.0.0/8, not {word!r}.") from None
    return tuple(_words(value))
