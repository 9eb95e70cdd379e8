"""Install, upgrade, disable, enable, uninstall: each in one transaction under the schema's lock, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from core.context import Context
from core.db import sync
from core.i18n import Text, _
from core.registry import Registry

from .database import ADDON, Database, Installed, bump, read_installed
from .discovery import KERNEL, Found
from .faults import NotSetUp, blaming
from .migrations import migrations_between, run_migrations
from .plans import Resolved, Verb, refuse_blocked, resolve, target_registry
from .removal import delete_elsewhere, export, export_path
from .seeding import Sower, make_roles
from .transaction import changing, system

Progress = Callable[[int, int, Text], None]
"""Told after each step: how many are done, of how many, and what comes next."""


def silent(_done: int, _total: int, _text: Text) -> None:
    """Tell nobody."""


class Steps:
    """Counts the steps of a long piece of work and tells them."""

    def __init__(self, progress: Progress, total: int) -> None:
        self.progress, self.total, self.done = progress, total, 0

    def next(self, text: Text) -> None:
        """Say what begins now."""
        self.progress(self.done, self.total, text)
        self.done += 1

    def finish(self) -> None:
        """Say that everything is done."""
        self.progress(self.total, self.total, _("Done"))


def install(database: Database, names: Collection[str], progress: Progress = silent) -> tuple[str, ...]:
    """Install addons with all they stand on and return the names of those that were new."""
    with changing(database) as connection:
        resolved = _resolved(database, connection, "install", names)
        registry = target_registry(database, resolved)
        steps = Steps(progress, 2 * len(resolved.addons))
        bring(connection, database, registry, resolved.addons, steps)
        bump(connection)
    steps.finish()
    return tuple(found.name for found in resolved.addons)


def upgrade(database: Database, names: Collection[str], progress: Progress = silent) -> tuple[str, ...]:
    """Bring the tables and records of addons to the version of the code that is here, and return their names."""
    with changing(database, rebuild=_needs_rebuild(database, names)) as connection:
        resolved = _resolved(database, connection, "upgrade", names)
        steps = Steps(progress, 2 * len(resolved.addons))
        for found in resolved.addons:
            old = resolved.installed.get(found.name)
            if old is not None:
                run_migrations(connection, found.name, found.folder, old.version, found.version)
        registry = target_registry(database, resolved)
        bring(connection, database, registry, resolved.addons, steps)
        bump(connection)
    steps.finish()
    return tuple(found.name for found in resolved.addons)


def disable(database: Database, names: Collection[str], progress: Progress = silent) -> tuple[str, ...]:
    """Hide addons and stop what they do; their records stay. Returns their names."""
    return _switch(database, "disable", names, "disabled", progress)


def enable(database: Database, names: Collection[str], progress: Progress = silent) -> tuple[str, ...]:
    """Bring disabled addons back. Returns their names."""
    return _switch(database, "enable", names, "installed", progress)


def uninstall(database: Database, names: Collection[str], progress: Progress = silent) -> tuple[Path, ...]:
    """Remove addons with all their records, and return the files into which these were exported before."""
    with ExitStack() as exports:
        with changing(database) as connection:
            resolved = _resolved(database, connection, "uninstall", names)
            registry = target_registry(database, resolved)
            steps = Steps(progress, 2 * len(resolved.addons))
            files = []
            for found in resolved.addons:
                version = resolved.installed[found.name].version
                steps.next(_("Exporting the records of %(title)s", title=_title(found)))
                path = export_path(database.settings.data_dir, database.name, found.name)
                files.append(exports.enter_context(export(connection, registry, found.name, version, path)))
                steps.next(_("Removing %(title)s", title=_title(found)))
                _remove(connection, database, registry, found)
            bump(connection)
        steps.finish()
    return tuple(files)


def bring(
    connection: Connection, database: Database, registry: Registry, addons: Sequence[Found], steps: Steps
) -> None:
    """Make tables, roles and seeds of addons and note their versions, in the caller's transaction."""
    for found in addons:
        steps.next(_("Making the tables of %(title)s", title=_title(found)))
        sync.apply(connection, found.name)
    with system(database, connection, registry, ", ".join(found.name for found in addons)) as ctx:
        make_roles(ctx)
        for found in addons:
            steps.next(_("Making the records of %(title)s", title=_title(found)))
            is_new = _note(connection, found)
            with blaming(found.name, found.folder):
                Sower(ctx, found.name).sow(registry.seeds.get(found.name, ()))
                if is_new:
                    _call(registry, found.name, "after_install", ctx)


def _resolved(database: Database, connection: Connection, verb: Verb, names: Collection[str]) -> Resolved:
    installed = read_installed(connection)
    if KERNEL not in installed:
        raise NotSetUp(database.name)
    resolved = resolve(verb, database.catalogue, installed, names)
    refuse_blocked(resolved.blocked)
    return resolved


def _needs_rebuild(database: Database, names: Collection[str]) -> bool:
    installed = database.installed()
    return any(
        migrations_between(found.name, found.folder, installed[found.name].version, found.version)
        for found in database.catalogue.order([name for name in names if name in installed])
        if found.name in installed
    )


def _switch(database: Database, verb: Verb, names: Collection[str], state: str, progress: Progress) -> tuple[str, ...]:
    with changing(database) as connection:
        resolved = _resolved(database, connection, verb, names)
        about = [found.name for found in resolved.addons]
        if verb == "enable":
            target_registry(database, resolved)  # refuses what is broken meanwhile
        connection.execute(sa.update(ADDON).where(ADDON.c.name.in_(about)).values(state=state))
        bump(connection)
    progress(1, 1, _("Done"))
    return tuple(about)


def _remove(connection: Connection, database: Database, registry: Registry, found: Found) -> None:
    with system(database, connection, registry, found.name) as ctx:
        with blaming(found.name, found.folder):
            _call(registry, found.name, "before_uninstall", ctx)
        delete_elsewhere(ctx, connection, found.name)
    sync.drop(connection, found.name)
    connection.execute(sa.delete(ADDON).where(ADDON.c.name == found.name))


def _note(connection: Connection, found: Found) -> bool:
    """Note an addon with its version and say whether it is new."""
    known = sa.update(ADDON).where(ADDON.c.name == found.name).values(version=found.version)
    if connection.execute(known).rowcount:
        return False
    connection.execute(sa.insert(ADDON).values(name=found.name, version=found.version, state="installed"))
    return True


def _call(registry: Registry, addon: str, hook: str, ctx: Context) -> None:
    """Call one addon's own answer to a hook."""
    module: Any = next(plugin.module for plugin in registry.plugins if plugin.name == addon)
    answer = getattr(module, hook, None)
    if answer is not None:
        answer(ctx)


def _title(found: Found) -> Text:
    return Text(found.manifest.title if found.manifest else found.name)


__all__ = ["Installed", "Progress", "bring", "disable", "enable", "install", "silent", "uninstall", "upgrade"]
