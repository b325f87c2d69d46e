"""Who is proposed for a task, out of a real database, and how cases in hand count."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.event import Event, Malformed
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import GRID, LAMP, SELF, MoveIn, refusal, settle
from tests.component.members.staging import NOW


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)


def ids(found: list[dict[str, Any]]) -> list[str]:
    return [each["person_id"] for each in found]


def changed(database: Database[dict[str, Any]], id: str, **fields: Any) -> None:
    assert database["people"].update_one({"_id": id}, {"$set": fields}).modified_count == 1


def event(sequence: int, status: str, *people: str) -> Event:
    data = {
        "case_id": "k-1",
        "status": status,
        "assignees": [{"id": id, "kind": "person", "lead": True, "accepted": False} for id in people],
        "category": "0101",
    }
    return Event("e-1", "case.dispatched", "/services/cases", "case/k-1", sequence, NOW, None, data, b"", "")


def test_the_near_electrician_is_proposed_first_with_reasons(service: MembersService) -> None:
    best, second = service.candidates(**LAMP)
    assert (best["person_id"], second["person_id"]) == ("p-near", "p-far")
    assert best["kind"] == "in_service_member"
    assert [reason["code"] for reason in best["reasons"]] == [
        "certificate",
        "skill",
        "same_grid",
        "distance",
        "free",
        "idle",
    ]
    assert (best["distance_m"], best["load"], best["busy"]) == (80, 0, False)


def test_without_the_certificate_the_next_one_is_proposed(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    changed(database, "p-near", certificates=[])
    assert ids(service.candidates(**LAMP)) == ["p-far"]


def test_far_from_the_place_the_next_one_is_proposed(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    place = {"type": "Point", "coordinates": [115.0339, 25.8493]}
    home = {"compound_id": "c-8", "grid_code": "360704100009002", "at": place["coordinates"]}
    changed(database, "p-near", home=home, location=place)
    assert ids(service.candidates(**LAMP)) == ["p-far", "p-near"]


def test_without_free_time_the_next_one_is_proposed(service: MembersService) -> None:
    service.change_profile(caller=SELF, command_id="k", free_times=[])
    assert ids(service.candidates(**LAMP)) == ["p-far", "p-near"]


def test_whoever_has_a_case_in_hand_comes_second(service: MembersService) -> None:
    place = LAMP | {"location": None}
    service.note_engagement(event(5, "DISPATCHED", "p-near"))
    found = {each["person_id"]: (each["load"], each["busy"]) for each in service.candidates(**place)}
    assert found == {"p-near": (1, True), "p-far": (0, False)}
    service.note_engagement(event(8, "RESOLVED", "p-near"))
    assert not any(each["busy"] for each in service.candidates(**place))


def test_an_event_that_comes_late_does_not_bring_a_finished_case_back(service: MembersService) -> None:
    service.note_engagement(event(8, "RESOLVED", "p-near"))
    service.note_engagement(event(5, "DISPATCHED", "p-near"))
    assert service.candidates(**LAMP)[0]["load"] == 0


def test_an_event_that_comes_twice_counts_once(service: MembersService) -> None:
    service.note_engagement(event(5, "DISPATCHED", "p-near"))
    service.note_engagement(event(5, "DISPATCHED", "p-near"))
    assert service.candidates(**LAMP)[0]["load"] == 1


def test_excluded_people_are_not_proposed(service: MembersService) -> None:
    assert ids(service.candidates(**LAMP, exclude=["p-near"])) == ["p-far"]


def test_of_an_excluded_unit_nobody_is_proposed(service: MembersService, database: Database[dict[str, Any]]) -> None:
    """A case about a unit never goes to its people (docs/domain.md §5)."""
    changed(database, "p-near", unit_id="u-about")
    assert ids(service.candidates(**LAMP, exclude_units=["u-about"])) == ["p-far"]
    assert ids(service.candidates(**LAMP, limit=1)) == ["p-near"]


def test_without_wanted_skills_everybody_who_serves_is_proposed(service: MembersService) -> None:
    anything = {"grid_code": GRID, "at": LAMP["at"]}
    assert ids(service.candidates(**anything)) == ["p-near", "p-far", "p-other", "p-worker"]


def test_a_task_in_no_known_grid_is_refused(service: MembersService) -> None:
    assert refusal(service.candidates, **LAMP | {"grid_code": "360704100999001"}).code == "unknown_grid"


def test_a_task_needs_an_instant_with_an_offset(service: MembersService) -> None:
    found = refusal(service.candidates, **LAMP | {"at": "2026-03-12T11:46:00"})
    assert found.details["errors"][0]["pointer"] == "/at"


def test_an_event_that_cannot_be_read_is_malformed(service: MembersService) -> None:
    with pytest.raises(Malformed, match="assignees"):
        service.note_engagement(replace(event(5, "DISPATCHED"), data={"case_id": "k-1", "status": "x"}))


def asking(type: str, sequence: int, case_id: str, *people: str, at: datetime = NOW) -> Event:
    told = event(sequence, "DISPATCHED", *people)
    return replace(told, type=type, time=at, data={**told.data, "case_id": case_id})


def test_nobody_is_asked_twice_for_one_case_whatever_came_of_it(service: MembersService) -> None:
    """Also where the events come late: who was asked at any time is left out, and of other cases nobody."""
    service.note_engagement(asking("case.timed_out", 6, "k-1", "p-far"))
    service.note_engagement(asking("case.dispatched", 5, "k-1", "p-near"))
    assert ids(service.candidates(**LAMP, case_id="k-1")) == []
    assert set(ids(service.candidates(**LAMP, case_id="k-2"))) == {"p-near", "p-far"}


def test_asked_counts_as_a_turn_also_for_who_declined(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    same = {"home": database["people"].find_one({"_id": "p-near"}, {"home": 1, "location": 1}) or {}}["home"]
    changed(database, "p-far", home=same["home"], location=same["location"])
    service.note_engagement(asking("case.dispatched", 5, "k-1", "p-far"))
    service.note_engagement(replace(asking("case.returned", 6, "k-1"), data={**event(6, "REGISTERED").data}))
    assert ids(service.candidates(**LAMP)) == ["p-near", "p-far"]
    # Had nobody been asked, the ids would decide.
    service.note_engagement(asking("case.dispatched", 5, "k-3", "p-near", at=NOW + timedelta(days=1)))
    service.note_engagement(
        replace(asking("case.returned", 6, "k-3"), data={**event(6, "REGISTERED").data, "case_id": "k-3"})
    )
    assert ids(service.candidates(**LAMP)) == ["p-far", "p-near"]


@pytest.mark.parametrize("type", ["case.dispatched", "case.reassigned", "case.timed_out", "case.passed_on"])
def test_whoever_is_asked_in_whatever_way_has_been_asked(service: MembersService, type: str) -> None:
    service.note_engagement(asking(type, 5, "k-1", "p-near"))
    assert ids(service.candidates(**LAMP, case_id="k-1")) == ["p-far"]


def test_whoever_has_taken_a_case_is_not_asked_when_others_of_the_team_are(service: MembersService) -> None:
    told = asking("case.passed_on", 5, "k-1", "p-near")
    told.data["assignees"][0]["accepted"] = True
    service.note_engagement(told)
    assert "p-near" in ids(service.candidates(**LAMP, case_id="k-1"))


def test_the_last_time_of_being_asked_counts_whatever_comes_late(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    for days in (3, 1, 9):
        service.note_engagement(asking("case.dispatched", 5, f"k-{days}", "p-near", at=NOW - timedelta(days=days)))
    [row] = database["last_asked"].find()
    assert row["at"] == NOW - timedelta(days=1)


def test_a_licence_counts_on_its_last_day(service: MembersService, database: Database[dict[str, Any]]) -> None:
    changed(database, "p-near", certificates=[{"kind": "low_voltage_electrician", "valid_until": "2026-03-12"}])
    assert "p-near" in ids(service.candidates(**LAMP))
    assert "p-near" not in ids(service.candidates(**LAMP | {"at": "2026-03-12T16:00:00Z"}))


def test_somebody_who_is_free_is_found_behind_any_number_who_are_not(
    service: MembersService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("members.matching.pool.POOL", 1)
    service.change_profile(caller=SELF, command_id="k", free_times=[])
    assert ids(service.candidates(**LAMP)) == ["p-far", "p-near"]


def test_where_no_electrician_is_certified_nobody_is_proposed(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    """The edge of F22: an unmanaged compound with no electrician (docs/domain.md §8.5)."""
    database["people"].update_many({}, {"$set": {"certificates": []}})
    assert service.candidates(**LAMP) == []


def test_f22_a_certified_electrician_in_service_is_proposed_with_reasons(service: MembersService) -> None:
    """F22: in the unmanaged compound the certified in-service member is proposed, and every point is accounted for."""
    best = service.candidates(**LAMP)[0]
    assert (best["person_id"], best["kind"]) == ("p-near", "in_service_member")
    assert best["score"] == round(sum(best["parts"].values()), 1)
    assert [each["zh"] for each in best["reasons"]][:2] == ["持有证书：低压电工作业证", "具备技能：电工"]


def test_whose_home_nobody_knows_is_proposed_after_the_near_and_by_the_community(
    service: MembersService, database: Database[dict[str, Any]]
) -> None:
    changed(database, "p-near", home=None, location=None, registered_with=GRID[:12])
    found = {each["person_id"]: each for each in service.candidates(**LAMP)}
    assert found["p-near"]["distance_m"] is None
    assert "registered_here" in [reason["code"] for reason in found["p-near"]["reasons"]]
    changed(database, "p-near", registered_with=None)
    assert "same_district" in [
        reason["code"]
        for each in service.candidates(**LAMP)
        if each["person_id"] == "p-near"
        for reason in each["reasons"]
    ]
