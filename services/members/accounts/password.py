"""Passwords of staff: argon2id, and the same work for a login that does not exist; it knows no accounts.

Both functions take about a tenth of a second of pure computing; a service calls them off its event loop.
"""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


def hashed(password: str) -> str:
    """The argon2id hash (RFC 9106) to keep, with its salt and parameters inside."""
    return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether the password belongs to the kept hash; None never matches and takes as long to say so."""
    try:
        _hasher.verify(kept or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobody() -> str:
    return _hasher.hash("the account that nobody has")
