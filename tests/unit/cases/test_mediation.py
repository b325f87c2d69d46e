"""Mediation (F36): who mediates, what the parties alone read, and at which level a dispute counts as settled."""

import json
from dataclasses import replace

import pytest

from cases.act import Act
from cases.case import Case
from cases.level import Level
from cases.mediation import SETTLED_BY, Ending
from cases.showing import view
from cases.showing.sight import Sight, sight
from cases.store.case_document import read, written
from chassis.caller import Caller
from tests.unit.cases import play as stage
from tests.unit.cases.play import (
    ADMIN,
    DISPATCHER,
    ELECTRICIAN,
    INSPECTOR,
    NEIGHBOUR,
    RESIDENT,
    WORKER,
    Play,
    code_of,
)

SAID = "双方同意晚上十点后不再练琴"
PARTIES = [{"person_id": "p-xie"}, {"person_id": "p-neighbour"}]


def met() -> Play:
    return stage.quarrel().do(Act.MEDIATE, WORKER, parties=PARTIES).do(Act.MEET, WORKER)


def settled() -> Play:
    return met().do(Act.SETTLE, WORKER).at("03-13 18:30").do(Act.FEEDBACK, WORKER, text="已调解")


def seen(case: Case, who: Caller) -> str:
    found = view.shown(case, [], who, sight(case, who), stage.AT, stage.unsealed)
    return json.dumps(found["mediation"], ensure_ascii=False)


def test_a_neighbour_dispute_that_the_grid_party_group_settles_counts_at_grid_level() -> None:
    """F36: closed with a signed agreement it counts as "grid level"; what was said only parties and mediator read."""
    play = settled().at("03-13 19:10").do(Act.INSPECT_PASS, INSPECTOR)
    assert play.last.data["resolution_level"] == "grid"
    assert play.case.mediation is not None
    assert play.case.mediation.agreement == ("photo-signed",)
    for reader in (RESIDENT, NEIGHBOUR, WORKER):
        assert SAID in seen(play.case, reader)
    for other in (DISPATCHER, INSPECTOR, ADMIN, ELECTRICIAN):
        told = seen(play.case, other)
        assert SAID not in told
        assert "p-xie" not in told
        assert "photo-signed" not in told
        assert json.loads(told) | {"settled_at": None} == {
            "outcome": "agreed",
            "settled_by": "grid_party_group",
            "resolution_level": "grid",
            "settled_at": None,
            "meetings": 1,
            "mediator_id": None,
            "parties": [],
            "records": [],
            "agreement": [],
        }


def test_a_dispute_is_not_closed_without_an_outcome() -> None:
    play = met().do(Act.FEEDBACK, WORKER, text="已调解")
    assert code_of(play.do, Act.INSPECT_PASS, INSPECTOR) == "outcome_missing"
    play.do(Act.SETTLE, WORKER, outcome="not_agreed")
    assert play.do(Act.INSPECT_PASS, INSPECTOR).last.data["resolution_level"] is None
    never = stage.registered(category="0703").do(Act.DISPATCH, DISPATCHER, assignees=["p-worker"])
    never.do(Act.ACCEPT, WORKER).do(Act.START, WORKER).do(Act.FEEDBACK, WORKER, text="好了")
    assert code_of(never.do, Act.INSPECT_PASS, INSPECTOR) == "outcome_missing"


def test_a_signed_agreement_is_a_photo_of_the_case_that_only_they_may_fetch() -> None:
    case = settled().case
    assert "photo-signed" in case.photos
    for reader in (RESIDENT, NEIGHBOUR, WORKER):
        assert "photo-signed" in view.visible_photos(case, reader, sight(case, reader))
    for other in (DISPATCHER, INSPECTOR, ELECTRICIAN):
        assert "photo-signed" not in view.visible_photos(case, other, Sight.FULL)


def test_a_party_that_did_not_report_sees_the_outline_and_the_mediation_and_nobody_else() -> None:
    case = settled().case
    assert sight(case, NEIGHBOUR) is Sight.OUTLINE
    found = view.shown(case, [], NEIGHBOUR, Sight.OUTLINE, stage.AT, stage.unsealed)
    assert (found["text"], found["reporter"], found["photos"]) == (None, None, [])
    assert sight(case, replace(NEIGHBOUR, id="p-somebody")) is Sight.NONE


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"outcome": "agreed", "agreement": ["photo-1"]}, "settled_by_missing"),
        ({"outcome": "agreed", "settled_by": "grid_worker"}, "agreement_missing"),
        ({"outcome": "to_court", "settled_by": "grid_worker"}, "settled_by_needless"),
    ],
)
def test_an_agreement_is_signed_and_somebody_settled_it(fields: dict[str, object], code: str) -> None:
    assert code_of(met().do, Act.SETTLE, WORKER, **fields) == code


@pytest.mark.parametrize("outcome", [each.value for each in Ending if each is not Ending.AGREED])
def test_what_was_not_agreed_is_settled_at_no_level(outcome: str) -> None:
    play = met().do(Act.SETTLE, WORKER, outcome=outcome)
    assert (play.last.data["outcome"], play.last.data["resolution_level"]) == (outcome, None)


def test_every_level_has_somebody_who_settles() -> None:
    assert set(SETTLED_BY.values()) == set(Level)


def test_only_disputes_are_mediated() -> None:
    assert code_of(stage.in_progress().do, Act.MEDIATE, WORKER) == "not_a_dispute"


def test_nobody_mediates_their_own_quarrel() -> None:
    assert code_of(stage.quarrel().do, Act.MEDIATE, WORKER, parties=[{"person_id": "p-worker"}]) == "own_dispute"


def test_of_a_team_one_mediates_and_the_others_do_not_read_it() -> None:
    play = met().do(Act.ACCEPT, ELECTRICIAN)
    assert code_of(play.do, Act.MEDIATE, ELECTRICIAN) == "mediated_by_another"
    assert code_of(play.do, Act.MEET, ELECTRICIAN) == "not_the_mediator"
    assert code_of(play.do, Act.SETTLE, ELECTRICIAN) == "not_the_mediator"
    assert SAID not in seen(play.case, ELECTRICIAN)


def test_who_is_given_the_case_next_mediates_it_on() -> None:
    play = met().do(Act.REASSIGN, DISPATCHER, assignees=["p-worker-2"], reason_code="other")
    play.do(Act.ACCEPT, stage.OTHER_WORKER).do(Act.MEDIATE, stage.OTHER_WORKER)
    assert SAID in seen(play.case, stage.OTHER_WORKER)
    assert SAID not in seen(play.case, WORKER)


def test_nothing_is_met_or_settled_before_somebody_mediates() -> None:
    play = stage.registered(category="0701").do(Act.DISPATCH, DISPATCHER).do(Act.ACCEPT, WORKER)
    for act in (Act.MEET, Act.SETTLE):
        assert code_of(play.do, act, WORKER) == "not_the_mediator"


def test_a_case_that_is_reopened_has_to_be_settled_anew_and_keeps_what_was_said() -> None:
    play = settled().at("03-13 19:10").do(Act.INSPECT_PASS, INSPECTOR).at("03-14 09:00").do(Act.REOPEN, RESIDENT)
    mediation = play.case.mediation
    assert mediation is not None
    assert (mediation.outcome, mediation.level, len(mediation.meetings)) == (None, None, 1)


def test_phones_of_parties_are_masked_but_to_the_mediator_while_the_case_is_open() -> None:
    play = stage.quarrel().do(Act.MEET, WORKER)
    assert "12000000002" in seen(play.case, WORKER)
    assert "王测002" in seen(play.case, WORKER)
    assert "12000000002" not in seen(play.case, RESIDENT)
    assert "王**" in seen(play.case, RESIDENT)
    closed = play.do(Act.SETTLE, WORKER).at("03-13 18:30").do(Act.FEEDBACK, WORKER, text="已调解")
    closed.do(Act.INSPECT_PASS, INSPECTOR)
    assert "12000000002" not in seen(closed.case, WORKER)


def test_no_event_names_a_party_or_repeats_what_was_said() -> None:
    told = json.dumps(
        [
            dict(entry.data)
            for entry in settled().history
            if entry.type in {"case.mediated", "case.met", "case.settled"}
        ],
        ensure_ascii=False,
    )
    assert "p-neighbour" not in told
    assert SAID not in told
    assert "photo-signed" not in told


def test_a_mediation_is_read_as_it_was_written() -> None:
    case = settled().case
    assert read({"_id": case.id, "version": case.version, **written(case)}) == case


BY_NAME = [{"person_id": "p-xie"}, {"name": "谢测一", "phone": "12000000009"}]


def test_a_phone_in_the_record_of_a_meeting_is_masked_for_the_parties() -> None:
    play = stage.quarrel().do(Act.MEDIATE, WORKER, parties=PARTIES)
    play.do(Act.MEET, WORKER, record="请联系 12000000009")
    assert "12000000009" in seen(play.case, WORKER)
    for party in (RESIDENT, NEIGHBOUR):
        assert "请联系 120****0009" in seen(play.case, party)


def test_an_identity_number_in_the_record_of_a_meeting_is_masked_for_the_mediator_too() -> None:
    play = stage.quarrel().do(Act.MEDIATE, WORKER, parties=PARTIES)
    play.do(Act.MEET, WORKER, record="请联系 12000000009,999999199001010016")
    assert "请联系 12000000009,999999********0016" in seen(play.case, WORKER)


def test_who_does_not_have_the_case_any_more_reads_phones_masked() -> None:
    play = stage.quarrel().do(Act.MEDIATE, WORKER, parties=BY_NAME)
    assert "12000000009" in seen(play.case, WORKER)
    play.do(Act.REASSIGN, DISPATCHER, assignees=["p-worker-2"], reason_code="other")
    assert "12000000009" not in seen(play.case, WORKER)


def test_a_dispute_that_is_reopened_is_agreed_with_another_signature() -> None:
    play = settled().at("03-13 19:10").do(Act.INSPECT_PASS, INSPECTOR).at("03-14 09:00").do(Act.REOPEN, RESIDENT)
    play.do(Act.DISPATCH, DISPATCHER, assignees=["p-worker"], reason_code="knows_the_case").do(Act.ACCEPT, WORKER)
    play.do(Act.START, WORKER)
    agreed = {"outcome": "agreed", "settled_by": "grid_worker"}
    assert code_of(play.do, Act.SETTLE, WORKER, **agreed) == "agreement_missing"
    play.do(Act.SETTLE, WORKER, **agreed, agreement=["photo-again"]).do(Act.SETTLE, WORKER, **agreed)
    assert play.case.mediation is not None
    assert play.case.mediation.agreement == ("photo-signed", "photo-again")
