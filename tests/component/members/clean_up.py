"""An activity in the small district, and volunteers who sign up for it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from chassis.caller import Grant
from chassis.errors import Refusal
from chassis.event import Event, encoded
from members.organisations.store import UnitStore
from members.people.person import Person
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import GRID, MoveIn, settle, staff
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock

WORKER = {"id": "p-worker", "grants": [{"role": "community_worker", "scope": GRID}], "unit": None}
OFFICE = {"id": "p-office", "grants": [{"role": "party_office", "scope": "360704"}], "unit": None}
TOMORROW_9 = NOW.replace(hour=1, minute=0) + timedelta(days=1)


def at(**after: float) -> str:
    """An instant so long after nine on the next morning."""
    return (TOMORROW_9 + timedelta(**after)).isoformat()


CLEANING: dict[str, Any] = {
    "title": "扮靓周四：清扫楼道",
    "text": "清扫楼道、擦扶手、捡垃圾",
    "grid_code": GRID,
    "begins": at(),
    "ends": at(hours=2),
    "place": "东源胜景小区门口",
    "muster": {"lon": 115.0058, "lat": 25.8672},
    "capacity": 2,
    "sign_up_way": "在本页报名",
    "conditions": "年满十四周岁",
    "risks": "楼梯湿滑",
    "protection": "提供手套和保险",
}
BOARD = [
    {"task_id": "sweep", "name": "清扫楼道", "heads": 2, "tools": ["扫把", "簸箕"], "minutes": 60},
    {"task_id": "wipe", "name": "擦扶手", "heads": 1, "tools": ["抹布"]},
    {"task_id": "litter", "name": "捡垃圾", "heads": 3},
    {"task_id": "clear", "name": "清杂物", "heads": 2},
    {"task_id": "scrape", "name": "铲小广告", "heads": 2, "tools": ["铲刀"]},
]
"""Five tasks for ten heads."""


def populate(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn, volunteers: int) -> None:
    """The district, its party office, and so many volunteers."""
    settle(territory, organisations, move_in)
    move_in([(staff("p-office", "party_office", "360704"), None)])
    move_in((Person(f"p-{n}", "360704", "王测005", (Grant("volunteer", "360704"),)), None) for n in range(volunteers))


def volunteer(n: int, *former: str) -> dict[str, Any]:
    """One of the volunteers, with the ids of merged entries."""
    return {
        "id": f"p-{n}",
        "grants": [{"role": "volunteer", "scope": "360704"}],
        "unit": None,
        **({"former": list(former)} if former else {}),
    }


def publish(service: MembersService, key: str = "publish", by: dict[str, Any] = WORKER, **changes: Any) -> str:
    """Publish the activity with these changes: its id."""
    return str(service.publish_activity(caller=by, command_id=key, **(CLEANING | changes))["activity_id"])


def sign_up(service: MembersService, activity_id: str, n: int, key: str = "", **body: Any) -> dict[str, Any]:
    """One of the volunteers signs up, a second after whoever did before."""
    assert isinstance(service.clock, SetClock)
    service.clock.wait(seconds=1)
    return service.sign_up(caller=volunteer(n), command_id=key or activity_id, activity_id=activity_id, **body)


def leave(service: MembersService, activity_id: str, n: int, key: str = "") -> dict[str, Any]:
    """One of the volunteers cannot come after all."""
    return service.leave_activity(
        caller=volunteer(n), command_id=key or f"leave {activity_id}", activity_id=activity_id
    )


def change(service: MembersService, activity_id: str, key: str = "change", **changes: Any) -> None:
    """The organiser tells something anew, and the service hears of it."""
    service.change_activity(caller=WORKER, command_id=key, activity_id=activity_id, **changes)
    service.settle_signups(heard("activity.changed", activity_id=activity_id))


def standing(service: MembersService, activity_id: str, numbers: Iterable[int]) -> list[str | None]:
    """What becomes of the sign-ups of these volunteers, as they see it themselves."""
    found = (service.activity(caller=volunteer(n), activity_id=activity_id)["own"] for n in numbers)
    return [own["state"] if own else None for own in found]


def heard(type: str, **data: Any) -> Event:
    """An event of this service as it comes back to it."""
    return Event("e-1", type, "/services/members", "x/y", 1, NOW, None, data, encoded(data), "")


def codes(refused: Refusal) -> set[str]:
    """Everything that is wrong with the input."""
    return {fault["code"] for fault in refused.details["errors"]}
