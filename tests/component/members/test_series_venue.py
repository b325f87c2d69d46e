"""F43 and F50: a series has its venue on each of its days from the beginning on, or is not opened at all."""

from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo.database import Database

from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.clean_up import OFFICE, WORKER, codes, populate
from tests.component.members.small_district import ADMIN, GRID, MoveIn, refusal
from tests.component.members.test_bookings import HALL
from tests.component.members.test_series import DAILY
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]

MARCH = {"weekday": 3, "starts": "2026-03-19", "count": 8}
"""Thursdays: 19 and 26 March, 2, 9, 16, 23 and 30 April, 7 May."""
THURSDAYS = {**HALL, "hours": [{"weekday": n, "start": "08:00", "end": "18:00"} for n in (3, 4)]}
OPENED = {**DAILY, "recurrence": MARCH, "starts_at": "08:30", "minutes": 120}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    populate(territory, organisations, move_in, 1)


@pytest.fixture
def hall(service: MembersService) -> str:
    return str(service.register_venue(caller=ADMIN, command_id="hall", **THURSDAYS)["venue_id"])


def opened(service: MembersService, hall: str, key: str = "open", **changes: Any) -> str:
    told = {**OPENED, "venue_id": hall} | changes
    return str(service.open_series(caller=WORKER, command_id=key, **told)["series_id"])


def booked(service: MembersService, hall: str) -> list[str]:
    found = service.bookings(caller=WORKER, venue_id=hall, limit=100)["items"]
    return [each["begins"][5:16] for each in found]


def talk(service: MembersService, hall: str, day: str) -> str:
    """Somebody else has the venue from nine to ten on that day."""
    span = {"begins": f"{day}T09:00:00+08:00", "ends": f"{day}T10:00:00+08:00", "heads": 5, "purpose": "宣讲"}
    return str(service.book_venue(caller=WORKER, command_id=f"talk {day}", venue_id=hall, **span)["booking_id"])


DAYS = [f"{day}T00:30" for day in ("03-19", "03-26", "04-02", "04-09", "04-16", "04-23", "04-30", "05-07")]


def test_a_series_has_its_venue_on_every_day_before_any_is_published(
    service: MembersService, hall: str, clock: SetClock
) -> None:
    """F43: nobody takes from a series the venue of a day that is announced weeks later."""
    id = opened(service, hall)
    assert opened(service, hall) == id
    assert booked(service, hall) == DAYS
    assert {each["series_id"] for each in service.bookings(caller=WORKER, venue_id=hall)["items"]} == {id}
    late = refusal(talk, service=service, hall=hall, day="2026-05-07")
    assert (late.code, late.details["free"][0]["begins"]) == ("venue_taken", "2026-05-07T00:00:00Z")
    clock.moment = datetime(2026, 4, 30, 4, tzinfo=UTC)
    service.publish_series()
    assert booked(service, hall) == DAYS[-2:]
    assert service.activities(caller=WORKER, filters={"series_id": id})["items"][-1]["venue_id"] == hall


def test_every_day_on_which_the_venue_is_taken_is_named_and_nothing_is_kept(
    service: MembersService, hall: str, database: Stored
) -> None:
    """F50: each day that is taken with what is free then, and beside it everything else that is wrong."""
    for day in ("2026-03-26", "2026-05-07"):
        talk(service, hall, day)
    refused = refusal(opened, service=service, hall=hall)
    assert refused.code == "venue_taken"
    named = {each["details"]["day"]: each["details"]["free"] for each in refused.details["errors"]}
    assert list(named) == ["2026-03-26", "2026-05-07"]
    assert named["2026-05-07"] == [
        {"begins": "2026-05-07T00:00:00Z", "ends": "2026-05-07T01:00:00Z"},
        {"begins": "2026-05-07T02:00:00Z", "ends": "2026-05-07T10:00:00Z"},
    ]
    found = refusal(opened, service=service, hall=hall, capacity=61, breaks=-5)
    assert codes(found) == {"venue_taken", "more_than_its_capacity", "breaks_negative"}
    assert len(found.details["errors"]) == 4
    early = refusal(opened, service=service, hall=hall, starts_at="07:00")
    assert [(each["pointer"], each["code"]) for each in early.details["errors"]] == [
        ("/starts_at", "outside_opening_hours")
    ]
    assert [database[name].count_documents({}) for name in ("series", "activities", "bookings")] == [0, 0, 2]


def test_a_day_that_is_moved_takes_its_booking_along_or_stays_where_it_is(
    service: MembersService, hall: str, database: Stored
) -> None:
    id = opened(service, hall)
    talk(service, hall, "2026-03-27")
    for day in ("2026-03-26", "2026-05-07"):
        move: dict[str, Any] = {"caller": WORKER, "series_id": id, "day": day, "reason": "停水"}
        to = f"{day[:8]}{int(day[8:]) + 1:02d}"
        clash = {**move, "command_id": f"clash {day}", "begins": "2026-03-27T08:30:00+08:00"}
        if day == "2026-03-26":
            assert refusal(service.move_series_date, **clash).code == "venue_taken"
            assert booked(service, hall) == [*DAYS[:2], "03-27T01:00", *DAYS[2:]]
        service.move_series_date(**move, command_id=f"move {day}", begins=f"{to}T14:00:00+08:00")
    assert booked(service, hall) == [DAYS[0], "03-27T01:00", "03-27T06:00", *DAYS[2:-1], "05-08T06:00"]
    sunday = {"day": "2026-04-02", "begins": "2026-04-12T08:30:00+08:00", "reason": "改期"}
    shut = refusal(service.move_series_date, caller=WORKER, command_id="sunday", series_id=id, **sunday)
    assert (shut.code, shut.details["day"]) == ("outside_opening_hours", "2026-04-12")


def test_days_that_are_dropped_or_called_off_give_the_venue_back(service: MembersService, hall: str) -> None:
    id = opened(service, hall)
    for day in ("2026-03-19", "2026-04-30"):
        service.drop_series_date(caller=WORKER, command_id=day, series_id=id, day=day, reason="暴雨")
    assert booked(service, hall) == [*DAYS[1:6], DAYS[7]]
    dates = service.series(caller=WORKER, series_id=id)["dates"]
    by_hand = next(each["activity_id"] for each in dates if each["day"] == "2026-04-02")
    service.cancel_activity(caller=WORKER, command_id="off", activity_id=by_hand, reason="人手不足")
    service.change_series(caller=WORKER, command_id="until", series_id=id, until="2026-04-20")
    assert booked(service, hall) == [DAYS[1], DAYS[3], DAYS[4]]
    service.end_series(caller=OFFICE, command_id="end", series_id=id, reason="不再办了")
    assert booked(service, hall) == []


def test_a_series_that_changes_times_or_venue_changes_all_its_bookings_or_none(
    service: MembersService, hall: str
) -> None:
    id = opened(service, hall)
    other = str(service.register_venue(caller=ADMIN, command_id="other", **THURSDAYS)["venue_id"])
    talk(service, other, "2026-04-23")
    change: dict[str, Any] = {"caller": WORKER, "series_id": id}
    taken = refusal(service.change_series, **change, command_id="there", venue_id=other)
    assert [each["details"]["day"] for each in taken.details["errors"]] == ["2026-04-23"]
    assert booked(service, hall) == DAYS
    service.change_series(**change, command_id="later", starts_at="10:00", venue_id=other)
    assert (booked(service, hall), len(booked(service, other))) == ([], 9)
    service.change_series(**change, command_id="none", venue_id=None)
    assert booked(service, other) == ["04-23T01:00"]


def test_a_series_goes_on_no_longer_than_its_venue_and_its_grid(service: MembersService, hall: str) -> None:
    service.close_venue(caller=ADMIN, command_id="close", venue_id=hall, on="2026-05-01")
    refused = refusal(opened, service=service, hall=hall)
    assert (refused.code, refused.details["day"]) == ("venue_closed_then", "2026-05-07")
    service.territory.grids.outbox.collection.update_one(
        {"_id": GRID}, {"$set": {"closed": datetime(2026, 4, 20, tzinfo=UTC)}}
    )
    refused = refusal(opened, service=service, hall=hall, venue_id=None)
    assert (refused.code, refused.details["day"]) == ("grid_closed", "2026-04-23")


def test_the_end_of_a_series_calls_off_also_what_was_moved_or_changed_by_hand(
    service: MembersService, hall: str, clock: SetClock
) -> None:
    """An end is an end: of a series that has ended no day is held, wherever somebody has moved it."""
    id = opened(service, hall)
    for day, to in (("2026-03-26", "2026-03-27"), ("2026-05-07", "2026-05-08")):
        moved = {"day": day, "begins": f"{to}T14:00:00+08:00", "reason": "停水"}
        service.move_series_date(caller=WORKER, command_id=day, series_id=id, **moved)
    ids = [each["activity_id"] for each in service.series(caller=WORKER, series_id=id)["dates"]]
    service.change_activity(caller=WORKER, command_id="own", activity_id=ids[2], title="自己的")
    service.end_series(caller=OFFICE, command_id="end", series_id=id, reason="不再办了")
    found = service.activities(caller=WORKER, filters={"series_id": id})["items"]
    assert {(each["state"], each["reason"]) for each in found} == {("cancelled", "不再办了")}
    shown = service.series(caller=WORKER, series_id=id)
    assert (shown["takes_place"], {each["fate"] for each in shown["dates"]}) == (0, {"ended"})
    clock.moment = datetime(2026, 5, 1, tzinfo=UTC)
    service.publish_series()
    assert len(service.activities(caller=WORKER, filters={"series_id": id})["items"]) == len(found)
    assert booked(service, hall) == []


def test_today_is_held_on_the_day_on_which_a_series_ends_and_moved_nowhere_later(
    service: MembersService, hall: str, clock: SetClock
) -> None:
    id = opened(service, hall)
    clock.moment = datetime(2026, 3, 18, 23, tzinfo=UTC)
    service.end_series(caller=WORKER, command_id="end", series_id=id, reason="不再办了")
    assert booked(service, hall) == DAYS[:1]
    later = {"day": "2026-03-19", "begins": "2026-03-20T14:00:00+08:00", "reason": "停水"}
    assert refusal(service.move_series_date, caller=WORKER, command_id="m", series_id=id, **later).code == (
        "series_ended"
    )


def test_a_day_that_turns_out_to_be_a_holiday_gives_the_venue_back(
    service: MembersService, hall: str, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a year without a calendar every day is held; what the calendar then says is seen to by itself."""
    clock.moment = datetime(2026, 12, 1, tzinfo=UTC)
    rule = {"weekday": 4, "starts": "2026-12-25", "count": 2}
    opened(service, hall, recurrence=rule)
    assert booked(service, hall) == ["12-25T00:30", "01-01T00:30"]
    monkeypatch.setattr("members.series.recurrence.public_holiday", lambda day: "元旦" if day.month == 1 else None)
    clock.wait(days=4)
    service.publish_series()
    assert booked(service, hall) == ["12-25T00:30"]


def test_an_older_day_that_finds_its_venue_taken_waits_and_holds_up_no_other(
    service: MembersService, hall: str, database: Stored, clock: SetClock
) -> None:
    id = opened(service, hall)
    database["bookings"].delete_many({})
    talk(service, hall, "2026-04-30")
    clock.moment = datetime(2026, 4, 15, tzinfo=UTC)
    service.publish_series()
    published = [each["day"] for each in database["activities"].find({"series_id": id}).sort("day")]
    assert published[-2:] == ["2026-04-23", "2026-05-07"]
    assert booked(service, hall) == ["04-16T00:30", "04-23T00:30", "04-30T01:00", "05-07T00:30"]


def test_a_date_of_a_series_that_has_ended_is_told_as_such(service: MembersService, hall: str) -> None:
    id = opened(service, hall)
    service.end_series(caller=WORKER, command_id="end", series_id=id, reason="不再办了")
    for day, code in (("2026-03-26", "series_ended"), ("2026-03-27", "date_not_found")):
        drop = {"caller": WORKER, "command_id": day, "series_id": id, "day": day, "reason": "暴雨"}
        assert refusal(service.drop_series_date, **drop).code == code
