"""What workers and households need, on the whole suite: written down in members, a demand in cases, met, and seen."""

import io
from typing import Any

import openpyxl
import pytest

from dev.client import Client
from tests.e2e.answers import ok
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

GRID = "360704100002001"


def progress(worker: Client, worker_id: str) -> str:
    return str(ok(worker.get(f"/v1/workers/{worker_id}"))["needs"][0]["progress"])


@pytest.fixture(scope="module")
def rider(people: dict[str, Client]) -> dict[str, Any]:
    told = {"nickname": "阿测", "kind": "rider", "platform": "某外卖平台", "grid_code": GRID}
    body = {**told, "needs": [{"text": "夜间充电，电话12000000001"}]}
    return ok(people["worker"].post("/v1/workers", json=body, headers={"Idempotency-Key": "f08"}), 201)


def test_a_riders_need_becomes_a_demand_and_is_seen_to_be_met(
    people: dict[str, Client], suite: StagedSuite, rider: dict[str, Any]
) -> None:
    """F08: nickname, platform, grid and 夜间充电 without ID are accepted under 0901; what becomes of it comes back."""
    worker, desk = people["worker"], people["dispatcher"]
    [need] = rider["needs"]
    demand = eventually(lambda: (answer := desk.get(f"/v1/demands/{need}")).status_code == 200 and answer.json())
    assert (demand["category"], demand["source"], demand["grid_code"]) == ("0901", "RIDER", GRID)
    assert demand["text"] == "夜间充电，电话****"
    assert eventually(lambda: progress(worker, rider["worker_id"]) == "listed")
    offer = {"kind": "equipment", "text": "充电柜一组", "serves": [GRID[:12]], "categories": ["0901"]}
    resource = ok(people["unit_contact"].post("/v1/resources", json=offer), 201)["resource_id"]
    plan = {"title": "增设充电柜", "demands": [need], "resources": [resource]}
    project = ok(desk.post("/v1/projects", json=plan), 201)["project_id"]
    ok(desk.post(f"/v1/projects/{project}/complete"))
    assert eventually(lambda: progress(worker, rider["worker_id"]) == "met")


def test_an_identity_number_has_no_field(people: dict[str, Client], rider: dict[str, Any]) -> None:
    """F08: there is none to be sent, and none is shown."""
    shown = ok(people["worker"].get(f"/v1/workers/{rider['worker_id']}"))
    assert shown["nickname"] == "阿**"
    assert not {name for name in shown if "identity" in name or name.startswith("id")}
    body = {"nickname": "x", "kind": "rider", "platform": "x", "grid_code": GRID, "id_number": "999999199001010016"}
    refused = people["worker"].post("/v1/workers", json=body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/id_number")


def test_the_census_is_counted_and_given_as_a_file(people: dict[str, Client], rider: dict[str, Any]) -> None:
    admin = people["admin"]
    found = ok(admin.get(f"/v1/worker-census/{GRID[:6]}?day=2026-03-31"))
    assert found["known"] >= 1180
    assert found["estimated"] > found["known"]
    file = admin.get(f"/v1/worker-census/{GRID}/export", headers={"Accept-Language": "en"})
    assert file.status_code == 200, file.text
    sums, sheet = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets
    assert [cell.value for cell in sums[1]][:3] == ["Known", "Linked", "Estimated"]
    rows = list(sheet.iter_rows(values_only=True))
    assert any(row[0] == "阿**" for row in rows)
    assert people["resident"].get("/v1/workers").status_code == 403


def test_a_round_is_walked_and_each_need_becomes_a_demand(people: dict[str, Client], suite: StagedSuite) -> None:
    """F07: of four doors two are visited, one answers to nobody twice, one is untouched; the need is listed once."""
    worker, desk = people["worker"], people["dispatcher"]
    doors = [{"compound_id": "c-dongyuan", "building": "2号楼", "door": n} for n in range(1, 5)]
    body = {"title": "四户敲门", "addresses": doors}
    round_id = ok(worker.post("/v1/rounds", json=body), 201)["round_id"]
    wrong = worker.post("/v1/rounds", json={"title": "x", "addresses": [doors[0], doors[0]]})
    assert (wrong.status_code, wrong.json()["errors"][0]["pointer"]) == (422, "/addresses/1/door")
    listed = ok(worker.get(f"/v1/rounds/{round_id}/addresses"))["items"]
    paths = [f"/v1/rounds/{round_id}/addresses/{each['address_id']}/visits" for each in listed]
    need = {"category": "0804", "text": "希望有人教用手机"}
    met = {"outcome": "visited", "needs": [need], "private_note": "家有重病"}
    first, again = (ok(worker.post(paths[0], json=met, headers={"Idempotency-Key": "door-1"})) for _ in range(2))
    assert first == again
    ok(worker.post(paths[1], json={"outcome": "visited"}))
    for _ in range(2):
        ok(worker.post(paths[2], json={"outcome": "no_answer"}))
    shown = ok(desk.get(f"/v1/rounds/{round_id}"))
    assert (shown["coverage"], shown["no_answer_twice"], shown["untouched"]) == ("50.00", 1, 1)
    left = ok(desk.get(f"/v1/rounds/{round_id}/addresses?standing=untouched"))["items"]
    assert [each["door"] for each in left] == [4]
    file = desk.get(f"/v1/rounds/{round_id}/export?format=csv&standing=untouched", headers={"Accept-Language": "en"})
    assert file.text.splitlines()[1].split(",")[2:6] == ["东源胜景小区", "2号楼", "4", "Untouched"]
    [need_id] = first["needs"]
    demand = eventually(lambda: (answer := desk.get(f"/v1/demands/{need_id}")).status_code == 200 and answer.json())
    assert (demand["category"], demand["source"], demand["source_id"]) == ("0804", "DOOR_KNOCK", first["visit_id"])
    assert suite.database("cases")["demands"].count_documents({"source_id": first["visit_id"]}) == 1
    note = f"{paths[0]}/{first['visit_id']}/note"
    assert ok(worker.get(note)) == {"text": "家有重病"}
    assert desk.get(note).status_code == 403
    ok(worker.post(f"/v1/rounds/{round_id}/close"))
    late = worker.post(paths[3], json={"outcome": "visited"})
    assert (late.status_code, late.json()["code"]) == (409, "round_closed")
