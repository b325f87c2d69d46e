"""Passwords of staff: which are fit, argon2id, and the same work for a login that does not exist; it knows no accounts.

`hashed` and `matches` take about a tenth of a second of pure computing; a service calls them off its event loop.
"""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chassis.errors import Refusal
from members.accounts.spelling import many, spelled

SHORTEST, LONGEST = 12, 200
"""How many characters a password that people choose has (docs/domain.md §5, our decision)."""

_hasher = PasswordHasher()


FIRST_LENGTH = 16
FIRSTS = many(FIRST_LENGTH)
"""How many first passwords there are: 79 bits, so that none is guessed."""


def first(number: int) -> str:
    """A first password from a random number below `FIRSTS`, like `7kqm-x3vd-a9tn-hz4c`: 16 characters in groups."""
    return spelled(number, FIRST_LENGTH)


def check_renewal(login: str, current: str, new: str | None, *, is_first: bool) -> None:
    """Refuse a sign-in whose first password is not replaced in the same breath, or another than a first one is.

    Refuses `password_to_be_changed`, `no_first_password`, and `password_unfit` as `check_fit`.
    """
    if new is None:
        if is_first:
            raise Refusal("password_to_be_changed")
        return
    if not is_first:
        raise Refusal("no_first_password")
    check_fit(new, login, current)


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
    nobody = _nobody()  # whoever comes first waits for it, and not the first that says a login that does not exist
    try:
        _hasher.verify(kept or nobody, password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


@cache
def _nobody() -> str:
    return _hasher.hash("the account that nobody has")
