"""The session that carries the rules: guarded for people, a second one for `sudo`.

Writes are checked before and after the flush, so no record can be moved out of a rule or into one. A sudo session is
another object on the same connection with its own identity map, never a flag on this one: what sudo has loaded cannot
be found by a guarded `get()`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement, event, inspect, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql import elements, visitors

from core.db.live import Viewer, current

from .follow import base_table
from .rules import Policy
from .verifier import OPTION, GuardError

BATCH = 1000


class AccessDenied(Exception):
    """A record that this person may not see or change. `model`, `operation` (a letter) and `ids` say which."""

    def __init__(self, model: Any, operation: str, ids: Iterable[int]) -> None:
        self.model, self.operation, self.ids = model, operation, sorted(ids)[:5]
        super().__init__(f"{operation} on {model.__model__} {self.ids}")


class GuardedSession(Session):
    """An ORM session whose every statement carries the rules of its viewer's policy."""

    def __init__(self, bind: Any, viewer: Viewer | None, policy: Policy | None, **kw: Any) -> None:
        super().__init__(bind, **kw)
        self.viewer, self.policy = viewer, policy
        self._open = 0

    @property
    def is_sudo(self) -> bool:
        """Whether this session sees everything."""
        return self.policy is None

    @property
    def on_postgresql(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self.get_bind().dialect.name == "postgresql"

    @contextmanager
    def unguarded(self) -> Iterator[sa.Connection]:
        """Give the connection to the writer, which has checked or will check what it does; nobody else may ask."""
        self._open += 1
        try:
            if self.viewer is not None:
                current.set(self.viewer)
            yield super().connection()
        finally:
            self._open -= 1

    @contextmanager
    def sudo(self, viewer: Viewer | None) -> Iterator[GuardedSession]:
        """Open a session without rules on the same connection and transaction; objects loaded here expire after."""
        self.flush()
        with self.unguarded() as connection:
            inner = GuardedSession(connection, viewer, None, join_transaction_mode="create_savepoint")
        try:
            yield inner
            inner.commit()
        finally:
            inner.close()
            self.expire_all()

    @contextmanager
    def looking(self, viewer: Viewer | None) -> Iterator[GuardedSession]:
        """Open a session without rules that only reads; unlike `sudo` it may be opened while this one is flushing.

        Nothing is flushed before, and the objects of this session stay as they are.
        """
        with self.unguarded() as connection:
            inner = GuardedSession(connection, viewer, None, join_transaction_mode="rollback_only", autoflush=False)
        try:
            yield inner
        finally:
            inner.expunge_all()
            if self.viewer is not None:
                current.set(self.viewer)

    def connection(self, *args: Any, **kw: Any) -> sa.Connection:
        """Refuse the bare connection unless this is a sudo session."""
        if not (self.is_sudo or self._open):
            raise GuardError("session.connection() needs sudo")
        return super().connection(*args, **kw)

    def bulk_save_objects(self, *args: Any, **kw: Any) -> None:
        """Refuse: bulk writes go through the writer."""
        raise GuardError("bulk_save_objects goes around the writer")

    def bulk_insert_mappings(self, *args: Any, **kw: Any) -> None:
        """Refuse: bulk writes go through the writer."""
        raise GuardError("bulk_insert_mappings goes around the writer")

    def bulk_update_mappings(self, *args: Any, **kw: Any) -> None:
        """Refuse: bulk writes go through the writer."""
        raise GuardError("bulk_update_mappings goes around the writer")

    def rule(self, model: Any, operation: str) -> ColumnElement[bool] | None:
        """Return the condition on a model's rows for an operation letter; None when all rows are allowed.

        It may stand in any statement of this session: what it reads is read without rules, as everywhere.
        """
        if self.policy is None:
            return None
        rule = self.policy.rule_set(operation).by_mapper.get(inspect(model))
        return self.policy.rule(model, operation) if rule is None else rule.alone

    def rule_columns(self, model: Any) -> set[str]:
        """Return the model's own columns that its update rule reads: writing one may move a record out of the rule."""
        rule = self.rule(model, "u")
        if rule is None:
            return set()
        table = model.__table__
        return {
            part.key
            for part in visitors.iterate(rule)
            if isinstance(part, sa.Column) and base_table(part.table) is table
        }

    def allowed(self, model: Any, operation: str, ids: Iterable[int]) -> set[int]:
        """Return those of the ids for which the operation's rule holds."""
        wanted = sorted(set(ids))
        rule = self.rule(model, operation)
        if rule is None:
            return set(wanted)
        found: set[int] = set()
        with self.no_autoflush, self.unguarded():
            for start in range(0, len(wanted), BATCH):
                query = select(model.id).where(self._among(model.id), rule)
                found.update(self.scalars(query, {"girih_ids": wanted[start : start + BATCH]}))
        return found

    def check(self, model: Any, operation: str, ids: Iterable[int]) -> None:
        """Raise AccessDenied unless the operation's rule holds for every id."""
        wanted = set(ids)
        if refused := wanted - self.allowed(model, operation, wanted):
            raise AccessDenied(model, operation, refused)

    def _among(self, column: Any) -> Any:
        if self.on_postgresql:
            return column == sa.any_(sa.bindparam("girih_ids", type_=ARRAY(sa.BigInteger)))
        return column.in_(sa.bindparam("girih_ids", expanding=True))


@event.listens_for(GuardedSession, "do_orm_execute")
def _guard_statement(state: ORMExecuteState) -> Any:
    session: Any = state.session
    if session.viewer is not None:
        current.set(session.viewer)
    if session.is_sudo or session._open:
        return None
    _refuse_unguardable(state)
    operation = "r" if state.is_select else "u" if state.is_update else "d"
    rules = session.policy.rule_set(operation)
    if state.is_relationship_load:
        rules = rules.loading
    statement: Any = state.statement
    if rules not in statement._with_options:
        statement = statement.options(rules)
    if state.is_column_load and (rule := rules.by_mapper.get(state.bind_mapper)) is not None:
        # a refresh of expired attributes: SQLAlchemy adds no criteria of its own here
        statement = statement.where(rule._resolve_where_criteria(state.bind_mapper))
    state.statement = statement.execution_options(**{OPTION: rules})
    return _watch_update(session, state) if state.is_update else None


def _refuse_unguardable(state: ORMExecuteState) -> None:
    if not state.is_orm_statement:
        raise GuardError(f"{type(state.statement).__name__} outside the ORM needs sudo")
    if state.is_insert or (state.is_from_statement and not state.is_select):
        raise GuardError("INSERT goes around the writer")
    if (state.is_update or state.is_delete) and state.parameters and not isinstance(state.parameters, dict):
        raise GuardError("bulk UPDATE by key goes around the writer")


def _watch_update(session: Any, state: ORMExecuteState) -> Any:
    """Check a bulk UPDATE afterwards when it writes a column that the rule reads."""
    if state.execution_options.get("girih_checked"):
        return None
    assert state.bind_mapper is not None
    model, statement = state.bind_mapper.class_, state.statement
    told = (*(getattr(statement, "_values", None) or ()), *(state.parameters or ()))
    if not {getattr(column, "key", column) for column in told} & session.rule_columns(model):
        return None
    found = session.scalars(select(model.id).where(*statement._where_criteria)).all()  # type: ignore[attr-defined]
    ids = session.allowed(model, "u", found)
    result = state.invoke_statement(execution_options={"girih_checked": True})
    session.check(model, "u", ids)
    return result


@event.listens_for(GuardedSession, "detached_to_persistent")
def _refuse_forged(session: Any, obj: Any) -> None:
    if not session.is_sudo:
        session.expunge(obj)
        raise GuardError("a detached object cannot be added to a guarded session")


@event.listens_for(GuardedSession, "before_flush")
def _before_flush(session: Any, _context: Any, _instances: Any) -> None:
    if session.is_sudo:
        return
    for obj in (*session.new, *session.dirty):
        if any(isinstance(value, elements.ClauseElement) for value in obj.__dict__.values()):
            raise GuardError("an SQL expression as a value needs sudo")
    changed = [obj for obj in session.dirty if session.is_modified(obj)]
    _check_objects(session, changed, "u")
    _check_objects(session, session.deleted, "d")
    session.info["girih_flush"] = (list(session.new), changed)
    session._open += 1


@event.listens_for(GuardedSession, "after_flush_postexec")
def _after_flush(session: Any, _context: Any) -> None:
    if session.is_sudo or "girih_flush" not in session.info:
        return
    session._open -= 1
    created, changed = session.info.pop("girih_flush")
    _check_objects(session, created, "c")
    _check_objects(session, changed, "u")


@event.listens_for(GuardedSession, "after_soft_rollback")
def _after_rollback(session: Any, _transaction: Any) -> None:
    # a flush that failed never reaches _after_flush: close what _before_flush opened
    if session.info.pop("girih_flush", None) is not None:
        session._open -= 1


def _check_objects(session: Any, objects: Iterable[Any], operation: str) -> None:
    by_model: dict[Any, list[int]] = {}
    for obj in objects:
        identity = inspect(obj).identity
        if identity is not None:
            by_model.setdefault(type(obj), []).append(identity[0])
    for model, ids in by_model.items():
        session.check(model, operation, ids)
