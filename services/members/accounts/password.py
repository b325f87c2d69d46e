"""Passwords of staff: which are fit, argon2id, and the same work for a login that does not exist; it knows no accounts.

`hashed` and `matches` take about a tenth of a second of pure computing; a service calls them off its event loop.
"""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.errors import Refusal

SHORTEST, LONGEST = 12, 200
"""How many characters a password that people choose has (docs/domain.md §5, our decision)."""

_hasher = PasswordHasher()


def check_fit(new: str, login: str, current: str) -> None:
    """Refuse `password_unfit` with every `why`: `too_short`, `too_long`, `is_login` and `is_current`."""
    faults = {
        "too_short": len(new) < SHORTEST,
        "too_long": len(new) > LONGEST,
        "is_login": new.casefold() == login.casefold(),
        "is_current": new == current,
    }
    if why := [name for name, found in faults.items() if found]:
        raise Refusal("password_unfit", why=why)


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
