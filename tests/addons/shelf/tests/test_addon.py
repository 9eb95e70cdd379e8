"""The test every addon has."""

from core.testing import AddonTest


class TestShelf(AddonTest):
    addon = "shelf"
