"""Left out of the three rates: proposed by one, decided by another, and nothing for the reporter's eyes."""

from dataclasses import replace
from typing import Any

import pytest

from cases import act_schemas
from cases.act import Act
from cases.case import Case, Status
from cases.exclusion import Ground, Stage
from cases.retention.forgetting import Names, people_gone
from cases.showing.sight import sight
from cases.showing.view import open_acts, shown
from cases.store import case_document
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
    left = replace(
        before, version=after.version, quiet_since=after.quiet_since, exclusion=after.exclusion, remarks=after.remarks
    )
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


def refused_once() -> Play:
    """Proposed in words with a phone, refused in words, and proposed anew."""
    play = closed().at("03-14 09:00")
    play.do(Act.PROPOSE_EXCLUSION, DISPATCHER, reason_code="malicious", grounds=f"反复骚扰{PHONE}")
    play.do(Act.REFUSE_EXCLUSION, ADMIN, grounds="只报过一次")
    return play.do(Act.PROPOSE_EXCLUSION, DISPATCHER, reason_code="unreasonable", grounds="诉求过高")


SAID = [
    ("propose_exclusion", "malicious", "反复骚扰120****0002"),
    ("refuse_exclusion", "malicious", "只报过一次"),
    ("propose_exclusion", "unreasonable", "诉求过高"),
]


@pytest.mark.parametrize(
    ("who", "told"),
    [
        (DISPATCHER, SAID),
        (INSPECTOR, SAID),
        (ADMIN, SAID),
        (caller("p-auditor", "auditor", scope="360704"), SAID),
        (RESIDENT, []),
        (replace(RESIDENT, grants=(*RESIDENT.grants, *ADMIN.grants)), []),
    ],
    ids=["dispatcher", "inspector", "admin", "auditor", "reporter", "reporter_of_the_office"],
)
def test_the_words_of_each_proposal_and_decision_stay_in_the_timeline(who: Caller, told: list[Any]) -> None:
    play = refused_once()
    lines = [line for line in seen(play, who)["timeline"] if line["act"].endswith("exclusion")]
    assert [(line["act"], line["details"]["reason_code"], line["text"]) for line in lines] == told
    assert (seen(play, who)["exclusion"] is None) is (told == [])
    assert all(remark.internal for remark in play.case.remarks if remark.act.endswith("exclusion"))


def test_who_sees_an_outline_of_a_sensitive_case_reads_no_words_of_its_exclusion() -> None:
    play = closed(category="0801").do(Act.PROPOSE_EXCLUSION, DISPATCHER)
    view = seen(play, ADMIN)
    assert [line["text"] for line in view["timeline"] if line["act"] == "propose_exclusion"] == [None]
    assert view["exclusion"]["text"] is None
    assert next(line["text"] for line in seen(play, INSPECTOR)["timeline"][::-1]) == "属铁路部门管理"


def test_with_the_people_of_a_case_their_names_go_from_the_words_of_its_exclusion() -> None:
    play = proposed().do(Act.REFUSE_EXCLUSION, ADMIN, grounds=f"谢测009常来电{PHONE}")
    left = people_gone(play.case, (), Names({"谢测009": "谢**"}), lambda id: id).exclusion
    assert left is not None
    assert (left.answer, left.text) == ("谢**常来电120****0002", "属铁路部门管理")
