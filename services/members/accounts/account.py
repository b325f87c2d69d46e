"""Accounts: the ways in which a person may sign in, and how many wrong passwords and codes are put up with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from math import ceil

from chassis.errors import Refusal

WINDOW = timedelta(minutes=15)
FROM_ONE_ADDRESS = 5
FROM_STRANGERS = 100
"""From all addresses together where nobody has ever signed in to the account, so that guessing stays hopeless."""

WRONG_CODES = 20
"""From one address, for all phones together, so that a few guesses at each of many phones are hopeless too."""

WRONG_PASSWORDS = 60
"""The same for all logins together; of a whole office behind one address only those count who never signed in there."""

WRONG_FACTORS, DAY = 10, timedelta(days=1)
WRONG_FACTORS_OF_A_DAY = 30
"""At one second factor, from wherever: whoever guesses there has the password, or the phone, and maybe many addresses.

Three codes are good at a time, so of eleven thousand who guess for a day one gets in.
"""

FAMILIAR = timedelta(days=30)
"""How long an address is remembered from which somebody has signed in."""


@dataclass(frozen=True)
class Account:
    """A way in: by a code sent to the phone, by login and password, or both.

    A `first_password` is one that an office has seen: it is good for nothing but being replaced.
    """

    id: str
    person_id: str
    tenant: str
    phone_print: str | None = None
    login: str | None = None
    password_hash: str | None = field(default=None, repr=False)
    active: bool = True
    first_password: bool = False

    @property
    def opens(self) -> bool:
        """Whether there is anything by which somebody may sign in to it."""
        return self.active and bool(self.phone_print or self.login)


def closed(account: Account) -> Account:
    """The account after its end: nobody signs in to it, and its phone may be another's."""
    return replace(account, active=False, phone_print=None)


@dataclass(frozen=True)
class Limit:
    """So many wrong passwords or codes within the window are put up with under one fingerprint."""

    print: str
    most: int
    window: timedelta = WINDOW


@dataclass(frozen=True)
class Guess:
    """A password that somebody gives: what it was counted for, and when, until it is known whether it is right."""

    place_print: str
    limits: tuple[Limit, ...]
    at: datetime


def with_password(accounts: Iterable[Account], id: str) -> Account:
    """The one of a person's accounts that has a password: the one of that id, if it has; refuses `no_password`."""
    able = [each for each in accounts if each.active and each.login and each.password_hash]
    found = next((each for each in able if each.id == id), next(iter(able), None))
    if found is None:
        raise Refusal("no_password")
    return found


def for_login(accounts: Iterable[Account]) -> Account | None:
    """Which of a person's accounts a login is opened in, None for a new one; refuses `login_open` where one has one."""
    active = [each for each in accounts if each.active]
    if any(each.login for each in active):
        raise Refusal("login_open")
    return next(iter(active), None)


def logins(accounts: Iterable[Account]) -> list[Account]:
    """Those of a person's accounts that are signed in to by login; refuses `no_login` where there is none."""
    found = [each for each in accounts if each.active and each.login]
    if not found:
        raise Refusal("no_login")
    return found


def moved_to_phone(accounts: Iterable[Account], phone_print: str) -> dict[Account, Account]:
    """What becomes of those of a person's accounts that change when a phone is to be theirs: each with what it is then.

    One has the phone and no other has one, so that of somebody who was entered twice no former number opens anything;
    nothing changes where nobody signs in by phone.
    """
    by_phone = [each for each in accounts if each.active and each.phone_print]
    own = next((each for each in by_phone if each.phone_print == phone_print), next(iter(by_phone), None))
    after = {each: replace(each, phone_print=phone_print if each is own else None) for each in by_phone}
    return {each: moved for each, moved in after.items() if moved != each}


def shut(account: Account) -> Account:
    """The account without its password: by its login nobody gets in."""
    return replace(account, password_hash=None)


def with_first_password(account: Account, login: str, password_hash: str) -> Account:
    """The account with a login and a password that has to be replaced by who signs in."""
    return replace(account, login=login, password_hash=password_hash, first_password=True)


def limits(login_print: str, place_print: str, *others: Limit, familiar: bool) -> tuple[Limit, ...]:
    """What guards a login against guesses from one place, of which `place_print` is the fingerprint for this login.

    `others` are limits of strangers too. These can lock out each other and never whoever sits where somebody has signed
    in to this login before.
    """
    own = Limit(place_print, FROM_ONE_ADDRESS)
    return (own,) if familiar else (own, Limit(login_print, FROM_STRANGERS), *others)


def factor_limits(quarter_print: str, day_print: str) -> tuple[Limit, ...]:
    """What guards a second factor against guesses, wherever they come from.

    So whoever has the password can keep its owner from signing in, for as long as they go on guessing: the owner stays
    signed in where they are, and an office's reset gives them another password. That they got in would be worse.
    """
    return Limit(day_print, WRONG_FACTORS_OF_A_DAY, DAY), Limit(quarter_print, WRONG_FACTORS)


def check_failures(failures: Sequence[datetime], limit: Limit, now: datetime) -> None:
    """Refuse `too_many_sign_ins` (`retry_after` in seconds) after as many wrong ones as the limit puts up with."""
    recent = [moment for moment in failures if now - moment < limit.window]
    if len(recent) >= limit.most:
        wait = recent[-limit.most] + limit.window - now
        raise Refusal("too_many_sign_ins", retry_after=ceil(wait.total_seconds()))
