"""The force of an area: everybody once and by capacity, identities only as far as their persons agree."""

from dataclasses import replace
from typing import Any

import pytest
from pymongo.database import Database

from chassis.caller import Grant
from members.organisations.store import UnitStore
from members.people.person import Person, Tag
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import GRID, MoveIn, refusal, settle
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock

PARTY = {"id": "p-party", "grants": [{"role": "party_office", "scope": "360704"}], "unit": None}
PROVINCE = {"id": "p-province", "grants": [{"role": "auditor", "scope": "36"}], "unit": None}
RIDERS, AGREED = 46, 38


def rider(number: int, tenant: str = "360704") -> Person:
    tags = (Tag("rider_party_member", NOW, "2026-01"),) if number < AGREED else ()
    return Person(f"p-{tenant}-{number:02}", tenant, f"郭测{number:03}", (Grant("rider", tenant),), tags=tags)


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    move_in([(rider(number), None) for number in range(RIDERS)])


def acting(person_id: str) -> dict[str, Any]:
    return {"id": person_id, "grants": [{"role": "rider", "scope": "360704"}], "unit": None}


def shown(service: MembersService) -> tuple[int, int]:
    """How many show it, counted one by one and in the sums."""
    lines = service.people_list(caller=PARTY, filters={"tag": "rider_party_member"}, limit=100)["items"]
    count = service.force(caller=PARTY, area="360704")["tags"]["rider_party_member"]
    return len(lines), count


def test_who_withdraws_is_shown_nowhere_from_then_on(
    service: MembersService, database: Database[dict[str, Any]], clock: SetClock
) -> None:
    """F17: 46 rider Party members of whom 38 opted in; one withdraws, 37 are shown at once, the log keeps both acts."""
    assert service.force(caller=PARTY, area="360704")["roles"]["rider"] == RIDERS
    assert shown(service) == (38, 38)
    one = acting("p-360704-07")
    clock.wait(hours=1)
    receipt = service.hide_identity(caller=one, command_id="k", kind="rider_party_member")
    assert service.hide_identity(caller=one, command_id="k", kind="rider_party_member") == receipt
    assert shown(service) == (37, 37)
    assert service.person(caller=PARTY, person_id="p-360704-07")["tags"] == []
    [act] = service.identities(caller=one)["items"]
    assert (act["consented_at"], act["revoked_at"]) == ("2026-03-12T11:46:00Z", "2026-03-12T12:46:00Z")
    service.show_identity(caller=one, command_id="l", kind="rider_party_member", text_version="2026-01")
    assert shown(service) == (38, 38)
    kept = database["people"].find_one({"_id": "p-360704-07"})
    assert kept is not None
    assert [entry["type"] for entry in kept["history"]][1:] == ["person.tags_changed"] * 2
    assert "rider_party_member" not in str(kept["history"])


def test_no_event_tells_of_an_identity_so_nobody_else_can_keep_it(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    service.hide_identity(caller=acting("p-360704-07"), command_id="k", kind="rider_party_member")
    kept = database["people"].find_one({"_id": "p-360704-07"})
    assert kept is not None
    assert not kept["unrelayed"]
    asked = {"ids": ["p-360704-08"], "tenant": "360704"}
    told = [service.names(**asked), service.contacts(**asked), service.assignees(**asked)]
    assert "rider_party_member" not in str(told)


def test_nobody_shows_or_hides_the_identity_of_another(service: MembersService) -> None:
    before = service.person(caller=PARTY, person_id="p-360704-40")["tags"]
    service.show_identity(
        caller={**PARTY, "id": "p-admin"}, command_id="k", kind="party_member", text_version="2026-01"
    )
    assert service.person(caller=PARTY, person_id="p-360704-40")["tags"] == before
    twice = acting("p-360704-01")
    again = {"caller": twice, "command_id": "k", "kind": "rider_party_member", "text_version": "2026-01"}
    assert refusal(service.show_identity, **again).code == "identity_shown"
    assert refusal(service.hide_identity, caller=twice, command_id="l", kind="veteran").code == "identity_not_shown"


def test_only_a_rider_shows_that_a_rider_is_a_party_member(service: MembersService) -> None:
    near = {"id": "p-near", "grants": [{"role": "rider", "scope": "360704"}], "unit": None}
    show: dict[str, Any] = {"caller": near, "kind": "rider_party_member", "text_version": "2026-01"}
    assert refusal(service.show_identity, command_id="k", **show).code == "identity_of_another_role"
    service.grant_role(caller=PARTY, command_id="g", person_id="p-near", role="rider", scope="360704")
    assert service.show_identity(command_id="l", **show)["person_id"] == "p-near"


def test_whoever_is_three_things_counts_once_and_in_each(
    service: MembersService, move_in: MoveIn, clock: SetClock
) -> None:
    """F35: a person is member, volunteer and veteran; distinct people and counts by tag are both told, labelled."""
    before = service.force(caller=PARTY, area="360704")
    grants = (Grant("in_service_member", "360704"), Grant("volunteer", "360704"))
    three = Person("p-three", "360704", "温测090", grants, tags=(Tag("veteran", NOW, "2026-01"),))
    move_in([(three, None)])
    after = service.force(caller=PARTY, area="360704")
    assert after["distinct"] == before["distinct"] + 1
    assert {role: after["roles"][role] - before["roles"][role] for role in ("in_service_member", "volunteer")} == {
        "in_service_member": 1,
        "volunteer": 1,
    }
    assert after["tags"]["veteran"] is None
    assert {"first": "in_service_member", "second": "volunteer", "people": 1} in after["pairs"]
    assert "veteran" not in str(after["pairs"]), "that there is a pair would tell that there is somebody"
    assert after["units"] == {"LIGHTING_OFFICE": 1, "PROPERTY": 1, "REPORTING_UNIT": 1}
    move_in([(replace(three, id=f"p-{n}"), None) for n in range(10)])
    counted = service.force(caller=PARTY, area="360704")
    assert counted["tags"]["veteran"] == 13
    assert "veteran" not in str(counted["pairs"]), "it would tell of all volunteers, and of all veterans but two"
    others = [replace(three, id=f"p-v-{n}", grants=(Grant("rider", "360704"),)) for n in range(8)]
    others += [replace(three, id=f"p-w-{n}", tags=()) for n in range(10)]
    move_in([(each, None) for each in others])
    counted = service.force(caller=PARTY, area="360704")
    assert {"first": "veteran", "second": "volunteer", "people": 11} in counted["pairs"]


def test_the_sums_of_an_earlier_day_are_those_of_then(service: MembersService, clock: SetClock) -> None:
    role = {"role": "volunteer", "scope": "360704100002"}
    clock.wait(days=2)
    service.grant_role(caller=PARTY, command_id="k", person_id="p-near", **role)
    service.record_leaving(caller=PARTY, command_id="l", person_id="p-360704-00")
    then = service.force(caller=PARTY, area=GRID, as_of="2026-03-13")
    now = service.force(caller=PARTY, area=GRID)
    assert (then["roles"]["volunteer"], now["roles"]["volunteer"]) == (0, 1)
    earlier = service.force(caller=PARTY, area="360704", as_of="2026-03-13")
    assert earlier["roles"]["rider"] == RIDERS
    assert earlier["tags"]["rider_party_member"] == AGREED - 1
    assert service.force(caller=PARTY, area="360704")["roles"]["rider"] == RIDERS - 1


def test_a_role_that_begins_at_midnight_is_none_of_the_day_before(service: MembersService, clock: SetClock) -> None:
    first = {"role": "volunteer", "scope": GRID, "since": "2026-03-13T00:00:00+08:00"}
    until = "2026-03-14T00:00:00+08:00"
    service.grant_role(caller=PARTY, command_id="k", person_id="p-near", **first, until=until)
    clock.wait(days=5)
    days = ("2026-03-12", "2026-03-13", "2026-03-14")
    assert [service.force(caller=PARTY, area=GRID, as_of=day)["roles"]["volunteer"] for day in days] == [0, 1, 0]


def test_a_day_long_ago_has_nobody_and_one_to_come_is_as_of_now(service: MembersService) -> None:
    assert service.force(caller=PARTY, area="360704", as_of="1990-01-01")["distinct"] == 0
    now = service.force(caller=PARTY, area="360704")
    assert service.force(caller=PARTY, area="360704", as_of="2099-12-31") == now


def test_a_province_reads_sums_of_its_districts_and_nobody(service: MembersService, move_in: MoveIn) -> None:
    """F57: two districts; the province opens the board and sees sums only, no personal data across districts."""
    move_in([(rider(number, "360703"), None) for number in range(12)])
    board = service.force(caller=PROVINCE, area="36")
    assert [(each["area"], each["roles"]["rider"]) for each in board["districts"]] == [("360703", 12), ("360704", 46)]
    assert (board["roles"]["rider"], board["tags"]["rider_party_member"]) == (58, 50)
    tags = [each["tags"]["rider_party_member"] for each in board["districts"]]
    assert tags == [None, None], "all riders of one show it, and who knows the other would know that"
    assert "郭测" not in str(board)
    assert "p-36" not in str(board)
    for call in (service.people_list, service.person, service.reveal_phone):
        extra = {} if call == service.people_list else {"person_id": "p-360703-01"}
        extra |= {"command_id": "k", "reason": "核对"} if call == service.reveal_phone else {}
        assert refusal(call, caller=PROVINCE, **extra).code in {"not_permitted", "person_not_found"}
    assert refusal(service.force, caller=PARTY, area="36").code == "not_permitted"
    assert refusal(service.force, caller=PARTY, area="360703").code == "not_permitted"


def test_nobody_subtracts_what_is_told_of_the_neighbours(service: MembersService, move_in: MoveIn) -> None:
    """The same caller reads both sides of every difference: a community, its grids, and who lies in none of them."""
    community, grids = "360704100007", ("360704100007001", "360704100007002", "360704100007003")
    scopes = {grids[0]: 30, grids[1]: 14, grids[2]: 4, community: 3}
    move_in([(of_force(scope, n, "veteran"), None) for scope, number in scopes.items() for n in range(number)])
    move_in([(of_force(scope, n + 100), None) for scope in scopes for n in range(15)])

    def veterans(who: dict[str, Any], *areas: str) -> list[int | None]:
        return [service.force(caller=who, area=area)["tags"]["veteran"] for area in areas]

    at_community, at_grid = (
        {**PARTY, "grants": [{"role": "auditor", "scope": each}]} for each in (community, grids[1])
    )
    assert veterans(at_community, community, *grids) == [51, 30, None, None]
    assert veterans(at_grid, grids[1]) == [14], "who sees nothing beside it has nothing to subtract from"
    move_in([(of_force(grids[2], n + 50, "veteran"), None) for n in range(6)])
    assert veterans(at_community, community, *grids) == [57, 30, 14, None], "three lie in no grid"
    move_in([(of_force(community, n + 50, "veteran"), None) for n in range(7)])
    assert veterans(at_community, community, *grids) == [64, 30, 14, 10]


def test_who_is_known_by_an_identity_alone_is_in_no_sum_that_would_tell_of_it(
    service: MembersService, move_in: MoveIn
) -> None:
    before = service.force(caller=PARTY, area=GRID)["distinct"]
    alone = [
        replace(of_force(GRID, n, "veteran", "party_member"), grants=(Grant("resident", GRID),)) for n in range(12)
    ]
    alone = [replace(each, registered_with="360704100002") for each in alone]
    at_community = {**PARTY, "grants": [{"role": "auditor", "scope": "360704100002"}]}
    asked: dict[str, Any] = {"caller": at_community, "area": "360704100002"}
    settled = service.force(**asked)["distinct"]
    move_in([(each, None) for each in alone[:9]])
    assert service.force(**asked)["distinct"] == settled
    move_in([(each, None) for each in alone[9:]])
    assert service.force(**asked)["distinct"] == settled, "that all but a few are known by nothing else tells of them"
    move_in([(of_force("360704100002", n), None) for n in range(10)])
    assert service.force(**asked)["distinct"] == settled + 10 + 12
    assert service.force(caller=PARTY, area=GRID)["distinct"] == before


def test_whose_roles_nobody_knows_hides_nobody_who_has_one(service: MembersService, move_in: MoveIn) -> None:
    community = "360704100007"
    alone = [replace(of_force(community, n, "party_member"), grants=(), registered_with=community) for n in range(12)]
    veterans = [of_force(community, n + 50, "veteran") for n in range(12)]
    move_in([(each, None) for each in (*alone, *veterans)])
    there = {**PARTY, "grants": [{"role": "auditor", "scope": community}]}
    asked: dict[str, Any] = {"caller": there, "area": community}
    assert service.force(**asked)["tags"]["veteran"] is None, "all volunteers would be veterans"
    move_in([(of_force(community, n + 100), None) for n in range(10)])
    assert service.force(**asked)["tags"]["veteran"] == 12


def test_of_two_scopes_around_an_area_the_wider_one_counts(service: MembersService, move_in: MoveIn) -> None:
    community, grid, neighbour = "360704100007", "360704100007001", "360704100007002"
    move_in([(of_force(grid, n, "veteran"), None) for n in range(12)])
    move_in([(of_force(neighbour, n, "veteran"), None) for n in range(4)])
    move_in([(of_force(grid, n + 50), None) for n in range(12)])
    move_in([(of_force(neighbour, n + 50), None) for n in range(12)])
    for scopes, veterans in (([grid], 12), ([grid, community], None), ([community, grid], None)):
        who = {**PARTY, "grants": [{"role": "auditor", "scope": scope} for scope in scopes]}
        assert service.force(caller=who, area=grid)["tags"]["veteran"] == veterans


def of_force(scope: str, number: int, *kinds: str) -> Person:
    """A volunteer of that area, who shows these identities."""
    tags = tuple(Tag(kind, NOW, "2026-01") for kind in kinds)
    return Person(f"p-{scope}-{number}", "360704", "郭测091", (Grant("volunteer", scope),), tags=tags)
