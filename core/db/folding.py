"""Comparing texts the way people spell them: small and capital letters, both ye and kaf, half-space, any digits."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

FROM = "يىكةۀأإآ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹"
TO = "ییکههااا01234567890123456789"
GONE = "‌ـ"
_TABLE = str.maketrans(FROM, TO, GONE)


def folded(text: str) -> str:
    """Return a text in the spelling it is compared in; the same as `Folded` does in SQL."""
    return text.lower().translate(_TABLE)


class Folded(GenericFunction[str]):
    """A column in the spelling it is compared in: SQL on PostgreSQL, `folded` itself on SQLite."""

    name = "girih_folded"
    type = sa.String()
    inherit_cache = True
    _register = False


@compiles(Folded, "postgresql")
def _translate(element: Any, compiler: Any, **kw: Any) -> str:
    inner = compiler.process(next(iter(element.clauses)), **kw)
    return f"translate(lower({inner}), '{FROM}{GONE}', '{TO}')"


def teach_sqlite(raw: Any) -> None:
    """Give a new SQLite connection the function behind `Folded`."""
    raw.create_function("girih_folded", 1, lambda text: None if text is None else folded(str(text)), deterministic=True)


def pattern(text: str, before: str = "%", after: str = "%") -> str:
    """Return the LIKE pattern of a text somebody typed, escaped by a backslash."""
    safe = folded(text).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"{before}{safe}{after}"


def like(column: Any, bind: Any) -> Any:
    """Return the condition that a column, in its compared spelling, is like a pattern."""
    return Folded(column).like(bind, escape="\\")
