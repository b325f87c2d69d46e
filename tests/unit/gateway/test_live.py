"""The hub and its streams: each listener hears what is for it, once and in order, and is told why it ends."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from prometheus_client import REGISTRY

from chassis.errors import Refusal
from chassis.rpc import Unreachable
from gateway.live import stream as streams
from gateway.live.hub import Hub, Place
from gateway.live.listener import ROOM, Listener
from gateway.live.stream import Stream
from tests.unit.gateway.fakes import hearing_hub

LATER = 1_000.0


def clause(key: str, *none: str) -> dict[str, Any]:
    return {"key": key, "none": list(none)}


def update(position: int, *marks: str) -> dict[str, Any]:
    return {
        "position": position,
        "cursor": f"c-{position}",
        "type": "case.noted",
        "marks": list(marks) or ["case:1"],
        "data": {"case_id": "1", "version": position},
    }


def page(*updates: Mapping[str, Any], position: int = 10, more: bool = False) -> dict[str, Any]:
    return {"updates": list(updates), "position": position, "cursor": f"c-{position}", "more": more}


def positions(listener: Listener) -> list[int]:
    return [told.position for told in listener.take(0)]


def join(hub: Hub, *clauses: Mapping[str, Any], person: str = "p-1") -> Listener:
    return hub.join("cases", clauses or (clause("case:1"),), person)


class Read:
    """A stream as its reader sees it, piece by piece."""

    def __init__(
        self,
        hub: Hub,
        first: Mapping[str, Any] | None = None,
        pages: Sequence[Mapping[str, Any] | Exception] = (),
        now: Callable[[], float] = lambda: 0.0,
        **options: Any,
    ) -> None:
        self.listener, self.asked = join(hub), list[str]()
        waiting = list(pages)

        def missed(cursor: str) -> Mapping[str, Any]:
            self.asked.append(cursor)
            found = waiting.pop(0)
            if isinstance(found, Exception):
                raise found
            return found

        self.stream = Stream(hub, self.listener, first or page(), missed, LATER, now=now, beat=0.001, **options)

    def piece(self) -> list[dict[str, str]]:
        """The fields of each event of the next piece; a comment is the field without a name."""
        text = next(self.stream).decode()
        assert text.endswith("\n\n")
        return [dict(line.split(":", 1) for line in block.split("\n")) for block in text[:-2].split("\n\n")]

    def begun(self) -> "Read":
        self.piece()
        self.piece()
        return self

    def versions(self) -> list[int]:
        return [json.loads(each["data"])["version"] for each in self.piece() if "data" in each]


@pytest.fixture
def hub() -> Hub:
    return hearing_hub()


def test_each_hears_what_its_clauses_admit_and_nothing_else(hub: Hub) -> None:
    one, area = join(hub), join(hub, clause("area:36", "restricted"), clause("area:36", "about:u"))
    elsewhere = join(hub, clause("area:37"))
    told = [
        update(11, "case:1", "area:36"),
        update(12, "case:2", "area:36", "restricted"),
        update(13, "case:3", "area:36", "restricted", "about:u"),
        update(14, "case:1"),
    ]
    assert hub.hear("cases", told)
    assert (positions(one), positions(area), positions(elsewhere)) == ([11, 14], [11, 12], [])


def test_two_clauses_tell_a_thing_once(hub: Hub) -> None:
    both = join(hub, clause("case:1"), clause("area:36"))
    hub.hear("cases", [update(11, "case:1", "area:36")])
    assert positions(both) == [11]


def test_what_one_clause_admits_is_not_heard_by_another(hub: Hub) -> None:
    both = join(hub, clause("case:1"), clause("area:36", "restricted"))
    hub.hear("cases", [update(11, "case:2", "area:36", "restricted"), update(12, "case:1", "area:36", "restricted")])
    assert positions(both) == [12]


def test_a_repeat_is_not_told_again_and_a_gap_is_told_by_nobody_before_it_is_filled(hub: Hub) -> None:
    one = join(hub)
    assert hub.hear("cases", [update(9), update(10), update(11)])
    assert not hub.hear("cases", [update(13)])
    assert hub.hear("cases", [update(11), update(12), update(13)])
    assert positions(one) == [11, 12, 13]
    assert hub.place("cases") == Place(13, "c-13")


def test_the_strands_do_not_mix(hub: Hub) -> None:
    inbox = hub.join("inbox", [clause("case:1")], "p-1")
    hub.hear("cases", [update(11)])
    assert positions(inbox) == []


def test_who_has_left_is_told_nothing_and_makes_room(hub: Hub) -> None:
    one = join(hub)
    hub.leave(one)
    hub.leave(one)
    hub.hear("cases", [update(11)])
    assert positions(one) == []
    assert (dict(hub._strands["cases"].listeners), hub._persons) == ({}, {})  # nothing of it is kept
    assert [join(hub) for _ in range(3)]


def test_one_person_has_so_many_streams_and_no_more(hub: Hub) -> None:
    mine = [join(hub) for _ in range(3)]
    with pytest.raises(Refusal, match="too_many_streams") as refused:
        join(hub)
    assert refused.value.details["most"] == 3
    join(hub, person="p-2")
    hub.leave(mine[0])
    join(hub)


def test_a_process_has_room_for_so_many(hub: Hub) -> None:
    for n in range(20):
        join(hub, person=f"p-{n}")
    with pytest.raises(Unreachable):
        join(hub, person="p-20")


def test_nobody_joins_while_nothing_is_heard() -> None:
    hub = Hub(20, 3)
    with pytest.raises(Unreachable):
        join(hub)
    hub.begin("cases", Place(10, "c-10"))
    with pytest.raises(Unreachable):
        join(hub)
    hub.connected = True
    join(hub)


def test_who_is_too_slow_is_ended_and_nobody_else(hub: Hub) -> None:
    slow, quick = join(hub), join(hub)
    for n in range(ROOM + 1):
        hub.hear("cases", [update(11 + n)])
        assert positions(quick) == [11 + n]
    assert (slow.ended, quick.ended) == ("slow", None)
    assert positions(slow) == []
    assert join(hub).ended is None  # its place is free


def test_a_stream_begins_where_it_is_and_tells_what_comes(hub: Hub) -> None:
    read = Read(hub)
    [begun] = read.piece()
    assert (begun["event"], begun["id"]) == (" begin", " c-10")
    assert 1_000 <= int(begun["retry"]) <= 5_000
    read.piece()
    hub.hear("cases", [update(11), update(12, "case:2")])
    [told] = read.piece()
    assert (told["event"], told["id"]) == (" case.noted", " c-11")
    assert json.loads(told["data"]) == {"case_id": "1", "version": 11}


def test_times_are_told_on_the_local_clock_now_and_later(hub: Hub) -> None:
    timed = {**update(11), "data": {"time": "2026-03-12T11:46:00Z", "resolve_due": None}}
    read = Read(hub, page(timed, position=11), after="c-10")
    read.piece()
    hub.hear("cases", [timed, {**timed, "position": 12}])
    for _ in range(2):
        told = read.piece()[0]
        assert json.loads(told["data"]) == {"time": "2026-03-12T19:46:00+08:00", "resolve_due": None}


def test_what_was_missed_comes_first_page_by_page_and_nothing_twice(hub: Hub) -> None:
    read = Read(hub, page(update(7), position=8, more=True), [page(update(9), update(11), position=11)], after="c-6")
    assert read.piece()[0]["id"] == " c-6"
    assert read.versions() == [7]
    hub.hear("cases", [update(11), update(12)])
    assert read.versions() == [9, 11]
    assert read.asked == ["c-8"]
    assert read.versions() == [12]


def test_a_reader_that_hears_little_is_told_how_far_everything_has_come(hub: Hub) -> None:
    read = Read(hub).begun()
    assert read.piece() == [{"": ""}]
    hub.hear("cases", [update(11, "case:2")])
    assert read.piece() == [{"": "", "id": " c-11"}]
    assert read.piece() == [{"": ""}]


def test_what_comes_thick_goes_out_together_and_what_comes_alone_at_once(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        hub.hear("cases", [update(13)])

    monkeypatch.setattr("gateway.live.listener.sleep", pause)
    read = Read(hub).begun()
    hub.hear("cases", [update(11)])
    assert (read.versions(), pauses) == ([11], [])
    hub.hear("cases", [update(12)])
    assert read.versions() == [12, 13]
    [waited] = pauses
    assert 0 < waited <= streams.GATHER_SECONDS


def test_a_stream_ends_with_its_token(hub: Hub) -> None:
    now = [0.0]
    read = Read(hub, now=lambda: now[0]).begun()
    now[0] = LATER
    assert read.piece() == [{"event": " end", "data": ' {"reason":"token_ended"}'}]
    with pytest.raises(StopIteration):
        next(read.stream)


@pytest.mark.parametrize(
    ("ending", "reason"),
    [(lambda hub: hub.end_all(), "closing"), (lambda hub: hub.lose("cases"), "behind")],
    ids=["the process goes", "the strand is another one"],
)
def test_a_stream_says_why_it_ends(hub: Hub, ending: Callable[[Hub], None], reason: str) -> None:
    read = Read(hub).begun()
    hub.hear("cases", [update(11)])
    ending(hub)
    assert read.piece() == [{"event": " end", "data": f' {{"reason":"{reason}"}}'}]


def test_an_ended_stream_passes_over_nothing_that_it_was_to_tell(hub: Hub) -> None:
    """Its cursor would lie behind what it had not told yet."""
    read = Read(hub).begun()
    waiting = read.listener.take

    def ended_meanwhile(seconds: float, gather: float = 0.0) -> Any:
        hub.hear("cases", [update(11), update(12, "case:2")])
        read.listener.end("slow")
        return waiting(seconds)

    read.listener.take = ended_meanwhile  # type: ignore[method-assign]
    assert read.piece() == [{"": ""}]
    assert read.piece()[0]["event"] == " end"


def test_a_closing_process_takes_nobody_in(hub: Hub) -> None:
    hub.end_all()
    with pytest.raises(Unreachable):
        join(hub)


def test_a_strand_that_is_another_one_ends_its_own_streams_alone(hub: Hub) -> None:
    here, there = join(hub), hub.join("inbox", [clause("case:1")], "p-1")
    hub.lose("cases")
    assert (here.ended, there.ended) == ("behind", None)
    assert (hub.place("cases"), hub.place("inbox")) == (None, Place(10, "c-10"))
    hub.end_all()
    here.end("slow")
    assert (here.ended, there.ended) == ("behind", "closing")


def test_nothing_is_waited_for_beyond_the_end_of_the_token_and_who_took_all_waits_anew(hub: Hub) -> None:
    waited: list[float] = []
    read = Read(hub, now=lambda: LATER - 3).begun()
    read.stream._beat, take = 15.0, read.listener.take

    def taken(seconds: float, gather: float = 0.0) -> Any:
        waited.append(seconds)
        return take(0.001)

    read.listener.take = taken  # type: ignore[method-assign]
    hub.hear("cases", [update(11)])
    assert read.versions() == [11]
    assert (waited, read.listener._rung.is_set()) == ([3.0], False)


def test_how_many_streams_are_open_and_why_some_were_ended_is_counted(hub: Hub) -> None:
    def counted() -> list[float]:
        names = (("sandan_streams_open", "strand", "cases"), ("sandan_streams_ended_total", "reason", "slow"))
        told = ("sandan_stream_updates_total", "strand", "cases")
        return [REGISTRY.get_sample_value(name, {label: value}) or 0.0 for name, label, value in (*names, told)]

    before = counted()
    one, other = join(hub), join(hub)
    hub.hear("cases", [update(11)])
    hub.leave(other)
    for n in range(ROOM):
        hub.hear("cases", [update(12 + n)])
    assert one.ended == "slow"
    after = counted()
    assert [now - then for now, then in zip(after, before, strict=True)] == [0, 1, 2 + ROOM]


def test_what_cannot_be_read_ends_the_stream_so_that_it_is_asked_for_again(hub: Hub) -> None:
    read = Read(hub, page(update(7), position=8, more=True), [Unreachable("away")], after="c-6")
    read.begun()
    assert read.piece() == [{"event": " end", "data": ' {"reason":"unavailable"}'}]


@pytest.mark.parametrize("begun", [False, True])
def test_closing_a_stream_frees_its_place_whether_or_not_it_was_read(hub: Hub, begun: bool) -> None:
    reads = [Read(hub) for _ in range(3)]
    for read in reads:
        if begun:
            read.begun()
        read.stream.close()
    assert [join(hub) for _ in range(3)]


def test_readers_come_back_at_different_times() -> None:
    least, most = streams.RETRY_SECONDS
    assert most - least >= 2
