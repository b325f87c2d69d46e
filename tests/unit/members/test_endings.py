"""When something is taken from what somebody may: counted where roles are lost, and nowhere else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from chassis.caller import Grant
from members.erasure.retention import erased
from members.merges.merging import alias, merged
from members.people.documents import read, written
from members.people.person import Person, departed
from members.people.tenure import Tenure, revoked

NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
RESIDENT, VOLUNTEER = Grant("resident", "360704"), Grant("volunteer", "360704100")


def person(id: str = "p-1", *grants: Grant) -> Person:
    return Person(id, "360704", "谢测001", grants or (RESIDENT, VOLUNTEER)).since(NOW)


def test_a_role_that_is_lost_counts() -> None:
    after = replace(person(), tenures=revoked(person().tenures, VOLUNTEER, LATER))
    assert after.turned(NOW).narrowed == 0
    assert after.turned(LATER).narrowed == 1
    assert after.turned(LATER).turned(LATER).narrowed == 1


def test_a_role_that_is_given_does_not() -> None:
    more = replace(person(), tenures=(*person().tenures, Tenure("inspector", "360704", NOW)))
    assert (len(more.turned(NOW).grants), more.turned(NOW).narrowed) == (3, 0)


def test_the_same_role_in_another_scope_is_another_role() -> None:
    moved = replace(person(), tenures=(Tenure("resident", "360704", NOW), Tenure("volunteer", "360704101", NOW)))
    assert moved.turned(NOW).narrowed == 1


def test_who_leaves_has_nothing_left_to_do_also_who_had_no_role() -> None:
    assert departed(person(), LATER).narrowed == 1
    assert departed(Person("p-1", "360704", "谢测001", ()), LATER).narrowed == 1


def test_what_is_erased_goes_on_counting() -> None:
    assert erased(departed(replace(person(), narrowed=4), LATER), LATER).narrowed == 5


def test_of_two_who_are_one_the_entry_that_goes_can_nothing_more() -> None:
    other = replace(person("p-2"), narrowed=2)
    assert alias(other, "p-1").narrowed == 3
    assert merged(replace(person(), narrowed=1), other, NOW).narrowed == 1


def test_it_is_kept_and_who_was_kept_before_has_lost_nothing() -> None:
    document = written(replace(person(), narrowed=3))
    assert read(document).narrowed == 3
    del document["narrowed"]
    assert read(document).narrowed == 0
