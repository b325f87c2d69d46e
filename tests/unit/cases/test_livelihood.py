"""The four livelihood tags: targets beside the deadlines, and what is called urgent without being it (F33)."""

from datetime import datetime
from typing import Any

import pytest

from cases.act import Act
from cases.case import Tag
from cases.deadline import LOCAL
from cases.livelihood import AIMS, targets
from cases.showing.sight import sight
from cases.showing.view import shown
from tests.unit.cases import play as stage
from tests.unit.cases.play import AT, DISPATCHER, RESIDENT, Play, code_of, refusal, unsealed


def register(play: Play, **fields: Any) -> Play:
    return play.at("03-12 19:44").do(Act.REGISTER, DISPATCHER, **fields)


def local(at: datetime) -> str:
    return f"{at.astimezone(LOCAL):%m-%d %H:%M}"


def test_each_of_the_four_has_targets_and_no_other_tag() -> None:
    assert set(AIMS) == {Tag.URGENT, Tag.HARD, Tag.WORRYING, Tag.HOPED}
    play = register(stage.opened(tags=["elderly", "worrying"], category="0107"), category="0107")
    assert [each.tag for each in targets(play.case, AT)] == [Tag.WORRYING]


def test_the_urgent_tag_aims_at_an_answer_within_two_hours_and_moves_no_deadline() -> None:
    plain = register(stage.opened(category="0108"), category="0108")
    play = register(stage.opened(tags=["urgent"], category="0108"), category="0108", urgency="confirmed")
    [target] = targets(play.case, AT)
    assert (local(target.respond_due), local(target.resolve_due)) == ("03-12 21:40", "03-13 19:40")
    assert play.case.dues == plain.case.dues
    assert play.case.dues.respond_due is not None
    assert play.case.dues.respond_due > target.respond_due


def test_a_target_never_lies_beyond_a_deadline() -> None:
    for tag in AIMS:
        play = register(stage.opened(tags=[tag.value], category="0103"), category="0103")
        [target] = targets(play.case, AT)
        dues = play.case.dues
        assert dues.respond_due is not None
        assert dues.resolve_due is not None
        assert target.respond_due <= dues.respond_due
        assert target.resolve_due <= dues.resolve_due


def test_what_was_reached_is_said_and_stays_open_until_then() -> None:
    play = stage.in_progress(tags=["worrying"])
    now = play.now
    assert [(each.responded, each.resolved) for each in targets(play.case, now)] == [(True, None)]
    late = stage.registered(tags=["worrying"])
    assert targets(late.case, late.at("04-01 09:00").now)[0].responded is False


def test_after_a_reopening_it_is_counted_from_that() -> None:
    play = stage.closed(tags=["hard"]).at("03-15 09:00").do(Act.REOPEN, RESIDENT)
    [target] = targets(play.case, play.now)
    assert local(target.respond_due) == "03-15 11:00", "the category's own deadline is earlier"


def test_before_it_is_registered_nothing_is_aimed_at() -> None:
    assert targets(stage.opened(tags=["urgent"]).case, AT) == []


def test_the_urgent_tag_without_an_urgent_category_is_confirmed_or_lowered() -> None:
    """F33: the tag urgent on a category that is not: the dispatcher must confirm or lower it, on record."""
    play = stage.opened(tags=["urgent", "elderly"])
    refused = refusal(register, play, category="0101")
    assert (refused.code, refused.details) == ("urgency_undecided", {"category": "0101", "severity": "N"})
    assert (play.case.status.value, len(play.history)) == ("REPORTED", 1)

    register(play, category="0101", urgency="lowered")
    assert (play.case.tags, play.last.data["urgency"]) == ((Tag.ELDERLY,), "lowered")
    line = shown(play.case, play.history, DISPATCHER, sight(play.case, DISPATCHER), play.now, unsealed)["timeline"][-1]
    assert (line["act"], line["details"]["urgency"]) == ("register", "lowered")

    confirmed = register(stage.opened(tags=["urgent"]), category="0101", urgency="confirmed")
    assert (confirmed.case.tags, confirmed.last.data["urgency"]) == ((Tag.URGENT,), "confirmed")


@pytest.mark.parametrize("category", ["0103", "0603"])
def test_an_urgent_category_needs_no_word(category: str) -> None:
    play = register(stage.opened(tags=["urgent"], category=category), category=category)
    assert (play.case.tags, play.last.data["urgency"]) == ((Tag.URGENT,), None)


def test_a_tag_that_the_dispatcher_gives_is_judged_like_the_reporter_s() -> None:
    assert code_of(register, stage.opened(), category="0101", tags=["urgent"]) == "urgency_undecided"
    assert register(stage.opened(tags=["urgent"]), category="0101", tags=["hard"]).case.tags == (Tag.HARD,)


@pytest.mark.parametrize("word", ["confirmed", "lowered"])
def test_where_nothing_is_called_urgent_there_is_nothing_to_judge(word: str) -> None:
    assert code_of(register, stage.opened(), category="0101", urgency=word) == "urgency_without_tag"


def test_an_urgent_category_that_is_corrected_to_another_is_judged_anew_and_only_then() -> None:
    play = register(stage.opened(tags=["urgent"], category="0103"), category="0103")
    assert code_of(play.do, Act.CORRECT, DISPATCHER, category="0101") == "urgency_undecided"
    play.do(Act.CORRECT, DISPATCHER, category="0101", urgency="confirmed")
    assert (play.case.tags, play.last.data["urgency"]) == ((Tag.URGENT,), "confirmed")
    play.do(Act.CORRECT, DISPATCHER, category="0102")
    assert play.last.data["urgency"] is None
    play.do(Act.CORRECT, DISPATCHER, urgency="lowered")
    assert (play.case.tags, code_of(play.do, Act.CORRECT, DISPATCHER, urgency="lowered")) == ((), "nothing_corrected")
