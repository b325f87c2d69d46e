"""Room for posts: when a place that becomes free is told of."""

from collections.abc import Callable
from ipaddress import ip_network

import pytest
from cryptography.fernet import Fernet

from chassis.sealing import Sealer
from notify.partners.post_room import AT_ONCE, FOR_EACH, Place, PostRoom
from notify.webhooks.channel import WebhookChannel

Work = Callable[[], None]


class Room:
    """A room whose posts end when the test says so, and that counts how often it rings."""

    def __init__(self) -> None:
        self.begun: list[Work] = []
        self.work: Callable[[Place], None] = lambda _: None
        self.rung = 0
        sealer = Sealer(Fernet.generate_key().decode())
        self.room = PostRoom(WebhookChannel([ip_network("127.0.0.0/8")]), sealer, self.begun.append, self.ring)

    def ring(self) -> None:
        self.rung += 1

    def begin(self, id: str, number: int) -> None:
        for _ in range(number):
            self.room.begin(id, self.work)

    def end(self) -> None:
        self.begun.pop()()


def test_a_free_place_is_told_of_only_where_somebody_may_wait_for_it() -> None:
    one = Room()
    one.begin("s1", 2)
    one.room.expect({"s1": 5}, ["s1"], {"s1": 2})
    one.end()
    assert one.rung == 0
    one.room.expect({"s1": 1}, ["s1"], {"s1": 1})
    one.end()
    assert one.rung == 1


@pytest.mark.parametrize("free", [{}, {"s1": 3}])
def test_who_had_no_room_or_took_all_of_it_is_waited_for_until_a_look_finds_less(free: dict[str, int]) -> None:
    one = Room()
    one.begin("s1", 3)
    one.room.expect(free, ["s1"], dict(free))
    one.end()
    one.room.expect({"s1": 3}, ["s1"], {})
    one.end()
    assert one.rung == 1


def test_the_first_place_in_a_full_room_is_told_of() -> None:
    one = Room()
    for n in range(AT_ONCE // FOR_EACH):
        one.begin(f"s{n}", FOR_EACH)
    one.end()
    one.end()
    assert one.rung == 1


def test_a_place_is_free_as_soon_as_it_is_left_and_only_once() -> None:
    one = Room()
    free: list[int] = []

    def work(place: Place) -> None:
        place.leave()
        place.leave()
        free.append(one.room.free(["s1"])["s1"])

    one.work = work
    one.begin("s1", 2)
    one.end()
    assert free == [FOR_EACH - 1]
    one.end()
    assert one.room.free(["s1"]) == {"s1": FOR_EACH}


def test_a_subscription_that_is_held_has_no_room_for_so_long_and_others_have() -> None:
    one = Room()
    one.room.hold("s1", 60)
    assert one.room.free(["s1", "s2"]) == {"s2": FOR_EACH}
    one.room.hold("s1", 0)
    assert one.room.free(["s1"]) == {"s1": FOR_EACH}


def test_where_nobody_answers_one_post_begins_at_a_time_and_later() -> None:
    one = Room()
    one.room.heard("s1", answered=False)
    assert one.room.free(["s1", "s2"]) == {"s2": FOR_EACH}
    one.room.hold("s1", 0)
    assert one.room.free(["s1"]) == {"s1": 1}
    one.begin("s1", 1)
    assert one.room.free(["s1"]) == {}
    one.room.heard("s1", answered=True)
    assert one.room.free(["s1"]) == {"s1": FOR_EACH - 1}
