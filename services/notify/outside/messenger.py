"""Takes notices from the inbox to people outside: claims what is due, asks for contacts, sends, notes the outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog

from chassis.clock import Clock
from chassis.ids import new_id
from notify.names.store import NameStore
from notify.notices.errand import Errand
from notify.notices.match_list_notice import BY_HAND
from notify.notices.notice import Notice, call_by_hand
from notify.notices.reached_store import ReachedStore
from notify.notices.schemas import audience
from notify.notices.store import NoticeStore
from notify.outside.console import Console
from notify.outside.contact import Contact, reached
from notify.outside.ladder import next_wait
from notify.outside.schemas import contact as contact_told
from notify.real_time import real_now
from notify.wording.wording import LANGUAGES, SHANGHAI, named, text

log = structlog.get_logger()

BATCH = 50
LEASE = timedelta(seconds=60)


@dataclass(frozen=True)
class Kept:
    """The stores that sending needs."""

    notices: NoticeStore
    reached: ReachedStore
    names: NameStore


class Messenger:
    """One round of sending; any number may run at once. A crash between sending and noting sends again."""

    def __init__(self, kept: Kept, members: Any, channel: Console | None, clock: Clock) -> None:
        """`members` is asked for contacts, which are not kept; `clock` says on which day somebody was reached.

        Without a channel the inbox is all there is.
        """
        self._kept = kept
        self._members = members
        self._channel = channel
        self._clock = clock
        self._reached: set[str] = set()
        self._contacts: list[Contact] = []
        self._names: dict[str, str] = {}

    def send_due(self) -> None:
        """Send everything that is due."""
        while errands := self._claim():
            self._send_all(errands)
            if len(errands) < BATCH:
                return  # what has become due meanwhile has rung the bell, or is found by the next round

    def _send_all(self, errands: Sequence[Errand]) -> None:
        ids = sorted({errand.notice.recipient for errand in errands})
        self._contacts = [contact_told(each) for each in self._members.contacts(ids=ids)]
        self._names = self._kept.names.of(set().union(*(named(errand.notice.facts) for errand in errands)))
        self._reached = set()
        outcomes = {errand.notice.id: self._outcome(errand) for errand in errands}
        # Noted before it is settled: what a crash in between sends again is noted once all the same.
        now = self._clock.now()
        self._kept.reached.note(sorted(self._reached), now.astimezone(SHANGHAI).date(), now)
        self._settle(outcomes)

    def _claim(self) -> list[Errand]:
        now = real_now()
        return self._kept.notices.claim(new_id(), now, now + LEASE, BATCH)

    def _settle(self, outcomes: dict[str, str]) -> None:
        for outside in ("sent", "skipped", "failed"):
            ids = [id for id, outcome in outcomes.items() if outcome == outside]
            if ids:
                self._kept.notices.settle(ids, outside)

    def _outcome(self, errand: Errand) -> str:
        notice, channel = errand.notice, self._channel
        if channel is None:
            return "skipped"
        to = reached(notice, self._contacts, channel.name)
        try:
            for contact in to:
                self._send(channel, notice, contact)
        except OSError as error:
            log.warning("notice not sent", notice=notice.id, error=type(error).__name__)
            return self._put_off(errand)
        log.info("notice sent" if to else "notice skipped", notice=notice.id, case_id=notice.case_id)
        return "sent" if to else "skipped"

    def _send(self, channel: Console, notice: Notice, contact: Contact) -> None:
        language = contact.language if contact.language in LANGUAGES else LANGUAGES[0]
        found = text(notice.template, language, notice.facts, self._names)
        channel.send(
            contact.phone or "",
            kind="notice",
            notice_id=notice.id,
            recipient=notice.recipient,
            template=notice.template,
            case_id=notice.case_id,
            number=notice.number,
            at=notice.at.isoformat(),
            language=language,
            title=found.title,
            body=found.body,
        )
        self._reached.add(contact.id)

    def _put_off(self, errand: Errand) -> str:
        tries = errand.tries + 1
        pause = next_wait(tries)
        if pause is not None:
            self._kept.notices.retry(errand.notice.id, tries, real_now() + pause)
            return "due"
        self._ask_to_call(errand.notice)
        return "failed"

    def _ask_to_call(self, notice: Notice) -> None:
        template = "call_by_hand" if notice.case_id else BY_HAND.get(notice.template)
        if notice.grid_code is None or template is None:
            return
        staff = audience(self._members.responsible(grid_code=notice.grid_code))
        drafts = [call_by_hand(notice, worker, template) for worker in staff.grid_workers]
        self._kept.notices.add(drafts, real_now())
