"""Nothing that leaves or is written down names a demo person or a phone, except where docs/domain.md §5 allows it."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from dev.client import Client
from dev.lamp import STORY, Lamp
from dev.receiver import Receiver
from tests.e2e.cast import ACCOUNTS, cast
from tests.e2e.conftest import SuiteMaker

OWN = ("/v1/me",)
"""Where somebody sees his own name and phone (docs/domain.md §5)."""


class Listener(Client):
    """A client that keeps the text of each answer but those about its own person."""

    heard: list[str]

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        answer = super().request(method, url, *args, **kwargs)
        if url not in OWN and "image" not in answer.headers.get("Content-Type", ""):
            self.heard.append(answer.text + str(answer.headers))
        return answer


@pytest.fixture(scope="module")
def traces(new_suite: SuiteMaker) -> Iterator[dict[str, str]]:
    """Everything that one lamp left behind: answers, logs, events, notices, messages, webhook bodies."""
    suite = new_suite()
    heard: list[str] = []
    signed = cast(suite, ("resident", "dispatcher", "worker", "member", "inspector", "admin"))
    people = {who: listening(suite.url, client, heard) for who, client in signed.items()}
    with Receiver() as receiver:
        made = people["admin"].post("/v1/subscriptions", json={"url": receiver.url, "types": ["case.*"]}).json()
        receiver.secret = made["secret"]
        lamp = Lamp(people)
        for step in STORY:
            suite.clock.set(step.at)
            assert step.do(lamp).ok
        for client in people.values():
            for path in (f"/v1/cases/{lamp.case_id}", "/v1/cases", "/v1/inbox", f"/v1/cases/{lamp.case_id}/proposal"):
                client.get(path)
        suite.wait_ready()
        yield {
            "answers": "".join(heard),
            "logs": suite.logs(),
            "console": "".join(map(str, suite.console())),
            "events": "".join(str(row) for row in suite.database("notify")["event_log"].find()),
            "notices": "".join(str(row) for row in suite.database("notify")["notices"].find()),
            "histories": "".join(str(row["data"]) for row in histories(suite.database("cases"))),
            "webhooks": "".join(map(str, receiver.deliveries)),
        }


def listening(url: str, client: Client, heard: list[str]) -> Listener:
    listener = Listener(url, str(client.headers["Authorization"]).removeprefix("Bearer "))
    listener.heard = heard
    return listener


def histories(database: Any) -> Iterator[dict[str, Any]]:
    for case in database["cases"].find():
        yield from case["history"]


@pytest.mark.parametrize("where", ["answers", "logs", "console", "events", "notices", "histories", "webhooks"])
def test_no_phone_and_no_name_of_a_person_is_found(traces: dict[str, str], where: str) -> None:
    text = traces[where]
    assert text, f"there is something to search in {where}"
    phones = [account["phone"] for account in ACCOUNTS.values() if "phone" in account]
    assert [phone for phone in phones if phone in text] == []
    assert "谢测" not in text
    assert "测0" not in text
