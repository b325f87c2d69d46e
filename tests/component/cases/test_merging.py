"""Merging on a real database: whatever happens to both cases at that moment, no report follows one that has ended."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from threading import Barrier
from typing import Any, TypeVar

import pytest
from pymongo.database import Database

from cases.act import Act, Happening
from cases.case import Case
from cases.casework import Casework
from cases.store import CaseStore
from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.errors import Refusal
from tests.unit.cases.play import (
    AT,
    DISPATCHER,
    EXAMPLES,
    NEIGHBOUR,
    OTHER_WORKER,
    RESIDENT,
    WORKER,
    caller,
)

Outcome = TypeVar("Outcome")

ROUNDS = 15
"""How often a race is run: without a common write it is lost in one of four or so."""

PLACE = {"location": {"lon": 115.0058, "lat": 25.8672}, "compound_id": "c-dongyuan"}
VOLUNTEER_AT_HOME = caller("p-volunteer", "resident")


class Office:
    """Opens cases and makes moves, each under a command of its own."""

    def __init__(self, casework: Casework, cases: CaseStore) -> None:
        self.casework, self.cases = casework, cases
        self._ids = count(1)

    def report(self, who: Caller = RESIDENT, **fields: Any) -> str:
        receipt = self.casework.report(self._asked(who), {"text": "灯不亮", "category": "0101", **PLACE, **fields})
        return str(receipt["case_id"])

    def do(self, id: str, act: Act, who: Caller = DISPATCHER, **fields: Any) -> str:
        """The status that the move leads to, or the code with which it is refused."""
        said = fields or EXAMPLES.get(act, {})
        try:
            return str(self.casework.move(self._asked(who), id, act, said)["status"])
        except Refusal as refused:
            return refused.code

    def merge(self, id: str, target: str) -> str:
        return self.do(id, Act.MERGE, target_case_id=target)

    def resolved(self) -> str:
        """A case that waits for its inspection."""
        id = self.report(category="0801")
        self.do(id, Act.REGISTER, category="0801")
        self.do(id, Act.DISPATCH)
        self.do(id, Act.ACCEPT, WORKER)
        self.do(id, Act.START, WORKER)
        assert self.do(id, Act.FEEDBACK, WORKER, text="已送达") == "RESOLVED"
        return id

    def case(self, id: str) -> Case:
        return self.cases.load(id, None).case

    def told(self, id: str) -> list[Happening]:
        """Everything that happened to a case."""
        return self.cases.with_history(id, None)[1]

    def _asked(self, who: Caller) -> Asked:
        return Asked(who, f"command-{next(self._ids)}", digest({}), AT)


@pytest.fixture
def office(casework: Casework, cases: CaseStore) -> Office:
    return Office(casework, cases)


def at_once(*moves: Callable[[], Outcome]) -> list[Outcome]:
    """What comes of moves that begin together."""
    start = Barrier(len(moves))

    def begin(move: Callable[[], Outcome]) -> Outcome:
        start.wait()
        return move()

    with ThreadPoolExecutor(len(moves)) as pool:
        return list(pool.map(begin, moves))


def test_of_two_cases_that_are_merged_into_each_other_at_once_one_stays_open(office: Office) -> None:
    for _ in range(ROUNDS):
        one, other = office.report(RESIDENT), office.report(NEIGHBOUR)
        outcomes = at_once(partial(office.merge, one, other), partial(office.merge, other, one))
        assert sorted(outcomes) == ["MERGED", "target_not_open"]
        assert sorted(office.case(id).is_open for id in (one, other)) == [False, True]


ENDINGS: dict[str, tuple[Callable[[Office], str], Act, Caller]] = {
    "withdrawn": (Office.report, Act.WITHDRAW, RESIDENT),
    "rejected": (Office.report, Act.REJECT, DISPATCHER),
    "closed": (Office.resolved, Act.INSPECT_PASS, OTHER_WORKER),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_who_is_merged_into_a_case_that_ends_at_that_moment_is_told_of_its_end_or_stays_open(
    office: Office, ending: str
) -> None:
    opened, act, who = ENDINGS[ending]
    for _ in range(ROUNDS):
        target = opened(office)
        joining = office.report(NEIGHBOUR, category=office.case(target).category)
        merged, ended = at_once(partial(office.merge, joining, target), partial(office.do, target, act, who))
        if merged != "MERGED":
            assert (merged, office.case(joining).is_open) == ("target_not_open", True)
        elif act is Act.WITHDRAW:
            assert (ended, office.case(target).is_open) == ("has_followers", True)
        else:
            last = office.told(target)[-1]
            assert (last.data["act"], last.data["followers"]) == (act.value, [NEIGHBOUR.id])


def test_of_a_ring_of_merges_at_once_every_report_leads_to_a_case_that_is_open(office: Office) -> None:
    for _ in range(ROUNDS):
        ring = [office.report(caller(f"p-{n}", "resident")) for n in range(4)]
        at_once(*(partial(office.merge, ring[n], ring[(n + 1) % 4]) for n in range(4)))
        for n, id in enumerate(ring):
            end = office.case(end_of(office, id))
            assert end.is_open
            assert end.id == id or end.is_followed_by(Caller(f"p-{n}"))


def test_the_same_merge_many_times_at_once_joins_once(office: Office, casework: Casework) -> None:
    target, joining = office.report(RESIDENT), office.report(NEIGHBOUR)
    asked = Asked(DISPATCHER, "merge-once", digest({}), AT)

    def merge() -> dict[str, Any]:
        return casework.move(asked, joining, Act.MERGE, {"target_case_id": target})

    receipts = at_once(*[merge] * 10)
    assert all(receipt == receipts[0] for receipt in receipts)
    assert [one.case_id for one in office.case(target).followers] == [joining]
    assert [entry.data["act"] for entry in office.told(target)] == ["report", "join"]
    assert (office.case(joining).version, office.case(target).version) == (2, 2)


def test_the_command_of_a_merge_is_the_reports_own_and_not_free_for_a_move_of_the_target(
    office: Office, casework: Casework
) -> None:
    target, joining = office.report(RESIDENT), office.report(NEIGHBOUR)
    asked = Asked(DISPATCHER, "same-key", digest({}), AT)
    casework.move(asked, joining, Act.MERGE, {"target_case_id": target})
    with pytest.raises(Refusal) as refused:
        casework.move(asked, target, Act.REGISTER, {"category": "0101"})
    assert refused.value.code == "command_id_reused"


def test_many_reports_are_merged_into_one_case_at_once(office: Office) -> None:
    target = office.report(RESIDENT)
    joining = [office.report(caller(f"p-{n}", "resident")) for n in range(6)]
    assert at_once(*(partial(office.merge, id, target) for id in joining)) == ["MERGED"] * 6
    case = office.case(target)
    assert sorted(one.case_id for one in case.followers) == sorted(joining)
    assert [entry.data["version"] for entry in office.told(target)] == list(range(1, 8))
    assert [entry.data["reports"] for entry in office.told(target)[1:]] == list(range(2, 8))


def test_who_is_merged_on_follows_to_the_end(office: Office) -> None:
    first, middle, end = (office.report(who) for who in (NEIGHBOUR, VOLUNTEER_AT_HOME, RESIDENT))
    assert (office.merge(first, middle), office.merge(middle, end)) == ("MERGED", "MERGED")
    assert [one.case_id for one in office.case(end).followers] == [first, middle]
    assert office.told(middle)[-1].data["followers"] == [NEIGHBOUR.id]
    assert office.do(end, Act.WITHDRAW, RESIDENT) == "has_followers"
    assert office.do(end, Act.REJECT) == "REJECTED"
    assert office.told(end)[-1].data["followers"] == [NEIGHBOUR.id, VOLUNTEER_AT_HOME.id]


def test_who_has_no_account_follows_too_and_is_told_by_hand(office: Office) -> None:
    target = office.report()
    contact = {"name": "谢测009", "phone": "12000000009", "callback": "visit", "consent": True}
    proxied = office.report(WORKER, on_behalf_of=contact)
    assert office.merge(proxied, target) == "MERGED"
    [follower] = office.cases.load(target, None).case.followers
    assert (follower.reporter_id, follower.callback) == (None, "visit")
    assert office.do(target, Act.REGISTER) == "REGISTERED"
    _, history = office.cases.with_history(target, None)
    assert history[-1].data["follower_callbacks"] == ["visit"]
    assert "12000000009" not in repr([each.data for each in history])


def test_a_case_from_before_followers_were_kept_has_none(office: Office, database: Database[dict[str, Any]]) -> None:
    id = office.report()
    database["cases"].update_one({"_id": id}, {"$unset": {"followers": ""}})
    assert office.case(id).followers == ()
    assert office.merge(office.report(NEIGHBOUR), id) == "MERGED"
    assert office.case(id).follower_ids == (NEIGHBOUR.id,)


def end_of(office: Office, id: str) -> str:
    """The case at the end of the chain of merges that begins with this one."""
    for _ in range(10):
        following = office.case(id).merged_into
        if following is None:
            return id
        id = following
    pytest.fail("the merges go round in a circle")
