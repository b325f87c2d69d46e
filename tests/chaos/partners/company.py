"""All partners of the suite under test together: subscribed at the start and meanwhile, and read afterwards."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from typing import Any

from pymongo.database import Database

from dev.client import Client
from tests.chaos.partners.follower import Follower
from tests.chaos.partners.hook import Hook
from tests.chaos.partners.partner import Partner
from tests.chaos.partners.reader import Reader
from tests.chaos.partners.wish import Happened, may_have
from tests.chaos.reading import PARTNER, Effect

LOGGED = {"id": 1, "case_id": 1, "sequence": 1, "stored_at": 1}
READY_SECONDS = 60

Document = Mapping[str, Any]
Until = Callable[[Callable[[], bool], float], None]


class Company:
    """The partners and what notify's database says of them; a partner that has left is still looked at."""

    def __init__(self, notify: Database[dict[str, Any]], clients: Callable[[str], Client], until: Until) -> None:
        """`clients` gives the one of a person, `until` waits."""
        self.all: list[Partner] = []
        self._notify, self._clients, self._until = notify, clients, until

    def join(self, *partners: Partner) -> None:
        """Let them subscribe, and wait until each has its subscription in force."""
        for partner in partners:
            if not isinstance(partner, Reader):
                partner.start()  # a receiver has to take the test event, a queue is there only after it
            answer = self._clients(partner.who).post("/v1/subscriptions", json=partner.asked())
            answer.raise_for_status()
            partner.joined(answer.json()["secret"])
            partner.subscription = answer.json()["subscription_id"]
            self.all.append(partner)
        for partner in partners:
            self._until(partial(self._active, partner), READY_SECONDS)
            partner.heard_after = int(self._subscription(partner).get("heard_after", 0))
            if isinstance(partner, Reader):
                partner.told(self.does("GET", partner).json()["amqp"])
                partner.start()

    def does(self, method: str, partner: Partner, act: str = "", **body: Any) -> Any:
        """What is answered to the partner that does something about its subscription; raises for a refusal."""
        path = f"/v1/subscriptions/{partner.subscription}{act}"
        answer = self._clients(partner.who).request(method, path, **({"json": body} if method == "POST" else {}))
        answer.raise_for_status()
        return answer

    def stop(self) -> None:
        """Let all of them end."""
        for partner in self.all:
            partner.stop()

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nobody of them asks anything meanwhile."""
        with ExitStack() as stack:
            for partner in self.all:
                if isinstance(partner, Follower):
                    stack.enter_context(partner.asking)
            yield

    def state(self, partner: Partner) -> str:
        """Where its subscription stands."""
        return str(self._subscription(partner).get("state"))

    def _active(self, partner: Partner) -> bool:
        return self.state(partner) == "active"

    def _subscription(self, partner: Partner) -> Document:
        return self._notify["subscriptions"].find_one({"_id": partner.subscription}) or {}

    def named(self, name: str) -> Partner:
        """The partner of that name."""
        return next(partner for partner in self.all if partner.name == name)

    def hook(self, name: str) -> Hook:
        """The partner of that name, which is posted to."""
        found = self.named(name)
        if not isinstance(found, Hook):
            raise TypeError(f"{name} is posted nothing")
        return found

    def reader(self, name: str) -> Reader:
        """The partner of that name, which has a queue."""
        found = self.named(name)
        if not isinstance(found, Reader):
            raise TypeError(f"{name} has no queue")
        return found

    def log(self) -> list[Document]:
        """The log of events, in the order of its positions."""
        return list(self._notify["event_log"].find({}, LOGGED).sort("_id"))

    def may(self, event: Happened) -> frozenset[str]:
        """Who may have the event."""
        return frozenset(partner.name for partner in self.all if may_have(partner.wish, event))

    def unowed(self, log: Iterable[Document]) -> frozenset[tuple[str, str]]:
        """Events that are not owed to a partner although it may have them, each with the partner's name.

        They were logged before its subscription was in force, or while it was disabled and left no row.
        """
        lines = list(log)
        return frozenset(found for partner in self.all for found in self._unowed(partner, lines))

    def _unowed(self, partner: Partner, log: Sequence[Document]) -> Iterator[tuple[str, str]]:
        if partner.unheard:
            where = {"subscription_id": partner.subscription}
            rows = {row["event_id"] for row in self._notify["deliveries"].find(where, {"event_id": 1})}
        for line in log:
            missed = within(partner.unheard, line["stored_at"])
            if line["_id"] <= partner.heard_after or (missed and line["id"] not in rows):
                yield line["id"], partner.name

    def wanting(self) -> frozenset[str]:
        """Who is to get what it may have: who has left is owed nothing."""
        return frozenset(partner.name for partner in self.all if not partner.ended)

    def owed(self) -> frozenset[tuple[str, str]]:
        """Events that wait for a partner, each with its name."""
        names = {partner.subscription: partner.name for partner in self.all}
        found = self._notify["deliveries"].find({"state": "pending"}, {"event_id": 1, "subscription_id": 1})
        return frozenset((row["event_id"], names[row["subscription_id"]]) for row in found)

    def effects(self) -> tuple[Effect, ...]:
        """What was taken."""
        return tuple(_effect(partner, each.event) for partner, each in self._arrivals() if each.taken)

    def reached(self) -> tuple[Effect, ...]:
        """What came to a partner, whether it took it or not."""
        return tuple(_effect(partner, each.event) for partner, each in self._arrivals())

    def _arrivals(self) -> Iterator[tuple[Partner, Any]]:
        yield from ((partner, each) for partner in self.all for each in partner.arrivals())

    def order(self, log: Sequence[Document]) -> dict[str, tuple[tuple[str, int], ...]]:
        """Case and version of what each has taken, in its order; without cases of which it has lost something."""
        return {f"{PARTNER} {partner.name}": tuple(_order(partner, log)) for partner in self.all}

    def unsigned(self) -> Iterator[str]:
        """What came without a valid signature."""
        yield from (f"{partner.name}: {each.event}" for partner, each in self._arrivals() if not each.signed)

    def late(self) -> Iterator[str]:
        """What came to somebody after the end of the subscription."""
        yield from (f"{partner.name}: {event}" for partner in self.all for event in partner.late())

    def revealing(self, people: Iterable[str]) -> Iterator[str]:
        """What told a partner who somebody is."""
        ids = [id.encode() for id in people]
        for partner, each in self._arrivals():
            yield from (f"{partner.name}: {each.event} names {id.decode()}" for id in ids if id in each.body)


def _order(partner: Partner, log: Iterable[Document]) -> Iterator[tuple[str, int]]:
    lost = {line["case_id"] for line in log if within(partner.lost, line["stored_at"])}
    yield from ((each.case, each.version) for each in partner.arrivals() if each.taken and each.case not in lost)


def within(times: Iterable[tuple[datetime, datetime]], instant: datetime) -> bool:
    """Whether the instant lies in one of them."""
    return any(start <= instant <= end for start, end in times)


def _effect(partner: Partner, event: str) -> Effect:
    return Effect(PARTNER, event, partner.name)
