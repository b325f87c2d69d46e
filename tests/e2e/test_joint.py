"""Several handle a matter together, on real servers: the whistle (F40) within a joint mechanism (F37), a dispute
that is mediated (F36), and the page of a compound (F38).
"""

from typing import Any

import pytest

from dev.client import Client, sign_in_with_password
from dev.lamp import COMPOUND, picture
from tests.e2e.cast import ACCOUNTS
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

GRID = "360704100002001"
CONTACTS = {"housing": "u-housing-bureau", "power": "u-power-co", "urban": "u-urban-mgmt"}
PARTIES = ("resident", "neighbour")


@pytest.fixture(scope="module")
def contacts(suite: StagedSuite, people: dict[str, Client]) -> dict[str, Client]:
    """The contacts of three bureaus of the demo district, held to the specification as everybody is."""
    found = {}
    for name, unit in CONTACTS.items():
        token = sign_in_with_password(suite.client(), f"contact-{unit[2:]}", suite.secrets["DEMO_PASSWORD"])
        found[name] = suite.client(token)
        found[name].hooks["response"] = list(people["dispatcher"].hooks["response"])
    return found


def posted(client: Client, path: str, **body: Any) -> dict[str, Any]:
    answer = client.post(path, json=body)
    assert answer.ok, (path, answer.status_code, answer.text)
    receipt: dict[str, Any] = answer.json()
    return receipt


def refused(client: Client, path: str, **body: Any) -> str:
    answer = client.post(path, json=body)
    assert not answer.ok
    code: str = answer.json()["code"]
    return code


def heard(client: Client, case_id: str) -> list[str]:
    items = client.get("/v1/inbox", params={"limit": 100}).json()["items"]
    return [item["template"] for item in items if item["case_id"] == case_id]


def test_a_community_whistles_three_units_and_one_does_not_come(
    suite: StagedSuite, people: dict[str, Client], contacts: dict[str, Client]
) -> None:
    """F40: 高新社区 whistles three units for 15:00; 城管 is absent with a reason, and each unit gets its score."""
    suite.clock.set("2026-03-13T09:00:00+08:00")
    wire = {"text": "架空线缆垂落", "location": COMPOUND, "compound_id": "c-dongyuan"}
    case_id = posted(people["resident"], "/v1/cases", **wire)["case_id"]
    posted(people["dispatcher"], f"/v1/cases/{case_id}/register", category="0107")
    named = {"axis": "党建引领", "mechanisms": [{"name": "治理联动"}, {"name": "平安联防"}]}
    entered = people["dispatcher"].put("/v1/mechanisms/360704100", json=named)
    assert entered.ok, entered.text
    call = {
        "mechanism_id": entered.json()["mechanism_ids"][0],
        "kind": "joint_enforcement",
        "units": list(CONTACTS.values()),
        "lead_unit_id": CONTACTS["urban"],
        "due_on_site": "2026-03-13T15:00:00+08:00",
    }
    assert refused(people["worker"], f"/v1/cases/{case_id}/summons", **call) == "not_permitted"
    summons_id = posted(people["worker"], f"/v1/cases/{case_id}/ask-summons", **call)["summons_id"]
    path = f"/v1/summons/{summons_id}"
    assert contacts["power"].get(path).status_code == 403
    posted(people["dispatcher"], f"{path}/grant")
    for name in ("housing", "power"):
        posted(contacts[name], f"{path}/acknowledge")
    suite.clock.set("2026-03-13T12:10:00+08:00")
    assert eventually(lambda: "summons_unanswered" in heard(contacts["urban"], case_id))
    suite.clock.set("2026-03-13T14:50:00+08:00")
    for name in ("housing", "power"):
        posted(people["worker"], f"{path}/arrive", unit_id=CONTACTS[name])
    missed = {"unit_id": CONTACTS["urban"], "reason_code": "no_answer", "text": "电话无人接听"}
    assert refused(people["worker"], f"{path}/miss", **missed) == "still_time"
    suite.clock.set("2026-03-13T15:20:00+08:00")
    assert eventually(lambda: "summons_due" in heard(people["worker"], case_id))
    posted(people["worker"], f"{path}/miss", **missed)
    for name, score in (("housing", 5), ("power", 4), ("urban", 1)):
        posted(people["worker"], f"{path}/score", unit_id=CONTACTS[name], score=score)

    seen = people["dispatcher"].get(path).json()
    units = {each["unit_id"]: (each["turnout"], each["reason_code"], each["score"]) for each in seen["units"]}
    assert seen["status"] == "ended"
    assert seen["office_leads"] is True
    assert units == {
        CONTACTS["housing"]: ("arrived", None, 5),
        CONTACTS["power"]: ("arrived", None, 4),
        CONTACTS["urban"]: ("absent", "no_answer", 1),
    }
    counted = people["dispatcher"].get("/v1/summons/scores", params={"area": GRID}).json()["items"]
    absent = {row["unit_id"]: (row["acknowledged"], row["absent"], row["mean_score"]) for row in counted}
    assert absent[CONTACTS["urban"]] == (0, 1, 1.0)
    report = people["party_office"].get("/v1/mechanisms/360704100").json()
    assert [(each["name"], each["linked"]["summons"]) for each in report["items"]] == [("治理联动", 1), ("平安联防", 0)]
    told_once(people, contacts, case_id)
    assert contacts["urban"].get("/v1/summons").json()["items"][0]["summons_id"] == summons_id
    assert people["resident"].get(path).status_code == 403


def told_once(people: dict[str, Client], contacts: dict[str, Client], case_id: str) -> None:
    """Each of the units hears what concerns it, and the office that it leads, once however many instances run."""
    came = ["summoned", "summons_arrived", "summons_scored"]
    absent = ["summoned", "summons_absent", "summons_scored", "summons_unanswered"]
    for name, wanted in (("housing", came), ("power", came), ("urban", absent)):
        client = contacts[name]
        assert eventually(lambda: sorted(heard(client, case_id)) == wanted), heard(client, case_id)  # noqa: B023
    assert eventually(lambda: heard(people["admin"], case_id).count("summons_led_by_office") == 1)


def test_a_neighbour_dispute_is_settled_in_the_grid_and_its_words_stay_with_those_who_were_there(
    suite: StagedSuite, people: dict[str, Client]
) -> None:
    """F36: 0701 is closed with a signed agreement and counts at grid level; only parties and mediator read it."""
    suite.clock.set("2026-03-13T19:00:00+08:00")
    said = "双方同意晚上十点后不再练琴"
    quarrel = {"text": "楼上练琴扰民", "location": COMPOUND, "compound_id": "c-dongyuan"}
    case_id = posted(people["resident"], "/v1/cases", **quarrel)["case_id"]
    path, worker = f"/v1/cases/{case_id}", people["worker"]
    posted(people["dispatcher"], f"{path}/register", category="0701")
    posted(people["dispatcher"], f"{path}/dispatch", assignees=[ACCOUNTS["worker"]["person_id"]])
    posted(worker, f"{path}/accept")
    posted(worker, f"{path}/arrive")
    strangers = [{"person_id": ACCOUNTS["resident"]["person_id"]}, {"person_id": "p-nobody"}]
    assert refused(worker, f"{path}/mediate", parties=strangers) == "unknown_person"
    posted(worker, f"{path}/mediate", parties=[{"person_id": ACCOUNTS[who]["person_id"]} for who in PARTIES])
    posted(worker, f"{path}/meet", record=said)
    posted(worker, f"{path}/feedback", text="已调解")
    assert refused(people["inspector"], f"{path}/inspect-pass") == "outcome_missing"
    sheet = worker.post("/v1/photos", data=picture(lit=True), headers={"Content-Type": "image/jpeg"}).json()["photo_id"]
    posted(worker, f"{path}/settle", outcome="agreed", settled_by="grid_party_group", agreement=[sheet])
    assert posted(people["inspector"], f"{path}/inspect-pass")["status"] == "CLOSED"

    for who in (*PARTIES, "worker"):
        seen = people[who].get(path).json()["mediation"]
        assert (seen["records"][0]["record"], seen["agreement"]) == (said, [sheet])
        assert people[who].get(f"/v1/photos/{sheet}").status_code == 200
    for who in ("dispatcher", "inspector", "admin", "second_worker"):
        answer = people[who].get(path)
        seen = answer.json()["mediation"]
        assert (seen["outcome"], seen["resolution_level"], seen["meetings"]) == ("agreed", "grid", 1)
        assert said not in answer.text
        assert sheet not in answer.text
        assert people[who].get(f"/v1/photos/{sheet}").status_code == 404
    closed = suite.database("cases").cases.find_one({"_id": case_id}, {"history": True})
    assert closed is not None
    events = {entry["type"]: entry["data"] for entry in closed["history"]}
    assert events["case.closed"]["resolution_level"] == "grid"
    assert said not in str(closed["history"])


def test_anybody_reads_the_page_of_a_compound_and_nobody_is_in_it(
    suite: StagedSuite, people: dict[str, Client]
) -> None:
    """F38: 东源胜景小区 is opened without signing in: what is open and who sees to it; no personal data."""
    suite.clock.set("2026-03-16T09:00:00+08:00")
    secret = "谢测001，电话12000000001"
    report = {"text": f"路灯不亮，{secret}", "location": COMPOUND, "compound_id": "c-dongyuan"}
    receipt = posted(people["resident"], "/v1/cases", **report)
    path = f"/v1/cases/{receipt['case_id']}"
    posted(people["dispatcher"], f"{path}/register", category="0101")
    posted(people["dispatcher"], f"{path}/dispatch", assignees=["u-lighting-office"])
    posted(people["dispatcher"], f"{path}/note", text=secret)
    anyone = suite.client()
    anyone.hooks["response"] = list(people["dispatcher"].hooks["response"])
    answer = anyone.get("/v1/compounds/c-dongyuan/page")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=60")
    found = answer.json()
    [mine] = [line for line in found["open"] if line["number"] == receipt["number"]]
    assert mine["responsible"] == [{"kind": "unit", "zh": "赣县区路灯管理所", "en": "赣县区路灯管理所"}]
    assert (found["name"], mine["status"], mine["since"]) == ("东源胜景小区", "DISPATCHED", "2026-03-16")
    for hidden in ("谢测", "12000000001", "p-resident", "p-worker", "photo"):
        assert hidden not in answer.text
    again = anyone.get("/v1/compounds/c-dongyuan/page", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert anyone.get("/v1/compounds/c-nowhere/page").json()["code"] == "compound_not_found"
