"""Addons as cards: what each is for, what it needs, and how it stands in a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from core.i18n import Text, _
from core.loader import KERNEL, Catalogue, Database, Found, Installed

STATES: Mapping[str, Text] = {
    "installed": _("Installed"),
    "update": _("Outdated"),
    "disabled": _("Disabled"),
    "aside": _("Not working"),
    "missing": _("Code is missing"),
    "available": _("Available"),
    "broken": _("Broken"),
}
VERBS: Mapping[str, tuple[str, ...]] = {
    "installed": ("disable", "uninstall"),
    "update": ("upgrade", "disable", "uninstall"),
    "disabled": ("enable", "uninstall"),
    "aside": ("upgrade", "disable"),
    "available": ("install",),
}
LABELS: Mapping[str, Text] = {
    "install": _("Install…"),
    "upgrade": _("Update…"),
    "disable": _("Disable…"),
    "enable": _("Enable…"),
    "uninstall": _("Uninstall…"),
}


@dataclass(frozen=True, slots=True)
class Module:
    """An addon as people see it."""

    name: str
    title: Text
    summary: Text
    icon: str
    color: int
    category: Text | None
    version: str
    needs: tuple[str, ...] = ()
    state: str = "available"
    installed_version: str | None = None
    fault: Text | None = None

    @property
    def status(self) -> Text:
        """How it stands, in words."""
        return STATES[self.state]

    @property
    def verbs(self) -> tuple[tuple[str, Text], ...]:
        """What may be done with it: the first is what people most likely want."""
        return tuple((verb, LABELS[verb]) for verb in VERBS.get(self.state, ()))

    def matches(self, words: str) -> bool:
        """Say whether it is meant by what was typed into the search."""
        told = " ".join(map(str, (self.title, self.summary, self.name, self.category or ""))).casefold()
        return all(word in told for word in words.casefold().split())


def offered(catalogue: Catalogue) -> list[Module]:
    """Return every addon one may choose, by category and name."""
    found = [module_of(one, catalogue) for one in catalogue.values() if not is_hidden(one)]
    return sorted(found, key=lambda one: (str(one.category or ""), str(one.title)))


def modules_of(database: Database) -> list[Module]:
    """Return every addon with its state in a database."""
    catalogue, installed, aside = database.catalogue, database.installed(), database.set_aside()
    return sorted(_with_state(catalogue, installed, aside), key=lambda one: (str(one.category or ""), str(one.title)))


def _with_state(
    catalogue: Catalogue, installed: Mapping[str, Installed], aside: Mapping[str, Text]
) -> Iterator[Module]:
    for found in catalogue.values():
        if not is_hidden(found) or found.name in installed:
            if found.name != KERNEL:
                yield module_of(found, catalogue, installed.get(found.name), aside.get(found.name))
    for name, one in installed.items():
        if name not in catalogue and name != KERNEL:
            yield Module(name, Text(name), Text(""), "puzzle", 0, None, "", (), "missing", one.version, aside.get(name))


def module_of(found: Found, catalogue: Catalogue, known: Installed | None = None, aside: Text | None = None) -> Module:
    """Return an addon as a card."""
    manifest = found.manifest
    state = _state(found, known, aside)
    fault = found.fault or (aside if state == "aside" else None)
    return Module(
        found.name,
        Text(manifest.title if manifest else found.name),
        Text(manifest.summary if manifest else ""),
        manifest.icon if manifest else "puzzle",
        color_of(found.name),
        Text(manifest.category) if manifest and manifest.category else None,
        found.version,
        tuple(sorted(one.name for one in _needs(catalogue, found))),
        state,
        known.version if known else None,
        fault,
    )


def _state(found: Found, known: Installed | None, aside: Text | None) -> str:
    if known is None:
        return "broken" if found.fault is not None else "available"
    if not known.works:
        return "disabled"
    if found.fault is None and known.version != found.version:
        return "update"  # it rests until it is updated: its code does not fit its tables
    return "installed" if aside is None and found.fault is None else "aside"


def _needs(catalogue: Catalogue, found: Found) -> Iterator[Found]:
    seen = {found.name, KERNEL}
    waiting = list(found.depends)
    while waiting:
        one = catalogue.get(waiting.pop())
        if one is not None and one.name not in seen:
            seen.add(one.name)
            waiting += one.depends
            yield one


def is_hidden(found: Found) -> bool:
    """Say whether an addon is not for choosing: the kernel, and what only others need."""
    return found.name == KERNEL or bool(found.manifest and found.manifest.hidden)


def color_of(name: str) -> int:
    """Return the colour of an addon's sign: always the same one."""
    return sum(name.encode()) % 12
