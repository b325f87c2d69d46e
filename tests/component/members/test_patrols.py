"""F18: patrols on a real database: followed from start to stop alone, credited once, and soon reduced to cells."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from chassis.event import Event, encoded
from chassis.instant import written
from members.organisations.store import UnitStore
from members.patrols.track import Point, cells
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.small_district import MoveIn, refusal, settle, staff
from tests.component.members.staging import NOW, let_go_of
from tests.component.set_clock import SetClock

SQUARE = "360704100007001"
LON, LAT = 115.0060, 25.8600
RIDER = {"id": "p-rider", "grants": [{"role": "rider", "scope": "360704"}], "unit": None}
OTHER = {**RIDER, "id": "p-other-rider"}
DESK = {"id": "p-desk", "grants": [{"role": "dispatcher", "scope": "360704"}], "unit": None}
WORKER = {"id": "p-worker", "grants": [{"role": "grid_worker", "scope": SQUARE}], "unit": None}
RESIDENT = {"id": "p-xie", "grants": [{"role": "resident", "scope": "360704"}], "unit": None}

Stored = Database[dict[str, Any]]


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    move_in([(staff("p-rider", "rider", "360704"), None)])


def start(service: MembersService, key: str = "start", who: dict[str, Any] = RIDER, **told: Any) -> str:
    body = {"grid_code": SQUARE, "text_version": "2026-03", **told}
    return str(service.start_patrol(caller=who, command_id=key, **body)["patrol_id"])


def point(id: str, at: datetime, lon: float = LON, lat: float = LAT) -> dict[str, Any]:
    return {"point_id": id, "at": at.isoformat(), "lon": lon, "lat": lat}


def upload(service: MembersService, patrol: str, *points: Any, who: dict[str, Any] = RIDER) -> list[str | None]:
    said = service.upload_points(caller=who, patrol_id=patrol, items=list(points))["items"]
    return [each.get("refusal", {}).get("code") for each in said]


def case(type: str, id: str, patrol: str | None, by: str = "p-rider", **told: Any) -> Event:
    data = {"patrol_id": patrol, "by": {"id": by, "role": "rider"}, **told}
    data |= {
        "case_id": id,
        "version": 1,
        "status": "REPORTED",
        "category": "0601",
        "severity": "U",
        "grid_code": SQUARE,
    }
    data |= {"compound_id": None, "assignees": []}
    return Event("e", type, "/services/cases", f"case/{id}", 1, NOW, None, data, encoded(data), "")


def credited(service: MembersService) -> int:
    return int(service.own_findings(caller=RIDER)["credited"])


def test_f18_a_rider_is_followed_from_start_to_stop_and_no_further(service: MembersService, clock: SetClock) -> None:
    """F18: the track stops with the patrol; points before, after and of nobody's patrol are refused one by one."""
    patrol = start(service)
    clock.wait(minutes=20)
    assert upload(
        service,
        patrol,
        point("1", NOW + timedelta(minutes=1)),
        point("2", NOW - timedelta(minutes=1)),
        {"point_id": "3", "at": "yesterday", "lon": 1, "lat": 1},
        point("4", NOW + timedelta(minutes=19, microseconds=123456)),
    ) == [None, "point_before_start", "invalid", None]
    stopped_at = written(NOW + timedelta(minutes=10))
    ended = service.stop_patrol(caller=RIDER, command_id="stop", patrol_id=patrol, stopped_at=stopped_at)
    assert (ended["stopped_at"], ended["ended"]) == (stopped_at, "told")
    assert upload(service, patrol, point("1", NOW + timedelta(minutes=1)), point("5", NOW + timedelta(minutes=11))) == [
        None,
        "point_after_stop",
    ]
    told = service.track(caller=RIDER, patrol_id=patrol)["points"]
    assert [each["at"] for each in told] == [written(NOW + timedelta(minutes=1))]
    assert refusal(service.upload_points, caller=OTHER, patrol_id=patrol, items=[point("6", NOW)]).code == (
        "patrol_not_found"
    )
    assert refusal(service.track, caller=DESK, patrol_id=patrol).code == "patrol_not_found"


def test_a_point_that_is_uploaded_while_the_patrol_ends_before_it_does_not_stay(
    service: MembersService, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """F18: the track stops with the patrol, also where both happen at one moment."""
    patrol = start(service)
    clock.wait(minutes=20)
    keep, ends = service.patrols_kept.add, written(NOW + timedelta(minutes=10))

    def ended_before(*arguments: Any) -> None:
        service.stop_patrol(caller=RIDER, command_id="stop", patrol_id=patrol, stopped_at=ends)
        keep(*arguments)

    monkeypatch.setattr(service.patrols_kept, "add", ended_before)
    upload(service, patrol, point("a", NOW + timedelta(minutes=5)), point("b", NOW + timedelta(minutes=15)))
    track = service.track(caller=RIDER, patrol_id=patrol)["points"]
    assert [each["at"] for each in track] == [written(NOW + timedelta(minutes=5))]


def test_f18_points_that_a_phone_kept_count_once(service: MembersService, database: Stored, clock: SetClock) -> None:
    """F18: a patrol without network: sent again, by several at once, each point counts once."""
    patrol = start(service)
    clock.wait(hours=1)
    points = [point(str(n), NOW + timedelta(seconds=30 * n, microseconds=7), LON + n * 0.0001) for n in range(100)]
    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(lambda _: upload(service, patrol, *points), range(4)))
    assert answers == [[None] * 100] * 4
    assert database["patrol_points"].count_documents({}) == 100
    assert upload(service, patrol, point("7", NOW)) == ["point_id_reused"]


def test_one_patrol_at_a_time_is_the_databases_word(service: MembersService) -> None:
    """Of twenty that start at once one begins; the same command gets the same."""

    def attempt(n: int) -> str:
        try:
            return start(service, f"start-{n}")
        except Refusal as refused:
            return refused.code

    with ThreadPoolExecutor(10) as several:
        begun = list(several.map(attempt, range(20)))
    assert begun.count("already_on_patrol") == 19
    id = next(each for each in begun if each != "already_on_patrol")
    assert attempt(begun.index(id)) == id
    assert start(service, who={**OTHER, "former": ["p-nobody"]})


def test_who_may_start_where(service: MembersService) -> None:
    assert refusal(start, service=service, who=RESIDENT).code == "not_permitted"
    assert refusal(start, service=service, grid_code="360703100007001").code == "not_permitted"
    assert refusal(start, service=service, grid_code="360704100099001").code == "unknown_grid"
    assert refusal(start, service=service, text_version="").code == "invalid"


def test_it_ends_by_itself_and_the_next_may_begin(service: MembersService, clock: SetClock) -> None:
    first = start(service)
    clock.wait(hours=4, seconds=1)
    second = start(service, "again")
    seen = service.patrol(caller=RIDER, patrol_id=first)
    assert (seen["stopped_at"], seen["ended"]) == (written(NOW + timedelta(hours=4)), "bound")
    clock.wait(hours=5)
    service.sweep_patrols()
    service.sweep_patrols()
    assert service.patrol(caller=RIDER, patrol_id=second)["ended"] == "bound"
    [*own] = service.patrols(caller=RIDER)["items"]
    assert [each["patrol_id"] for each in own] == [second, first]
    first_page = service.patrols(caller=RIDER, limit=1)
    assert service.patrols(caller=RIDER, limit=1, after=first_page["next"])["items"][0]["patrol_id"] == first
    told = service.stop_patrol(
        caller=RIDER, command_id="late", patrol_id=second, stopped_at=written(NOW + timedelta(hours=5))
    )
    assert told["ended"] == "told"


def test_who_leaves_is_followed_no_longer(service: MembersService) -> None:
    patrol = start(service)
    data = {"person_id": "p-rider", "former_ids": []}
    left = Event("e", "person.left", "/services/members", "x/y", 1, NOW, None, data, encoded(data), "")
    service.end_patrols_of_leaver(left)
    service.end_patrols_of_leaver(left)
    assert service.patrol(caller=RIDER, patrol_id=patrol)["ended"] == "left"


def test_f18_a_finding_credits_its_patroller_once(service: MembersService) -> None:
    """F18: heard twice, merged, or reported again for the same: one mark; what was rejected is none."""
    patrol = start(service)
    for event in (
        case("case.reported", "c-1", patrol),
        case("case.reported", "c-1", patrol),
        case("case.reported", "c-x", patrol, by="p-near"),
        case("case.reported", "c-y", None),
        case("case.reported", "c-z", "no-such-patrol"),
    ):
        service.hear_of_case(event)
    assert credited(service) == 1
    service.hear_of_case(case("case.reported", "c-2", patrol))
    assert credited(service) == 2
    service.hear_of_case(case("case.merged", "c-2", patrol, target_case_id="c-1"))
    service.hear_of_case(case("case.merged", "c-2", patrol, target_case_id="c-1"))
    assert credited(service) == 1
    service.hear_of_case(case("case.rejected", "c-3", patrol, reason_code="not_found"))
    service.hear_of_case(case("case.reported", "c-3", patrol))
    service.hear_of_case(case("case.rejected", "c-4", None))
    assert credited(service) == 1
    found = service.patrol(caller=RIDER, patrol_id=patrol)["findings"]
    assert sorted((each["case_id"], each["counts"]) for each in found) == [("c-1", True), ("c-2", True), ("c-3", False)]
    page = service.own_findings(caller=RIDER, limit=2)
    assert len(service.own_findings(caller=RIDER, limit=2, after=page["next"])["items"]) == 1


def test_f18_what_came_to_be_one_case_through_others_counts_once(service: MembersService) -> None:
    """F18: two findings in two cases that nobody found on patrol, of which one was merged into the other; any order."""
    patrol = start(service)
    for id in ("c-1", "c-2", "c-3"):
        service.hear_of_case(case("case.reported", id, patrol))
    merged = [
        case("case.merged", "c-1", patrol, target_case_id="x-1"),
        case("case.merged", "x-1", None, target_case_id="x-2"),
        case("case.merged", "x-2", None, target_case_id="x-3"),
        case("case.merged", "c-2", patrol, target_case_id="x-3"),
    ]
    for event in [merged[2], merged[0], merged[3]]:
        service.hear_of_case(event)
    assert credited(service) == 3
    service.hear_of_case(merged[1])
    service.hear_of_case(merged[1])
    assert credited(service) == 2
    found = service.patrol(caller=RIDER, patrol_id=patrol)["findings"]
    assert {each["case_id"]: each["merged"] for each in found} == {"c-1": True, "c-2": True, "c-3": False}


def test_f18_a_patrol_that_a_phone_kept_counts_once(service: MembersService, clock: SetClock, database: Stored) -> None:
    """F18: begun and ended without network and uploaded twice, under the same key or another, it is one patrol."""
    began, ended = written(NOW), written(NOW + timedelta(hours=1))
    clock.wait(hours=5)
    patrol = start(service, started_at=began)
    stop: dict[str, Any] = {"patrol_id": patrol, "stopped_at": ended}
    first = service.stop_patrol(caller=RIDER, command_id="stop", **stop)
    upload(service, patrol, point("1", NOW), point("2", NOW + timedelta(minutes=1)))
    assert start(service, started_at=began) == patrol
    assert service.stop_patrol(caller=RIDER, command_id="stop", **stop) == first
    assert refusal(start, service=service, key="anew", started_at=began).code == "patrol_overlaps"
    assert refusal(service.stop_patrol, caller=RIDER, command_id="anew", **stop).code == "patrol_over"
    upload(service, patrol, point("1", NOW), point("2", NOW + timedelta(minutes=1)))
    assert (database["patrols"].count_documents({}), database["patrol_points"].count_documents({})) == (1, 2)


def test_an_upload_reads_what_is_near_it_and_not_the_whole_track(service: MembersService, clock: SetClock) -> None:
    """A point between two that are kept is held against both, however many others there are."""
    patrol = start(service)
    clock.wait(hours=2)
    for begin in range(0, 1000, 500):
        kept = [point(str(n), NOW + timedelta(seconds=5 * n)) for n in range(begin, begin + 500)]
        assert upload(service, patrol, *kept) == [None] * 500
    told = Point(NOW + timedelta(seconds=2502), "x", LON, LAT)
    known, number = service.patrols_kept.around(patrol, [told])
    assert ({each.id for each in known}, number) == ({"500", "501"}, 1000)
    known, _ = service.patrols_kept.around(patrol, [told, told._replace(id="7")])
    assert {each.id for each in known} == {"7", "500", "501"}
    assert upload(service, patrol, point("far", NOW + timedelta(seconds=2502), LON + 0.02)) == ["point_too_fast"]
    assert upload(service, patrol, point("near", NOW + timedelta(seconds=2502), LON + 0.0001)) == [None]


def test_nothing_precise_is_left_anywhere_after_thirty_days(
    service: MembersService, database: Stored, clock: SetClock
) -> None:
    """F18: not in a history, an outbox, an answer that is kept, or a trace of who was shown the track."""
    patrol = start(service)
    clock.wait(minutes=30)
    upload(service, patrol, point("1", NOW, 115.0061234, 25.8605678), point("2", NOW, 115.0061239, 25.8605671))
    service.stop_patrol(caller=RIDER, command_id="stop", patrol_id=patrol)
    service.reveal_track(caller=DESK, command_id="why", patrol_id=patrol, reason="投诉核查")
    assert "115.0061" in everything(database)
    clock.wait(days=30)
    service.sweep_patrols()
    assert "115.0061" not in everything(database)
    assert "25.8605" not in everything(database)
    assert upload(service, patrol, point("3", NOW + timedelta(minutes=1))) == ["point_too_old"]
    assert len(service.track(caller=RIDER, patrol_id=patrol)["cells"]) == 1


def everything(database: Stored) -> str:
    return repr([list(database[name].find()) for name in sorted(database.list_collection_names())])


def test_who_was_shown_a_track_is_kept_for_three_years(
    service: MembersService, database: Stored, clock: SetClock
) -> None:
    patrol = start(service)
    service.reveal_track(caller=DESK, command_id="why", patrol_id=patrol, reason="投诉核查")
    clock.wait(days=3 * 365)
    service.end_retention()
    assert database["track_reveals"].count_documents({}) == 1
    clock.wait(days=2)
    service.end_retention()
    assert database["track_reveals"].count_documents({}) == 0
    assert let_go_of(database) == [{"track_reveals": 1}]


def test_after_thirty_days_only_the_cells_are_left(service: MembersService, database: Stored, clock: SetClock) -> None:
    """By several instances at once, and also where one broke off between the cells and the points."""
    patrol = start(service)
    clock.wait(hours=1)
    points = [point(str(n), NOW + timedelta(minutes=n), LON + n * 0.0005) for n in range(8)]
    upload(service, patrol, *points)
    left = cells(service.patrols_kept.points(patrol))
    clock.wait(days=29)
    service.sweep_patrols()
    assert len(service.track(caller=RIDER, patrol_id=patrol)["points"]) == 8
    clock.wait(days=1)
    database["patrol_points"].delete_one({"point_id": "0"})
    database["patrols"].update_one({"_id": patrol}, {"$set": {"cells": [list(left[0])]}})
    with ThreadPoolExecutor(4) as several:
        list(several.map(lambda _: service.sweep_patrols(), range(4)))
    seen = service.track(caller=RIDER, patrol_id=patrol)
    assert (seen["points"], len(seen["cells"])) == ([], len(left))
    assert database["patrol_points"].count_documents({}) == 0
    kept = database["patrols"].find_one({"_id": patrol})
    assert kept
    assert sorted(map(tuple, kept["cells"])) == left
    assert kept["reduced"]
    assert let_go_of(database) == [{"tracks": 1}]


def test_the_office_sees_a_track_with_a_reason_and_a_trace(service: MembersService, database: Stored) -> None:
    patrol = start(service)
    upload(service, patrol, point("1", NOW))
    asked = {"command_id": "why", "patrol_id": patrol, "reason": "投诉核查"}
    assert len(service.reveal_track(caller=DESK, **asked)["points"]) == 1
    service.reveal_track(caller=DESK, **asked)
    [trace] = database["track_reveals"].find({})
    assert (trace["by"], trace["person_id"], trace["reason"]) == ("p-desk", "p-rider", "投诉核查")
    assert [each["reason"] for each in service.own_data(caller=RIDER)["tracks_shown"]] == ["投诉核查"]
    assert refusal(service.reveal_track, caller=DESK, **{**asked, "reason": "另一理由"}).code == "command_id_reused"
    for none in ("", " ", "\u200b", None):
        assert refusal(service.reveal_track, caller=DESK, **{**asked, "reason": none}).code == "reason_missing", none
    assert refusal(service.reveal_track, caller=WORKER, **asked).code == "not_permitted"
    elsewhere = {**DESK, "grants": [{"role": "dispatcher", "scope": "360704100001"}]}
    assert refusal(service.reveal_track, caller=elsewhere, **asked).code == "out_of_scope"
    [line] = service.patrols(caller=WORKER, area=SQUARE)["items"]
    assert (line["patrol_id"], line["name"], "points" in line) == (patrol, "王**", False)
    assert refusal(service.patrols, caller=RIDER, area=SQUARE).code == "not_permitted"


def test_who_is_deleted_leaves_no_track(service: MembersService, database: Stored) -> None:
    patrol = start(service)
    upload(service, patrol, point("1", NOW))
    assert [each["patrol_id"] for each in service.own_data(caller=RIDER)["patrols"]] == [patrol]
    service.delete_own_data(caller=RIDER, command_id="gone")
    assert database["patrol_points"].count_documents({}) == 0


def test_what_a_volunteer_gives_to_a_patrol_is_drawn_up_once(service: MembersService, clock: SetClock) -> None:
    """From start to stop; said later to have been shorter, the record says so too, whichever event comes last."""
    patrol = start(service)

    def heard(version: int) -> None:
        data = {"patrol_id": patrol}
        told = Event(
            f"e-{version}", "patrol.stopped", "/services/members", "x/y", version, NOW, None, data, encoded(data), ""
        )
        service.draw_up_patrol_hours(told)
        service.draw_up_patrol_hours(told)

    clock.wait(hours=5)
    service.sweep_patrols()
    heard(2)
    service.stop_patrol(
        caller=RIDER, command_id="stop", patrol_id=patrol, stopped_at=written(NOW + timedelta(minutes=90))
    )
    heard(3)
    heard(2)
    [record] = service.service_records(caller=RIDER)["items"]
    assert (record["kind"], record["source_id"], record["grid_code"]) == ("patrol", patrol, SQUARE)
    approve: dict[str, Any] = {"command_id": "ok", "record_ids": [record["record_id"]]}
    worker = {"id": "p-worker", "grants": [{"role": "community_worker", "scope": SQUARE}], "unit": None}
    service.approve_hours(caller=worker, **approve)
    assert service.hours(caller=RIDER)["minutes"] == 90
