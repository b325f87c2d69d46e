"""A page of the feed: in the order of the log, of the part that was asked for, never of more than was subscribed."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from chassis.errors import Refusal
from notify.events.line import Line
from notify.events.logged_event import LoggedEvent
from notify.partners.feed import Part, narrowed, page
from notify.partners.subscription import Interest

AT = datetime(2026, 3, 12, tzinfo=UTC)
INTEREST = Interest(("case.noted", "case.closed"), "360704100002", None, ("01", "0303"))


def lines(*types: str) -> list[Line]:
    return [
        Line(n, AT, LoggedEvent(f"e{n}", type, "/", "case/c", n, AT, None, b"{}", "c", "360704", False, None, True))
        for n, type in enumerate(types, 1)
    ]


def read(found: Sequence[Line], types: Sequence[str], limit: int) -> tuple[list[str], int | None]:
    got = page(found, Interest(tuple(types), "360704", None), limit)
    return [each.id for each in got.events], got.last.position if got.last else None


def test_a_page_ends_with_the_last_line_that_was_looked_at() -> None:
    some = lines("case.noted", "case.closed", "case.noted", "case.closed", "case.noted")
    assert read(some, ["case.noted"], 9) == (["e1", "e3", "e5"], 5)
    assert read(some, ["case.noted"], 2) == (["e1", "e3"], 3)
    assert read(some, ["case.rated"], 2) == ([], 5)
    assert read([], ["case.noted"], 2) == ([], None)


@pytest.mark.parametrize(
    ("part", "left"),
    [
        (Part(), INTEREST),
        (Part(type="case.noted"), Interest(("case.noted",), "360704100002", None, ("01", "0303"))),
        (Part(grid="360704100002001"), Interest(INTEREST.types, "360704100002001", None, INTEREST.categories)),
        (Part(category="0101"), Interest(INTEREST.types, "360704100002", None, ("0101",))),
    ],
)
def test_a_part_is_what_was_subscribed_to_and_asked_for(part: Part, left: Interest) -> None:
    assert narrowed(INTEREST, part) == left


def test_everything_that_is_not_covered_is_named_at_once() -> None:
    with pytest.raises(Refusal) as refused:
        narrowed(INTEREST, Part("case.*", "360704", "03"))
    assert refused.value.code == "outside_subscription"
    assert [each["pointer"] for each in refused.value.details["errors"]] == ["/type", "/grid", "/category"]


def test_of_everything_any_type_is_a_part() -> None:
    everything = Interest(("case.*",), "360704", "u-1", participant="u-1")
    assert narrowed(everything, Part(type="case.*")) == everything
    assert narrowed(everything, Part("case.noted", "3607041", "9")) == Interest(
        ("case.noted",), "3607041", "u-1", ("9",), "u-1"
    )
