from dataclasses import replace
from datetime import UTC, datetime

import pytest

from notify.notices.audience import STAFF, Assignee, Audience, CaseEvent, To
from notify.notices.case_notice import NOTICES, SILENT, addressed, notices
from notify.notices.notice import notice_id
from notify.notices.reminder import LEVELS, REMINDERS
from notify.notices.rule import Reach
from notify.notices.schemas import staff_of
from notify.notices.summons_notice import SUMMONS

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
REPORTER = "p-reporter"
WORKER = Assignee("p-worker", "person")
PARTNER = Assignee("u-lighting", "unit")
AROUND = Audience(
    grid_workers=("p-grid",),
    community_workers=("p-community",),
    dispatchers=("p-desk", "p-desk-2"),
    agency=("p-desk-2",),
    office=("p-office",),
    inspectors=("p-inspector",),
)


def event(type: str, **changes: object) -> CaseEvent:
    plain = CaseEvent(
        id="e1",
        type=type,
        at=NOW,
        case_id="c1",
        number="GX-1",
        grid_code="360704100002001",
        reporter_id=REPORTER,
        by_id="p-actor",
        assignees=(WORKER, PARTNER),
        followers=("p-follower",),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def told(case_event: CaseEvent, audience: Audience = AROUND) -> set[tuple[str, str]]:
    return {(draft.recipient, draft.template) for draft in notices(case_event, audience)}


@pytest.mark.parametrize(
    ("type", "expected"),
    [
        ("case.reported", {(REPORTER, "reported")}),
        ("case.registered", {(REPORTER, "registered"), ("p-follower", "registered")}),
        ("case.rejected", {(REPORTER, "rejected"), ("p-follower", "rejected_for_follower")}),
        (
            "case.answered_directly",
            {(REPORTER, "answered_directly"), ("p-follower", "closed_for_follower")},
        ),
        ("case.joined", {("p-worker", "task_joined"), ("u-lighting", "task_joined")}),
        (
            "case.merged",
            {
                (REPORTER, "merged"),
                ("p-follower", "merged"),
                ("p-worker", "relieved"),
                ("u-lighting", "relieved"),
            },
        ),
        (
            "case.dispatched",
            {
                (REPORTER, "dispatched"),
                ("p-follower", "dispatched"),
                ("p-worker", "assigned"),
                ("u-lighting", "assigned"),
            },
        ),
        ("case.returned", {("p-desk", "returned"), ("p-desk-2", "returned")}),
        ("case.suspension_asked", {("p-desk-2", "suspension_asked"), ("p-office", "suspension_asked")}),
        ("case.exclusion_proposed", {("p-desk-2", "exclusion_proposed"), ("p-office", "exclusion_proposed")}),
        ("case.exclusion_approved", {("p-worker", "exclusion_approved"), ("u-lighting", "exclusion_approved")}),
        ("case.exclusion_refused", {("p-worker", "exclusion_refused"), ("u-lighting", "exclusion_refused")}),
        ("case.extension_asked", {("p-desk-2", "extension_asked"), ("p-office", "extension_asked")}),
        ("case.verification_asked", {("p-grid", "verify_please")}),
        ("case.resolved", {("p-inspector", "to_inspect")}),
        ("case.reworked", {("p-worker", "reworked"), ("u-lighting", "reworked")}),
        (
            "case.reopened",
            {
                (REPORTER, "reopened"),
                ("p-follower", "reopened"),
                ("p-desk", "reopened_at_desk"),
                ("p-desk-2", "reopened_at_desk"),
            },
        ),
    ],
)
def test_each_event_tells_whom_the_table_names(type: str, expected: set[tuple[str, str]]) -> None:
    assert told(event(type)) == expected


def test_closing_asks_the_reporter_and_nobody_else_for_a_rating() -> None:
    assert told(event("case.closed")) == {
        (REPORTER, "closed"),
        ("p-follower", "closed_for_follower"),
        ("p-worker", "task_closed"),
        ("u-lighting", "task_closed"),
    }


def test_an_anonymous_reporter_is_told_nothing() -> None:
    assert notices(event("case.registered", reporter_id=None, followers=()), AROUND) == []


def test_nobody_is_told_of_his_own_act_except_the_reporter() -> None:
    assert told(event("case.returned", by_id="p-desk")) == {("p-desk-2", "returned")}
    assert (REPORTER, "reopened") in told(event("case.reopened", by_id=REPORTER))


def test_who_handled_the_case_is_not_asked_to_inspect_it() -> None:
    audience = replace(AROUND, inspectors=("p-worker", "p-inspector"))
    assert told(event("case.resolved"), audience) == {("p-inspector", "to_inspect")}


def test_the_office_is_asked_to_decide_once_a_case_has_been_returned_too_often() -> None:
    once = event("case.returned", relieved=("p-mate",))
    assert told(once) == {("p-desk", "returned"), ("p-desk-2", "returned"), ("p-mate", "relieved")}
    assert told(replace(once, facts={"office_decides": True})) == told(once) | {("p-office", "office_decides")}


def test_an_unanswered_callback_is_no_rating() -> None:
    assert told(event("case.rated")) == set()
    assert ("p-worker", "rated") in told(event("case.rated", facts={"solved": "no"}))


def test_only_those_who_have_not_accepted_hear_that_the_case_is_theirs() -> None:
    accepted = replace(WORKER, accepted=True)
    reassigned = event("case.reassigned", assignees=(accepted, PARTNER), relieved=("p-former",))
    assert told(reassigned) == {("u-lighting", "assigned"), ("p-former", "relieved")}


@pytest.mark.parametrize("type", sorted(NOTICES))
def test_a_complaint_about_a_unit_never_reaches_that_unit(type: str) -> None:
    audience = replace(AROUND, office=("u-lighting",), dispatchers=("u-lighting",))
    complaint = event(type, complained_unit_id="u-lighting", relieved=("u-lighting",), followers=("u-lighting",))
    assert "u-lighting" not in {recipient for recipient, _ in told(complaint, audience)}


def test_a_notice_is_known_by_event_recipient_and_template() -> None:
    [draft] = notices(event("case.registered", followers=()), AROUND)
    assert draft.id == notice_id("e1", REPORTER, "registered") == "e1:p-reporter:registered"


@pytest.mark.parametrize("type", sorted(NOTICES))
def test_each_recipient_gets_each_message_of_an_event_once(type: str) -> None:
    doubled = Audience(*(((REPORTER, REPORTER),) * 6))
    twice = event(type, assignees=(WORKER, WORKER), followers=("p-follower", "p-follower"))
    ids = [draft.id for draft in notices(twice, doubled)]
    assert len(ids) == len(set(ids))


def test_results_of_an_own_case_cannot_be_opted_out_of() -> None:
    for type_, template in [("case.registered", "registered"), ("case.closed", "closed")]:
        [draft] = [one for one in notices(event(type_, followers=()), AROUND) if one.template == template]
        assert draft.mandatory
        assert draft.reach is Reach.OUTSIDE


def test_in_an_emergency_every_message_is_mandatory() -> None:
    calm = notices(event("case.dispatched"), AROUND)
    emergency = notices(event("case.dispatched", facts={"severity": "E"}), AROUND)
    assert not all(draft.mandatory for draft in calm)
    assert all(draft.mandatory for draft in emergency)


TEAM = ("p-worker", "u-lighting")
DESKS = ("p-desk", "p-desk-2")
OFFICE = ("p-desk-2", "p-office")


def each(template: str, *people: str) -> set[tuple[str, str]]:
    return {(one, template) for one in people}


def reminded(alarm: str, level: str, **changes: object) -> CaseEvent:
    facts = {"alarm": alarm, "level": level, "unassigned": changes.get("assignees") == ()}
    return event("case.reminded", by_id="clock", facts=facts, **changes)


@pytest.mark.parametrize(
    ("alarm", "level", "expected"),
    [
        ("resolve.50", "grid", each("half_time", *TEAM)),
        ("resolve.80", "community", each("nearly_due", *TEAM, "p-community", *DESKS)),
        ("resolve.100", "agency", each("overdue", *TEAM, *DESKS, "p-office")),
        ("resolve.1wd", "district", each("overdue", *TEAM) | each("still_overdue", "p-office")),
        ("resolve.6wd", "district", each("still_overdue", *DESKS, "p-office")),
        ("silence.late", "grid", each("silent", *TEAM)),
        ("silence.inspection", "agency", each("to_inspect", "p-desk-2", "p-inspector")),
        ("respond.80", "community", each("contact_please", *TEAM, "p-community", *DESKS)),
        (
            "respond.100",
            "agency",
            each("still_working", REPORTER) | each("contact_late", *DESKS, "p-office"),
        ),
        ("review.due", "agency", each("review_due", "p-desk-2")),
        ("register.late", "agency", each("step_late", *DESKS)),
        ("register.later", "district", each("step_late", "p-office")),
        ("inspect.late", "agency", each("step_late", "p-desk-2", "p-inspector")),
        ("resolve.7wd", "district", set()),
        ("resolve.50", "province", set()),
    ],
)
def test_whom_the_clock_reminds_depends_on_the_level_and_the_alarm(
    alarm: str, level: str, expected: set[tuple[str, str]]
) -> None:
    """F39: the assignee is reminded, at 80 % the dispatcher, past its time the office."""
    assert told(reminded(alarm, level)) == expected


@pytest.mark.parametrize(
    ("level", "meant"),
    [
        ("grid", {"p-worker", "u-lighting"}),
        ("community", {"p-community", "p-desk", "p-desk-2"}),
        ("agency", {"p-desk-2"}),
        ("district", {"p-office"}),
    ],
)
def test_the_level_decides_who_is_meant_whatever_the_alarm(level: str, meant: set[str]) -> None:
    for alarm, reminder in REMINDERS.items():
        also = told(reminded(alarm, "nowhere"))
        assert told(reminded(alarm, level)) == also | each(reminder.template, *meant)


@pytest.mark.parametrize("alarm", ["verify.late", "silence.late", "resolve.50"])
def test_of_a_case_that_nobody_has_who_works_on_the_grid_is_told(alarm: str) -> None:
    people = {one for one, _ in told(reminded(alarm, "grid", assignees=()))}
    assert people == {"p-grid"} | (set(DESKS) if alarm == "silence.late" else set())


@pytest.mark.parametrize("way", ["voice", "visit"])
@pytest.mark.parametrize("type", ["case.registered", "case.dispatched", "case.closed"])
def test_a_reporter_without_an_account_is_told_by_who_works_on_the_grid(type: str, way: str) -> None:
    """F56: called or visited, in the words of the message that cannot be sent."""
    nameless = event(type, reporter_id=None, followers=(), assignees=(), facts={"callback": way})
    [draft] = [one for one in notices(nameless, AROUND) if one.template == "tell_by_hand"]
    assert (draft.recipient, draft.mandatory, draft.facts["callback"]) == ("p-grid", True, way)
    assert draft.facts["passes_on"] == type.partition(".")[2]
    assert To.GRID_WORKERS in addressed(nameless)


@pytest.mark.parametrize("type", ["case.dispatched", "case.closed", "case.rejected", "case.reopened"])
def test_followers_without_an_account_are_told_by_who_works_on_the_grid(type: str) -> None:
    """F56: whoever was merged into a case hears of its end as was agreed, beside those who have an account."""
    joined = event(type, followers=("p-neighbour",), assignees=(), facts={"follower_callbacks": ["visit"]})
    drafts = notices(joined, AROUND)
    [by_hand] = [one for one in drafts if one.template == "tell_followers_by_hand"]
    assert (by_hand.recipient, by_hand.mandatory) == ("p-grid", True)
    assert {one.template for one in drafts if one.recipient == "p-neighbour"} == {by_hand.facts["passes_on"]}
    without = event(type, followers=("p-neighbour",), assignees=())
    assert "tell_followers_by_hand" not in {one.template for one in notices(without, AROUND)}


def test_who_files_a_report_for_somebody_is_not_told_to_tell_him_so() -> None:
    filed = event("case.reported", reporter_id=None, by_id="p-other", followers=(), facts={"callback": "visit"})
    assert told(filed) == set()


def test_who_writes_down_a_session_is_not_thanked_for_each_of_its_items() -> None:
    by_host = event("case.reported", by_id=REPORTER, facts={"source": "SESSION"})
    assert told(by_host) == set()
    assert told(replace(by_host, by_id="p-host")) == {(REPORTER, "reported")}
    assert told(replace(by_host, facts={"source": "APP"})) == {(REPORTER, "reported")}


@pytest.mark.parametrize("type", ["case.relieved", "case.passed_on"])
def test_of_somebody_who_left_the_desk_is_told_and_who_goes_on_with_the_case(type: str) -> None:
    """Nobody writes to the one who has left; without anybody else the office has to find somebody."""
    others = each("team_smaller", *TEAM) if type == "case.relieved" else each("assigned", *TEAM)
    gone = event(type, by_id="clock", relieved=("p-gone",))
    assert told(gone) == others | each("assignee_left", *DESKS)
    nobody = event(type, by_id="clock", relieved=("p-gone",), assignees=(), facts={"unassigned": True})
    assert told(nobody) == each("assignee_left", *DESKS, "p-office")


@pytest.mark.parametrize("type", ["case.reworked", "case.resumed"])
def test_what_goes_on_and_nobody_has_is_told_to_the_desk(type: str) -> None:
    nobody = event(type, by_id="p-other", assignees=(), facts={"unassigned": True})
    assert each("nobody_has_it", *DESKS) <= told(nobody)
    assert "nobody_has_it" not in {template for _, template in told(event(type))}


def test_an_event_is_either_told_or_silent_for_a_reason() -> None:
    assert not NOTICES.keys() & SILENT.keys()
    assert notices(event("case.arrived"), AROUND) == []


@pytest.mark.parametrize("type", ["case.registered", "case.corrected"])
def test_the_office_hears_of_a_matter_that_comes_again_where_something_is_suggested(type: str) -> None:
    again = event(type, facts={"repeat": 3, "suggestion": "open_project"})
    assert told(again) == told(event(type, facts={"repeat": 3})) | each("came_again", *OFFICE)
    assert addressed(again) & STAFF == {To.AGENCY, To.OFFICE}


def test_staff_are_asked_for_only_when_a_row_addresses_them() -> None:
    assert addressed(event("case.returned")) & STAFF
    assert not addressed(event("case.registered")) & STAFF
    assert addressed(event("case.arrived")) == frozenset()


def test_no_end_of_a_case_is_kept_from_those_who_follow_it() -> None:
    ends = {"case.rejected", "case.merged", "case.answered_directly", "case.closed"}
    assert {type for type in ends if "p-follower" in {recipient for recipient, _ in told(event(type))}} == ends


@pytest.mark.parametrize(
    ("type", "facts", "expected"),
    [
        (
            "summons.asked",
            {},
            {("p-desk", "summons_asked"), ("p-desk-2", "summons_asked"), ("p-office", "summons_asked")},
        ),
        ("summons.called", {}, {("u-power", "summoned"), ("p-worker", "summons_granted")}),
        (
            "summons.called",
            {"office_leads": True},
            {("u-power", "summoned"), ("p-worker", "summons_granted"), ("p-office", "summons_led_by_office")},
        ),
        ("summons.declined", {}, {("p-worker", "summons_declined")}),
        ("summons.acknowledged", {}, {("p-worker", "summons_acknowledged")}),
        ("summons.reminded", {"unanswered": True}, {("u-power", "summons_unanswered")}),
        ("summons.reminded", {"overdue": True}, {("p-worker", "summons_due")}),
        ("summons.arrived", {}, {("u-power", "summons_arrived")}),
        (
            "summons.absent",
            {"office_takes_over": True},
            {("p-worker", "summons_absent"), ("u-power", "summons_absent"), ("p-office", "summons_led_by_office")},
        ),
        ("summons.scored", {}, {("u-power", "summons_scored")}),
    ],
)
def test_of_a_summons_hear_its_units_who_called_and_the_office(
    type: str, facts: dict[str, object], expected: set[tuple[str, str]]
) -> None:
    summons = event(type, reporter_id=None, assignees=(), units=("u-power",), initiator_id="p-worker", facts=facts)
    assert told(summons) == expected
    assert "u-power" not in {recipient for recipient, _ in told(replace(summons, complained_unit_id="u-power"))}


def test_every_kind_of_recipient_is_used() -> None:
    ruled = {rule.to for rules in (*NOTICES.values(), *SUMMONS.values()) for rule in rules}
    assert ruled | {to for meant in LEVELS.values() for to, _ in meant} == set(To)


def test_of_a_sensitive_case_the_desk_calls_who_has_no_account_and_no_worker_of_the_place() -> None:
    nameless = event("case.registered", reporter_id=None, facts={"callback": "voice", "restricted": True})
    told_by_hand = [one.recipient for one in notices(nameless, AROUND) if one.template == "tell_by_hand"]
    assert told_by_hand == list(AROUND.dispatchers)


def test_members_is_asked_for_no_staff_of_the_unit_that_a_case_is_about() -> None:
    assert staff_of("360704100002001", {"complained_unit_id": "u-lighting"}) == {
        "grid_code": "360704100002001",
        "not_of": "u-lighting",
    }
    assert staff_of("360704100002001", {}) == {"grid_code": "360704100002001"}
