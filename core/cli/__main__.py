"""`python -m core.cli` is `girih`."""

from . import main

main(prog_name="girih")
