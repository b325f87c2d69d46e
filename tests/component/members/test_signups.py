"""F12 and F42: places, tasks and a waiting list that moves up by itself."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.caller import Caller
from chassis.command import Asked
from members.organisations.store import UnitStore
from members.people.person import Person
from members.people.store import PeopleStore
from members.service import MembersService
from members.signups.seating import Seating
from members.signups.signup import signup_id
from members.territory.store import TerritoryStore
from tests.component.members.clean_up import (
    BOARD,
    OFFICE,
    TOMORROW_9,
    WORKER,
    at,
    change,
    codes,
    heard,
    leave,
    populate,
    publish,
    sign_up,
    standing,
    volunteer,
)
from tests.component.members.small_district import ADMIN, SELF, MoveIn, refusal
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    populate(territory, organisations, move_in, 12)


def test_whoever_waits_first_moves_up_when_somebody_cannot_come(service: MembersService) -> None:
    """F12: capacity 30 and 30 signed; rider 31 signs and one cancels; rider 31 moves up."""
    id = publish(service)
    assert [sign_up(service, id, n)["state"] for n in range(4)] == ["in", "in", "waiting", "waiting"]
    own = service.activity(caller=volunteer(3), activity_id=id)["own"]
    assert (own["state"], own["waiting_before"]) == ("waiting", 1)
    leave(service, id, 0)
    assert standing(service, id, range(4)) == [None, "in", "in", "waiting"]
    assert refusal(leave, service=service, activity_id=id, n=0, key="again").code == "signup_not_found"
    assert refusal(leave, service=service, activity_id=id, n=9).code == "signup_not_found"
    assert sign_up(service, id, 0, key="back")["state"] == "waiting"
    assert service.activity(caller=volunteer(0), activity_id=id)["own"]["waiting_before"] == 1


def test_a_repetition_gets_the_same_answer_and_takes_no_second_place(service: MembersService) -> None:
    id = publish(service)
    assert sign_up(service, id, 1) == sign_up(service, id, 1)
    assert refusal(sign_up, service=service, activity_id=id, n=1, key="other").code == "already_signed_up"
    assert service.activity(caller=WORKER, activity_id=id)["signed_up"] == 1
    assert leave(service, id, 1) == leave(service, id, 1)


def test_a_full_task_steers_to_those_that_still_need_people(service: MembersService) -> None:
    """F42: five tasks with head counts and tools; a task is full; the next are steered to short ones."""
    id = publish(service, capacity=12, tasks=BOARD)
    sign_up(service, id, 0, task_id="wipe")
    sign_up(service, id, 1, task_id="litter")
    refused = refusal(sign_up, service=service, activity_id=id, n=2, task_id="wipe")
    assert refused.code == "task_full"
    assert [(task["task_id"], task["needed"]) for task in refused.details["open_tasks"]] == [
        *(("clear", 2), ("scrape", 2), ("sweep", 2)),
        ("litter", 2),
    ]
    assert refused.details["open_tasks"][2]["tools"] == ["扫把", "簸箕"]
    assert standing(service, id, [2]) == [None]
    assert sign_up(service, id, 2, key="next", task_id="sweep")["task_id"] == "sweep"
    assert refusal(sign_up, service=service, activity_id=id, n=3, task_id="fly").code == "unknown_task"


def test_a_task_is_chosen_anew_while_it_needs_somebody(service: MembersService) -> None:
    id = publish(service, capacity=12, tasks=BOARD)
    sign_up(service, id, 0, task_id="wipe")
    sign_up(service, id, 1)

    def choose(n: int, key: str, task_id: str | None) -> Any:
        return service.choose_task(caller=volunteer(n), command_id=key, activity_id=id, task_id=task_id)

    assert refusal(choose, n=1, key="a", task_id="wipe").code == "task_full"
    assert choose(0, "b", "sweep") == choose(0, "b", "sweep")
    assert choose(1, "c", "wipe")["task_id"] == "wipe"
    assert refusal(choose, n=1, key="d", task_id="wipe").code == "nothing_changed"
    assert refusal(choose, n=1, key="e", task_id="fly").code == "unknown_task"
    assert refusal(choose, n=5, key="f", task_id="sweep").code == "signup_not_found"
    assert choose(1, "g", None)["task_id"] is None
    assert service.activity(caller=WORKER, activity_id=id)["open_tasks"][-1]["needed"] == 1


def test_nobody_is_in_two_places_at_a_time(service: MembersService) -> None:
    first = publish(service)
    second = publish(service, key="second", begins=at(hours=1), ends=at(hours=3), sign_up_until=at(hours=3))
    after = publish(service, key="after", begins=at(hours=2), ends=at(hours=3))
    sign_up(service, first, 1)
    refused = refusal(sign_up, service=service, activity_id=second, n=1)
    assert (refused.code, refused.details["activity_id"]) == ("overlaps_own_signup", first)
    assert sign_up(service, after, 1)["state"] == "in"
    leave(service, first, 1)
    assert refusal(sign_up, service=service, activity_id=second, n=1, key="again").code == "overlaps_own_signup"
    leave(service, after, 1)
    assert sign_up(service, second, 1, key="free")["state"] == "in"


def test_the_waiting_list_passes_over_who_is_elsewhere_by_then(service: MembersService) -> None:
    id = publish(service, capacity=1)
    other = publish(service, key="other", begins=at(hours=1), ends=at(hours=3))
    for n in range(3):
        sign_up(service, id, n)
    sign_up(service, other, 1)
    leave(service, id, 0)
    assert standing(service, id, range(3)) == [None, "waiting", "in"]
    leave(service, other, 1)
    leave(service, id, 2)
    assert standing(service, id, range(3)) == [None, "in", None]


@pytest.mark.parametrize("cancelled", [False, True])
def test_whoever_was_passed_over_moves_up_once_they_are_free(service: MembersService, cancelled: bool) -> None:
    id = publish(service, capacity=1)
    other = publish(service, key="other", begins=at(hours=1), ends=at(hours=3))
    for n in range(2):
        sign_up(service, id, n)
    sign_up(service, other, 1)
    leave(service, id, 0)
    assert standing(service, id, range(2)) == [None, "waiting"]
    if cancelled:
        service.cancel_activity(caller=WORKER, command_id="cancel", activity_id=other, reason="暴雨")
        service.settle_signups(heard("activity.cancelled", activity_id=other))
    else:
        leave(service, other, 1)
        service.settle_signups(heard("signup.left", activity_id=other, signup_id=signup_id(other, "p-1")))
    assert standing(service, id, range(2)) == [None, "in"]


def test_it_is_too_late_after_the_deadline_and_after_the_end(service: MembersService, clock: SetClock) -> None:
    id = publish(service, sign_up_until=at(hours=-1))
    walk_in = publish(service, key="walk-in", sign_up_until=at(hours=1))
    sign_up(service, id, 0)
    clock.moment = TOMORROW_9
    assert refusal(sign_up, service=service, activity_id=id, n=1).code == "signup_closed"
    assert sign_up(service, walk_in, 2)["state"] == "in"
    clock.moment = TOMORROW_9.replace(hour=3)
    assert refusal(sign_up, service=service, activity_id=walk_in, n=1).code == "activity_over"
    assert refusal(leave, service=service, activity_id=id, n=0).code == "activity_over"
    assert refusal(sign_up, service=service, activity_id="none", n=1).code == "activity_not_found"


def test_skills_and_age_are_asked_for_and_all_faults_named_at_once(service: MembersService) -> None:
    """Whom an activity asks for more than the fourteen years at which everybody registers says when they were born."""
    skilled = publish(service, skills=["electrician", "first_aid"][:1], youngest=18)
    refused = refusal(sign_up, service=service, activity_id=skilled, n=1, born="2012-01-01", task_id="fly")
    assert codes(refused) == {"lacks_skills", "too_young", "unknown_task"}
    asked: dict[str, Any] = {"caller": SELF, "activity_id": skilled}
    assert refusal(service.sign_up, command_id="a", **asked).code == "age_not_told"
    assert refusal(service.sign_up, command_id="b", born="2030-01-01", **asked).code == "born_in_future"
    assert service.sign_up(command_id="c", born="2008-03-13", **asked)["state"] == "in"
    plain = publish(service, key="plain", begins=at(days=1), ends=at(days=1, hours=1))
    child = refusal(sign_up, service=service, activity_id=plain, n=1, born="2012-03-15")
    assert (child.code, child.details["youngest"]) == ("too_young", 14)
    assert sign_up(service, plain, 1, key="old enough", born="2012-03-14")["state"] == "in"


def test_what_is_called_off_sets_everybody_free(service: MembersService) -> None:
    id, other = publish(service), publish(service, key="other", begins=at(hours=1), ends=at(hours=3))
    for n in range(3):
        sign_up(service, id, n)
    service.cancel_activity(caller=WORKER, command_id="c", activity_id=id, reason="暴雨")
    assert refusal(sign_up, service=service, activity_id=id, n=5).code == "activity_cancelled"
    service.settle_signups(heard("activity.cancelled", activity_id=id))
    assert standing(service, id, range(3)) == [None] * 3
    assert sign_up(service, other, 0)["state"] == "in"
    [line] = service.own_signups(caller=volunteer(1), filters={"state": "left"})["items"]
    assert (line["reason"], line["title"]) == ("activity_cancelled", "扮靓周四：清扫楼道")


def test_an_activity_that_moves_takes_its_people_along_unless_they_are_elsewhere_then(service: MembersService) -> None:
    id = publish(service)
    other = publish(service, key="other", begins=at(hours=3), ends=at(hours=4))
    for n in range(3):
        sign_up(service, id, n)
    sign_up(service, other, 0)
    change(service, id, begins=at(hours=2), ends=at(hours=4))
    assert standing(service, id, range(3)) == [None, "in", "in"]
    [left] = service.own_signups(caller=volunteer(0), filters={"state": "left"})["items"]
    assert left["reason"] == "overlaps"
    [line] = service.own_signups(caller=volunteer(1))["items"]
    assert (line["begins"], line["ends"]) == ("2026-03-13T03:00:00Z", "2026-03-13T05:00:00Z")
    assert refusal(sign_up, service=service, activity_id=other, n=1).code == "overlaps_own_signup"


def test_more_places_let_who_waits_move_up_and_fewer_let_the_last_wait(service: MembersService) -> None:
    id = publish(service, capacity=2)
    for n in range(5):
        sign_up(service, id, n)
    change(service, id, capacity=4)
    assert standing(service, id, range(5)) == ["in"] * 4 + ["waiting"]
    change(service, id, key="fewer", capacity=1)
    assert standing(service, id, range(5)) == ["in"] + ["waiting"] * 4
    leave(service, id, 0)
    assert standing(service, id, range(1, 5)) == ["in"] + ["waiting"] * 3
    change(service, id, key="all", capacity=None)
    assert standing(service, id, range(1, 5)) == ["in"] * 4
    change(service, id, key="some", capacity=3)
    assert standing(service, id, range(1, 5)) == ["in"] * 3 + ["waiting"]
    seats = {kept.item.seat for kept in service.signups.of_activity(id)}
    assert seats == {1, 2, 3, None}


def test_a_task_that_needs_fewer_lets_the_last_of_it_go_and_keeps_their_places(service: MembersService) -> None:
    id = publish(service, capacity=12, tasks=BOARD)
    for n in range(3):
        sign_up(service, id, n, task_id="litter")
    sign_up(service, id, 3, task_id="wipe")
    change(service, id, tasks=[BOARD[0], BOARD[2] | {"heads": 1}])
    found = [service.activity(caller=volunteer(n), activity_id=id)["own"] for n in range(4)]
    assert [own["task_id"] for own in found] == ["litter", None, None, None]
    assert {own["state"] for own in found} == {"in"}
    assert {kept.item.task_seat for kept in service.signups.of_activity(id)} == {1, None}


def test_whoever_leaves_for_good_gives_back_every_place(service: MembersService, people: PeopleStore) -> None:
    id = publish(service, capacity=1)
    for n in range(2):
        sign_up(service, id, n)
    service.release_leaver(heard("person.left", person_id="p-x", former_ids=["p-0"], tenant="360704"))
    service.settle_signups(heard("signup.left", activity_id=id))
    assert standing(service, id, range(2)) == [None, "in"]
    service.release_leaver(heard("person.left", person_id="p-x", former_ids=["p-0"], tenant="360704"))
    assert standing(service, id, range(2)) == [None, "in"]


def test_what_was_signed_up_for_under_a_former_id_is_the_own(service: MembersService) -> None:
    id = publish(service)
    sign_up(service, id, 1)
    merged = volunteer(2, "p-1")
    assert service.activity(caller=merged, activity_id=id)["own"]["state"] == "in"
    assert refusal(service.sign_up, caller=merged, command_id="k", activity_id=id).code == "already_signed_up"
    overlapping = publish(service, key="other", begins=at(hours=1), ends=at(hours=3))
    refused = refusal(service.sign_up, caller=merged, command_id="l", activity_id=overlapping)
    assert refused.code == "overlaps_own_signup"
    assert len(service.own_signups(caller=merged)["items"]) == 1
    service.leave_activity(caller=merged, command_id="m", activity_id=id)
    assert standing(service, id, [1]) == [None]


def test_whoever_turns_out_to_be_one_person_has_one_place_at_a_time(service: MembersService) -> None:
    id = publish(service, capacity=2)
    other = publish(service, key="other", begins=at(hours=1), ends=at(hours=3))
    apart = publish(service, key="apart", begins=at(days=1), ends=at(days=1, hours=1))
    for n in (1, 2, 3):
        sign_up(service, id, n)
    sign_up(service, other, 4)
    sign_up(service, apart, 2)
    service.merge_people(caller=ADMIN, command_id="m", person_id="p-2", into="p-1")
    service.settle_signups(heard("signup.left", activity_id=id))
    assert standing(service, id, (1, 2, 3)) == ["in", None, "in"]
    service.merge_people(caller=ADMIN, command_id="n", person_id="p-4", into="p-3")
    assert standing(service, other, [4]) == [None]
    assert [each["activity_id"] for each in service.own_signups(caller=volunteer(1, "p-2"))["items"]] == [id, apart]
    copy = service.own_data(caller=volunteer(3, "p-4"))["signups"]
    assert [(each["activity_id"], each["reason"]) for each in copy] == [(id, None), (other, "overlaps")]


def test_the_organiser_sees_masked_names_and_a_volunteer_only_the_own(service: MembersService, move_in: MoveIn) -> None:
    id = publish(service, capacity=2)
    for n in range(3):
        sign_up(service, id, n)

    def listed(by: dict[str, Any], **page: Any) -> list[tuple[str, str, str]]:
        found = service.signups_of_activity(caller=by, activity_id=id, **page)["items"]
        return [(each["person_id"], each["name_masked"], each["state"]) for each in found]

    whole = [("p-0", "王**", "in"), ("p-1", "王**", "in"), ("p-2", "王**", "waiting")]
    assert sorted(listed(WORKER)) == sorted(listed(OFFICE)) == sorted(listed(ADMIN)) == whole
    assert listed(WORKER, filters={"state": "waiting"}) == whole[2:]
    cadre = {"id": "p-cadre", "grants": [{"role": "union_cadre", "scope": "360704100002001"}], "unit": None}
    for by in (volunteer(0), SELF, cadre):
        assert refusal(listed, by=by).code == "not_permitted"
    first = service.signups_of_activity(caller=WORKER, activity_id=id, limit=2)
    rest = service.signups_of_activity(caller=WORKER, activity_id=id, limit=2, after=first["next"])
    assert [len(first["items"]), len(rest["items"]), rest["next"]] == [2, 1, None]


def test_a_roster_books_whom_it_names_and_nobody_beyond_the_places(service: MembersService) -> None:
    id = publish(service, capacity=1)
    kept = service.activities_kept.one(id, None)
    seating = Seating(service.signups, service.activities_kept)

    def book(person_id: str, key: str) -> Any:
        return seating.seat(Asked(Caller.load(WORKER), key, "digest", NOW), kept, person_id)

    assert book("p-3", "a") == book("p-3", "a")
    assert refusal(book, person_id="p-4", key="b").code == "no_free_place"
    assert refusal(book, person_id="p-3", key="c").code == "already_signed_up"
    other = service.activities_kept.one(publish(service, key="other", begins=at(hours=1), ends=at(hours=2)), None)
    kept = other
    assert refusal(book, person_id="p-3", key="d").code == "overlaps_own_signup"
    assert [each.item.by_roster for each in service.signups.of_person(["p-3"])] == [True]


def test_somebody_of_another_district_or_who_has_left_does_not_sign_up(
    service: MembersService, move_in: MoveIn
) -> None:
    id = publish(service)
    gone = Person("p-gone", "360704", "王测006", (), active=False)
    move_in([(gone, None), (replace(gone, id="p-away", active=True), None)])
    asked: dict[str, Any] = {"command_id": "k", "activity_id": id}
    left = volunteer(0) | {"id": "p-gone"}
    assert refusal(service.sign_up, caller=left, **asked).code == "not_permitted"
    away = {"id": "p-away", "grants": [{"role": "volunteer", "scope": "360703"}], "unit": None}
    assert refusal(service.sign_up, caller=away, **asked).code == "activity_not_found"
