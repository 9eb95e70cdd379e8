"""What must hold for any addon, held by this one."""

from core.testing import AddonTest


class TestContacts(AddonTest):
    addon = "contacts"
