"""Streams on real sockets: each reader hears everything that is for it once and in order, whatever breaks off."""

import json
import time
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

import pytest

from chassis.event import Event
from dev.servers import Broker, Mongod
from tests.component.gateway.crowd import Reader, begun, listen
from tests.component.gateway.streaming import Streaming
from tests.component.notify.samples import event
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(240)

CROWD = 300
CASES = 10
ROUNDS = 4

ids = count()


@pytest.fixture(scope="module")
def streaming(broker: Broker, mongod: Mongod, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Streaming]:
    with Streaming(broker, mongod, tmp_path_factory.mktemp("streaming")) as started:
        started.module("chassis", "setup", "notify")
        started.start("cases", "members", "notify", "gateway")
        yield started


def fresh() -> str:
    """The id of a case that no other test has."""
    return f"c-{next(ids)}"


def happened(case: str, *versions: int, **data: Any) -> list[Event]:
    return [event("case.noted", case=case, sequence=n, **data) for n in versions]


def connected(*readers: Reader) -> Sequence[Reader]:
    """The same, listening."""
    assert begun(readers)
    return readers


def hear(readers: Sequence[Reader], versions: Sequence[tuple[str, int]]) -> None:
    """Each hears these, and then nothing else before something new has come to all."""
    listen(readers, lambda: all(len(each.heard) >= len(versions) for each in readers))
    for each in readers:
        assert each.versions == list(versions)


def test_what_happens_is_told_while_it_happens(streaming: Streaming) -> None:
    mine, other = fresh(), fresh()
    desk, case, elsewhere = connected(
        streaming.reader(),
        streaming.reader(f"/v1/streams/cases/{mine}"),
        streaming.reader("/v1/streams/desk?area=360704100007"),
    )
    streaming.publish([*happened(mine, 1), *happened(other, 1), *happened(mine, 2, restricted=True)])
    hear([desk], [(mine, 1), (other, 1)])
    hear([case], [(mine, 1), (mine, 2)])
    assert elsewhere.versions == []
    told = case.heard[0]
    assert (told["type"], told["grid_code"], told["resolve_due"]) == (
        "case.noted",
        "360704100002001",
        "2026-03-17T18:00:00+08:00",
    )
    assert "p-xie" not in json.dumps(case.heard)
    assert "Content-Type: text/event-stream" in case.head
    for each in (desk, case, elsewhere):
        each.break_off()


def test_a_crowd_hears_everything_once_and_in_order_over_breaks_and_another_gateway(streaming: Streaming) -> None:
    """A third of it breaks off each round, and in the middle the gateway goes and another one comes."""
    cases = [fresh() for _ in range(CASES)]
    paths = ["/v1/streams/desk", *(f"/v1/streams/cases/{case}" for case in cases)]
    crowd = [streaming.reader(paths[n % len(paths)], person=f"crowd-{n}") for n in range(CROWD)]
    assert begun(crowd)
    for version in range(1, ROUNDS + 1):
        for each in crowd[version % 3 :: 3]:
            each.break_off()
        if version == ROUNDS // 2:
            streaming.processes["gateway"].ask_to_stop()
            assert listen(crowd, lambda: all(each.line is None for each in crowd))
            assert {each.end for each in crowd[(version + 1) % 3 :: 3]} == {"closing"}
        streaming.publish([each for case in cases for each in happened(case, version)])
        if version == ROUNDS // 2:
            streaming.processes["gateway"].wait(10)
            streaming.start("gateway")
        assert begun(crowd)
    expected = {
        "/v1/streams/desk": [(case, version) for version in range(1, ROUNDS + 1) for case in cases],
        **{f"/v1/streams/cases/{case}": [(case, version) for version in range(1, ROUNDS + 1)] for case in cases},
    }
    wanted = [expected[paths[n % len(paths)]] for n in range(CROWD)]
    listen(crowd, lambda: all(len(each.heard) >= len(want) for each, want in zip(crowd, wanted, strict=True)))
    for each, want in zip(crowd, wanted, strict=True):
        assert each.versions == want
        each.break_off()


def test_a_stream_ends_with_its_token_and_goes_on_with_another(streaming: Streaming) -> None:
    mine = fresh()
    [first] = connected(streaming.reader(f"/v1/streams/cases/{mine}", seconds=2))
    streaming.publish(happened(mine, 1))
    assert listen([first], lambda: first.line is None, 10)
    assert (first.versions, first.end) == ([(mine, 1)], "token_ended")
    streaming.publish(happened(mine, 2))
    second = streaming.reader(f"/v1/streams/cases/{mine}").connect(first.last_id)
    hear([second], [(mine, 2)])
    second.break_off()


def test_a_place_is_free_again_when_its_reader_has_gone(streaming: Streaming) -> None:
    person = "p-crowded"
    opened = connected(*(streaming.reader(person=person) for _ in range(3)))
    refused = streaming.reader(person=person).connect()
    listen([refused], lambda: refused.line is None)
    assert (refused.status, refused.body["code"]) == (429, "too_many_streams")
    assert "Retry-After: " in refused.head
    opened[0].break_off()
    for n in range(2):  # it is noticed at the second write to it
        streaming.publish(happened(fresh(), n + 1))
        time.sleep(0.3)
    [again] = connected(streaming.reader(person=person))
    for each in (*opened, again):
        each.break_off()


def test_a_case_that_may_not_be_seen_has_no_stream(streaming: Streaming) -> None:
    refused = streaming.reader("/v1/streams/cases/missing").connect()
    listen([refused], lambda: refused.line is None)
    assert (refused.status, refused.body["code"]) == (404, "case_not_found")


def test_two_notify_tell_it_once(streaming: Streaming) -> None:
    streaming.start("notify.2")
    mine = fresh()
    [reader] = connected(streaming.reader(f"/v1/streams/cases/{mine}"))
    for n in range(1, 9):
        streaming.publish(happened(mine, n))
        listen([reader], lambda: False, 0.4)
    hear([reader], [(mine, n) for n in range(1, 9)])
    reader.break_off()
    streaming.processes["notify.2"].stop()


def test_the_last_line_is_told_also_when_its_broadcast_was_lost(streaming: Streaming) -> None:
    """notify that dies between keeping and telling tells nothing more of it; the gateway asks."""
    mine = fresh()
    [reader] = connected(streaming.reader(f"/v1/streams/cases/{mine}"))
    log = streaming.database("notify")["event_log"]
    streaming.publish(happened(mine, 1))
    hear([reader], [(mine, 1)])
    streaming.processes["notify"].kill()
    last = log.find_one({}, sort=[("_id", -1)])
    assert last is not None
    kept = {**last, "_id": last["_id"] + 1, "id": f"{last['id']}-2", "sequence": 2}
    log.insert_one({**kept, "body": last["body"].replace(b'"version": 1', b'"version": 2')})
    streaming.start("notify")
    hear([reader], [(mine, 1), (mine, 2)])
    reader.break_off()


def test_without_a_broker_nobody_joins_and_who_listens_hears_later_what_happened(
    streaming: Streaming, broker: Broker
) -> None:
    mine = fresh()
    [reader] = connected(streaming.reader(f"/v1/streams/cases/{mine}"))
    streaming.publish(happened(mine, 1))
    hear([reader], [(mine, 1)])
    broker.kill()
    try:
        refused = streaming.reader(person="p-late").connect()
        listen([refused], lambda: refused.line is None)
        assert (refused.status, refused.body["code"]) == (503, "unavailable")
        assert "Retry-After: " in refused.head
    finally:
        broker.restart()
    assert eventually(lambda: streaming.is_ready("notify") and streaming.is_ready("gateway"), 60)
    streaming.publish(happened(mine, 2))
    hear([reader], [(mine, 1), (mine, 2)])
    assert reader.end is None
    reader.break_off()
