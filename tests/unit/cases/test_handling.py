"""The work on a case: who may do it, what meets the response, whose time counts, and what feedback needs."""

from dataclasses import replace

import pytest

from cases.act import Act
from cases.case import Status
from cases.place import Place
from cases.showing import view
from cases.showing.sight import Sight
from cases.stay import minutes
from cases.timer import Timer
from chassis.datum import to_gcj02
from tests.unit.cases.play import (
    CLEANED,
    DISPATCHER,
    ELECTRICIAN,
    GRID,
    LAMP,
    OTHER_WORKER,
    THURSDAY,
    VOLUNTEER,
    WORKER,
    accepted,
    cleaning,
    code_of,
    dispatched,
    in_progress,
    resolved,
    suspended,
    unsealed,
)

NEAR = {"lon": 115.0060, "lat": 25.8675}
FAR = {"lon": 115.0090, "lat": 25.8672}


def test_each_member_accepts_before_he_works() -> None:
    play = dispatched().do(Act.ACCEPT, ELECTRICIAN)
    for act in (Act.ARRIVE, Act.START):
        assert code_of(play.do, act, WORKER) == "not_accepted"
    working = play.do(Act.ARRIVE, ELECTRICIAN)
    assert code_of(working.do, Act.FEEDBACK, WORKER) == "not_accepted"


def test_whoever_is_not_assigned_does_not_work_on_it() -> None:
    for act in (Act.ARRIVE, Act.LEAVE, Act.FEEDBACK, Act.ASK_EXTEND):
        assert code_of(in_progress().do, act, VOLUNTEER) == "not_assigned"


def test_a_check_in_within_200_m_is_on_the_spot() -> None:
    for location, on_site in ((NEAR, True), (FAR, False), (None, None)):
        said = {"location": location} if location else {}
        play = accepted().at("03-12 20:20").do(Act.ARRIVE, ELECTRICIAN, **said)
        assert play.last.data["on_site"] is on_site


def test_a_check_in_from_a_phone_map_is_on_the_spot_where_it_is() -> None:
    lon, lat = to_gcj02(NEAR["lon"], NEAR["lat"])
    for crs, on_site in (("GCJ02", True), ("WGS84", False)):
        play = accepted().at("03-12 20:20")
        play.do(Act.ARRIVE, ELECTRICIAN, location={"lon": lon, "lat": lat, "crs": crs})
        assert play.last.data["on_site"] is on_site
    unknown = {**NEAR, "crs": "EPSG:3857"}
    assert code_of(accepted().do, Act.ARRIVE, ELECTRICIAN, location=unknown) == "unknown_crs"


def test_the_first_arrival_meets_the_response_and_starts_the_work() -> None:
    play = accepted().at("03-12 20:20").do(Act.ARRIVE, ELECTRICIAN)
    assert (play.case.status, play.last.data["response_met"]) == (Status.IN_PROGRESS, True)
    first = play.case.dues.responded_at
    assert play.at("03-12 21:50").do(Act.ARRIVE, WORKER).case.dues.responded_at == first


def test_a_late_first_contact_misses_the_response() -> None:
    play = accepted().at("03-12 21:41").do(Act.START, WORKER)
    assert (play.last.data["response_met"], play.last.data["contact"]) == (False, "phone")
    assert play.case.stays == ()


def test_arrivals_and_departures_alternate() -> None:
    play = in_progress()
    assert code_of(play.do, Act.ARRIVE, ELECTRICIAN) == "already_there"
    play.do(Act.LEAVE, ELECTRICIAN)
    assert code_of(play.do, Act.LEAVE, ELECTRICIAN) == "not_there"


def test_the_minutes_of_each_member_are_his_own_however_often_he_comes() -> None:
    play = in_progress().at("03-12 20:30").do(Act.ARRIVE, WORKER).at("03-12 20:55").do(Act.LEAVE, ELECTRICIAN)
    play.do(Act.LEAVE, WORKER).at("03-13 17:00").do(Act.ARRIVE, ELECTRICIAN)
    play.at("03-13 18:30").do(Act.FEEDBACK, ELECTRICIAN)
    assert minutes(play.case.stays) == {"p-electrician": 35 + 90, "p-worker": 25}
    assert play.last.data["minutes"] == {"p-electrician": 125, "p-worker": 25}


def test_feedback_ends_every_stay() -> None:
    play = in_progress().do(Act.ARRIVE, WORKER).at("03-12 21:20").do(Act.FEEDBACK, ELECTRICIAN)
    assert all(stay.left_at == play.now for stay in play.case.stays)


def test_a_suspension_ends_every_stay() -> None:
    play = suspended()
    assert all(stay.left_at == play.now for stay in play.case.stays)


def test_feedback_says_what_was_done() -> None:
    assert code_of(in_progress().do, Act.FEEDBACK, ELECTRICIAN, photos=["f-1"]) == "text_missing"


def test_feedback_shows_what_can_be_seen() -> None:
    assert code_of(in_progress().do, Act.FEEDBACK, ELECTRICIAN, text="ok") == "after_photo_missing"


@pytest.mark.parametrize("place", [LAMP, Place(GRID, LAMP.point, None, "c-dongyuan")])
def test_a_service_day_shows_the_place_before_and_after(place: Place) -> None:
    """F51: at a compound of the day, or where the point of the case lies at one."""
    play = cleaning()
    play.case = replace(play.case, place=place)
    play.facts = replace(play.facts, service_day=THURSDAY)
    done = play.do(Act.FEEDBACK, ELECTRICIAN, **CLEANED)
    assert (done.case.status, done.case.service_day_id) == (Status.RESOLVED, "a-thursday")
    assert done.last.data["service_day_id"] == "a-thursday"
    assert done.case.photos[-2:] == ("photo-before", "photo-after")
    seen = view.shown(done.case, done.history, ELECTRICIAN, Sight.FULL, done.now, unsealed)["photos"][-2:]
    assert [(row["photo_id"], row["shows"]) for row in seen] == [("photo-before", "before"), ("photo-after", "after")]
    play.facts = replace(play.facts, service_day=None)
    again = done.do(Act.REWORK, OTHER_WORKER).do(Act.FEEDBACK, ELECTRICIAN)
    assert again.case.service_day_id is None


def test_feedback_on_what_cannot_be_seen_needs_no_photo() -> None:
    play = in_progress(category="0801").do(Act.FEEDBACK, ELECTRICIAN, text="ok")
    assert play.case.status is Status.RESOLVED


def test_feedback_in_time_meets_the_resolve_time() -> None:
    play = resolved()
    assert (play.last.data["in_time"], set(play.case.timers)) == (True, {Timer.INSPECT})
    late = in_progress().at("03-17 18:01").do(Act.FEEDBACK, ELECTRICIAN)
    assert late.last.data["in_time"] is False


def test_whoever_worked_on_a_case_stays_its_handler_after_it_went_to_others() -> None:
    play = in_progress().do(Act.REASSIGN, DISPATCHER)
    assert play.case.is_handler(WORKER)
    assert "p-worker" not in play.case.assignment.ids
