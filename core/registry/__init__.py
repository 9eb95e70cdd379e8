"""The frozen, checked declarations of the addons installed in one database."""

from .build import Plugin, Registry
from .faults import Fault, Faults
from .fields import CustomField
from .info import FieldInfo, ModelInfo, is_attached
from .patches import SetAside

__all__ = ["CustomField", "Fault", "Faults", "FieldInfo", "ModelInfo", "Plugin", "Registry", "SetAside", "is_attached"]
