"""Passwords: kept as argon2id hashes, and the one spelling by which a log-in name is known."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 8
LONGEST = 1000  # hashing takes time: nobody may send a book

# OWASP's recommendation for argon2id: 19 MiB, two passes, one lane
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_password(password: str) -> str:
    """Return what is kept of a password."""
    return _hasher.hash(_same(password))


def verify_password(kept: str | None, password: str) -> bool:
    """Say whether this is the password; it takes the same time when nothing is kept, so that no name is given away."""
    try:
        return _hasher.verify(kept or _nobodys(), _same(password)[:LONGEST]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def needs_rehash(kept: str) -> bool:
    """Say whether a hash was made with weaker parameters than today's; hash the password anew at the next log-in."""
    try:
        return _hasher.check_needs_rehash(kept)
    except InvalidHashError:
        return True


def login_name(email: str) -> str:
    """Return the one spelling of an e-mail address under which an account is kept and looked for."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


@lru_cache(maxsize=1)
def _nobodys() -> str:
    return _hasher.hash("nobody")


def _same(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
