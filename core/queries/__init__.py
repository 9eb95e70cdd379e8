"""The only reader: column tuples under the reader's rules, statements made once per shape."""

from .domain import ALL, AnyOf, BadFilter, Condition, Domain, Every, Not, Sql, both, parse, resolve
from .groups import Group, first_of_each, groups, totals
from .house import by_key, preference, setting
from .names import choices, search, titles
from .page import COUNT_LIMIT, count, get, holds, ids, page
from .rows import Ref, Row, read

__all__ = [
    "ALL",
    "COUNT_LIMIT",
    "AnyOf",
    "BadFilter",
    "Condition",
    "Domain",
    "Every",
    "Group",
    "Not",
    "Ref",
    "Row",
    "Sql",
    "both",
    "by_key",
    "choices",
    "count",
    "first_of_each",
    "get",
    "groups",
    "holds",
    "ids",
    "page",
    "parse",
    "preference",
    "read",
    "resolve",
    "search",
    "setting",
    "titles",
    "totals",
]
