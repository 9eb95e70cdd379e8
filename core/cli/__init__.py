"""The command line: `girih serve`, `girih install crm_lead`, and the other ways to run a server without a browser.

Another group of commands is one line below: `main.add_command(...)`.
"""

from .addons import LIFECYCLE, addon
from .base import main
from .demo import demo
from .imports import import_
from .server import serve, setup, worker

main.add_command(serve)
main.add_command(worker)
main.add_command(setup)
main.add_command(addon)
main.add_command(import_)
main.add_command(demo)
for command in LIFECYCLE:
    main.add_command(command)

__all__ = ["main"]
