"""I9: nobody ever gets an event outside filter and scope, by any of the ways; said once more, in other words."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import Refusal
from notify.events.line import Line
from notify.events.logged_event import LoggedEvent
from notify.partners.feed import Part, narrowed, page
from notify.partners.owing import owed
from notify.partners.subscription import Interest, State, Subscription, Way

AT = datetime(2026, 3, 12, tzinfo=UTC)
TYPES = ("case.noted", "case.closed", "case.rated")
GRIDS = ("360704100002001", "360704100002002", "360704100007001", "360705100001001")
PLACES = ("360704", "360704100002", "360704100002001", "360705")
CODES = ("0101", "0102", "0303", "9901")
UNITS = ("u-1", "u-2", "u-3")

of = st.sampled_from
some = st.lists


@st.composite
def events(draw: st.DrawFn) -> LoggedEvent:
    return LoggedEvent(
        id=draw(st.uuids()).hex,
        type=draw(of(TYPES)),
        source="/services/cases",
        subject="case/c",
        sequence=1,
        time=AT,
        correlation_id=None,
        body=b"{}",
        case_id=draw(of(("c-1", "c-2"))),
        grid_code=draw(of((*GRIDS, None))),
        restricted=draw(of((False, False, True))),
        complained_unit_id=draw(of((None, None, *UNITS))),
        registered=draw(of((True, True, False))),
        category=draw(of((*CODES, None))),
        parties=tuple(draw(some(of(UNITS), max_size=2))),
    )


@st.composite
def subscriptions(draw: st.DrawFn) -> Subscription:
    return Subscription(
        id=draw(st.uuids()).hex,
        version=1,
        owner_id="p",
        owner_role="unit_contact",
        unit=draw(of((None, *UNITS))),
        url="https://partner.example",
        types=tuple(draw(some(of((*TYPES, "case.*")), min_size=1, max_size=2))),
        grid_prefix=draw(of(PLACES)),
        state=State.ACTIVE,
        secrets=(),
        created_at=AT,
        heard_after=draw(st.integers(0, 4)),
        way=draw(of(list(Way))),
        categories=tuple(draw(some(of(("0", "01", "0101", "03")), max_size=2))),
        participant=draw(of((None, None, *UNITS))),
        scopes=draw(st.none() | some(of(PLACES), max_size=2).map(tuple)),
    )


def may_have(subscription: Subscription, event: LoggedEvent) -> bool:
    """What docs/domain.md §5 and docs/events.md say, by themselves."""
    forbidden = [
        event.restricted,
        subscription.unit is not None and not event.registered,
        subscription.unit is not None and event.complained_unit_id == subscription.unit,
        "case.*" not in subscription.types and event.type not in subscription.types,
        event.grid_code is None or event.grid_code[: len(subscription.grid_prefix)] != subscription.grid_prefix,
        subscription.scopes is not None
        and not [one for one in subscription.scopes if (event.grid_code or "")[: len(one)] == one],
        bool(subscription.categories)
        and not [one for one in subscription.categories if (event.category or "")[: len(one)] == one],
        subscription.participant is not None and subscription.participant not in event.parties,
    ]
    return not any(forbidden)


@given(some(events(), max_size=8), some(subscriptions(), max_size=4))
def test_exactly_what_one_may_have_is_owed(log: list[LoggedEvent], listening: list[Subscription]) -> None:
    """I9: webhooks, and whatever else is delivered from rows."""
    positions = dict(enumerate(log, 1))
    found = {(each.subscription_id, each.position) for each in owed(positions, listening)}
    assert found == {
        (one.id, n)
        for one in listening
        for n, event in positions.items()
        if may_have(one, event) and n > one.heard_after
    }


@given(some(events(), max_size=8), subscriptions())
def test_exactly_what_one_may_have_is_sent_again(log: list[LoggedEvent], subscription: Subscription) -> None:
    """I9: a replay brings what was before the subscription too, and nothing else."""
    positions = dict(enumerate(log, 1))
    found = [each.event for each in owed(positions, [subscription.from_the_beginning()])]
    assert found == [event for event in log if may_have(subscription, event)]


@given(
    some(events(), max_size=8),
    subscriptions(),
    st.builds(Part, of((None, *TYPES, "case.*")), of((None, *PLACES, *GRIDS)), of((None, "0", *CODES))),
    st.integers(1, 9),
)
def test_exactly_what_one_may_have_and_asks_for_is_fed(
    log: list[LoggedEvent], subscription: Subscription, part: Part, limit: int
) -> None:
    """I9: the feed, page by page."""
    interest = asked(subscription, part)
    if interest is None:
        return
    lines = [Line(n, AT, event) for n, event in enumerate(log, 1)]
    got: list[Any] = []
    while lines:
        found = page(lines, interest, limit)
        assert len(found.events) <= limit
        got += found.events
        last = found.last
        assert last is not None
        lines = [line for line in lines if line.position > last.position]
    assert got == [event for event in log if may_have(subscription, event) and in_part(part, event)]


@given(events(), subscriptions())
def test_an_interest_says_all_that_decides(event: LoggedEvent, subscription: Subscription) -> None:
    """What else stands in a subscription makes no difference to what it may have."""
    other = replace(subscription, id="other", owner_id="other", heard_after=0, way=Way.WEBHOOK, state=State.PAUSED)
    assert bool(owed({1: event}, [other])) == may_have(subscription, event)


def asked(subscription: Subscription, part: Part) -> Interest | None:
    """The interest in that part; None where it was refused, which it is only when something is not covered."""
    try:
        return narrowed(subscription.interest, part)
    except Refusal:
        everything = "case.*" in subscription.types
        covered = [
            part.type is None or everything or part.type in subscription.types,
            part.grid is None or part.grid.startswith(subscription.grid_prefix),
            part.category is None
            or not subscription.categories
            or any(part.category.startswith(one) for one in subscription.categories),
        ]
        assert not all(covered)
        return None


def in_part(part: Part, event: LoggedEvent) -> bool:
    return (
        part.type in {None, "case.*", event.type}
        and (part.grid is None or (event.grid_code or "").startswith(part.grid))
        and (part.category is None or (event.category or "").startswith(part.category))
    )
