"""F12 and F42: activities that people sign up for, with places, tasks and a waiting list that moves up by itself."""

from datetime import timedelta
from typing import Any

import pytest

from chassis.errors import Refusal
from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import GRID, MoveIn, refusal, settle, staff
from tests.component.members.staging import NOW

WORKER = {"id": "p-worker", "grants": [{"role": "community_worker", "scope": GRID}], "unit": None}


def at(**after: float) -> str:
    """An instant so long after `NOW`, on a mark of five minutes."""
    return (NOW.replace(minute=0, second=0, microsecond=0) + timedelta(**after)).isoformat()


CLEANING: dict[str, Any] = {
    "title": "扮靓周四：清扫楼道",
    "text": "清扫楼道、擦扶手、捡垃圾",
    "grid_code": GRID,
    "begins": at(days=2),
    "ends": at(days=2, hours=2),
    "place": "东源胜景小区门口",
    "muster": {"lon": 115.0058, "lat": 25.8672},
    "capacity": 2,
    "sign_up_way": "在本页报名",
    "conditions": "年满十四周岁",
    "risks": "楼梯湿滑",
    "protection": "提供手套和保险",
}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    move_in((staff(f"p-{n}", "volunteer", "360704"), None) for n in range(1, 6))


def volunteer(n: int) -> dict[str, Any]:
    return {"id": f"p-{n}", "grants": [{"role": "volunteer", "scope": "360704"}], "unit": None}


def publish(service: MembersService, key: str = "publish", by: dict[str, Any] = WORKER, **changes: Any) -> str:
    return str(service.publish_activity(caller=by, command_id=key, **(CLEANING | changes))["activity_id"])


def sign_up(service: MembersService, activity_id: str, n: int, key: str = "sign-up", **body: Any) -> dict[str, Any]:
    return service.sign_up(caller=volunteer(n), command_id=key, activity_id=activity_id, **body)


def leave(service: MembersService, activity_id: str, n: int, key: str = "leave") -> dict[str, Any]:
    return service.leave_activity(caller=volunteer(n), command_id=key, activity_id=activity_id)


def codes(refused: Refusal) -> set[str]:
    return {fault["code"] for fault in refused.details["errors"]}


def test_whoever_waits_moves_up_when_somebody_cannot_come(service: MembersService) -> None:
    """F12: capacity 2 and 2 signed; a third waits, one cancels; the third moves up."""
    id = publish(service)
    assert [sign_up(service, id, n)["state"] for n in (1, 2, 3)] == ["in", "in", "waiting"]
    leave(service, id, 1)
    found = service.activity(caller=volunteer(3), activity_id=id)
    assert (found["signed_up"], found["waiting"], found["own"]) == (2, 0, "in")
    assert refusal(leave, service=service, activity_id=id, n=1, key="again").code == "signup_not_found"


def test_a_repetition_gets_the_same_answer_and_takes_no_second_place(service: MembersService) -> None:
    id = publish(service)
    assert sign_up(service, id, 1) == sign_up(service, id, 1)
    assert refusal(sign_up, service=service, activity_id=id, n=1, key="other").code == "already_signed_up"
    assert service.activity(caller=WORKER, activity_id=id)["signed_up"] == 1
