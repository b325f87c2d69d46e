"""The demo district is the same everywhere and has what docs/domain.md §8 counts."""

import json
import re
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import members
from members.demo import plots
from members.demo.district import District, district
from members.demo.enrolment import Enrolment
from members.demo.territory import OPENED
from members.drawing import fit
from members.matching.ranking import Helper, Task, rank
from members.organisations import credit_code
from members.organisations.tie import Tie
from members.organisations.unit import UNIT_TYPES
from members.people.person import Person
from members.rounds.round import Standing
from members.territory.grid import Grid, Level
from members.venues import venue as venues
from members.workers.census import estimated

ACCOUNTS = Path(members.__file__ or "").parent / "demo_accounts.json"
LAMP_AT = datetime(2026, 3, 12, 11, 46, tzinfo=UTC)  # Thursday 19:46 in Asia/Shanghai


@pytest.fixture(scope="module")
def demo() -> District:
    return district()


def holding(demo: District, role: str) -> list[Person]:
    return [each.person for each in demo.people if any(grant.role == role for grant in each.person.grants)]


def by_id(demo: District) -> dict[str, Enrolment]:
    return {each.person.id: each for each in demo.people}


def test_the_seed_makes_the_same_district_every_time(demo: District) -> None:
    assert district() == demo
    assert district(seed=1) != demo


def test_140_compounds_stand_in_18_grids_and_38_are_unmanaged(demo: District) -> None:
    assert (len(demo.grids), len(demo.compounds)) == (18, 140)
    assert sum(not compound.has_property_mgmt for compound in demo.compounds) == 38
    grids = {grid.code: grid for grid in demo.grids}
    assert all(grids[compound.grid_code].holds(*compound.at) for compound in demo.compounds)
    assert len({compound.name for compound in demo.compounds}) == 140


def after_the_split(demo: District) -> list[Grid]:
    return [*(grid for grid in demo.base_grids if grid.code != plots.SPLIT), *plots.halves(demo.base_grids)]


def test_109_base_grids_are_opened_and_one_of_them_is_cut_in_two(demo: District) -> None:
    assert (len(demo.base_grids), len(after_the_split(demo))) == (109, 110)
    [whole] = [grid for grid in demo.base_grids if grid.code == plots.SPLIT]
    assert whole.name == "广场社区第二网格28号基础网格"
    assert [(each.name, each.population) for each in plots.halves(demo.base_grids)] == [
        ("广场社区第二网格26号基础网格", 224),
        ("广场社区第二网格27号基础网格", 224),
    ]


@pytest.mark.parametrize("then", [lambda demo: demo.base_grids, after_the_split], ids=["first day", "last day"])
def test_base_grids_fill_the_service_grids_of_two_communities(
    demo: District, then: Callable[[District], Sequence[Grid]]
) -> None:
    served, base_grids = {grid.code: grid for grid in demo.grids}, then(demo)
    assert {grid.community for grid in base_grids} == {"高新社区", "广场社区"}
    assert len({grid.code for grid in (*demo.grids, *base_grids)}) == 18 + len(base_grids)
    assert {grid.level for grid in base_grids} == {Level.BASE}
    for code in {grid.parent for grid in base_grids}:
        inside = [grid for grid in base_grids if grid.parent == code]
        whole = served[code or ""]
        assert sum(grid.population for grid in inside) == whole.population
        # They cover it, and no more land than it has: so none overlaps another.
        assert fit.mismatch([whole.ring], [grid.ring for grid in inside]) < 1e-9
        lands = [fit.polygon(grid.ring).area for grid in inside]
        assert sum(lands) == pytest.approx(fit.polygon(whole.ring).area, rel=1e-9)


def test_the_buildings_of_a_compound_are_as_many_as_it_counts(demo: District) -> None:
    built = Counter(each.compound_id for each in demo.buildings)
    assert built == {compound.id: compound.buildings for compound in demo.compounds}
    homes = sum(each.households for each in demo.buildings)
    assert homes == sum(compound.households for compound in demo.compounds)
    assert [each.households for each in demo.buildings if each.compound_id == "c-dongyuan"] == [52] * 6


def test_dongyuan_is_old_and_unmanaged(demo: District) -> None:
    dongyuan = next(compound for compound in demo.compounds if compound.id == "c-dongyuan")
    assert dongyuan.name == "东源胜景小区"
    assert (dongyuan.at, dongyuan.grid_code) == ((115.0058, 25.8672), "360704100002001")
    assert (dongyuan.is_old, dongyuan.has_property_mgmt) == (True, False)
    assert (dongyuan.buildings, dongyuan.households) == (6, 312)


@pytest.mark.parametrize(
    ("unit_type", "number"),
    [
        ("CO_BUILDING", 64),
        ("REPORTING_UNIT", 92),
        ("PROPERTY", 24),
        ("COMMUNITY", 12),
        ("VOLUNTEER_TEAM", 12),
        ("ENTERPRISE", 240),
        ("SOCIAL_ORG", 31),
    ],
)
def test_there_are_as_many_units_as_counted(demo: District, unit_type: str, number: int) -> None:
    assert sum(unit.unit_type == unit_type for unit in demo.units) == number


def test_every_enterprise_has_a_credit_code_of_its_own_that_is_valid_and_nobodys(demo: District) -> None:
    codes = [unit.credit_code for unit in demo.units if unit.unit_type in {"ENTERPRISE", "SOCIAL_ORG"}]
    assert len(set(codes)) == len(codes) == 271
    assert all(code and credit_code.is_valid(code) for code in codes)
    # The organisation in the code checks by GB 11714: weights 3, 7, 9, 10, 5, 8, 4, 2 modulo 11.
    for code in filter(None, codes):
        weighed = sum(int(digit) * weight for digit, weight in zip(code[8:16], (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
        assert code[16] != "0123456789X0"[(11 - weighed % 11) % 11]


def test_every_unit_has_served_its_grids_since_the_district_opened(demo: District) -> None:
    assert all(unit.ties == tuple(Tie(code, OPENED) for code in unit.grid_codes) for unit in demo.units)


def test_every_kind_of_unit_exists_and_serves_a_grid(demo: District) -> None:
    assert {unit.unit_type for unit in demo.units} == set(UNIT_TYPES)
    assert all(unit.grid_codes for unit in demo.units)


def test_every_grid_has_one_community_committee(demo: District) -> None:
    for grid in demo.grids:
        committees = [unit for unit in demo.units if unit.unit_type == "COMMUNITY" and grid.code in unit.grid_codes]
        assert [unit.name for unit in committees] == [f"{grid.community}居委会"]


def test_every_managed_compound_has_a_company_that_serves_its_grid(demo: District) -> None:
    companies = {unit.id: unit for unit in demo.units if unit.unit_type == "PROPERTY"}
    managed = [compound for compound in demo.compounds if compound.property_company_id]
    assert all(each.grid_code in companies[each.property_company_id or ""].grid_codes for each in managed)


@pytest.mark.parametrize(
    ("role", "number"),
    [
        ("in_service_member", 3060),
        ("rider", 46),
        ("volunteer", 1420),
        ("union_leader", 18),
        ("union_cadre", 18),
        ("community_worker", 132),
    ],
)
def test_there_are_as_many_people_as_counted(demo: District, role: str, number: int) -> None:
    assert len(holding(demo, role)) == number


def test_members_are_active_and_double_as_volunteers_as_counted(demo: District) -> None:
    members = holding(demo, "in_service_member")
    assert sum(member.active for member in members) == 2790
    assert len({each.id for each in members} & {each.id for each in holding(demo, "volunteer")}) == 310
    assert sum("veteran" in each.shown_tags for each in holding(demo, "volunteer")) == 212


@pytest.mark.parametrize(
    ("skill", "number"), [("electrician", 41), ("medical", 72), ("law", 38), ("teaching", 210), ("police", 36)]
)
def test_there_are_as_many_experts_as_counted(demo: District, skill: str, number: int) -> None:
    assert sum(skill in each.person.skills for each in demo.people) == number


def test_19_of_the_electricians_hold_a_certificate(demo: District) -> None:
    licensed = [each.person for each in demo.people if each.person.licences(LAMP_AT)]
    assert len(licensed) == 19
    assert all("electrician" in person.skills for person in licensed)


def test_every_grid_has_its_staff(demo: District) -> None:
    for role, least in (("union_leader", 1), ("union_cadre", 1), ("community_worker", 7)):
        scopes = [grant.scope for person in holding(demo, role) for grant in person.grants]
        assert all(scopes.count(grid.code) >= least for grid in demo.grids)


def test_every_unit_that_handles_cases_has_a_contact(demo: District) -> None:
    served = {person.unit_id for person in holding(demo, "unit_contact")}
    handling = {unit.id for unit in demo.units if unit.unit_type not in {"CO_BUILDING", "REPORTING_UNIT"}}
    assert handling == served


def test_all_people_are_synthetic_and_distinct(demo: District) -> None:
    assert all(re.fullmatch(r".测\d{3,4}", each.person.name) for each in demo.people)
    assert all(re.fullmatch(r"120\d{8}", each.phone) for each in demo.people)
    for value in ("id", "name"):
        assert len({getattr(each.person, value) for each in demo.people}) == len(demo.people)
    assert len({each.phone for each in demo.people}) == len(demo.people)
    logins = [each.login for each in demo.people if each.login]
    assert len(set(logins)) == len(logins)


def test_the_table_of_demo_accounts_agrees_with_the_data(demo: District) -> None:
    people = by_id(demo)
    for account in json.loads(ACCOUNTS.read_text(encoding="utf-8")).values():
        enrolled = people[account["person_id"]]
        assert enrolled.login == account.get("login")
        assert account.get("phone") in {None, enrolled.phone}
        assert len(account) == 2


def test_xie_lives_in_dongyuan_and_is_shown_by_surname_only(demo: District) -> None:
    xie = by_id(demo)["p-resident"].person
    assert (xie.name, xie.shown_name) == ("谢测001", "谢先生")
    assert xie.home is not None
    assert xie.home.compound_id == "c-dongyuan"


def test_the_lamp_goes_to_the_electrician_of_the_cast(demo: District) -> None:
    task = Task(
        "360704100002001",
        LAMP_AT,
        (115.0058, 25.8672),
        frozenset({"electrician"}),
        frozenset({"low_voltage_electrician"}),
    )
    ranked = rank(task, [Helper(each.person) for each in demo.people], limit=5)
    assert ranked[0].person_id == "p-member"
    assert ranked[0].score > ranked[1].score
    assert "p-second-member" not in {candidate.person_id for candidate in ranked}


def test_of_the_riders_who_are_party_members_most_show_it(demo: District) -> None:
    shown = [each.person.id for each in demo.people if "rider_party_member" in each.person.shown_tags]
    assert len(shown) == 38
    assert all(id.startswith("p-rider-") for id in shown)


def test_the_census_has_as_many_workers_as_counted_and_one_round(demo: District) -> None:
    census, today = demo.census, date(2026, 3, 31)
    assert len(census.workers) == 1180
    assert len({each.nickname for each in census.workers}) == 1180
    assert all(re.fullmatch(r"工测\d{4}", each.nickname) and each.phone is None for each in census.workers)
    riders = {each.person.id for each in demo.people if "rider" in each.person.caller().roles}
    assert {each.person_id for each in census.workers if each.person_id} == riders
    assert len(riders) == 46
    expected = estimated("360704", census.estimates, today) or 0
    assert 0.75 < 1180 / expected < 0.9
    standings = Counter(each.standing for each in census.doors)
    assert (len(census.doors), standings[Standing.VISITED], standings[Standing.NO_ANSWER_TWICE]) == (40, 36, 2)


def test_every_grid_has_its_posts_and_a_party_group_with_police_and_medics(demo: District) -> None:
    held = Counter(post.post for post in demo.posts)
    assert held == {"union_leader": 18, "union_cadre": 18, "community_worker": 132}
    seats = Counter(seat.capacity for group in demo.party_groups for seat in group.seats)
    assert (len(demo.party_groups), seats["police"], seats["medic"], seats["leader"]) == (18, 36, 72, 18)
    assert {seat.person_id for group in demo.party_groups for seat in group.seats} <= set(by_id(demo))


def test_14_rest_stations_and_12_practice_stations_stand_in_their_grids(demo: District) -> None:
    assert Counter(venue.kind for venue in demo.venues) == {"rest_station": 14, "practice_station": 12}
    grids, units = {grid.code: grid for grid in demo.grids}, {unit.id: unit for unit in demo.units}
    for venue in demo.venues:
        assert venues.faults(venue, grids[venue.grid_code], units[venue.manager_unit_id or ""], new=True) == []
    assert ("广场社区红色驿站", (115.0062, 25.8601)) in {(venue.name, venue.at) for venue in demo.venues}
