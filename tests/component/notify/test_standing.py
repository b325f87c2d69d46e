"""What partners may have follows the roles of today: I9 also when a role ends, or its area shrinks, later on."""

from collections.abc import Sequence
from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from notify.service import NotifyService
from tests.component.notify.receiver import Receiver
from tests.component.notify.samples import GRID, PARTNER, MembersStandIn, caller, event
from tests.component.notify.test_courier import Partner

Stored = Database[dict[str, Any]]
PLACE = "360704100002"
OTHER_GRID = "360704100002009"
ADMIN = caller("p-admin", "district_admin")
COLLEAGUE = caller("p-second", "unit_contact", PLACE, unit="u-lighting")
NARROW = caller("p-lamp", "unit_contact", GRID, unit="u-lighting")


@pytest.fixture
def partner(service: NotifyService, receiver: Receiver) -> Partner:
    return Partner(service, receiver).activate()


def reviewed(service: NotifyService, members: MembersStandIn, *holding: dict[str, Any]) -> None:
    members.holding = list(holding)
    service.review_subscriptions()


def told(database: Stored) -> list[dict[str, Any]]:
    """What is told of subscriptions that were disabled."""
    stored = database["subscriptions"].find({}, {"history": True})
    return [each["data"] for one in stored for each in one["history"] if each["type"] == "subscription.disabled"]


def refusal(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refusal) as refused:
        call(*args, **kwargs)
    return refused.value.code


def test_who_holds_the_role_goes_on(service: NotifyService, members: MembersStandIn, partner: Partner) -> None:
    before = partner.shown
    reviewed(service, members, PARTNER)
    assert partner.shown == before


def test_while_members_is_away_all_stays_and_afterwards_it_is_looked_at_again(
    service: NotifyService, members: MembersStandIn, partner: Partner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(ids: Sequence[str]) -> list[dict[str, Any]]:
        raise TimeoutError

    before = partner.shown
    with monkeypatch.context() as patched:
        patched.setattr(members, "holders", away)
        with pytest.raises(TimeoutError):
            service.review_subscriptions()
    assert partner.shown == before
    reviewed(service, members)
    assert partner.shown["disabled_reason"] == "no_holder"


def test_a_unit_s_subscription_stands_with_the_unit_and_not_with_who_opened_it(
    service: NotifyService, members: MembersStandIn, partner: Partner
) -> None:
    reviewed(service, members, COLLEAGUE)
    assert partner.shown["state"] == "active"
    service.keep_events([wanted := event("case.noted")])
    assert partner.deliver_until(lambda: partner.got == [wanted.id])


@pytest.mark.parametrize(
    ("left", "recipient"),
    [
        ([], "p-admin"),
        ([caller("p-lamp", "resident", PLACE, unit="u-lighting")], "p-admin"),
        ([caller("p-lamp", "unit_contact", PLACE, unit="u-other")], "p-admin"),
        ([caller("p-lamp", "unit_contact", "360704100007", unit="u-lighting")], "u-lighting"),
    ],
    ids=["nobody", "the role is over", "of another unit", "elsewhere"],
)
def test_what_nobody_holds_any_more_is_disabled_and_gets_nothing(
    service: NotifyService,
    members: MembersStandIn,
    partner: Partner,
    database: Stored,
    left: list[dict[str, Any]],
    recipient: str,
) -> None:
    service.pause_subscription(PARTNER, "c2", partner.id)
    service.keep_events([event("case.noted")])
    members.staff["office"] = ["p-admin"]
    reviewed(service, members, *left)
    assert (partner.shown["state"], partner.shown["disabled_reason"]) == ("disabled", "no_holder")
    service.keep_events([event("case.closed", sequence=2)])
    service.deliver()
    assert partner.got == []
    [disabled] = told(database)
    assert (disabled["reason"], disabled["recipients"]) == ("no_holder", [recipient])


def test_it_is_told_once(service: NotifyService, members: MembersStandIn, partner: Partner, database: Stored) -> None:
    reviewed(service, members)
    version = partner.shown["version"]
    reviewed(service, members)
    assert (partner.shown["version"], len(told(database))) == (version, 1)


def test_where_nobody_oversees_the_place_the_owner_is_told(
    service: NotifyService, members: MembersStandIn, partner: Partner, database: Stored
) -> None:
    members.staff["office"] = []
    reviewed(service, members)
    assert [each["recipients"] for each in told(database)] == [["u-lighting"]]


def test_an_administrator_s_own_ends_with_the_role(
    service: NotifyService, members: MembersStandIn, receiver: Receiver
) -> None:
    members.holding = [ADMIN]
    partner = Partner(service, receiver, caller=ADMIN)
    reviewed(service, members, ADMIN)
    assert service.subscription(ADMIN, partner.id)["state"] == "pending"
    reviewed(service, members, caller("p-admin"), caller("p-next", "district_admin"))
    assert service.subscription(ADMIN, partner.id)["disabled_reason"] == "no_holder"


def test_whoever_two_entries_of_were_made_one_holds_it_on(
    service: NotifyService, members: MembersStandIn, receiver: Receiver
) -> None:
    members.holding = [ADMIN]
    partner = Partner(service, receiver, caller=ADMIN)
    reviewed(service, members, {**caller("p-whole", "district_admin"), "former": ["p-admin"]})
    assert service.subscription(ADMIN, partner.id)["state"] == "pending"


def test_a_smaller_area_gets_no_more_than_lies_in_it_and_a_larger_one_all_that_was_asked_for(
    service: NotifyService, members: MembersStandIn, partner: Partner
) -> None:
    waiting = event("case.noted", grid_code=OTHER_GRID)
    service.pause_subscription(PARTNER, "c2", partner.id)
    service.keep_events([waiting])
    reviewed(service, members, NARROW)
    service.resume_subscription(NARROW, "c3", partner.id)
    outside, inside = event("case.noted", case="c-2", grid_code=OTHER_GRID), event("case.noted", case="c-3")
    service.keep_events([outside, inside])
    assert partner.deliver_until(lambda: partner.got == [inside.id])
    assert partner.deliver_until(lambda: {each["state"] for each in partner.log} == {"delivered", "cancelled"})
    reviewed(service, members, PARTNER)
    again = event("case.closed", case="c-2", sequence=2, grid_code=OTHER_GRID)
    service.keep_events([again])
    assert partner.deliver_until(lambda: partner.got == [inside.id, again.id])
    assert partner.shown["grid_prefix"] == PLACE


def test_what_is_sent_again_lies_in_the_area_of_today(
    service: NotifyService, members: MembersStandIn, partner: Partner
) -> None:
    service.keep_events([event("case.noted", grid_code=OTHER_GRID)])
    assert partner.deliver_until(lambda: [each["state"] for each in partner.log] == ["delivered"])
    reviewed(service, members, NARROW)
    assert service.replay_range(NARROW, "c2", partner.id, since="2026-01-01T00:00:00Z")["replayed"] == 0
    service.replay_delivery(NARROW, "c3", partner.id, partner.log[0]["delivery_id"])
    assert partner.deliver_until(lambda: [each["state"] for each in partner.log] == ["cancelled"])
    assert len(partner.got) == 1


def test_a_feed_shows_what_lies_in_the_area_of_its_reader_and_ends_without_a_holder(
    service: NotifyService, members: MembersStandIn
) -> None:
    id = service.open_subscription(PARTNER, "f1", way="feed", types=["case.*"])["subscription_id"]
    inside = event("case.noted")
    service.keep_events([event("case.noted", case="c-2", grid_code=OTHER_GRID), inside])
    assert len(service.events(PARTNER, subscription_id=id)["events"]) == 2
    assert len(service.events(NARROW, subscription_id=id)["events"]) == 1, "also before the next review"
    reviewed(service, members, NARROW)
    [shown] = service.events(ADMIN, subscription_id=id)["events"]
    assert inside.id in shown
    reviewed(service, members)
    assert refusal(service.events, PARTNER, subscription_id=id) == "subscription_state"
    said_by_an_old_token = PARTNER
    assert refusal(service.resume_subscription, said_by_an_old_token, "f2", id) == "not_permitted"
    members.holding = [PARTNER]
    assert service.resume_subscription(PARTNER, "f2", id)["state"] == "active", "whoever has the role again resumes"
    assert len(service.events(PARTNER, subscription_id=id)["events"]) == 2


def test_without_a_holder_nobody_resumes_it(service: NotifyService, members: MembersStandIn, partner: Partner) -> None:
    reviewed(service, members, ADMIN)
    assert refusal(service.resume_subscription, ADMIN, "c2", partner.id) == "subscription_without_holder"
    reviewed(service, members, ADMIN, COLLEAGUE)
    assert service.resume_subscription(ADMIN, "c3", partner.id)["state"] == "pending"
    assert partner.activate().shown["state"] == "active"


def test_whoever_lost_a_part_of_the_area_may_narrow_what_is_asked_for(
    service: NotifyService, members: MembersStandIn, partner: Partner
) -> None:
    members.holding = [NARROW]
    assert refusal(service.change_subscription, NARROW, "c2", partner.id, types=["case.noted"]) == "out_of_scope"
    service.change_subscription(NARROW, "c3", partner.id, grid_prefix=GRID)
    assert partner.shown["grid_prefix"] == GRID


def test_who_speaks_for_no_unit_subscribes_to_nothing(service: NotifyService, members: MembersStandIn) -> None:
    """It could not be told what is about their own unit."""
    nobody_s = caller("p-lamp", "unit_contact", PLACE)
    members.holding = [nobody_s]
    asked = {"way": "feed", "types": ["case.*"]}
    assert refusal(service.open_subscription, nobody_s, "c1", **asked) == "not_permitted"


@pytest.mark.parametrize("act", ["rotate_secret", "change_subscription", "test_subscription"])
def test_a_role_that_has_just_ended_changes_nothing_although_the_token_still_names_it(
    service: NotifyService, members: MembersStandIn, partner: Partner, act: str
) -> None:
    members.holding = []
    asked = {"types": ["case.noted"]} if act == "change_subscription" else {}
    before = service.subscriptions_kept.load(partner.id)
    assert refusal(getattr(service, act), PARTNER, "c2", partner.id, **asked) == "not_permitted"
    assert service.subscriptions_kept.load(partner.id) == before


def test_a_role_that_has_just_ended_subscribes_to_nothing(service: NotifyService, members: MembersStandIn) -> None:
    members.holding = []
    assert refusal(service.open_subscription, PARTNER, "c1", way="feed", types=["case.*"]) == "not_permitted"
    assert service.subscriptions(PARTNER)["items"] == []
