"""A bureau with cases: a model with every kind of field, lines, steps and verbs, for tests of the pages."""

from core.manifest import Manifest

MANIFEST = Manifest(name="bureau", title="Bureau", version="1.0", summary="Cases and their notes", icon="folder")
