"""The log of messages on a real store: what offices find in it, and what is sent once more, each once."""

from typing import Any

import pytest
from pymongo.database import Database

from chassis.errors import Refusal
from notify.channels.port import Unavailable, Undeliverable
from notify.messages import log_desk
from notify.messages.ladder import LADDER
from notify.service import NotifyService
from tests.component.notify.samples import GRID, MembersStandIn, caller, event, person
from tests.component.notify.test_messages import Provider
from tests.component.set_clock import SetClock

Stored = Database[dict[str, Any]]
DESK = caller("p-desk", "dispatcher", GRID[:9])
ADMIN = caller("p-admin", "district_admin")
ELSEWHERE = caller("p-else", "dispatcher", "360704101")


@pytest.fixture
def sms(service: NotifyService, members: MembersStandIn) -> Provider:
    """The only way out."""
    members.people["p-grid"] = person("p-grid", "12000000005", channels=["sms"])
    provider = Provider("aliyun")
    service.channels = (provider,)
    return provider


def tell(service: NotifyService, case: str = "c-1", type: str = "case.registered", **more: Any) -> None:
    service.tell(event(type, case=case, **more))
    service.send_outside()


def fail(service: NotifyService, sms: Provider, *cases: str, **more: Any) -> None:
    """Let what these cases tell fail for good, and the provider come back; who calls by hand has the inbox alone."""
    staff, sms.error = service.members.staff, Undeliverable("no_such_number")
    kept, staff["grid_workers"] = staff["grid_workers"], ["p-nowhere"]
    for case in cases:
        tell(service, case, **more)
    sms.error, staff["grid_workers"] = None, kept


def found(service: NotifyService, who: dict[str, Any] = DESK, **wanted: Any) -> list[str]:
    """The cases and people of the messages that are found."""
    return [f"{each['case_id']} {each['person_id']}" for each in service.messages(who, **wanted)["items"]]


def code(refused: pytest.ExceptionInfo[Refusal]) -> str:
    return refused.value.code


def test_each_try_is_shown_with_its_outcome_and_what_the_provider_said(
    service: NotifyService, sms: Provider, clock: SetClock
) -> None:
    sms.error = Unavailable("isv.BUSINESS_LIMIT_CONTROL")
    tell(service)
    sms.error = None
    clock.wait(minutes=1)
    service.send_outside()
    [message] = service.messages(DESK)["items"]
    assert (message["state"], message["channel"], message["template"]) == ("sent", "sms", "registered")
    assert [(each["provider"], each["outcome"], each["answer"]) for each in message["attempts"]] == [
        ("aliyun", "failed", "isv.BUSINESS_LIMIT_CONTROL"),
        ("aliyun", "sent", "aliyun-1"),
    ]
    assert [each["at"] for each in message["attempts"]] == ["2026-03-12T11:40:00Z", "2026-03-12T11:41:00Z"]
    assert service.message(DESK, message["message_id"]) == message


def test_what_was_sent_to_a_person_under_former_ids_is_found_and_sent_once_more(
    service: NotifyService, sms: Provider, members: MembersStandIn, clock: SetClock
) -> None:
    """Of one who had two entries, both ids find everything; nothing of somebody else's."""
    members.people["p-old"] = person("p-old", "12000000006", channels=["sms"])
    members.people["p-new"] = person("p-new", "12000000007", channels=["sms"])
    fail(service, sms, "c-1", reporter_id="p-old")
    clock.wait(seconds=1)
    fail(service, sms, "c-2", reporter_id="p-new")
    clock.wait(seconds=1)
    fail(service, sms, "c-3")
    assert found(service, person_id="p-new") == ["c-2 p-new"]
    members.former = {each: ["p-new", "p-old"] for each in ("p-new", "p-old")}
    for id in members.former:
        assert found(service, person_id=id) == ["c-2 p-new", "c-1 p-old"]
        assert found(service, person_id=id, case_id="c-1") == ["c-1 p-old"]
    assert service.resend_failed(DESK, "again", person_id="p-new")["messages"] == 2
    assert len(found(service)) == 3


def test_nobody_is_named_or_can_be_reached_by_what_is_shown(service: NotifyService, sms: Provider) -> None:
    tell(service)
    shown = str(service.messages(DESK))
    for personal in ("12000000001", "测", "路灯"):
        assert personal not in shown


def test_messages_are_found_by_what_they_are(service: NotifyService, sms: Provider, clock: SetClock) -> None:
    tell(service, "c-1")
    fail(service, sms, "c-2")
    clock.wait(hours=1)
    tell(service, "c-3", "case.verification_asked")
    every = ["c-3 p-grid", "c-2 p-xie", "c-1 p-xie"]
    assert found(service) == every
    looked_for: tuple[tuple[dict[str, Any], list[str]], ...] = (
        ({"person_id": "p-grid"}, every[:1]),
        ({"case_id": "c-2"}, every[1:2]),
        ({"state": "sent"}, [every[0], every[2]]),
        ({"state": "failed"}, every[1:2]),
        ({"template": "verify_please"}, every[:1]),
        ({"channel": "sms"}, every),
        ({"channel": "email"}, []),
        ({"since": "2026-03-12T12:40:00Z"}, every[:1]),
        ({"until": "2026-03-12T12:40:00Z"}, every[1:]),
        ({"since": "2026-03-12T11:00:00Z", "until": "2026-03-12T12:00:00Z", "state": "sent"}, every[2:]),
        ({"person_id": "p-xie", "case_id": "c-3"}, []),
    )
    for wanted, expected in looked_for:
        assert found(service, **wanted) == expected, wanted


def test_a_list_is_read_page_by_page_within_its_period(service: NotifyService, sms: Provider) -> None:
    for number in range(5):
        tell(service, f"c-{number}")  # all at the same instant
    every, after = [], None
    while True:
        page = service.messages(DESK, limit=2, after=after, until="2026-03-12T12:00:00Z")
        every += [each["message_id"] for each in page["items"]]
        if (after := page["next"]) is None:
            break
    assert every == [each["message_id"] for each in service.messages(DESK, limit=100)["items"]]
    assert len(set(every)) == 5


@pytest.mark.parametrize(
    "wanted",
    [
        {"state": "lost"},
        {"channel": "fax"},
        {"template": "weather"},
        {"since": "yesterday"},
        {"since": "2026-03-12T12:00:00Z", "until": "2026-03-12T12:00:00Z"},
        {"limit": 101},
        {"grid": "x"},
    ],
)
def test_what_cannot_be_looked_for_is_refused(service: NotifyService, wanted: dict[str, Any]) -> None:
    with pytest.raises(Refusal) as refused:
        service.messages(DESK, **wanted)
    assert code(refused) == "invalid"


def test_only_offices_see_messages_and_only_those_of_their_scope(service: NotifyService, sms: Provider) -> None:
    tell(service)
    [id] = [each["message_id"] for each in service.messages(DESK)["items"]]
    assert found(service, ADMIN) == ["c-1 p-xie"]
    assert found(service, ELSEWHERE) == []
    for ask in (service.message, lambda who, id: service.resend_message(who, "k", id)):
        with pytest.raises(Refusal) as refused:
            ask(ELSEWHERE, id)
        assert code(refused) == "message_not_found"
    for role in ("resident", "grid_worker", "inspector", "auditor", "party_office"):
        for act in (service.messages, lambda who: service.resend_failed(who, "k")):
            with pytest.raises(Refusal) as refused:
                act(caller("p-x", role))
            assert code(refused) == "not_permitted"


@pytest.mark.parametrize("hidden", [{"restricted": True}, {"category": None}])
def test_whom_a_sensitive_case_concerns_a_dispatcher_alone_sees(
    service: NotifyService, sms: Provider, hidden: dict[str, Any]
) -> None:
    """§5: an administrator is shown an outline of it, and so nobody of it."""
    tell(service, "c-1", **hidden)
    tell(service, "c-2")
    assert found(service, ADMIN) == ["c-2 p-xie"]
    assert found(service, DESK) == ["c-2 p-xie", "c-1 p-xie"]
    both = {**ADMIN, "grants": [*ADMIN["grants"], *DESK["grants"]]}
    assert found(service, both) == ["c-2 p-xie", "c-1 p-xie"]


def test_the_unit_that_a_case_complains_of_sees_nothing_of_it(service: NotifyService, sms: Provider) -> None:
    tell(service, complained_unit_id="u-estate")
    assert found(service, {**DESK, "unit": "u-estate"}) == []
    assert found(service, {**DESK, "unit": "u-other"}) == ["c-1 p-xie"]


def test_what_is_about_no_grid_is_of_the_district_of_its_person(service: NotifyService, sms: Provider) -> None:
    place = {"activity_id": "a-1", "person_id": "p-xie", "title": "大扫除", "begins": "2026-03-13T01:00:00Z"}
    called_off: dict[str, Any] = {**place, "ends": "2026-03-13T03:00:00Z"}
    service.tell_of_signups(event("signup.called_off", **called_off))
    service.send_outside()
    assert found(service, ADMIN, template="activity_called_off") == ["None p-xie"]
    assert found(service, caller("p-a", "district_admin", "360703")) == []


def test_what_has_failed_is_sent_once_more_and_once(service: NotifyService, sms: Provider, clock: SetClock) -> None:
    fail(service, sms, "c-1")
    [failed] = service.messages(DESK, state="failed")["items"]
    clock.wait(seconds=1)
    for _ in range(3):
        again = service.resend_message(DESK, "k", failed["message_id"])
        assert (again["state"], again["resent_at"]) == ("due", "2026-03-12T11:40:01Z")
    service.send_outside()
    service.resend_message(DESK, "k", failed["message_id"])
    service.send_outside()
    assert len(sms.took) == 1
    assert [each["outcome"] for each in service.message(DESK, failed["message_id"])["attempts"]] == ["refused", "sent"]


def test_who_asks_again_by_the_same_command_sends_nothing_that_failed_since(
    service: NotifyService, sms: Provider, clock: SetClock
) -> None:
    fail(service, sms, "c-1")
    [failed] = service.messages(DESK)["items"]
    clock.wait(seconds=1)
    sms.error = Undeliverable("no_such_number")
    for key in ("k", "l"):
        service.resend_message(DESK, key, failed["message_id"])
        service.send_outside()
    assert service.resend_message(DESK, "k", failed["message_id"])["state"] == "failed"
    assert len(service.message(DESK, failed["message_id"])["attempts"]) == 3


def test_only_what_has_failed_for_good_is_sent_once_more(
    service: NotifyService, sms: Provider, clock: SetClock
) -> None:
    service.choose(caller("p-xie"), quiet=None)  # the ladder ends after 22:00
    tell(service, "c-1")
    sms.error = Unavailable("timeout")
    tell(service, "c-2")
    for each in service.messages(DESK)["items"]:
        with pytest.raises(Refusal) as refused:
            service.resend_message(DESK, "k", each["message_id"])
        assert (code(refused), refused.value.details) == ("message_not_failed", {"state": each["state"]})
    for wait in LADDER:
        clock.wait(seconds=wait.total_seconds())
        service.send_outside()
    assert found(service, state="failed") == ["c-2 p-xie"]


def test_the_ladder_begins_anew(service: NotifyService, sms: Provider, clock: SetClock) -> None:
    fail(service, sms, "c-1")
    [failed] = service.messages(DESK)["items"]
    clock.wait(seconds=1)
    sms.error = Unavailable("timeout")
    service.resend_message(DESK, "k", failed["message_id"])
    service.send_outside()
    shown = service.message(DESK, failed["message_id"])
    assert (shown["state"], shown["why"], shown["due_at"]) == ("due", "unavailable", "2026-03-12T11:41:01Z")


def test_what_the_person_has_chosen_since_holds(service: NotifyService, sms: Provider, clock: SetClock) -> None:
    sms.error = Undeliverable("no_such_number")
    tell(service, type="case.verification_asked")
    sms.error = None
    [failed] = service.messages(DESK)["items"]
    service.choose(caller("p-grid"), declined={"task": ["sms"]})
    clock.wait(seconds=1)
    service.resend_message(DESK, "k", failed["message_id"])
    service.send_outside()
    shown = service.message(DESK, failed["message_id"])
    assert (shown["state"], shown["why"]) == ("skipped", "no_way")
    assert sms.took == []


def test_many_are_sent_once_more_up_to_a_bound_and_how_far_it_has_come_is_seen(
    service: NotifyService, sms: Provider, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_desk, "MOST_AT_ONCE", 3)
    for number in range(5):
        fail(service, sms, f"c-{number}")
        clock.wait(seconds=1)
    tell(service, "c-sent")
    first = service.resend_failed(DESK, "k", template="registered")
    assert (first["messages"], first["left"], first["done"]) == (3, True, False)
    assert first["states"] == {"due": 3, "sent": 0, "skipped": 0, "failed": 0}
    assert service.resend_failed(DESK, "k", template="registered") == first
    service.send_outside()
    after = service.resending(DESK, first["resending_id"])
    assert (after["states"]["sent"], after["done"]) == (3, True)
    assert [parcel.about["case_id"] for parcel in sms.took] == ["c-sent", "c-0", "c-1", "c-2"]
    assert service.resend_failed(DESK, "k", template="registered") == after
    rest = service.resend_failed(DESK, "l")
    assert (rest["messages"], rest["left"]) == (2, False)
    service.send_outside()
    assert len(sms.took) == 6


def test_a_repetition_sends_neither_what_failed_again_nor_what_failed_since(
    service: NotifyService, sms: Provider, clock: SetClock
) -> None:
    fail(service, sms, "c-1")
    clock.wait(seconds=1)
    service.resend_failed(DESK, "k")
    sms.error = Undeliverable("no_such_number")
    service.send_outside()
    fail(service, sms, "c-2")
    clock.wait(seconds=1)
    again = service.resend_failed(DESK, "k")
    assert (again["messages"], again["states"]["failed"]) == (1, 1)
    service.send_outside()
    assert sms.took == []


def test_what_was_cut_short_goes_on_with_the_same_messages(
    service: NotifyService, sms: Provider, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def killed(*_: Any) -> int:
        raise Killed

    fail(service, sms, "c-1")
    clock.wait(seconds=1)
    with monkeypatch.context() as broken:
        broken.setattr(service.message_log, "resend", killed)
        with pytest.raises(Killed):
            service.resend_failed(DESK, "k")
    fail(service, sms, "c-2")
    assert service.resend_failed(DESK, "k")["states"]["due"] == 1
    service.send_outside()
    assert [parcel.about["case_id"] for parcel in sms.took] == ["c-1"]


def test_a_command_asks_for_one_thing_and_is_its_callers(service: NotifyService) -> None:
    mine = service.resend_failed(DESK, "k", case_id="c-1")
    assert (mine["messages"], mine["done"]) == (0, True)
    with pytest.raises(Refusal) as refused:
        service.resend_failed(DESK, "k", case_id="c-2")
    assert code(refused) == "command_id_reused"
    assert service.resend_failed(ADMIN, "k", case_id="c-2")["resending_id"] != mine["resending_id"]
    for id in (mine["resending_id"], "none"):
        with pytest.raises(Refusal) as refused:
            service.resending(ADMIN, id)
        assert code(refused) == "resending_not_found"


def test_nothing_beyond_the_scope_is_sent_once_more(service: NotifyService, sms: Provider) -> None:
    fail(service, sms, "c-1", restricted=True)
    for who in (ELSEWHERE, ADMIN):
        assert service.resend_failed(who, "k")["messages"] == 0
    assert service.resend_failed(DESK, "k")["messages"] == 1
