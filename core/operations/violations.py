"""What the database refuses, said in words: a value used twice, a condition broken, a record still needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError, IntegrityError

from core.context import Context
from core.errors import GirihError, Invalid, Refused
from core.i18n import _


@contextmanager
def explained(ctx: Context, model: Any, *, deleting: bool = False) -> Iterator[None]:
    """Turn a violation of a constraint into the sentence that belongs to it."""
    try:
        yield
    except IntegrityError as error:
        raise _explain(ctx, model, error, deleting) from error
    except DataError as error:
        raise Refused(_("A value is too long or too large for its field.")) from error


def _explain(ctx: Context, model: Any, error: IntegrityError, deleting: bool) -> GirihError:
    told = str(error.orig)
    name = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or told
    for check in model.__checks__:
        if f"ck_{model.__tablename__}_{check.name}" in name:
            return Refused(check.message)
    fields = _unique_fields(ctx, model, name, told)
    if fields:
        return Invalid({one: [_("There is already a record with this value.")] for one in fields})
    if "foreign key" in told.lower():
        if deleting:
            text = _(
                "Other records still point to these %(what)s. Change or delete those first.", what=model.__plural__
            )
            return Refused(text)
        return Refused(_("It points to a record that does not exist, or that you may not see."))
    return Refused(_("The database refused this: two records contradict each other."))


def _unique_fields(ctx: Context, model: Any, name: str, told: str) -> list[str]:
    """Return the fields of the unique index that was violated, by its name or, on SQLite, by its columns."""
    named = {info.key: info.name for info in ctx.registry.fields(model).values() if info.custom is None}
    for cls in (model, *ctx.registry.info(model).extensions):
        table = cls.__table__
        unique = [index for index in table.indexes if index.unique]
        unique += [one for one in table.constraints if isinstance(one, sa.UniqueConstraint)]
        for index in unique:
            columns = [column.name for column in index.columns]
            spelt = ", ".join(f"{table.name}.{column}" for column in columns)
            if str(index.name) == name or told.endswith(f"UNIQUE constraint failed: {spelt}"):
                return [named[column] for column in columns if column in named] or [""]
    return []
