"""Indicators over HTTP: cases are played, numbers come of it, each can be opened and counted anew (F34, F54)."""

import io
import re
import subprocess
import sys
from typing import Any

import pytest
from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook
from PIL import Image

from dev.client import Client
from tests.e2e.docket import Docket
from tests.e2e.staged import StagedSuite
from tests.waiting import eventually

GRID = "360704100012002"
"""滨江社区第二网格, which no other test reports in on these days."""

MARCH = {"area": GRID, "from": "2026-02-03", "to": "2026-02-28"}


@pytest.fixture(scope="module")
def played(suite: StagedSuite, people: dict[str, Client]) -> list[str]:
    """Numbers of two cases: one solved and rated, one rejected; and of all that was counted."""
    docket = Docket(suite, people)
    docket.set("2026-02-05T09:00:00+08:00")
    receipts = [docket.report("resident", text="想要一副老花镜", grid_code=GRID, category="0802")]
    docket.act("dispatcher", "register")
    docket.act("dispatcher", "dispatch", assignees=["p-member"])
    docket.act("member", "accept")
    docket.set("2026-02-05T09:30:00+08:00")
    docket.act("member", "start", contact="phone")
    docket.act("member", "feedback", text="已送到")
    docket.act("inspector", "inspect-pass")
    docket.act("resident", "rate", solved="yes", satisfaction=4)
    receipts.append(docket.report("resident", text="听错了", grid_code=GRID))
    docket.act("dispatcher", "reject", reason_code="not_found", text="现场未发现")
    assert eventually(lambda: counted(people)["reported"] == 2 and counted(people)["satisfied"] == 1, 30)
    return [receipt["number"] for receipt in receipts]


def counted(people: dict[str, Client]) -> dict[str, Any]:
    return dict(asked(people["auditor"])["total"]["counts"])


def asked(client: Client, path: str = "", **query: Any) -> dict[str, Any]:
    answer = client.get(f"/v1/indicators{path}", params={**MARCH, **query})
    assert answer.ok, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_the_board_shows_what_was_played(people: dict[str, Client], played: list[str]) -> None:
    """F54: rates with two decimals, coverage beside them, and null where there is nothing to divide by."""
    found = asked(people["dispatcher"], by="category")
    rates = found["total"]["rates"]
    assert {name: rates[name] for name in ("registration", "closure", "on_time", "response", "coverage")} == {
        "registration": 50.0,
        "closure": 100.0,
        "on_time": 100.0,
        "response": 100.0,
        "coverage": 100.0,
    }
    assert (rates["composite"], rates["urgent_closure"], rates["rework"]) == (100.0, None, 0.0)
    assert {part["of"]: part["counts"]["reported"] for part in found["parts"]} == {"": 1, "0802": 1}
    assert found["categories"]["0802"]["zh"]


def test_an_auditor_opens_a_number(people: dict[str, Client], played: list[str]) -> None:
    """F34: exactly the cases of the number, masked, with the time of the query; as a file too."""
    found = asked(people["auditor"], "/cases", count="solved")
    assert (found["number"], [row["number"] for row in found["items"]]) == (1, played[:1])
    assert found["asked_at"].endswith("+08:00")
    assert "p-resident" not in str(found)
    pages: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = asked(people["auditor"], "/cases", count="reported", limit=1, **after)
        pages += [row["number"] for row in page["items"]]
        if page["next"] is None:
            break
        after = {"after": page["next"]}
    assert pages == played
    answer = people["auditor"].get("/v1/indicators/cases/export", params={**MARCH, "count": "reported"})
    book = load_workbook(io.BytesIO(answer.content))
    assert [row[0].value for row in book.worksheets[1].iter_rows(min_row=2)] == played


def test_who_is_told_what(people: dict[str, Client], played: list[str]) -> None:
    """The row "indicators" of docs/domain.md §5."""
    assert asked(people["resident"])["total"]["rates"]["satisfaction"] is None
    assert set(asked(people["rider"])["total"]["counts"]) == set(asked(people["resident"])["total"]["counts"])
    for who in ("resident", "volunteer", "rider", "unit_contact"):
        answer = people[who].get("/v1/indicators/cases", params={**MARCH, "count": "closed"})
        assert (answer.status_code, answer.json()["code"]) == (403, "out_of_scope")
    for who in ("dispatcher", "inspector", "party_office", "admin", "auditor"):
        assert asked(people[who], by="unit")["audience"] == "all"


def test_a_ranking_is_read_and_taken_along_as_a_file(people: dict[str, Client], played: list[str]) -> None:
    """F54: by a rate, with coverage beside and what has changed; everybody is told ranks by what is public."""
    query = {**MARCH, "by": "category"}
    answer = people["auditor"].get("/v1/indicator-ranking", params=query)
    assert answer.ok, answer.text
    [place] = answer.json()["items"]
    assert {name: place[name] for name in ("of", "rank", "value", "change", "coverage")} == {
        "of": "0802",
        "rank": 1,
        "value": 100.0,
        "change": None,
        "coverage": 100.0,
    }
    assert answer.json()["scoring"]["version"] == "2025.1"
    file = people["auditor"].get("/v1/indicator-ranking/export", params=query)
    assert load_workbook(io.BytesIO(file.content)).worksheets[1]["A2"].value == 1
    for rate, status in (("closure", 200), ("overdue", 403)):
        asked_for = {**MARCH, "by": "grid", "rate": rate}
        assert people["resident"].get("/v1/indicator-ranking", params=asked_for).status_code == status


CHARTS = {
    "/v1/indicators/chart": {"rates": "closure,satisfaction"},
    "/v1/indicator-ranking/chart": {"by": "grid", "rate": "satisfaction"},
}


@pytest.mark.parametrize(("path", "told"), list(zip(CHARTS, ("100.00", "100.00 %"), strict=True)))
def test_what_is_told_as_numbers_is_drawn_and_no_more(
    people: dict[str, Client], played: list[str], path: str, told: str
) -> None:
    """F52: the sample stands beside the number; and nobody else sees in a picture what one person thinks."""

    def words(who: str) -> list[str | None]:
        answer = people[who].get(path, params={**MARCH, **CHARTS[path]})
        assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/svg+xml"), answer.text
        return [each.text for each in fromstring(answer.content).iter("{http://www.w3.org/2000/svg}text")]

    everything, public = words("dispatcher"), words("resident")
    assert "n=1" in everything
    assert everything.count(told) > public.count(told)
    asked = {**MARCH, **CHARTS[path], "format": "png"}
    answer = people["resident"].get(path, params=asked)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/png"), answer.text
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.width == 1650
    known = {"If-None-Match": answer.headers["ETag"]}
    assert people["resident"].get(path, params=asked, headers=known).status_code == 304


@pytest.mark.parametrize(
    ("path", "query", "status", "code"),
    [
        ("/v1/indicators/chart", {"from": "2026-03-01", "to": "2026-02-28"}, 422, "period_reversed"),
        ("/v1/indicators/chart", {"rates": "weather"}, 422, "invalid"),
        ("/v1/indicators/chart", {"rates": "rework"}, 403, "rates_not_told"),
        ("/v1/indicators/chart", {"by": "day"}, 403, "out_of_scope"),
        ("/v1/indicator-ranking/chart", {"from": "2026-03-01", "to": "2026-02-28"}, 422, "period_reversed"),
        ("/v1/indicator-ranking/chart", {"rate": "weather"}, 422, "invalid"),
        ("/v1/indicator-ranking/chart", {"by": "month"}, 422, "invalid"),
        ("/v1/indicator-ranking/chart", {"rate": "rework"}, 403, "out_of_scope"),
    ],
)
def test_bad_questions_for_a_picture_have_errors_of_their_own(
    people: dict[str, Client], path: str, query: dict[str, str], status: int, code: str
) -> None:
    answer = people["resident"].get(path, params={**MARCH, **CHARTS[path], **query})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from": "2026-03-01", "to": "2026-02-28"}, "period_reversed"),
        ({"from": "1990-01-01"}, "period_too_long"),
        ({"unit_id": "u-nobody"}, "unknown_unit"),
        ({"category": "9999"}, "unknown_category"),
        ({"area": "12345"}, "invalid"),
        ({"by": "weather"}, "invalid"),
    ],
)
def test_bad_questions_have_errors_of_their_own(people: dict[str, Client], query: dict[str, str], code: str) -> None:
    answer = people["dispatcher"].get("/v1/indicators", params={**MARCH, **query})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_recount_beside_the_running_suite_puts_right_what_was_spoilt(
    suite: StagedSuite, people: dict[str, Client], played: list[str]
) -> None:
    def recount() -> list[int]:
        command = [sys.executable, "-m", "chassis", "recount"]
        done = subprocess.run(command, env=suite.environment, capture_output=True, check=True, text=True, timeout=120)
        said = done.stdout.splitlines()[-1]
        found = re.fullmatch(r"cases seen: (\d+); lines put right: (\d+); counters put right: (\d+)", said)
        assert found, said
        return [int(number) for number in found.groups()]

    right = counted(people)
    kept = suite.database("cases")
    kept["indicator_counters"].update_many({"grid": GRID, "cut": "grid"}, {"$inc": {"n.closed": 5, "n.due": -3}})
    assert counted(people)["closed"] > right["closed"]
    seen, lines, counters = recount()
    assert (seen >= 2, lines, counters > 0) == (True, 0, True)
    assert counted(people) == right
    assert recount()[1:] == [0, 0]


def test_an_approved_exclusion_is_counted_by_its_ground_and_out_of_the_rates(
    suite: StagedSuite, people: dict[str, Client]
) -> None:
    """docs/domain.md §2.4: proposed by one, approved by another, opened by an auditor."""
    january = {"from": "2026-01-12", "to": "2026-01-18"}
    docket = Docket(suite, people)
    docket.set("2026-01-14T09:00:00+08:00")
    number = docket.report("resident", text="想要一副老花镜", grid_code=GRID, category="0802")["number"]
    docket.act("dispatcher", "register")
    docket.act("dispatcher", "dispatch", assignees=["p-member"])
    docket.act("member", "accept")
    docket.act("member", "start", contact="phone")
    docket.act("member", "feedback", text="已送到")
    docket.act("inspector", "inspect-pass")
    docket.act("dispatcher", "propose-exclusion", reason_code="duplicate", text="同一诉求")
    assert docket.refused("dispatcher", "approve-exclusion") == "own_exclusion"
    docket.act("admin", "approve-exclusion")

    def found() -> dict[str, Any]:
        return dict(asked(people["auditor"], **january)["total"]["counts"])

    assert eventually(lambda: found()["excluded_duplicate"] == 1, 30)
    assert (found()["excluded"], found()["concluded"], found()["found_by_others"]) == (1, 0, 1)
    opened = asked(people["auditor"], "/cases", count="excluded_duplicate", **january)
    assert [row["number"] for row in opened["items"]] == [number]
