"""Takes notices out of the inbox to people: makes the messages, asks for contacts, has them sent, notes the outcome."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.clock import Clock
from chassis.ids import new_id
from notify.calls.call import asked_by
from notify.calls.schemas import answered
from notify.calls.store import CallsInHand
from notify.channels.port import Channel
from notify.events.store import EventLog
from notify.messages.contact import Contact, meant
from notify.messages.holding import LEASE, Holding
from notify.messages.message import DIGEST, Message, State, message
from notify.messages.moot import ASKING
from notify.messages.schemas import contact as contact_told
from notify.messages.sending import Lot, Result, Sending
from notify.messages.store import MessageStore
from notify.names.store import NameStore
from notify.notices.match_list_notice import BY_HAND
from notify.notices.notice import BY_HAND_ALREADY, CALL_BY_HAND, Notice, call_by_hand
from notify.notices.reached_store import ReachedStore
from notify.notices.schemas import audience, staff_of
from notify.notices.store import NoticeStore
from notify.preferences.judging import HOUR
from notify.preferences.store import PreferenceStore
from notify.real_time import real_now
from notify.templates.store import TemplateStore
from notify.wording.wording import SHANGHAI, named

BATCH = 50


@dataclass(frozen=True)
class Kept:
    """The stores that sending needs."""

    notices: NoticeStore
    messages: MessageStore
    reached: ReachedStore
    names: NameStore
    events: EventLog
    preferences: PreferenceStore
    templates: TemplateStore
    calls: CallsInHand


@dataclass(frozen=True)
class Around:
    """What sending needs besides stores: who knows contacts, the ways out, the clock, and what makes a link."""

    members: Any
    channels: Sequence[Channel]
    clock: Clock
    sending: Sending


class Messenger:
    """One round of sending; any number may run at once. A crash between sending and noting sends again.

    So does a single try that takes longer than a whole lease.
    """

    def __init__(self, kept: Kept, around: Around) -> None:
        """`members` is asked for contacts, which are not kept; without channels the inbox is all there is."""
        self._kept = kept
        self._around = around
        self._token = new_id()

    def hand_on(self, lane: str) -> None:
        """Make the messages of every notice of the lane that is due outside, and send them."""
        while notices := self._kept.notices.claim(lane, self._token, real_now(), real_now() + LEASE, BATCH):
            contacts = self._contacts({notice.recipient for notice in notices}) if self._around.channels else []
            self._send(self._made(notices, contacts), notices, contacts)
            if len(notices) < BATCH:
                return  # what has become due meanwhile has rung the bell, or is found by the next round

    def send_due(self, lane: str) -> None:
        """Send every message of the lane that waited and is due."""
        while (held := self._claim(lane)).messages:
            self._send_again(held)
            if len(held.messages) < BATCH:
                return

    def send_digests(self) -> None:
        """Send to each person in one message what was gathered for them and is due."""
        while person_id := self._kept.messages.next_person(DIGEST, self._around.clock.now(), real_now()):
            self._send_again(self._claim(DIGEST, person_id))

    def _made(self, notices: Sequence[Notice], contacts: Sequence[Contact]) -> Holding:
        """The messages that these notices become, held by this round; a notice for nobody goes no further."""
        now = self._around.clock.now()
        made = {
            notice.id: [message(notice, each.id, each.district, now) for each in meant(notice, contacts)]
            for notice in notices
        }
        every = [each for messages in made.values() for each in messages]
        stored_at = real_now()
        fresh = self._kept.messages.add(every, self._token, stored_at, stored_at + LEASE)
        self._kept.notices.settle([id for id, messages in made.items() if messages], "handed")
        self._kept.notices.settle([id for id, messages in made.items() if not messages], "skipped")
        return self._holding(fresh, stored_at + LEASE)

    def _claim(self, lane: str, person_id: str | None = None) -> Holding:
        now = real_now()
        due = self._around.clock.now()
        claimed = self._kept.messages.claim(lane, self._token, due, now, now + LEASE, BATCH, person_id)
        return self._holding(claimed, now + LEASE)

    def _holding(self, messages: Sequence[Message], until: datetime) -> Holding:
        return Holding(messages, until, self._token, self._kept.messages, self._note_reached)

    def _contacts(self, ids: Iterable[str]) -> list[Contact]:
        return [contact_told(each) for each in self._around.members.contacts(ids=sorted(ids))]

    def _send_again(self, held: Holding) -> None:
        notices = self._kept.notices.of(sorted({each.notice_id for each in held.messages}))
        self._send(held, notices, self._contacts({each.person_id for each in held.messages}))

    def _send(self, held: Holding, notices: Sequence[Notice], contacts: Sequence[Contact]) -> None:
        if not held.messages:
            return
        lot = self._lot(held.messages, notices, contacts)
        self._around.sending.carry(held.messages, lot, held)
        # What has failed for good is tried again rather than forgotten, where nobody could be asked to call by hand.
        for each in held.ended():
            self._ask_to_call(lot.notices[each[0].notice_id], lot.contacts[each[0].person_id])
            held.let_go(each)

    def _lot(self, messages: Sequence[Message], notices: Sequence[Notice], contacts: Sequence[Contact]) -> Lot:
        now = self._around.clock.now()
        return Lot(
            notices={notice.id: notice for notice in notices},
            contacts={each.id: each for each in contacts},
            names=self._kept.names.of(
                set().union(*(named(notice.facts) for notice in notices)), now.astimezone(SHANGHAI).date()
            ),
            ended=self._kept.events.ended(
                {each.case_id for each in messages if each.case_id and each.template in ASKING}
            ),
            answered=set(self._answered(messages, notices)),
            wording=self._kept.templates.wording(),
            withdrawn=self._kept.calls.withdrawn({id for each in notices if (id := asked_by(each.facts))}),
            wishes=self._kept.preferences.of({id for each in contacts for id in each.ids}),
            lately=self._kept.messages.sent_between(
                [each.person_id for each in messages if not each.mandatory], now - HOUR, now
            ),
        )

    def _answered(self, messages: Sequence[Message], notices: Sequence[Notice]) -> Iterator[tuple[str, str]]:
        """Which of these people have answered which of the calls: who has need not be asked."""
        calls = {notice.id: call_id for notice in notices if (call_id := asked_by(notice.facts))}
        asked: dict[str, set[str]] = defaultdict(set)
        for each in messages:
            if call_id := calls.get(each.notice_id):
                asked[call_id].add(each.person_id)
        for call_id, people in asked.items():
            told = self._around.members.call_answers(call_id=call_id, ids=sorted(people))
            yield from ((call_id, person) for person in answered(told))

    def _note_reached(self, results: Sequence[Result]) -> None:
        people = {one.person_id for one, found, _ in results if found.state is State.SENT}
        now = self._around.clock.now()
        self._kept.reached.note(sorted(people), now.astimezone(SHANGHAI).date(), now)

    def _ask_to_call(self, notice: Notice, unreached: Contact) -> None:
        template = _by_hand(notice)
        if notice.grid_code is None or template is None:
            return
        staff = audience(self._around.members.responsible(**staff_of(notice.grid_code, notice.facts)))
        # Of a sensitive matter the desk alone knows more than an outline, and so whom to call.
        grid_workers = () if notice.facts.get("restricted") else staff.grid_workers
        callers = _others(grid_workers, unreached) or _others(staff.dispatchers, unreached)
        drafts = [call_by_hand(notice, unreached.id, each, template) for each in callers]
        self._kept.notices.add(drafts, real_now())


def _by_hand(notice: Notice) -> str | None:
    """The task that a message becomes which could not be sent; nobody is asked to call whoever is to call."""
    if notice.template in BY_HAND_ALREADY:
        return None
    return CALL_BY_HAND if notice.case_id else BY_HAND.get(notice.template)


def _others(staff: Sequence[str], unreached: Contact) -> list[str]:
    """Those of the staff who can call: nobody calls themselves."""
    return [each for each in staff if each not in unreached.ids]
