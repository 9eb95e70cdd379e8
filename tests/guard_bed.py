"""How the cases of the hole matrix are written and run.

A case is one construct of SQLAlchemy. It is run for Anne, then for Behrouz and again for Anne: other bind values in the
same compiled statement. It is run once without rules too, to show that there is a row that would leak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import StatementError

from core.access import system_context
from core.db.engine import make_engine
from core.db.guard import AccessDenied, GuardedSession, GuardError
from tests.bed.databases import KINDS, Databases
from tests.kernel_models import ANNE, BEHROUZ, NOW, REGISTRY, Who, acting, prepare

Do = Callable[[Any, Who], Any]
REFUSED = "refused"


@dataclass(frozen=True)
class Case:
    """One construct: what is done, and what is right for each person; None means that it must be refused."""

    name: str
    do: Do
    want: Callable[[Who], Any] | None
    only: str = ""
    """The kind of database that has the construct, when the other one lacks it."""
    leaks: bool = True
    """Whether the same without rules gives something else; for a refused one, whether it works at all."""


def enforced(name: str, do: Do, want: Callable[[Who], Any], only: str = "", *, leaks: bool = True) -> Case:
    """Return a case where only what is permitted comes back or changes."""
    return Case(name, do, want, only, leaks)


def refused(name: str, do: Do, only: str = "", *, leaks: bool = True) -> Case:
    """Return a case that must end in an error."""
    return Case(name, do, None, only, leaks)


@pytest.fixture(scope="module", params=KINDS)
def business(request: pytest.FixtureRequest, databases: Databases) -> Iterator[sa.Engine]:
    """Give the engine of a database with the tests' business, of each kind in turn."""
    url = databases.fresh(request.param, "business", prepare)
    engine = make_engine(url)
    yield engine
    engine.dispose()
    databases.drop(url)


def outcome(case: Case, session: GuardedSession, who: Who) -> Any:
    """Do what a case does, and tell what came of it."""
    try:
        return case.do(session, who)
    except (AccessDenied, GuardError):
        return REFUSED
    except StatementError as error:
        if isinstance(error.orig, (AccessDenied, GuardError)):
            return REFUSED
        raise


def check(engine: sa.Engine, case: Case) -> None:
    """Run a case for everybody."""
    if case.only not in ("", engine.dialect.name):
        with acting(engine, ANNE) as ctx, pytest.raises(Exception):  # noqa: B017, PT011 -- whatever this database says
            case.do(ctx.session, ANNE)
        return
    with system_context(engine, REGISTRY, now=NOW) as ctx:
        bare = outcome(case, ctx.session, ANNE) if case.leaks else object()
    for who in (ANNE, BEHROUZ, ANNE):
        with acting(engine, who) as ctx:
            got = outcome(case, ctx.session, who)
        wanted = REFUSED if case.want is None else case.want(who)
        assert got == wanted, f"user {who.id} got {got}, not {wanted}"
    assert bare != got, "without rules the same comes back, so this case shows nothing"


def named(found: Iterable[Any]) -> frozenset[str]:
    """Return the titles or names of records or rows."""
    return frozenset(getattr(one, "title", None) or one.name for one in found)


def ids(cases: list[Case]) -> list[Any]:
    """Return the cases as pytest takes them."""
    return [pytest.param(case, id=case.name) for case in cases]
