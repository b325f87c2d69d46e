"""Entries leave one by one for each document, and many documents at once."""

from collections.abc import Sequence
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from chassis.carrier import WINDOW, Carrier
from chassis.outbox import Document
from chassis.publisher import Outcome, Outgoing

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
OUTBOX: Any = SimpleNamespace(subject="thing", published={"thing.given"})


class Broker:
    """A publisher whose broker takes everything but the events with the ids in `outcomes`."""

    def __init__(self, **outcomes: Outcome) -> None:
        self.outcomes = outcomes
        self.sent: list[list[str]] = []

    def publish_all(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        ids = [outgoing.message.properties["message_id"] for outgoing in messages]
        self.sent.append(ids)
        return [self.outcomes.get(id, Outcome.TAKEN) for id in ids]


def document(id: str, *types: str, relayed: int = 0) -> Document:
    entries: list[Document] = [
        {"n": n, "id": f"{id}{n}", "type": type, "at": NOW, "data": {}, "key": "", "correlation": None}
        for n, type in enumerate(types, relayed + 1)
    ]
    return {"_id": id, "relayed": relayed, "history": entries}


def carried(broker: Broker, *documents: Document) -> list[tuple[str, int, Outcome]]:
    publisher: Any = broker
    journeys = Carrier("giver", publisher).carry(OUTBOX, documents)
    return [(each.id, each.relayed, each.outcome) for each in journeys]


def test_each_further_entry_of_a_document_is_sent_once_the_one_before_is_confirmed() -> None:
    broker = Broker()
    several = document("a", "thing.given", "thing.given", "thing.given", relayed=4)
    assert carried(broker, several, document("b", "thing.given")) == [("a", 7, Outcome.TAKEN), ("b", 1, Outcome.TAKEN)]
    assert broker.sent == [["a5", "b1"], ["a6"], ["a7"]]


def test_what_did_not_get_through_holds_back_the_rest_of_its_document_alone() -> None:
    broker = Broker(a2=Outcome.RETURNED, b1=Outcome.UNKNOWN)
    documents = [document(id, "thing.given", "thing.given", "thing.given") for id in ("a", "b", "c")]
    ends = [("a", 1, Outcome.RETURNED), ("b", 0, Outcome.UNKNOWN), ("c", 3, Outcome.TAKEN)]
    assert carried(broker, *documents) == ends
    assert broker.sent == [["a1", "b1", "c1"], ["a2", "c2"], ["c3"]]


def test_what_nobody_hears_is_passed_in_its_turn() -> None:
    broker = Broker(a3=Outcome.REFUSED)
    assert carried(broker, document("a", "thing.noted", "thing.given", "thing.given")) == [("a", 2, Outcome.REFUSED)]
    assert [sent for sent in broker.sent if sent] == [["a2"], ["a3"]]


def test_an_entry_whose_forerunner_is_not_there_stays() -> None:
    broker, gap = Broker(), document("a", "thing.given", relayed=3) | {"relayed": 2}
    assert carried(broker, gap) == [("a", 2, Outcome.TAKEN)]
    assert broker.sent == []


def test_many_documents_leave_in_windows() -> None:
    broker = Broker()
    carried(broker, *(document(f"{number}-", "thing.given") for number in range(2 * WINDOW + 1)))
    assert [len(sent) for sent in broker.sent] == [WINDOW, WINDOW, 1]
