"""Who is proposed, in which order, and with which reasons (docs/domain.md §2.1, F22)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from chassis.caller import Grant
from members.matching.ranking import WEIGHTS, Candidate, Helper, Task, rank
from members.people.person import FreeTime, Kind, Person, Residence
from members.people.skill import Certificate
from members.territory.distance import distance_m

AT = datetime(2026, 3, 12, 11, 46, tzinfo=UTC)  # Thursday 19:46 in Asia/Shanghai
LAMP = Task(
    grid_code="360704100002001",
    at=AT,
    place=(115.0058, 25.8672),
    skills=frozenset({"electrician"}),
    certificates=frozenset({"low_voltage_electrician"}),
)
LICENCE = Certificate("low_voltage_electrician", date(2028, 12, 31))
EVENINGS = tuple(FreeTime(day, time(18), time(21, 30)) for day in range(5))
NEXT_DOOR = Residence("c-1", "360704100002001", (115.0060, 25.8674))
SAME_COMMUNITY = Residence("c-2", "360704100002002", (115.0140, 25.8670))
ANOTHER_TOWN = Residence("c-4", "360704101001001", (115.0300, 25.8500))
ACROSS_TOWN = Residence("c-3", "360704100009002", (115.0300, 25.8500))


def electrician(id: str, **facts: object) -> Person:
    fields = {
        "id": id,
        "tenant": "360704",
        "name": "李测002",
        "grants": (Grant("resident", "360704"), Grant("in_service_member", "360704")),
        "home": NEXT_DOOR,
        "skills": frozenset({"electrician"}),
        "certificates": (LICENCE,),
        "free_times": EVENINGS,
    }
    return Person(**{**fields, **facts})  # type: ignore[arg-type]


NEAR = Helper(electrician("p-near"))
FAR = Helper(electrician("p-far", home=ACROSS_TOWN))


def ids(task: Task, *helpers: Helper) -> list[str]:
    return [candidate.person_id for candidate in rank(task, helpers, limit=10)]


def best(task: Task, *helpers: Helper) -> Candidate:
    return rank(task, helpers, limit=1)[0]


def changed(helper: Helper, **facts: object) -> Helper:
    return replace(helper, person=replace(helper.person, **facts))  # type: ignore[arg-type]


def test_the_near_and_free_electrician_with_a_licence_is_proposed() -> None:
    assert ids(LAMP, FAR, NEAR) == ["p-near", "p-far"]


def test_taking_away_the_certificate_changes_the_proposal() -> None:
    assert ids(LAMP, FAR, changed(NEAR, certificates=())) == ["p-far"]


def test_an_expired_certificate_does_not_count() -> None:
    expired = Certificate("low_voltage_electrician", date(2026, 3, 11))
    assert ids(LAMP, FAR, changed(NEAR, certificates=(expired,))) == ["p-far"]


def test_taking_away_the_nearness_changes_the_proposal() -> None:
    moved = changed(NEAR, home=replace(ACROSS_TOWN, at=(115.0339, 25.8493)))
    assert ids(LAMP, FAR, moved) == ["p-far", "p-near"]


def test_taking_away_the_free_time_changes_the_proposal() -> None:
    assert ids(LAMP, FAR, changed(NEAR, free_times=())) == ["p-far", "p-near"]


def test_without_the_skill_nobody_is_proposed() -> None:
    assert ids(LAMP, changed(NEAR, skills=frozenset({"law"}))) == []


def test_one_of_several_skills_is_enough_and_more_are_better() -> None:
    task = replace(LAMP, skills=frozenset({"mediation", "psych"}), certificates=frozenset())
    one = changed(NEAR, id="p-one", skills=frozenset({"psych"}))
    both = changed(NEAR, id="p-two", skills=frozenset({"psych", "mediation"}))
    assert ids(task, one, both) == ["p-two", "p-one"]


def test_the_grid_comes_before_the_community_before_the_agency_before_the_district() -> None:
    """However far: a nearer tier outranks every way, among those who are equal otherwise."""
    spot, remote = (115.0058, 25.8672), (115.1, 25.9)
    homes = (
        replace(NEXT_DOOR, at=remote),
        replace(SAME_COMMUNITY, at=spot),
        replace(ACROSS_TOWN, at=spot),
        replace(ANOTHER_TOWN, at=spot),
    )
    tiers = [Helper(electrician(f"p-{n}", home=home)) for n, home in enumerate(homes)]
    ranked = rank(LAMP, reversed(tiers), 10)
    assert [each.person_id for each in ranked] == ["p-0", "p-1", "p-2", "p-3"]
    codes = [each.reasons[2].code for each in ranked]
    assert codes == ["same_grid", "same_community", "same_agency", "same_district"]


def test_in_one_grid_the_nearer_home_comes_first() -> None:
    further = replace(NEXT_DOOR, at=(115.0095, 25.8640))
    assert ids(LAMP, Helper(electrician("p-1", home=further)), NEAR) == ["p-near", "p-1"]


def test_whoever_has_less_in_hand_comes_first() -> None:
    assert ids(LAMP, replace(NEAR, load=2), Helper(electrician("p-idle"))) == ["p-idle", "p-near"]


def test_of_equals_the_least_recently_asked_comes_first_and_before_them_who_was_never_asked() -> None:
    recent = Helper(electrician("p-recent"), last_asked=AT - timedelta(days=1))
    rested = Helper(electrician("p-rested"), last_asked=AT - timedelta(days=30))
    fresh = Helper(electrician("p-unasked"))
    assert ids(LAMP, recent, rested, fresh) == ["p-unasked", "p-rested", "p-recent"]


def test_the_order_does_not_depend_on_the_order_of_the_pool() -> None:
    pool = [Helper(electrician(f"p-{n}")) for n in range(5)]
    assert ids(LAMP, *pool) == ids(LAMP, *reversed(pool))


def test_being_free_outweighs_every_advantage_of_place() -> None:
    far_but_free = Helper(electrician("p-free", home=replace(ACROSS_TOWN, at=(116.0, 26.0))))
    assert ids(LAMP, changed(NEAR, free_times=()), far_but_free)[0] == "p-free"


def test_who_is_excluded_inactive_or_of_another_district_is_not_proposed() -> None:
    excluded = replace(LAMP, exclude=frozenset({"p-near"}))
    assert ids(excluded, NEAR) == []
    assert ids(replace(LAMP, exclude_units=frozenset({"u-about"})), changed(NEAR, unit_id="u-about")) == []
    assert ids(LAMP, changed(NEAR, active=False), changed(NEAR, tenant="360703")) == []


def test_a_mere_resident_takes_no_tasks() -> None:
    assert ids(LAMP, changed(NEAR, grants=(Grant("resident", "360704"),))) == []


def test_somebody_with_several_roles_comes_in_the_first_of_them() -> None:
    roles = ("volunteer", "in_service_member", "community_worker")
    both = changed(NEAR, grants=tuple(Grant(role, "360704") for role in roles[:2]))
    staff = changed(NEAR, grants=tuple(Grant(role, "360704") for role in roles))
    assert best(LAMP, both).kind is Kind.IN_SERVICE_MEMBER
    assert best(LAMP, staff).kind is Kind.COMMUNITY_WORKER


def test_every_part_of_the_score_has_its_reason_in_both_languages() -> None:
    candidate = best(LAMP, NEAR)
    assert [reason.code for reason in candidate.reasons] == [
        "certificate",
        "skill",
        "same_grid",
        "distance",
        "free",
        "idle",
    ]
    assert candidate.reasons[0].zh == "持有证书：低压电工作业证"
    assert candidate.reasons[1].en == "has the skill: electrician"
    assert candidate.reasons[3].en == "about 30 m from the place"


def test_reasons_say_what_speaks_against_somebody() -> None:
    candidate = best(LAMP, replace(changed(NEAR, free_times=(), home=None), load=1))
    codes = [reason.code for reason in candidate.reasons]
    assert codes == ["certificate", "skill", "same_district", "not_free", "busy"]
    assert candidate.distance_m is None


def test_the_best_possible_score_is_one_hundred() -> None:
    at_the_spot = changed(NEAR, home=replace(NEXT_DOOR, at=(115.0058, 25.8672)))
    assert best(LAMP, at_the_spot).score == sum(WEIGHTS.values()) == 100


def test_distances_are_great_circles() -> None:
    assert abs(distance_m((115.0, 25.0), (115.0, 26.0)) - 111_195) < 5
    assert abs(distance_m((115.0, 25.86), (115.008, 25.86)) - 800) < 1
