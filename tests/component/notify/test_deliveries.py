"""Lanes: a case's events go one after the other, and nothing gets stuck or lost on the way."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from types import SimpleNamespace
from typing import Any

from pymongo.database import Database

from notify.events.schemas import logged_event
from notify.partners.delivery import Claim, End, Lane, State, delivery_id
from notify.partners.owing import Owed
from notify.real_time import real_now
from notify.webhooks.attempt import Try
from tests.component.notify.samples import event
from tests.component.notify.stores import NotifyStores

NOW = real_now()
UNTIL = NOW + timedelta(seconds=90)


def owe(store: NotifyStores, position: int, case: str = "c1", subscription: str = "s1") -> None:
    store.deliveries.add([Owed(subscription, position, logged_event(event("case.noted", case=case)))], NOW)


def claim(store: NotifyStores, token: str = "t", now: datetime = NOW, **room: int) -> list[Lane]:
    return store.deliveries.claim(room or {"s1": 9}, Claim(token, now + timedelta(seconds=90)), now, 50)


def owe_at_once(store: NotifyStores, *positions: int, case: str = "c1", subscription: str = "s1") -> list[Lane]:
    owed = [Owed(subscription, n, logged_event(event("case.noted", case=case))) for n in positions]
    return store.deliveries.add(owed, NOW, Claim("mine", UNTIL, frozenset(each.id for each in owed)))


def skipped(database: Database[dict[str, Any]]) -> int:
    """Entries of indexes that were gone already when the server walked over them, so far."""
    cursor = database.client.admin.command("serverStatus")["wiredTiger"]["cursor"]
    return sum(int(cursor[f"Total number of entries skipped by cursor {way} calls"]) for way in ("next", "prev"))


def done(at: datetime = NOW) -> Try:
    return Try(at, 200, None, "")


def states(store: NotifyStores, subscription: str = "s1") -> dict[int, State]:
    return {each.position: each.state for each in store.deliveries.page(subscription, None, 99)}


def test_the_second_event_of_a_case_waits_for_the_first(store: NotifyStores) -> None:
    owe(store, 1)
    owe(store, 2)
    owe(store, 3, case="c2")
    lanes = claim(store)
    assert sorted(lane.queue[0] for lane in lanes) == [1, 3]
    assert claim(store) == []
    first = next(lane for lane in lanes if lane.case_id == "c1")
    store.deliveries.finish([End(first, State.DELIVERED, done())], NOW)
    assert [lane.queue for lane in claim(store)] == [(2,)]


def test_an_event_that_is_asked_for_again_while_its_delivery_is_noted_goes_again(
    store: NotifyStores, database: Database[dict[str, Any]]
) -> None:
    owe(store, 1)
    [lane] = claim(store)
    database["deliveries"].update_one({"_id": lane.head}, {"$set": {"state": State.DELIVERED}})
    assert store.deliveries.replay("s1", lane.head, NOW)
    store.deliveries.advance([lane], NOW)
    assert states(store) == {1: State.PENDING}
    assert [lane.queue for lane in claim(store)] == [(1,)]


def test_what_is_asked_for_again_leaves_the_pause_of_the_event_before_it(store: NotifyStores) -> None:
    owe(store, 1)
    owe(store, 2)
    [lane] = claim(store)
    store.deliveries.retry(lane, Try(NOW, 500, None, "no"), NOW + timedelta(minutes=5))
    assert store.deliveries.replay("s1", delivery_id("s1", 2), NOW)
    assert claim(store) == []


def test_events_that_are_owed_together_line_up_by_position(store: NotifyStores) -> None:
    owe(store, 2)
    about = logged_event(event("case.noted", case="c1"))
    store.deliveries.add([Owed("s1", position, about) for position in (4, 2, 3)], NOW)
    [lane] = claim(store)
    assert lane.queue == (2, 3, 4)
    assert states(store) == dict.fromkeys((2, 3, 4), State.PENDING)


def test_a_failed_event_holds_back_its_case_and_no_other(store: NotifyStores) -> None:
    owe(store, 1)
    owe(store, 2)
    [lane] = claim(store)
    due = NOW + timedelta(minutes=5)
    store.deliveries.retry(lane, Try(NOW, 500, None, "no"), due)
    owe(store, 3, case="c2")
    assert [lane.queue for lane in claim(store)] == [(3,)]
    again = next(lane for lane in claim(store, now=due) if lane.case_id == "c1")
    assert (again.queue, again.tries) == ((1, 2), 1)


def test_after_a_parked_event_its_successor_goes(store: NotifyStores) -> None:
    owe(store, 1)
    owe(store, 2)
    [lane] = claim(store)
    store.deliveries.finish([End(lane, State.PARKED, Try(NOW, 500, None, ""))], NOW)
    [lane] = claim(store)
    assert (lane.queue, lane.tries) == ((2,), 0)
    assert states(store) == {1: State.PARKED, 2: State.PENDING}


def test_owing_the_same_event_again_changes_nothing(store: NotifyStores) -> None:
    owe(store, 1)
    owe(store, 1)
    [lane] = claim(store)
    assert lane.queue == (1,)
    owe(store, 1)
    store.deliveries.finish([End(lane, State.DELIVERED, done())], NOW)
    owe(store, 1)
    assert claim(store) == []
    assert states(store) == {1: State.DELIVERED}


def test_an_event_whose_row_was_written_before_a_crash_still_gets_into_its_lane(
    store: NotifyStores, database: Database[dict[str, Any]]
) -> None:
    owe(store, 1)
    database["lanes"].delete_many({})
    owe(store, 1)
    assert [lane.queue for lane in claim(store)] == [(1,)]


def test_a_lane_whose_carrier_was_killed_is_claimed_again(store: NotifyStores) -> None:
    owe(store, 1)
    assert len(claim(store, "killed")) == 1
    [lane] = claim(store, "next", NOW + timedelta(seconds=91))
    assert lane.claim == "next"


def test_who_has_lost_a_lane_cannot_settle_it(store: NotifyStores) -> None:
    owe(store, 1)
    owe(store, 2)
    [slow] = claim(store, "slow")
    late = NOW + timedelta(seconds=91)
    [quick] = claim(store, "quick", late)
    store.deliveries.finish([End(quick, State.DELIVERED, done(late))], late)
    store.deliveries.retry(slow, Try(late, None, "timeout", ""), late + timedelta(hours=1))
    assert states(store)[1] is State.DELIVERED
    first = store.deliveries.page("s1", 2, 1)[0]
    assert (first.due_at, first.last) == (None, done(late))
    [lane] = claim(store, "quick", late)
    assert (lane.queue, lane.tries) == ((2,), 0)
    store.deliveries.finish([End(slow, State.DELIVERED, done(late))], late)
    assert claim(store, "third", late) == []


def test_a_head_that_was_delivered_before_a_crash_is_not_owed_any_more(
    store: NotifyStores, database: Database[dict[str, Any]]
) -> None:
    owe(store, 1)
    [lane] = claim(store)
    database["deliveries"].update_one({"_id": lane.head}, {"$set": {"state": "delivered"}})
    assert store.deliveries.owed([lane]) == set()
    store.deliveries.advance([lane], NOW)
    assert database["lanes"].count_documents({"queue": {"$exists": True}}) == 0


def test_a_partner_has_no_more_lanes_than_its_room(store: NotifyStores) -> None:
    for number in range(1, 9):
        owe(store, number, case=f"c{number}")
        owe(store, number, case=f"c{number}", subscription="s2")
    lanes = claim(store, s1=2, s2=5)
    assert sorted(lane.subscription_id for lane in lanes) == ["s1"] * 2 + ["s2"] * 5


def test_two_couriers_never_hold_the_same_lane(store: NotifyStores) -> None:
    for number in range(1, 41):
        owe(store, number, case=f"c{number}")
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda n: claim(store, f"t{n}", s1=20), range(4)))
    held = [lane.id for lanes in found for lane in lanes]
    assert len(held) == len(set(held))


def test_who_looked_before_another_claimed_gets_nothing(store: NotifyStores) -> None:
    owe(store, 1)
    claims, faster = store.deliveries._claims, []

    def update_many(*asked: Any) -> Any:
        store.deliveries._claims = claims
        faster.extend(claim(store, "faster"))
        return claims.update_many(*asked)

    store.deliveries._claims = SimpleNamespace(update_many=update_many)  # type: ignore[assignment]
    assert claim(store, "slower") == []
    assert [lane.queue for lane in faster] == [(1,)]


def test_a_replayed_event_takes_its_old_place_in_the_case(store: NotifyStores) -> None:
    owe(store, 1)
    [lane] = claim(store)
    store.deliveries.finish([End(lane, State.PARKED, Try(NOW, 500, None, ""))], NOW)
    owe(store, 2)
    replayed = store.deliveries.replay("s1", "s1:1", NOW)
    assert replayed is not None
    assert replayed.state is State.PENDING
    [lane] = claim(store)
    assert lane.queue == (1, 2)
    assert store.deliveries.replay("s2", "s1:1", NOW) is None


def test_a_removed_subscription_is_owed_nothing(store: NotifyStores) -> None:
    owe(store, 1)
    owe(store, 2)
    [lane] = claim(store)
    store.deliveries.finish([End(lane, State.DELIVERED, done())], NOW)
    store.deliveries.drop("s1")
    assert claim(store) == []
    assert states(store) == {1: State.DELIVERED, 2: State.CANCELLED}
    assert store.deliveries.replay("s1", "s1:2", NOW) is None


def test_the_delivery_log_is_paged_from_the_newest(store: NotifyStores) -> None:
    for number in range(1, 6):
        owe(store, number)
    assert [each.position for each in store.deliveries.page("s1", None, 2)] == [5, 4]
    assert [each.position for each in store.deliveries.page("s1", 4, 9)] == [3, 2, 1]
    assert store.deliveries.purge(NOW + timedelta(days=1)) == 5


def test_two_events_that_make_a_lane_at_once_are_both_in_it(store: NotifyStores) -> None:
    cases = [f"c{n}" for n in range(150)]
    with ThreadPoolExecutor(2) as pool:
        for case in cases:
            together = Barrier(2)

            def owe_together(position: int, case: str = case, together: Barrier = together) -> None:
                together.wait(10)
                owe(store, position, case)

            list(pool.map(owe_together, (2 * int(case[1:]) + 1, 2 * int(case[1:]) + 2)))
    lanes = [lane for _ in range(3) for lane in claim(store, s1=99)]
    assert {lane.case_id: len(lane.queue) for lane in lanes} == dict.fromkeys(cases, 2)


def test_who_makes_a_lane_holds_it_until_the_lease_ends(store: NotifyStores) -> None:
    [lane] = owe_at_once(store, 1)
    assert (lane.queue, lane.tries) == ((1,), 0)
    assert claim(store) == []
    [late] = claim(store, "next", UNTIL)
    assert late == Lane(lane.id, "s1", "c1", (1,), 0, "next")


def test_of_several_events_of_a_case_the_oldest_goes_at_once(store: NotifyStores) -> None:
    [lane] = owe_at_once(store, 2, 3)
    assert lane.head == delivery_id("s1", 2)
    assert owe_at_once(store, 4) == []
    assert store.deliveries.finish([End(lane, State.DELIVERED, done())], NOW)
    assert [lane.queue for lane in claim(store)] == [(3, 4)]


def test_an_event_that_was_owed_before_does_not_go_at_once(
    store: NotifyStores, database: Database[dict[str, Any]]
) -> None:
    owe(store, 1)
    database["lanes"].delete_many({})
    assert owe_at_once(store, 1) == []
    assert [lane.queue for lane in claim(store)] == [(1,)]


def test_several_deliveries_end_together_and_only_those_with_successors_are_due(store: NotifyStores) -> None:
    lanes = [lane for n in (1, 2, 3) for lane in owe_at_once(store, n, case=f"c{n}")]
    owe(store, 4, case="c2")
    assert store.deliveries.finish([End(lane, State.DELIVERED, done()) for lane in lanes], NOW)
    assert states(store) == dict.fromkeys((1, 2, 3), State.DELIVERED) | {4: State.PENDING}
    [lane] = claim(store)
    assert lane.queue == (4,)
    assert not store.deliveries.finish([End(lane, State.DELIVERED, done())], NOW)


def test_looking_for_what_is_due_does_not_walk_over_what_others_have_had(
    store: NotifyStores, database: Database[dict[str, Any]]
) -> None:
    subscriptions, events = [f"s{n}" for n in range(30)], range(20)
    about = [logged_event(event("case.noted", case=f"c{n}")) for n in events]
    owed = [Owed(id, n, about[n]) for n in events for id in subscriptions]
    lanes = store.deliveries.add(owed, NOW, Claim("mine", UNTIL, frozenset(each.id for each in owed)))
    assert len(lanes) == len(owed)
    store.deliveries.finish([End(lane, State.DELIVERED, done()) for lane in lanes], NOW)
    before = skipped(database)
    room = dict.fromkeys(subscriptions, 9)
    assert store.deliveries.claim(room, Claim("next", UNTIL + timedelta(1)), UNTIL, 99) == []
    assert skipped(database) - before < 3 * len(owed)
