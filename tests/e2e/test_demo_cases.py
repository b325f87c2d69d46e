"""The cases that `make run` loads, over HTTP: the board, the cases behind a number, and who has one in hand."""

from typing import Any

import pytest

from dev.client import Client
from dev.suite import WITH_CASES
from tests.e2e.cast import cast
from tests.e2e.conftest import SuiteMaker
from tests.e2e.staged import StagedSuite
from tests.published import PERIOD, RATES
from tests.waiting import eventually

OPINIONS = ("resolution", "satisfaction", "composite")


@pytest.fixture(scope="module")
def running(new_suite: SuiteMaker) -> StagedSuite:
    """A suite of its own: the clock stands at the end of the demo's period."""
    suite = new_suite(demo=WITH_CASES)
    suite.copy_cases()
    return suite


@pytest.fixture(scope="module")
def people(running: StagedSuite) -> dict[str, Client]:
    return cast(running, ("auditor", "admin", "dispatcher", "resident"))


def board(client: Client, **period: str) -> dict[str, Any]:
    answer = client.get("/v1/indicators", params={**PERIOD, **period})
    assert answer.ok, answer.text
    found: dict[str, Any] = answer.json()
    return found


def behind(client: Client, count: str) -> list[str]:
    numbers: list[str] = []
    query: dict[str, Any] = {**PERIOD, "count": count, "limit": 100}
    while True:
        page = client.get("/v1/indicators/cases", params=query).json()
        numbers += [item["number"] for item in page["items"]]
        if page["next"] is None:
            return numbers
        query["after"] = page["next"]


def test_the_board_shows_the_numbers_of_the_domain_to_whoever_asks(people: dict[str, Client]) -> None:
    """Opinions of the month that runs are told to who oversees it alone (docs/domain.md §5, small groups)."""
    rates = board(people["admin"])["total"]["rates"]
    assert {name: rates[name] for name in RATES} == RATES
    public = board(people["resident"])["total"]["rates"]
    assert {name: public[name] for name in RATES} == RATES | dict.fromkeys(OPINIONS)
    over = board(people["resident"], to="2026-02-28")["total"]["rates"]
    assert {name: over[name] for name in OPINIONS} == {
        name: board(people["admin"], to="2026-02-28")["total"]["rates"][name] for name in OPINIONS
    }
    assert None not in over.values()


def test_the_622_that_were_solved_can_be_opened_one_by_one(people: dict[str, Client]) -> None:
    """F34: the exact case numbers behind what was published."""
    numbers = behind(people["auditor"], "closed")
    assert (len(numbers), len(set(numbers))) == (622, 622)


def test_what_is_odd_is_found_by_the_number_on_the_page(people: dict[str, Client]) -> None:
    """docs/domain.md §8.5: an electrician's work where there is none, offered in vain and done by the committee."""
    [found] = people["dispatcher"].get("/v1/cases", params={"number": "360704-20260202-YFWHGX"}).json()["items"]
    case = people["dispatcher"].get(f"/v1/cases/{found['case_id']}").json()
    assert [line["act"] for line in case["timeline"]][2:6] == ["dispatch", "time_out", "reassign", "accept"]
    assert (case["status"], [each["id"] for each in case["assignees"]]) == ("CLOSED", ["u-community-01"])


def test_members_knows_who_has_one_of_the_open_cases_in_hand(running: StagedSuite) -> None:
    """No event has told it: it has asked for where cases stand."""
    hands = {"$in": ["DISPATCHED", "ACCEPTED", "IN_PROGRESS", "SUSPENDED"]}
    with_people = {"status": hands, "assignment.assignees.kind": "person"}
    expected = set(running.database("cases").cases.distinct("_id", with_people))
    assert expected
    known = running.database("members").engagements.distinct("_id", {"people": {"$ne": []}})
    assert expected == set(known) & set(running.database("cases").cases.distinct("_id"))


def test_nobody_is_told_of_what_was_over_before(running: StagedSuite) -> None:
    assert running.database("notify").event_log.count_documents({}) == 0
    assert running.database("notify").notices.count_documents({"case_id": {"$ne": None}}) == 0


def test_of_every_session_members_has_heard(running: StagedSuite) -> None:
    told = running.database("members").sessions_held
    assert eventually(lambda: told.count_documents({}) == 150, 30)
