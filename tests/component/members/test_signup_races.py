"""The last place and the last task asked for by a hundred at once: as many winners as places, nobody lost."""

from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chassis.errors import Refusal
from members.organisations.store import UnitStore
from members.service import MembersService
from members.signups.seating import Seating
from members.signups.signup import Signup, State, signup_id
from members.territory.store import TerritoryStore
from tests.component.members.clean_up import BOARD, WORKER, at, heard, populate, publish, volunteer
from tests.component.members.small_district import MoveIn
from tests.component.set_clock import SetClock

CROWD = 100


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    populate(territory, organisations, move_in, CROWD)


def at_once(call: Callable[[int], dict[str, Any]], numbers: Iterable[int]) -> Counter[str]:
    """What becomes of as many who ask at once, by state or code."""

    def outcome(n: int) -> str:
        try:
            return str(call(n)["state"])
        except Refusal as refused:
            return refused.code

    with ThreadPoolExecutor(CROWD) as crowd:
        return Counter(crowd.map(outcome, numbers))


def asking(service: MembersService, id: str, **body: Any) -> Callable[[int], dict[str, Any]]:
    return lambda n: service.sign_up(caller=volunteer(n), command_id=f"{id}{body}", activity_id=id, **body)


def kept(service: MembersService, id: str, state: State) -> list[Signup]:
    return [each.item for each in service.signups.of_activity(id, (state,))]


@pytest.mark.parametrize("capacity", [1, 30])
def test_a_hundred_at_once_get_as_many_places_as_there_are(service: MembersService, capacity: int) -> None:
    """F12: no seat twice, and whoever has none is on the waiting list."""
    id = publish(service, capacity=capacity)
    assert at_once(asking(service, id), range(CROWD)) == {"in": capacity, "waiting": CROWD - capacity}
    inside, queue = kept(service, id, State.IN), kept(service, id, State.WAITING)
    assert sorted(each.seat or 0 for each in inside) == list(range(1, capacity + 1))
    assert {each.person_id for each in (*inside, *queue)} == {f"p-{n}" for n in range(CROWD)}


def test_the_last_of_a_task_asked_for_by_a_hundred_is_given_once(service: MembersService) -> None:
    """F42: whoever comes too late hears which tasks still need people, and takes no place."""
    id = publish(service, capacity=CROWD, tasks=BOARD)
    assert at_once(asking(service, id, task_id="wipe"), range(CROWD)) == {"in": 1, "task_full": CROWD - 1}
    [winner] = kept(service, id, State.IN)
    assert (winner.task_id, winner.task_seat) == ("wipe", 1)
    others = {"in": 3, "already_signed_up": 1, "task_full": CROWD - 4}
    assert at_once(asking(service, id, task_id="litter"), range(CROWD)) == others


def test_many_who_leave_at_once_are_followed_by_as_many_who_waited_first(
    service: MembersService, clock: SetClock
) -> None:
    id = publish(service, capacity=20)
    for n in range(60):
        clock.wait(seconds=1)
        asking(service, id)(n)
    gone = at_once(
        lambda n: service.leave_activity(caller=volunteer(n), command_id="leave", activity_id=id), range(0, 60, 3)
    )
    assert gone == {"left": 20}
    left = [n for n in range(60) if n % 3]
    assert [each.person_id for each in kept(service, id, State.IN)] == [f"p-{n}" for n in left[:20]]
    assert [each.person_id for each in kept(service, id, State.WAITING)] == [f"p-{n}" for n in left[20:]]
    assert sorted(each.seat or 0 for each in kept(service, id, State.IN)) == list(range(1, 21))


def test_who_comes_while_others_leave_and_nobody_waits_for_a_place_that_is_free(service: MembersService) -> None:
    id = publish(service, capacity=20)
    for n in range(20):
        asking(service, id)(n)

    def either(n: int) -> dict[str, Any]:
        if n < 20:
            return service.leave_activity(caller=volunteer(n), command_id="leave", activity_id=id)
        return asking(service, id)(n)

    at_once(either, range(50))
    assert len(kept(service, id, State.IN)) == 20
    assert len(kept(service, id, State.WAITING)) == 10


def test_one_person_asks_for_the_same_hour_in_many_places_at_once(service: MembersService) -> None:
    ids = [publish(service, key=f"p-{n}", begins=at(minutes=5 * n), ends=at(hours=2)) for n in range(8)]
    found = at_once(lambda n: asking(service, ids[n])(7), range(8))
    assert found == {"in": 1, "overlaps_own_signup": 7}


def test_an_activity_that_is_called_off_meanwhile_keeps_nobody(service: MembersService) -> None:
    id = publish(service, capacity=CROWD)

    def either(n: int) -> dict[str, Any]:
        if n == CROWD // 2:
            service.cancel_activity(caller=WORKER, command_id="c", activity_id=id, reason="暴雨")
            service.settle_signups(heard("activity.cancelled", activity_id=id))
            return {"state": "cancelled"}
        return asking(service, id)(n)

    found = at_once(either, range(CROWD))
    assert found.keys() <= {"in", "activity_cancelled", "cancelled"}
    assert kept(service, id, State.IN) == kept(service, id, State.WAITING) == []
    assert {each.reason for each in kept(service, id, State.LEFT)} <= {"activity_cancelled"}
    assert all(each.busy == () for each in kept(service, id, State.LEFT))


@pytest.fixture
def meanwhile(service: MembersService, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Any]], None]:
    """Lets something happen after a sign-up has looked for a place and before it is written."""

    def before_the_next_write(happens: Callable[[], Any]) -> None:
        write = service.signups.enter

        def enter(*arguments: Any) -> Any:
            monkeypatch.setattr(service.signups, "enter", write)
            happens()
            return write(*arguments)

        monkeypatch.setattr(service.signups, "enter", enter)

    return before_the_next_write


def test_whoever_found_no_place_that_is_given_back_in_that_moment_has_it(
    service: MembersService, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    id = publish(service, capacity=1)
    asking(service, id)(0)
    meanwhile(lambda: service.leave_activity(caller=volunteer(0), command_id="leave", activity_id=id))
    assert asking(service, id)(1)["state"] == "waiting"
    assert [each.person_id for each in kept(service, id, State.IN)] == ["p-1"]


def test_whoever_got_a_place_in_what_is_called_off_in_that_moment_has_none(
    service: MembersService, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    id = publish(service, capacity=1)
    meanwhile(lambda: service.cancel_activity(caller=WORKER, command_id="c", activity_id=id, reason="暴雨"))
    asking(service, id)(0)
    [gone] = kept(service, id, State.LEFT)
    assert (gone.reason, gone.busy, kept(service, id, State.IN)) == ("activity_cancelled", (), [])


def test_whoever_got_a_place_of_which_there_are_fewer_in_that_moment_waits(
    service: MembersService, meanwhile: Callable[[Callable[[], Any]], None]
) -> None:
    id = publish(service, capacity=2)
    asking(service, id)(0)
    smaller: dict[str, Any] = {"caller": WORKER, "command_id": "c", "activity_id": id, "capacity": 1}
    meanwhile(lambda: service.change_activity(**smaller))
    asking(service, id)(1)
    assert len(kept(service, id, State.IN)) == len(kept(service, id, State.WAITING)) == 1


def test_what_a_process_that_ended_left_undone_is_done_when_its_event_comes(
    service: MembersService, meanwhile: Callable[[Callable[[], Any]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    id = publish(service, capacity=1)
    asking(service, id)(0)
    meanwhile(lambda: service.leave_activity(caller=volunteer(0), command_id="leave", activity_id=id))
    with monkeypatch.context() as ended:
        ended.setattr(Seating, "settle", lambda *_, **__: None)
        asking(service, id)(1)
    assert kept(service, id, State.IN) == []
    service.settle_signups(heard("signup.waiting", activity_id=id, signup_id=signup_id(id, "p-1")))
    assert [each.person_id for each in kept(service, id, State.IN)] == ["p-1"]


def test_who_comes_while_a_place_is_just_given_back_waits_behind_those_who_wait(
    service: MembersService, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = publish(service, capacity=1)
    for n in range(2):
        asking(service, id)(n)
    clock.wait(seconds=1)
    with monkeypatch.context() as not_yet:
        not_yet.setattr(Seating, "settle", lambda *_, **__: None)
        service.leave_activity(caller=volunteer(0), command_id="leave", activity_id=id)
    assert asking(service, id)(2)["state"] == "waiting"
    assert [each.person_id for each in kept(service, id, State.IN)] == ["p-1"]


@pytest.mark.parametrize(("key", "outcome"), [("same", "in"), ("another", "already_signed_up")])
def test_who_asks_twice_at_once_is_in_nobodys_way(
    service: MembersService, monkeypatch: pytest.MonkeyPatch, key: str, outcome: str
) -> None:
    """The one request is carried out between the looks of the other."""
    id = publish(service, capacity=2)
    look = service.signups.own

    def own(*arguments: Any) -> Any:
        monkeypatch.setattr(service.signups, "own", look)
        found = look(*arguments)
        service.sign_up(caller=volunteer(0), command_id=key, activity_id=id)
        return found

    monkeypatch.setattr(service.signups, "own", own)
    again = service.sign_up
    assert at_once(lambda n: again(caller=volunteer(n), command_id="same", activity_id=id), [0]) == {outcome: 1}
    assert len(kept(service, id, State.IN)) == 1


def test_who_has_left_keeps_no_place_that_came_up_at_that_moment(
    service: MembersService, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = publish(service, capacity=1)
    for n in range(2):
        asking(service, id)(n)
    write = service.signups.change

    def moves_up_before(*arguments: Any) -> None:
        monkeypatch.setattr(service.signups, "change", write)
        service.leave_activity(caller=volunteer(0), command_id="leave", activity_id=id)
        write(*arguments)

    monkeypatch.setattr(service.signups, "change", moves_up_before)
    service.release_leaver(heard("person.left", person_id="p-1", former_ids=[], tenant="360704"))
    assert (kept(service, id, State.IN), kept(service, id, State.WAITING)) == ([], [])


def test_a_sign_up_that_never_saw_the_activity_change_follows_it_when_its_event_comes(
    service: MembersService, meanwhile: Callable[[Callable[[], Any]], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    id = publish(service, capacity=2)
    later = {"begins": at(hours=1), "ends": at(hours=3)}
    meanwhile(lambda: service.change_activity(caller=WORKER, command_id="later", activity_id=id, **later))
    with monkeypatch.context() as ended:
        ended.setattr(Seating, "settle", lambda *_, **__: None)
        asking(service, id)(0)
    service.settle_signups(heard("signup.signed_up", activity_id=id, signup_id=signup_id(id, "p-0")))
    [inside] = kept(service, id, State.IN)
    assert inside.begins.isoformat() == later["begins"]


def test_who_leaves_has_no_more_read_than_who_has_places_and_who_moves_up(
    service: MembersService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many wait, and again when the event comes."""
    id = publish(service, capacity=2)
    for n in range(60):
        asking(service, id)(n)
    records, read = service.signups.records, list[int]()
    find = records.find

    def counted(*args: Any, **options: Any) -> Any:
        found = find(*args, **options)
        read.append(len(found))
        return found

    monkeypatch.setattr(records, "find", counted)
    first = kept(service, id, State.IN)[0]
    number = int(first.person_id.removeprefix("p-"))
    service.leave_activity(caller=volunteer(number), command_id="leave", activity_id=id)
    service.settle_signups(heard("signup.left", activity_id=id, signup_id=first.id))
    assert sum(read) < 12
    monkeypatch.undo()
    assert len(kept(service, id, State.IN)) == 2
    assert len(kept(service, id, State.WAITING)) == 57
