"""Migrations: files `migrations/<version>.py` of an addon, for what an upgrade cannot do by adding."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy.engine import Connection

from core.i18n import _

from .faults import LoaderFault, blaming
from .versions import version_key

if TYPE_CHECKING:
    from alembic.operations import Operations


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: what must happen to a database of an earlier version before it can be this version."""

    version: str
    file: Path


def migrations_between(addon: str, folder: Path, old: str, new: str) -> tuple[Migration, ...]:
    """Return the migrations after the version `old` up to `new`, the earliest first."""
    found = []
    for file in (folder / "migrations").glob("[0-9]*.py"):
        try:
            key = version_key(file.stem)
        except ValueError:
            words = {"name": addon, "file": str(file)}
            raise LoaderFault(_("A migration of %(name)s is not named after a version: %(file)s", **words)) from None
        if version_key(old) < key <= version_key(new):
            found.append((key, Migration(file.stem, file)))
    return tuple(migration for _key, migration in sorted(found, key=lambda pair: pair[0]))


def run_migrations(connection: Connection, addon: str, folder: Path, old: str, new: str) -> tuple[str, ...]:
    """Run an addon's migrations in the caller's transaction and return their versions.

    Each file has a function `upgrade(op, connection)`; `op` are Alembic's operations.
    """
    from core.db.differences import operations  # -- reason: Alembic; a server that installs nothing does without it

    run = operations(connection)
    done = []
    for migration in migrations_between(addon, folder, old, new):
        with blaming(addon, folder):
            upgrade = _load(migration)
            upgrade(run, connection)
        done.append(migration.version)
    return tuple(done)


def _load(migration: Migration) -> Callable[[Operations, Connection], None]:
    spec = importlib.util.spec_from_file_location("girih_migration", migration.file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    upgrade: Callable[[Operations, Connection], None] | None = getattr(module, "upgrade", None)
    if not callable(upgrade):
        raise LoaderFault(
            _("The migration %(file)s has no function upgrade(op, connection).", file=str(migration.file))
        )
    return upgrade
