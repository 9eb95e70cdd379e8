"""Serve pages: `python server.py`. Everything it is told stands in the environment; see docs/administrators.md."""

from __future__ import annotations

import sys

from core.settings import Settings, SettingsFault
from core.web.serve import serve


def main() -> int:
    """Read the settings and serve until stopped."""
    try:
        settings = Settings.from_env()
    except SettingsFault as fault:
        print(fault, file=sys.stderr)
        return 2
    serve(settings)
    return 0


if __name__ == "__main__":
    sys.exit(main())
