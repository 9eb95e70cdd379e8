"""Demonstration data: a business that never was, the same each time, and removed again as if it had not been."""

from .plan import Plan
from .run import has_demo, make, remove

__all__ = ["Plan", "has_demo", "make", "remove"]
