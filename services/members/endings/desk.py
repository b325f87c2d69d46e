"""The entrypoints of what ends access tokens: telling it to the gateways, and what ended of late for one that asks."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from nameko.timer import timer

from chassis.broadcast import Broadcaster
from chassis.clock import Clock
from chassis.desk import Desk
from chassis.rpc import rpc
from chassis.schema import load
from members.accounts.store import AccountStore
from members.api_keys.store import ApiKeyStore
from members.endings.ending import LOOKS_BACK, Ending
from members.endings.schemas import EndingsSchema
from members.endings.telling import Teller
from members.people.store import PeopleStore
from members.places import After, page_of

Answer = dict[str, Any]
Read = Callable[[datetime, str, int], list[str]]

TELL_SECONDS = 1
"""How long a session that is over may live on at most, while the broker and the database answer."""

PAGE = 1_000
"""Endings in one answer."""


class EndingDesk(Desk):
    """Looks for what has ended where it is kept: nothing is written for it, and nothing can be forgotten."""

    accounts: AccountStore
    api_keys_kept: ApiKeyStore
    people: PeopleStore
    present: Clock
    ending_teller: Teller = Broadcaster(Teller)

    @timer(interval=TELL_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def tell_endings(self) -> None:
        """Tell the gateways what has ended since the last time."""
        now = self.present.now()
        self.ending_teller.tell(self._ended(now - LOOKS_BACK), now)

    @rpc
    def endings(self, **asked: Any) -> Answer:
        """A page of what has ended `within` so many seconds: `{items, next}`; refuses `invalid`. For a gateway.

        An item is `{id, narrowed}`: a session, or with `narrowed` a person (see `Ending`).
        """
        given = load(EndingsSchema(), asked)
        since = self.present.now() - timedelta(seconds=given["within"]) - LOOKS_BACK
        found = page_of(self._kinds(since), given["after"], PAGE)
        items = [{"id": each["id"], "narrowed": each["narrowed"]} for each in found]
        return {"items": items, "next": found[-1]["cursor"] if len(found) == PAGE else None}

    def _ended(self, since: datetime) -> Iterator[Ending]:
        kinds, after = self._kinds(since), ""
        while found := page_of(kinds, after, PAGE):
            yield from (Ending(each["id"], each["narrowed"]) for each in found)
            after = found[-1]["cursor"]

    def _kinds(self, since: datetime) -> dict[str, After]:
        """Where something ends, each read by ids."""

        def ids(kind: str, read: Read, after: str, limit: int) -> list[Answer]:
            return [_placed(kind, id) for id in read(since, after, limit)]

        def people(after: str, limit: int) -> list[Answer]:
            return [_placed("people", id, n) for id, n in self.people.narrowed_since(since, after, limit)]

        sessions, keys = self.accounts.ended_since, self.api_keys_kept.ended_since
        return {"sessions": partial(ids, "sessions", sessions), "keys": partial(ids, "keys", keys), "people": people}


def _placed(kind: str, id: str, narrowed: int | None = None) -> Answer:
    return {"id": id, "narrowed": narrowed, "cursor": f"{kind}/{id}"}
