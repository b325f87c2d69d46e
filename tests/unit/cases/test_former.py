"""Whoever was two entries is one person: what stands under a former id is the caller's, with all that follows."""

from dataclasses import replace

import pytest

from cases.act import Act
from cases.case import Follower, Status
from cases.match_lists.demand import Asker
from cases.mediation import Mediation, Party
from cases.showing.listing import Part, wanted
from cases.showing.sight import Sight, sight
from chassis.caller import Caller
from tests.unit.cases.play import (
    AT,
    CONTACT,
    DISPATCHER,
    GRID,
    INSPECTOR,
    OTHER_WORKER,
    RESIDENT,
    WORKER,
    caller,
    closed,
    code_of,
    dispatched,
    opened,
    resolved,
)

LEFT = replace(OTHER_WORKER, former=(WORKER.id,))
REPORTER = replace(caller("p-one", "resident"), former=(RESIDENT.id,))


@pytest.mark.parametrize("act", [Act.INSPECT_PASS, Act.REWORK])
def test_nobody_inspects_what_their_former_entry_handled(act: Act) -> None:
    assert code_of(resolved().do, act, LEFT) == "handler_inspects"
    resolved().do(act, OTHER_WORKER)


def test_nobody_rates_for_others_or_decides_what_their_former_entry_asked_or_did() -> None:
    desk = replace(LEFT, grants=(*LEFT.grants, *DISPATCHER.grants))
    assert code_of(closed().do, Act.RATE, desk) == "handler_rates"
    asking = dispatched().do(Act.ACCEPT, WORKER).do(Act.ASK_EXTEND, WORKER)
    assert code_of(asking.do, Act.EXTEND, desk) == "own_request"


def test_what_was_given_to_the_former_entry_is_accepted_and_worked_on() -> None:
    play = dispatched().do(Act.ACCEPT, LEFT)
    assert next((one.id, one.accepted) for one in play.case.assignment.assignees) == ("p-worker", True)
    assert {"p-worker", "p-worker-2"} <= set(play.case.handlers)
    play.do(Act.ARRIVE, LEFT).do(Act.FEEDBACK, LEFT)
    assert code_of(play.do, Act.INSPECT_PASS, WORKER) == "handler_inspects"
    assert code_of(play.do, Act.INSPECT_PASS, LEFT) == "handler_inspects"


def test_of_two_entries_in_one_team_the_one_that_accepted_is_theirs() -> None:
    play = dispatched()
    first, second = play.case.assignment.assignees
    both = Caller(first.id, WORKER.grants, former=(second.id,))
    assert play.case.assignment.of(both, GRID) == first
    taken = replace(play.case.assignment, assignees=(first, replace(second, accepted_at=AT)))
    assert taken.of(both, GRID) == taken.assignees[1]


def test_what_the_former_entry_reported_is_ones_own() -> None:
    assert sight(opened().case, REPORTER) is Sight.OWN
    assert opened().do(Act.WITHDRAW, REPORTER).case.status is Status.WITHDRAWN
    rated = closed().do(Act.RATE, REPORTER, solved="yes", satisfaction=5)
    assert not rated.case.ratings[-1].by_proxy
    assert code_of(rated.do, Act.REOPEN, REPORTER, reason_code="not_fixed") == "rated_solved"


def test_what_the_former_entry_follows_is_followed() -> None:
    case = replace(opened(who=caller("p-third", "resident")).case, followers=(Follower("case-0", "p-xie"),))
    assert sight(case, REPORTER) is Sight.OUTLINE


def test_a_mediation_stays_open_to_its_mediator_and_its_parties() -> None:
    mediation = Mediation("p-worker", "p-worker", (Party(person_id="p-xie"),))
    assert [mediation.is_open_to(who) for who in (LEFT, REPORTER, INSPECTOR)] == [True, True, False]


def test_what_the_former_entry_asked_for_on_the_match_lists_is_ones_own() -> None:
    assert [Asker(id="p-xie").is_(who) for who in (REPORTER, INSPECTOR)] == [True, False]


def test_lists_hold_what_stands_under_each_id_of_the_caller() -> None:
    assert wanted({"reported_by": "me"}, REPORTER, AT).reported == Part(("p-one", "p-xie"))
    both = replace(CONTACT, former=("p-old",))
    ids = ("p-contact", "p-old")
    assert wanted({}, both, AT).own == Part(ids, ids, "u-lighting", (GRID,))
