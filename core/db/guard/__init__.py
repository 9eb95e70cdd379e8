"""Row rules inside every ORM statement, and a verifier at compile time that refuses what goes around them."""

from .follow import belongs_to
from .rules import EntityRule, Follows, Policy, RuleSet
from .session import AccessDenied, GuardedSession
from .verifier import GuardError, secure

__all__ = [
    "AccessDenied",
    "EntityRule",
    "Follows",
    "GuardError",
    "GuardedSession",
    "Policy",
    "RuleSet",
    "belongs_to",
    "secure",
]
