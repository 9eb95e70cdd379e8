"""Rows that follow a parent: an extension's row its record, a message the record it hangs on.

A child joined to its guarded parent by `child.id == parent.id` (or by model name and record id) needs no rule of its
own. The join must be a conjunct of the statement: under an OR, with anything done to the id, or as an outer join that
keeps children without a parent, it does not count. The decision may use only what is in the statement's cache key; so
the model's name must be literal SQL, never a bind.
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
    """Yield each table of a FROM clause with the join conditions that limit its rows.

    The condition of an outer join limits the joined side only, and that of a full join limits neither.
    """
    if isinstance(source, selectable.Join):
        on = (*conditions, source.onclause)
        yield from leaves(source.left, conditions if source.isouter or source.full else on)
        yield from leaves(source.right, conditions if source.full else on)
    elif isinstance(source, selectable.FromGrouping):
        yield from leaves(source.element, conditions)
    else:
        yield source, conditions


def equations(expressions: Iterable[Clause]) -> Iterator[tuple[Any, Any]]:
    """Yield both readings of each `a = b` that must hold."""
    for expression in expressions:
        for part in conjuncts(expression):
            if isinstance(part, elements.BinaryExpression) and part.operator is operators.eq:
                yield part.left, part.right
                yield part.right, part.left


def linked(expressions: Iterable[Clause], child: Any, by_name: bool) -> Iterator[Any]:
    """Yield the tables or aliases whose id the child's key must equal."""
    equal = list(equations(expressions))
    key = "record_id" if by_name else "id"
    names = set(_names(equal, child)) if by_name else set()
    for one, other in equal:
        if not (isinstance(one, sa.Column) and isinstance(other, sa.Column)):
            continue
        table = base_table(other.table)
        if one.key != key or other.key != "id" or hash(one.table) != hash(child) or not isinstance(table, sa.Table):
            continue
        if not by_name or names == {table.info.get("model")}:
            yield other.table


def _names(equal: list[tuple[Any, Any]], child: Any) -> Iterator[str]:
    """Yield the model names, said as literal SQL, that the child's `model` must equal."""
    for column, value in equal:
        if getattr(column, "key", None) != "model" or hash(getattr(column, "table", None)) != hash(child):
            continue
        if isinstance(value, elements.ColumnClause) and value.is_literal:
            yield value.name.strip("'")


def is_covered(statement: Any, child: Any, parent: sa.Table | None, by_name: bool) -> bool:
    """Say whether a child in this statement is joined to its guarded parent."""
    expressions: list[Clause] = list(getattr(statement, "_where_criteria", ()))
    for target, condition, _left, how in getattr(statement, "_setup_joins", ()):
        limits = not how["full"] and (not how["isouter"] or hash(target) == hash(child))
        if limits and isinstance(condition, elements.ClauseElement):
            expressions.append(condition)
    for source in getattr(statement, "_from_obj", ()):
        for leaf, conditions in leaves(source):
            if hash(leaf) == hash(child):
                expressions += [condition for condition in conditions if condition is not None]
    return any(by_name or base_table(table) is parent for table in linked(expressions, child, by_name))


def belongs_to(child: Any, model: Any) -> Any:
    """Return the condition that rows of an attached table hang on a model; its name is SQL, so the guard trusts it."""
    name: Any = sa.literal_column(f"'{sa.inspect(model).mapper.class_.__model__}'")
    return sa.and_(child.model == name, child.record_id == model.id)
