"""What is decided of hours at one moment: nothing is half-done, and no certificate outlives what it is made of."""

from collections.abc import Callable
from typing import Any

import pytest
from pymongo.database import Database

from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.store import TerritoryStore
from tests.component.members.served import OFFICE, THURSDAY, WORKER, Serving, at, volunteer
from tests.component.members.small_district import MoveIn, refusal, settle, staff

Stored = Database[dict[str, Any]]

YEAR = {"first": "2026-01-01", "last": "2026-03-12"}
SHORTER = [{"begins": at("09:00").isoformat(), "ends": at("10:00").isoformat()}]


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    move_in([(staff("p-1", "volunteer", "360704"), None)])


@pytest.fixture
def serving(service: MembersService) -> Serving:
    return Serving(service)


def issue(service: MembersService) -> Any:
    return service.issue_certificate(caller=volunteer(1), command_id="issue", **YEAR)


def ask(service: MembersService, record: str) -> Any:
    return service.ask_hours_correction(caller=volunteer(1), command_id="ask", record_id=record, text="十点就走了")


def correct(service: MembersService, record: str) -> Any:
    return service.correct_hours(
        caller=OFFICE, command_id="correct", record_id=record, reason="十点就走了", stints=SHORTER
    )


def states(service: MembersService) -> list[str]:
    return [each["state"] for each in service.certificates(caller=volunteer(1))["items"]]


def once_after(patch: pytest.MonkeyPatch, owner: Any, name: str, meanwhile: Callable[[], Any]) -> None:
    """Lets something else be done to its end as soon as `name` of the store has been read for the first time."""
    read, due = getattr(owner, name), [meanwhile]

    def reading(*args: Any, **more: Any) -> Any:
        found = read(*args, **more)
        if due:
            due.pop()()
        return found

    patch.setattr(owner, name, reading)


@pytest.mark.parametrize("act", [ask, correct])
def test_a_certificate_that_is_issued_while_its_record_is_opened_again_or_corrected_does_not_stand(
    service: MembersService,
    serving: Serving,
    monkeypatch: pytest.MonkeyPatch,
    act: Callable[[MembersService, str], Any],
) -> None:
    record = serving.served("a", "p-1", "09:00-11:00")
    once_after(monkeypatch, service.certificates_kept, "superseding", lambda: issue(service))
    act(service, record)
    assert states(service) == ["superseded"]


def test_no_certificate_is_issued_of_a_record_that_is_opened_again_meanwhile(
    service: MembersService, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = serving.served("a", "p-1", "09:00-11:00")
    once_after(monkeypatch, service.hours_kept, "of_ids", lambda: ask(service, record))
    assert refusal(service.issue_certificate, caller=volunteer(1), command_id="i", **YEAR).code == "correction_waits"
    assert states(service) == []


def test_a_certificate_says_what_a_correction_has_left_meanwhile(
    service: MembersService, serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = serving.served("a", "p-1", "09:00-11:00")
    once_after(monkeypatch, service.hours_kept, "of_ids", lambda: correct(service, record))
    assert issue(service)["minutes"] == 60
    assert states(service) == ["valid"]


def test_a_record_whose_rows_cannot_be_entered_is_not_approved(
    service: MembersService, serving: Serving, database: Stored
) -> None:
    """A row of that turn is there already, which no index lets be entered twice."""
    serving.came(serving.activity("a"), "p-1", "09:00-11:00")
    serving.drawn_up("a")
    record = serving.records("a")["p-1"]["record_id"]
    in_the_way = {"record_id": record, "day": THURSDAY.isoformat(), "turn": 0, "person_id": "p-other", "minutes": 0}
    database["service_hours"].insert_one({"_id": "in-the-way", **in_the_way})
    refused = refusal(service.approve_hours, caller=WORKER, command_id="approve", record_ids=[record])
    assert refused.code == "busy_try_again"
    assert serving.records("a")["p-1"]["state"] == "pending"
    database["service_hours"].delete_one({"_id": "in-the-way"})
    serving.approve([record])
    assert service.hours(caller=volunteer(1))["minutes"] == 120
