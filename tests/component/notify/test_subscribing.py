"""What owners do with their subscriptions, and what the permission table and the states allow."""

from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from notify.service import NotifyService
from tests.component.notify.receiver import Receiver
from tests.component.notify.samples import PARTNER, MembersStandIn, caller, event
from tests.component.notify.stores import NotifyStores

ADMIN = caller("p-admin", "district_admin", "360704")
OTHER = caller("p-other", "unit_contact", "360704100002", unit="u-other")


def subscribe(service: NotifyService, receiver: Receiver, command: str = "c1", **changes: Any) -> dict[str, Any]:
    asked = {"caller": PARTNER, "command_id": command, "url": receiver.url, "types": ["case.closed"], **changes}
    return service.open_subscription(**asked)


def refusal(call: Any, *args: Any, **kwargs: Any) -> str:
    with pytest.raises(Refusal) as refused:
        call(*args, **kwargs)
    return refused.value.code


def test_a_new_subscription_waits_for_its_test_and_shows_its_secret_once(
    service: NotifyService, receiver: Receiver, database: Database[dict[str, Any]]
) -> None:
    made = subscribe(service, receiver)
    assert made["secret"].startswith("whsec_")
    assert (made["state"], made["act"], made["version"]) == ("pending", "subscribe", 1)
    shown = service.subscription(PARTNER, made["subscription_id"])
    assert (shown["state"], shown["unit_id"], shown["grid_prefix"]) == ("pending", "u-lighting", "360704100002")
    kept = str(database["subscriptions"].find_one())
    assert made["secret"] not in kept + str(shown)
    assert made["secret"].removeprefix("whsec_") not in kept


def test_the_same_command_again_makes_no_second_subscription(service: NotifyService, receiver: Receiver) -> None:
    assert subscribe(service, receiver) == subscribe(service, receiver)
    assert len(service.subscriptions(PARTNER)["items"]) == 1
    assert refusal(subscribe, service, receiver, types=["case.rated"]) == "command_id_reused"
    assert len(service.subscriptions(PARTNER)["items"]) == 1


def test_two_partners_may_use_the_same_command_id(
    service: NotifyService, members: MembersStandIn, receiver: Receiver
) -> None:
    members.holding.append(OTHER)
    first, second = subscribe(service, receiver), subscribe(service, receiver, caller=OTHER)
    assert first["subscription_id"] != second["subscription_id"]
    assert first["secret"] != second["secret"]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"url": ""}, "/url"),
        ({"url": 7}, "/url"),
        ({"types": []}, "/types"),
        ({"types": ["case.exploded"]}, "/types/0"),
        ({"types": "case.closed"}, "/types"),
        ({"grid_prefix": "36"}, "/grid_prefix"),
        ({"url": None}, "/url"),
        ({"way": "feed"}, "/url"),
        ({"way": "pigeon"}, "/way"),
        ({"categories": ["01011"]}, "/categories/0"),
        ({"categories": ["x"]}, "/categories/0"),
        ({"grid_prefix": "360704.*"}, "/grid_prefix"),
        ({"grid_prefix": "３６０７０４"}, "/grid_prefix"),
        ({"types": ["case.closed"] * 2}, "/types"),
        ({"types": ["case.closed"] * 10_000}, "/types"),
        ({"categories": ["01"] * 10_000}, "/categories"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(
    service: NotifyService, receiver: Receiver, changes: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(Refusal) as refused:
        subscribe(service, receiver, **changes)
    assert refused.value.code == "invalid"
    assert pointer in {error["pointer"] for error in refused.value.details["errors"]}


def test_all_that_is_wrong_is_told_at_once(service: NotifyService, receiver: Receiver) -> None:
    wrong: dict[str, Any] = {
        "types": ["case.exploded"],
        "grid_prefix": "110101",
        "categories": ["01", "7777"],
        "participant_id": "u-other",
        "url": "https://10.0.0.1/hook",
    }
    with pytest.raises(Refusal) as refused:
        subscribe(service, receiver, **wrong)
    assert refused.value.code == "invalid"
    told = {error["pointer"]: error.get("code", error["detail"]) for error in refused.value.details["errors"]}
    assert {pointer for pointer in told if not pointer.startswith("/types")} == {
        "/grid_prefix",
        "/categories/1",
        "/participant_id",
        "/url",
    }
    assert "/types/0" in told
    assert (told["/grid_prefix"], told["/participant_id"]) == ("out_of_scope", "out_of_scope")
    made = subscribe(service, receiver)["subscription_id"]
    with pytest.raises(Refusal) as changing:
        service.change_subscription(PARTNER, "c2", made, **wrong)
    assert [each["pointer"] for each in changing.value.details["errors"]] == [
        each["pointer"] for each in refused.value.details["errors"]
    ]
    assert service.subscription(PARTNER, made)["version"] == 1


def test_a_place_and_a_category_that_there_are_not(service: NotifyService, receiver: Receiver) -> None:
    assert refusal(subscribe, service, receiver, grid_prefix="360704100002999") == "unknown_grid"
    assert refusal(subscribe, service, receiver, categories=["7777"]) == "unknown_category"
    service.names_kept.learn("360704100002999", "测试网格", 1)
    assert subscribe(service, receiver, grid_prefix="3607041000029", categories=["01"])["state"] == "pending"


def test_partners_may_ask_for_categories_that_their_district_added(service: NotifyService, receiver: Receiver) -> None:
    service.names_kept.learn("360704100002999", "测试网格", 1)
    place: dict[str, Any] = {"grid_prefix": "3607041000029", "categories": ["0199"]}
    assert refusal(subscribe, service, receiver, **place) == "unknown_category"
    told: dict[str, Any] = {
        "area": "360704",
        "number": 1,
        "valid_from": "2026-04-01",
        "categories": [{"code": "0199", "zh": "充电桩损坏", "en": "Charging post"}],
    }
    service.learn_categories(event("policy.entered", **told))
    assert refusal(subscribe, service, receiver, **{**place, "categories": ["0198"]}) == "unknown_category"
    assert subscribe(service, receiver, **place)["state"] == "pending"


def test_an_address_inside_is_refused_at_once(service: NotifyService, receiver: Receiver) -> None:
    with pytest.raises(Refusal) as refused:
        subscribe(service, receiver, url="https://169.254.169.254/hook")
    assert refused.value.code == "url_refused"
    assert refused.value.details["reason"] == "address_refused"
    assert refused.value.details["errors"][0]["pointer"] == "/url"
    assert service.subscriptions(PARTNER)["items"] == []


@pytest.mark.parametrize(
    "role",
    [
        "resident",
        "rider",
        "grid_worker",
        "community_worker",
        "dispatcher",
        "inspector",
        "in_service_member",
        "volunteer",
        "union_leader",
        "union_cadre",
        "party_office",
        "auditor",
    ],
)
def test_only_partners_and_the_district_subscribe(service: NotifyService, receiver: Receiver, role: str) -> None:
    who = caller("p-1", role)
    made = subscribe(service, receiver)["subscription_id"]
    assert refusal(subscribe, service, receiver, caller=who) == "not_permitted"
    assert refusal(service.subscriptions, who) == "not_permitted"
    assert refusal(service.subscription, who, made) == "not_permitted"
    assert refusal(service.deliveries, who, made) == "not_permitted"
    assert refusal(service.pause_subscription, who, "x", made) == "not_permitted"
    assert refusal(service.replay_delivery, who, "x", made, "d") == "not_permitted"


def test_nobody_subscribes_beyond_the_own_scope(service: NotifyService, receiver: Receiver) -> None:
    assert refusal(subscribe, service, receiver, grid_prefix="360704") == "out_of_scope"
    assert refusal(subscribe, service, receiver, grid_prefix="360704100007") == "out_of_scope"
    service.names_kept.learn("360704100002001", "测试网格", 1)
    assert subscribe(service, receiver, grid_prefix="360704100002001")["state"] == "pending"


def test_a_subscription_of_somebody_else_is_not_to_be_found(service: NotifyService, receiver: Receiver) -> None:
    made = subscribe(service, receiver)["subscription_id"]
    for call in (service.subscription, service.deliveries):
        assert refusal(call, OTHER, made) == "subscription_not_found"
    assert refusal(service.remove_subscription, OTHER, "x", made) == "subscription_not_found"
    assert service.subscriptions(OTHER)["items"] == []


def test_a_colleague_of_the_unit_and_the_district_see_it(service: NotifyService, receiver: Receiver) -> None:
    made = subscribe(service, receiver)["subscription_id"]
    colleague = caller("p-colleague", "unit_contact", "360704100002", unit="u-lighting")
    for who in (PARTNER, colleague, ADMIN):
        assert [each["subscription_id"] for each in service.subscriptions(who)["items"]] == [made]
        assert service.subscription(who, made)["subscription_id"] == made
    elsewhere = caller("p-admin", "district_admin", "360705")
    assert service.subscriptions(elsewhere)["items"] == []


def test_a_move_that_the_table_does_not_name_is_refused(service: NotifyService, receiver: Receiver) -> None:
    made = subscribe(service, receiver)["subscription_id"]
    assert refusal(service.pause_subscription, PARTNER, "c2", made) == "subscription_state"


def test_a_repeated_command_gets_its_first_answer(service: NotifyService, receiver: Receiver) -> None:
    made = subscribe(service, receiver)["subscription_id"]
    first = service.remove_subscription(PARTNER, "c2", made)
    assert (first["state"], first["version"]) == ("removed", 2)
    assert service.remove_subscription(PARTNER, "c2", made) == first
    assert refusal(service.remove_subscription, OTHER, "c2", made) == "subscription_not_found"
    assert refusal(service.remove_subscription, PARTNER, "c3", made) == "subscription_not_found"


def test_a_unit_asks_for_its_own_cases_and_nobody_elses(
    service: NotifyService, members: MembersStandIn, receiver: Receiver, store: NotifyStores
) -> None:
    members.holding.append(ADMIN)
    made = subscribe(service, receiver, categories=["01", "0303"], participant_id="u-lighting")["subscription_id"]
    shown = service.subscription(PARTNER, made)
    assert (shown["way"], shown["categories"], shown["participant_id"]) == ("webhook", ["01", "0303"], "u-lighting")
    with pytest.raises(Refusal) as refused:
        subscribe(service, receiver, command="c2", participant_id="u-other")
    assert (refused.value.code, refused.value.details) == ("out_of_scope", {"unit_id": "u-other"})
    assert refusal(subscribe, service, receiver, "c3", caller=ADMIN, participant_id="u-other") == "unknown_unit"
    store.names.learn("u-other", "测试单位", 1)
    assert subscribe(service, receiver, "c4", caller=ADMIN, participant_id="u-other")["state"] == "pending"


def test_what_was_subscribed_to_before_there_were_other_ways_is_a_webhook(
    service: NotifyService, receiver: Receiver, database: Database[dict[str, Any]]
) -> None:
    made = subscribe(service, receiver)["subscription_id"]
    newer = ("way", "categories", "participant", "retiring_at", "secret_version", "test_asked_at")
    database["subscriptions"].update_one({"_id": made}, {"$unset": dict.fromkeys(newer, "")})
    shown = service.subscription(PARTNER, made)
    assert (shown["way"], shown["categories"], shown["participant_id"]) == ("webhook", [], None)
    assert subscribe(service, receiver)["secret"].startswith("whsec_")
