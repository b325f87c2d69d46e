"""Somebody without an account reports, is asked, answers and follows what becomes of it, on the whole suite."""

from uuid import uuid4

from dev.client import Client
from dev.lamp import picture
from tests.e2e.answers import ok
from tests.e2e.staged import StagedSuite

LAMP = {"text": "路灯不亮,电话12000990911", "location": {"lon": 115.0221, "lat": 25.8531}}


def anyone(suite: StagedSuite, people: dict[str, Client]) -> Client:
    """A client without a token, whose answers are held to the specification."""
    client = suite.client()
    client.hooks["response"] = list(people["resident"].hooks["response"])
    return client


def test_from_a_report_without_an_account_to_its_end(suite: StagedSuite, people: dict[str, Client]) -> None:
    suite.clock.set("2026-04-21T09:00:00+08:00")
    nobody, desk = anyone(suite, people), people["dispatcher"]
    dark = ok(
        nobody.post("/v1/anonymous-photos", data=picture(lit=False), headers={"Content-Type": "image/jpeg"}), 201
    )["photo_id"]
    key = {"Idempotency-Key": str(uuid4())}
    told = ok(nobody.post("/v1/anonymous-reports", json={**LAMP, "photos": [dark]}, headers=key), 201)
    again = ok(nobody.post("/v1/anonymous-reports", json={**LAMP, "photos": [dark]}, headers=key), 201)
    assert (again["case_id"], again["tracking"]) == (told["case_id"], None)
    link, case = f"/v1/tracked-reports/{told['tracking']['token']}", f"/v1/cases/{told['case_id']}"
    assert told["tracking"]["url"].endswith(link)
    assert ok(nobody.get(link))["status"] == "REPORTED"
    assert nobody.get(case).status_code == 401

    ok(desk.post(f"{case}/register", json={"category": "0101"}))
    ok(desk.post(f"{case}/ask", json={"text": "在几号楼?"}))
    [question] = ok(nobody.get(link))["questions"]
    assert question["text"] == "在几号楼?"
    ok(nobody.post(f"{link}/answer", json={"text": "3号楼东侧"}))
    assert nobody.post(f"{link}/answer", json={"text": "再说一次"}).status_code == 409
    assert "3号楼东侧" in [line["text"] for line in ok(desk.get(case))["timeline"]]
    ok(desk.post(f"{case}/ask", json={"text": "几盏?"}))
    page = nobody.post(link, data={"text": "两盏\r\n都不亮"}, headers={"Accept": "text/html"})
    assert (page.status_code, page.url.endswith(link), "<form" in page.text) == (200, True, False)
    assert "两盏\n都不亮" in [line["text"] for line in ok(desk.get(case))["timeline"]]

    ok(desk.post(f"{case}/dispatch", json={"assignees": ["u-lighting-office"]}))
    unit = people["unit_contact"]
    lit = ok(unit.post("/v1/photos", data=picture(lit=True), headers={"Content-Type": "image/jpeg"}), 201)["photo_id"]
    for act, body in (("accept", {}), ("arrive", {}), ("feedback", {"text": "已更换灯泡", "photos": [lit]})):
        ok(unit.post(f"{case}/{act}", json=body))
    ok(people["inspector"].post(f"{case}/inspect-pass"))
    seen = ok(nobody.get(link))
    assert (seen["status"], seen["acts"]) == ("CLOSED", [])
    assert [line["text"] for line in seen["timeline"] if line["text"]] == ["在几号楼?", "几盏?", "已更换灯泡"]
    assert "12000990911" not in str(seen)
    refused = desk.post(f"{case}/rate", json={"solved": "yes", "satisfaction": 4})
    assert (refused.status_code, refused.json()["code"]) == (409, "nobody_to_ask")


def test_a_link_that_is_none_leads_nowhere_and_none_is_in_any_log(
    suite: StagedSuite, people: dict[str, Client]
) -> None:
    suite.clock.set("2026-04-21T10:00:00+08:00")
    told = ok(people["resident"].post("/v1/cases", json={**LAMP, "anonymous": True}), 201)
    token = told["tracking"]["token"]
    nobody = anyone(suite, people)
    assert ok(nobody.get(f"/v1/tracked-reports/{token}"))["number"] == told["number"]
    refused = nobody.get(f"/v1/tracked-reports/{token[:-1]}")
    assert (refused.status_code, refused.json()["code"]) == (404, "tracked_report_not_found")
    logged = "".join(path.read_text("utf-8") for path in suite.directory.rglob("*.log"))
    assert logged
    assert token not in logged
    kept = suite.database("cases")["cases"].find_one({"_id": told["case_id"]})
    assert token not in str(kept)
