"""Accounts of partners: one for each, kept with its subscriptions, and due until the broker has been told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chassis.publisher import Outcome, Outgoing
from notify.partner_queues.account import LEASE
from notify.partner_queues.filling import Filler
from notify.partner_queues.management import Management
from notify.partner_queues.provisioning import Provisioning
from notify.partner_queues.queues import PartnerQueues
from notify.partners.post_room import PostRoom
from notify.partners.queue_telling import QueueTelling
from notify.real_time import real_now
from notify.service import NotifyService
from tests.component.notify.samples import PARTNER, MembersStandIn, caller, event
from tests.component.notify.stores import NotifyStores
from tests.waiting import eventually

UNIT = "u-lighting"
NOBODY = "http://admin:admin@127.0.0.1:9"
"""A management API that does not answer."""


@pytest.fixture
def outcomes() -> list[Outcome]:
    """What the broker says to each put: the last of these."""
    return [Outcome.TAKEN]


@pytest.fixture
def meanwhile() -> list[Callable[[], object]]:
    """What happens while something is on its way into a queue, one for each put."""
    return []


@pytest.fixture(autouse=True)
def queues(post_room: PostRoom, outcomes: list[Outcome], meanwhile: list[Callable[[], object]]) -> PartnerQueues:
    def put(_: Outgoing) -> Outcome:
        if meanwhile:
            meanwhile.pop()()
        return outcomes[-1]

    made = PartnerQueues(Provisioning(Management(NOBODY), "guest"), Filler(put), "")
    post_room.queues = made
    return made


@pytest.fixture
def telling(store: NotifyStores, post_room: PostRoom) -> QueueTelling:
    kept = (store.subscriptions, store.accounts, store.deliveries, store.log)
    return QueueTelling(*kept, post_room.sealer, post_room.queues)


def opened(service: NotifyService, command_id: str, by: dict[str, Any] = PARTNER) -> dict[str, Any]:
    made: dict[str, Any] = service.open_subscription(by, command_id, way="amqp", types=["case.*"])
    return made


def test_of_many_at_once_one_is_shown_the_password(service: NotifyService, store: NotifyStores) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda n: opened(service, f"c{n}"), range(8)))
    assert len({each["subscription_id"] for each in made}) == 8
    assert len([each for each in made if each["secret"]]) == 1
    account = store.accounts.load(UNIT)
    assert account
    assert account.revision == 8


def test_each_partner_has_its_own(service: NotifyService, members: MembersStandIn, store: NotifyStores) -> None:
    other = caller("p-other", "unit_contact", "360704100002", unit="u-water")
    members.holding.append(other)
    assert opened(service, "c1")["secret"] != opened(service, "c1", other)["secret"]
    assert store.accounts.load("u-water")


def test_a_broker_that_cannot_be_told_leaves_all_as_it_is(
    service: NotifyService, store: NotifyStores, telling: QueueTelling
) -> None:
    made = opened(service, "c1")
    service.keep_queues()
    assert not telling.settled(UNIT)
    found = service.subscription(PARTNER, made["subscription_id"])
    assert (found["state"], found["amqp"]["queue"]) == ("pending", f"partner.{UNIT}.{made['subscription_id']}")
    assert store.accounts.claim(real_now(), LEASE) is None, "it waits a little"
    assert store.accounts.claim(real_now() + timedelta(minutes=1), LEASE)


def test_one_at_a_time_tells_the_broker(service: NotifyService, store: NotifyStores) -> None:
    opened(service, "c1")
    now = real_now()
    first = store.accounts.claim(now, LEASE)
    assert first
    opened(service, "c2")
    assert store.accounts.claim(now + timedelta(seconds=1), LEASE) is None
    assert store.accounts.claim(now + LEASE + timedelta(seconds=1), LEASE, UNIT), "whoever died holds it no longer"


def test_what_changes_while_the_broker_is_told_is_told_afterwards(service: NotifyService, store: NotifyStores) -> None:
    opened(service, "c1")
    first = store.accounts.claim(real_now(), LEASE)
    assert first
    opened(service, "c2")
    store.accounts.settled(first, real_now())
    assert not store.accounts.is_settled(UNIT)
    again = store.accounts.claim(real_now(), LEASE)
    assert again
    store.accounts.settled(again, real_now())
    assert store.accounts.is_settled(UNIT)


def test_an_account_that_is_wanted_again_does_not_end(service: NotifyService, store: NotifyStores) -> None:
    made = opened(service, "c1")
    service.remove_subscription(PARTNER, "c2", made["subscription_id"])
    last = store.accounts.claim(real_now(), LEASE)
    assert last
    opened(service, "c3")
    store.accounts.ended(last, real_now())
    assert store.accounts.load(UNIT)
    assert store.accounts.claim(real_now(), LEASE)


def test_secrets_of_webhooks_are_not_passwords(service: NotifyService) -> None:
    made = opened(service, "c1")
    with pytest.raises(Exception, match="way_unsuited"):
        service.end_old_secret(PARTNER, "c2", made["subscription_id"])
    with pytest.raises(Exception, match="way_unsuited"):
        service.change_subscription(PARTNER, "c3", made["subscription_id"], url="https://partner.example/hook")


def activated(service: NotifyService, store: NotifyStores) -> str:
    """An active subscription, whose broker has been told by somebody else."""
    made = opened(service, "c1")
    account = store.accounts.claim(real_now(), LEASE)
    assert account
    store.accounts.settled(account, real_now())
    service.test_subscriptions()
    id: str = made["subscription_id"]
    assert eventually(lambda: service.subscription(PARTNER, id)["state"] == "active")
    return id


@pytest.mark.parametrize(
    ("outcome", "state", "error", "failing"),
    [
        (Outcome.TAKEN, "delivered", None, False),
        (Outcome.REFUSED, "pending", "queue_full", True),
        (Outcome.UNKNOWN, "pending", "broker_away", False),
    ],
)
def test_a_broker_that_is_away_is_no_failure_of_the_partner_s(
    service: NotifyService,
    store: NotifyStores,
    outcomes: list[Outcome],
    outcome: Outcome,
    state: str,
    error: str | None,
    failing: bool,
) -> None:
    id = activated(service, store)
    outcomes.append(outcome)
    service.keep_events([event("case.dispatched", respond_due="2026-03-12T12:00:00Z")])

    def row() -> dict[str, Any]:
        [found] = service.deliveries(PARTNER, id)["items"]
        return dict(found)

    assert eventually(lambda: row()["last"])
    assert eventually(lambda: (row()["state"], row()["last"]["error"]) == (state, error))
    assert bool(service.subscription(PARTNER, id)["failing_since"]) is failing


@pytest.mark.parametrize("outcome", [Outcome.TAKEN, Outcome.UNKNOWN])
def test_what_came_into_a_queue_while_it_was_narrowed_is_taken_out_again(
    service: NotifyService,
    store: NotifyStores,
    outcomes: list[Outcome],
    meanwhile: list[Callable[[], object]],
    outcome: Outcome,
) -> None:
    """I9: the queue was emptied before it came in; or nobody saw it there, and it would be missing."""
    id = activated(service, store)
    outcomes.append(outcome)

    def narrowed() -> None:
        service.change_subscription(PARTNER, "c2", id, types=["case.noted"])
        account, found = store.accounts.claim(real_now(), LEASE), store.subscriptions.load(id)
        assert account
        assert found
        store.subscriptions.fit(found)
        store.accounts.settled(account, real_now())

    meanwhile.append(narrowed)
    service.keep_events([event("case.dispatched", respond_due="2026-03-12T12:00:00Z")])
    assert eventually(lambda: service.deliveries(PARTNER, id)["items"][0]["last"])
    [row] = service.deliveries(PARTNER, id)["items"]
    assert (row["state"], row["last"]["error"]) == ("pending", "broker_not_told")
    assert [each.id for each in store.subscriptions.unfit(UNIT)] == [id], "it is emptied once more"
    assert not store.accounts.is_settled(UNIT)


def test_what_came_into_a_queue_while_the_area_grew_has_come(
    service: NotifyService, store: NotifyStores, members: MembersStandIn, meanwhile: list[Callable[[], object]]
) -> None:
    """Nothing was taken out: to put it in again would be to send it twice."""
    id = activated(service, store)
    members.holding = [caller("p-lamp", "unit_contact", "360704", unit=UNIT)]
    meanwhile.append(service.review_subscriptions)
    service.keep_events([event("case.dispatched", respond_due="2026-03-12T12:00:00Z")])
    assert eventually(lambda: service.deliveries(PARTNER, id)["items"][0]["state"] == "delivered")
    assert not meanwhile
    found = store.subscriptions.load(id)
    assert found
    assert (found.scopes, found.unfit) == (("360704",), False)


def test_a_queue_that_is_to_be_emptied_stays_so_whatever_else_is_asked(
    service: NotifyService, store: NotifyStores
) -> None:
    id = activated(service, store)
    service.change_subscription(PARTNER, "c2", id, types=["case.noted"])
    service.change_subscription(PARTNER, "c3", id, types=["case.noted"])
    service.pause_subscription(PARTNER, "c4", id)
    service.resume_subscription(PARTNER, "c5", id)
    assert [each.id for each in store.subscriptions.unfit(UNIT)] == [id]
