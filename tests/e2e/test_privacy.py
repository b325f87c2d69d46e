"""Nothing that leaves or is written down names a demo person or a phone, except where docs/domain.md §5 allows it."""

import io
from collections.abc import Iterator
from typing import Any
from zipfile import ZipFile

import pytest
import requests

from dev.client import Client
from dev.lamp import COMPOUND, STORY, Lamp
from dev.receiver import Receiver
from tests.e2e.cast import ACCOUNTS, cast
from tests.e2e.conftest import SuiteMaker

OWN = ("/v1/me",)
"""Where somebody sees his own name and phone (docs/domain.md §5)."""


PHONE = ACCOUNTS["resident"]["phone"]
AREA, GRID = "360704", "360704100002001"
LISTS = ("problem", "responsibility", "completion")
FILES = (
    f"/v1/ledgers/{GRID}/export",
    *(f"/v1/ledgers/{GRID}/export?format=csv&list={name}" for name in LISTS),
    f"/v1/indicators/cases/export?area={AREA}&count=registered",
    f"/v1/indicators/cases/export?area={AREA}&count=registered&format=csv",
    f"/v1/indicators/export?area={AREA}&by=grid",
    f"/v1/indicator-ranking/export?area={AREA}&by=grid",
    f"/v1/indicator-ranking/export?area={AREA}&by=grid&format=csv",
)
"""What leaves as a file, also where the cases of a number do."""

WRONG = {"text": "灯", "category": PHONE, "compound_id": PHONE, "location": PHONE, "source": PHONE, "severity": PHONE}
ASTRAY = (
    f"/v1/cases?status={PHONE}&grid={PHONE}&limit={PHONE}&nothing={PHONE}",
    f"/v1/cases/{PHONE}",
    f"/v1/ledgers/{PHONE}/export?format={PHONE}",
    f"/v1/indicators?area={PHONE}&from={PHONE}",
    f"/v1/no/such/path/{PHONE}?phone={PHONE}",
)
"""A phone where none belongs: in queries, for an id, and on a path that there is not."""


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
        apart = Lamp({who: Client(suite.url, token(client)) for who, client in people.items()})
        yield {
            "answers": "".join(heard),
            "refusals": astray(apart.people["resident"]),
            "files": files(apart),
            "trail": people["admin"].get("/v1/audit-trail?service=cases&limit=100").text,
            "logs": suite.logs(),
            "console": "".join(map(str, suite.console())),
            "events": "".join(str(row) for row in suite.database("notify")["event_log"].find()),
            "notices": "".join(str(row) for row in suite.database("notify")["notices"].find()),
            "histories": "".join(str(row["data"]) for row in histories(suite.database("cases"))),
            "webhooks": "".join(map(str, receiver.deliveries)),
        }


def token(client: Client) -> str:
    return str(client.headers["Authorization"]).removeprefix("Bearer ")


def listening(url: str, client: Client, heard: list[str]) -> Listener:
    listener = Listener(url, token(client))
    listener.heard = heard
    return listener


def astray(client: Client) -> str:
    """What somebody is told who puts a phone where none belongs."""
    answers = [client.post("/v1/cases", json=WRONG), *(client.get(path) for path in ASTRAY)]
    assert {each.status_code for each in answers} == {404, 422}
    return "".join(each.text + str(each.headers) for each in answers)


def files(lamp: Lamp) -> str:
    """Every file about a case whose words have a phone and begin as a formula, its parts unpacked."""
    said = {"text": f"=1+1 灯又坏了,请打{PHONE}", "location": COMPOUND, "compound_id": "c-dongyuan"}
    lamp.case_id = lamp.people["resident"].post("/v1/cases", json=said).json()["case_id"]
    assert lamp.act("dispatcher", "register", category="0101").ok
    answers = [lamp.people["admin"].get(path) for path in FILES]
    assert [each.status_code for each in answers] == [200] * len(FILES)
    told = "".join(unpacked(each.content) for each in answers)
    assert "120****" in told
    return told


def unpacked(content: bytes) -> str:
    """The text of a file, or of each part of a workbook."""
    if not content.startswith(b"PK"):
        return content.decode()
    with ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def histories(database: Any) -> Iterator[dict[str, Any]]:
    for case in database["cases"].find():
        yield from case["history"]


@pytest.mark.parametrize(
    "where", ["answers", "refusals", "files", "trail", "logs", "console", "events", "notices", "histories", "webhooks"]
)
def test_no_phone_and_no_name_of_a_person_is_found(traces: dict[str, str], where: str) -> None:
    text = traces[where]
    assert text, f"there is something to search in {where}"
    phones = [account["phone"] for account in ACCOUNTS.values() if "phone" in account]
    assert [phone for phone in phones if phone in text] == []
    assert "谢测" not in text
    assert "测0" not in text
