"""Takes notices out of the inbox to people: makes the messages, asks for contacts, sends, notes what came of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from chassis.clock import Clock
from chassis.ids import new_id
from notify.channels.port import Channel, Parcel, Unavailable, Undeliverable
from notify.events.store import EventLog
from notify.messages.contact import Contact, Way, meant, ways
from notify.messages.message import ANSWER_LENGTH, Attempt, Message, Outcome, Ruling, State, message, ruling
from notify.messages.moot import ASKING
from notify.messages.schemas import contact as contact_told
from notify.messages.store import MessageStore
from notify.names.store import NameStore
from notify.notices.match_list_notice import BY_HAND
from notify.notices.notice import Notice, call_by_hand
from notify.notices.reached_store import ReachedStore
from notify.notices.schemas import audience
from notify.notices.store import NoticeStore
from notify.real_time import real_now
from notify.wording.wording import LANGUAGES, SHANGHAI, named, text

log = structlog.get_logger()

BATCH = 50
LEASE = timedelta(seconds=60)

Result = tuple[Message, Ruling, Sequence[Attempt]]


@dataclass(frozen=True)
class Kept:
    """The stores that sending needs."""

    notices: NoticeStore
    messages: MessageStore
    reached: ReachedStore
    names: NameStore
    events: EventLog


@dataclass(frozen=True)
class Lot:
    """Messages that are sent together, with what is needed to do so."""

    messages: Sequence[Message]
    notices: Mapping[str, Notice]
    contacts: Mapping[str, Contact]
    names: Mapping[str, str]
    ended: Mapping[str, datetime]


class Messenger:
    """One round of sending; any number may run at once. A crash between sending and noting sends again."""

    def __init__(self, kept: Kept, members: Any, channels: Sequence[Channel], clock: Clock) -> None:
        """`members` is asked for contacts, which are not kept; without channels the inbox is all there is."""
        self._kept = kept
        self._members = members
        self._channels = channels
        self._clock = clock
        self._token = new_id()

    def hand_on(self, lane: str) -> None:
        """Make the messages of every notice of the lane that is due outside, and send them."""
        while notices := self._kept.notices.claim(lane, self._token, real_now(), real_now() + LEASE, BATCH):
            contacts = self._contacts({notice.recipient for notice in notices}) if self._channels else []
            self._send(self._made(notices, contacts), notices, contacts)
            if len(notices) < BATCH:
                return  # what has become due meanwhile has rung the bell, or is found by the next round

    def send_due(self, lane: str) -> None:
        """Send every message of the lane that waited and is due."""
        while messages := self._claim(lane):
            notices = self._kept.notices.of(sorted({each.notice_id for each in messages}))
            self._send(messages, notices, self._contacts({each.person_id for each in messages}))
            if len(messages) < BATCH:
                return

    def _made(self, notices: Sequence[Notice], contacts: Sequence[Contact]) -> list[Message]:
        """The messages that these notices become, held by this round; a notice for nobody goes no further."""
        now = self._clock.now()
        made = {notice.id: [message(notice, each.id, now) for each in meant(notice, contacts)] for notice in notices}
        every = [each for messages in made.values() for each in messages]
        fresh = self._kept.messages.add(every, self._token, real_now(), real_now() + LEASE)
        self._kept.notices.settle([id for id, messages in made.items() if messages], "handed")
        self._kept.notices.settle([id for id, messages in made.items() if not messages], "skipped")
        return fresh

    def _claim(self, lane: str) -> list[Message]:
        now = real_now()
        return self._kept.messages.claim(lane, self._token, self._clock.now(), now, now + LEASE, BATCH)

    def _contacts(self, ids: Iterable[str]) -> list[Contact]:
        return [contact_told(each) for each in self._members.contacts(ids=sorted(ids))]

    def _send(self, messages: Sequence[Message], notices: Sequence[Notice], contacts: Sequence[Contact]) -> None:
        if not messages:
            return
        lot = Lot(
            messages,
            {notice.id: notice for notice in notices},
            {each.id: each for each in contacts},
            self._kept.names.of(set().union(*(named(notice.facts) for notice in notices))),
            self._kept.events.ended({each.case_id for each in messages if each.case_id and each.template in ASKING}),
        )
        results = [self._carried(each, lot) for each in messages]
        self._note_reached(results)
        # Noted before it is settled: what a crash in between sends again is noted once all the same.
        self._kept.messages.settle(self._token, results, real_now())
        for failed, found, _ in results:
            if found.state is State.FAILED:
                self._ask_to_call(lot.notices[failed.notice_id])

    def _carried(self, message: Message, lot: Lot) -> Result:
        notice, contact = lot.notices.get(message.notice_id), lot.contacts.get(message.person_id)
        if notice is None or contact is None:
            return message, Ruling(State.SKIPPED, why="left" if notice else "forgotten"), ()
        if _ended(message, notice, lot.ended):
            return message, Ruling(State.SKIPPED, why="moot"), ()
        led = ways(contact, self._channels, mandatory=message.mandatory, shut=message.shut)
        if not led:
            return message, Ruling(State.SKIPPED, why="no_way"), ()
        attempts = self._attempts(_parcel(message, notice, contact.language, lot.names), led)
        found = ruling(message.tries, len(led), attempts, self._clock.now())
        log.info("message", notice=notice.id, case_id=notice.case_id, state=found.state.value, via=attempts[-1].channel)
        return message, found, attempts

    def _attempts(self, parcel: Parcel, led: Sequence[Way]) -> list[Attempt]:
        """One way after the other until one has taken it."""
        attempts: list[Attempt] = []
        for way in led:
            outcome, answer = _tried(way, parcel)
            attempts.append(
                Attempt(self._clock.now(), way.channel.kind, way.channel.name, outcome, answer[:ANSWER_LENGTH])
            )
            if outcome is Outcome.SENT:
                break
        return attempts

    def _note_reached(self, results: Sequence[Result]) -> None:
        people = {one.person_id for one, found, _ in results if found.state is State.SENT}
        now = self._clock.now()
        self._kept.reached.note(sorted(people), now.astimezone(SHANGHAI).date(), now)

    def _ask_to_call(self, notice: Notice) -> None:
        template = "call_by_hand" if notice.case_id else BY_HAND.get(notice.template)
        if notice.grid_code is None or template is None:
            return
        staff = audience(self._members.responsible(grid_code=notice.grid_code))
        drafts = [call_by_hand(notice, worker, template) for worker in staff.grid_workers]
        self._kept.notices.add(drafts, real_now())


def _ended(message: Message, notice: Notice, ended: Mapping[str, datetime]) -> bool:
    if message.case_id is None or message.template not in ASKING:
        return False
    at = ended.get(message.case_id)
    return at is not None and notice.at < at


def _parcel(message: Message, notice: Notice, language: str, names: Mapping[str, str]) -> Parcel:
    spoken = language if language in LANGUAGES else LANGUAGES[0]
    words = text(notice.template, spoken, notice.facts, names)
    about = {
        "notice_id": notice.id,
        "recipient": notice.recipient,
        "case_id": notice.case_id,
        "number": notice.number,
        "at": notice.at.isoformat(),
    }
    return Parcel(message.id, "", notice.template, spoken, words.title, words.body, about=about)


def _tried(way: Way, parcel: Parcel) -> tuple[Outcome, str]:
    try:
        return Outcome.SENT, way.channel.send(replace(parcel, to=way.to))
    except Undeliverable as error:
        return Outcome.REFUSED, str(error)
    except Unavailable as error:
        return Outcome.FAILED, str(error)
