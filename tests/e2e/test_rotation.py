"""The rotation of service days on the whole suite: need moves a compound up, and its page says when a team comes."""

from typing import Any

import pytest

from dev.client import Client
from tests.e2e.answers import ok
from tests.e2e.docket import Docket
from tests.e2e.serving import DAY
from tests.e2e.staged import DEMO_NOW, StagedSuite
from tests.waiting import eventually

AGENCY = "360704100"
FIRST, SECOND = "2026-04-02", "2026-04-09"
SERIES = {
    "recurrence": {"weekday": 3, "starts": FIRST, "until": "2026-04-23"},
    "starts_at": "08:30",
    "minutes": 150,
    **DAY,
    "title": "扮靓周四",
}


def plan(who: Client, day: str) -> dict[str, Any] | None:
    found = who.get(f"/v1/rotation/{AGENCY}/plans/{day}")
    return ok(found) if found.status_code != 404 else None


@pytest.fixture(scope="module")
def planned(people: dict[str, Client], suite: StagedSuite) -> dict[str, Any]:
    suite.clock.set(DEMO_NOW)
    series = ok(people["worker"].post("/v1/series", json=SERIES), 201)
    teams = [{"name": f"{n} 队", "people": 5} for n in range(1, 19)]
    ok(people["admin"].post(f"/v1/rotation/{AGENCY}/teams", json={"teams": teams}))
    names = {team["name"] for team in teams}

    def remade() -> Any:
        """The first plan, once both are of these teams: the demo has plans of its own."""
        both = [plan(people["worker"], day) for day in (FIRST, SECOND)]
        return both[0] if all(each and {turn["team"] for turn in each["turns"]} == names for each in both) else None

    found = eventually(remade)
    assert found
    return {**found, "series_id": series["series_id"]}


def dirty(docket: Docket, n: int, compound_id: str = "c-dongyuan") -> None:
    docket.report("resident", text=f"楼道堆物 {n}", compound_id=compound_id)
    docket.act("dispatcher", "register", category="0303")


def test_three_open_cases_move_a_compound_up_and_who_gives_way_heads_the_next_week(
    people: dict[str, Client], suite: StagedSuite, planned: dict[str, Any]
) -> None:
    """F46: three open 0303 cases appear at a compound that is not planned; it moves up, and who gives way heads the
    next week."""
    worker = people["worker"]
    assert len(planned["turns"]) == 18
    assert planned["keeps_bound"]
    before = {turn["compound_id"] for turn in planned["turns"]}
    standing = ok(worker.get(f"/v1/rotation/{AGENCY}/compounds"))["items"]
    # Cases that others have left open call for visits too, and move others down.
    clean = [each for each in standing if each["compound_id"] not in before and len(each["terms"]) == 1][-1]
    target = clean["compound_id"]
    docket = Docket(suite, people)
    for n in range(3):
        dirty(docket, n, target)

    def moved_up() -> Any:
        now = plan(worker, FIRST)
        return [turn for turn in (now or planned)["turns"] if turn["compound_id"] == target]

    found = eventually(lambda: [turn for turn in moved_up() if len(turn["case_ids"]) == 3])
    assert found
    assert found[0]["why"] == "need"
    assert [term["name"] for term in found[0]["terms"]] == ["waited", "need"]
    shown = plan(worker, FIRST)
    assert shown is not None
    (out,) = [each for each in shown["displaced"] if each["by"] == target]
    assert out["compound_id"] not in {turn["compound_id"] for turn in shown["turns"]}
    assert "顺延至下一个服务日最前" in out["reason"]["zh"]

    def heads() -> bool:
        later = plan(worker, SECOND)
        return later is not None and out["compound_id"] in {
            turn["compound_id"] for turn in later["turns"] if turn["why"] == "head"
        }

    assert eventually(heads)
    page = eventually(
        lambda: (body := ok(suite.client().get(f"/v1/compounds/{target}/page")))["next_service_day"] == FIRST and body
    )
    assert page
    file = worker.get(f"/v1/rotation/{AGENCY}/plans/{FIRST}/export?format=csv")
    assert file.status_code == 200
    assert clean["name"] in file.content.decode("utf-8-sig")
    assert people["resident"].post(f"/v1/rotation/{AGENCY}/teams", json={"teams": []}).status_code == 403


def test_a_case_that_a_service_day_deals_with_is_resolved_with_photos_and_still_inspected(
    people: dict[str, Client], suite: StagedSuite, planned: dict[str, Any]
) -> None:
    """F51: the organiser of a service day shows a 0303 case of its plan before and after; it is RESOLVED, and another
    one has to inspect it; the day calls for it no more, and its record lists it."""
    docket, organiser = Docket(suite, people), people["worker"]
    suite.clock.set(DEMO_NOW)
    for n in range(3):
        dirty(docket, 9 + n)
    of_day = {"series_id": planned["series_id"], "first_day": FIRST, "last_day": FIRST}
    (activity,) = ok(organiser.get("/v1/activities", params=of_day))["items"]
    day = activity["activity_id"]

    def is_planned() -> bool:
        turns = (plan(organiser, FIRST) or planned)["turns"]
        return any(docket.case_id in turn["case_ids"] for turn in turns)

    assert eventually(is_planned)
    docket.act("dispatcher", "dispatch", assignees=["p-worker"])
    docket.act("worker", "accept")
    docket.act("worker", "arrive")
    before, after = docket.photo("worker"), docket.photo("worker")
    shown: dict[str, Any] = {"text": "服务日清理完毕", "photos": [after], "service_day_id": day}
    assert docket.refused("worker", "feedback", **shown) == "before_photo_missing"
    shown["before_photos"] = [before]
    assert docket.refused("worker", "feedback", **shown) == "service_day_not_begun"
    suite.clock.set(f"{FIRST}T10:30:00+08:00")
    assert docket.refused("worker", "feedback", **{**shown, "service_day_id": "a-none"}) == "unknown_activity"
    done = docket.act("worker", "feedback", **shown)
    assert done["status"] == "RESOLVED"
    seen = docket.case()
    assert seen["service_day_id"] == day
    assert [(each["photo_id"], each["shows"]) for each in seen["photos"]] == [(before, "before"), (after, "after")]
    assert docket.refused("worker", "inspect-pass") in {"handler_inspects", "not_permitted"}
    docket.act("second_worker", "inspect-pass")
    assert docket.case()["status"] == "CLOSED"
    resolved = docket.case_id
    turns = {turn["compound_id"] for turn in (plan(organiser, FIRST) or planned)["turns"]}
    here = ok(organiser.get(f"/v1/rotation/{AGENCY}/compounds"))["items"]
    ids = (each["compound_id"] for each in here)
    dirty(docket, 12, next(id for id in ids if id.startswith("c-002001-") and id not in turns))
    docket.act("dispatcher", "dispatch", assignees=["p-worker"])
    docket.act("worker", "accept")
    docket.act("worker", "arrive")
    shown |= {"photos": [docket.photo("worker")], "before_photos": [docket.photo("worker")]}
    assert docket.refused("worker", "feedback", **shown) == "case_not_of_service_day"
    suite.clock.set(f"{FIRST}T18:00:00+08:00")
    ok(organiser.post(f"/v1/service-days/{day}/visits", json={"visits": [{"compound_id": "c-dongyuan"}]}))

    def recorded() -> Any:
        return resolved in ok(organiser.get(f"/v1/service-days/{day}/visits"))["resolved_case_ids"]

    assert eventually(recorded)
