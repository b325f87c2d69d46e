"""Posts on grids: given and ended by the office, with the role that goes along, from one day until another."""

from datetime import date
from typing import Any

import pytest

from chassis.caller import Grant
from chassis.errors import Refusal
from chassis.event import Event
from members.organisations.store import UnitStore
from members.people.store import PeopleStore
from members.posts.post import midnight
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.owed import entered
from tests.component.members.small_district import ADMIN, GRID, SELF, MoveIn, refusal, settle
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock

CADRE = {"grid_code": GRID, "person_id": "p-near", "post": "union_cadre", "since": "2026-03-01"}
PARTY = {"id": "p-party", "grants": [{"role": "party_office", "scope": "360704100002"}], "unit": None}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def assign(service: MembersService, by: dict[str, Any] = ADMIN, key: str = "k", **changes: Any) -> dict[str, Any]:
    answer: dict[str, Any] = service.assign_post(caller=by, command_id=key, **(CADRE | changes))
    return answer


def end(service: MembersService, post_id: str, on: str, key: str = "end") -> dict[str, Any]:
    answer: dict[str, Any] = service.end_post(caller=ADMIN, command_id=key, post_id=post_id, on=on)
    return answer


def held(service: MembersService, **filters: Any) -> list[tuple[str, str]]:
    found = service.posts_held(caller=ADMIN, filters=filters)
    return [(each["person_id"], each["post"]) for each in found["items"]]


def roles(people: PeopleStore, id: str = "p-near") -> set[tuple[str, str]]:
    person = people.person(id)
    assert person
    return {(grant.role, grant.scope) for grant in person.grants}


def codes(refused: Refusal) -> set[str]:
    return {fault["code"] for fault in refused.details["errors"]}


def event(type: str, data: dict[str, Any]) -> Event:
    return Event("e-1", type, "/services/members", "x/1", 2, NOW, None, data, b"", "")


def test_a_post_is_held_with_its_role_and_a_repetition_gets_the_same(
    service: MembersService, people: PeopleStore
) -> None:
    first = assign(service)
    assert assign(service) == first
    assert ("union_cadre", GRID) in roles(people)
    assert held(service, area=GRID) == held(service, person_id="p-near") == [("p-near", "union_cadre")]
    assert refusal(assign, service=service, post="grid_worker").code == "command_id_reused"


def test_who_is_given_a_role_with_a_post_or_loses_it_is_in_the_trail(
    service: MembersService, people: PeopleStore
) -> None:
    id = assign(service)["post_id"]
    end(service, id, "2026-03-13")
    rows = entered(service, people.records.outbox)
    assert [(row["act"], row["who"], row["role"], row["what"]["id"], row["details"]) for row in rows] == [
        ("person.corrected", "p-admin", "district_admin", "p-near", {"fields": ["grants", "tenures"]})
    ] * 2


def test_a_post_that_begins_later_gives_its_role_on_that_day(
    service: MembersService, people: PeopleStore, clock: SetClock
) -> None:
    assign(service, since="2026-03-13")
    assert held(service, area=GRID, as_of="2026-03-12") == []
    assert held(service, area=GRID, as_of="2026-03-13") == [("p-near", "union_cadre")]
    people.turn(clock.now())
    assert ("union_cadre", GRID) not in roles(people)
    clock.wait(hours=5)
    people.turn(clock.now())
    assert ("union_cadre", GRID) in roles(people)


def test_a_post_ends_with_its_role_and_is_not_held_on_that_day(service: MembersService, people: PeopleStore) -> None:
    id = assign(service)["post_id"]
    assert end(service, id, "2026-03-10") == end(service, id, "2026-03-10")
    assert held(service, area=GRID, as_of="2026-03-09") == [("p-near", "union_cadre")]
    assert held(service, area=GRID, as_of="2026-03-10") == []
    assert ("union_cadre", GRID) not in roles(people)
    assert refusal(end, service=service, post_id=id, on="2026-03-11", key="again").code == "post_has_ended"
    assert refusal(end, service=service, post_id=id, on="2026-02-01", key="early").code == "post_ends_too_early"
    assert refusal(end, service=service, post_id="nobody", on="2026-03-11", key="who").code == "post_not_found"


def test_the_end_of_a_post_leaves_the_role_of_a_later_one(
    service: MembersService, people: PeopleStore, clock: SetClock
) -> None:
    first = assign(service, until="2026-03-20")["post_id"]
    second = assign(service, key="next", since="2026-03-20", until="2026-04-20")["post_id"]
    assign(service, key="last", since="2026-05-01")
    end(service, first, "2026-03-10")
    end(service, second, "2026-03-20", key="never")
    person = people.person("p-near")
    assert person
    held_then = [(one.since, one.until) for one in person.tenures if one.grant == Grant("union_cadre", GRID)]
    assert held_then == [(midnight(date(2026, 3, 1)), midnight(date(2026, 3, 10))), (midnight(date(2026, 5, 1)), None)]
    assert ("union_cadre", GRID) not in roles(people)
    clock.wait(hours=24 * 60)
    people.turn(clock.now())
    assert ("union_cadre", GRID) in roles(people)


def test_everything_that_is_wrong_with_a_post_is_named_at_once(service: MembersService, people: PeopleStore) -> None:
    wrong = {"grid_code": "360704100002999", "person_id": "p-nobody", "until": "2026-02-01"}
    refused = refusal(assign, service=service, **wrong)
    assert (refused.code, codes(refused)) == ("invalid", {"unknown_grid", "unknown_person", "post_ends_too_early"})
    assert held(service) == []
    service.record_leaving(caller=ADMIN, command_id="leave", person_id="p-near")
    assert refusal(assign, service=service).code == "person_left"


def test_nobody_holds_the_same_post_twice_but_may_take_it_up_again(service: MembersService) -> None:
    assign(service, until="2026-03-10")
    assert refusal(assign, service=service, key="again", since="2026-03-09").code == "post_held_already"
    assign(service, key="later", since="2026-03-10")
    assert held(service, area=GRID, as_of="2026-03-10") == [("p-near", "union_cadre")]
    assert refusal(assign, service=service, key="worker", person_id="p-worker", post="community_worker").code == (
        "role_held"
    )


def test_a_grid_that_is_not_in_force_gets_no_post(service: MembersService) -> None:
    assert refusal(assign, service=service, since="2020-01-01").code == "grid_closed"


def test_only_the_office_of_the_place_gives_posts(service: MembersService) -> None:
    assert refusal(assign, service=service, by=SELF).code == "not_permitted"
    elsewhere = {**PARTY, "grants": [{"role": "party_office", "scope": "360704100007"}]}
    assert refusal(assign, service=service, by=elsewhere).code == "not_permitted"
    assert assign(service, by=PARTY)["version"] == 1


def test_whoever_leaves_holds_no_post_any_more(service: MembersService) -> None:
    assign(service)
    assign(service, key="later", since="2026-04-01", post="grid_worker")
    left = event("person.left", {"person_id": "p-survivor", "former_ids": ["p-near"], "tenant": "360704"})
    for _ in range(2):
        service.end_posts_of_leaver(left)
    assert held(service, area=GRID, as_of="2026-03-11") == [("p-near", "union_cadre")]
    assert held(service, area=GRID, as_of="2026-03-12") == held(service, area=GRID, as_of="2026-04-02") == []


def test_a_grid_that_is_closed_has_no_posts_from_that_day_on(service: MembersService, people: PeopleStore) -> None:
    assign(service)
    service.end_posts_of_grid(event("grid.closed", {"grid_code": GRID, "to": None}))
    assert held(service, area=GRID) == [("p-near", "union_cadre")]
    service.end_posts_of_grid(event("grid.closed", {"grid_code": GRID, "to": "2026-03-11T16:00:00Z"}))
    assert held(service, area=GRID, as_of="2026-03-12") == []
    assert ("union_cadre", GRID) not in roles(people)


def test_a_list_is_bound_to_the_scope_and_goes_on_page_by_page(service: MembersService) -> None:
    assign(service)
    assign(service, key="other", person_id="p-far", grid_code="360704100009002")
    first = service.posts_held(caller=ADMIN, limit=1)
    second = service.posts_held(caller=ADMIN, limit=1, after=first["next"])
    assert [each["person_id"] for each in first["items"] + second["items"]] == ["p-near", "p-far"]
    assert second["next"] is None
    assert [each["person_id"] for each in service.posts_held(caller=PARTY)["items"]] == ["p-near"]
    assert first["items"][0]["name_masked"] == "李师傅"
    assert refusal(service.posts_held, caller=PARTY, filters={"area": "360704100009"}).code == "out_of_scope"
    assert [each["post"] for each in service.posts_held(caller=SELF, filters={"person_id": "p-near"})["items"]] == [
        "union_cadre"
    ]
    assert refusal(service.posts_held, caller=SELF, filters={"person_id": "p-far"}).code == "not_permitted"


def test_a_post_stands_in_the_own_copy(service: MembersService) -> None:
    assign(service)
    [held] = service.own_data(caller=SELF)["posts"]
    assert (held["post"], held["grid_code"], held["until"]) == ("union_cadre", GRID, None)


def test_who_holds_posts_on_a_day_is_told_page_by_page_each_once_with_all_their_grids(service: MembersService) -> None:
    other = f"{GRID[:-3]}002"
    assign(service, key="a")
    assign(service, key="b", post="union_leader", until="2026-04-01")
    assign(service, key="c", grid_code=other, since="2026-03-10")
    assign(service, key="d", person_id="p-far", since="2026-03-20")

    def holders(on: str, limit: int = 1) -> list[tuple[str, list[str]]]:
        pages, after = [], ""
        while after is not None:
            page = service.post_holders(on=on, after=after, limit=limit)
            pages += [(each["person_id"], each["grids"]) for each in page["items"]]
            after = page["next"]
        return pages

    assert holders("2026-02-28") == []
    assert holders("2026-03-09") == [("p-near", [GRID])]
    assert holders("2026-03-20") == [("p-far", [GRID]), ("p-near", [GRID, other])] == holders("2026-03-20", 50)
    assert refusal(service.post_holders, on="2026-03-20", limit=101).code == "invalid"


def test_of_who_holds_posts_it_is_told_of_which_unit_they_are(service: MembersService) -> None:
    assign(service)
    [told] = service.post_holders(on="2026-03-09", limit=1)["items"]
    assert told == {"person_id": "p-near", "unit_id": "u-school", "grids": [GRID]}
