"""Which addons there are: in `addons/`, in the folders a setting names, and as installed packages.

Of each only its `__init__` is imported, for the manifest. A broken one is kept with its fault: it must not keep the
others from working, and the administrator wants to see it.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import entry_points
from pathlib import Path

import core
from core.i18n import Text, _, add_catalogue_folder
from core.manifest import Manifest
from core.settings import Settings

from .faults import LoaderFault, broken
from .versions import fits, version_key

KERNEL = "core"
ENTRY_POINTS = "girih.addons"


@dataclass(frozen=True, slots=True)
class Found:
    """An addon that lies somewhere; `manifest` is None when it could not be read, `fault` says what is wrong."""

    name: str
    package: str
    folder: Path
    manifest: Manifest | None = None
    fault: Text | None = None

    @property
    def version(self) -> str:
        """The version of the code that is here."""
        return self.manifest.version if self.manifest else ""

    @property
    def depends(self) -> tuple[str, ...]:
        """The addons it stands on."""
        return self.manifest.depends if self.manifest else ()


class Catalogue(Mapping[str, Found]):
    """All addons by name, the kernel among them."""

    def __init__(self, found: Mapping[str, Found]) -> None:
        self._found = dict(found)

    def __getitem__(self, name: str) -> Found:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def sound(self, name: str) -> Found:
        """Return an addon that can be used; LoaderFault says why it cannot."""
        found = self._found.get(name)
        if found is None:
            known = ", ".join(sorted(set(self) - {KERNEL})) or "-"
            raise LoaderFault(_("There is no addon called %(name)s. There are: %(known)s.", name=name, known=known))
        if found.fault is not None:
            raise LoaderFault(found.fault)
        return found

    def order(self, names: Collection[str]) -> tuple[Found, ...]:
        """Return these addons and all they stand on, dependencies first; LoaderFault when that is impossible."""
        ordered: dict[str, Found] = {}
        for name in sorted(names, key=lambda name: (name != KERNEL, name)):
            self._visit(name, ordered, ())
        return tuple(ordered.values())

    def _visit(self, name: str, ordered: dict[str, Found], path: tuple[str, ...]) -> None:
        if name in ordered:
            return
        if name in path:
            circle = " → ".join((*path[path.index(name) :], name))
            raise LoaderFault(_("These addons need each other in a circle: %(circle)s.", circle=circle))
        if path and name not in self:
            raise LoaderFault(_("%(addon)s needs the addon %(name)s, which is not here.", addon=path[-1], name=name))
        found = self.sound(name)
        for dependency in sorted(found.depends):
            self._visit(dependency, ordered, (*path, name))
        ordered[name] = found

    def dependants(self, name: str, among: Collection[str]) -> tuple[str, ...]:
        """Return those of `among` that stand on an addon, directly or not."""
        above = {name}
        while more := {one for one in among if one not in above and above & set(self._depends(one))}:
            above |= more
        return tuple(sorted(above - {name}))

    def _depends(self, name: str) -> tuple[str, ...]:
        found = self._found.get(name)
        return found.depends if found else ()


def discover(settings: Settings) -> Catalogue:
    """Look for addons everywhere they may be; the first of a name counts, a second one is a fault of its own."""
    kernel = Manifest(KERNEL, "Girih", core.__version__, hidden=True)
    found = {KERNEL: Found(KERNEL, KERNEL, Path(core.__file__ or ".").parent, kernel)}
    for candidate in (*_in_package(), *_in_folders(settings.addon_paths), *_installed()):
        known = found.get(candidate.name)
        if known is None:
            found[candidate.name] = _read(candidate)
        elif known.folder != candidate.folder:
            found[candidate.name] = replace(known, fault=_twice(known, candidate))
    return Catalogue(found)


def _twice(one: Found, other: Found) -> Text:
    where = {"name": one.name, "here": str(one.folder), "there": str(other.folder)}
    return _("There are two addons called %(name)s: %(here)s and %(there)s. Remove one of them.", **where)


def _in_package() -> Iterator[Found]:
    spec = importlib.util.find_spec("addons")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        for folder in _packages(Path(location)):
            yield Found(folder.name, f"addons.{folder.name}", folder)


def _in_folders(paths: Sequence[Path]) -> Iterator[Found]:
    for path in paths:
        if str(path) not in sys.path:
            sys.path.append(str(path))  # at the end: an addon may not take the place of another package
        for folder in _packages(path):
            yield Found(folder.name, folder.name, folder)


def _packages(path: Path) -> Iterator[Path]:
    for folder in sorted(path.iterdir()):
        first = folder / "__init__.py"
        if first.is_file() and "MANIFEST" in first.read_text(encoding="utf-8", errors="replace"):
            yield folder


def _installed() -> Iterator[Found]:
    for point in entry_points(group=ENTRY_POINTS):
        spec = _spec(point.module)
        folder = Path(spec.origin).parent if spec and spec.origin else Path()
        yield Found(point.module.rpartition(".")[2], point.module, folder)


def _spec(package: str) -> importlib.machinery.ModuleSpec | None:
    try:
        return importlib.util.find_spec(package)
    except (ImportError, ValueError):
        return None


def _read(found: Found) -> Found:
    try:
        importlib.invalidate_caches()
        module = importlib.import_module(found.package)
    except Exception as error:  # whatever an addon does wrong is told, and the others go on
        return replace(found, fault=broken(found.name, found.folder, error))
    here = Path(module.__file__ or "").resolve().parent
    if here != found.folder.resolve():
        words = {"name": found.name, "here": str(found.folder), "there": str(here)}
        return replace(found, fault=_("%(here)s cannot be loaded: %(name)s is also the name of %(there)s.", **words))
    manifest = getattr(module, "MANIFEST", None)
    if not isinstance(manifest, Manifest):
        return replace(found, fault=_("The addon %(name)s has no MANIFEST = Manifest(...).", name=found.name))
    if (folder := found.folder / "i18n").is_dir():
        add_catalogue_folder(folder)
    return replace(found, manifest=manifest, fault=_check(found, manifest))


def _check(found: Found, manifest: Manifest) -> Text | None:
    if manifest.name != found.name:
        names = {"name": found.name, "other": manifest.name}
        return _("The addon in the folder %(name)s calls itself %(other)s; both names must be the same.", **names)
    try:
        version_key(manifest.version)
        if fits(core.__version__, manifest.core):
            return None
    except ValueError as fault:
        return _("The manifest of %(name)s cannot be used: %(fault)s.", name=found.name, fault=str(fault))
    words = {"name": found.name, "needed": manifest.core, "version": core.__version__}
    return _("%(name)s needs Girih %(needed)s, and this is %(version)s.", **words)
