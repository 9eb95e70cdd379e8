"""A small library as an addon elsewhere would be: books, members and loans, for the kernel's own tests."""

from core.manifest import Manifest

MANIFEST = Manifest(name="shelf", title="Book shelf", version="1.0", summary="Books, members and loans", icon="books")
