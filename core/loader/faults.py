"""What can go wrong with addons and databases, told to people."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from core.db.sync import SchemaBlocked
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
    """Return the sentence for an addon that cannot be imported, with file and line."""
    return _("The addon %(name)s cannot be loaded. %(fault)s", name=name, fault=_told(folder, error))


@contextmanager
def blaming(name: str, folder: Path) -> Iterator[None]:
    """Tell a fault in what an addon does while it comes or goes as a LoaderFault with file and line."""
    try:
        yield
    except (GirihError, SchemaBlocked, DBAPIError):
        raise
    except Exception as error:
        told = _("The addon %(name)s failed, and nothing was changed. %(fault)s", name=name, fault=_told(folder, error))
        raise LoaderFault(told) from error


def _told(folder: Path, error: BaseException) -> str:
    """What was wrong, and the last line of the addon's own that was running."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}:{error.lineno}: {error.msg}"
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if Path(frame.filename).is_relative_to(folder)]
    where = f"{own[-1].filename}:{own[-1].lineno}" if own else str(folder)
    return f"{where}: {type(error).__name__}: {error}"
