"""Values of the moment inside SQL: the user, today. One compiled statement serves everybody.

`me.id` or `today()` is a bind parameter that asks the context of the statement being executed (set by the guard), so a
rule is a constant of the registry and the role, and the statement cache holds one entry for all users and all days.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.functions import GenericFunction

from .types import BigId


class Viewer(Protocol):
    """What the live values ask of whoever runs a statement."""

    @property
    def today(self) -> date:
        """The day it is in the viewer's time zone."""
        ...

    @property
    def user_id(self) -> int | None:
        """The user, None for the public."""
        ...

    def live(self, name: str) -> Any:
        """Return another value of the moment by name (`team_ids`, `contact_id`)."""
        ...


current: contextvars.ContextVar[Viewer] = contextvars.ContextVar("girih_viewer")


def today() -> ColumnElement[date]:
    """Return today in the viewer's time zone, as SQL."""
    return sa.bindparam("girih_today", type_=sa.Date(), callable_=lambda: current.get().today)


class Me:
    """The user of the statement, inside SQL: `me.id`, `me.contact_id`, `me.team_ids`.

    A name ending in `_ids` is a list for `in_()`; every other name is one value. Values other than `id` come from
    the hook `register_live_values` of the addon that knows them; nobody answers means nothing is seen.
    """

    @property
    def id(self) -> ColumnElement[int]:
        """The id of the user."""
        return _value("girih_me", lambda: current.get().user_id)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name.endswith("_ids"):
            return sa.bindparam(
                f"girih_me_{name}", type_=BigId, expanding=True, callable_=lambda: tuple(current.get().live(name) or ())
            )
        return _value(f"girih_me_{name}", lambda: current.get().live(name))

    def __bool__(self) -> bool:
        raise TypeError("me is a value inside SQL; give the rule to the roles it is for instead of asking `if me`")


def _value(name: str, ask: Callable[[], Any]) -> ColumnElement[int]:
    return sa.bindparam(name, type_=BigId, callable_=ask)


me = Me()


class _Among(GenericFunction[bool]):
    name = "girih_among"
    inherit_cache = True
    _register = False

    def self_group(self, against: Any = None) -> Any:
        """Stand beside AND and OR as it is: written `... = 1` for SQLite, it could use no index."""
        return self if against in (operators.and_, operators.or_) else super().self_group(against)

    @property
    def parts(self) -> Any:
        """The column and the rows. (`clauses` is remembered across copies: the guard's copy would lose its mark.)"""
        return self.clause_expr.element


@compiles(_Among)
def _as_in(element: Any, compiler: Any, **kw: Any) -> str:
    column, rows = element.parts
    return f"{compiler.process(column, **kw)} IN {compiler.process(rows, **kw)}"


@compiles(_Among, "postgresql")
def _as_array(element: Any, compiler: Any, **kw: Any) -> str:
    column, rows = element.parts
    return f"{compiler.process(column, **kw)} = ANY(ARRAY{compiler.process(rows, **kw)})"


def among_rows(column: Any, query: sa.Select[Any]) -> ColumnElement[bool]:
    """Return `column IN (query)` in the form each database can use inside an OR.

    PostgreSQL cannot use indexes for `a = 1 OR b IN (select ...)`; with `= ANY(ARRAY(select ...))` it can.
    """
    return _Among(column, query.scalar_subquery(), type_=sa.Boolean())
