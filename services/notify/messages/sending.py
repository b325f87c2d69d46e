"""Sends messages through the ways to their people, as each of them wants it; knows no store."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

import structlog

from chassis.clock import Clock
from notify.calls.call import moot
from notify.channels.port import Channel, Parcel, Unavailable, Undeliverable
from notify.messages.contact import Contact, Way, meant, ways
from notify.messages.message import ANSWER_LENGTH, DIGEST, Attempt, Message, Outcome, Ruling, State, ruling
from notify.messages.moot import ASKING
from notify.notices.notice import Notice
from notify.preferences.judging import Candidate, Verdict, verdict
from notify.preferences.kinds import KIND_OF
from notify.preferences.preference import Preference, held
from notify.wording.wording import LANGUAGES, Text, Wording
from notify.wording.words import discreet

log = structlog.get_logger()

Result = tuple[Message, Ruling, Sequence[Attempt]]
Link = Callable[[Sequence[Message], str], str | None]
AtOnce = Callable[[Callable[[Sequence[Message]], None], Iterable[Sequence[Message]]], Iterable[None]]
"""Does some work for each of several things, many of them at once."""


class Held(Protocol):
    """Whoever holds the messages of a lot: is asked before each try, for one provider may take longer than a lease."""

    def in_time(self, id: str) -> bool:
        """Whether the message goes out in this round at all."""
        ...

    def ours(self, ids: Sequence[str]) -> Collection[str]:
        """Which of these messages nobody else has by now, nor gets before the next try is over."""
        ...

    def done(self, results: Sequence[Result]) -> None:
        """Take what became of some messages."""
        ...


@dataclass(frozen=True)
class Lot:
    """What is needed to send some messages together, looked up once for all of them.

    `ended` is when cases ended, `answered` who has answered which call, `withdrawn` which calls are, `lately` how much
    each person was sent in the last hour.
    """

    notices: Mapping[str, Notice]
    contacts: Mapping[str, Contact]
    names: Mapping[str, str]
    ended: Mapping[str, datetime]
    answered: Collection[tuple[str, str]]
    withdrawn: Collection[str]
    wishes: Mapping[str, Preference]
    lately: Counter[str]
    wording: Wording


@dataclass(frozen=True)
class Ready:
    """A message that goes out now, and to whom."""

    message: Message
    notice: Notice
    contact: Contact
    declined: frozenset[str]


class Sending:
    """Sends through the channels, to several people at once: a provider that takes its time is no queue.

    `link` gives the link by which the person of some messages declines more of their kinds, if there is one.
    """

    def __init__(self, channels: Sequence[Channel], clock: Clock, link: Link, at_once: AtOnce) -> None:
        self._channels = channels
        self._clock = clock
        self._link = link
        self._at_once = at_once

    def carry(self, messages: Sequence[Message], lot: Lot, held: Held) -> None:
        """Send the messages; those of a digest go as one to each person, and others one after the other.

        `held` is told what became of each, as soon as it is known. Nothing of those that are not come to in time, nor
        of those that a person still had to get when something failed that nobody foresaw: they stay, and come again.
        """
        of_person: dict[str, list[Message]] = defaultdict(list)
        for message in messages:
            of_person[message.person_id].append(message)
        for _ in self._at_once(lambda several: self._carry_apart(several, lot, held), of_person.values()):
            pass  # it may be lazy

    def _carry_apart(self, messages: Sequence[Message], lot: Lot, held: Held) -> None:
        try:
            self._carry_to_one(messages, lot, held)
        except Exception:
            log.exception("messages stay", messages=[each.id for each in messages])

    def _carry_to_one(self, messages: Sequence[Message], lot: Lot, held: Held) -> None:
        gathered: list[Ready] = []
        for message in messages:
            if not held.in_time(message.id):
                continue
            found = self._judged(message, lot)
            if isinstance(found, Ruling):
                held.done([(message, found, ())])
            elif message.lane == DIGEST:
                gathered.append(found)
            else:
                held.done(self._sent([found], lot, held))
        held.done(self._sent(gathered, lot, held))

    def _judged(self, message: Message, lot: Lot) -> Ready | Ruling:
        """Whether it goes out now: looked at again each time, for its case may have ended by then."""
        notice, contact = lot.notices.get(message.notice_id), lot.contacts.get(message.person_id)
        if notice is None:
            return Ruling(State.SKIPPED, why="forgotten")
        if contact is None or not meant(notice, [contact]):  # or speaks for that unit no more
            return Ruling(State.SKIPPED, why="left")
        asked_in_vain = moot(notice.facts, message.person_id, lot.answered, lot.withdrawn, self._clock.now())
        if asked_in_vain or _ended(message, notice, lot.ended):
            return Ruling(State.SKIPPED, why="moot")
        wish = held(contact.ids, lot.wishes)
        kind = KIND_OF[message.template]
        said = verdict(
            Candidate(kind, message.mandatory, message.urgent), wish, lot.lately[message.person_id], self._clock.now()
        )
        if said.later is not None and not (said.gathered and message.lane == DIGEST):
            return _put_off(said)
        return Ready(message, notice, contact, wish.without(kind))

    def _sent(self, those: Sequence[Ready], lot: Lot, held: Held) -> list[Result]:
        """One parcel for all of them that are still ours, which have one person."""
        if not (several := _ours(those, held)):
            return []
        first = several[0]
        led = ways(
            first.contact,
            self._channels,
            mandatory=any(each.message.mandatory for each in several),
            declined=frozenset.intersection(*(each.declined for each in several)),
            shut=first.message.shut,
        )
        if not led:
            return [(each.message, Ruling(State.SKIPPED, why="no_way"), ()) for each in several]
        attempts = self._attempts(several, lot, led, held)
        lot.lately[first.message.person_id] += 1
        now = self._clock.now()
        results: list[Result] = [
            (each.message, ruling(each.message.tries, len(led), attempts, now), attempts) for each in several
        ]
        for message, found, _ in results:
            log.info(
                "message",
                notice=message.notice_id,
                case_id=message.case_id,
                state=found.state.value,
                via=attempts[-1].channel,
            )
        return results

    def _attempts(self, several: Sequence[Ready], lot: Lot, led: Iterable[Way], held: Held) -> list[Attempt]:
        """One way after the other until one has taken it, each with the text for its channel."""
        attempts: list[Attempt] = []
        for way in led:
            if attempts and len(_ours(several, held)) < len(several):
                break  # the try before took so long that another has some of them now
            parcel = partial(self._parcel, several, lot, way)
            outcome, answer = tried(way.channel, parcel)
            now = self._clock.now()
            attempts.append(Attempt(now, way.channel.kind, way.channel.name, outcome, answer[:ANSWER_LENGTH]))
            if outcome is Outcome.SENT:
                break
        return attempts

    def _parcel(self, several: Sequence[Ready], lot: Lot, way: Way) -> Parcel:
        first, kind = several[0], way.channel.kind
        language = first.contact.language if first.contact.language in LANGUAGES else LANGUAGES[0]
        digest = len(several) > 1
        notices = [each.notice for each in several]
        said = (
            _digest(notices, language, lot, kind)
            if digest
            else lot.wording.text(notices[0].template, language, discreet(notices[0].facts), lot.names, kind)
        )
        about = {
            "notice_id": first.notice.id,
            "recipient": first.notice.recipient,
            "case_id": first.notice.case_id,
            "number": first.notice.number,
            "at": first.notice.at.isoformat(),
        }
        return Parcel(
            key=first.message.id,
            to=way.to,
            template=DIGEST if digest else first.notice.template,
            language=language,
            title=said.title,
            body=said.body,
            about=about,
            unsubscribe=self._link([each.message for each in several], first.contact.ids[0]),
        )


def _ours(several: Sequence[Ready], held: Held) -> list[Ready]:
    ours = held.ours([each.message.id for each in several])
    return [each for each in several if each.message.id in ours]


def _digest(notices: Sequence[Notice], language: str, lot: Lot, kind: str) -> Text:
    words = (lot.wording.text(each.template, language, discreet(each.facts), lot.names) for each in notices)
    facts = {"messages": len(notices), "lines": "\n\n".join(map(str, words))}
    return lot.wording.text(DIGEST, language, facts, {}, kind)


def _put_off(said: Verdict) -> Ruling:
    return Ruling(State.DUE, said.later, said.why, DIGEST if said.gathered else None)


def _ended(message: Message, notice: Notice, ended: Mapping[str, datetime]) -> bool:
    if message.case_id is None or message.template not in ASKING:
        return False
    at = ended.get(message.case_id)
    return at is not None and notice.at < at


def tried(channel: Channel, parcel: Callable[[], Parcel]) -> tuple[Outcome, str]:
    """What the channel makes of the parcel, and what its provider says: its id of the message, or a code."""
    try:
        return Outcome.SENT, channel.send(parcel())
    except Undeliverable as error:
        return Outcome.REFUSED, str(error)
    except Unavailable as error:
        return Outcome.FAILED, str(error)
    except Exception as error:  # noqa: BLE001 - what nobody foresaw of one message must not keep others from going out
        # Its text may hold an address.
        log.error("channel failed", channel=channel.name, error=type(error).__name__)  # noqa: TRY400
        return Outcome.FAILED, type(error).__name__
