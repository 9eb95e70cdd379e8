"""Column types that behave the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.sql import operators
from sqlalchemy.types import TypeDecorator, TypeEngine

BigId = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Json = sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

_SCALING = {operators.mul, operators.truediv, operators.floordiv, operators.mod}


class Exact(TypeDecorator[Decimal]):
    """A decimal number kept exactly: NUMERIC on PostgreSQL, a scaled integer on SQLite, which has no decimals.

    Sums, comparisons and sorting are then exact on both. Factors (`amount * 2`) are not scaled.
    """

    impl = sa.Numeric
    cache_ok = True

    def __init__(self, precision: int = 20, scale: int = 2) -> None:
        super().__init__(precision, scale)
        self.precision, self.scale = precision, scale
        self.step = Decimal(1).scaleb(-scale)

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the storage of the database at hand."""
        wanted = sa.BigInteger() if dialect.name == "sqlite" else sa.Numeric(self.precision, self.scale)
        return dialect.type_descriptor(wanted)

    def coerce_compared_value(self, op: Any, value: Any) -> TypeEngine[Any]:
        """Scale what is compared or added; leave factors and divisors as they are."""
        if op in _SCALING:
            return sa.Integer() if isinstance(value, int) else sa.Float()
        return self

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Round half up to the scale, and scale for SQLite."""
        if value is None:
            return None
        number = Decimal(str(value)).quantize(self.step, ROUND_HALF_UP)
        return int(number.scaleb(self.scale)) if dialect.name == "sqlite" else number

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Return a Decimal with the type's scale."""
        if value is None:
            return None
        if dialect.name != "sqlite":
            return Decimal(value)
        exact = value if isinstance(value, int) else Decimal(str(value)).quantize(Decimal(1), ROUND_HALF_UP)
        return Decimal(exact).scaleb(-self.scale)


class Moment(TypeDecorator[datetime]):
    """A point in time, always aware and in UTC in Python; SQLite keeps it naive."""

    impl = sa.DateTime
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(timezone=True)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time: nobody could say when it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
