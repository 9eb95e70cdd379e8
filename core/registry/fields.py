"""Fields of all installed models, with those of extensions and those made in the browser, and the faults among them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from core.fields.meta import Meta

from .faults import Fault
from .info import FieldInfo, ModelInfo, own_fields

Index = dict[tuple[Any, str], FieldInfo]


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field an administrator made in the browser: kept in the `custom` column of the model's records."""

    model: str
    name: str
    meta: Meta


class FieldCollector:
    """Gathers the fields of a set of models."""

    def __init__(self, models: Sequence[Any], custom: Iterable[CustomField], faults: list[Fault]) -> None:
        self.models, self.custom, self.faults = models, custom, faults
        self.by_name = {model.__model__: model for model in models}
        self.fields: dict[Any, dict[str, FieldInfo]] = {m: {} for m in models if m.__of__ is None}
        self.index: Index = {}

    def collect(self) -> tuple[dict[Any, ModelInfo], Index]:
        """Return what is known of each model, and the fields by class and attribute name."""
        for model in sorted(self.models, key=lambda one: one.__of__ is not None):
            self._collect_model(model)
        for custom in self.custom:
            self._collect_custom(custom)
        infos = {model: self._info(model, fields) for model, fields in self.fields.items()}
        return infos, self.index

    def _collect_model(self, model: Any) -> None:
        owner = model.__of__ or model
        if owner not in self.fields:
            self.faults.append(
                Fault(model.__source__, f"{model.__name__} extends {owner.__model__}, which is not installed")
            )
            return
        prefix = f"{model.__addon__}." if model.__of__ is not None else ""
        if prefix and model.__addon__ in self.fields[owner]:
            text = f"{owner.__model__} has a field named {model.__addon__}, so this addon cannot extend it"
            self.faults.append(Fault(model.__source__, text))
        for declared in own_fields(model):
            name = prefix + declared.name
            if name in self.fields[owner]:
                self.faults.append(Fault(declared.meta.source, f"{name} is declared twice on {owner.__model__}"))
                continue
            info = FieldInfo(
                name,
                owner,
                declared.meta,
                declared.attr,
                target=self._target(name, declared.meta, declared.attr),
                extension=model if prefix else None,
                computed=declared.computed,
            )
            self.fields[owner][name] = info
            self.index[model, declared.attr.key] = info
            if declared.record is not None:
                self.index[model, declared.record.key] = info

    def _target(self, name: str, meta: Meta, attr: Any) -> Any:
        if meta.kind == "one2many":
            return attr.property.mapper.class_
        if meta.target is None:
            return None
        target = self.by_name.get(meta.target) if isinstance(meta.target, str) else meta.target
        if target not in self.fields:
            shown = meta.target if isinstance(meta.target, str) else meta.target.__model__
            self.faults.append(Fault(meta.source, f"{name} points to {shown}, which is not installed"))
        return target

    def _collect_custom(self, custom: CustomField) -> None:
        model = self.by_name.get(custom.model)
        if model is None or model not in self.fields:
            self.faults.append(Fault(custom.meta.source, f"{custom.model} is not installed"))
            return
        name = f"custom.{custom.name}"
        if name in self.fields[model] or not hasattr(model, "custom"):
            text = f"{name} is declared twice on" if name in self.fields[model] else f"{name} has no place in"
            self.faults.append(Fault(custom.meta.source, f"{text} {custom.model}"))
            return
        self.fields[model][name] = FieldInfo(name, model, custom.meta, model.custom, custom=custom.name)

    def _info(self, model: Any, fields: dict[str, FieldInfo]) -> ModelInfo:
        extensions = tuple(one for one in self.models if one.__of__ is model)
        return ModelInfo(model, MappingProxyType(fields), _title(model, fields), extensions)


def _title(model: Any, fields: dict[str, FieldInfo]) -> FieldInfo | None:
    """Return the field a record is called by: what the class says, else `name`, `title`, or the first short text."""
    wanted = getattr(model, "__title__", None)
    for name in (wanted, "name", "title"):
        if name in fields:
            return fields[name]
    texts = (f for f in fields.values() if f.kind == "char" and not f.computed)
    return next((f for f in texts if f.extension is None and f.custom is None), None)
