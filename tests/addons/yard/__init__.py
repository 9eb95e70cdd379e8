"""A shipyard with jobs and tasks: lists and boards of every kind, for tests of the pages."""

from core.manifest import Manifest

MANIFEST = Manifest(name="yard", title="Yard", version="1.0", summary="Jobs and their stages", icon="anchor")
