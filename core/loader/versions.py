"""Versions: numbers with dots, compared as numbers, and the conditions a manifest puts on the kernel's."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

Version = tuple[int, ...]

CONDITION = re.compile(r"(>=|<=|==|!=|~=|>|<)\s*([0-9]+(?:\.[0-9]+)*)")
COMPARE: dict[str, Callable[[Version, Version], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
}


def version_key(version: str) -> Version:
    """Return a version for comparing: `1.10` is later than `1.9`, and `1.0` is `1`. ValueError when it is none."""
    if not re.fullmatch(r"[0-9]+(\.[0-9]+)*", version):
        raise ValueError(f"a version is numbers with dots between them, not {version!r}")
    numbers = [int(part) for part in version.split(".")]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def fits(version: str, conditions: str) -> bool:
    """Say whether a version meets conditions such as `>=0.1,<2`; ValueError when they cannot be read."""
    return all(_meets(version, condition.strip()) for condition in conditions.split(",") if condition.strip())


def _meets(version: str, condition: str) -> bool:
    read = CONDITION.fullmatch(condition)
    if read is None:
        raise ValueError(f"a condition on a version is written like >=0.1, not {condition!r}")
    sign, wanted = read.groups()
    if sign == "~=":  # the last number may grow
        ceiling = wanted.split(".")[:-1] or [wanted]
        ceiling[-1] = str(int(ceiling[-1]) + 1)
        return _meets(version, f">={wanted}") and _meets(version, f"<{'.'.join(ceiling)}")
    return COMPARE[sign](version_key(version), version_key(wanted))
