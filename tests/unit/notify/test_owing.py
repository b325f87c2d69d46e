"""What goes at once: the oldest event of each case, as far as there is room."""

from datetime import UTC, datetime

from notify.events.logged_event import LoggedEvent
from notify.partners.owing import Owed, at_once

NOW = datetime(2026, 3, 12, tzinfo=UTC)


def owed(subscription: str, position: int, case: str) -> Owed:
    event = LoggedEvent(f"e{position}", "case.noted", "/", case, 1, NOW, None, b"{}", case, None, False, None)
    return Owed(subscription, position, event)


def chosen(*all: Owed, limit: int = 9, **room: int) -> list[str]:
    return [each.id for each in at_once(all, room, limit)]


def test_only_the_oldest_event_of_a_case_goes_whatever_the_order() -> None:
    some = [owed("s1", 3, "c1"), owed("s1", 2, "c1"), owed("s1", 4, "c2"), owed("s2", 3, "c1")]
    assert chosen(*some, s1=9, s2=9) == ["s1:2", "s2:3", "s1:4"]


def test_nobody_gets_more_than_there_is_room() -> None:
    some = [owed(id, n, f"c{n}") for n in (1, 2, 3) for id in ("s1", "s2", "s3")]
    assert chosen(*some, s1=2, s2=1) == ["s1:1", "s2:1", "s1:2"]
    assert chosen(*some, s1=9, s2=9, s3=9, limit=4) == ["s1:1", "s2:1", "s3:1", "s1:2"]


def test_the_second_event_does_not_go_where_there_is_no_room_for_the_first() -> None:
    assert chosen(owed("s1", 1, "c1"), owed("s1", 2, "c1"), owed("s1", 3, "c2"), s1=1) == ["s1:1"]
    assert chosen(owed("s1", 1, "c1"), owed("s1", 2, "c1")) == []
