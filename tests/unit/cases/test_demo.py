"""The plan of the demo's cases: as many of each as docs/domain.md §8.2 counts, the same every time, by the rules."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pymongo
import pytest

from cases.act import Act
from cases.alarm import next_alarm
from cases.case import Source
from cases.category import in_force
from cases.demo.loading import last
from cases.demo.plan import Planner
from cases.demo.player import Player
from cases.demo.quota import GROUPS, REGISTERED, SOURCES, apportioned, fates
from cases.demo.site import TRIED_OUT
from cases.demo.story import NOW, OPENS, Story
from cases.demo.wording import DONE, REPORTS
from cases.indicators.counter import Counted
from cases.indicators.rates import Sums, figures
from cases.place import distance_m
from cases.policies.scoring import scoring, shipped
from cases.tally import tally
from chassis.caller import Caller
from chassis.mongo import Home
from tests.published import COUNTS, RATES
from tests.unit.cases.demo_played import cases, demo, plan, played, quietly, registered, spent

CAST = {
    "p-resident",
    "p-neighbour",
    "p-member",
    "p-second-member",
    "p-dispatcher",
    "p-worker",
    "p-second-worker",
    "p-inspector",
    "p-unit-contact",
    "p-admin",
    "p-rider-01",
    "p-volunteer-0007",
}


RULES = scoring(shipped())


def sums() -> Sums:
    counts: Counter[Counted] = Counter()
    for mark in (mark for case in cases() for mark in tally(case, RULES.exclusions).marks.values()):
        if OPENS.date() <= mark.day <= NOW.date():
            counts.update(mark.counts)
    return Sums(counts)


def by_act(act: Act) -> list[Story]:
    return [story for story in plan().stories if any(step.act == act for step in story.steps)]


# The plan.


def test_shares_become_whole_numbers_that_add_up() -> None:
    assert apportioned(10, {"a": 34, "b": 33, "c": 33}) == {"a": 4, "b": 3, "c": 3}
    assert apportioned(652, GROUPS) == {
        "03": 222, "01": 104, "05": 85, "06": 65, "08": 59, "02": 39, "07": 33, "09": 19, "04": 13, "10": 13
    }  # fmt: skip
    assert sum(apportioned(REGISTERED, SOURCES).values()) == REGISTERED


def test_the_plan_is_the_same_every_time_and_another_with_another_seed() -> None:
    assert Planner(demo()).plan() == plan()
    assert Planner(demo(), seed=1).plan() != plan()


def test_684_are_reported_of_which_652_are_registered_20_rejected_and_12_merged() -> None:
    assert len(plan().stories) == 684
    assert [len(by_act(act)) for act in (Act.REGISTER, Act.REJECT, Act.MERGE)] == [652, 20, 12]


def test_the_sessions_are_58_evening_talks_37_forums_and_55_days_of_visits() -> None:
    assert Counter(each.body["kind"] for each in plan().sittings) == {"evening_talk": 58, "forum": 37, "home_visit": 55}
    assert all(each.cases for each in plan().sittings)
    assert {each.body["area"][:12] for each in plan().sittings if each.at > NOW - timedelta(days=30)} == {
        grid.code[:12] for grid in demo().grids
    }


def test_every_step_follows_the_one_before_within_the_period() -> None:
    for story in plan().stories:
        times = [step.at for step in story.steps]
        assert times == sorted(set(times))
        assert OPENS < times[0] <= times[-1] < NOW


def test_nobody_of_the_cast_has_a_part_in_it() -> None:
    named = {step.by for story in plan().stories for step in story.steps} | {each.host for each in plan().sittings}
    given = {id for story in plan().stories for step in story.steps for id in step.fields.get("assignees", ())}
    assert not (named | given) & CAST


def test_there_are_words_for_every_category() -> None:
    assert REPORTS.keys() == in_force(NOW).categories.keys()
    assert DONE.keys() == GROUPS.keys()


def test_what_becomes_of_the_cases_adds_up() -> None:
    found = fates(Random(1))
    answers = [each.answer for each in found if each.answer]
    assert (len(found), len(answers)) == (652, 590)
    assert sum(solved == "yes" for solved, _ in answers) == 561
    assert sum(mark >= 3 for _, mark in answers) == 548


def test_the_last_case_is_known_by_its_report_without_a_plan() -> None:
    *_, (_, history) = played().histories()
    assert history[0].command in last(demo())


# The play.


def test_every_move_is_legal_and_every_alarm_has_rung_by_then() -> None:
    assert len(cases()) == 684
    late = [case.number for case in cases() if (at := next_alarm(case)) and at <= NOW]
    assert not late


def test_the_indicators_are_those_of_the_domain() -> None:
    told = figures(sums(), RULES)
    assert {name: told["counts"][name] for name in COUNTS} == COUNTS
    assert {name: told["rates"][name] for name in RATES} == RATES


def test_30_are_open_18_of_them_past_their_due_time() -> None:
    still = [case for case in registered() if case.is_open]
    assert len(still) == 30
    past = [case for case in still if case.dues.resolve_due and case.dues.resolve_due < NOW]
    assert len(past) == 18
    assert all(case.dues.suspended_at is None for case in past)


def test_groups_and_sources_are_those_of_the_domain() -> None:
    assert Counter((case.category or "")[:2] for case in registered()) == apportioned(652, GROUPS)
    assert Counter(case.source for case in registered()) == apportioned(652, SOURCES)


def test_whatever_came_up_at_a_session_names_it() -> None:
    held = {writing.change.id for writing in played().sessions}
    from_sessions = [case for case in cases() if case.source is Source.SESSION]
    assert {case.session_id for case in from_sessions} == held
    assert len(held) == 150


def test_nothing_happens_where_things_are_tried_out() -> None:
    spot = next(each.point for each in demo().compounds if each.id == TRIED_OUT)
    for case in cases():
        assert TRIED_OUT not in {case.place.compound_id, case.place.near_compound_id}
        assert case.place.point is None or distance_m(case.place.point, spot) > 300


def test_the_history_of_a_case_is_in_the_order_of_time_and_as_long_as_its_version() -> None:
    for case in cases():
        times = [at for at, _ in spent(case)]
        assert times == sorted(times)
        assert len(times) == case.version


def test_the_same_play_gives_the_same_ids_and_numbers() -> None:
    with quietly(), pymongo.MongoClient[dict[str, Any]](connect=False) as client:
        again = Player(Home(client["unread"]), demo())
        again.play(plan(), until=OPENS + timedelta(days=20))
    found = [(case.id, case.number) for case, _ in again.histories()]
    assert len(found) > 30
    assert found == [(case.id, case.number) for case in cases() if case.id in again.docket.cases]


@pytest.mark.parametrize("id", ["p-dispatcher-01", "u-sanitation"])
def test_the_district_knows_who_may_act(id: str) -> None:
    facts = demo().facts(id)
    assert facts["id"] == id
    assert isinstance(demo().callers.get(id, Caller(id)), Caller)
