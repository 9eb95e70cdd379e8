"""What can go wrong with addons and databases, told to people."""

from __future__ import annotations

import traceback
from pathlib import Path

from core.errors import GirihError
from core.i18n import Text, _


class LoaderFault(GirihError):
    """An addon that cannot be found, loaded, installed or removed; the message says why and what to do."""


class DatabaseDown(GirihError):
    """A database that does not answer."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            _("The database “%(name)s” does not answer. Try again in a moment; what was saved is safe.", name=name)
        )


class NotSetUp(GirihError):
    """A database without the kernel's tables."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(_("The database “%(name)s” is not set up yet. Open its address in a browser.", name=name))


class UnknownDatabase(GirihError):
    """A name under which this server has no database."""

    def __init__(self, name: str) -> None:
        super().__init__(_("This server has no database called “%(name)s”.", name=name))


def broken(name: str, folder: Path, error: BaseException) -> Text:
    """Return the sentence for an addon whose code failed, with the last line of its own that was running."""
    if isinstance(error, SyntaxError):
        where = f"{error.filename}:{error.lineno}"
        return _("The addon %(name)s cannot be loaded. %(where)s: %(fault)s", name=name, where=where, fault=error.msg)
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    where = f"{own[-1].filename}:{own[-1].lineno}" if own else str(folder)
    told = f"{type(error).__name__}: {error}"
    return _("The addon %(name)s cannot be loaded. %(where)s: %(fault)s", name=name, where=where, fault=told)
