"""The relay, with a network in between that loses confirms, and with events that no queue takes."""

from collections.abc import Iterator
from datetime import UTC, datetime

import kombu
import pytest

from chassis.ids import new_id
from chassis.mongo import Home
from chassis.outbox import Entry, Outbox
from tests.chaos.proxy import Proxy, Way
from tests.component.chassis.running import Pair
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def proxy(own_pair: Pair) -> Iterator[Proxy]:
    """Between the giver and the broker."""
    with Proxy(own_pair.broker.port) as proxy:
        own_pair.processes["giver"].stop()
        own_pair.start("giver", AMQP_URI=f"amqp://guest:guest@127.0.0.1:{proxy.port}//")
        yield proxy


def outbox(pair: Pair) -> Outbox:
    return Home(pair.database("giver")).outbox("things", subject="thing", published={"thing.given", "thing.unheard"})


def entry(type: str, id: str) -> Entry:
    return Entry(new_id(), type, datetime.now(UTC), {"id": id, "value": 1}, key="k")


def unrelayed(pair: Pair) -> int:
    return pair.database("giver")["things"].count_documents({"unrelayed": True})


def test_a_publish_that_is_lost_on_its_way_is_sent_again(own_pair: Pair, proxy: Proxy) -> None:
    proxy.way = Way.HOLD
    outbox(own_pair).create({"_id": "lost"}, [entry("thing.given", "lost")])
    assert not eventually(lambda: unrelayed(own_pair) == 0, 5)
    assert unrelayed(own_pair) == 1
    proxy.reset()
    proxy.way = Way.PASS
    assert eventually(lambda: own_pair.heard("lost") == [1], 20)
    assert eventually(lambda: unrelayed(own_pair) == 0)


def test_a_publish_whose_confirm_is_lost_is_heard_once(own_pair: Pair, proxy: Proxy) -> None:
    proxy.cut_before_confirm()
    assert own_pair.call("giver", "give", id="twice", value=1) == "kept"
    assert eventually(lambda: proxy.cuts == 1)
    assert eventually(lambda: unrelayed(own_pair) == 0)
    assert own_pair.heard("twice") == [1]


def test_the_second_event_of_a_document_waits_for_the_first(own_pair: Pair) -> None:
    own_pair.processes["taker"].stop()
    with kombu.Connection(own_pair.broker.uri) as connection:
        channel = connection.default_channel
        channel.queue_delete("taker:giver.all")
        entries = [entry("thing.unheard", "o"), entry("thing.given", "o")]
        outbox(own_pair).create({"_id": "o"}, entries)
        assert eventually(lambda: 'sandan_relay_unroutable{collection="things"} 1.0' in own_pair.metrics("giver"))
        assert channel.queue_declare("taker:thing.given", passive=True).message_count == 0
    own_pair.start("taker")
    in_line = own_pair.database("taker")["lined_up"]
    assert eventually(lambda: in_line.count_documents({"thing": "o"}) == 2)
    assert [row["sequence"] for row in in_line.find({"thing": "o"}).sort("position")] == [1, 2]
