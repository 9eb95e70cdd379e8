"""Jobs: work that is done later or by the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.fields.meta import Source, caller
from core.i18n import Text, _


@dataclass(frozen=True, slots=True)
class JobKind:
    """A function `(ctx, **arguments)` that can be enqueued by its name; idempotent, arguments are plain JSON.

    `retries` times it is tried again after a fault, after 30 seconds, then twice as long each time.
    """

    name: str
    function: Callable[..., Any]
    label: Text = _("Job")
    retries: int = 3
    source: Source = field(default_factory=lambda: caller(3), compare=False)


@dataclass(frozen=True, slots=True)
class Daily:
    """A job done once a day, at an hour of the server's default time zone."""

    name: str
    function: Callable[..., Any]
    hour: int
    minute: int = 0
    label: Text = _("Daily job")
    retries: int = 3
    source: Source = field(default_factory=lambda: caller(3), compare=False)


@dataclass(frozen=True, slots=True)
class Every:
    """A job done every so many minutes."""

    name: str
    function: Callable[..., Any]
    minutes: int
    label: Text = _("Repeated job")
    retries: int = 3
    source: Source = field(default_factory=lambda: caller(3), compare=False)


AnyJob = JobKind | Daily | Every
