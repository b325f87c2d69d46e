"""An identity elsewhere that belongs to one person here, and when it may be taken away.

Of the identity a keyed print of issuer and subject is kept and nothing else: it is found by that, and says nothing.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chassis.errors import Refusal
from chassis.instant import written
from members.accounts.account import Account
from members.identity_providers.provider import Provider

MOST = 10
"""Identities of one person."""


@dataclass(frozen=True)
class LinkedIdentity:
    """An identity with an issuer, and whose it is."""

    id: str
    print: str = field(repr=False)
    issuer: str
    person_id: str
    linked_at: datetime


def printed(issuer: str, subject: str) -> str:
    """The text of which a print is made: what makes an identity one (Core §2: `iss` and `sub` together)."""
    return f"identity\0{issuer}\0{subject}"


def check_free(found: LinkedIdentity | None, held: Sequence[LinkedIdentity]) -> None:
    """Refuse `identity_linked` for one that is among those `held` already, `identity_linked_elsewhere` for another's.

    And `too_many_identities` where they are as many as anybody may have.
    """
    if found in held:
        raise Refusal("identity_linked")
    if found is not None:
        raise Refusal("identity_linked_elsewhere")
    if len(held) >= MOST:
        raise Refusal("too_many_identities", most=MOST)


def check_other_way(accounts: Iterable[Account], left: Iterable[LinkedIdentity], issuers: Collection[str]) -> None:
    """Refuse `last_way_in` where nothing would be left by which the person can sign in.

    `left` are their other identities, `issuers` those of the providers that can be signed in with.
    """
    active = [each for each in accounts if each.active]
    by_account = any(each.phone_print or (each.login and each.password_hash) for each in active)
    if not by_account and not any(each.issuer in issuers for each in left):
        raise Refusal("last_way_in")


def shown(found: LinkedIdentity, providers: Mapping[str, Provider]) -> dict[str, Any]:
    """An identity as its owner sees it; `providers` by their issuers. One that is listed no more has no name."""
    provider = providers.get(found.issuer)
    return {
        "identity_id": found.id,
        "issuer": found.issuer,
        "provider": provider.id if provider else None,
        "names": dict(provider.names) if provider else None,
        "linked_at": written(found.linked_at),
    }


def copied(found: LinkedIdentity) -> dict[str, Any]:
    """An identity in the own copy: all that is kept of it."""
    return {"identity_id": found.id, "issuer": found.issuer, "linked_at": written(found.linked_at)}
