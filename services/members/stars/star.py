"""Stars for volunteer hours (docs/domain.md §3.3, F49): offered, accepted by the person, shown by consent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chassis import instant
from chassis.errors import Refusal
from members.area import tenant_of
from members.hours.credit import shown_hours

OFFERED, SETTLED, ACCEPTED = "star.offered", "hours.settled", "star.accepted"
CONSENT_CHANGED, JOINED = "book.consent_changed", "book.joined"
CERTIFIED, LOOKED_INTO = "hours.certified", "hours.looked_into"
"""Of all these others hear of the offer; the rest are entries of histories."""

HOURS: Mapping[int, int] = {1: 100, 2: 300, 3: 600, 4: 1000, 5: 1500}
"""The hours of each star (docs/domain.md §3.3)."""


@dataclass(frozen=True)
class Consent:
    """The person's agreement to be on the public list: when, to which text, and until when."""

    consented_at: datetime
    text_version: str
    revoked_at: datetime | None = None


@dataclass(frozen=True)
class Book:
    """What one person's ledger comes to: all minutes, the star that was accepted, and every consent to show it."""

    person_id: str
    area: str
    minutes: int = 0
    accepted: int = 0
    consents: tuple[Consent, ...] = ()

    @property
    def tenant(self) -> str:
        """The district."""
        return tenant_of(self.area)

    @property
    def reached(self) -> int:
        """The highest star that the minutes suffice for, 0 for none."""
        return star_of(self.minutes)

    @property
    def star(self) -> int:
        """The star that the person has: accepted, and still reached."""
        return min(self.accepted, self.reached)

    @property
    def offered(self) -> int | None:
        """The star that waits to be accepted."""
        return self.reached if self.reached > self.accepted else None

    @property
    def public(self) -> bool:
        """Whether the person is on the public list now."""
        return self.star > 0 and any(each.revoked_at is None for each in self.consents)


def star_of(minutes: int) -> int:
    """The highest star that so many minutes suffice for, 0 for none."""
    return max((star for star, hours in HOURS.items() if minutes >= hours * 60), default=0)


def accepted(book: Book, star: int) -> Book:
    """The book when its person accepts a star; refuses `star_not_offered` for any but the one that is offered."""
    if star != book.offered:
        raise Refusal("star_not_offered", offered=book.offered)
    return replace(book, accepted=star)


def agreed(book: Book, text_version: str, now: datetime) -> Book:
    """The book when its person agrees to be on the public list; refuses `already_public` for the same text."""
    standing = [each for each in book.consents if each.revoked_at is None]
    if any(each.text_version == text_version for each in standing):
        raise Refusal("already_public")
    return replace(book, consents=(*_revoked(book.consents, now), Consent(now, text_version)))


def withdrawn(book: Book, now: datetime) -> Book:
    """The book when its person is on no list any more, from that moment on; refuses `not_public`."""
    after = _revoked(book.consents, now)
    if after == book.consents:
        raise Refusal("not_public")
    return replace(book, consents=after)


def joined(book: Book, other: Book, minutes: int) -> Book:
    """The book of somebody who had two: the higher star that was accepted, and every consent of both.

    A consent ends where one in the other book has ended since, as that of a special identity does in a merge.
    """
    own, others = _overtaken(book.consents, other.consents), _overtaken(other.consents, book.consents)
    consents = sorted((*own, *others), key=lambda each: each.consented_at)
    return replace(
        book, minutes=minutes, accepted=max(book.accepted, other.accepted), consents=tuple(_one_standing(consents))
    )


def hidden(book: Book, now: datetime) -> Book:
    """The book when it is on no list any more, whether it was or not."""
    return replace(book, consents=_revoked(book.consents, now))


def emptied(book: Book, now: datetime) -> Book:
    """What is left of a book whose hours are in another: nothing that counts, and on no list."""
    return replace(hidden(book, now), minutes=0, accepted=0)


def _overtaken(consents: Iterable[Consent], others: Iterable[Consent]) -> list[Consent]:
    ends = [each.revoked_at for each in others if each.revoked_at is not None]
    found = []
    for each in consents:
        since = [end for end in ends if end >= each.consented_at]
        found.append(replace(each, revoked_at=min(since)) if since and each.revoked_at is None else each)
    return found


def _one_standing(consents: Sequence[Consent]) -> Iterator[Consent]:
    """Of two that stand the first ends when the second was given, as if it had been given in the same book."""
    standing = [each for each in consents if each.revoked_at is None]
    for each in consents:
        last = each.revoked_at is not None or each is standing[-1]
        yield each if last else replace(each, revoked_at=standing[-1].consented_at)


def _revoked(consents: Sequence[Consent], now: datetime) -> tuple[Consent, ...]:
    return tuple(each if each.revoked_at else replace(each, revoked_at=now) for each in consents)


def told(book: Book) -> dict[str, Any]:
    """What the event of an offer tells."""
    return {"person_id": book.person_id, "star": book.reached, "hours": HOURS.get(book.reached, 0)}


def shown(book: Book) -> dict[str, Any]:
    """What its person reads."""
    return {
        "person_id": book.person_id,
        "minutes": book.minutes,
        "hours": shown_hours(book.minutes),
        "star": book.star,
        "star_offered": book.offered,
        "public": book.public,
        "consents": [
            {
                "text_version": each.text_version,
                "consented_at": instant.written(each.consented_at),
                "revoked_at": instant.written_or_none(each.revoked_at),
            }
            for each in book.consents
        ],
    }
