"""notify without a management API, or with one that is away: queues are not offered, or come once it answers."""

from pathlib import Path

import pytest

from dev.ports import free_port
from dev.servers import Broker, Mongod
from tests.chaos.proxy import Proxy
from tests.component.notify.running import Running
from tests.component.notify.test_queued import ask, opened, partner_users, reader, seen
from tests.waiting import eventually

pytestmark = pytest.mark.timeout(180)


def test_a_subscription_waits_until_the_broker_can_be_told(
    managed_broker: Broker, mongod: Mongod, tmp_path: Path
) -> None:
    assert managed_broker.management_port
    nowhere = f"http://guest:guest@127.0.0.1:{free_port()}"
    with Running(managed_broker, mongod, tmp_path, **managed_broker.settings | {"MANAGEMENT_URL": nowhere}) as running:
        running.module("chassis", "setup", "notify")
        running.start("members", "notify")
        made = opened(running)
        id = made["subscription_id"]
        assert eventually(lambda: (seen(running, id)["last"] or {}).get("error") == "broker_not_told")
        assert seen(running, id)["state"] == "pending"
        running.processes["notify"].stop()
        with Proxy(managed_broker.management_port) as proxy:
            running.start("notify", MANAGEMENT_URL=f"http://guest:guest@127.0.0.1:{proxy.port}")
            reader(running, made).connection.close()
            ask(running, "remove_subscription", id)
            assert eventually(lambda: partner_users(managed_broker) == [])


def test_without_the_management_api_no_queue_is_offered(broker: Broker, mongod: Mongod, tmp_path: Path) -> None:
    with Running(broker, mongod, tmp_path) as running:
        running.module("chassis", "setup", "notify")
        running.start("members", "notify")
        with pytest.raises(Exception, match="way_not_offered"):
            opened(running)
        assert running.database("notify")["subscriptions"].count_documents({}) == 0
