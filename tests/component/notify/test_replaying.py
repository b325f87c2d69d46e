"""A range of the log sent again: each event once, also what was never owed, and nothing that is not for the partner."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from chassis.event import Event
from notify.events.schemas import logged_event
from notify.partners import feeding
from notify.real_time import real_now
from notify.service import NotifyService
from tests.component.notify.receiver import Receiver
from tests.component.notify.samples import PARTNER, event
from tests.component.notify.stores import NotifyStores
from tests.component.notify.test_courier import Partner

Stored = Database[dict[str, Any]]


@pytest.fixture
def partner(service: NotifyService, receiver: Receiver) -> Partner:
    return Partner(service, receiver).activate()


def happen(service: NotifyService, partner: Partner, number: int, **data: Any) -> list[str]:
    """So many events, each of a case of its own, delivered."""
    some = [event("case.noted", case=f"c-{n}", **data) for n in range(number)]
    service.keep_events(some)
    ids = [each.id for each in some]
    assert partner.deliver_until(lambda: set(ids) <= set(partner.got))
    assert partner.deliver_until(lambda: {each["state"] for each in partner.log} == {"delivered"})
    return ids


def replay(service: NotifyService, partner: Partner, command: str = "r1", **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = service.replay_range(PARTNER, command, partner.id, **asked)
    return found


def refusal(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refusal) as refused:
        call(*args, **kwargs)
    return refused.value.code


def ago(**span: int) -> str:
    return (real_now() - timedelta(**span)).isoformat()


def test_a_range_is_sent_again_once_each(service: NotifyService, partner: Partner) -> None:
    ids = happen(service, partner, 4)
    first = replay(service, partner, since=ago(hours=1))
    assert first == {"subscription_id": partner.id, "replayed": 4, "next": None}
    assert partner.deliver_until(lambda: len(partner.got) == 8)
    assert partner.deliver_until(lambda: {each["state"] for each in partner.log} == {"delivered"})
    assert replay(service, partner, since=ago(hours=1)) == first
    assert not partner.deliver_until(lambda: len(partner.got) > 8, seconds=0.5)
    assert sorted(partner.got) == sorted([*ids, *ids])


def test_it_goes_on_from_its_cursor(service: NotifyService, partner: Partner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeding, "REPLAYED", 2)
    happen(service, partner, 5)
    found = replay(service, partner, since=ago(hours=1))
    numbers = [found["replayed"]]
    while found["next"]:
        found = replay(service, partner, f"r-{found['next']}", after=found["next"])
        numbers.append(found["replayed"])
    assert numbers == [2, 2, 1]
    assert partner.deliver_until(lambda: len(partner.got) == 10)


def test_it_ends_where_it_was_told_to(service: NotifyService, store: NotifyStores, partner: Partner) -> None:
    stored = [(1, "e1"), (2, "e2"), (3, "e3")]
    for days, id in stored:
        store.log.append([logged_event(event("case.noted", id=id))], real_now() - timedelta(days=9 - days))
    found = replay(service, partner, since=ago(days=7, hours=1), until=ago(days=6, hours=1))
    assert (found["replayed"], found["next"]) == (1, None)
    assert partner.deliver_until(lambda: partner.got == ["e2"])


def test_what_was_never_owed_comes_too_and_what_is_not_for_the_partner_never(
    service: NotifyService, receiver: Receiver
) -> None:
    """I9: what happened before the subscription, as far as its filter and scope go."""
    before = event("case.noted")
    about, elsewhere = event("case.noted", complained_unit_id="u-lighting"), event("case.noted", grid_code="360705")
    service.keep_events([before, about, elsewhere, event("case.noted", restricted=True), event("case.rated")])
    partner = Partner(service, receiver, types=["case.noted"]).activate()
    assert replay(service, partner, since=ago(hours=1))["replayed"] == 1
    assert partner.deliver_until(lambda: partner.got == [before.id])
    assert not partner.deliver_until(lambda: len(partner.log) > 1, seconds=0.3)


def test_what_waits_anyway_waits_on_and_comes_once(service: NotifyService, partner: Partner) -> None:
    service.pause_subscription(PARTNER, "c2", partner.id)
    some: list[Event] = [event("case.noted", sequence=n) for n in (1, 2, 3)]
    service.keep_events(some)
    assert replay(service, partner, since=ago(hours=1))["replayed"] == 0
    service.resume_subscription(PARTNER, "c3", partner.id)
    assert partner.deliver_until(lambda: len(partner.got) == 3)
    assert not partner.deliver_until(lambda: len(partner.got) > 3, seconds=0.5)


def test_a_case_is_sent_again_in_order(service: NotifyService, partner: Partner) -> None:
    some = [event("case.noted", sequence=n) for n in range(1, 6)]
    service.keep_events(some)
    assert partner.deliver_until(lambda: len(partner.got) == 5)
    assert partner.deliver_until(lambda: {each["state"] for each in partner.log} == {"delivered"})
    replay(service, partner, since=ago(hours=1))
    assert partner.deliver_until(lambda: len(partner.got) == 10)
    assert partner.got == [each.id for each in some] * 2


def test_a_replay_that_was_broken_off_is_finished_by_repeating_it(
    service: NotifyService, partner: Partner, database: Stored
) -> None:
    happen(service, partner, 3)
    service.pause_subscription(PARTNER, "c2", partner.id)
    replay(service, partner, since=ago(hours=1))
    database["lanes"].delete_many({"queue": {"$exists": True}})  # as if it had died between the rows and the lanes
    assert replay(service, partner, since=ago(hours=1))["replayed"] == 3
    service.resume_subscription(PARTNER, "c3", partner.id)
    assert partner.deliver_until(lambda: len(partner.got) == 6)


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"since": "2026-03-12T00:00:00Z", "after": "x"},
        {"since": "yesterday"},
        {"since": "2026-03-12T00:00:00Z", "until": "2026-03-12T00:00:00Z"},
    ],
)
def test_a_range_that_is_none_is_refused(service: NotifyService, partner: Partner, asked: dict[str, Any]) -> None:
    assert refusal(replay, service, partner, **asked) == "invalid"


def test_a_cursor_from_elsewhere_is_refused(service: NotifyService, partner: Partner) -> None:
    assert refusal(replay, service, partner, after="x") == "invalid_cursor"


def test_what_is_not_listening_gets_no_replay(service: NotifyService, receiver: Receiver) -> None:
    partner = Partner(service, receiver)
    assert refusal(replay, service, partner, since=ago(hours=1)) == "subscription_state"


def test_the_log_of_deliveries_is_searched_by_state(service: NotifyService, partner: Partner, database: Stored) -> None:
    happen(service, partner, 4)
    database["deliveries"].update_one({"position": 2}, {"$set": {"state": "parked"}})

    def positions(**asked: Any) -> list[str]:
        return [each["delivery_id"].rpartition(":")[2] for each in page(**asked)["items"]]

    def page(**asked: Any) -> dict[str, Any]:
        found: dict[str, Any] = service.deliveries(PARTNER, partner.id, **asked)
        return found

    assert positions(state="parked") == ["2"]
    first = page(state="delivered", limit=2)
    assert [each["delivery_id"].rpartition(":")[2] for each in first["items"]] == ["4", "3"]
    assert positions(state="delivered", after=first["next"]) == ["1"]
    assert refusal(page, state="lost") == "invalid"


def test_the_first_line_of_a_time_is_found_among_those_of_the_same_moment(store: NotifyStores) -> None:
    at = datetime.fromisoformat("2026-03-12T00:00:00+00:00")
    store.log.append([logged_event(event("case.noted", id=f"a{n}")) for n in range(3)], at - timedelta(seconds=1))
    store.log.append([logged_event(event("case.noted", id=f"b{n}")) for n in range(3)], at)
    first = store.log.oldest(at)
    assert first
    assert (first.position, first.event.id) == (4, "b0")
