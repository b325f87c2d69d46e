"""Which case comes first in a queue: urgency, then whom it weighs on, then what is due next."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from cases.act import Act
from cases.case import Case, Tag
from cases.ledger.lists import List
from cases.ledger.lists import wanted as wanted_of_ledger
from cases.priority import KEY, priority
from cases.showing.listing import PRIORITY, Order, wanted
from tests.unit.cases import play as stage
from tests.unit.cases.play import AT, DISPATCHER, GRID, RESIDENT, WORKER, caller, code_of


def tagged(*tags: Tag, category: str = "0101") -> Case:
    return replace(stage.registered(category=category).case, tags=tags)


def test_urgency_comes_before_tags_and_tags_before_time() -> None:
    lined_up = [
        tagged(category="0603"),
        tagged(Tag.ELDERLY, category="0103"),
        tagged(category="0103"),
        tagged(Tag.ELDERLY, Tag.DISABLED),
        tagged(Tag.CHILD),
        tagged(),
        tagged(Tag.ELDERLY, category="0304"),
    ]
    assert sorted(lined_up, key=priority) == lined_up
    assert sorted(lined_up, key=lambda case: priority(case).key) == lined_up


def test_of_equals_what_is_due_next_comes_first() -> None:
    early, late = stage.registered(at=AT - timedelta(days=1)), stage.registered()
    assert priority(early.case) < priority(late.case)
    answered = stage.in_progress().case
    assert priority(late.case) < priority(answered), "its first answer is due before the other's solution"


def test_without_a_category_it_is_queued_as_normal_by_the_time_to_register_it() -> None:
    play = stage.opened(category=None)
    assert (priority(play.case).rank, priority(play.case).due) == (2, AT + timedelta(minutes=30))
    assert priority(stage.opened(category="0101").case).rank == 2


def test_a_suspended_case_waits_for_its_review_and_a_resolved_one_for_its_inspection() -> None:
    assert f"{priority(stage.suspended().case).due:%m-%d %H:%M}" == "04-01 08:30"
    resolved = stage.resolved().case
    assert priority(resolved).due in resolved.timers.values()


@pytest.mark.parametrize("tag", [tag for tag in Tag if tag not in {Tag.ELDERLY, Tag.CHILD, Tag.DISABLED, Tag.URGENT}])
def test_other_tags_raise_nothing(tag: Tag) -> None:
    assert priority(tagged(tag)) == priority(tagged())


def test_that_a_reporter_calls_it_urgent_raises_it_only_once_that_is_judged() -> None:
    assert priority(stage.opened(tags=["urgent"]).case) == priority(stage.opened().case)
    assert priority(tagged(Tag.URGENT)) < priority(tagged())


def test_a_correction_moves_a_case_in_its_queue() -> None:
    play = stage.registered()
    before = priority(play.case)
    assert priority(play.do(Act.CORRECT, DISPATCHER, category="0103").case) < before


def test_the_key_is_what_a_cursor_may_hold() -> None:
    assert re.fullmatch(KEY, priority(tagged(*Tag)).key)


@pytest.mark.parametrize("filters", [{"assignee": "me"}, {"reported_by": "me"}, {"offered": True}])
def test_only_lists_of_an_area_go_by_priority(filters: dict[str, object]) -> None:
    by_priority = {"order": PRIORITY}
    assert wanted(by_priority, WORKER, AT).order is Order.PRIORITY
    assert code_of(wanted, {**filters, **by_priority}, DISPATCHER, AT) == "invalid"
    assert code_of(wanted, by_priority, RESIDENT, AT) == "invalid"
    assert code_of(wanted, by_priority, caller("p-1", "volunteer"), AT) == "invalid"


def test_what_is_done_presses_no_more() -> None:
    period = (AT, AT)
    assert wanted_of_ledger(List.PROBLEM, GRID, period, {"order": PRIORITY}, AT, DISPATCHER).order is Order.PRIORITY
    assert code_of(wanted_of_ledger, List.COMPLETION, GRID, period, {"order": PRIORITY}, AT, DISPATCHER) == "invalid"
