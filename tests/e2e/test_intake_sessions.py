"""Where people are listened to, much comes up at once (F30): typed in or imported, it is kept whole and followed up."""

import io
from typing import Any

import xlsxwriter

from dev.client import Client
from tests.e2e.answers import ok
from tests.e2e.staged import DEMO_NOW, StagedSuite
from tests.waiting import eventually

GAOXIN = "360704100002"
GRID = f"{GAOXIN}001"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TALK = {
    "kind": "evening_talk",
    "area": GAOXIN,
    "held_at": "2026-03-31T17:00:00+08:00",
    "attendance": 23,
    "attendees": [
        {"name": "钱测101", "phone": "12000000101", "consent": True},
        {"person_id": "p-neighbour", "consent": True},
    ],
}
HEAD = ["类型", "内容", "类别", "网格", "姓名", "电话", "同意留电话"]


def lamp(n: int) -> dict[str, Any]:
    return {"text": f"{n}号楼旁路灯不亮", "category": "路灯不亮/闪烁", "grid_code": GRID}


def sheet(*rows: list[Any]) -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for n, row in enumerate(rows):
            page.write_row(n, 0, row)
    return file.getvalue()


def test_nine_matters_of_an_evening_talk(people: dict[str, Client], suite: StagedSuite) -> None:
    """F30: nine cases and needs share the session's id, duplicates are offered, attendees with a phone hear of it."""
    suite.clock.set(DEMO_NOW)
    worker, desk = people["worker"], people["dispatcher"]
    needs = [{"form": "need", "text": text, "category": "0804", "grid_code": GRID} for text in ("学手机", "学电脑")]
    body = {
        **TALK,
        "items": [*map(lamp, range(1, 7)), {"text": "想问政策", "category": "1001", "grid_code": GRID}, *needs],
    }
    key = {"Idempotency-Key": "evening-talk-1"}
    receipt = ok(worker.post("/v1/intake-sessions", json=body, headers=key), 201)
    assert ok(worker.post("/v1/intake-sessions", json=body, headers=key), 201)["session_id"] == receipt["session_id"]
    assert [item["form"] for item in receipt["items"]] == ["case"] * 7 + ["need"] * 2
    lamps = [item["id"] for item in receipt["items"][:6]]
    offered = {each["case"]["case_id"] for each in receipt["items"][0]["duplicates"]}
    assert set(lamps[1:]) <= offered

    kept = ok(worker.get(f"/v1/intake-sessions/{receipt['session_id']}"))
    assert (kept["attendance"], kept["left_contact"], kept["item_count"]) == (23, 2, 9)
    assert {ok(desk.get(f"/v1/cases/{id}"))["session_id"] for id in lamps} == {receipt["session_id"]}
    listed = ok(desk.get("/v1/intake-sessions", params={"area": GAOXIN}))["items"]
    assert receipt["session_id"] in {line["session_id"] for line in listed}

    first, *others = lamps
    for id in others:
        ok(desk.post(f"/v1/cases/{id}/merge", json={"target_case_id": first}))
    ok(desk.post(f"/v1/cases/{first}/register", json={"category": "0101"}))
    question = receipt["items"][6]["id"]
    ok(desk.post(f"/v1/cases/{question}/register", json={"category": "1001"}))

    def told(template: str, who: str) -> list[dict[str, Any]]:
        inbox = ok(people[who].get("/v1/inbox", params={"limit": 100}))["items"]
        return [each for each in inbox if (each["template"], each["session_id"]) == (template, receipt["session_id"])]

    assert eventually(lambda: told("session_decided", "neighbour") and told("session_decided_by_hand", "worker"), 90)
    [by_hand] = told("session_decided_by_hand", "worker")
    assert "12000000101" not in str(by_hand)
    contacts = ok(worker.post(f"/v1/intake-sessions/{receipt['session_id']}/attendee-contacts"))["items"]
    assert contacts == [{"name": "钱测101", "phone": "12000000101", "callback": "voice"}]
    refused = people["resident"].get(f"/v1/intake-sessions/{receipt['session_id']}")
    assert (refused.status_code, refused.json()["code"]) == (403, "out_of_scope")


def test_a_spreadsheet_is_imported_whole_or_not_at_all(people: dict[str, Client], suite: StagedSuite) -> None:
    """A broken line is named by line and column, and nothing of the sheet is kept; mended, all of it is."""
    suite.clock.set(DEMO_NOW)
    worker = people["worker"]
    query = {"kind": "register", "area": GAOXIN, "held_at": "2026-03-31T09:00:00+08:00", "source": "PHONE"}
    good = ["案件", "楼道堆物", "0303", GRID, "孙测102", "12000000102", "是"]
    wrong = ["需求", "想学书法", "9999", GRID, "", "", ""]

    def send(*rows: list[Any], **more: str) -> Any:
        headers = {"Content-Type": XLSX, "Accept-Language": "zh-CN"}
        return worker.post(
            "/v1/intake-sessions/import", params={**query, **more}, data=sheet(HEAD, *rows), headers=headers
        )

    before = suite.database("cases")["cases"].count_documents({})
    refused = send(good, wrong)
    assert (refused.status_code, refused.json()["code"]) == (422, "items_refused")
    [fault] = refused.json()["errors"]
    assert (fault["line"], fault["column"], fault["heading"], fault["code"]) == (3, "C", "类别", "unknown_category")
    assert fault["detail"] == "没有这个类别"
    looked = ok(send(good, check="true"))
    assert (looked["items"][0]["line"], "session_id" in looked) == (2, False)
    assert suite.database("cases")["cases"].count_documents({}) == before
    kept = ok(send(good, ["需求", "想学书法", 805, GRID, "", "", ""]), 201)
    assert [(item["line"], item["form"]) for item in kept["items"]] == [(2, "case"), (3, "need")]
    seen = ok(worker.get(f"/v1/cases/{kept['items'][0]['id']}"))
    assert (seen["source"], seen["reporter"]["by_proxy"], seen["reporter"]["contact"]["phone"]) == (
        "PHONE",
        True,
        "120****0102",
    )


def test_what_the_hotline_transfers_twice_is_one_case(people: dict[str, Client]) -> None:
    """A transfer of 12345 that arrives twice under its external number counts once (docs/domain.md §8.5)."""
    transfer = {"text": "路灯不亮", "grid_code": GRID, "source": "12345", "external_number": "GZ-E2E-0001"}
    first = people["dispatcher"].post("/v1/cases", json=transfer)
    again = people["dispatcher"].post("/v1/cases", json={**transfer, "text": "催办"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert (again.json()["case_id"], again.json()["arrived_before"]) == (first.json()["case_id"], True)
    found = ok(people["dispatcher"].get("/v1/cases", params={"external_number": "GZ-E2E-0001"}))["items"]
    assert [line["case_id"] for line in found] == [first.json()["case_id"]]
