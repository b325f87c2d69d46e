"""Which partners there are: of different units, in each of the three ways, each with other filters."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from dev.client import Client
from tests.certificates import Authority
from tests.chaos.matters import ELSEWHERE, HERE, LIGHTING, SANITATION
from tests.chaos.partners.follower import Follower
from tests.chaos.partners.hook import Hook
from tests.chaos.partners.partner import Partner
from tests.chaos.partners.reader import Reader
from tests.chaos.partners.wish import Wish

EVERYTHING, UNIT, BY_NAME, QUEUE, FEED, OTHER_FEED = "everything", "unit", "by name", "queue", "feed", "other feed"

HOST = "127.0.0.1"
NAMED = "partner.example"
INSIDE = "127.0.0.2"
"""Where nothing may be posted to: no partner's network."""
NETWORKS = f"{HOST}/32"

WISHES: Mapping[str, tuple[str, Wish]] = {
    EVERYTHING: ("admin", Wish()),
    UNIT: ("unit_contact", Wish(categories=("01",), participant=LIGHTING, unit=LIGHTING)),
    BY_NAME: ("admin", Wish(types=("case.reported", "case.dispatched"), grid_prefix=HERE)),
    QUEUE: ("unit_contact", Wish(unit=LIGHTING)),
    FEED: ("unit_contact", Wish(grid_prefix=ELSEWHERE, unit=LIGHTING)),
    OTHER_FEED: ("admin", Wish(categories=("03", "07"), participant=SANITATION)),
}
"""Who subscribes to what; the unit's contact speaks for the lighting office, whatever they ask for."""


def cast(authority: Authority, clients: Callable[[str], Client], broker_ports: Sequence[int]) -> Iterator[Partner]:
    """The partners; without ports of a broker with partners' queues nobody has one."""
    yield Hook(EVERYTHING, *WISHES[EVERYTHING])
    yield Hook(UNIT, *WISHES[UNIT], tls=authority.server(HOST))
    yield Hook(BY_NAME, *WISHES[BY_NAME], host=NAMED)
    for name in (FEED, OTHER_FEED):
        who, wish = WISHES[name]
        yield Follower(name, who, wish, clients(who))
    if broker_ports:
        yield Reader(QUEUE, *WISHES[QUEUE], broker_ports)


def lead(names_file: Path, *addresses: str) -> None:
    """Let the partner's name lead to these addresses by turns."""
    fresh = names_file.with_suffix(".new")
    fresh.write_text(json.dumps({NAMED: addresses}))
    fresh.replace(names_file)
