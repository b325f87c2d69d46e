"""Messages: to whom, by which ways and in which order, and what a round of tries comes to."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from notify.channels.port import Parcel
from notify.messages.contact import Contact, meant, ways
from notify.messages.ladder import LADDER
from notify.messages.message import Attempt, Message, Outcome, Ruling, State, message, message_id, ruling
from notify.messages.moot import ASKING
from notify.messages.schemas import contact as read
from notify.notices.notice import Notice
from notify.wording.wording import templates

GRID = "360704100002001"
NOW = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)
NOTICE = Notice("e1:u-1:assigned", "u-1", "assigned", False, "e1", NOW, "c-1", "n", "360704", {}, True, None)


@dataclass
class Provider:
    """A channel of which only its place matters here."""

    name: str
    kind: str
    address: str

    def send(self, parcel: Parcel) -> str:
        return parcel.key


SMS1, SMS2 = Provider("sms-1", "sms", "phone"), Provider("sms-2", "sms", "phone")
BARK, WECOM, MAIL = (
    Provider("bark", "app", "bark"),
    Provider("wecom", "wechat", "wecom"),
    Provider("mail", "email", "email"),
)
EVERY = (SMS1, SMS2, MAIL, WECOM, BARK)
ADDRESSES = {"phone": "12000000001", "bark": "key", "wecom": "id", "email": "x@example.org"}


def contact(
    id: str = "p-1", unit: str | None = None, channels: tuple[str, ...] = ("app", "wechat", "email", "sms"), **more: str
) -> Contact:
    return Contact(id, unit, "zh-CN", channels, more or ADDRESSES, None, (id,))


def tried(*outcomes: Outcome) -> list[Attempt]:
    return [Attempt(NOW, "sms", f"sms-{n}", outcome, "") for n, outcome in enumerate(outcomes, 1)]


def names(found: Contact, *, mandatory: bool = False, shut: tuple[str, ...] = ()) -> list[str]:
    return [way.channel.name for way in ways(found, EVERY, mandatory=mandatory, shut=shut)]


LATER = NOW + timedelta(seconds=1)


def test_what_had_refused_an_address_is_tried_again_once_it_is_sent_once_more() -> None:
    made = message(NOTICE, "p-1", None, NOW)
    before, after = (
        Attempt(NOW, "sms", "sms-1", Outcome.REFUSED, ""),
        Attempt(LATER, "sms", "sms-2", Outcome.REFUSED, ""),
    )
    assert replace(made, attempts=(before, after)).shut == {"sms-1", "sms-2"}
    assert replace(made, attempts=(before, after), resent_at=NOW).shut == {"sms-2"}


@pytest.mark.parametrize(
    ("case_id", "facts", "sensitive"),
    [
        ("c-1", {"category": "0101", "restricted": False}, False),
        ("c-1", {"category": "0601", "restricted": True}, True),
        ("c-1", {"restricted": False}, True),
        ("c-1", {"category": "0101"}, True),
        (None, {}, False),
    ],
)
def test_what_is_not_known_to_be_ordinary_is_sensitive(
    case_id: str | None, facts: dict[str, object], sensitive: bool
) -> None:
    notice = replace(NOTICE, case_id=case_id, facts=facts)
    assert message(notice, "p-1", None, NOW).sensitive is sensitive


def test_a_message_is_about_its_grid_or_else_of_the_district_of_its_person() -> None:
    in_grid = message(replace(NOTICE, grid_code="360704100002001"), "p-1", "360703", NOW)
    assert (in_grid.place, in_grid.district) == ("360704100002001", "360704")
    elsewhere = message(replace(NOTICE, grid_code=None), "p-1", "360703", NOW)
    assert (elsewhere.place, elsewhere.district) == ("360703", "360703")


def test_a_notice_is_for_the_person_or_for_the_contacts_of_the_unit() -> None:
    around = [speaker("p-1", "u-1"), contact("p-2"), contact("u-1"), speaker("p-3", "u-2")]
    assert [each.id for each in meant(NOTICE, around)] == ["p-1", "u-1"]


def speaker(id: str, unit: str, *scopes: str) -> Contact:
    return replace(contact(id, unit), scopes=scopes or ("360704",))


def test_a_notice_for_a_unit_is_for_those_who_speak_for_it_where_it_lies() -> None:
    whole, part, two = speaker("p-1", "u-1"), speaker("p-2", "u-1", GRID[:12]), speaker("p-3", "u-1", "360703", GRID)
    around = [whole, part, two]

    def told(grid: str | None, case: str | None = "c-1") -> list[str]:
        return [each.id for each in meant(replace(NOTICE, grid_code=grid, case_id=case), around)]

    assert told(GRID) == ["p-1", "p-2", "p-3"]
    assert told("360704100002002") == ["p-1", "p-2"]
    assert told("360704100003001") == ["p-1"]
    assert told("360703100001001") == ["p-3"]
    assert told(None) == []
    assert told(None, None) == ["p-1", "p-2", "p-3"]


def test_a_members_that_does_not_say_where_its_contacts_speak_is_taken_as_before() -> None:
    told = {"id": "p-1", "unit_id": "u-1", "language": "en", "channels": []}
    assert meant(NOTICE, [read(told)])
    assert not meant(NOTICE, [read({**told, "scopes": ["360703"]})])


def test_the_ways_come_in_the_order_of_their_kinds_and_providers_of_a_kind_in_the_order_given() -> None:
    assert names(contact()) == ["bark", "wecom", "mail", "sms-1", "sms-2"]


def test_a_way_needs_its_own_address() -> None:
    assert names(contact(phone="12000000001")) == ["sms-1", "sms-2"]
    assert [way.to for way in ways(contact(), (MAIL,), mandatory=False)] == ["x@example.org"]


def test_declined_kinds_are_left_out_unless_the_message_is_mandatory() -> None:
    assert names(contact(channels=("email",))) == ["mail"]
    assert names(contact(channels=()), mandatory=True) == ["bark", "wecom", "mail", "sms-1", "sms-2"]


def test_a_channel_that_refused_the_address_is_not_tried_again() -> None:
    assert names(contact(), shut=("bark", "sms-1")) == ["wecom", "mail", "sms-2"]
    tries = tuple(tried(Outcome.REFUSED, Outcome.FAILED, Outcome.SENT))
    made = message(NOTICE, "p-1", None, NOW)
    assert Message(**{**vars(made), "attempts": tries}).shut == {"sms-1"}


def test_one_that_took_it_is_enough() -> None:
    assert ruling(0, 3, tried(Outcome.FAILED, Outcome.SENT), NOW) == Ruling(State.SENT)


@pytest.mark.parametrize("tries", range(len(LADDER)))
def test_the_ladder_says_when_all_ways_are_tried_again(tries: int) -> None:
    assert ruling(tries, 2, tried(Outcome.FAILED, Outcome.REFUSED), NOW) == Ruling(
        State.DUE, NOW + LADDER[tries], "unavailable"
    )


def test_after_the_ladder_it_has_failed_for_good() -> None:
    assert ruling(len(LADDER), 1, tried(Outcome.FAILED), NOW) == Ruling(State.FAILED, why="used_up")


def test_refused_on_every_way_it_has_failed_at_once() -> None:
    assert ruling(0, 2, tried(Outcome.REFUSED, Outcome.REFUSED), NOW) == Ruling(State.FAILED, why="refused")
    assert LADDER[0] == timedelta(minutes=1)


def test_a_message_is_known_by_its_notice_and_the_person() -> None:
    made = message(NOTICE, "p-1", None, NOW)
    assert made.id == message_id(NOTICE.id, "p-1")
    assert made.id != message(NOTICE, "p-2", None, NOW).id
    assert (made.state, made.due_at, made.lane) == (State.DUE, NOW, "prompt")


def test_what_may_be_moot_is_a_template() -> None:
    assert templates() >= ASKING
