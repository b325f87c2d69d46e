"""What cases says that somebody may hear, held against the marks that notify gives its events, by what is seen."""

from typing import Any

import pytest

from cases.act import Happening
from cases.showing.sight import SEES, Sight, check_seen, sight
from cases.watches.watch import case_watch, desk_watch
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.event import Event, encoded
from members.role import ROLES
from notify.events.line import Line
from notify.events.schemas import logged_event
from notify.live.update import TOLD, Update, of_case
from notify.live.watch import clauses, hears
from tests.unit.cases.play import (
    ADMIN,
    AT,
    CONTACT,
    DISPATCHER,
    ELECTRICIAN,
    GRID,
    INSPECTOR,
    NEIGHBOUR,
    RESIDENT,
    WORKER,
    Play,
    caller,
    in_progress,
    offered,
    opened,
    proposed,
    registered,
)

AUDITOR = caller("p-auditor", "auditor", scope="360704")
LEADER = caller("p-leader", "union_leader", scope="360704")
OVERSEERS = (DISPATCHER, INSPECTOR, WORKER, LEADER, ADMIN, AUDITOR)


def update(happening: Happening) -> Update:
    body = encoded(happening.data)
    subject = f"case/{happening.data['case_id']}"
    event = Event(
        happening.id,
        happening.type,
        "/services/cases",
        subject,
        happening.data["version"],
        happening.at,
        None,
        dict(happening.data),
        body,
        happening.key,
    )
    return of_case(Line(happening.data["version"], AT, logged_event(event)))


def on_desk(play: Play, who: Caller, area: str | None = None) -> list[str]:
    """The types of the events of a case that a desk hears."""
    return heard(play, [each.dump() for each in desk_watch(who, area)])


def on_case(play: Play, who: Caller) -> list[str]:
    return heard(play, [each.dump() for each in case_watch(play.case, who, sight(play.case, who))])


def heard(play: Play, watch: list[dict[str, Any]]) -> list[str]:
    updates = [update(each) for each in play.history]
    return [each.type for each in updates if hears(clauses(watch), each.marks)]


def every(play: Play) -> list[str]:
    return [each.type for each in play.history]


@pytest.mark.parametrize("who", OVERSEERS, ids=lambda who: who.id)
def test_who_oversees_an_area_hears_what_is_registered_in_it(who: Caller) -> None:
    types = on_desk(in_progress(), who)
    assert "case.registered" in types
    assert on_desk(in_progress(), who, GRID) == types


@pytest.mark.parametrize("who", [RESIDENT, NEIGHBOUR, ELECTRICIAN, CONTACT], ids=lambda who: who.id)
def test_who_oversees_nothing_has_no_desk(who: Caller) -> None:
    with pytest.raises(Refusal, match="not_permitted"):
        desk_watch(who, None)


def test_an_area_outside_the_scope_is_refused_and_another_part_of_it_is_not_heard() -> None:
    with pytest.raises(Refusal, match="out_of_scope"):
        desk_watch(WORKER, "360704100007")
    assert on_desk(in_progress(), DISPATCHER, "360704100007") == []


@pytest.mark.parametrize("scope", ["", "36", "3607"])
def test_whoever_oversees_several_districts_has_no_desk(scope: str) -> None:
    with pytest.raises(Refusal, match="not_permitted"):
        desk_watch(caller("p-province", "district_admin", scope=scope), None)


@pytest.mark.parametrize("who", OVERSEERS, ids=lambda who: who.id)
def test_a_sensitive_case_is_heard_where_it_is_handled_alone(who: Caller) -> None:
    play = in_progress()
    sensitive = [{**each.data, "restricted": True} for each in play.history]
    marks = [
        update(Happening(each.id, each.type, each.at, data, each.key, each.by)).marks
        for each, data in zip(play.history, sensitive, strict=True)
    ]
    watch = clauses(each.dump() for each in desk_watch(who, None))
    assert any(hears(watch, each) for each in marks) is (who in (DISPATCHER, INSPECTOR))


@pytest.mark.parametrize("who", OVERSEERS, ids=lambda who: who.id)
def test_before_it_has_a_category_a_case_is_heard_where_reports_are_verified(who: Caller) -> None:
    """As `sight` shows no more than an outline to all others: nobody knows yet whether it is sensitive."""
    play = opened(category=None)
    assert bool(on_desk(play, who)) is (sight(play.case, who) is Sight.FULL)


@pytest.mark.parametrize("role", sorted({role for roles, *_ in SEES[:3] for role in roles}))
def test_a_complaint_about_the_own_unit_is_heard_at_no_desk_of_its_people(role: str) -> None:
    play = registered()
    about = [{**each.data, "complained_unit_id": "u-lighting"} for each in play.history]
    marks = [
        update(Happening(each.id, each.type, each.at, data, each.key, each.by)).marks
        for each, data in zip(play.history, about, strict=True)
    ]
    own = caller("p-own", role, scope="360704", unit="u-lighting")
    assert not any(hears(clauses(each.dump() for each in desk_watch(own, None)), one) for one in marks)
    other = caller("p-other", role, scope="360704", unit="u-water")
    assert any(hears(clauses(each.dump() for each in desk_watch(other, None)), one) for one in marks)


def test_how_a_case_counts_is_not_heard_by_its_reporter() -> None:
    play = proposed()
    assert "case.exclusion_proposed" in on_desk(play, ADMIN)
    reporting = Caller(RESIDENT.id, ADMIN.grants)
    assert "case.exclusion_proposed" not in on_desk(play, reporting)
    assert "case.registered" in on_desk(play, reporting)
    assert "case.exclusion_proposed" in on_case(play, ADMIN)
    assert "case.exclusion_proposed" not in on_case(play, RESIDENT)


def test_whom_the_clock_has_reminded_is_heard_by_those_who_work_on_it() -> None:
    play = in_progress()
    reminded = update(play.history[-1])
    marks = [*(each for each in reminded.marks if not each.startswith("type:")), "type:case.reminded"]
    for who, full in ((WORKER, True), (DISPATCHER, True), (ADMIN, False), (RESIDENT, False)):
        watch = [each.dump() for each in case_watch(play.case, who, sight(play.case, who))]
        assert hears(clauses(watch), marks) is full, who.id


@pytest.mark.parametrize("who", [RESIDENT, WORKER, DISPATCHER], ids=lambda who: who.id)
def test_who_watches_a_case_hears_all_of_it_and_of_no_other(who: Caller) -> None:
    play = in_progress()
    watch = [each.dump() for each in case_watch(play.case, who, sight(play.case, who))]
    assert heard(play, watch) == every(play)
    assert heard(offered(), watch) == []


def test_a_case_that_turns_out_to_be_about_the_own_unit_is_heard_no_more() -> None:
    play = in_progress()
    watcher = caller("p-own", "grid_worker", scope=GRID, unit="u-lighting")
    watch = clauses(each.dump() for each in case_watch(play.case, watcher, sight(play.case, watcher)))
    assert hears(watch, update(play.history[-1]).marks)
    assert not hears(watch, [*update(play.history[-1]).marks, "about:u-lighting"])


def test_nothing_is_told_of_who_anybody_is() -> None:
    """Ids of cases, codes, states and times: no person, not even by an id, and nobody's words."""
    for happening in in_progress().history:
        data = update(happening).data
        assert set(data) == {"id", "type", "time", *TOLD}
        said = str(data)
        for person in ("p-xie", "p-worker", "p-desk", "p-electrician"):
            assert person not in said


KINDS = frozenset({"ordinary", "sensitive", "uncategorised", "reminded", "excluded"})
HEARD: dict[str, frozenset[str]] = {
    **dict.fromkeys(ROLES, frozenset[str]()),
    **dict.fromkeys(("dispatcher", "inspector"), KINDS),
    **dict.fromkeys(("grid_worker", "community_worker"), KINDS - {"sensitive"}),
    **dict.fromkeys(
        ("union_leader", "union_cadre", "party_office", "district_admin", "auditor"),
        frozenset({"ordinary", "excluded"}),
    ),
}
"""What each role hears at the desk of its scope, as docs/permissions.md has it; of nothing there is no desk."""


def kinds(play: Play) -> dict[str, list[str]]:
    """The marks of an event of each kind, all but one of the same case."""
    entry = play.history[-1]
    last, closely = update(entry), {**entry.data, "restricted": True}
    untyped = [mark for mark in last.marks if not mark.startswith("type:")]
    return {
        "ordinary": list(last.marks),
        "sensitive": list(update(Happening(entry.id, entry.type, entry.at, closely, entry.key, entry.by)).marks),
        "uncategorised": list(update(opened(category=None).history[-1]).marks),
        "reminded": [*untyped, "type:case.reminded"],
        "excluded": [*untyped, "type:case.exclusion_proposed"],
    }


@pytest.mark.parametrize("role", ROLES)
def test_each_role_hears_at_its_desk_what_the_page_of_permissions_says(role: str) -> None:
    who = caller("p-1", role, scope="360704")
    if not HEARD[role]:
        with pytest.raises(Refusal, match="not_permitted"):
            desk_watch(who, None)
        return
    watch = clauses(each.dump() for each in desk_watch(who, None))
    assert {kind for kind, marks in kinds(in_progress()).items() if hears(watch, marks)} == HEARD[role]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_hears_of_a_case_in_hand_what_its_timeline_tells(role: str) -> None:
    """Who has it in hand hears everything; without a part in it who is shown its words hears no reminders."""
    play = in_progress()
    who = caller("p-1", role, scope="360704")
    seen = sight(play.case, who)
    if seen is Sight.NONE:
        with pytest.raises(Refusal, match="not_permitted"):
            check_seen(play.case, who)
        return
    watch = clauses(each.dump() for each in case_watch(play.case, who, seen))
    about = {kind: marks for kind, marks in kinds(play).items() if kind in {"ordinary", "reminded", "excluded"}}
    assert {kind for kind, marks in about.items() if hears(watch, marks)} == (
        set(about) if seen is Sight.FULL else {"ordinary", "excluded"}
    )
