"""Loads the code of addons, and keeps one registry for each set of addons and versions in use in this process."""

from __future__ import annotations

import importlib
import sys
import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from core.db import naming
from core.features import kernel
from core.i18n import Text, _
from core.registry import Fault, Faults, Plugin, Registry

from .discovery import KERNEL, Catalogue, Found
from .faults import LoaderFault, broken

Key = tuple[tuple[str, str], ...]

_lock = threading.RLock()
_plugins: dict[tuple[str, str], Plugin] = {}
_registries: dict[Key, Registry] = {}


class FaultyDeclarations(LoaderFault):
    """Declarations that do not fit; `faults` are all of them, each with file and line."""

    def __init__(self, names: Collection[str], faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        words = {"names": ", ".join(sorted(names)), "faults": "\n".join(map(str, faults))}
        super().__init__(_("The declarations of %(names)s have faults:\n%(faults)s", **words))


@dataclass(frozen=True, slots=True)
class Loaded:
    """The registry of a database, and the installed addons that had to be left out with the reason."""

    registry: Registry
    set_aside: Mapping[str, Text] = field(default_factory=lambda: MappingProxyType({}))


def load(found: Found) -> Plugin:
    """Import an addon's `plugin.py` with all it needs; LoaderFault with file and line when that fails."""
    with _lock:
        key = (found.name, found.version)
        if key not in _plugins:
            _plugins[key] = Plugin(found.name, found.version, kernel if found.name == KERNEL else _import(found))
        return _plugins[key]


def registry_of(addons: Sequence[Found]) -> Registry:
    """Return the registry of these addons, given in order; FaultyDeclarations when they do not fit together."""
    with _lock:
        key = tuple((found.name, found.version) for found in addons)
        if key not in _registries:
            plugins = [load(found) for found in addons]
            try:
                _registries[key] = Registry.build(plugins)
            except Faults as faults:
                raise FaultyDeclarations(_culprits(addons, faults.faults), faults.faults) from None
        return _registries[key]


def load_what_works(catalogue: Catalogue, names: Collection[str], outdated: Mapping[str, Text]) -> Loaded:
    """Return the registry of installed addons without those that are broken or outdated and all that stand on them."""
    set_aside: dict[str, Text] = {}
    for name, reason in outdated.items():
        _set_aside(catalogue, name, reason, names, set_aside)
    while True:
        left = [name for name in names if name not in set_aside]
        try:
            ordered = catalogue.order([KERNEL, *_sound(catalogue, left, set_aside)])
            return Loaded(registry_of(ordered), MappingProxyType(set_aside))
        except FaultyDeclarations as fault:
            culprits = _culprits([catalogue[name] for name in left], fault.faults)
            if not culprits:
                raise
            for name in culprits:
                _set_aside(catalogue, name, fault.message, names, set_aside)


def forget(name: str) -> None:
    """Unload an addon and every registry it is in, so that a repaired version can be loaded in this process."""
    with _lock:
        for key in [key for key in _registries if name in dict(key)]:
            del _registries[key]
        for plugin in [key for key in _plugins if key[0] == name]:
            del _plugins[plugin]
        naming.forget(name)


def _import(found: Found) -> object:
    try:
        importlib.invalidate_caches()
        return importlib.import_module(f"{found.package}.plugin")
    except Exception as error:  # whatever an addon does wrong is told, and the others go on
        fault = broken(found.name, found.folder, error)
        _unload(found)
        raise LoaderFault(fault) from error


def _unload(found: Found) -> None:
    """Forget the half of an addon that was loaded: the other half may be repaired in a moment."""
    naming.forget(found.name)
    for module in [name for name in sys.modules if name.startswith(f"{found.package}.")]:
        del sys.modules[module]


def _culprits(addons: Sequence[Found], faults: Sequence[Fault]) -> list[str]:
    """The addons in whose files the faults are."""
    folders = {found.name: found.folder.resolve() for found in addons if found.name != KERNEL}
    files = [Path(fault.source[0]).resolve() for fault in faults]
    return [name for name, folder in folders.items() if any(file.is_relative_to(folder) for file in files)]


def _sound(catalogue: Catalogue, names: Sequence[str], set_aside: dict[str, Text]) -> list[str]:
    """Return the addons that can be loaded; the others are set aside with those that stand on them."""
    for name in names:
        try:
            for found in catalogue.order([name]):
                load(found)
        except LoaderFault as fault:
            _set_aside(catalogue, name, fault.message, names, set_aside)
    return [name for name in names if name not in set_aside]


def _set_aside(
    catalogue: Catalogue, name: str, fault: Text, among: Collection[str], set_aside: dict[str, Text]
) -> None:
    set_aside.setdefault(name, fault)
    for other in catalogue.dependants(name, among):
        words = {"addon": other, "name": name}
        set_aside.setdefault(other, _("%(addon)s stands on %(name)s, which is broken or missing.", **words))
