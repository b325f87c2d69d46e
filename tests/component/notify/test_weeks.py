"""The weekly digest of who holds posts: everybody once a week, whatever ends in between, as each wants it."""

from typing import Any

import pytest
from pymongo.database import Database

from notify.real_time import real_now
from notify.service import NotifyService
from notify.weeks.week import COUNTED
from tests.component.notify.ending import ends_at_the_second_page
from tests.component.notify.samples import MembersStandIn, caller, person
from tests.component.notify.stores import NotifyStores
from tests.component.notify.test_messages import Provider
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]
HOLDERS = 120


class CasesStandIn:
    """Answers what cases would: on each grid as many as the last digits of its code say, one about u-housing."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def counts_of_grids(self, **asked: Any) -> dict[str, Any]:
        self.asked.append(asked)
        left_out = asked.get("not_of") == "u-housing"
        return {"counts": {code: dict.fromkeys(COUNTED, int(code[-3:]) - left_out) for code in asked["grids"]}}


@pytest.fixture
def cases(service: NotifyService) -> CasesStandIn:
    service.cases = stand_in = CasesStandIn()
    return stand_in


@pytest.fixture
def sms(service: NotifyService, members: MembersStandIn, clock: SetClock) -> Provider:
    """Many who hold a post, and a Monday at eight; before it was Thursday 19:40."""
    members.post_held = {f"q-{n:04d}": [f"360704100002{n + 1:03d}"] for n in range(HOLDERS)}
    members.people |= {id: person(id, f"1300000{id[2:]}", channels=["sms"]) for id in members.post_held}
    provider = Provider("sms")
    service.channels = (provider,)
    clock.wait(days=3, hours=12, minutes=20)
    return provider


def told(service: NotifyService) -> None:
    service.tell_of_the_week()
    service.send_in_bulk()


def test_whoever_holds_a_post_is_told_once_how_their_grids_stand(
    service: NotifyService, sms: Provider, members: MembersStandIn, cases: CasesStandIn, clock: SetClock
) -> None:
    for _ in range(3):
        told(service)
        clock.wait(hours=5)
    assert sorted(parcel.to for parcel in sms.took) == [f"1300000{n:04d}" for n in range(HOLDERS)]
    assert {parcel.template for parcel in sms.took} == {"week_of_posts"}
    [notice] = service.inbox(caller("q-0006", "grid_worker"))["items"]
    assert "7 closed" in notice["texts"]["en"]["body"]
    assert [asked for what, asked in members.asked if what == "post_holders"] == [
        ("2026-03-16", ""),
        ("2026-03-16", "q-0049"),
        ("2026-03-16", "q-0099"),
    ]
    assert {(each["since"], each["until"]) for each in cases.asked} == {
        ("2026-03-08T16:00:00Z", "2026-03-15T16:00:00Z")
    }
    clock.wait(days=7, hours=-15)
    told(service)
    assert len(sms.took) == 2 * HOLDERS


def test_the_sums_tell_nobody_of_what_is_about_the_own_unit(
    service: NotifyService, sms: Provider, members: MembersStandIn, cases: CasesStandIn
) -> None:
    members.people["q-0006"] |= {"unit_id": "u-housing"}
    told(service)
    read = [service.inbox(caller(id, "grid_worker"))["items"][0]["texts"]["en"]["body"] for id in ("q-0005", "q-0006")]
    assert ["6 closed" in each for each in read] == [True, True]
    assert [asked["grids"] for asked in cases.asked if asked.get("not_of")] == [["360704100002007"]]


def test_on_other_days_nobody_is_told(
    service: NotifyService, sms: Provider, clock: SetClock, cases: CasesStandIn
) -> None:
    clock.wait(days=1)
    for _ in range(5):
        told(service)
        clock.wait(days=1)
    assert sms.took == []


@pytest.mark.parametrize("broken", ["post_holders", "counts_of_grids", "add", "advance"])
def test_whatever_ends_in_between_everybody_is_told_once(
    service: NotifyService,
    sms: Provider,
    store: NotifyStores,
    members: MembersStandIn,
    cases: CasesStandIn,
    database: Stored,
    monkeypatch: pytest.MonkeyPatch,
    broken: str,
) -> None:
    of: dict[str, Any] = {
        "post_holders": members,
        "counts_of_grids": cases,
        "add": store.notices,
        "advance": store.weeks,
    }
    ends_at_the_second_page(monkeypatch, of[broken], broken)
    with pytest.raises(KeyboardInterrupt):
        told(service)
    database["weeks"].update_many({}, {"$set": {"held_until": real_now()}})
    told(service)
    told(service)
    assert len(sms.took) == len({parcel.to for parcel in sms.took}) == HOLDERS


def test_it_may_be_declined_and_gathered_and_its_link_stops_it(
    service: NotifyService, sms: Provider, members: MembersStandIn, cases: CasesStandIn
) -> None:
    service.choose(caller("q-0001", "grid_worker"), declined={"week": ["sms"]})
    service.choose(caller("q-0002", "grid_worker"), gathered=["week"])
    told(service)
    assert len(sms.took) == HOLDERS - 2
    link = (sms.took[0].unsubscribe or "").rpartition("/")[2]
    assert service.linked(link) == {"kinds": ["week"]}


def test_weeks_are_kept_as_long_as_notices(
    service: NotifyService, sms: Provider, cases: CasesStandIn, database: Stored
) -> None:
    told(service)
    service.purge()
    assert database["weeks"].count_documents({}) == 1
    database["weeks"].update_many({}, {"$set": {"stored_at": real_now().replace(year=real_now().year - 1)}})
    service.purge()
    assert database["weeks"].count_documents({}) == 0
