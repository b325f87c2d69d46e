"""Where somebody can be reached, and through which channels."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from notify.channels.port import ORDER, Channel
from notify.notices.notice import Notice, concerns


@dataclass(frozen=True)
class Contact:
    """Where a person can be reached, as members tells it at the moment of sending; never kept.

    `id` is the one that was asked for, `ids` every one of the person's, that of today first. `unit_id` is the unit that
    they speak for, in these `scopes`. `channels` are the kinds that the person has not declined, `addresses` what each
    way needs (`phone`, …), `district` is where they are known.
    """

    id: str
    unit_id: str | None
    language: str
    channels: tuple[str, ...]
    addresses: Mapping[str, str]
    district: str | None = None
    ids: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Way:
    """A channel that leads to somebody, and the address there."""

    channel: Channel
    to: str


def meant(notice: Notice, contacts: Iterable[Contact]) -> list[Contact]:
    """Whom the notice is for: the person, or who speaks for the unit there."""
    return [
        contact
        for contact in contacts
        if notice.recipient == contact.id or (notice.recipient == contact.unit_id and concerns(contact.scopes, notice))
    ]


def ways(
    contact: Contact,
    channels: Iterable[Channel],
    *,
    mandatory: bool,
    declined: Collection[str] = (),
    shut: Collection[str] = (),
) -> list[Way]:
    """The ways to somebody in the order of their kinds, and of the channels within a kind (the next takes over).

    What was declined, altogether or for this kind of message, is left out unless the message is mandatory: results of
    an own case ignore opt-outs (docs/domain.md §2.2). `shut` are the channels that refused this address for good.
    """
    led = [
        Way(channel, contact.addresses[channel.address])
        for channel in channels
        if contact.addresses.get(channel.address)
        and channel.name not in shut
        and (mandatory or (channel.kind in contact.channels and channel.kind not in declined))
    ]
    return sorted(led, key=lambda way: ORDER.index(way.channel.kind))
