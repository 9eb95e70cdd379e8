"""The registry: the declarations of the addons installed in one database, checked as a whole and frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType, ModuleType
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from core.db.naming import mapper_registry
from core.declarations import KERNEL_ROLES, AnyJob, Menu, Patch, Role, Rule, Seed, SettingGroup, Verb, View

from . import checks, patches
from .answers import ask, connect
from .faults import Fault, Faults
from .fields import CustomField, FieldCollector, Index
from .info import FieldInfo, ModelInfo

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Plugin:
    """An addon's table of contents with its name and version; the kernel's own has the name `core`."""

    name: str
    version: str
    module: ModuleType | Any


class Registry:
    """What is installed in one database. Build it with `Registry.build`; afterwards nothing of it changes.

    `memo` is a place where rooms above keep what they derive from it, such as prepared statements and policies.
    """

    plugins: tuple[Plugin, ...]
    models: tuple[Any, ...]
    infos: Mapping[Any, ModelInfo]
    roles: Mapping[str, Role]
    rights: Mapping[Any, Mapping[str, frozenset[str]]]
    rules: tuple[tuple[Rule, Any], ...]
    views: Mapping[tuple[Any, str], View]
    menus: tuple[Menu, ...]
    verbs: Mapping[Any, tuple[Verb, ...]]
    jobs: Mapping[str, AnyJob]
    seeds: Mapping[str, tuple[Seed, ...]]
    settings: Mapping[str, tuple[SettingGroup, ...]]
    live_values: Mapping[str, Callable[[Any], Any]]
    set_aside: tuple[patches.SetAside, ...]
    hooks: Any

    def __init__(self) -> None:
        self.memo: dict[Any, Any] = {}
        self._index: Index = {}

    @classmethod
    def build(cls, plugins: Sequence[Plugin], custom: Iterable[CustomField] = ()) -> Registry:
        """Build the registry of these addons, dependencies first; raise `Faults` with everything that is wrong."""
        return Builder(cls(), plugins, custom).build()

    def info(self, model: Any) -> ModelInfo:
        """Return what is known of an installed model; KeyError when it is not installed."""
        return self.infos[model]

    def fields(self, model: Any) -> Mapping[str, FieldInfo]:
        """Return the fields of a model by name."""
        return self.infos[model].fields

    def model(self, name: str) -> Any:
        """Return the model of this name; KeyError when it is not installed."""
        return self.by_name[name]

    @property
    def by_name(self) -> Mapping[str, Any]:
        """The installed models by name, extensions left out."""
        found: Mapping[str, Any] = self.memo.get("by_name") or {m.__model__: m for m in self.infos}
        self.memo["by_name"] = found
        return found

    def find(self, attr: Any) -> FieldInfo | None:
        """Return the field behind a mapped attribute, None when no installed model has it."""
        return self._index.get((getattr(attr, "class_", None), getattr(attr, "key", "")))

    def field(self, attr: Any, model: Any = None) -> FieldInfo:
        """Return the field behind an attribute or, with `model`, behind a name; KeyError when there is none."""
        if isinstance(attr, str):
            return self.infos[model].fields[attr]
        info = self.find(attr)
        if info is None:
            raise KeyError(str(attr))
        return info

    def view(self, model: Any, kind: str) -> Any:
        """Return a model's view of a kind, None when it has none."""
        return self.views.get((model, kind))


class Builder:
    """Asks the hooks, gathers, checks, freezes."""

    def __init__(self, registry: Registry, plugins: Sequence[Plugin], custom: Iterable[CustomField]) -> None:
        self.registry, self.plugins, self.custom = registry, tuple(plugins), custom
        self.faults: list[Fault] = []

    def build(self) -> Registry:
        """Return the finished registry or raise Faults."""
        registry = self.registry
        registry.plugins = self.plugins
        registry.hooks = connect(self.plugins, self.faults)
        registry.models = self._models()
        infos, registry._index = FieldCollector(registry.models, self.custom, self.faults).collect()
        registry.infos = MappingProxyType(infos)
        self._access()
        self._views()
        self._verbs()
        self._rest()
        self.faults += checks.check_names(registry)
        if self.faults:
            raise Faults(self.faults)
        return registry

    def _ask(self, name: str) -> dict[str, Any]:
        """Return each addon's answer to a `register_*` hook, in the order of the addons."""
        found = {plugin.name: ask(plugin, name, self.faults) for plugin in self.plugins}
        return {plugin: answer for plugin, answer in found.items() if answer is not None}

    def _models(self) -> tuple[Any, ...]:
        models = [model for answer in self._ask("register_models").values() for model in answer]
        ready = []
        for addon in dict.fromkeys(model.__addon__ for model in models):
            try:
                mapper_registry(addon).configure(cascade=True)
                ready.append(addon)
            except SQLAlchemyError as error:
                source = next(m.__source__ for m in models if m.__addon__ == addon)
                self.faults.append(Fault(source, f"the models of {addon} do not fit together: {error}"))
        return tuple(model for model in models if model.__addon__ in ready)

    def _access(self) -> None:
        rights: dict[Any, dict[str, frozenset[str]]] = {}
        roles = {role.code: role for role in KERNEL_ROLES}
        rules: list[tuple[Rule, Any]] = []
        for given, conditions in self._ask("register_access").values():
            for right in given:
                self.faults += checks.check_rights(self.registry, right)
                for role, letters in right.roles.items():
                    roles.setdefault(role.code, role)
                    of_model = rights.setdefault(right.model, {})
                    of_model[role.code] = of_model.get(role.code, frozenset()) | frozenset(letters)
            for rule in conditions:
                self.faults += checks.check_rule(self.registry, rule)
                expression, fault = checks.evaluate_rule(rule)
                if fault is not None:
                    self.faults.append(fault)
                else:
                    rules.append((rule, expression))
        self.registry.rights = MappingProxyType({m: MappingProxyType(r) for m, r in rights.items()})
        self.registry.roles, self.registry.rules = MappingProxyType(roles), tuple(rules)

    def _views(self) -> None:
        views: dict[tuple[Any, str], View] = {}
        waiting: list[Patch] = []
        menus: list[Menu] = []
        for declared, menu in self._ask("register_views").values():
            for view in declared:
                if isinstance(view, Patch):
                    waiting.append(view)
                else:
                    self.faults += checks.check_view(self.registry, view, views.get((view.model, view.kind)))
                    views[view.model, view.kind] = view
            menus += [menu] if isinstance(menu, Menu) else list(menu or ())
        self.registry.set_aside = tuple(self._apply(views, waiting))
        self.registry.views = MappingProxyType(views)
        self.registry.menus = tuple(sorted(menus, key=lambda one: one.sequence))
        self.faults += [fault for menu in menus for fault in checks.check_menu(self.registry, menu)]

    def _apply(self, views: dict[tuple[Any, str], View], waiting: list[Patch]) -> Iterable[patches.SetAside]:
        for patch in waiting:
            view = views.get((patch.model, patch.view))
            try:
                if view is None:
                    raise patches.Misfit
                patched = patches.apply_patch(view, patch)
            except patches.Misfit:
                yield patches.set_aside(patch)
                continue
            before = {fault.text for fault in checks.check_view(self.registry, view)}
            after = checks.check_view(self.registry, patched)
            self.faults += [Fault(patch.source, fault.text) for fault in after if fault.text not in before]
            views[patch.model, patch.view] = patched

    def _verbs(self) -> None:
        verbs: dict[Any, list[Verb]] = {}
        for answer in self._ask("register_verbs").values():
            for verb in answer:
                self.faults += checks.check_verb(self.registry, verb, verbs.get(verb.model, ()))
                verbs.setdefault(verb.model, []).append(verb)
        self.registry.verbs = MappingProxyType({model: tuple(found) for model, found in verbs.items()})

    def _rest(self) -> None:
        registry = self.registry
        jobs: list[AnyJob] = [job for answer in self._ask("register_jobs").values() for job in answer]
        registry.jobs = MappingProxyType({job.name: job for job in jobs})
        self.faults += checks.check_jobs(jobs)
        registry.seeds = MappingProxyType({name: tuple(a) for name, a in self._ask("register_seeds").items()})
        registry.settings = MappingProxyType({name: tuple(a) for name, a in self._ask("register_settings").items()})
        live: dict[str, Any] = {}
        for answer in self._ask("register_live_values").values():
            live |= answer
        registry.live_values = MappingProxyType(live)
