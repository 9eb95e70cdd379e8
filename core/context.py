"""The context: who does something, in which database, language and moment. Everything below the web takes one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine

from core.db.guard import GuardedSession, Policy
from core.i18n import Locale, Text
from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever acts: a user with the codes of the roles held, or nobody (`id` None) for the public and the system."""

    id: int | None
    name: str
    roles: frozenset[str]
    email: str = ""
    kind: str = "internal"

    @property
    def is_admin(self) -> bool:
        """Whether every right is granted."""
        return "core.admin" in self.roles


@dataclass(frozen=True, slots=True)
class CompanyInfo:
    """The company a person works for, with the currency amounts are in."""

    id: int | None = None
    name: str = ""
    currency: str = "USD"
    decimals: int = 2
    country: str | None = None


SYSTEM = Person(None, "", frozenset({"core.admin"}), kind="system")
NOBODY = Person(None, "", frozenset({"core.public"}), kind="public")


@dataclass(slots=True)
class Work:
    """What belongs to one transaction: the change set its writes share, and what is to be done once it is safe."""

    kind: str = "request"
    note: str | None = None
    change_set: int | None = None
    changes: list[Any] = field(default_factory=list)
    after_commit: list[Callable[[], None]] = field(default_factory=list)


@dataclass(slots=True)
class Context:
    """A database session with its viewer. `session` is guarded by the viewer's policy unless this is a sudo context."""

    registry: Registry
    session: GuardedSession
    user: Person
    locale: Locale = field(default_factory=Locale)
    company: CompanyInfo = field(default_factory=CompanyInfo)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    work: Work = field(default_factory=Work)
    database: str = "main"
    events: dict[str, Text | str] = field(default_factory=dict)
    _live: dict[str, Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day it is where the viewer is."""
        return self.now.astimezone(self.locale.zone).date()

    @property
    def user_id(self) -> int | None:
        """The id of the user, None for the public and the system."""
        return self.user.id

    @property
    def is_sudo(self) -> bool:
        """Whether this context sees everything."""
        return self.session.is_sudo

    def announce(self, event: str, text: Text | str = "") -> None:
        """Let the page that asked know of an event, once all is safe: `announce("celebrate", _("Won!"))`.

        The text is shown where nothing else is said.
        """
        self.work.after_commit.append(lambda: self.events.update({event: text}))

    def live(self, name: str) -> Any:
        """Return a value that rules read as `me.<name>`; asked once per context, as the system."""
        if name not in self._live:
            ask = self.registry.live_values.get(name)
            if ask is None:
                self._live[name] = None
            else:
                with self._looking() as system:
                    self._live[name] = ask(system)
        return self._live[name]

    @contextmanager
    def _looking(self) -> Iterator[Context]:
        """Give a context that sees everything and only reads, even in the middle of a flush."""
        if self.is_sudo:
            yield self
            return
        inner = replace(self, _live=self._live)
        with self.session.looking(inner) as session:
            inner.session = session
            yield inner

    @contextmanager
    def sudo(self, reason: str) -> Iterator[Context]:
        """Give a context that sees everything, on a second session in the same transaction, as the same user.

        `reason` says why the program may do what the user may not; it is meant for whoever reads the code or the log.
        """
        assert reason, "sudo needs a reason"
        if self.is_sudo:
            yield self
            return
        inner = replace(self, _live=self._live)
        with self.session.sudo(inner) as session:
            inner.session = session
            yield inner


@contextmanager
def open_context(
    engine: Engine,
    registry: Registry,
    user: Person,
    policy: Policy | None,
    **more: Any,
) -> Iterator[Context]:
    """Open a context on a new session; what is not committed by `core.operations.commit` is rolled back.

    `policy` None is for the system alone. `more` are the other fields of `Context`.
    """
    session = GuardedSession(engine, None, policy, expire_on_commit=False)
    context = Context(registry, session, user, **more)
    session.viewer = context
    try:
        yield context
    finally:
        session.close()
