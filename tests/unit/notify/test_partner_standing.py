"""What the roles of today mean for a subscription: a queue is emptied only where there is less than before."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chassis.caller import Caller, Grant
from notify.partners.standing import Standing, standing, still_wants
from notify.partners.subscription import State, Subscription

DISTRICT, TOWN, GRID = "360704", "360704100", "360704100002001"


def held_in(*scopes: str) -> list[Caller]:
    return [Caller("p-lamp", tuple(Grant("unit_contact", each) for each in scopes), "u-lighting")]


def subscription(scopes: tuple[str, ...] | None, place: str = TOWN) -> Subscription:
    made_at = datetime(2026, 3, 12, tzinfo=UTC)
    kept = ("u-lighting", "", ("case.*",), place, State.ACTIVE, (), made_at)
    return Subscription("s-1", 1, "p-lamp", "unit_contact", *kept, scopes=scopes)


@pytest.mark.parametrize(
    ("before", "today", "narrower"),
    [
        ((TOWN,), (GRID,), True),
        ((GRID,), (TOWN,), False),
        ((GRID,), (DISTRICT, GRID), False),
        ((DISTRICT,), (TOWN,), False),
        (None, (TOWN,), False),
        (None, (GRID,), True),
        ((GRID, "360704100002002"), (GRID,), True),
    ],
)
def test_it_is_narrower_where_a_place_of_before_is_covered_no_more(
    before: tuple[str, ...] | None, today: tuple[str, ...], narrower: bool
) -> None:
    expected = Standing(tuple(sorted(today)), ends=False, narrower=narrower)
    assert standing(subscription(before), held_in(*today)) == expected
    assert still_wants(subscription(tuple(sorted(today))), subscription(before)) is not narrower


def test_who_asks_for_something_else_may_not_want_what_was_asked_for_before() -> None:
    before = subscription((TOWN,))
    assert still_wants(before, before)
    assert not still_wants(replace(before, types=("case.closed",)), before)
    assert not still_wants(replace(before, grid_prefix=GRID), before)
    assert not still_wants(replace(before, categories=("02",)), before)


def test_it_ends_where_nobody_holds_any_of_it() -> None:
    for today in ((), ("360704200",)):
        found = standing(subscription((TOWN,)), held_in(*today))
        assert found
        assert (found.ends, found.narrower) == (True, True)


def test_nothing_becomes_of_it_while_the_scopes_stay() -> None:
    assert standing(subscription((TOWN,)), held_in(TOWN)) is None
