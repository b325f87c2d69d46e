"""Activities that people came to, as tests of hours, stars and certificates need them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked
from chassis.records import Outcome
from members.activities.activity import Activity, Kind
from members.attendance.attendance import CAME, Attendance, Stint, attendance_id
from members.people.person import LOCAL
from members.service import MembersService
from tests.component.members.small_district import GRID

THURSDAY = date(2026, 3, 12)
WORKER = {"id": "p-worker", "grants": [{"role": "community_worker", "scope": GRID}], "unit": None}
OFFICE = {"id": "p-office", "grants": [{"role": "party_office", "scope": "360704"}], "unit": None}


def volunteer(n: int, role: str = "volunteer") -> dict[str, Any]:
    return {"id": f"p-{n}", "grants": [{"role": role, "scope": "360704"}], "unit": None}


def at(clock: str, day: date = THURSDAY) -> datetime:
    hour, minute = (int(each) for each in clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LOCAL)


@dataclass(frozen=True)
class Serving:
    """Lets people come to activities of the worker, and draws their records up."""

    service: MembersService

    def activity(self, id: str, begins: str = "09:00", ends: str = "11:00", day: date = THURSDAY, **more: Any) -> str:
        """An activity that took place."""
        planned = Activity(
            id=id,
            kind=Kind.SERVICE_DAY,
            title="扮靓周四：清扫楼道",
            text="清扫楼道、擦扶手、捡垃圾",
            grid_code=GRID,
            organiser_id="p-worker",
            begins=at(begins, day),
            ends=at(ends, day),
            place="东源胜景小区门口",
            muster=(115.0058, 25.8672),
            sign_up_until=at(begins, day),
            conditions="年满十四周岁",
            sign_up_way="在本页报名",
            risks="楼梯湿滑",
            protection="提供手套和保险",
        )
        self.service.activities_kept.add([Activity(**{**vars(planned), **more})], at(begins, day))
        return id

    def came(self, activity_id: str, person_id: str, *times: str, day: date = THURSDAY) -> None:
        """Somebody came and went at these times, written as `09:02-11:05`, or `09:02-` for whoever forgot to go."""
        stints = tuple(_stint(each, day) for each in times)
        id = attendance_id(activity_id, person_id)
        found = Attendance(id, activity_id, person_id, "360704", stints=stints)
        asked = Asked(Caller(person_id), f"{id}:{times}", "digest", at("12:00", day))
        outcome: Outcome[Attendance] = Outcome(found, CAME, {}, "volunteer")
        kept = self.service.attendance.records.find({"_id": id})
        if kept:
            self.service.attendance.records.change(asked, id, None, lambda _: outcome)
        else:
            self.service.attendance.records.open(asked, outcome)

    def drawn_up(self, activity_id: str, key: str = "draw-up", by: dict[str, Any] = WORKER) -> dict[str, Any]:
        return self.service.draw_up_hours(caller=by, command_id=key, activity_id=activity_id)

    def records(self, activity_id: str) -> dict[str, dict[str, Any]]:
        """The records of an activity, by person."""
        found = self.service.service_records(caller=WORKER, activity_id=activity_id, limit=200)
        return {each["person_id"]: each for each in found["items"]}

    def approve(self, record_ids: Iterable[str], key: str = "approve", by: dict[str, Any] = WORKER) -> dict[str, Any]:
        return self.service.approve_hours(caller=by, command_id=key, record_ids=list(record_ids))

    def served(self, id: str, person_id: str, *times: str, day: date = THURSDAY, **more: Any) -> str:
        """All of it: somebody came, and it counts; the id of the record."""
        self.came(self.activity(id, day=day, **more), person_id, *times, day=day)
        self.drawn_up(id, f"draw-up-{id}")
        record = self.records(id)[person_id]["record_id"]
        self.approve([record], f"approve-{id}")
        return str(record)


def _stint(times: str, day: date) -> Stint:
    came, _, left = times.partition("-")
    return Stint(at(came, day), at(left, day) if left else None, "scan")


def days_before(many: int) -> date:
    return THURSDAY - timedelta(days=many)
