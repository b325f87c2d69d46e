"""The trail of cases: who was told what and why is in it first, and who reads the trail is in it too."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from pymongo.database import Database

from cases.service import CasesService
from chassis.audit.checking import check
from chassis.audit.debts import Debts
from chassis.caller import Caller, Grant
from chassis.errors import Busy, Refusal
from tests.component.set_clock import SetClock
from tests.unit.cases.play import AT, DISPATCHER, ELECTRICIAN, GRID, RESIDENT, WORKER, caller

Stored = Database[dict[str, Any]]

REASON = "回访,电话12000000001"
SCORING: dict[str, Any] = {
    "area": "360704",
    "weights": {"response": 0.2, "resolution": 0.4, "satisfaction": 0.4},
    "partly": 0.5,
    "exclusions": ["duplicate", "malicious"],
    "smallest_group": 12,
}
AUDITOR = caller("p-auditor", "auditor", scope="360704")
ADMIN = caller("p-admin", "district_admin", scope="360704")
OF_COMMUNITY = caller("p-narrow", "auditor", scope=GRID[:12])
FAR = caller("p-far", "auditor", scope="360703")


@pytest.fixture
def case_id(service: CasesService) -> str:
    spot = {"lon": 115.0058, "lat": 25.8672}
    return str(service.report(RESIDENT.dump(), "c-1", text="路灯不亮", location=spot)["case_id"])


def told(service: CasesService, case_id: str, command: str = "k", who: Caller = DISPATCHER) -> dict[str, Any]:
    return service.reporter_contact(who.dump(), command, case_id, REASON)


def trail(service: CasesService, by: Caller = AUDITOR, /, **asked: Any) -> list[dict[str, Any]]:
    return list(service.audit_trail(by.dump(), **asked)["items"])


def test_whoever_is_told_a_phone_is_in_the_trail_once(service: CasesService, case_id: str, database: Stored) -> None:
    told(service, case_id)
    told(service, case_id)
    [row] = trail(service)
    shown = {name: row[name] for name in ("day", "seq", "at", "who", "role", "act", "what", "reason", "details")}
    assert shown == {
        "day": "2026-03-12",
        "seq": 1,
        "at": row["at"],
        "who": "p-desk",
        "role": "dispatcher",
        "act": "contact.revealed",
        "what": {"kind": "case", "id": case_id},
        "reason": "回访,电话120****0001",
        "details": {},
    }
    assert "12000000001" not in str(list(database["audit"].find()))


def test_a_command_that_is_sent_again_on_another_day_is_in_the_trail_again(
    service: CasesService, case_id: str, clock: SetClock
) -> None:
    told(service, case_id)
    clock.moment += timedelta(days=40)
    for _ in range(2):
        told(service, case_id)
    assert [row["day"] for row in trail(service, act="contact.revealed")] == ["2026-04-21", "2026-03-12"]


@pytest.mark.parametrize("reason", ["", "  ", "\u200b", "\u2060 \ufeff\n", "\u3000"], ids=ascii)
def test_a_reason_that_nobody_can_read_is_none(service: CasesService, case_id: str, reason: str) -> None:
    with pytest.raises(Refusal, match="reason_missing"):
        service.reporter_contact(DISPATCHER.dump(), "k", case_id, reason)
    assert trail(service) == []


def test_nobody_is_told_a_phone_without_a_row(
    service: CasesService, case_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(_: object) -> bool:
        raise Busy

    with monkeypatch.context() as patch:
        patch.setattr(service.audit, "append", busy)
        with pytest.raises(Refusal, match="busy_try_again"):
            told(service, case_id)
    assert trail(service) == []
    assert told(service, case_id)["phone"]
    assert [row["act"] for row in trail(service, act="contact.revealed")] == ["contact.revealed"]


def require_row_of_each_day(
    service: CasesService, clock: SetClock, monkeypatch: pytest.MonkeyPatch, case_id: str, who: Caller, act: str
) -> None:
    """Whoever reads the case is shown nothing without a row, and has one for each day, however often."""

    def busy(_: object) -> bool:
        raise Busy

    with monkeypatch.context() as patch:
        patch.setattr(service.audit, "append", busy)
        with pytest.raises(Refusal, match="busy_try_again"):
            service.case(who.dump(), case_id)
    for _ in range(2):
        service.case(who.dump(), case_id)
    [row] = trail(service, act=act)
    seen = (row["who"], row["role"], row["what"], row["reason"], row["details"])
    assert seen == (who.id, who.grants[0].role, {"kind": "case", "id": case_id}, None, {})
    clock.moment += timedelta(days=1)
    service.case(who.dump(), case_id)
    assert len(trail(service, OF_COMMUNITY, act=act)) == 2


def test_whoever_works_on_a_case_and_reads_a_phone_in_it_is_in_the_trail_once_a_day(
    service: CasesService, case_id: str, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    service.move(DISPATCHER.dump(), "m-1", case_id, "register", {"category": "0101"})
    service.move(
        DISPATCHER.dump(), "m-2", case_id, "dispatch", {"assignees": ["p-electrician"], "lead": "p-electrician"}
    )
    service.move(DISPATCHER.dump(), "m-3", case_id, "note", {"text": "电话12012345678"})
    service.move(ELECTRICIAN.dump(), "m-4", case_id, "accept", {})
    for who in (DISPATCHER, RESIDENT):
        service.case(who.dump(), case_id)
    assert trail(service, act="case.viewed") == []

    require_row_of_each_day(service, clock, monkeypatch, case_id, ELECTRICIAN, "case.viewed")


def test_an_auditor_who_reads_a_case_is_in_the_trail_once_a_day_before_it_is_shown(
    service: CasesService, case_id: str, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_row_of_each_day(service, clock, monkeypatch, case_id, AUDITOR, "case.audited")


@pytest.mark.parametrize(
    "who",
    [
        pytest.param(ADMIN, id="an administrator"),
        pytest.param(DISPATCHER, id="who handles it"),
        pytest.param(replace(DISPATCHER, grants=(*DISPATCHER.grants, *AUDITOR.grants)), id="an auditor who handles it"),
        pytest.param(replace(RESIDENT, grants=(*RESIDENT.grants, *AUDITOR.grants)), id="an auditor whose own it is"),
    ],
)
def test_nobody_else_who_reads_a_case_is_in_the_trail(service: CasesService, case_id: str, who: Caller) -> None:
    service.case(who.dump(), case_id)
    assert trail(service, act="case.audited") == []


def test_an_auditor_who_sees_no_case_is_not_in_the_trail(service: CasesService, case_id: str) -> None:
    for who in (FAR, replace(FAR, grants=(*FAR.grants, Grant("resident", GRID)))):
        with pytest.raises(Refusal):
            service.case(who.dump(), case_id)
    assert trail(service, ADMIN, act="case.audited") == []


def test_what_the_trail_was_searched_for_is_masked_in_it(service: CasesService, database: Stored) -> None:
    trail(service, who="12012345678", what="120 1234 5678")
    [read] = trail(service, act="audit.read")
    assert read["details"] == {"who": "120****5678", "what": "120****5678"}
    assert "1234" not in str(list(database["audit"].find()))


def test_reading_the_trail_is_in_the_trail(service: CasesService, case_id: str, database: Stored) -> None:
    told(service, case_id)
    trail(service, who="p-desk", first="2026-03-01", last="2026-03-31")
    [read, _] = trail(service, ADMIN)
    assert (read["act"], read["who"], read["what"]) == ("audit.read", "p-auditor", {"kind": "audit", "id": None})
    assert read["details"] == {"first": "2026-03-01", "last": "2026-03-31", "who": "p-desk"}
    assert check(database, "cases", [], AT, print).flaws == 0


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ({}, 3),
        ({"who": "p-desk"}, 2),
        ({"who": "p-nobody"}, 0),
        ({"act": "contact.revealed"}, 2),
        ({"act": "audit.read"}, 1),
        ({"first": "2026-03-13"}, 0),
        ({"last": "2026-03-11"}, 0),
        ({"first": "2026-03-12", "last": "2026-03-12"}, 3),
        ({"area": GRID}, 2),
        ({"what": "nothing"}, 0),
    ],
    ids=str,
)
def test_the_trail_is_searched(service: CasesService, case_id: str, asked: dict[str, Any], number: int) -> None:
    told(service, case_id)
    told(service, case_id, "another")
    trail(service)
    assert len(trail(service, **asked)) == number
    assert len(trail(service, what=case_id)) == 2


def test_the_trail_goes_on_page_by_page(service: CasesService, case_id: str) -> None:
    for n in range(5):
        told(service, case_id, f"k{n}")
    first = service.audit_trail(AUDITOR.dump(), limit=3, act="contact.revealed")
    rest = service.audit_trail(AUDITOR.dump(), limit=3, act="contact.revealed", after=first["next"])
    assert [row["seq"] for row in (*first["items"], *rest["items"])] == [5, 4, 3, 2, 1]
    assert rest["next"] is None


def test_days_that_end_before_they_begin_are_refused_and_leave_no_row(service: CasesService) -> None:
    with pytest.raises(Refusal, match="period_reversed") as refused:
        trail(service, first="2026-03-31", last="2026-03-01")
    assert refused.value.details == {"from": "2026-03-31", "to": "2026-03-01"}
    assert trail(service) == []


def test_an_act_that_there_is_not_is_refused_with_those_that_there_are(service: CasesService) -> None:
    with pytest.raises(Refusal, match="unknown_act") as refused:
        trail(service, act="nonsense")
    assert {"contact.revealed", "policy.entered", "audit.read"} <= set(refused.value.details["known"])
    with pytest.raises(Refusal, match="not_permitted"):
        trail(service, DISPATCHER, act="nonsense")
    assert trail(service) == []


def test_a_row_is_read_where_it_belongs(service: CasesService, case_id: str) -> None:
    told(service, case_id)
    assert len(trail(service, OF_COMMUNITY)) == 1
    assert trail(service, FAR) == []
    with pytest.raises(Refusal, match="out_of_scope"):
        trail(service, OF_COMMUNITY, area="360703")


@pytest.mark.parametrize(
    "role", ["resident", "dispatcher", "party_office", "inspector", "grid_worker", "unit_contact", "union_leader"]
)
def test_nobody_else_reads_the_trail(service: CasesService, role: str) -> None:
    with pytest.raises(Refusal, match="not_permitted"):
        trail(service, caller("p-x", role, scope="360704"))


def test_a_file_is_in_the_trail_with_its_lines(service: CasesService) -> None:
    service.note_download(DISPATCHER.dump(), kind="ledger", format="xlsx", lines=12, area=GRID)
    [row] = trail(service, OF_COMMUNITY)
    assert (row["act"], row["who"], row["what"]["kind"]) == ("file.downloaded", "p-desk", "ledger")
    assert row["role"] == "dispatcher"
    assert row["details"] == {"format": "xlsx", "lines": 12, "area": GRID}


BOTH = Caller("p-both", (Grant("resident", GRID), Grant("auditor", "360704")))


@pytest.mark.parametrize(
    ("who", "kind", "role"),
    [
        pytest.param(BOTH, "ledger", "auditor", id="a ledger is read by who oversees"),
        pytest.param(BOTH, "indicators", "auditor", id="indicators by who oversees first"),
        pytest.param(RESIDENT, "indicators", "resident", id="and by everybody"),
        pytest.param(caller("p-c", "unit_contact", "rider"), "indicator_cases", "unit_contact", id="the own unit's"),
        pytest.param(ADMIN, "match_lists", "district_admin", id="match lists"),
    ],
)
def test_a_file_is_in_the_trail_with_the_role_in_which_it_may_be_read(
    service: CasesService, who: Caller, kind: str, role: str
) -> None:
    service.note_download(who.dump(), kind=kind, format="csv", lines=1, area="360704")
    assert [row["role"] for row in trail(service, act="file.downloaded")] == [role]


def test_the_trail_is_read_and_an_own_copy_made_in_a_role_that_is_held(service: CasesService) -> None:
    trail(service, BOTH)
    service.own_data(BOTH.dump())
    told = [(row["act"], row["role"]) for row in trail(service, ADMIN)]
    assert told == [("own_data.copied", "resident"), ("audit.read", "auditor")]


def test_what_somebody_without_a_district_took_is_read_by_all(service: CasesService) -> None:
    service.own_data(Caller("p-nowhere").dump())
    service.note_download(Caller("p-nowhere").dump(), kind="ledger", format="csv", lines=0)
    for who in (AUDITOR, FAR):
        acts = [row["act"] for row in trail(service, who, who="p-nowhere")]
        assert acts == ["file.downloaded", "own_data.copied"]


def entered(service: CasesService) -> list[tuple[str, str, dict[str, Any]]]:
    """What histories owe, entered: act, who, and what is told of it."""
    Debts(service.audit, [service.cases_kept.outbox, service.policies_kept.records.outbox]).enter(100)
    rows = [row for row in reversed(trail(service, limit=100)) if row["act"] != "audit.read"]
    return [(row["act"], row["who"], row["details"]) for row in rows]


def test_an_exclusion_is_in_the_trail_from_proposal_to_decision_and_no_other_move(
    service: CasesService, case_id: str
) -> None:
    def move(who: Caller, act: str, **fields: Any) -> None:
        service.move(who.dump(), act, case_id, act, fields)

    move(DISPATCHER, "register", category="0101")
    assert entered(service) == []
    move(DISPATCHER, "propose_exclusion", reason_code="malicious", text="重复恶意")
    move(ADMIN, "approve_exclusion")
    told = {"reason_code": "malicious"}
    assert entered(service) == [
        ("case.exclusion_proposed", "p-desk", told),
        ("case.exclusion_approved", "p-admin", told),
    ]


def test_why_somebody_would_leave_a_case_out_and_why_not_is_in_the_trail_each_time_and_masked(
    service: CasesService, case_id: str
) -> None:
    for who, act, fields in (
        (DISPATCHER, "register", {"category": "0101"}),
        (DISPATCHER, "propose_exclusion", {"reason_code": "malicious", "text": "反复骚扰12000000002"}),
        (ADMIN, "refuse_exclusion", {"text": "只报过一次"}),
        (DISPATCHER, "propose_exclusion", {"reason_code": "unreasonable", "text": "诉求过高"}),
        (ADMIN, "approve_exclusion", {}),
    ):
        service.move(who.dump(), f"{act}-{fields.get('text')}", case_id, act, fields)
    entered(service)
    rows = [row for row in reversed(trail(service)) if row["act"].startswith("case.exclusion")]
    assert [(row["details"]["reason_code"], row["reason"]) for row in rows] == [
        ("malicious", "反复骚扰120****0002"),
        ("malicious", "只报过一次"),
        ("unreasonable", "诉求过高"),
        ("unreasonable", None),
    ]


def test_a_contact_that_was_corrected_is_in_the_trail_with_what_of_it_was_and_no_value(
    service: CasesService, database: Stored
) -> None:
    spot = {"lon": 115.0058, "lat": 25.8672}
    left = {"name": "谢测001", "phone": "12000000001", "consent": True}
    case_id = service.report(WORKER.dump(), "c", text="路灯不亮", location=spot, on_behalf_of=left)["case_id"]
    service.correct_contact(DISPATCHER.dump(), "k", case_id, phone="12000000009", name="谢测009")
    service.correct_contact(DISPATCHER.dump(), "k2", case_id, callback="visit")
    acts = [(act, details) for act, _, details in entered(service)]
    assert acts == [
        ("case.contact_corrected", {"fields": ["name", "phone"]}),
        ("case.contact_corrected", {"fields": ["callback"]}),
    ]
    rows = str(list(database["audit"].find()))
    assert not any(word in rows for word in ("谢测009", "12000000009", "visit"))


def test_a_scoring_that_is_entered_is_in_the_trail(service: CasesService) -> None:
    body = {**SCORING, "valid_from": "2026-07-01"}
    receipt = service.enter_case_scoring(ADMIN.dump(), "k", **body)
    told = {"kind": "scoring", "number": receipt["number"], "valid_from": "2026-07-01"}
    assert entered(service) == [("policy.entered", "p-admin", told)]


def test_a_recount_by_an_operator_is_in_the_trail_once_where_it_begins(service: CasesService) -> None:
    goes_on = service.recount_indicators()["next"]
    service.recount_indicators(after=goes_on)
    [row] = trail(service, FAR, act="indicators.recounted")
    assert (row["who"], row["role"], row["what"]) == ("operator", "operator", {"kind": "indicators", "id": None})
