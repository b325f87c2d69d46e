"""The whistle: who may call, how each unit turns out, when the clock reminds, and what a summons shows."""

import json
from datetime import timedelta
from typing import Any

import pytest

from cases.summons import view
from cases.summons.acts import EVENTS, Act
from cases.summons.summons import Stage, Turnout, next_bell, ringing
from chassis.caller import Caller
from tests.unit.cases import play as stage
from tests.unit.cases.play import ADMIN, DISPATCHER, INSPECTOR, OTHER_WORKER, RESIDENT, WORKER, caller, code_of
from tests.unit.cases.samples import FOLDER
from tests.unit.cases.whistle import HOUSING, POWER, URBAN, VISIT, Whistle, asked, called, samples, visited

MADE = samples()


def turnouts(play: Whistle) -> dict[str, str]:
    return {each.unit_id: each.turnout.value for each in play.kept.units}


def test_a_visit_to_which_one_unit_does_not_come_is_scored_unit_by_unit() -> None:
    """F40: 高新社区 whistles three units for 15:00; one is absent with a reason, each gets its score."""
    play = visited()
    assert turnouts(play) == {"u-housing": "arrived", "u-power": "arrived", "u-urban": "absent"}
    assert play.kept.unit("u-urban").reason_code == "no_answer"
    for unit, score in (("u-housing", 5), ("u-power", 4), ("u-urban", 1)):
        assert play.kept.stage is Stage.CALLED
        play.do(Act.SCORE, WORKER, unit_id=unit, score=score)
    assert play.kept.stage is Stage.ENDED
    assert [each.score for each in play.kept.units] == [5, 4, 1]


@pytest.mark.parametrize("who", [RESIDENT, WORKER, INSPECTOR, HOUSING])
def test_only_the_office_calls_and_a_worker_asks(who: Caller) -> None:
    assert code_of(Whistle().do, Act.CALL, who) == "not_permitted"
    assert Whistle().do(Act.CALL, ADMIN).kept.stage is Stage.CALLED
    assert code_of(Whistle().do, Act.ASK, DISPATCHER) == "not_permitted"
    assert code_of(Whistle().do, Act.CALL, caller("p-far", "dispatcher", scope="360704100007")) == "out_of_scope"


def test_what_a_worker_asks_for_calls_nobody_until_the_office_grants_it() -> None:
    play = asked()
    assert (play.kept.stage, play.kept.called_at, next_bell(play.kept)) == (Stage.ASKED, None, None)
    assert code_of(play.do, Act.ACKNOWLEDGE, HOUSING) == "not_summoned"
    later = VISIT + timedelta(hours=1)
    play.do(Act.GRANT, DISPATCHER, units=["u-power"], lead_unit_id="u-power", due_on_site=later)
    assert (play.kept.unit_ids, play.kept.lead, play.kept.due_on_site) == (("u-power",), "u-power", later)
    assert code_of(play.do, Act.DECLINE, DISPATCHER) == "illegal_move"


def test_nobody_grants_what_they_asked_for() -> None:
    both = caller("p-both", "community_worker", "dispatcher", scope="360704")
    assert code_of(Whistle().do(Act.ASK, both).do, Act.GRANT, both) == "own_request"


@pytest.mark.parametrize("build", [stage.opened, stage.verifying, stage.closed, stage.withdrawn])
def test_units_are_called_for_registered_open_cases_only(build: Any) -> None:
    play = Whistle(build().case)
    assert code_of(play.do, Act.CALL, DISPATCHER) == "illegal_move"
    assert code_of(play.do, Act.ASK, WORKER) == "illegal_move"


def test_the_visit_lies_ahead() -> None:
    play = Whistle().at("03-13 15:00")
    assert code_of(play.do, Act.CALL, DISPATCHER) == "visit_in_the_past"
    assert code_of(asked().at("03-13 15:00").do, Act.GRANT, DISPATCHER) == "visit_in_the_past"


def test_the_visit_is_at_most_thirty_days_away() -> None:
    last = Whistle().now + timedelta(days=30)
    assert called(due_on_site=last).kept.due_on_site == last
    far = last + timedelta(seconds=1)
    assert code_of(Whistle().do, Act.CALL, DISPATCHER, due_on_site=far) == "visit_too_far"
    assert code_of(Whistle().do, Act.ASK, WORKER, due_on_site=far) == "visit_too_far"
    assert code_of(asked().do, Act.GRANT, DISPATCHER, due_on_site=far) == "visit_too_far"


def test_the_unit_complained_of_is_never_called_nor_has_it_a_hand_in_the_summons() -> None:
    assert code_of(Whistle().about("u-power").do, Act.CALL, DISPATCHER) == "complained_unit"
    assert code_of(called().about("u-power").do, Act.ACKNOWLEDGE, POWER) == "not_permitted"
    mate = caller("p-mate", "dispatcher", scope="360704", unit="u-power")
    assert code_of(Whistle().about("u-power").do, Act.CALL, mate, units=["u-urban"]) == "not_permitted"


def test_the_lead_is_called_too() -> None:
    assert code_of(Whistle().do, Act.CALL, DISPATCHER, lead_unit_id="u-lamp") == "lead_not_in_team"


@pytest.mark.parametrize(("id", "refused"), [("p-worker", "not_a_unit"), ("u-gone", "assignee_inactive")])
def test_units_are_called_that_are_active_and_nobody_in_person(id: str, refused: str) -> None:
    assert code_of(Whistle().do, Act.CALL, DISPATCHER, units=[id], lead_unit_id=...) == refused


def test_without_a_lead_or_with_an_absent_one_the_office_leads() -> None:
    assert called(lead_unit_id=...).last["office_leads"]
    play = called()
    assert (play.last["lead_unit_id"], play.last["office_leads"]) == ("u-housing", False)
    play.do(Act.EXCUSE, POWER)
    assert (play.last["office_leads"], play.last["office_takes_over"]) == (False, False)
    play.do(Act.EXCUSE, HOUSING)
    assert (play.last["lead_unit_id"], play.last["office_leads"], play.last["office_takes_over"]) == (None, True, True)


def test_a_unit_acknowledges_once_and_says_in_time_that_it_cannot_come() -> None:
    play = called().do(Act.ACKNOWLEDGE, POWER)
    assert code_of(play.do, Act.ACKNOWLEDGE, POWER) == "already_acknowledged"
    play.do(Act.EXCUSE, POWER)
    assert play.kept.unit("u-power").turnout is Turnout.ABSENT
    assert code_of(play.do, Act.ACKNOWLEDGE, POWER) == "already_settled"
    assert code_of(play.do, Act.ARRIVE, WORKER, unit_id="u-power") == "already_settled"
    assert code_of(play.do, Act.ACKNOWLEDGE, caller("p-x", "unit_contact", unit="u-lamp")) == "not_summoned"
    elsewhere = caller("p-x", "unit_contact", scope="360704100007", unit="u-power")
    assert code_of(called().do, Act.ACKNOWLEDGE, elsewhere) == "not_summoned"


def test_nobody_is_absent_before_the_time_unless_the_unit_says_so() -> None:
    assert code_of(called().do, Act.MISS, WORKER) == "still_time"
    assert called().at("03-13 15:00").do(Act.MISS, WORKER).last["unit_ids"] == ["u-urban"]


def test_a_unit_comes_without_having_acknowledged() -> None:
    assert called().do(Act.ARRIVE, WORKER).last["in_time"]
    assert not called().at("03-13 15:30").do(Act.ARRIVE, WORKER).last["in_time"]


def test_a_score_is_given_once_afterwards_and_not_to_the_own_unit() -> None:
    play = called()
    assert code_of(play.do, Act.SCORE, WORKER) == "not_settled"
    play.do(Act.ARRIVE, WORKER).do(Act.SCORE, OTHER_WORKER)
    assert code_of(play.do, Act.SCORE, WORKER) == "already_scored"
    own = caller("p-own", "community_worker", unit="u-housing")
    assert code_of(called().do(Act.ARRIVE, WORKER).do, Act.SCORE, own) == "own_unit"
    assert code_of(play.do, Act.SCORE, WORKER, unit_id="u-lamp") == "not_summoned"


def test_who_has_not_acknowledged_by_half_of_the_time_is_reminded_once() -> None:
    play = called().do(Act.ACKNOWLEDGE, POWER)
    assert ringing(play.kept, play.at("03-13 11:59").now) is None
    play.at("03-13 12:00").ring()
    assert (play.last["bell"], play.last["unit_ids"]) == ("acknowledge.half", ["u-housing", "u-urban"])
    assert ringing(play.kept, play.now) is None
    assert code_of(play.do, Act.REMIND, stage.CLOCK) == "not_due"


def test_whoever_called_is_asked_at_the_time_who_came() -> None:
    play = called().do(Act.ARRIVE, WORKER).at("03-13 15:00").ring()
    assert (play.last["bell"], play.last["unit_ids"]) == ("arrive.due", ["u-power", "u-urban"])
    assert next_bell(play.kept) is None  # the half that was missed is needless now


def test_nobody_is_called_any_more_to_a_case_that_has_ended() -> None:
    play = called()
    play.case = stage.closed().case
    assert play.at("03-13 12:00").ring().last["unit_ids"] == []
    play.at("03-13 15:00").ring()
    assert (play.last["unanswered"], play.last["overdue"]) == (False, False)  # so that no caller is asked who came


def test_when_all_have_acknowledged_nothing_rings_before_the_visit() -> None:
    play = called()
    for contact in (HOUSING, POWER, URBAN):
        play.do(Act.ACKNOWLEDGE, contact)
    assert next_bell(play.kept) == VISIT


def test_a_unit_reads_reason_and_score_of_itself_alone() -> None:
    play = called(text="请联系张测001，电话12000000001").do(Act.EXCUSE, POWER, text="人手不足").at("03-13 15:10")
    play.do(Act.MISS, WORKER).do(Act.SCORE, WORKER, unit_id="u-power", score=2)
    seen = view.shown(play.kept, 4, play.case, URBAN, of_unit=True)
    told = {each["unit_id"]: (each["turnout"], each["reason_code"], each["score"]) for each in seen["units"]}
    assert told["u-power"] == ("absent", None, None)
    assert told["u-urban"] == ("absent", "no_answer", None)
    assert "12000000001" not in json.dumps(seen)
    whole = view.shown(play.kept, 4, play.case, DISPATCHER, of_unit=False)
    assert {each["unit_id"]: each["score"] for each in whole["units"]}["u-power"] == 2


def test_of_a_sensitive_case_onlookers_read_no_words_of_a_summons_and_no_units() -> None:
    play = Whistle(stage.registered(category="0701").case).do(Act.CALL, DISPATCHER, text="请到3栋门口")
    play.do(Act.EXCUSE, POWER, text="张测001不在")
    seen = view.shown(play.kept, 2, play.case, DISPATCHER, of_unit=False)
    unit = next(each for each in seen["units"] if each["unit_id"] == "u-power")
    assert (seen["text"], unit["reason"], unit["reason_code"]) == ("请到3栋门口", "张测001不在", "no_capacity")
    outline = view.shown(play.kept, 2, play.case, ADMIN, of_unit=False)
    assert (outline["text"], outline["units"], outline["lead_unit_id"]) == (None, [], None)
    assert "u-power" not in json.dumps(outline)


def test_a_mean_score_has_two_decimals_and_there_is_none_without_a_score() -> None:
    rows = [{"unit_id": "u-1", "points": 5, "scored": 8}, {"unit_id": "u-2", "points": 0, "scored": 0}]
    assert [row["mean_score"] for row in view.scored(rows)] == [0.63, None]


def test_there_is_one_sample_of_each_event_of_a_summons() -> None:
    assert {path.stem for path in FOLDER.glob("summons.*.json")} == set(EVENTS.values()) == set(MADE)


@pytest.mark.parametrize("type_", sorted(set(EVENTS.values())))
def test_the_rules_make_exactly_what_the_sample_shows(type_: str) -> None:
    assert json.loads((FOLDER / f"{type_}.json").read_text(encoding="utf-8")) == MADE[type_]


def test_no_event_carries_words() -> None:
    play = called(text="张测001").do(Act.EXCUSE, POWER, text="人手不足")
    told = json.dumps([each["data"] for each in play.history], ensure_ascii=False)
    assert "张测" not in told
    assert "人手" not in told
