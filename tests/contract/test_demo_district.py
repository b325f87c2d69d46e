"""The cases of the demo happen in the district that members loads: what they know of it is what members would say."""

import json
from datetime import datetime

import pytest

from cases.assignment import Known
from cases.demo import district as known
from cases.demo.site import sites, unaided
from cases.demo.story import NOW, OPENS
from members.demo.district import District, district
from members.organisations.views import unit_as_assignee
from members.people.views import person_as_assignee
from tests.contract import demo_district


@pytest.fixture(scope="module")
def demo() -> District:
    return district()


def test_the_file_is_what_members_loads() -> None:
    """After a change of the district: `python -m tests.contract.demo_district`."""
    assert json.loads(demo_district.FILE.read_text(encoding="utf-8")) == demo_district.described()


@pytest.mark.parametrize("at", [OPENS, NOW], ids=["first day", "last day"])
def test_the_facts_about_everybody_are_those_that_members_answers(demo: District, at: datetime) -> None:
    here = known.district()
    for person in demo_district.people(demo):
        assert Known.load(here.facts(person.id)) == Known.load(person_as_assignee(person.id, person, at))
    units = {unit.id: unit for unit in demo.units}
    for unit in here.units:
        assert Known.load(here.facts(unit.id)) == Known.load(unit_as_assignee(units[unit.id]))


def test_everybody_acts_as_the_caller_that_members_says_they_are(demo: District) -> None:
    callers = {person.id: person.caller() for person in demo_district.people(demo)}
    assert dict(known.district().callers) == callers


@pytest.mark.parametrize("at", [OPENS, NOW], ids=["first day", "last day"])
def test_where_no_electrician_is_near_nobody_lives_who_may_do_the_work(demo: District, at: datetime) -> None:
    """The edge of docs/domain.md §8.5: cases knows some of the people, and members all of them."""
    here = known.district()
    chosen = unaided(sites(here), here)
    compound = next(each for each in demo.compounds if each.id == chosen.id)
    assert not compound.has_property_mgmt
    assert compound.fallback_unit_id == f"u-community-{compound.grid_code[10:12]}"
    near = [each.person for each in demo.people if each.person.home and each.person.home.grid_code == chosen.grid_code]
    assert near
    assert not [person.id for person in near if person.licences(at)]
