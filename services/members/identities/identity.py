"""Opting in to a special identity and withdrawing: both acts stay on record, and what is shown follows at once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from chassis.errors import Refusal
from chassis.instant import written
from members.people.person import ONLY_OF, Tag, revoked


def check_may_show(kind: str, roles: Collection[str]) -> None:
    """Refuse `identity_of_another_role` to who does not hold the role of which the identity speaks."""
    role = ONLY_OF.get(kind)
    if role is not None and role not in roles:
        raise Refusal("identity_of_another_role", kind=kind, role=role)


def opted_in(tags: Sequence[Tag], kind: str, text_version: str, now: datetime) -> tuple[Tag, ...]:
    """The tags with the consent to this text; refuses `identity_shown` where consent to the same text stands.

    Consent to another version of the text takes the place of the one before.
    """
    if any(tag.text_version == text_version for tag in tags if tag.kind == kind and tag.revoked_at is None):
        raise Refusal("identity_shown", kind=kind)
    return (*revoked(tags, {kind}, now), Tag(kind, now, text_version))


def withdrawn(tags: Sequence[Tag], kind: str, now: datetime) -> tuple[Tag, ...]:
    """The tags after the consent has ended; refuses `identity_not_shown` where none stands."""
    after = revoked(tags, {kind}, now)
    if after == tuple(tags):
        raise Refusal("identity_not_shown", kind=kind)
    return after


def acts(tags: Sequence[Tag]) -> list[dict[str, Any]]:
    """Every consent and its end, as its person may read them."""
    return [
        {
            "kind": tag.kind,
            "text_version": tag.text_version,
            "consented_at": written(tag.consented_at),
            "revoked_at": written(tag.revoked_at) if tag.revoked_at else None,
        }
        for tag in tags
    ]
