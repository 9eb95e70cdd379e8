"""Decimal numbers that are exact on both databases, and the arithmetic of their scales.

SQLite has no decimals, so a number with two decimal places is kept there as a whole number of hundredths. Whatever two
such numbers do with each other must then agree on a scale: the expressions below move the decimal point on SQLite and
are left as they are on PostgreSQL, whose decimals know their own.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy import ColumnElement
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import operators
from sqlalchemy.sql.functions import GenericFunction, ReturnTypeFromArgs
from sqlalchemy.types import TypeDecorator, TypeEngine

WIDEST = 38
QUOTIENT_PLACES = 4  # so many decimal places more than what was divided
ROOMY = Context(prec=2 * WIDEST, rounding=ROUND_HALF_UP)

_COMPARES = {operators.eq, operators.ne, operators.lt, operators.le, operators.gt, operators.ge}
_ALIGNS = _COMPARES | {operators.add, operators.sub, operators.mod}


class Exact(TypeDecorator[Decimal]):
    """A decimal number kept exactly: NUMERIC on PostgreSQL, a scaled integer on SQLite.

    Sums, averages, comparisons, products and quotients are the same on both, as long as no result has more than 18
    digits with its decimal places, which SQLite then keeps as a floating point number. Where one side is another kind
    of number, write the exact one first (`amount > Stage.limit`); a constant in CASE or coalesce needs its type said:
    `sa.literal(5, Lead.amount.type)`.
    """

    impl = sa.Numeric
    cache_ok = True

    def __init__(self, precision: int = 20, scale: int = 2) -> None:
        super().__init__(precision, scale)
        self.precision, self.scale = precision, scale
        self.step = Decimal(1).scaleb(-scale)

    class Comparator(TypeDecorator.Comparator[Decimal], sa.Numeric.Comparator[Decimal]):
        """Operators of exact numbers."""

        def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
            """Bring both sides to one scale before they are compared, added or divided."""
            if len(other) == 1 and (op in _ALIGNS or op is operators.truediv):
                right = _number(op, self.expr, other[0])
                if right is not None and op is operators.truediv:
                    return _quotient(self.expr, right)
                if right is not None and scale_of(right) != scale_of(self.expr):
                    scale = max(scale_of(self.expr), scale_of(right))
                    return op(_moved(self.expr, scale), _moved(right, scale), **kwargs)
            return super().operate(op, *other, **kwargs)

        def reverse_operate(self, op: Any, other: Any, **kwargs: Any) -> Any:
            """Divide a constant by an exact number."""
            if op is operators.truediv:
                return _constant(other) / self.expr
            return super().reverse_operate(op, other, **kwargs)

        def _adapt_expression(self, op: Any, other_comparator: Any) -> tuple[Any, TypeEngine[Any]]:
            if op is operators.mul:
                return op, Exact(WIDEST, scale_of(self.expr) + scale_of(other_comparator.expr))
            return op, self.type

    comparator_factory = Comparator

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the storage of the database at hand."""
        wanted = sa.BigInteger() if dialect.name == "sqlite" else sa.Numeric(self.precision, self.scale)
        return dialect.type_descriptor(wanted)

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """Give a factor the scale it is written with, every other constant that of the column."""
        return _type_of(value) if op is operators.mul else self

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Round half up to the scale, and scale for SQLite."""
        if value is None:
            return None
        number = Decimal(str(value)).quantize(self.step, context=ROOMY)
        return int(number.scaleb(self.scale, ROOMY)) if dialect.name == "sqlite" else number

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return a Decimal with the type's scale, rounded half up."""
        if value is None:
            return None
        number = value if isinstance(value, (Decimal, int)) else Decimal(str(value))
        if dialect.name == "sqlite":
            return Decimal(number).quantize(Decimal(1), context=ROOMY).scaleb(-self.scale, ROOMY)
        return Decimal(number).quantize(self.step, context=ROOMY)


def scale_of(expression: Any) -> int:
    """Return by how many decimal places an expression's value is scaled on SQLite."""
    return expression.type.scale if isinstance(expression.type, Exact) else 0


def _type_of(value: Any) -> TypeEngine[Any]:
    if isinstance(value, int):
        return sa.BigInteger()
    exponent = Decimal(str(value)).as_tuple().exponent
    return Exact(WIDEST, max(0, -exponent) if isinstance(exponent, int) else 0)


def _constant(value: Any) -> ColumnElement[Any]:
    return sa.literal(value, Exact(WIDEST, getattr(_type_of(value), "scale", 0)))


def _number(op: Any, left: Any, other: Any) -> ColumnElement[Any] | None:
    """Return what stands on the right as SQL, None when it takes the scale of the left or is no number."""
    right = other.__clause_element__() if hasattr(other, "__clause_element__") else other
    if isinstance(right, ColumnElement):
        return right if isinstance(right.type, (Exact, sa.Integer, sa.Numeric, sa.Float)) else None
    if not isinstance(right, (int, float, Decimal)):
        return None
    constant = _constant(right)
    finer = scale_of(constant) > scale_of(left)
    return constant if op is operators.truediv or (finer and op in _ALIGNS) else None


class _Moved(GenericFunction[Decimal]):
    """An expression whose decimal point is moved on SQLite."""

    name = "girih_moved"
    inherit_cache = True
    _register = False


@compiles(_Moved)
def _as_it_is(element: Any, compiler: Any, **kw: Any) -> str:
    expression, _factor = element.clause_expr.element
    return f"({compiler.process(expression, **kw)})"


@compiles(_Moved, "sqlite")
def _multiplied(element: Any, compiler: Any, **kw: Any) -> str:
    expression, factor = element.clause_expr.element
    return f"({compiler.process(expression, **kw)} * {compiler.process(factor, **kw)})"


def _moved(expression: Any, scale: int) -> Any:
    places = scale - scale_of(expression)
    if not places:
        return expression
    return _Moved(expression, sa.literal_column(str(10**places)), type_=Exact(WIDEST, scale))


def _quotient(left: Any, right: Any) -> Any:
    scale = max(scale_of(left), scale_of(right)) + QUOTIENT_PLACES
    dividend = _moved(left, scale + scale_of(right))
    return sa.type_coerce(sa.type_coerce(dividend, sa.Numeric()) / right, Exact(WIDEST, scale))


class Average(GenericFunction[Decimal]):
    """The average of numbers: of exact ones with their scale."""

    name = "avg"
    inherit_cache = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        element = args[0].__clause_element__() if hasattr(args[0], "__clause_element__") else args[0]
        kwargs.setdefault("type_", element.type if isinstance(element.type, Exact) else sa.Numeric())
        super().__init__(*args, **kwargs)


class Absolute(ReturnTypeFromArgs[Any]):
    """A number without its sign."""

    name = "abs"
    inherit_cache = True


class NullIf(ReturnTypeFromArgs[Any]):
    """Nothing where two values are equal, else the first."""

    name = "nullif"
    inherit_cache = True
