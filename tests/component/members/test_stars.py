"""F49: stars for volunteer hours are offered, accepted by their person, and seen only of those who agreed."""

from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.served import OFFICE, THURSDAY, Serving, volunteer
from tests.component.members.small_district import MoveIn, refusal, settle, staff

Stored = Database[dict[str, Any]]

EIGHT = ("08:00-16:00",)


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    move_in((staff(f"p-{n}", "volunteer", "360704"), None) for n in range(1, 4))


@pytest.fixture
def serving(service: MembersService) -> Serving:
    return Serving(service)


def serve(serving: Serving, person_id: str, days: range) -> list[str]:
    """Eight hours on each of these days."""
    return [
        serving.served(
            f"a-{person_id}-{n}", person_id, *EIGHT, begins="08:00", ends="16:00", day=THURSDAY - timedelta(days=n)
        )
        for n in days
    ]


def public(service: MembersService, **asked: Any) -> list[tuple[str, int]]:
    items = service.stars(caller=volunteer(3), **({"area": "360704"} | asked))["items"]
    return [(each["name_masked"], each["star"]) for each in items]


def test_a_hundred_hours_offer_a_star_and_the_list_has_those_who_agreed(
    service: MembersService, serving: Serving
) -> None:
    """F49: 100 h reached, certified: one star is offered; the public list only for those who agreed."""
    serve(serving, "p-1", range(12))
    assert service.hours(caller=volunteer(1))["star_offered"] is None
    serve(serving, "p-1", range(12, 13))
    found = service.hours(caller=volunteer(1))
    assert (found["hours"], found["star_offered"], found["star"]) == (104.0, 1, 0)
    wrong = {"caller": volunteer(1), "command_id": "two", "star": 2}
    assert refusal(service.accept_star, **wrong).code == "star_not_offered"
    service.accept_star(caller=volunteer(1), command_id="one", star=1)
    assert service.hours(caller=volunteer(1))["star"] == 1
    assert public(service) == []
    service.show_star(caller=volunteer(1), command_id="show", text_version="2026-01")
    assert public(service) == [("王**", 1)]
    again = {"caller": volunteer(1), "command_id": "again", "text_version": "2026-01"}
    assert refusal(service.show_star, **again).code == "already_public"
    service.hide_star(caller=volunteer(1), command_id="hide")
    assert public(service) == []
    assert refusal(service.hide_star, caller=volunteer(1), command_id="hide-2").code == "not_public"
    [consent] = service.hours(caller=volunteer(1))["consents"]
    assert (consent["text_version"], consent["revoked_at"]) == ("2026-01", "2026-03-12T11:46:00Z")


def test_who_agreed_before_accepting_is_not_on_the_list(service: MembersService, serving: Serving) -> None:
    serve(serving, "p-1", range(13))
    service.show_star(caller=volunteer(1), command_id="show", text_version="2026-01")
    assert public(service) == []


def test_a_correction_may_take_a_star_back(service: MembersService, serving: Serving) -> None:
    ids = serve(serving, "p-1", range(13))
    service.accept_star(caller=volunteer(1), command_id="one", star=1)
    service.show_star(caller=volunteer(1), command_id="show", text_version="2026-01")
    service.correct_hours(caller=OFFICE, command_id="c", record_id=ids[0], stints=[], reason="代签")
    found = service.hours(caller=volunteer(1))
    assert (found["hours"], found["star"], found["star_offered"]) == (96.0, 0, None)
    assert public(service) == []


def test_who_has_left_the_service_is_on_the_list_no_more(
    service: MembersService, serving: Serving, database: Stored
) -> None:
    serve(serving, "p-1", range(13))
    service.accept_star(caller=volunteer(1), command_id="one", star=1)
    service.show_star(caller=volunteer(1), command_id="show", text_version="2026-01")
    assert public(service) == [("王**", 1)]
    database["people"].update_one({"_id": "p-1"}, {"$set": {"active": False}})
    assert public(service) == []


def test_who_has_no_hours_has_no_star(service: MembersService) -> None:
    for act, body in ((service.accept_star, {"star": 1}), (service.show_star, {"text_version": "2026-01"})):
        assert refusal(act, caller=volunteer(2), command_id="x", **body).code == "no_hours"
    assert service.hours(caller=volunteer(2))["hours"] == 0.0


def test_the_list_is_of_the_district_alone(service: MembersService) -> None:
    elsewhere = {"id": "p-9", "grants": [{"role": "volunteer", "scope": "360703"}], "unit": None}
    assert refusal(service.stars, caller=elsewhere, area="360704").code == "not_permitted"
