"""Left out of the three rates: proposed by one, decided by another, and nothing for the reporter's eyes."""

from dataclasses import replace
from typing import Any

import pytest

from cases import act_schemas
from cases.act import Act
from cases.case import Case, Status
from cases.exclusion import Ground, Stage
from cases.sight import sight
from cases.store import case_document
from cases.view import open_acts, shown
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.schema import load
from tests.unit.cases.play import (
    ADMIN,
    DISPATCHER,
    ELECTRICIAN,
    INSPECTOR,
    RESIDENT,
    Play,
    caller,
    closed,
    code_of,
    in_progress,
    proposed,
    unsealed,
)

PHONE = "12000000002"


def seen(play: Play, who: Caller) -> dict[str, Any]:
    return shown(play.case, play.history, who, sight(play.case, who), play.now, unsealed)


def stored(case: Case) -> dict[str, Any]:
    return {"_id": case.id, "version": case.version, **case_document.written(case)}


def test_only_an_approved_exclusion_holds() -> None:
    play = proposed()
    assert play.case.exclusion is not None
    assert not play.case.exclusion.holds
    approved = replace(play).do(Act.APPROVE_EXCLUSION, ADMIN).case.exclusion
    assert approved is not None
    assert (approved.holds, approved.state, approved.decided_by) == (True, Stage.APPROVED, ADMIN.id)
    assert (approved.reason, approved.proposed_by) == (Ground.OUT_OF_JURISDICTION, DISPATCHER.id)
    assert approved.proposed_at == approved.decided_at == play.now
    refused = replace(play).do(Act.REFUSE_EXCLUSION, ADMIN).case.exclusion
    assert refused is not None
    assert (refused.holds, refused.answer) == (False, "该路段由本区管护")


def test_it_changes_nothing_about_the_case_itself() -> None:
    play = closed()
    before = play.case
    after = play.do(Act.PROPOSE_EXCLUSION, DISPATCHER).do(Act.APPROVE_EXCLUSION, ADMIN).case
    left = replace(before, version=after.version, quiet_since=after.quiet_since, exclusion=after.exclusion)
    assert (after, after.status) == (left, Status.CLOSED)


def test_who_proposed_it_does_not_decide_under_a_former_id_either() -> None:
    renamed = replace(ADMIN, former=(DISPATCHER.id,))
    for act in (Act.APPROVE_EXCLUSION, Act.REFUSE_EXCLUSION):
        assert code_of(proposed().do, act, renamed) == "own_exclusion"


def test_who_handled_the_case_proposes_and_never_decides() -> None:
    both = caller("p-electrician", "in_service_member", "dispatcher", scope="360704")
    play = in_progress().do(Act.PROPOSE_EXCLUSION, ELECTRICIAN)
    assert code_of(play.do, Act.APPROVE_EXCLUSION, both) == "own_exclusion"
    assert code_of(proposed().do, Act.APPROVE_EXCLUSION, both) == "own_exclusion"
    assert play.do(Act.APPROVE_EXCLUSION, DISPATCHER).case.exclusion is not None


def test_what_was_refused_may_be_proposed_anew() -> None:
    play = proposed().do(Act.REFUSE_EXCLUSION, ADMIN).do(Act.PROPOSE_EXCLUSION, DISPATCHER)
    assert play.case.exclusion is not None
    assert (play.case.exclusion.state, play.case.exclusion.answer) == (Stage.PROPOSED, None)


def test_the_reporter_sees_nothing_of_it() -> None:
    play = proposed()
    assert seen(play, RESIDENT)["exclusion"] is None
    assert "propose_exclusion" not in {line["act"] for line in seen(play, RESIDENT)["timeline"]}
    assert "propose_exclusion" in {line["act"] for line in seen(play, INSPECTOR)["timeline"]}


def test_who_decides_reads_the_words_with_phones_masked() -> None:
    play = closed().do(Act.PROPOSE_EXCLUSION, DISPATCHER, reason_code="malicious", grounds=f"反复骚扰{PHONE}")
    told = seen(play, ADMIN)["exclusion"]
    assert told["reason"] == {"code": "malicious", "zh": "恶意反映", "en": "malicious"}
    assert "反复骚扰" in told["text"]
    assert PHONE not in told["text"]
    assert (told["state"], told["proposed_by"], told["decided_at"]) == ("proposed", DISPATCHER.id, None)
    assert PHONE not in str(play.last.data)


def test_it_is_kept_as_it_is() -> None:
    for play in (closed(), proposed(), proposed().do(Act.REFUSE_EXCLUSION, ADMIN)):
        document = stored(play.case)
        assert case_document.read(document) == play.case
        assert ("exclusion" in document) is (play.case.exclusion is not None)


def test_a_case_of_before_there_were_exclusions_has_none() -> None:
    document = stored(proposed().case)
    del document["exclusion"]
    assert case_document.read(document).exclusion is None


def test_both_the_reason_and_the_words_are_asked_for_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        load(act_schemas.ACTS[Act.PROPOSE_EXCLUSION], {"reason_code": "tiresome"})
    assert {fault["pointer"] for fault in refused.value.details["errors"]} == {"/reason_code", "/text"}
    assert load(act_schemas.ACTS[Act.APPROVE_EXCLUSION], {}) == {}


def test_the_acts_on_an_exclusion_are_offered_to_whom_they_would_be_taken_from() -> None:
    decides = {Act.APPROVE_EXCLUSION.value, Act.REFUSE_EXCLUSION.value}
    proposes = {Act.PROPOSE_EXCLUSION.value}

    def offered(play: Play, who: Caller) -> set[str]:
        return set(open_acts(play.case, who)) & (decides | proposes)

    assert offered(closed(), ADMIN) == proposes
    waits = proposed()
    assert (offered(waits, DISPATCHER), offered(waits, ADMIN)) == (set(), decides)
    both = caller("p-electrician", "in_service_member", "dispatcher", scope="360704")
    assert offered(waits, both) == set(), "who handled the case decides nothing"
    assert offered(proposed().do(Act.APPROVE_EXCLUSION, ADMIN), ADMIN) == set()
    assert offered(proposed().do(Act.REFUSE_EXCLUSION, ADMIN), DISPATCHER) == proposes
