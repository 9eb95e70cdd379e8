"""The rules of a policy as SQLAlchemy options: one option per statement, whatever the number of models.

SQLAlchemy adds "loader criteria" to every appearance of an entity: joins, aliases, sub-selects, lazy loads. A policy
hands all its rules over through one option whose cache key is the rule set itself; values of the moment are live binds,
so nothing else varies and one compiled statement serves everybody with the same roles.
"""

from __future__ import annotations

import enum
import threading
from collections.abc import Mapping
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Mapper
from sqlalchemy.orm.interfaces import CriteriaOption
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql import util as sql_util

from .follow import is_covered

_here = threading.local()


class Follows(enum.Enum):
    """How the rows of a table follow a parent that carries the rule."""

    BY_ID = "by id"
    BY_NAME = "by model name and record id"


class EntityRule(LoaderCriteriaOption):
    """The rule of one model. It lives as long as its policy and is handed out by `RuleSet` at compile time only."""

    __slots__ = ("follows", "parent_table")
    inherit_cache = None

    def __init__(
        self,
        entity: Any,
        criteria: ColumnElement[bool],
        follows: Follows | None = None,
        parent_table: sa.Table | None = None,
    ) -> None:
        super().__init__(entity, criteria, include_aliases=True, propagate_to_loaders=True)
        self.follows, self.parent_table = follows, parent_table

    @property
    def alone(self) -> ColumnElement[bool]:
        """The rule as a condition to be put into a statement by hand, marked as a rule."""
        _here.compile_state = None
        return self._resolve_where_criteria(sa.inspect(self.entity))

    def _gen_cache_key(self, anon_map: Any, bindparams: Any) -> Any:
        return (EntityRule, self)

    def _should_include(self, compile_state: Any) -> bool:
        # What a rule reads is read without rules: else two rules that read each other's models refuse everything.
        _here.compile_state = compile_state
        return not any(isinstance(rule, EntityRule) for rule in compile_state._containing_loader_criteria)

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        compile_state, _here.compile_state = getattr(_here, "compile_state", None), None
        if self.follows is not None and compile_state is not None:
            by_name = self.follows is Follows.BY_NAME
            if is_covered(compile_state.select_statement, ext_info.selectable, self.parent_table, by_name):
                return sa.true()
        criteria: Any = self.where_criteria
        if ext_info.is_aliased_class:
            criteria = ext_info._adapter.traverse(criteria)
        marks: Any = {"for_loader_criteria": self}
        resolved: Any = sql_util._deep_annotate(criteria, marks, detect_subquery_cols=True, ind_cols_on_fromclause=True)
        return resolved  # type: ignore[no-any-return]


class RuleSet(CriteriaOption):
    """All rules of a policy for one operation: the one option that a guarded statement carries.

    `loading` is the same for the loader of a relationship, which starts from records that were read under the rules.
    """

    __slots__ = ("by_mapper", "by_table", "known_tables", "loading", "loads")
    _is_compile_state = True
    propagate_to_loaders = True
    include_aliases = True
    _traverse_internals: Any = []
    inherit_cache = None

    def __init__(
        self, by_mapper: Mapping[Mapper[Any], EntityRule], known_tables: frozenset[sa.Table], *, loads: bool = False
    ) -> None:
        self.loads = loads
        # its own object, hence its own place in the statement cache: what is decided for a loader stays with loaders
        self.loading: RuleSet = self if loads else RuleSet(by_mapper, known_tables, loads=True)
        self.by_mapper = by_mapper
        self.by_table = {mapper.local_table: rule for mapper, rule in by_mapper.items()}
        self.known_tables = known_tables

    def _gen_cache_key(self, anon_map: Any, bindparams: Any) -> Any:
        return (RuleSet, self)

    def process_compile_state(self, compile_state: Any) -> None:
        """Hand the rules to the statement being compiled."""
        self.get_global_criteria(compile_state.global_attributes)

    def process_compile_state_replaced_entities(self, compile_state: Any, mapper_entities: Any) -> None:
        """The same for a legacy query whose entities were replaced."""
        self.get_global_criteria(compile_state.global_attributes)

    def get_global_criteria(self, attributes: dict[Any, Any]) -> None:
        """Add each model's rule to what SQLAlchemy looks up when it meets the model."""
        for mapper, rule in self.by_mapper.items():
            rules = attributes.setdefault(("additional_entity_criteria", mapper), [])
            if rule not in rules:
                rules.append(rule)


class Policy(Protocol):
    """What one set of roles may do in one registry."""

    def rule(self, model: Any, operation: str) -> ColumnElement[bool] | None:
        """Return the condition for an operation letter, None when every row is allowed."""
        ...

    def rule_set(self, operation: str) -> RuleSet:
        """Return the rules of an operation as an option."""
        ...
