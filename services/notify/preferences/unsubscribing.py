"""The links by which a reader of a message stops more of its kind, without signing in."""

import json
from dataclasses import dataclass

from chassis.errors import Refusal
from chassis.sealing import Sealer, WrongKeys
from notify.preferences.kinds import Kind


@dataclass(frozen=True)
class Link:
    """Whose link it is, and of which kinds of message: a digest may hold several."""

    person_id: str
    kinds: tuple[Kind, ...]


def token(link: Link, sealer: Sealer) -> str:
    """The end of the link; nobody can read or make one without the service's key."""
    return sealer.close(json.dumps([link.person_id, *link.kinds]))


def opened(text: str, sealer: Sealer) -> Link:
    """The link of a token; refuses `link_not_found`."""
    try:
        person_id, *kinds = json.loads(sealer.open(text))
        return Link(person_id, tuple(map(Kind, kinds)))
    except (WrongKeys, ValueError):
        raise Refusal("link_not_found") from None
