"""Prepares a checkout: `python3 -m tools.setup [packages|develop|assets]...`; what is already there costs no time."""

from __future__ import annotations

import fcntl
import sys
from collections.abc import Callable

from tools import frontend, packages
from tools.ground import VAR, stop

STEPS: dict[str, Callable[[], None]] = {
    "packages": packages.ensure,
    "develop": lambda: packages.ensure(["dev", "test"]),
    "assets": frontend.ensure,
}


def main(names: list[str]) -> None:
    """Take the named steps, one person at a time."""
    unknown = sorted(set(names) - set(STEPS))
    if unknown:
        stop(f"there is no step named {', '.join(unknown)}; the steps are {', '.join(STEPS)}")
    try:
        VAR.mkdir(exist_ok=True)
        with (VAR / "setup.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            for name in names:
                STEPS[name]()
    except PermissionError as error:
        stop(f"cannot write {error.filename}: it belongs to somebody else. Give the checkout to one user, for example\n"
             "with chown, or run this as the user who set it up.")  # fmt: skip


if __name__ == "__main__":
    main(sys.argv[1:])
