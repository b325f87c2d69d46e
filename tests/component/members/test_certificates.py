"""F58: certificates of volunteer hours are made of the ledger, checked by anybody, and do not outlive a correction."""

from datetime import timedelta
from typing import Any

import pytest

from members.organisations.store import UnitStore
from members.service import MembersService
from members.territory.area import Area
from members.territory.store import TerritoryStore
from tests.component.members.owed import entered
from tests.component.members.served import OFFICE, THURSDAY, WORKER, Serving, at, volunteer
from tests.component.members.small_district import GRID, MoveIn, refusal, settle, staff
from tests.component.members.staging import NOW

YEAR = {"first": "2026-01-01", "last": "2026-03-12"}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    move_in((staff(f"p-{n}", "volunteer", "360704"), None) for n in range(1, 4))


@pytest.fixture
def serving(service: MembersService) -> Serving:
    return Serving(service)


def issue(service: MembersService, n: int = 1, key: str = "issue", **period: Any) -> dict[str, Any]:
    return service.issue_certificate(caller=volunteer(n), command_id=key, **(YEAR | period))


def check(service: MembersService, number: str) -> dict[str, Any]:
    code = service.certificate(caller=volunteer(1), number=number)["code"]
    return service.check_certificate(number=number, code=code)


def test_a_certificate_says_number_period_hours_and_issuer_and_anybody_may_check_it(
    service: MembersService, serving: Serving
) -> None:
    """F58: 24.5 h in 2026; asked for; number, period, hours, issuer, check."""
    for n, times in enumerate(("08:00-16:00", "08:00-16:00", "08:00-16:00", "09:00-09:30")):
        serving.served(f"a-{n}", "p-1", times, begins="08:00", ends="16:00", day=THURSDAY - timedelta(days=n))
    receipt = issue(service)
    assert (receipt["hours"], receipt["minutes"], receipt["state"]) == (24.5, 1470, "valid")
    assert receipt == issue(service)
    found = check(service, receipt["number"])
    assert found["name_masked"] == "王**"
    assert {name: found[name] for name in ("state", "hours", "first", "last", "issuer", "issued_on")} == {
        "state": "valid",
        "hours": 24.5,
        "first": "2026-01-01",
        "last": "2026-03-12",
        "issuer": GRID[:12],
        "issued_on": "2026-03-12",
    }
    assert set(found) == {
        "number",
        "state",
        "name_masked",
        "first",
        "last",
        "minutes",
        "hours",
        "issuer",
        "issuer_name",
        "issued_on",
    }


def test_minutes_are_summed_up_before_they_are_cut(service: MembersService, serving: Serving) -> None:
    """§3.3: three times 20 minutes are an hour, and not three times 0.3 h."""
    for n in range(3):
        serving.served(f"a-{n}", "p-1", "09:00-09:20", day=THURSDAY - timedelta(days=n))
    assert issue(service)["hours"] == 1.0


def test_without_the_right_code_there_is_no_certificate(service: MembersService, serving: Serving) -> None:
    serving.served("a-1", "p-1", "09:00-11:00")
    number = issue(service)["number"]
    for asked in ({"number": number, "code": "0" * 16}, {"number": "V360704-20260312-AAAAAA", "code": "x"}):
        assert refusal(service.check_certificate, **asked).code == "certificate_not_found"


def test_a_correction_request_reopens_the_record_and_its_certificate_does_not_stand_any_more(
    service: MembersService, serving: Serving
) -> None:
    """F58: a correction request reopens the record."""
    id = serving.served("a-1", "p-1", "09:00-11:00")
    other = serving.served("a-2", "p-1", "09:00-11:00", day=THURSDAY - timedelta(days=7))
    number = issue(service)["number"]
    service.ask_hours_correction(caller=volunteer(1), command_id="ask", record_id=id, text="少了半小时")
    assert service.service_record(caller=volunteer(1), record_id=id)["state"] == "reopened"
    assert service.service_record(caller=volunteer(1), record_id=other)["state"] == "approved"
    assert check(service, number)["state"] == "superseded"
    assert refusal(issue, service=service, key="again").code == "correction_waits"
    service.keep_hours(caller=WORKER, command_id="keep", record_id=id, reason="记录无误")
    assert check(service, issue(service, key="third")["number"])["state"] == "valid"
    assert check(service, number)["state"] == "superseded"


def test_a_correction_supersedes_a_certificate_also_where_nobody_asked(
    service: MembersService, serving: Serving
) -> None:
    id = serving.served("a-1", "p-1", "09:00-11:00")
    number = issue(service)["number"]
    stints = [{"begins": at("09:00").isoformat(), "ends": at("10:00").isoformat()}]
    service.correct_hours(caller=OFFICE, command_id="c", record_id=id, stints=stints, reason="早退")
    assert check(service, number)["state"] == "superseded"


def test_more_hours_leave_a_certificate_valid(service: MembersService, serving: Serving) -> None:
    serving.served("a-1", "p-1", "09:00-11:00")
    number = issue(service)["number"]
    serving.served("a-2", "p-1", "09:00-11:00", day=THURSDAY - timedelta(days=7))
    assert check(service, number)["state"] == "valid"


def test_hours_of_another_period_are_not_certified(service: MembersService, serving: Serving) -> None:
    serving.served("a-1", "p-1", "09:00-11:00")
    assert refusal(issue, service=service, last="2026-03-11").code == "no_hours_in_period"
    wrong = refusal(issue, service=service, first="2026-12-31", last="2026-12-01").details["errors"]
    assert {each["code"] for each in wrong} == {"certificate_ends_too_early", "date_in_the_future"}


def test_the_issuer_is_the_narrowest_area_that_recorded_all_of_it(
    service: MembersService, serving: Serving, territory: TerritoryStore
) -> None:
    community = Area(GRID[:12], "高新社区", NOW)
    territory.add_areas([community], NOW)
    serving.served("a-1", "p-1", "09:00-11:00")
    assert issue(service)["issuer_name"] == "高新社区"
    serving.served("a-2", "p-1", "09:00-11:00", day=THURSDAY - timedelta(days=7), grid_code="360704100009002")
    assert issue(service, key="2")["issuer_name"] == GRID[:9]


def test_only_its_person_reads_name_and_code(service: MembersService, serving: Serving) -> None:
    serving.served("a-1", "p-1", "09:00-11:00")
    number = issue(service)["number"]
    own = service.certificate(caller=volunteer(1), number=number)
    assert (own["name"], len(own["code"]), len(own["services"])) == ("王测004", 16, 1)
    seen = service.certificate(caller=OFFICE, number=number)
    assert (seen["name"], seen["code"], seen["name_masked"]) == (None, None, "王**")
    for other in (volunteer(2), WORKER):
        assert refusal(service.certificate, caller=other, number=number).code == "certificate_not_found"
    assert [each["number"] for each in service.certificates(caller=volunteer(1))["items"]] == [number]
    assert service.certificates(caller=volunteer(2))["items"] == []


def test_only_its_person_has_a_certificate_for_print(service: MembersService, serving: Serving) -> None:
    serving.served("a-1", "p-1", "09:00-11:00")
    number = issue(service)["number"]
    assert service.own_certificate(caller=volunteer(1), number=number)["minutes"] == 120
    for caller in (volunteer(2), WORKER, OFFICE):
        assert refusal(service.own_certificate, caller=caller, number=number).code == "certificate_not_found"


def test_the_office_takes_a_certificate_back_once_and_not_its_own(service: MembersService, serving: Serving) -> None:
    serving.served("a-1", "p-1", "09:00-11:00")
    number = issue(service)["number"]
    why = {"number": number, "reason": "误发"}
    own = {"id": "p-1", "grants": OFFICE["grants"], "unit": None}
    assert refusal(service.revoke_certificate, caller=WORKER, command_id="w", **why).code == "not_permitted"
    assert refusal(service.revoke_certificate, caller=own, command_id="o", **why).code == "own_hours"
    service.revoke_certificate(caller=OFFICE, command_id="r", **why)
    assert check(service, number)["state"] == "revoked"
    assert refusal(service.revoke_certificate, caller=OFFICE, command_id="s", **why).code == "certificate_not_valid"


def test_certificates_that_are_issued_or_stand_no_more_are_in_the_trail_without_their_codes(
    service: MembersService, serving: Serving
) -> None:
    id = serving.served("a-1", "p-1", "09:00-11:00")
    first = issue(service)["number"]
    code = service.certificate(caller=volunteer(1), number=first)["code"]
    service.revoke_certificate(caller=OFFICE, command_id="r", number=first, reason="误发,问12000000001")
    second = issue(service, key="again")["number"]
    service.ask_hours_correction(caller=volunteer(1), command_id="ask", record_id=id, text="少了半小时")
    rows = entered(service, service.certificates_kept.records.outbox)
    assert [(row["act"], row["who"], row["what"]["id"], row["reason"], row["details"]) for row in rows] == [
        ("certificate.issued", "p-1", first, None, {"person_id": "p-1"}),
        ("certificate.revoked", OFFICE["id"], first, "误发,问120****0001", {"person_id": "p-1"}),
        ("certificate.issued", "p-1", second, None, {"person_id": "p-1"}),
        ("certificate.superseded", "p-1", second, None, {"person_id": "p-1"}),
    ]
    assert code not in str(rows)
    assert len(entered(service, service.certificates_kept.records.outbox, area=GRID[:12])) == 4
