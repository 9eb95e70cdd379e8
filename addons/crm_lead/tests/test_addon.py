"""What must hold for any addon, held by this one."""

from core.testing import AddonTest


class TestCrmLead(AddonTest):
    addon = "crm_lead"
