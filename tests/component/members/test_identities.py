"""A special identity ends with what it rests on: the consent, the text agreed to, the role, the person's data (F17)."""

from typing import Any

import pytest
from pymongo.database import Database

from chassis.caller import Grant
from members.organisations.store import UnitStore
from members.people.person import Person, Tag
from members.people.store import PeopleStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import ADMIN, SELF, MoveIn, refusal, settle
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock

PARTY = {"id": "p-party", "grants": [{"role": "party_office", "scope": "360704"}], "unit": None}
RIDER = {"role": "rider", "scope": "360704"}
SHOWN = "rider_party_member"
FEW, ENOUGH = 10, 20
"""So many show it, and so many of the others do not: one less of either and it is not told how many."""


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    grants = (Grant(**RIDER),)
    tags = (Tag(SHOWN, NOW, "2026-01"),)
    riders = [Person(f"p-{n}", "360704", "郭测001", grants, tags=tags if n < FEW else ()) for n in range(ENOUGH)]
    move_in([(each, None) for each in riders])


def rider(number: int) -> dict[str, Any]:
    return {"id": f"p-{number}", "grants": [RIDER], "unit": None}


def lines(service: MembersService, tag: str = SHOWN) -> list[str]:
    """Who shows it, in the list from which spreadsheets are made as well."""
    found = service.people_list(caller=PARTY, filters={"tag": tag}, limit=100)["items"]
    return [each["person_id"] for each in found if tag in each["tags"]]


def counted(service: MembersService, **asked: Any) -> int | None:
    number: int | None = service.force(caller=PARTY, area="360704", **asked)["tags"][SHOWN]
    return number


def test_consent_to_a_new_text_takes_the_place_of_the_one_before(service: MembersService, clock: SetClock) -> None:
    clock.wait(hours=1)
    asked: dict[str, Any] = {"caller": rider(3), "kind": SHOWN, "text_version": "2026-02"}
    receipt = service.show_identity(command_id="k", **asked)
    assert service.show_identity(command_id="k", **asked) == receipt
    assert refusal(service.show_identity, command_id="l", **asked).code == "identity_shown"
    acts = [(each["text_version"], each["revoked_at"]) for each in service.identities(caller=rider(3))["items"]]
    assert acts == [("2026-01", "2026-03-12T12:46:00Z"), ("2026-02", None)]
    assert service.person(caller=PARTY, person_id="p-3")["tags"] == [SHOWN], "once"
    assert counted(service) == FEW
    service.hide_identity(caller=rider(3), command_id="m", kind=SHOWN)
    assert service.person(caller=PARTY, person_id="p-3")["tags"] == []
    older = {**asked, "text_version": "2026-01"}
    assert service.show_identity(command_id="n", **older)["person_id"] == "p-3", "whoever has withdrawn may agree again"


def test_a_riders_identity_ends_with_the_role_of_a_rider(
    service: MembersService, people: PeopleStore, clock: SetClock
) -> None:
    assert (len(lines(service)), counted(service)) == (FEW, FEW)
    service.revoke_role(caller=PARTY, command_id="k", person_id="p-3", **RIDER)
    assert "p-3" not in lines(service)
    service.grant_role(caller=PARTY, command_id="l", person_id="p-3", **RIDER)
    assert "p-3" not in lines(service), "nobody agreed to it again"
    [act] = service.identities(caller=rider(3))["items"]
    assert act["revoked_at"] is not None
    ends = {**RIDER, "until": "2026-03-14T00:00:00+08:00"}
    service.revoke_role(caller=PARTY, command_id="m", person_id="p-4", **ends)
    assert "p-4" in lines(service)
    clock.wait(days=3)
    assert people.turn(clock.now()) == 1
    assert "p-4" not in lines(service)


def test_each_act_keeps_its_time_and_counts_from_then_on(service: MembersService, clock: SetClock) -> None:
    clock.wait(days=2)
    service.show_identity(caller=rider(10), command_id="a", kind=SHOWN, text_version="1")
    assert (counted(service), counted(service, as_of="2026-03-13")) == (FEW + 1, FEW)
    clock.wait(hours=1)
    service.hide_identity(caller=rider(10), command_id="b", kind=SHOWN)
    assert refusal(service.hide_identity, caller=rider(10), command_id="c", kind=SHOWN).code == "identity_not_shown"
    clock.wait(hours=1)
    service.show_identity(caller=rider(10), command_id="d", kind=SHOWN, text_version="1")
    clock.wait(hours=1)
    service.hide_identity(caller=rider(10), command_id="e", kind=SHOWN)
    ends = [each["revoked_at"] for each in service.identities(caller=rider(10))["items"]]
    assert ends == ["2026-03-14T12:46:00Z", "2026-03-14T14:46:00Z"]


def test_who_leaves_shows_no_identity(service: MembersService, database: Database[dict[str, Any]]) -> None:
    service.record_leaving(caller=ADMIN, command_id="k", person_id="p-near")
    kept = database["people"].find_one({"_id": "p-near"})
    assert kept is not None
    assert kept["shown_tags"] == []
    assert len(kept["tags"]) == 2, "both acts stay on record until the data is erased"


def test_another_identity_and_another_riders_role_let_it_stand(service: MembersService, move_in: MoveIn) -> None:
    grants = (Grant(**RIDER), Grant("rider", "360704100002"), Grant("volunteer", "360704"))
    tags = tuple(Tag(kind, NOW, "2026-01") for kind in ("veteran", SHOWN))
    move_in([(Person("p-two", "360704", "郭测002", grants, tags=tags), None)])
    service.revoke_role(caller=PARTY, command_id="k", person_id="p-two", **RIDER)
    assert service.person(caller=PARTY, person_id="p-two")["tags"] == ["veteran", SHOWN]
    service.revoke_role(caller=PARTY, command_id="l", person_id="p-two", role="rider", scope="360704100002")
    assert service.person(caller=PARTY, person_id="p-two")["tags"] == ["veteran"]


def test_of_who_is_deleted_no_identity_is_left_and_none_is_counted_of_earlier_days(
    service: MembersService, people: PeopleStore, database: Database[dict[str, Any]], clock: SetClock
) -> None:
    clock.wait(days=2)
    assert counted(service, as_of="2026-03-12") == FEW
    service.delete_own_data(caller=rider(3), command_id="k")
    service.delete_person(caller=ADMIN, command_id="l", person_id="p-near")
    assert "p-3" not in lines(service)
    assert "p-near" not in lines(service, "veteran")
    assert (counted(service), counted(service, as_of="2026-03-12")) == (None, None)
    for id in ("p-3", "p-near"):
        kept = database["people"].find_one({"_id": id})
        assert kept is not None
        assert (kept["tags"], kept["shown_tags"]) == ([], [])
        assert not {"veteran", "party_member", SHOWN} & set(str(kept).replace("'", " ").split())
    assert people.turn(clock.now()) == 0
    again: dict[str, Any] = {"caller": SELF, "kind": "veteran", "text_version": "1"}
    assert refusal(service.show_identity, command_id="m", **again).code == "person_left", "as long as a token is good"


def test_a_merge_leaves_no_identity_under_the_old_id_and_a_deletion_none_at_all(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    service.show_identity(caller=rider(3), command_id="s", kind="veteran", text_version="1")
    service.hide_identity(caller=rider(3), command_id="h", kind="veteran")
    service.merge_people(caller=PARTY, command_id="k", person_id="p-3", into="p-15")
    assert [each["kind"] for each in service.identities(caller=rider(15))["items"]] == [SHOWN], "what stands"
    found = {each["_id"]: each["shown_tags"] for each in database["people"].find({"_id": {"$in": ["p-3", "p-15"]}})}
    assert found == {"p-3": [], "p-15": [SHOWN]}
    assert counted(service) == FEW
    service.delete_own_data(caller=rider(15), command_id="l")
    assert not {"p-3", "p-15"} & set(lines(service))
    assert counted(service) is None
