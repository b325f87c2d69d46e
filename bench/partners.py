"""Five hundred subscriptions as units and the office of a district make them: most of them narrow, some wide."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Any

from bench.copied import Copyist
from bench.people import holders
from bench.stage import SESSION_SECONDS, Document, Stage
from chassis.ids import new_id
from dev.client import Client
from dev.suite import Suite
from gateway.tokens import Tokens
from members.demo.district import district
from members.demo.enrolment import Enrolment
from notify.partner_queues.rights import VHOST
from notify.partners.subscription import EVERYTHING

ONE_TYPE = (
    "case.reported", "case.registered", "case.dispatched", "case.resolved", "case.closed", "case.rated", "case.returned"
)  # fmt: skip
COMMUNITY_DIGITS, GROUP_DIGITS = 12, 2
ACTIVE_SECONDS = 300
LOOK_SECONDS = 0.5


@dataclass(frozen=True)
class Asked:
    """What one partner asks for."""

    by: Enrolment
    way: str
    filters: Document


class Partners:
    """Who subscribes in one suite."""

    def __init__(self, stage: Stage, suite: Suite, copyist: Copyist) -> None:
        self._kept = stage.client["notify"]["subscriptions"]
        self._stage, self._suite, self._copyist = stage, suite, copyist
        self._tokens = Tokens(suite.secrets["TOKEN_KEY"], SESSION_SECONDS)
        self._office = holders(district(), "district_admin")[0]
        self._contacts = holders(district(), "unit_contact")

    def wide_queues(self, number: int) -> list[str]:
        """So many queues of the office that everything of the district goes into: their subscriptions' ids."""
        return self._opened([(Asked(self._office, "amqp", {"types": [EVERYTHING]}), None)] * number)

    def subscribed(self, urls: Sequence[str]) -> list[str]:
        """One subscription for each of these addresses, which those that are no webhooks leave unused."""
        return self._opened(list(zip(islice(self._asked(), len(urls)), urls, strict=True)))

    def remove(self, ids: Sequence[str]) -> None:
        """End these of the office."""
        for id in ids:
            self._client(self._office).delete(f"/v1/subscriptions/{id}").raise_for_status()

    def _asked(self) -> Iterator[Asked]:
        """All of the district in each way, all of one type, and then what units ask for without an end."""
        for way in ("webhook", "amqp", "feed"):
            yield Asked(self._office, way, {"types": [EVERYTHING]})
        for type_ in ONE_TYPE:
            yield Asked(self._office, "webhook", {"types": [type_]})
        ways = cycle(("webhook", "webhook", "amqp", "webhook", "feed", "webhook", "webhook"))
        for filters, contact, way in zip(self._narrow(), cycle(self._contacts), ways):
            unit = contact.person.unit_id
            yield Asked(contact, way, filters or {"participant_id": unit})

    def _narrow(self) -> Iterator[Document]:
        """Kinds of case in a grid, in a community, and the cases of one's own unit, which is `{}` here."""
        grids, groups = self._copyist.grids, sorted({each[:GROUP_DIGITS] for each in self._copyist.categories})
        communities = sorted({each[:COMMUNITY_DIGITS] for each in grids})
        in_grids = cycle({"grid_prefix": grid, "categories": [group]} for group in groups for grid in grids)
        in_communities = cycle({"grid_prefix": one, "categories": [group]} for group in groups for one in communities)
        while True:
            yield from (next(in_grids), next(in_grids), next(in_communities), {}, {})

    def _opened(self, asked: Sequence[tuple[Asked, str | None]]) -> list[str]:
        """Subscribe, wait until all of them are active, and have the queues among them read."""
        ids = [self._open(each, url) for each, url in asked]
        deadline = time.monotonic() + ACTIVE_SECONDS
        while self._kept.count_documents({"_id": {"$in": ids}, "state": "active"}) < len(ids):
            if time.monotonic() > deadline:
                raise TimeoutError("not every subscription became active")
            time.sleep(LOOK_SECONDS)
        self._read([self._queue(each.by, id) for id, (each, _) in zip(ids, asked, strict=True) if each.way == "amqp"])
        return ids

    def _queue(self, owner: Enrolment, id: str) -> str:
        answer = self._client(owner).get(f"/v1/subscriptions/{id}")
        answer.raise_for_status()
        return str(answer.json()["amqp"]["queue"])

    def _read(self, queues: Sequence[str]) -> None:
        """Nobody lets a queue fill up that has a reader."""
        broker = self._stage.broker
        broker.control("set_permissions", "-p", VHOST, "guest", ".*", ".*", ".*")
        self._stage.process("reader", "bench.reader", f"{broker.uri.rstrip('/')}/{VHOST}", *queues)

    def _open(self, asked: Asked, url: str | None) -> str:
        body: dict[str, Any] = {"types": [EVERYTHING], "way": asked.way, **asked.filters}
        if asked.way == "webhook":
            body["url"] = url
        answer = self._client(asked.by).post("/v1/subscriptions", json=body)
        if not answer.ok:
            raise AssertionError(f"{body}: {answer.status_code} {answer.text}")
        return str(answer.json()["subscription_id"])

    def _client(self, who: Enrolment) -> Client:
        """Acts as this person, with a token such as a sign-in gives."""
        return Client(self._suite.url, self._tokens.issue(new_id(), who.person.caller().dump(), time.time()))
