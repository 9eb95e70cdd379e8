"""Seeds: records that come with an addon, and settings it asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.fields.meta import Source, caller
from core.i18n import Text


@dataclass(frozen=True, slots=True)
class Seed:
    """One record made at installation, once: `Seed(Stage, "new", {Stage.name: _("New"), Stage.sequence: 1})`.

    A person's change of it is kept by every upgrade; a link to another seed is written `Ref("key")`.
    """

    model: Any
    key: str
    values: Mapping[Any, Any]
    source: Source = field(default_factory=lambda: caller(3), compare=False)


@dataclass(frozen=True, slots=True)
class Ref:
    """The record of another seed, of the same addon or written `addon:key`."""

    key: str


@dataclass(frozen=True, slots=True)
class SettingField:
    """A setting of an app, shown on the settings page: boolean, char, integer or selection."""

    key: str
    label: Text
    kind: str = "boolean"
    default: Any = None
    help: Text | None = None
    choices: Mapping[str, Text] | None = None
    source: Source = field(default_factory=lambda: caller(3), compare=False)


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """The settings of one app."""

    title: Text
    fields: Sequence[SettingField]
