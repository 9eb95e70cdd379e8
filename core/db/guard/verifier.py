"""The verifier: a compiler that refuses any guarded statement which reaches a protected table without its rule.

The rules themselves are added by SQLAlchemy (see `rules`); this second look at the finished statement catches what goes
around them: Core tables, text, literal columns, link tables alone, tables of addons that are not installed.
"""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import selectable, visitors

from .follow import base_table, conjuncts, equations, leaves, linked
from .rules import EntityRule, Follows, RuleSet

HARMLESS_LITERAL = re.compile(r"\*|-?\d+|'[a-z0-9_.%]*'|\w+")
HARMLESS_OPERATOR = re.compile(r"[^\w\s()'\"]+|[A-Za-z ]+")
OPTION = "girih_rules"


class GuardError(Exception):
    """A statement that goes around the rules: a fault of the program, never of the person using it."""


def has_rule(source: Any, rule: EntityRule, expressions: tuple[Any, ...]) -> bool:
    """Say whether the rule stands in these conditions for this table or alias, as one that must hold."""
    marked = [
        part
        for expression in expressions
        for part in conjuncts(expression)
        if part._annotations.get("for_loader_criteria") is rule
    ]
    if any(hash(getattr(one, "table", None)) == hash(source) for part in marked for one in visitors.iterate(part)):
        return True
    return bool(marked) and not _mentions_own_table(rule)


def _mentions_own_table(rule: EntityRule) -> bool:
    own = sa.inspect(rule.entity).local_table if rule.entity is not None else None
    criteria: Any = rule.where_criteria
    return any(isinstance(part, sa.Column) and base_table(part.table) is own for part in visitors.iterate(criteria))


class Verifier:
    """Checks the FROM clause of one SELECT, UPDATE or DELETE."""

    def __init__(self, rules: RuleSet, sources: Any, conditions: tuple[Any, ...], outer: list[Any]) -> None:
        self.rules, self.conditions, self.outer = rules, conditions, outer
        self.leaves = [leaf for source in sources for leaf in leaves(source)]

    def check(self) -> None:
        """Refuse with GuardError what is not covered."""
        for source, on in self.leaves:
            if isinstance(source, selectable.TextualSelect):
                raise GuardError("textual SELECT needs sudo")
            if isinstance(source, selectable.TableClause) and not isinstance(source, sa.Table):
                raise GuardError(f"table({source.name!r}) needs sudo")
            table = base_table(source)
            if isinstance(table, sa.Table):
                self._check_table(source, table, on)

    def _check_table(self, source: Any, table: sa.Table, on: tuple[Any, ...]) -> None:
        if table not in self.rules.known_tables:
            raise GuardError(f"{table.name} is not a table of an installed addon")
        if "link_of" in table.info:
            self._check_link(source, table, on)
            return
        rule = self.rules.by_table.get(table)
        if rule is None or has_rule(source, rule, self.conditions + on) or self._follows(source, rule, on):
            return
        raise GuardError(f"{table.name} reached without its rule")

    def _check_link(self, source: Any, table: sa.Table, on: tuple[Any, ...]) -> None:
        for column in table.columns:
            for key in column.foreign_keys:
                if key.column.table in self.rules.by_table and not self._is_tied(source, column, key.column, on):
                    raise GuardError(f"link table {table.name} without its guarded end {key.column.table.name}")

    def _is_tied(self, source: Any, column: Any, end: Any, on: tuple[Any, ...]) -> bool:
        """Say whether a column of a link table must equal the id of a record of this statement.

        A relationship's loader asks for the links of records it has loaded, so there the owner's end is given.
        """
        if self.rules.loads and column.key == "record_id":
            return True
        near = {hash(leaf) for leaf, _ in self.leaves} | {hash(leaf) for leaf in self.outer}
        return any(
            getattr(one, "key", None) == column.key
            and hash(getattr(one, "table", None)) == hash(source)
            and hash(getattr(other, "table", None)) in near
            and {hash(base) for base in getattr(other, "base_columns", ())} == {hash(end)}
            for one, other in equations(self.conditions + on)
        )

    def _follows(self, source: Any, rule: EntityRule, on: tuple[Any, ...]) -> bool:
        if rule.follows is None:
            return False
        by_name = rule.follows is Follows.BY_NAME
        near = {hash(leaf) for leaf, _ in self.leaves} | {hash(leaf) for leaf in self.outer}
        return any(
            hash(parent) in near and (by_name or base_table(parent) is rule.parent_table)
            for parent in linked(self.conditions + on, source, by_name)
        )


class Verifying:
    """What a statement compiler does more for guarded statements; mixed into the dialect's own compiler."""

    stack: Any
    execution_options: Any

    @property
    def _rules(self) -> RuleSet | None:
        return self.execution_options.get(OPTION) if self.execution_options else None

    def _verify(self, sources: Any, conditions: tuple[Any, ...]) -> None:
        if (rules := self._rules) is not None:
            outer = [s for entry in self.stack for f in entry.get("asfrom_froms", ()) for s, _ in leaves(f)]
            Verifier(rules, sources, conditions, outer).check()

    def _compose_select_body(
        self, text: Any, select_stmt: Any, compile_state: Any, inner_columns: Any, froms: Any, *rest: Any
    ) -> Any:
        containing = getattr(compile_state, "_containing_loader_criteria", ()) or ()
        own = select_stmt._annotations.get("for_loader_criteria")
        if not any(isinstance(rule, EntityRule) for rule in (own, *containing)):
            self._verify(froms, tuple(select_stmt._where_criteria))
        above: Any = super()
        return above._compose_select_body(text, select_stmt, compile_state, inner_columns, froms, *rest)

    def visit_insert(self, insert_stmt: Any, *args: Any, **kw: Any) -> str:
        """Refuse an INSERT, wherever it stands."""
        if self._rules is not None:
            raise GuardError("INSERT goes around the writer")
        above: Any = super()
        return above.visit_insert(insert_stmt, *args, **kw)  # type: ignore[no-any-return]

    def update_tables_clause(self, update_stmt: Any, from_table: Any, extra_froms: Any, **kw: Any) -> str:
        """Verify all tables of an UPDATE."""
        self._verify_write(update_stmt, from_table, extra_froms)
        above: Any = super()
        return above.update_tables_clause(update_stmt, from_table, extra_froms, **kw)  # type: ignore[no-any-return]

    def delete_table_clause(self, delete_stmt: Any, from_table: Any, extra_froms: Any, **kw: Any) -> str:
        """Verify all tables of a DELETE."""
        self._verify_write(delete_stmt, from_table, extra_froms)
        above: Any = super()
        return above.delete_table_clause(delete_stmt, from_table, extra_froms, **kw)  # type: ignore[no-any-return]

    def _verify_write(self, statement: Any, table: Any, others: Any) -> None:
        if self._rules is not None and len(self.stack) > 1:
            raise GuardError("a write inside another statement goes around the writer")
        self._verify([table, *others], tuple(statement._where_criteria))

    def visit_textclause(self, textclause: Any, **kw: Any) -> Any:
        """Refuse text."""
        if self._rules is not None:
            raise GuardError("text() needs sudo")
        above: Any = super()
        return above.visit_textclause(textclause, **kw)

    def visit_column(self, column: Any, *args: Any, **kw: Any) -> Any:
        """Refuse literal SQL that could hold a query."""
        if self._rules is not None and column.is_literal and not HARMLESS_LITERAL.fullmatch(column.name):
            raise GuardError("literal_column() needs sudo")
        above: Any = super()
        return above.visit_column(column, *args, **kw)

    def get_statement_hint_text(self, hint_texts: Any) -> str:
        """Refuse hints, which are text."""
        if self._rules is not None:
            raise GuardError("a statement hint needs sudo")
        above: Any = super()
        return above.get_statement_hint_text(hint_texts)  # type: ignore[no-any-return]

    def visit_custom_op_binary(self, element: Any, operator: Any, **kw: Any) -> str:
        """Refuse an operator that could hold a query."""
        if self._rules is not None and not HARMLESS_OPERATOR.fullmatch(operator.opstring):
            raise GuardError(f"the operator {operator.opstring!r} needs sudo")
        above: Any = super()
        return above.visit_custom_op_binary(element, operator, **kw)  # type: ignore[no-any-return]


def secure(engine: sa.Engine) -> sa.Engine:
    """Make an engine verify the statements of guarded sessions; done once, right after it is created."""
    base: Any = engine.dialect.statement_compiler
    if not issubclass(base, Verifying):
        engine.dialect.statement_compiler = type("GuardedCompiler", (Verifying, base), {})
    return engine
