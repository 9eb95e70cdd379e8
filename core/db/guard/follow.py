"""Rows that follow a parent: an extension's row its record, a message the record it hangs on.

A child joined to its guarded parent by `child.id == parent.id` (or by model name and record id) needs no rule of its
own. The join must be a conjunct of the statement: under an OR, or with anything done to the id, it does not count. The
decision may use only what is in the statement's cache key; so the model's name must be literal SQL, never a bind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import elements, operators, selectable

Clause = Any


def conjuncts(expression: Clause) -> Iterator[Clause]:
    """Yield the parts of a condition that must all hold."""
    if expression is None:
        return
    if isinstance(expression, elements.Grouping):
        yield from conjuncts(expression.element)
    elif isinstance(expression, elements.BooleanClauseList) and expression.operator is operators.and_:
        for part in expression.clauses:
            yield from conjuncts(part)
    else:
        yield expression


def base_table(source: Any) -> Any:
    """Return the table under aliases and annotations."""
    while isinstance(source, selectable.AliasedReturnsRows):
        source = source.element
    if isinstance(source, sa.Table) and source._annotations:
        return source._deannotate()
    return source


def leaves(source: Any, conditions: tuple[Clause, ...] = ()) -> Iterator[tuple[Any, tuple[Clause, ...]]]:
    """Yield each table of a FROM clause with the join conditions above it."""
    if isinstance(source, selectable.Join):
        yield from leaves(source.left, (*conditions, source.onclause))
        yield from leaves(source.right, (*conditions, source.onclause))
    elif isinstance(source, selectable.FromGrouping):
        yield from leaves(source.element, conditions)
    else:
        yield source, conditions


def linked(expressions: Iterable[Clause], child: Any, by_name: bool) -> Iterator[Any]:
    """Yield the tables or aliases whose id the child's key must equal."""
    equations = [
        part
        for expression in expressions
        for part in conjuncts(expression)
        if isinstance(part, elements.BinaryExpression) and part.operator is operators.eq
    ]
    key = "record_id" if by_name else "id"
    names = set(_names(equations, child)) if by_name else set()
    for equation in equations:
        for one, other in ((equation.left, equation.right), (equation.right, equation.left)):
            if not (isinstance(one, sa.Column) and isinstance(other, sa.Column)):
                continue
            if one.key == key and other.key == "id" and hash(one.table) == hash(child):
                if not by_name or names == {base_table(other.table).info.get("model")}:
                    yield other.table


def _names(equations: list[Any], child: Any) -> Iterator[str]:
    """Yield the model names, said as literal SQL, that the child's `model` must equal."""
    for equation in equations:
        column, value = equation.left, equation.right
        if getattr(column, "key", None) != "model" or hash(getattr(column, "table", None)) != hash(child):
            continue
        if isinstance(value, elements.ColumnClause) and value.is_literal:
            yield value.name.strip("'")


def is_covered(statement: Any, child: Any, parent: sa.Table | None, by_name: bool) -> bool:
    """Say whether a child in this statement is joined to its guarded parent."""
    expressions: list[Clause] = list(getattr(statement, "_where_criteria", ()))
    for join in getattr(statement, "_setup_joins", ()):
        if isinstance(join[1], elements.ClauseElement):
            expressions.append(join[1])
    for source in getattr(statement, "_from_obj", ()):
        for _leaf, conditions in leaves(source):
            expressions += [condition for condition in conditions if condition is not None]
    return any(by_name or base_table(table) is parent for table in linked(expressions, child, by_name))


def belongs_to(child: Any, model: Any) -> Any:
    """Return the condition that rows of an attached table hang on a model; its name is SQL, so the guard trusts it."""
    name: Any = sa.literal_column(f"'{sa.inspect(model).mapper.class_.__model__}'")
    return sa.and_(child.model == name, child.record_id == model.id)
