"""What a rider finds on patrol becomes a case in the grid where it is."""

from typing import Any

import pytest

from cases.service import CasesService
from chassis.caller import Caller
from tests.component.cases.test_service import Desk, code_of
from tests.component.set_clock import SetClock
from tests.unit.cases.play import DISPATCHER, NEIGHBOUR, caller

SQUARE = {"lon": 115.0060, "lat": 25.8600}
"""On 人民广场, in 广场社区."""

RIDER = caller("p-rider", "rider", scope="360704")
FINDING: dict[str, Any] = {
    "text": "消防通道被占用",
    "location": SQUARE,
    "compound_id": None,
    "source": "PATROL",
    "category": "0601",
    "tags": [],
}


@pytest.fixture
def desk(service: CasesService, clock: SetClock) -> Desk:
    return Desk(service, clock)


def finding(desk: Desk, who: Caller) -> dict[str, Any]:
    given = {name: value for name, value in FINDING.items() if value is not None}
    receipt: dict[str, Any] = desk.service.report(who.dump(), f"patrol-{who.id}", **given)
    desk.case_id = receipt["case_id"]
    return receipt


def test_a_riders_patrol_finding_opens_an_urgent_case_in_its_grid(desk: Desk) -> None:
    """F18: a blocked fire lane 0601 in 广场社区, source PATROL; half an hour to respond."""
    receipt = finding(desk, RIDER)
    assert (receipt["grid_code"], receipt["status"], receipt["category"]) == ("360704100007001", "REPORTED", "0601")
    seen = desk.seen(DISPATCHER)
    assert (seen["source"], seen["severity"]) == ("PATROL", "U")
    registered = desk.do(DISPATCHER, "register")
    assert registered["respond_due"] == "2026-03-12T12:10:00Z"
    assert [line["act"] for line in desk.seen(RIDER)["timeline"]] == ["report", "register"]


def test_a_finding_that_comes_again_when_the_phone_has_a_network_counts_once(desk: Desk) -> None:
    """F18: sent twice from a place without a network."""
    assert finding(desk, RIDER) == finding(desk, RIDER)


def test_nobody_is_on_patrol_who_is_not(desk: Desk) -> None:
    """F18: a resident reports by the app."""
    assert code_of(finding, desk, NEIGHBOUR) == "source_not_permitted"
