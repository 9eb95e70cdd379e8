"""What would happen: the plan of an install, upgrade, disable, enable or uninstall, made without changing anything."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy.engine import Connection

from core.db import sync
from core.db.sync import SchemaPlan
from core.i18n import Text, _
from core.registry import Registry

from .database import Database, Installed, read_installed
from .discovery import KERNEL, Catalogue, Found
from .faults import LoaderFault, NotSetUp
from .migrations import migrations_between, run_migrations
from .registries import registry_of
from .removal import models_of, row_counts
from .transaction import changing

Verb = Literal["install", "upgrade", "disable", "enable", "uninstall"]
VERBS: tuple[Verb, ...] = ("install", "upgrade", "disable", "enable", "uninstall")


@dataclass(frozen=True, slots=True)
class RightLine:
    """What one role may do with one model."""

    role: Text
    model: Text
    letters: str


@dataclass(frozen=True, slots=True)
class AddonPlan:
    """What comes (install, upgrade) or goes (uninstall) with one addon."""

    name: str
    title: Text
    summary: Text
    old_version: str | None
    new_version: str | None
    schema: SchemaPlan | None = None
    migrations: tuple[str, ...] = ()
    rows: tuple[tuple[str, int], ...] = ()
    models: tuple[Text, ...] = ()
    extends: tuple[tuple[Text, tuple[Text, ...]], ...] = ()
    menus: tuple[Text, ...] = ()
    roles: tuple[Text, ...] = ()
    rights: tuple[RightLine, ...] = ()
    jobs: tuple[Text, ...] = ()
    seeds: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a verb would do, in order; `blocked` says why it cannot be done."""

    verb: Verb
    database: str
    addons: tuple[AddonPlan, ...]
    blocked: tuple[Text, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The addons the verb is about, dependencies included."""
        return tuple(addon.name for addon in self.addons)


@dataclass(frozen=True, slots=True)
class Resolved:
    """The addons a verb is about, in order, and what the database has so far."""

    addons: tuple[Found, ...]
    installed: Mapping[str, Installed]
    blocked: tuple[Text, ...] = ()


def plan(database: Database, verb: Verb, names: Collection[str]) -> Plan:
    """Say what a verb would do with these addons; LoaderFault when a name is unknown or an addon is broken."""
    if not database.is_set_up():
        raise NotSetUp(database.name)
    return _PLANS[verb](database, names)


def resolve(verb: Verb, catalogue: Catalogue, installed: Mapping[str, Installed], names: Collection[str]) -> Resolved:
    """Find out which addons a verb is about, dependencies first, and what stands in its way."""
    blocked = tuple(_obstacles(verb, catalogue, installed, names))
    if verb in ("install", "upgrade", "enable"):
        ordered = catalogue.order(names)
        about = [found for found in ordered if _concerns(verb, found, installed, names)]
    else:
        known = [catalogue.sound(name) for name in names if name in installed and name != KERNEL]
        ordered = catalogue.order([found.name for found in known])
        about = [found for found in reversed(ordered) if found.name in names]
    return Resolved(tuple(about), installed, blocked)


def _concerns(verb: Verb, found: Found, installed: Mapping[str, Installed], names: Collection[str]) -> bool:
    if verb == "upgrade":
        return found.name in names or found.name not in installed
    return found.name not in installed if verb == "install" else found.name in names


def _obstacles(
    verb: Verb, catalogue: Catalogue, installed: Mapping[str, Installed], names: Collection[str]
) -> Iterator[Text]:
    for name in sorted(names):
        found = installed.get(name)
        if verb == "install":
            if found is not None:
                yield _("%(name)s is installed already.", name=name)
            continue
        if found is None:
            yield _("%(name)s is not installed.", name=name)
        elif name == KERNEL and verb != "upgrade":
            yield _("The kernel itself cannot be switched off or removed.")
        elif verb == "disable" and not found.works:
            yield _("%(name)s is disabled already.", name=name)
        elif verb == "enable" and found.works:
            yield _("%(name)s is enabled already.", name=name)
        elif verb in ("disable", "uninstall"):
            yield from _needed_by(verb, catalogue, installed, names, name)
    if verb in ("install", "enable"):
        yield from _disabled_below(catalogue, installed, names)


def _needed_by(
    verb: Verb, catalogue: Catalogue, installed: Mapping[str, Installed], names: Collection[str], name: str
) -> Iterator[Text]:
    matters = [one.name for one in installed.values() if one.name not in names and (one.works or verb == "uninstall")]
    others = catalogue.dependants(name, [*matters, name])
    if others:
        yield _("%(name)s is needed by %(others)s. Name them too, or leave it.", name=name, others=", ".join(others))


def _disabled_below(catalogue: Catalogue, installed: Mapping[str, Installed], names: Collection[str]) -> Iterator[Text]:
    for found in catalogue.order([name for name in names if name in catalogue]):
        known = installed.get(found.name)
        if known is not None and not known.works and found.name not in names:
            yield _("%(name)s is needed and is disabled: enable it first.", name=found.name)


def target_registry(database: Database, resolved: Resolved) -> Registry:
    """Return the registry as it will be: what works now with the addons of the verb."""
    about = [found.name for found in resolved.addons]
    aside = {} if KERNEL in about else database.set_aside()
    working = [one.name for one in resolved.installed.values() if one.works and one.name not in aside]
    return registry_of(database.catalogue.order([KERNEL, *working, *about]))


def _plan_additions(database: Database, verb: Verb, names: Collection[str]) -> Plan:
    with database.connect() as connection:
        resolved = resolve(verb, database.catalogue, read_installed(connection), names)
        if resolved.blocked:
            return Plan(verb, database.name, (), resolved.blocked)
        registry = target_registry(database, resolved)
    planned = [_addition(database, registry, found, resolved.installed.get(found.name)) for found in resolved.addons]
    blocked = [reason for addon in planned if addon.schema for reason in addon.schema.blocked]
    return Plan(verb, database.name, tuple(planned), tuple(blocked))


def _addition(database: Database, registry: Registry, found: Found, old: Installed | None) -> AddonPlan:
    pending: tuple[str, ...] = ()
    if old is not None:
        between = migrations_between(found.name, found.folder, old.version, found.version)
        pending = tuple(migration.version for migration in between)
    schema = _rehearse(database, found, old) if old is not None and pending else _compare(database, found.name)
    return describe(registry, found, old.version if old else None, found.version, schema=schema, migrations=pending)


def _compare(database: Database, addon: str) -> SchemaPlan:
    with database.connect() as connection:
        return sync.plan(connection, addon)


class _Undone(Exception):
    """Ends a rehearsal, whose transaction is rolled back."""

    def __init__(self, schema: SchemaPlan) -> None:
        self.schema = schema


def _rehearse(database: Database, found: Found, old: Installed) -> SchemaPlan:
    """Run the migrations to see what is left to do after them, and take everything back."""
    try:
        with changing(database, rebuild=True) as connection:
            run_migrations(connection, found.name, found.folder, old.version, found.version)
            raise _Undone(sync.plan(connection, found.name))
    except _Undone as rehearsal:
        return rehearsal.schema


def _plan_switch(database: Database, verb: Verb, names: Collection[str]) -> Plan:
    with database.connect() as connection:
        resolved = resolve(verb, database.catalogue, read_installed(connection), names)
    if resolved.blocked:
        return Plan(verb, database.name, (), resolved.blocked)
    registry = target_registry(database, resolved)
    versions = {one.name: one.version for one in resolved.installed.values()}
    return Plan(verb, database.name, tuple(describe(registry, f, versions[f.name], f.version) for f in resolved.addons))


def _plan_removal(database: Database, verb: Verb, names: Collection[str]) -> Plan:
    with database.connect() as connection:
        resolved = resolve(verb, database.catalogue, read_installed(connection), names)
        if resolved.blocked:
            return Plan(verb, database.name, (), resolved.blocked)
        registry = target_registry(database, resolved)
        return Plan(verb, database.name, tuple(_removals(connection, registry, resolved)))


def _removals(connection: Connection, registry: Registry, resolved: Resolved) -> Iterator[AddonPlan]:
    for found in resolved.addons:
        version = resolved.installed[found.name].version
        yield describe(registry, found, version, None, rows=row_counts(connection, found.name))


_PLANS: dict[Verb, Callable[[Database, Collection[str]], Plan]] = {
    "install": lambda database, names: _plan_additions(database, "install", names),
    "upgrade": lambda database, names: _plan_additions(database, "upgrade", names),
    "disable": lambda database, names: _plan_switch(database, "disable", names),
    "enable": lambda database, names: _plan_switch(database, "enable", names),
    "uninstall": lambda database, names: _plan_removal(database, "uninstall", names),
}


def describe(registry: Registry, found: Found, old: str | None, new: str | None, **more: Any) -> AddonPlan:
    """Say what an addon brings, from its declarations."""
    assert found.manifest is not None
    own = models_of(registry, found.name)
    return AddonPlan(
        found.name,
        Text(found.manifest.title),
        Text(found.manifest.summary),
        old,
        new,
        models=tuple(model.__plural__ for model in own if model.__of__ is None and model in registry.infos),
        extends=tuple(_extends(registry, own)),
        menus=tuple(_menus(registry, found.name)),
        roles=tuple(role.label for role in registry.roles.values() if role.code.startswith(f"{found.name}.")),
        rights=tuple(_rights(registry, own)),
        jobs=tuple(job.label for job in registry.jobs.values() if job.name.startswith(f"{found.name}.")),
        seeds=len(registry.seeds.get(found.name, ())),
        **more,
    )


def _extends(registry: Registry, own: Sequence[Any]) -> Iterator[tuple[Text, tuple[Text, ...]]]:
    for model in own:
        if model.__of__ is not None:
            fields = registry.fields(model.__of__).values()
            yield model.__of__.__label__, tuple(field.label for field in fields if field.extension is model)


def _menus(registry: Registry, addon: str) -> Iterator[Text]:
    for menu in registry.menus:
        yield from (entry.title for entry in menu.entries if entry.model.__addon__ == addon)


def _rights(registry: Registry, own: Sequence[Any]) -> Iterator[RightLine]:
    for model in own:
        for code, letters in registry.rights.get(model, {}).items():
            ordered = "".join(letter for letter in "crud" if letter in letters)
            yield RightLine(registry.roles[code].label, model.__plural__, ordered)


def refuse_blocked(blocked: Sequence[Text]) -> None:
    """Raise LoaderFault with everything that stands in the way."""
    if len(blocked) == 1:
        raise LoaderFault(blocked[0])
    if blocked:
        raise LoaderFault(_("This cannot be done:\n%(reasons)s", reasons="\n".join(map(str, blocked))))
