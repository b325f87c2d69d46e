"""Whose sign-in has changed is told in the inbox and outside, whatever they chose; a former phone is told by itself."""

from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from notify.channels.port import Unavailable
from notify.service import NotifyService
from tests.component.notify.samples import MembersStandIn, caller, event, person
from tests.component.notify.test_messages import Provider

Stored = Database[dict[str, Any]]

AT = "2026-03-12T11:46:00Z"


@pytest.fixture
def sms(service: NotifyService) -> Provider:
    provider = Provider("sms")
    service.channels = (provider,)
    return provider


def change(service: NotifyService, code: str = "password", by: str = "p-xie") -> None:
    service.tell_of_sign_in(event("person.sign_in_changed", person_id="p-xie", change=code, by={"id": by, "role": ""}))
    service.send_outside()


def test_its_owner_reads_it_in_the_inbox_and_outside(
    service: NotifyService, members: MembersStandIn, sms: Provider
) -> None:
    members.people["p-xie"] = person("p-xie", "12000000001", language="en")
    change(service, "login_reset", by="p-desk")
    [notice] = service.inbox(caller("p-xie"))["items"]
    assert (notice["template"], notice["mandatory"], notice["case_id"]) == ("sign_in_changed", True, None)
    assert ("登录被重置" in notice["texts"]["zh-CN"]["title"], "login was reset" in sms.took[0].title) == (True, True)
    assert [(each.to, each.unsubscribe) for each in sms.took] == [("12000000001", None)]
    assert service.inbox(caller("p-desk"))["items"] == []


def test_the_same_event_twice_tells_once(service: NotifyService, sms: Provider) -> None:
    for _ in range(2):
        told = event("person.sign_in_changed", id="e-1", person_id="p-xie", change="phone")
        service.tell_of_sign_in(told)
        service.send_outside()
    assert len(sms.took) == service.inbox(caller("p-xie"))["unread"] == 1


def test_nobody_declines_or_gathers_it(service: NotifyService, members: MembersStandIn, sms: Provider) -> None:
    for body in ({"declined": {"sign_in": ["sms"]}}, {"gathered": ["sign_in"]}):
        with pytest.raises(Refusal) as refused:
            service.choose(caller("p-xie"), **body)
        assert (refused.value.code, refused.value.details) == ("mandatory_kind", {"kind": "sign_in"})
    assert {"kind": "sign_in", "mandatory": True} in service.preferences(caller("p-xie"))["kinds"]
    members.people["p-xie"] = person("p-xie", "12000000001", channels=[])
    change(service)
    assert [each.template for each in sms.took] == ["sign_in_changed"]


def test_it_waits_for_no_end_of_quiet_hours(service: NotifyService, members: MembersStandIn, sms: Provider) -> None:
    service.choose(caller("p-xie"), quiet={"begins": "00:00", "ends": "23:59"}, zone="Asia/Shanghai")
    change(service)
    assert [each.template for each in sms.took] == ["sign_in_changed"]


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "改用另一手机号"), ("en", "go to another number")])
def test_a_former_phone_is_told_and_nothing_is_kept_of_it(
    service: NotifyService, sms: Provider, database: Stored, language: str, words: str
) -> None:
    service.channels = (Provider("down", Unavailable("timeout")), sms)
    assert service.send_phone_changed("12000000001", AT, language) == {"sent": True}
    [parcel] = sms.took
    assert (parcel.to, parcel.template, parcel.language) == ("12000000001", "phone_changed", language)
    assert words in parcel.body
    assert "2026-03-12 19:46" in parcel.body
    assert all(database[name].count_documents({}) == 0 for name in database.list_collection_names())


@pytest.mark.parametrize(
    ("phone", "at", "language"),
    [("1200000000", AT, "en"), ("12000000001\n", AT, "en"), ("12000000001", "soon", "en"), ("12000000001", AT, "fr")],
)
def test_a_former_phone_that_does_not_fit_is_refused(
    service: NotifyService, sms: Provider, phone: str, at: str, language: str
) -> None:
    with pytest.raises(Refusal) as refused:
        service.send_phone_changed(phone, at, language)
    assert (refused.value.code, sms.took) == ("invalid", [])


def test_without_a_channel_no_former_phone_is_told(service: NotifyService) -> None:
    service.channels = ()
    with pytest.raises(Refusal) as refused:
        service.send_phone_changed("12000000001", AT, "en")
    assert refused.value.code == "no_channel"
