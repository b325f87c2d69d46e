"""A patrol on the whole suite: from start to stop, what is found on it, and the mark for who found it."""

from uuid import uuid4

from dev.client import Client
from tests.e2e.answers import ok
from tests.waiting import eventually

SQUARE = "360704100007001"
PLACE = {"lon": 115.0060, "lat": 25.8600}


def test_f18_a_riders_finding_opens_a_case_and_credits_the_rider_once(people: dict[str, Client]) -> None:
    """F18: a rider patrols 广场社区 and snaps a blocked fire lane: a case 0601 with source PATROL, one mark, no track
    after the end.
    """
    rider, office = people["rider"], people["dispatcher"]
    begun = ok(rider.post("/v1/patrols", json={"grid_code": SQUARE, "text_version": "2026-03"}), 201)
    patrol = begun["patrol_id"]
    twice = rider.post("/v1/patrols", json={"grid_code": SQUARE, "text_version": "2026-03"})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_on_patrol")
    found = {
        "text": "消防通道被占用",
        "location": PLACE,
        "category": "0601",
        "source": "PATROL",
        "patrol_id": patrol,
    }
    key = {"Idempotency-Key": str(uuid4())}
    case, again = (rider.post("/v1/cases", json=found, headers=key).json() for _ in range(2))
    assert (case["grid_code"], case["category"], case["case_id"]) == (SQUARE, "0601", again["case_id"])
    seen = ok(office.get(f"/v1/cases/{case['case_id']}"))
    assert (seen["source"], seen["patrol_id"]) == ("PATROL", patrol)
    misplaced = rider.post("/v1/cases", json={**found, "source": "APP"})
    assert (misplaced.status_code, misplaced.json()["code"]) == (422, "patrol_not_expected")
    start, last = begun["started_at"], begun["ends_by"]
    unreadable = [{"point_id": "3", "at": "yesterday", **PLACE}, {"at": start, "lon": 200, "lat": "north"}]
    points = [{"point_id": "1", "at": start, **PLACE}, {"point_id": "2", "at": last, **PLACE}, *unreadable]
    told = ok(rider.post(f"/v1/patrols/{patrol}/points", json={"points": points}))["items"]
    assert [each.get("problem", {}).get("code") for each in told] == [None, "point_in_the_future", "invalid", "invalid"]
    assert [each["point_id"] for each in told] == ["1", "2", "3", None]
    nothing = rider.post(f"/v1/patrols/{patrol}/points", json={"points": [5]})
    assert (nothing.status_code, nothing.json()["errors"][0]["pointer"]) == (422, "/points/0")
    assert ok(rider.post(f"/v1/patrols/{patrol}/stop", json={}))["ended"] == "told"
    assert len(ok(rider.get(f"/v1/patrols/{patrol}/track"))["points"]) == 1
    assert office.get(f"/v1/patrols/{patrol}/track").status_code == 404
    shown = ok(office.post(f"/v1/patrols/{patrol}/reveal-track", json={"reason": "投诉核查"}))
    assert len(shown["points"]) == 1
    assert patrol in [each["patrol_id"] for each in ok(office.get(f"/v1/patrols?area={SQUARE}"))["items"]]
    assert patrol in [each["patrol_id"] for each in ok(rider.get("/v1/patrols"))["items"]]

    def credited() -> bool:
        findings = ok(rider.get("/v1/patrol-findings"))
        return [each["case_id"] for each in findings["items"]] == [case["case_id"]] and findings["credited"] == 1

    assert eventually(credited)
    assert [each["case_id"] for each in ok(rider.get(f"/v1/patrols/{patrol}"))["findings"]] == [case["case_id"]]
