"""Every status with every act and every role: what docs/domain.md §2.2 and §5 do not name is refused."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pytest

from cases.act import Act, Facts
from cases.case import ENDED, OPEN, Status
from cases.moves.table import EVENT_TYPES, MOVES
from cases.permission import PERMISSIONS
from chassis.errors import Refusal
from tests.unit.cases import play as stage
from tests.unit.cases.play import EXAMPLES, KNOWN, Play, caller


def _words(text: str) -> list[str]:
    return text.split()


ROLES = _words(
    "resident rider grid_worker community_worker dispatcher inspector in_service_member volunteer unit_contact "
    "union_leader union_cadre party_office district_admin auditor clock rule api_key anybody link"
)

STAGES: dict[Status, Callable[[], Play]] = {
    Status.REPORTED: stage.opened,
    Status.VERIFYING: stage.verifying,
    Status.REGISTERED: stage.registered,
    Status.DISPATCHED: stage.dispatched,
    Status.ACCEPTED: stage.accepted,
    Status.IN_PROGRESS: stage.in_progress,
    Status.SUSPENDED: stage.suspended,
    Status.RESOLVED: stage.resolved,
    Status.REOPENED: stage.reopened,
    Status.CLOSED: stage.closed,
    Status.REJECTED: stage.rejected,
    Status.MERGED: stage.merged,
    Status.WITHDRAWN: stage.withdrawn,
}

ANY_OPEN = "REPORTED VERIFYING REGISTERED DISPATCHED ACCEPTED IN_PROGRESS SUSPENDED RESOLVED REOPENED"
COUNTED = "REGISTERED DISPATCHED ACCEPTED IN_PROGRESS SUSPENDED RESOLVED REOPENED CLOSED"
UNTIL_DISPATCHED = "REPORTED VERIFYING REGISTERED DISPATCHED"

# The table of docs/domain.md §2.2, typed in once more: act, from, to ("=" is the same status).
PAGE = [
    ("ask_verify", "REPORTED", "VERIFYING"),
    ("verify", "VERIFYING", "="),
    ("register", "REPORTED VERIFYING", "REGISTERED"),
    ("reject", "REPORTED VERIFYING", "REJECTED"),
    ("merge", UNTIL_DISPATCHED, "MERGED"),
    ("join", ANY_OPEN, "="),
    ("answer_directly", "REGISTERED", "CLOSED"),
    ("dispatch", "REGISTERED REOPENED", "DISPATCHED"),
    ("accept", "DISPATCHED", "ACCEPTED"),
    ("accept", "ACCEPTED IN_PROGRESS", "="),
    ("return", "DISPATCHED", "REGISTERED"),
    ("reassign", "DISPATCHED ACCEPTED IN_PROGRESS", "DISPATCHED"),
    ("time_out", "DISPATCHED", "="),
    ("relieve", "DISPATCHED ACCEPTED IN_PROGRESS SUSPENDED RESOLVED", "="),
    ("pass_on", "DISPATCHED ACCEPTED IN_PROGRESS", "DISPATCHED"),
    ("arrive", "ACCEPTED", "IN_PROGRESS"),
    ("start", "ACCEPTED", "IN_PROGRESS"),
    ("arrive", "IN_PROGRESS", "="),
    ("leave", "IN_PROGRESS", "="),
    ("suspend", "IN_PROGRESS", "SUSPENDED"),
    ("resume", "SUSPENDED", "IN_PROGRESS"),
    ("extend", ANY_OPEN, "="),
    ("ask_extend", ANY_OPEN, "="),
    ("ask_suspend", ANY_OPEN, "="),
    ("correct", "REGISTERED DISPATCHED ACCEPTED IN_PROGRESS SUSPENDED RESOLVED REOPENED", "="),
    ("note", ANY_OPEN, "="),
    ("ask", ANY_OPEN, "="),
    ("answer", ANY_OPEN, "="),
    ("mediate", "ACCEPTED IN_PROGRESS", "="),
    ("meet", "ACCEPTED IN_PROGRESS", "="),
    ("settle", "ACCEPTED IN_PROGRESS RESOLVED", "="),
    ("feedback", "IN_PROGRESS", "RESOLVED"),
    ("inspect_pass", "RESOLVED", "CLOSED"),
    ("rework", "RESOLVED", "IN_PROGRESS"),
    ("rate", "CLOSED", "="),
    ("reopen", "CLOSED", "REOPENED"),
    ("withdraw", UNTIL_DISPATCHED, "WITHDRAWN"),
    ("remind", f"{ANY_OPEN} CLOSED", "="),
    ("lapse", "CLOSED", "="),
    ("propose_exclusion", COUNTED, "="),
    ("approve_exclusion", COUNTED, "="),
    ("refuse_exclusion", COUNTED, "="),
]
LEGAL = {
    (Act(act), Status(source)): Status(source if to == "=" else to)
    for act, sources, to in PAGE
    for source in sources.split()
}

# Who may, as the columns of docs/domain.md §5 have it, together with §2.2.
OTHERS = {"inspector", "party_office", "district_admin", "auditor", "clock", "rule", "api_key", "anybody", "link"}
REPORTING = set(ROLES) - OTHERS
HELPING = {
    "grid_worker",
    "community_worker",
    "in_service_member",
    "volunteer",
    "unit_contact",
    "union_leader",
    "union_cadre",
}
WORKING = {"grid_worker", "community_worker"}
DESK, OFFICE = {"dispatcher"}, {"dispatcher", "district_admin"}
INSPECTING = {"inspector", "dispatcher", *WORKING}
ROLES_OF: dict[str, set[str]] = {
    "report": {*REPORTING, "api_key", "anybody"},
    "withdraw": REPORTING,
    "answer": {*REPORTING, "link"},
    **dict.fromkeys(["ask_verify", "register", "reject", "merge", "answer_directly", "reassign", "correct"], DESK),
    **dict.fromkeys(["accept", "return", "arrive", "start", "leave", "feedback", "ask_extend"], HELPING),
    **dict.fromkeys(["mediate", "meet", "settle"], HELPING),
    **dict.fromkeys(["extend", "suspend", "resume", "approve_exclusion", "refuse_exclusion"], OFFICE),
    "propose_exclusion": OFFICE | HELPING,
    **dict.fromkeys(["inspect_pass", "rework"], INSPECTING),
    "ask_suspend": HELPING,
    "join": DESK,
    "verify": WORKING,
    "dispatch": {"dispatcher", "rule"},
    "time_out": {"clock"},
    "relieve": {"clock"},
    "pass_on": {"clock"},
    "remind": {"clock"},
    "lapse": {"clock"},
    "note": REPORTING | INSPECTING,
    "ask": DESK | HELPING,
    "rate": REPORTING,
    "reopen": REPORTING | OFFICE,
}


@cache
def _built(status: Status) -> Play:
    return STAGES[status]()


def staged(status: Status) -> Play:
    """A case in that status, of which each caller has a copy."""
    return replace(_built(status))


def attempt(play: Play, act: Act, role: str) -> str:
    """Act on the case as its reporter and assignee in one, in `role` alone; the status after it, or the refusal."""
    case = play.case
    # The clock and rules are in every district; everybody else is in one.
    scope = "" if role in {"clock", "rule"} else "360704"
    someone = caller("p-someone", role, scope=scope, unit="u-someone")
    mine = replace(
        case.assignment,
        assignees=tuple(
            replace(one, id="u-someone" if role == "unit_contact" else "p-someone", kind=_kind(role))
            for one in case.assignment.assignees[:1]
        ),
    )
    play.case = replace(case, reporter=replace(case.reporter, id="p-someone"), assignment=mine)
    try:
        return play.do(act, someone).case.status.value
    except Refusal as refused:
        return refused.code


def _kind(role: str) -> str:
    return "unit" if role == "unit_contact" else "person"


@pytest.mark.parametrize("act", [act for act in Act if act is not Act.REPORT])
@pytest.mark.parametrize("status", list(Status))
def test_only_the_rows_of_the_page_move_a_case(status: Status, act: Act) -> None:
    for role in ROLES:
        outcome = attempt(staged(status), act, role)
        if role not in ROLES_OF[act.value]:
            assert outcome == "not_permitted", role
        elif outcome == "not_assigned":
            assert not staged(status).case.assignment.assignees or role in {"union_leader", "union_cadre"}, role
        elif (act, status) not in LEGAL:
            assert outcome == "illegal_move", role
        else:
            assert outcome not in {"illegal_move", "not_permitted", "out_of_scope"}, role


@pytest.mark.parametrize("row", PAGE, ids=lambda row: row[0])
def test_each_row_of_the_page_leads_where_it_says(row: tuple[str, str, str]) -> None:
    act, sources, to = row
    moves = [move for move in MOVES if move.act.value == act and (move.target or "=") == to]
    found = {source.value for move in moves for source in move.sources}
    assert found == set(sources.split())


def test_the_table_has_no_row_that_the_page_does_not_have() -> None:
    rows = {(move.act, source): move.target or source for move in MOVES for source in move.sources}
    assert rows == LEGAL


def test_only_a_report_opens_a_case_and_nothing_reports_it_again() -> None:
    assert [move.act for move in MOVES if not move.sources] == [Act.REPORT]
    play = stage.opened()
    with pytest.raises(Refusal) as refused:
        play.do(Act.REPORT, stage.RESIDENT)
    assert refused.value.code == "illegal_move"


def test_no_act_and_status_have_two_rows() -> None:
    pairs = [(move.act, source) for move in MOVES for source in move.sources]
    assert len(pairs) == len(set(pairs))


def test_every_act_has_a_row_of_permissions() -> None:
    assert set(PERMISSIONS) == set(Act) == {move.act for move in MOVES}
    assert {act.value: set(row) for act, row in PERMISSIONS.items()} == ROLES_OF


def test_an_ended_case_takes_nothing_but_a_mark_its_absence_a_new_round_or_leaving_it_out_of_the_rates() -> None:
    counted = {Act.PROPOSE_EXCLUSION, Act.APPROVE_EXCLUSION, Act.REFUSE_EXCLUSION}
    late = {Act.RATE, Act.REOPEN, Act.REMIND, Act.LAPSE}
    assert {move.act for move in MOVES if move.sources & ENDED} == late | counted


def test_statuses_are_open_until_closed_rejected_merged_or_withdrawn() -> None:
    assert set(Status) == OPEN | ENDED
    assert {status.value for status in OPEN} == set(ANY_OPEN.split())


def test_each_act_succeeds_once_in_some_status() -> None:
    """Each act with the fields of its example: nothing in the table is unreachable."""
    done = {entry.data["act"] for build in STAGES.values() for entry in build().history}
    play = stage.in_progress().do(Act.LEAVE, stage.ELECTRICIAN).do(Act.NOTE, stage.WORKER)
    play.do(Act.ASK, stage.WORKER).do(Act.ANSWER, stage.RESIDENT)
    play.do(Act.ASK_EXTEND, stage.WORKER).do(Act.EXTEND, stage.DISPATCHER)
    play.do(Act.ASK_SUSPEND, stage.WORKER).do(Act.SUSPEND, stage.DISPATCHER).do(Act.RESUME, stage.ADMIN)
    play.do(Act.CORRECT, stage.DISPATCHER)
    play.at("03-13 18:30").do(Act.FEEDBACK, stage.WORKER).do(Act.REWORK, stage.INSPECTOR)
    done |= {entry.data["act"] for entry in play.history}
    done |= {entry.data["act"] for entry in stage.closed().do(Act.RATE, stage.RESIDENT).history}
    started = stage.accepted().do(Act.START, stage.WORKER).do(Act.REASSIGN, stage.DISPATCHER)
    done |= {entry.data["act"] for entry in started.history}
    timed_out = stage.dispatched().later(hours=3).do(Act.TIME_OUT, stage.CLOCK).do(Act.RETURN, stage.ELECTRICIAN)
    done |= {entry.data["act"] for entry in timed_out.history}
    done |= {entry.data["act"] for entry in stage.verifying().do(Act.VERIFY, stage.WORKER).history}
    done |= {
        entry.data["act"] for entry in stage.quarrel().do(Act.MEET, stage.WORKER).do(Act.SETTLE, stage.WORKER).history
    }
    answered = stage.registered(category="1001").do(Act.ANSWER_DIRECTLY, stage.DISPATCHER)
    done |= {entry.data["act"] for entry in answered.history}
    done |= {entry.data["act"] for entry in stage.joined().history}
    done |= {entry.data["act"] for entry in stage.forgotten().history}
    done |= {entry.data["act"] for entry in stage.accepted().do(Act.RELIEVE, stage.CLOCK).history}
    done |= {entry.data["act"] for entry in stage.alone().do(Act.PASS_ON, stage.CLOCK).history}
    left_out = stage.proposed().do(Act.REFUSE_EXCLUSION, stage.ADMIN).do(Act.PROPOSE_EXCLUSION, stage.DISPATCHER)
    done |= {entry.data["act"] for entry in left_out.do(Act.APPROVE_EXCLUSION, stage.ADMIN).history}
    assert done == {act.value for act in Act}


def test_each_kind_of_event_is_a_past_form() -> None:
    assert {
        f"case.{form}"
        for form in _words(
            "reported verification_asked verified registered rejected merged joined dispatched offered accepted "
            "returned reassigned timed_out relieved passed_on corrected noted asked answered answered_directly "
            "arrived started left "
            "suspended resumed extended extension_asked suspension_asked resolved closed reworked rated reopened "
            "withdrawn reminded rating_lapsed mediated met settled "
            "exclusion_proposed exclusion_approved exclusion_refused"
        )
    } == EVENT_TYPES


def test_every_role_outside_its_scope_is_refused() -> None:
    far = {role: caller("p-far-away", role, scope=stage.ELSEWHERE) for role in ("dispatcher", "inspector")}
    for act, who in ((Act.REGISTER, far["dispatcher"]), (Act.NOTE, far["inspector"])):
        with pytest.raises(Refusal) as refused:
            stage.opened().do(act, who)
        assert refused.value.code == "out_of_scope"


def test_nobody_reports_in_another_district() -> None:
    with pytest.raises(Refusal) as refused:
        stage.opened(caller("p-guest", "resident", scope=stage.OTHER_DISTRICT))
    assert refused.value.code == "outside_your_district"


def test_a_case_is_its_reporters_own() -> None:
    for act in (Act.WITHDRAW, Act.ANSWER):
        with pytest.raises(Refusal) as refused:
            stage.opened().do(act, stage.NEIGHBOUR)
        assert refused.value.code == "not_the_reporter"
    with pytest.raises(Refusal) as refused:
        stage.closed().do(Act.RATE, stage.NEIGHBOUR)
    assert refused.value.code == "not_the_reporter"


def test_versions_and_events_count_together() -> None:
    history = stage.closed().history
    assert [entry.data["version"] for entry in history] == list(range(1, len(history) + 1))


def test_a_refused_act_changes_nothing() -> None:
    play = stage.registered()
    before = play.case
    with pytest.raises(Refusal):
        play.do(Act.FEEDBACK, stage.DISPATCHER)
    assert play.case is before


def test_facts_are_only_needed_where_somebody_is_named() -> None:
    play = stage.registered()
    play.facts = Facts()
    with pytest.raises(Refusal) as refused:
        play.do(Act.DISPATCH, stage.DISPATCHER)
    assert (refused.value.code, refused.value.details["assignee"]) == ("unknown_assignee", "p-worker")
    assert set(EXAMPLES[Act.DISPATCH]["assignees"]) <= set(KNOWN)
