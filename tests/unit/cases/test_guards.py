"""Every guard of docs/domain.md §2.2 refuses with a code of its own, and leaves the case as it was."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from types import FunctionType
from typing import Any

import pytest

from cases.act import Act, Guard
from cases.case import Tag
from cases.deadline import LOCAL
from cases.moves.intake import draft
from cases.moves.table import MOVES
from cases.place import Place
from chassis.caller import Caller
from chassis.errors import Refusal
from tests.unit.cases import play as stage
from tests.unit.cases.play import (
    ADMIN,
    AT,
    CLOCK,
    DISPATCHER,
    ELECTRICIAN,
    ELSEWHERE,
    EXAMPLES,
    KNOWN,
    LAMP,
    OTHER_DISTRICT,
    OTHER_WORKER,
    RESIDENT,
    RULE,
    VOLUNTEER,
    WORKER,
    Play,
)

Build = Callable[[], Play]


@dataclass(frozen=True)
class Row:
    """An act in vain: which guard stops it, with which code, on which case, and who does it with which fields."""

    act: Act
    guard: str
    code: str
    build: Build
    who: Caller
    fields: Mapping[str, Any] = field(default_factory=dict)


def drafted(who: Caller = RESIDENT, **said: Any) -> Build:
    """A report that is not made yet."""
    return lambda: Play(draft("case-new", "360704-20260312-7K3F9Q", said, who, LAMP, AT), AT)


def knowing(build: Build, id: str, **changed: Any) -> Build:
    """Members says something else of this person or unit by now."""

    def built() -> Play:
        play = build()
        play.facts = replace(play.facts, known=KNOWN | {id: replace(KNOWN[id], **changed)})
        return play

    return built


def towards(build: Build, **changed: Any) -> Build:
    """With another case to merge into, which differs in this."""

    def built() -> Play:
        play = build()
        play.facts = replace(play.facts, target=replace(stage.registered().case, **changed))
        return play

    return built


def into_itself() -> Play:
    play = stage.registered()
    play.facts = replace(play.facts, target=play.case)
    return play


def moved_to(grid_code: str) -> Play:
    play = stage.registered()
    play.facts = replace(play.facts, place=Place(grid_code))
    return play


def having(build: Build, **changed: Any) -> Build:
    """The case as it may stand, however it came to that."""

    def built() -> Play:
        play = build()
        play.case = replace(play.case, **changed)
        return play

    return built


def served_by(build: Build, **changed: Any) -> Build:
    """A service day, which differs in this, is said to have dealt with it."""

    def built() -> Play:
        play = build()
        play.facts = replace(play.facts, service_day=replace(stage.THURSDAY, **changed))
        return play

    return built


def claimable(category: str = "0101") -> Build:
    return lambda: stage.offered(category=category)


def joining(who: Caller) -> Build:
    """An offered place, and somebody who wants it; the offer names nobody."""
    return lambda: stage.offered(places=1).do(Act.ACCEPT, who)


def closed_long_ago() -> Play:
    return stage.closed().later(days=8)


TEAM = EXAMPLES[Act.DISPATCH]
LEFT = {"person_id": "p-electrician"}
ROAD, WISH = "0201", "0802"
VOLUNTEERS = ("p-volunteer",)
UNTIL = {"reason_code": "parts"}
SUIT = "assignees_suit"


def unsuitable(act: Act, build: Callable[..., Play], who: Caller, **more: Any) -> Iterator[Row]:
    """Whoever cannot be given a case, by whichever act it is tried."""
    for assignee, code in (
        ("p-nobody", "unknown_assignee"),
        ("p-gone", "assignee_inactive"),
        ("p-far", "assignee_out_of_district"),
        ("p-xie", "assignee_not_eligible"),
        ("p-leader", "category_not_for_union"),
        ("p-volunteer", "certificate_missing"),
    ):
        yield Row(act, SUIT, code, build, who, {**more, "assignees": [assignee]})
    yield Row(
        act, SUIT, "complained_unit", having(build, complained_unit_id="u-lighting"), who, _to(more, "u-lighting")
    )
    yield Row(act, SUIT, "category_not_for_members", having(build, category=ROAD), who, _to(more, "p-volunteer"))


def _to(more: Mapping[str, Any], assignee: str) -> dict[str, Any]:
    return {**more, "assignees": [assignee]}


def leads(act: Act, build: Build, who: Caller, **more: Any) -> Iterator[Row]:
    two = ["p-worker-2", "p-electrician"]
    yield Row(act, "lead_in_team", "lead_missing", build, who, {**more, "assignees": two})
    yield Row(act, "lead_in_team", "lead_not_in_team", build, who, {**more, "assignees": two, "lead": "p-worker"})


def named(act: Act, build: Build, who: Caller, **more: Any) -> Iterator[Row]:
    yield Row(act, "somebody_named", "assignee_missing", build, who, {**more, "lead": ...})
    yield Row(act, "somebody_named", "team_or_offer", build, who, {**more, **TEAM, "places": 1})


def late() -> Play:
    """A team whose time to accept is over."""
    return stage.dispatched().later(hours=3)


def keeping() -> Iterator[Row]:
    """Corrections that whoever has the case could not have been given it with."""
    guard, act = "assignees_still_suit", Act.CORRECT
    away = {"grid_codes": (OTHER_DISTRICT,)}
    yield Row(act, guard, "complained_unit", stage.dispatched, DISPATCHER, {"complained_unit_id": "u-committee"})
    yield Row(act, guard, "assignee_out_of_district", knowing(stage.dispatched, "p-worker", **away), DISPATCHER)
    yield Row(act, guard, "assignee_not_eligible", knowing(stage.dispatched, "p-worker", roles=frozenset()), DISPATCHER)
    yield Row(act, guard, "category_not_for_members", stage.dispatched, DISPATCHER, {"category": ROAD})
    union = frozenset({"union_leader"})
    yield Row(act, guard, "category_not_for_union", knowing(stage.dispatched, "p-worker", roles=union), DISPATCHER)
    unlicensed = knowing(lambda: stage.dispatched(category="0303"), "p-electrician", certificates=frozenset())
    yield Row(act, guard, "certificate_missing", unlicensed, DISPATCHER, {"category": "0101"})


def claiming() -> Iterator[Row]:
    """Claims of an open place, first and further ones, by whoever cannot have it."""
    guard, act = "claimant_suits", Act.ACCEPT
    yield Row(act, guard, "unknown_assignee", claimable(), replace(VOLUNTEER, id="p-nobody"))
    yield Row(act, guard, "assignee_inactive", claimable(), replace(VOLUNTEER, id="p-gone"))
    yield Row(act, guard, "assignee_out_of_district", claimable(), replace(VOLUNTEER, id="p-far"))
    yield Row(act, guard, "assignee_not_eligible", claimable(), replace(VOLUNTEER, id="p-xie"))
    yield Row(act, guard, "category_not_for_union", claimable(), replace(VOLUNTEER, id="p-leader"))
    yield Row(act, guard, "certificate_missing", claimable(), VOLUNTEER)
    about = having(claimable(), complained_unit_id="u-power")
    yield Row(act, guard, "complained_unit", about, ELECTRICIAN)


ROWS: tuple[Row, ...] = (
    Row(Act.REPORT, "text_or_photo_given", "text_or_photo_missing", drafted(), RESIDENT, {"category": "0101"}),
    Row(Act.REPORT, "source_open_to_caller", "source_not_permitted", drafted(source="12345"), RESIDENT),
    Row(
        Act.REPORT,
        "external_number_of_the_hotline",
        "external_number_not_expected",
        drafted(external_number="12345-1"),
        RESIDENT,
    ),
    Row(Act.REPORT, "patrol_of_a_finding", "patrol_not_expected", drafted(patrol_id="r-1"), RESIDENT),
    Row(
        Act.REPORT,
        "files_for_others_as_a_worker",
        "not_on_behalf",
        drafted(on_behalf_of={"name": "谢测001", "consent": True}),
        RESIDENT,
    ),
    Row(
        Act.ASK_VERIFY,
        "no_emergency",
        "emergency_is_not_verified",
        lambda: stage.opened(category="0604"),
        DISPATCHER,
    ),
    Row(
        Act.REGISTER,
        "category_named",
        "category_missing",
        lambda: stage.opened(category=None),
        DISPATCHER,
        {"municipal": None},
    ),
    Row(Act.REGISTER, "urgency_judged", "urgency_undecided", having(stage.opened, tags=(Tag.URGENT,)), DISPATCHER),
    Row(
        Act.REGISTER,
        "urgency_judged",
        "urgency_without_tag",
        stage.opened,
        DISPATCHER,
        {**EXAMPLES[Act.REGISTER], "urgency": "confirmed"},
    ),
    Row(Act.REJECT, "text_given", "text_missing", stage.opened, DISPATCHER, {"reason_code": "not_found"}),
    Row(Act.MERGE, "target_open", "merge_into_itself", into_itself, DISPATCHER),
    Row(Act.MERGE, "target_open", "unknown_target", stage.registered, DISPATCHER),
    Row(
        Act.MERGE,
        "target_open",
        "target_not_open",
        towards(stage.registered, status=stage.rejected().case.status),
        DISPATCHER,
    ),
    Row(Act.MERGE, "target_alike", "target_elsewhere", towards(stage.registered, place=Place(ELSEWHERE)), DISPATCHER),
    Row(
        Act.MERGE,
        "target_alike",
        "target_of_other_category",
        towards(stage.registered, category="0303"),
        DISPATCHER,
    ),
    Row(
        Act.MERGE,
        "target_alike",
        "target_complains_of_another",
        towards(stage.registered, complained_unit_id="u-property"),
        DISPATCHER,
    ),
    Row(Act.ANSWER_DIRECTLY, "consultation_only", "not_a_consultation", stage.registered, DISPATCHER),
    Row(
        Act.ANSWER_DIRECTLY,
        "text_given",
        "text_missing",
        lambda: stage.registered(category="1001"),
        DISPATCHER,
        {"text": ""},
    ),
    *named(Act.DISPATCH, stage.registered, DISPATCHER),
    *leads(Act.DISPATCH, stage.registered, DISPATCHER),
    *unsuitable(Act.DISPATCH, stage.registered, DISPATCHER),
    Row(
        Act.DISPATCH,
        "offered_to_members",
        "category_not_for_members",
        lambda: stage.registered(category=ROAD),
        DISPATCHER,
        {"places": 1},
    ),
    Row(Act.DISPATCH, "office_after_returns", "office_decides", having(stage.registered, returns=2), RULE),
    Row(Act.DISPATCH, "reason_for_same_assignee", "same_assignee", stage.reopened, DISPATCHER),
    Row(Act.ACCEPT, "place_left", "already_accepted", stage.accepted, WORKER),
    Row(Act.ACCEPT, "place_left", "places_taken", joining(ELECTRICIAN), VOLUNTEER),
    *claiming(),
    Row(Act.RETURN, "returns_left", "returns_used_up", having(stage.dispatched, returns=2), WORKER),
    *named(Act.REASSIGN, stage.dispatched, DISPATCHER, reason_code="other"),
    *leads(Act.REASSIGN, stage.dispatched, DISPATCHER, reason_code="other"),
    *unsuitable(Act.REASSIGN, stage.dispatched, DISPATCHER, reason_code="other"),
    Row(Act.REASSIGN, "somebody_new", "same_team", stage.dispatched, DISPATCHER, {**TEAM, "reason_code": "other"}),
    Row(Act.TIME_OUT, "time_is_up", "not_due", stage.dispatched, CLOCK),
    *leads(Act.TIME_OUT, late, CLOCK),
    *unsuitable(Act.TIME_OUT, late, CLOCK),
    Row(Act.RELIEVE, "leaver_has_it", "not_theirs", stage.accepted, CLOCK, {"person_id": "p-volunteer"}),
    Row(Act.RELIEVE, "somebody_keeps_it", "nobody_remains", stage.alone, CLOCK, LEFT),
    Row(Act.PASS_ON, "leaver_has_it", "not_theirs", stage.accepted, CLOCK, {"person_id": "p-volunteer"}),
    Row(Act.PASS_ON, "nobody_keeps_it", "others_remain", stage.accepted, CLOCK, LEFT),
    *leads(Act.PASS_ON, stage.alone, CLOCK, **LEFT),
    *unsuitable(Act.PASS_ON, having(stage.alone, category="0101"), CLOCK, **LEFT),
    Row(Act.CORRECT, "same_district", "outside_your_district", lambda: moved_to(OTHER_DISTRICT), DISPATCHER),
    Row(
        Act.CORRECT,
        "something_corrected",
        "nothing_corrected",
        stage.registered,
        DISPATCHER,
        {"category": "0101"},
    ),
    Row(
        Act.CORRECT,
        "no_time_for_oneself",
        "own_request",
        lambda: stage.cleaning().do(Act.ASK_EXTEND, stage.ELECTRICIAN),
        replace(DISPATCHER, id="p-electrician"),
        {"category": "0108"},
    ),
    Row(
        Act.CORRECT,
        "urgency_judged_anew",
        "urgency_undecided",
        having(lambda: stage.registered(category="0104"), tags=(Tag.URGENT,)),
        DISPATCHER,
        {"category": "0101"},
    ),
    Row(
        Act.CORRECT,
        "urgency_judged_anew",
        "urgency_without_tag",
        stage.registered,
        DISPATCHER,
        {"category": "0102", "urgency": "lowered"},
    ),
    *keeping(),
    Row(Act.NOTE, "text_or_photo_given", "text_or_photo_missing", stage.in_progress, WORKER, {"internal": True}),
    Row(Act.ASK, "text_given", "text_missing", stage.in_progress, WORKER, {"text": ""}),
    Row(
        Act.ASK,
        "reporter_can_answer",
        "nobody_to_ask",
        lambda: stage.in_progress(anonymous=True),
        WORKER,
    ),
    Row(Act.ANSWER, "question_waits", "no_question_waiting", stage.in_progress, RESIDENT),
    Row(
        Act.ANSWER,
        "text_or_photo_given",
        "text_or_photo_missing",
        lambda: stage.in_progress().do(Act.ASK, WORKER),
        RESIDENT,
        {"text": ""},
    ),
    Row(Act.ARRIVE, "has_accepted", "not_accepted", lambda: stage.dispatched().do(Act.ACCEPT, ELECTRICIAN), WORKER),
    Row(Act.ARRIVE, "not_there_yet", "already_there", stage.in_progress, ELECTRICIAN),
    Row(Act.START, "has_accepted", "not_accepted", lambda: stage.dispatched().do(Act.ACCEPT, ELECTRICIAN), WORKER),
    Row(
        Act.LEAVE,
        "has_accepted",
        "not_accepted",
        lambda: stage.dispatched().do(Act.ACCEPT, ELECTRICIAN).do(Act.ARRIVE, ELECTRICIAN),
        WORKER,
    ),
    Row(Act.LEAVE, "is_there", "not_there", stage.in_progress, WORKER),
    Row(
        Act.SUSPEND,
        "decided_by_another",
        "own_request",
        stage.in_progress,
        replace(DISPATCHER, id="p-worker"),
    ),
    Row(
        Act.SUSPEND,
        "review_ahead",
        "review_in_the_past",
        stage.in_progress,
        DISPATCHER,
        {"reason_code": "weather", "review_on": date(2026, 3, 12)},
    ),
    Row(
        Act.SUSPEND,
        "review_ahead",
        "review_too_far",
        stage.in_progress,
        DISPATCHER,
        {"reason_code": "weather", "review_on": date(2027, 3, 13)},
    ),
    Row(Act.EXTEND, "decided_by_another", "own_request", stage.in_progress, replace(DISPATCHER, id="p-worker")),
    Row(Act.EXTEND, "due_is_set", "no_due_time", stage.opened, ADMIN),
    Row(Act.EXTEND, "not_extended_yet", "already_extended", having(stage.in_progress, extensions=1), ADMIN),
    Row(Act.EXTEND, "before_due", "past_due", lambda: stage.in_progress().at("03-17 18:01"), ADMIN),
    Row(
        Act.EXTEND,
        "within_original_length",
        "extension_too_short",
        stage.in_progress,
        ADMIN,
        {**UNTIL, "until": datetime(2026, 3, 17, 18, tzinfo=LOCAL)},
    ),
    Row(
        Act.EXTEND,
        "within_original_length",
        "extension_too_long",
        stage.in_progress,
        ADMIN,
        {**UNTIL, "until": datetime(2026, 3, 20, 18, 1, tzinfo=LOCAL)},
    ),
    Row(
        Act.ASK_EXTEND,
        "not_asked_yet",
        "already_asked",
        lambda: stage.in_progress().do(Act.ASK_EXTEND, WORKER),
        ELECTRICIAN,
    ),
    Row(Act.ASK_EXTEND, "not_extended_yet", "already_extended", having(stage.in_progress, extensions=1), WORKER),
    Row(Act.ASK_EXTEND, "before_due", "past_due", lambda: stage.in_progress().at("03-17 18:01"), WORKER),
    Row(
        Act.ASK_SUSPEND,
        "not_asked_yet",
        "already_asked",
        lambda: stage.in_progress().do(Act.ASK_SUSPEND, WORKER),
        ELECTRICIAN,
    ),
    Row(
        Act.FEEDBACK,
        "has_accepted",
        "not_accepted",
        lambda: stage.dispatched().do(Act.ACCEPT, ELECTRICIAN).do(Act.ARRIVE, ELECTRICIAN),
        WORKER,
    ),
    Row(Act.MEDIATE, "has_accepted", "not_accepted", stage.quarrel, ELECTRICIAN),
    Row(Act.MEDIATE, "is_dispute", "not_a_dispute", stage.in_progress, WORKER),
    Row(
        Act.MEDIATE, "no_party_oneself", "own_dispute", stage.quarrel, WORKER, {"parties": [{"person_id": "p-worker"}]}
    ),
    Row(
        Act.MEDIATE,
        "no_other_mediates",
        "mediated_by_another",
        lambda: stage.quarrel().do(Act.ACCEPT, ELECTRICIAN),
        ELECTRICIAN,
    ),
    Row(Act.MEET, "is_mediator", "not_the_mediator", stage.quarrel, ELECTRICIAN),
    Row(Act.SETTLE, "is_mediator", "not_the_mediator", stage.quarrel, ELECTRICIAN),
    Row(
        Act.SETTLE,
        "agreement_complete",
        "settled_by_missing",
        stage.quarrel,
        WORKER,
        {"outcome": "agreed", "agreement": ["photo-1"]},
    ),
    Row(
        Act.SETTLE,
        "agreement_complete",
        "agreement_missing",
        stage.quarrel,
        WORKER,
        {"outcome": "agreed", "settled_by": "grid_worker"},
    ),
    Row(
        Act.SETTLE,
        "agreement_complete",
        "settled_by_needless",
        stage.quarrel,
        WORKER,
        {"outcome": "to_court", "settled_by": "grid_worker"},
    ),
    Row(
        Act.INSPECT_PASS,
        "outcome_known",
        "outcome_missing",
        lambda: stage.quarrel().do(Act.FEEDBACK, WORKER, text="已调解"),
        OTHER_WORKER,
    ),
    Row(Act.FEEDBACK, "text_given", "text_missing", stage.in_progress, WORKER, {"photos": ["photo-after"]}),
    Row(Act.FEEDBACK, "after_photo_given", "after_photo_missing", stage.in_progress, WORKER, {"text": "已修好"}),
    Row(
        Act.FEEDBACK,
        "before_photo_given",
        "before_photo_missing",
        served_by(stage.cleaning),
        ELECTRICIAN,
        stage.CLEANED | {"before_photos": ()},
    ),
    Row(
        Act.FEEDBACK,
        "day_has_begun",
        "service_day_not_begun",
        served_by(stage.cleaning, begun=False),
        ELECTRICIAN,
        stage.CLEANED,
    ),
    Row(
        Act.FEEDBACK,
        "day_is_for_it",
        "category_not_of_service_day",
        served_by(stage.in_progress),
        WORKER,
        stage.CLEANED,
    ),
    Row(
        Act.FEEDBACK,
        "day_was_there",
        "case_not_of_service_day",
        served_by(stage.cleaning, compound_ids=frozenset({"c-other"})),
        ELECTRICIAN,
        stage.CLEANED,
    ),
    Row(
        Act.FEEDBACK,
        "day_was_there",
        "case_not_of_service_day",
        having(served_by(stage.cleaning), place=Place(stage.GRID)),
        ELECTRICIAN,
        stage.CLEANED,
    ),
    Row(Act.INSPECT_PASS, "inspector_did_not_handle", "handler_inspects", stage.resolved, WORKER),
    Row(Act.REWORK, "inspector_did_not_handle", "handler_inspects", stage.resolved, WORKER),
    Row(
        Act.RATE,
        "rater_did_not_handle",
        "handler_rates",
        stage.closed,
        WORKER,
    ),
    Row(
        Act.RATE,
        "reporter_can_be_asked",
        "nobody_to_ask",
        lambda: stage.closed(anonymous=True),
        OTHER_WORKER,
    ),
    Row(Act.RATE, "within_rating_window", "rating_window_over", closed_long_ago, RESIDENT),
    Row(Act.RATE, "not_rated_yet", "already_rated", lambda: stage.closed().do(Act.RATE, RESIDENT), RESIDENT),
    Row(Act.RATE, "mark_complete", "mark_missing", stage.closed, RESIDENT, {"solved": "yes"}),
    Row(
        Act.RATE,
        "mark_complete",
        "mark_without_contact",
        stage.closed,
        DISPATCHER,
        {"contacted": False, "solved": "yes"},
    ),
    Row(Act.REOPEN, "may_reopen_now", "reopen_window_over", closed_long_ago, RESIDENT),
    Row(Act.REOPEN, "may_reopen_now", "rated_solved", lambda: stage.closed().do(Act.RATE, RESIDENT), RESIDENT),
    Row(Act.WITHDRAW, "nobody_follows", "has_followers", stage.joined, RESIDENT),
    Row(Act.REMIND, "rings_now", "not_ringing", stage.in_progress, CLOCK),
    Row(Act.LAPSE, "rings_now", "not_ringing", stage.closed, CLOCK),
    Row(Act.PROPOSE_EXCLUSION, "not_excluded_yet", "exclusion_waits", stage.proposed, ADMIN),
    Row(
        Act.PROPOSE_EXCLUSION,
        "not_excluded_yet",
        "already_excluded",
        lambda: stage.proposed().do(Act.APPROVE_EXCLUSION, ADMIN),
        DISPATCHER,
    ),
    Row(Act.APPROVE_EXCLUSION, "waits_for_another", "no_exclusion_waiting", stage.closed, ADMIN),
    Row(Act.APPROVE_EXCLUSION, "waits_for_another", "own_exclusion", stage.proposed, DISPATCHER),
    Row(
        Act.REFUSE_EXCLUSION,
        "waits_for_another",
        "no_exclusion_waiting",
        lambda: stage.proposed().do(Act.REFUSE_EXCLUSION, ADMIN),
        ADMIN,
    ),
    Row(Act.REFUSE_EXCLUSION, "waits_for_another", "own_exclusion", stage.proposed, DISPATCHER),
)

SHARED: Mapping[str, frozenset[str]] = {
    # Nobody can be reached: to be called back, or to answer.
    "nobody_to_ask": frozenset({"reporter_can_be_asked", "reporter_can_answer"}),
    # Whoever cannot have a case cannot have it in whichever way: given, claimed, or kept after a correction.
    **dict.fromkeys(
        (
            "complained_unit",
            "assignee_out_of_district",
            "assignee_not_eligible",
            "category_not_for_union",
            "certificate_missing",
        ),
        frozenset({"assignees_suit", "claimant_suits", "assignees_still_suit"}),
    ),
    # And an offer to members of what members do not take is the same refusal.
    "category_not_for_members": frozenset(
        {"assignees_suit", "claimant_suits", "assignees_still_suit", "offered_to_members"}
    ),
    **dict.fromkeys(("unknown_assignee", "assignee_inactive"), frozenset({"assignees_suit", "claimant_suits"})),
    # Registered or corrected, the dispatcher says what holds.
    **dict.fromkeys(("urgency_undecided", "urgency_without_tag"), frozenset({"urgency_judged", "urgency_judged_anew"})),
    # An extension is one by whatever act it comes.
    "own_request": frozenset({"decided_by_another", "no_time_for_oneself"}),
    # Both look for the case to merge into; the first of them tells that there is none.
    "unknown_target": frozenset({"target_open", "target_alike"}),
}
"""Codes that several guards have, and why."""

UNREACHED = {
    ("claimant_suits", "category_not_for_members"): "the permission to claim asks for it before (`not_eligible`)",
    ("target_alike", "unknown_target"): "the guard before it says so",
}
"""Codes that a guard has and that another rule says first."""


def guards() -> set[tuple[Act, str]]:
    return {(move.act, guard.__name__) for move in MOVES for guard in move.guards}


def codes_of(function: Callable[..., Any], seen: frozenset[str] = frozenset()) -> set[str]:
    """The codes that are written in a guard and in the functions of this service that it calls by name."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    called = {node.func.id: node for node in ast.walk(tree) if _calls(node)}  # type: ignore[attr-defined]
    found = {
        str(argument.value)
        for node in ast.walk(tree)
        if _calls(node) and node.func.id == "Refusal"  # type: ignore[attr-defined]
        for argument in node.args[:1]  # type: ignore[attr-defined]
        if isinstance(argument, ast.Constant)
    }
    for name in called.keys() - seen:
        inner = inspect.unwrap(function).__globals__.get(name)
        if isinstance(inner, FunctionType) and inner.__module__.startswith("cases."):
            found |= codes_of(inner, seen | {name})
    return found


def _calls(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name)


def by_name() -> dict[str, Guard]:
    return {guard.__name__: guard for move in MOVES for guard in move.guards}


def said(row: Row) -> dict[str, Any]:
    return dict(row.fields) or {**EXAMPLES.get(row.act, {}), "unused": ...}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.act.value}-{row.guard}-{row.code}")
def test_what_a_guard_refuses_leaves_the_case_as_it_was(row: Row) -> None:
    play = row.build()
    before, history = deepcopy(play.case), play.history
    with pytest.raises(Refusal) as refused:
        play.do(row.act, row.who, **said(row))
    assert refused.value.code == row.code
    assert row.guard in {entry.name for entry in refused.traceback}
    assert (play.case, play.history) == (before, history)


def test_every_guard_of_every_act_has_a_row() -> None:
    assert len(by_name()) == len({guard for move in MOVES for guard in move.guards}), "two guards with one name"
    assert {(row.act, row.guard) for row in ROWS} == guards()


def test_every_code_of_a_guard_has_a_row() -> None:
    written = {(name, code) for name, guard in by_name().items() for code in codes_of(guard)}
    played = {(row.guard, row.code) for row in ROWS}
    assert written - played - UNREACHED.keys() == set()
    assert played.isdisjoint(UNREACHED)


def test_no_two_guards_share_a_code_but_where_they_mean_the_same() -> None:
    named: dict[str, set[str]] = {}
    for name, guard in by_name().items():
        for code in codes_of(guard):
            named.setdefault(code, set()).add(name)
    assert {code: names for code, names in named.items() if len(names) > 1} == SHARED
