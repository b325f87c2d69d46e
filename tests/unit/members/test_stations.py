"""Codes of stations, and what came of their use (F11, F13)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chassis.errors import Refusal
from members.stations.funnel import Visitor, counted, once_each
from members.stations.station import MOST_EDITIONS, check_code, code, use_id, with_new_code
from members.venues.venue import REST_STATION, Venue

FIRST = date(2026, 1, 5)
DISTRICT, HERE, THERE = "360704", "360704100002", "360704100007"

STATION = Venue("v-1", "红色驿站", REST_STATION, "360704100002001", (115.0, 25.8), date(2026, 1, 1))


def people(number: int, community: str = HERE, of: str = "p") -> dict[str, Visitor]:
    return {f"{of}-{n}": Visitor(FIRST, frozenset({community})) for n in range(number)}


def served(number: int, day: date) -> dict[str, date]:
    return {f"p-{n}": day for n in range(number)}


LATER = FIRST + timedelta(days=1)
NOTHING = {"used": None, "served": None, "rate": None}


def test_of_120_who_used_stations_18_served_later() -> None:
    """F13: 120 used stations and 18 served later: 120 → 18 = 15.00 %."""
    found = counted(people(120), served(18, LATER), DISTRICT, DISTRICT)
    assert found == {"used": 120, "served": 18, "rate": 15.0}


def test_who_served_before_the_first_use_or_on_its_day_did_not_do_so_later() -> None:
    found = counted(people(120), served(18, LATER) | {"p-99": FIRST, "p-98": FIRST - timedelta(days=1)}, DISTRICT, HERE)
    assert found["served"] == 18


def test_who_used_no_station_is_not_counted_as_having_served() -> None:
    assert counted(people(40), served(20, LATER) | {"q-1": LATER}, DISTRICT, DISTRICT)["rate"] == 50.0


@pytest.mark.parametrize("number", [0, 1, 9])
def test_few_people_are_not_told_of_and_of_none_there_is_no_rate(number: int) -> None:
    assert counted(people(number), {}, DISTRICT, DISTRICT) == NOTHING


@pytest.mark.parametrize("number", [0, 9, 31, 40])
def test_a_few_who_served_or_did_not_are_not_told_of(number: int) -> None:
    found = counted(people(40), served(number, LATER), DISTRICT, DISTRICT)
    assert found == {"used": 40, "served": None, "rate": None}


def test_nobody_learns_of_a_few_elsewhere_by_subtracting_a_community_from_the_district() -> None:
    both = people(40) | people(3, THERE, "few")
    assert counted(both, served(20, LATER), DISTRICT, DISTRICT)["used"] == 43
    assert counted(both, served(20, LATER), DISTRICT, HERE) == NOTHING
    assert counted(both, served(20, LATER), HERE, HERE)["used"] == 40


def test_who_was_merged_is_counted_once_from_the_first_day_on() -> None:
    rows = [("p-old", HERE, FIRST), ("p-new", THERE, LATER), ("p-other", HERE, FIRST)]
    whole = {"p-new": frozenset({"p-new", "p-old"})}
    assert once_each(rows, whole) == {
        "p-new": Visitor(FIRST, frozenset({HERE, THERE})),
        "p-other": Visitor(FIRST, frozenset({HERE})),
    }


def test_the_code_of_one_station_is_no_other_stations_and_needs_the_key() -> None:
    check_code(b"key", STATION, code(b"key", "v-1", 0))
    for other in (code(b"key", "v-2", 0), code(b"another", "v-1", 0), code(b"key", "v-1", 1), "", "码"):
        with pytest.raises(Refusal) as refused:
            check_code(b"key", STATION, other)
        assert refused.value.code == "wrong_station_code"


def test_every_code_before_the_last_says_that_it_was_replaced() -> None:
    twice = with_new_code(with_new_code(STATION))
    check_code(b"key", twice, code(b"key", "v-1", 2))
    for edition in (0, 1):
        with pytest.raises(Refusal) as refused:
            check_code(b"key", twice, code(b"key", "v-1", edition))
        assert refused.value.code == "station_code_replaced"
    with pytest.raises(Refusal) as refused:
        with_new_code(replace(STATION, code_edition=MOST_EDITIONS))
    assert refused.value.code == "too_many_station_codes"


def test_a_use_is_known_by_its_command_and_its_station() -> None:
    assert use_id("v-1", "k") == use_id("v-1", "k")
    assert len({use_id("v-1", "k"), use_id("v-2", "k"), use_id("v-1", "l")}) == 3
