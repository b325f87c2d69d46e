"""What two entries of one person served and said counts for the one that is left, and nothing of it twice."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pymongo.database import Database

from chassis.errors import Refusal
from chassis.instant import written
from members.organisations.store import UnitStore
from members.people.person import Residence
from members.service import MembersService
from members.stars.star import Book, Consent, joined
from members.territory.store import TerritoryStore
from tests.component.members.served import OFFICE, THURSDAY, WORKER, Serving, at, volunteer
from tests.component.members.small_district import ADMIN, GRID, MoveIn, refusal, settle, staff
from tests.component.members.staging import NOW
from tests.component.set_clock import SetClock

GONE, LEFT = volunteer(2), volunteer(1)
NOW_ONE = {**LEFT, "former": ["p-2"]}
DESK = {"id": "p-desk", "grants": [{"role": "dispatcher", "scope": "360704"}], "unit": None}
YEAR = {"first": "2026-01-01", "last": "2026-03-12"}
EIGHT = {"begins": "08:00", "ends": "16:00"}


@pytest.fixture(autouse=True)
def district(territory: TerritoryStore, organisations: UnitStore, move_in: MoveIn) -> None:
    settle(territory, organisations, move_in)
    home = Residence("c-1", GRID, (115.0, 25.86))
    move_in((replace(staff(f"p-{n}", "volunteer", "360704"), home=home), None) for n in range(1, 5))


@pytest.fixture
def serving(service: MembersService) -> Serving:
    return Serving(service)


def merge(service: MembersService, key: str = "merge") -> dict[str, Any]:
    receipt: dict[str, Any] = service.merge_people(caller=ADMIN, command_id=key, person_id="p-2", into="p-1")
    return receipt


def served(serving: Serving, person_id: str, days: range) -> list[str]:
    """Eight hours on each of these days."""
    return [
        serving.served(f"a-{person_id}-{n}", person_id, "08:00-16:00", day=THURSDAY - timedelta(days=n), **EIGHT)
        for n in days
    ]


def issue(service: MembersService, key: str = "issue") -> dict[str, Any]:
    receipt: dict[str, Any] = service.issue_certificate(caller=NOW_ONE, command_id=key, **YEAR)
    return receipt


def test_hours_of_the_former_id_are_certified_to_who_is_left(service: MembersService, serving: Serving) -> None:
    record = serving.served("a-1", "p-2", "09:00-11:00")
    earlier = service.issue_certificate(caller=GONE, command_id="earlier", **YEAR)["number"]
    merge(service)
    assert service.hours(caller=NOW_ONE)["minutes"] == 120
    assert service.hours(caller=OFFICE, person_id="p-2")["minutes"] == 120
    assert issue(service)["minutes"] == 120
    assert {each["number"] for each in service.certificates(caller=NOW_ONE)["items"]} >= {earlier}
    assert service.own_certificate(caller=NOW_ONE, number=earlier)["state"] == "valid"
    [own] = service.service_records(caller=NOW_ONE)["items"]
    assert (own["record_id"], own["name_masked"]) == (record, "王**")
    service.ask_hours_correction(caller=NOW_ONE, command_id="ask", record_id=record, text="少了半小时")
    assert refusal(issue, service=service, key="again").code == "correction_waits"
    assert service.own_certificate(caller=NOW_ONE, number=earlier)["state"] == "superseded"
    mine = {**OFFICE, "id": "p-1", "former": ["p-2"]}
    keep = {"caller": mine, "command_id": "keep", "record_id": record, "reason": "无误"}
    assert refusal(service.keep_hours, **keep).code == "own_hours"


def test_hours_of_both_come_to_a_star_and_an_accepted_one_stays(service: MembersService, serving: Serving) -> None:
    served(serving, "p-2", range(13))
    service.accept_star(caller=GONE, command_id="one", star=1)
    service.show_star(caller=GONE, command_id="show", text_version="2026-01")
    merge(service)
    found = service.hours(caller=NOW_ONE)
    assert (found["hours"], found["star"], found["public"]) == (104.0, 1, True)
    assert len(service.stars(caller=volunteer(3), area="360704")["items"]) == 1
    service.hide_star(caller=NOW_ONE, command_id="hide")
    assert service.stars(caller=volunteer(3), area="360704")["items"] == []


def test_a_star_that_neither_had_reached_is_offered(
    service: MembersService, serving: Serving, database: Database[dict[str, Any]]
) -> None:
    served(serving, "p-2", range(7))
    served(serving, "p-1", range(7, 13))
    merge(service)
    assert service.hours(caller=NOW_ONE)["star_offered"] == 1
    service.accept_star(caller=NOW_ONE, command_id="one", star=1)
    book = database["service_books"].find_one({"_id": "p-1"})
    assert book is not None
    assert [each["type"] for each in book["history"]].count("star.offered") == 1


def test_time_that_both_entries_served_counts_once_and_eight_hours_a_day(
    service: MembersService, serving: Serving
) -> None:
    """§3.3: overlaps once, at most eight hours; what was wrong is taken back by a row."""
    serving.served("a-1", "p-1", "09:00-11:00")
    record = serving.served("a-2", "p-2", "10:00-12:00", begins="10:00", ends="12:00")
    before = service.issue_certificate(caller=GONE, command_id="earlier", **YEAR)["number"]
    day = THURSDAY - timedelta(days=1)
    for person_id, clock in (("p-1", "07:00-12:00"), ("p-2", "13:00-18:00")):
        begins, _, ends = clock.partition("-")
        serving.served(f"a-{clock}", person_id, clock, begins=begins, ends=ends, day=day)
    merge(service)
    assert service.hours(caller=NOW_ONE)["minutes"] == 180 + 480
    rows = service.hours_ledger(caller=NOW_ONE)["items"]
    assert sum(row["minutes"] for row in rows) == 180 + 480
    assert sorted(row["minutes"] for row in rows if row["record_id"] == record) == [-120, 60, 120]
    assert all(row["reason"] for row in rows if row["reverses"])
    assert service.own_certificate(caller=NOW_ONE, number=before)["state"] == "superseded"


def test_hours_that_count_at_the_moment_of_the_merge_are_not_lost(service: MembersService, serving: Serving) -> None:
    for n, person_id in enumerate(("p-1", "p-2", "p-2", "p-1")):
        day = THURSDAY - timedelta(days=n)
        serving.came(serving.activity(f"a-{n}", day=day), person_id, "09:00-11:00", day=day)
        serving.drawn_up(f"a-{n}", f"draw-up-{n}")
    records = [each["record_id"] for n in range(4) for each in serving.records(f"a-{n}").values()]
    acts: list[Callable[[], object]] = [lambda: merge(service)]
    acts += [partial(serving.approve, [id], f"approve-{id}") for id in records]

    def done(act: Callable[[], object]) -> None:
        while True:
            try:
                act()
            except Refusal as refused:
                assert refused.code == "busy_try_again"  # noqa: PT017 - all others are what is tested
            else:
                return

    with ThreadPoolExecutor(len(acts)) as crowd:
        list(crowd.map(done, acts))
    assert minutes_in_books(service) == {"p-1": 480, "p-2": 0}


def minutes_in_books(service: MembersService) -> dict[str, int]:
    return {kept.id: kept.item.minutes for kept in service.books_kept.records.find({})}


@pytest.mark.parametrize(("room", "look"), [("books_kept", "of"), ("people", "whole")])
def test_hours_of_the_one_that_goes_are_settled_anew_after_a_merge(
    service: MembersService, serving: Serving, monkeypatch: pytest.MonkeyPatch, room: str, look: str
) -> None:
    serving.came(serving.activity("a-1"), "p-2", "09:00-11:00")
    serving.drawn_up("a-1")
    record = serving.records("a-1")["p-2"]["record_id"]
    store = getattr(service, room)
    looked = getattr(store, look)

    def merged_after_looking(asked: Any) -> Any:
        monkeypatch.setattr(store, look, looked)
        found = looked(asked)
        merge(service)
        return found

    monkeypatch.setattr(store, look, merged_after_looking)
    serving.approve([record])
    assert minutes_in_books(service) == {"p-1": 120, "p-2": 0}


def test_who_waits_under_the_former_id_has_no_second_place_at_one_time(
    service: MembersService, serving: Serving
) -> None:
    later = THURSDAY + timedelta(days=7)
    full, other = serving.activity("a-full", day=later, capacity=1), serving.activity("a-other", day=later)
    service.sign_up(caller=volunteer(3), command_id="s", activity_id=full)
    service.sign_up(caller=GONE, command_id="s", activity_id=full)
    service.sign_up(caller=LEFT, command_id="s", activity_id=other)
    merge(service)
    service.leave_activity(caller=volunteer(3), command_id="l", activity_id=full)
    states = {each["activity_id"]: each["state"] for each in service.own_signups(caller=NOW_ONE)["items"]}
    assert states == {full: "waiting", other: "in"}
    service.leave_activity(caller=NOW_ONE, command_id="m", activity_id=full)
    assert [each["activity_id"] for each in service.own_signups(caller=NOW_ONE)["items"]] == [other]


def test_attendance_of_the_former_id_goes_on(service: MembersService, serving: Serving) -> None:
    serving.came(serving.activity("a-1"), "p-2", "09:00-10:00")
    merge(service)
    lines = [{"command_id": "in", "person_id": "p-1", "act": "in", "at": written(at("10:15"))}]
    told = service.list_attendance(caller=WORKER, activity_id="a-1", items=lines)["items"]
    assert "receipt" in told[0], told
    [own] = service.own_attendance(caller=NOW_ONE)["items"]
    assert len(own["stints"]) == 2
    serving.drawn_up("a-1")
    assert serving.records("a-1").keys() == {"p-2"}


def test_whoever_answered_under_both_ids_is_counted_once(service: MembersService) -> None:
    call: dict[str, Any] = {"grids": [GRID], "text": "清理楼道", "at": written(NOW + timedelta(hours=14))}
    both, one = (service.issue_call(caller=DESK, command_id=key, **call)["call_id"] for key in ("c-1", "c-2"))
    for who in (GONE, LEFT):
        service.answer_call(caller=who, command_id=f"both-{who['id']}", call_id=both, coming=True)
    service.answer_call(caller=GONE, command_id="one", call_id=one, coming=True)
    merge(service)
    assert service.call(caller=DESK, call_id=both)["coming"] == 1
    service.answer_call(caller=NOW_ONE, command_id="two", call_id=one, coming=False)
    service.answer_call(caller=NOW_ONE, command_id="three", call_id=both, coming=False)
    for id in (both, one):
        found = service.call(caller=DESK, call_id=id)
        assert (found["coming"], found["not_coming"]) == (0, 1)


def test_patrols_and_findings_of_the_former_id_are_who_is_left_s(service: MembersService, clock: SetClock) -> None:
    begun = service.start_patrol(caller=GONE, command_id="p", grid_code=GRID, text_version="2026-03")
    merge(service)
    again = {"caller": NOW_ONE, "command_id": "q", "grid_code": GRID, "text_version": "2026-03"}
    assert refusal(service.start_patrol, **again).code == "already_on_patrol"
    clock.wait(minutes=30)
    service.stop_patrol(caller=NOW_ONE, command_id="s", patrol_id=begun["patrol_id"])
    assert [each["patrol_id"] for each in service.patrols(caller=NOW_ONE)["items"]] == [begun["patrol_id"]]


moments = st.integers(0, 9).map(lambda days: NOW + timedelta(days=days))
consents = st.lists(
    st.builds(
        lambda since, days: Consent(since, "2026-01", since + timedelta(days=days) if days else None),
        moments,
        st.integers(0, 3),
    ),
    max_size=3,
)


@given(consents, consents)
def test_a_joined_book_shows_nobody_who_has_withdrawn_later_and_stands_once(
    own: list[Consent], others: list[Consent]
) -> None:
    books = [Book("p", GRID, 6000, 1, tuple(each)) for each in (own, others)]
    left = joined(books[0], books[1], 6000)
    standing = [each for each in left.consents if each.revoked_at is None]
    ends = [each.revoked_at for each in (*own, *others) if each.revoked_at]
    assert len(standing) <= 1
    assert len(left.consents) == len(own) + len(others)
    assert left.public is False or any(book.public for book in books)
    for each in standing:
        before = [end for one in (own, others) if each not in one for end in (c.revoked_at for c in one) if end]
        assert all(end < each.consented_at for end in before)
    assert ends == [] or len([each for each in left.consents if each.revoked_at]) >= len(ends)
