"""Two quarters of a community ask how people feel (F14, F52), on real servers and over HTTP."""

from typing import Any

from dev.client import Client
from tests.e2e.answers import ok
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

CHENGBEI = "360704100001"
NORTH, POND = f"{CHENGBEI}001", f"{CHENGBEI}002"
TITLE = {"zh": "城北社区民情调查", "en": "Chengbei community"}
METHOD = {"zh": "自愿在线填写，不记名", "en": "Online and without a name, whoever wants to"}


def refused(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def drafted(office: Client, first_day: str, last_day: str) -> str:
    body = {"area": CHENGBEI, "title": TITLE, "method": METHOD, "first_day": first_day, "last_day": last_day}
    return str(ok(office.post("/v1/surveys", json=body), 201)["survey_id"])


def answers(people: dict[str, Client], path: str, score: int, in_pond: int = 0) -> None:
    """Everybody of the demo answers, and the last so many of them for another grid."""
    for n, client in enumerate(people.values()):
        grid = POND if n >= len(people) - in_pond else NORTH
        body = {"scores": {"sense_of_gain": score, "sense_of_safety": 5}, "grid_code": grid}
        ok(client.post(f"{path}/answers", json=body))


def test_two_quarters_are_asked_without_names_and_told_side_by_side(
    people: dict[str, Client], suite: StagedSuite
) -> None:
    office, resident = people["party_office"], people["resident"]
    everybody = len(people)
    suite.clock.set("2026-04-06T09:00:00+08:00")
    path = f"/v1/surveys/{drafted(office, '2026-04-06', '2026-04-08')}"
    assert refused(resident.get(path)) == (404, "survey_not_found")
    first_read = office.get(path)
    meant = {"If-Match": first_read.headers["ETag"]}
    ok(office.patch(path, json={"last_day": "2026-04-10"}, headers=meant))
    assert refused(office.post(f"{path}/open", headers=meant)) == (412, "stale_version")
    ok(office.post(f"{path}/open", headers={"If-Match": office.get(path).headers["ETag"]}))
    assert refused(office.patch(path, json={"last_day": "2026-04-12"})) == (409, "survey_not_draft")

    one = {"scores": {"sense_of_gain": 3}, "grid_code": NORTH}
    again = {"Idempotency-Key": "my-answer"}
    for _ in range(2):
        assert ok(people["neighbour"].post(f"{path}/answers", json=one, headers=again))["answered"]
    assert refused(people["neighbour"].post(f"{path}/answers", json=one)) == (409, "already_answered")
    wrong = resident.post(f"{path}/answers", json={"scores": {"sense_of_gain": 9}, "grid_code": "360704100002001"})
    assert {each["code"] for each in wrong.json()["errors"]} == {"score_out_of_range", "grid_outside_survey"}
    assert all(each["advice"] for each in wrong.json()["errors"])
    answers({name: client for name, client in people.items() if name != "neighbour"}, path, 3)
    assert (ok(office.get(path))["answers"], ok(resident.get(path))["answers"]) == (everybody, None)
    assert refused(office.get(f"{path}/results")) == (409, "survey_not_closed")

    suite.clock.set("2026-04-11T00:00:00+08:00")
    assert eventually(lambda: ok(office.get(path))["status"] == "closed", 60)
    marks = suite.database("cases")["survey_marks"]
    assert eventually(lambda: not marks.count_documents({"survey_id": path.rsplit("/", 1)[-1]}), 60)
    assert refused(resident.get(f"{path}/results")) == (409, "survey_not_published")
    ok(office.post(f"{path}/publish"))
    told = ok(resident.get(f"{path}/results"))
    assert [(each["area"], each["answers"]) for each in told["grids"]] == [(NORTH, everybody)]

    suite.clock.set("2026-07-06T09:00:00+08:00")
    later = f"/v1/surveys/{drafted(office, '2026-07-06', '2026-07-10')}"
    ok(office.post(f"{later}/open"))
    answers(people, later, 4, in_pond=3)
    for act in ("close", "publish"):
        ok(office.post(f"{later}/{act}"))
    told = ok(resident.get(f"{later}/results"))
    gain = told["whole"]["figures"][0]
    assert (gain["n"], gain["mean"], gain["change"]) == (everybody, 4.0, 1.0)
    assert (told["method"], told["compared_with"]) == (METHOD, path.rsplit("/", 1)[-1])
    assert [each["survey_id"] for each in told["trend"]] == [told["compared_with"]]
    assert [(each["area"], each["hidden"]) for each in told["grids"]] == [(NORTH, True), (POND, True)], "3 of 14"
    listed = ok(resident.get("/v1/surveys", params={"area": CHENGBEI, "status": "published"}))["items"]
    assert [each["survey_id"] for each in listed] == [later.rsplit("/", 1)[-1], told["compared_with"]]
