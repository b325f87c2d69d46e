"""What makes access tokens void before their time: it is found where it is kept, and told to the gateways once."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from members.endings import desk, telling
from members.endings.telling import Teller
from members.service import MembersService
from tests.component.members.entrants import signed_in
from tests.component.members.small_district import ADMIN, SELF
from tests.component.members.staging import NOW, Messenger
from tests.component.set_clock import SetClock
from tests.component.wire import Wire

pytestmark = pytest.mark.usefixtures("district_of_xie")

PARTY = {"id": "p-party", "grants": [{"role": "party_office", "scope": "360704"}], "unit": None}
HELD = {"person_id": "p-near", "role": "in_service_member", "scope": "360704"}

Found = set[tuple[str, int | None]]


@pytest.fixture
def present() -> SetClock:
    """What is written bears real time, so that is when this plays; when that is does not matter."""
    return SetClock(datetime.now(UTC))


def ended(service: MembersService, within: int = 60) -> Found:
    """What a gateway is told that asks."""
    found: list[Mapping[str, Any]] = []
    after = ""
    while after is not None:
        page = service.endings(within=within, after=after)
        found += page["items"]
        after = page["next"]
    assert len({each["id"] for each in found}) == len(found)
    return {(each["id"], each["narrowed"]) for each in found}


def endings(wire: Wire) -> list[tuple[str, int | None]]:
    return [(each["id"], each["narrowed"]) for each in wire.told("endings")]


@pytest.fixture
def wire(service: MembersService) -> Wire:
    made = Wire()
    service.ending_teller = Teller(made.send)
    return made


def test_who_signs_out_ends_one_session_and_nobody_elses(service: MembersService, messenger: Messenger) -> None:
    first = signed_in(service, messenger)
    assert ended(service) == set()
    service.sign_out(caller=first["caller"], session_id=first["session_id"])
    assert ended(service) == {(first["session_id"], None)}


def test_all_but_the_session_that_asks_end_together(
    service: MembersService, messenger: Messenger, present: SetClock
) -> None:
    others = []
    for _ in range(2):
        others.append(signed_in(service, messenger)["session_id"])
        present.wait(minutes=2)
    here = signed_in(service, messenger)
    service.end_other_sessions(caller=here["caller"], session_id=here["session_id"])
    assert ended(service) == {(id, None) for id in others}


def test_a_refresh_token_that_comes_back_ends_the_session(
    service: MembersService, messenger: Messenger, present: SetClock
) -> None:
    first = signed_in(service, messenger)
    service.refresh(refresh_token=first["refresh_token"])
    present.wait(minutes=1)
    with pytest.raises(Exception, match="token_reused"):
        service.refresh(refresh_token=first["refresh_token"])
    assert ended(service) == {(first["session_id"], None)}


def leave(service: MembersService) -> None:
    service.record_leaving(caller=ADMIN, command_id="k", person_id="p-xie")


def delete(service: MembersService) -> None:
    service.delete_person(caller=ADMIN, command_id="k", person_id="p-xie")


def merge(service: MembersService) -> None:
    service.merge_people(caller=PARTY, command_id="k", person_id="p-xie", into="p-near")


@pytest.mark.parametrize("go", [leave, delete, merge], ids=["leaves", "is deleted", "is merged"])
def test_who_goes_leaves_neither_a_session_nor_a_token_that_is_good(
    service: MembersService, messenger: Messenger, go: Callable[[MembersService], None]
) -> None:
    """Also what was given out between the end of the sessions and that of the person is outdated."""
    first = signed_in(service, messenger)
    assert first["narrowed"] == 0
    go(service)
    assert ended(service) == {(first["session_id"], None), ("p-xie", 1)}


def test_who_leaves_while_signing_in_gets_no_token(
    service: MembersService, messenger: Messenger, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = service.accounts.open_session

    def meanwhile(session: Any) -> None:
        leave(service)
        opened(session)

    monkeypatch.setattr(service.accounts, "open_session", meanwhile)
    with pytest.raises(Exception, match="session_ended"):
        signed_in(service, messenger)


def test_a_phone_that_is_released_ends_the_sessions(service: MembersService, messenger: Messenger) -> None:
    first = signed_in(service, messenger)
    service.release_phone(caller=ADMIN, command_id="k", person_id="p-xie", reason="号码已转给他人")
    assert ended(service) == {(first["session_id"], None)}


def test_each_role_that_is_taken_counts_and_one_that_is_given_does_not(service: MembersService) -> None:
    service.revoke_role(caller=PARTY, command_id="k", **HELD)
    assert ended(service) == {("p-near", 1)}
    service.grant_role(caller=PARTY, command_id="l", **HELD)
    assert ended(service) == {("p-near", 1)}
    service.revoke_role(caller=PARTY, command_id="m", **HELD)
    assert ended(service) == {("p-near", 2)}


def test_a_role_that_ends_by_itself_counts_when_it_does(service: MembersService, clock: SetClock) -> None:
    until = (NOW + timedelta(days=1)).isoformat()
    service.revoke_role(caller=PARTY, command_id="k", **HELD, until=until)
    service.turn_roles()
    assert ended(service) == set()
    clock.wait(days=1)
    service.turn_roles()
    assert ended(service) == {("p-near", 1)}


def test_a_token_says_how_often_something_was_taken(service: MembersService, messenger: Messenger) -> None:
    service.revoke_role(caller=ADMIN, command_id="k", person_id="p-xie", role="resident", scope="360704")
    opened = signed_in(service, messenger)
    assert opened["narrowed"] == 1
    service.grant_role(caller=ADMIN, command_id="l", person_id="p-xie", role="resident", scope="360704")
    service.revoke_role(caller=ADMIN, command_id="m", person_id="p-xie", role="resident", scope="360704")
    assert service.refresh(refresh_token=opened["refresh_token"])["narrowed"] == 2


def test_a_change_of_the_own_profile_takes_nothing(service: MembersService) -> None:
    service.change_profile(caller=SELF, command_id="k", skills=["law"])
    assert ended(service) == set()


def end_a_key(service: MembersService) -> str:
    made = service.open_api_key(caller=ADMIN, command_id="k", district="360704", name="市民小程序")
    assert (made["api_key_id"], None) not in ended(service)
    service.end_api_key(caller=ADMIN, command_id="e", api_key_id=made["api_key_id"])
    return str(made["api_key_id"])


def test_a_key_that_is_ended_ends_the_session_of_its_program(service: MembersService) -> None:
    id = end_a_key(service)
    assert ended(service) == {(id, None)}


def test_what_ended_longer_ago_is_not_told(service: MembersService, messenger: Messenger, present: SetClock) -> None:
    first = signed_in(service, messenger)
    service.sign_out(caller=first["caller"], session_id=first["session_id"])
    present.wait(minutes=15)
    assert ended(service, within=60) == set()
    assert ended(service, within=900) == {(first["session_id"], None)}


def end_much(service: MembersService, messenger: Messenger, present: SetClock) -> Found:
    found: Found = set()
    for _ in range(3):
        opened = signed_in(service, messenger)
        service.sign_out(caller=opened["caller"], session_id=opened["session_id"])
        found.add((opened["session_id"], None))
        present.wait(seconds=61)
    service.revoke_role(caller=PARTY, command_id="r", **HELD)
    return found | {(end_a_key(service), None), ("p-near", 1)}


@pytest.mark.parametrize("size", [1, 2, 3, 5, 1_000])
def test_much_is_told_page_by_page(
    service: MembersService,
    messenger: Messenger,
    present: SetClock,
    monkeypatch: pytest.MonkeyPatch,
    size: int,
) -> None:
    monkeypatch.setattr(desk, "PAGE", size)
    much = end_much(service, messenger, present)
    assert ended(service, within=900) == much
    assert len(service.endings(within=900)["items"]) == min(size, len(much))


@pytest.mark.parametrize(
    "asked",
    [{}, {"within": 0}, {"within": 10**8}, {"within": 60, "after": "codes/x"}, {"within": 60, "since": "x"}],
    ids=["nothing", "no time", "longer than a session lasts", "no kind of ours", "no field of ours"],
)
def test_a_question_that_cannot_be_read_is_refused(service: MembersService, asked: dict[str, Any]) -> None:
    with pytest.raises(Exception, match="invalid"):
        service.endings(**asked)


def test_the_gateways_are_told_once(service: MembersService, messenger: Messenger, wire: Wire) -> None:
    service.tell_endings()
    assert wire.sent == []
    first = signed_in(service, messenger)
    service.sign_out(caller=first["caller"], session_id=first["session_id"])
    service.revoke_role(caller=PARTY, command_id="k", **HELD)
    for _ in range(2):
        service.tell_endings()
    assert sorted(endings(wire)) == sorted([(first["session_id"], None), ("p-near", 1)])


def test_what_did_not_leave_is_told_the_next_time_and_in_several_messages(
    service: MembersService, present: SetClock, messenger: Messenger, wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AT_ONCE", 1)
    first = signed_in(service, messenger)
    service.sign_out(caller=first["caller"], session_id=first["session_id"])
    service.revoke_role(caller=PARTY, command_id="k", **HELD)
    wire.up = False
    service.tell_endings()
    wire.up = True
    service.tell_endings()
    assert [len(body["endings"]) for body in wire.sent] == [1, 1]


def test_another_process_tells_what_one_that_died_had_not(
    service: MembersService, messenger: Messenger, wire: Wire, present: SetClock
) -> None:
    first = signed_in(service, messenger)
    service.sign_out(caller=first["caller"], session_id=first["session_id"])
    present.wait(seconds=30)
    service.ending_teller = Teller(wire.send)
    service.tell_endings()
    assert endings(wire) == [(first["session_id"], None)]


def test_what_was_told_is_forgotten_when_it_is_looked_for_no_more(
    service: MembersService, messenger: Messenger, wire: Wire, present: SetClock
) -> None:
    first = signed_in(service, messenger)
    service.sign_out(caller=first["caller"], session_id=first["session_id"])
    for _ in range(4):
        service.tell_endings()
        present.wait(minutes=1)
    assert endings(wire) == [(first["session_id"], None)]
    assert service.ending_teller._told == {}


def test_nobody_and_no_reason_is_told(service: MembersService, messenger: Messenger, wire: Wire) -> None:
    leave_one = signed_in(service, messenger)
    leave(service)
    service.tell_endings()
    assert {name for body in wire.sent for each in body["endings"] for name in each} == {"id", "narrowed"}
    assert {each for each, _ in endings(wire)} == {leave_one["session_id"], "p-xie"}
