"""Takes notices from the inbox to people outside: claims what is due, asks for contacts, sends, notes the outcome."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog

from chassis.clock import Clock
from chassis.ids import new_id
from notify import schemas
from notify.channels import Console
from notify.match_list_notice import BY_HAND
from notify.notice import Notice, call_by_hand
from notify.outside import Contact, Errand, next_wait, reached
from notify.real_time import real_now
from notify.store import NotifyStore
from notify.wording import LANGUAGES, SHANGHAI, named, text

log = structlog.get_logger()

BATCH = 50
LEASE = timedelta(seconds=60)


class Messenger:
    """One round of sending; any number may run at once. A crash between sending and noting sends again."""

    def __init__(self, store: NotifyStore, members: Any, channel: Console, clock: Clock) -> None:
        """`members` is asked for contacts, which are not kept; `clock` says on which day somebody was reached."""
        self._store = store
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
        self._contacts = [schemas.contact(each) for each in self._members.contacts(ids=ids)]
        self._names = self._store.names.of(set().union(*(named(errand.notice.facts) for errand in errands)))
        self._reached = set()
        outcomes = {errand.notice.id: self._outcome(errand) for errand in errands}
        # Noted before it is settled: what a crash in between sends again is noted once all the same.
        now = self._clock.now()
        self._store.reached.note(sorted(self._reached), now.astimezone(SHANGHAI).date(), now)
        self._settle(outcomes)

    def _claim(self) -> list[Errand]:
        now = real_now()
        return self._store.notices.claim(new_id(), now, now + LEASE, BATCH)

    def _settle(self, outcomes: dict[str, str]) -> None:
        for outside in ("sent", "skipped", "failed"):
            ids = [id for id, outcome in outcomes.items() if outcome == outside]
            if ids:
                self._store.notices.settle(ids, outside)

    def _outcome(self, errand: Errand) -> str:
        notice = errand.notice
        to = reached(notice, self._contacts, self._channel.name)
        try:
            for contact in to:
                self._send(notice, contact)
        except OSError as error:
            log.warning("notice not sent", notice=notice.id, error=type(error).__name__)
            return self._put_off(errand)
        log.info("notice sent" if to else "notice skipped", notice=notice.id, case_id=notice.case_id)
        return "sent" if to else "skipped"

    def _send(self, notice: Notice, contact: Contact) -> None:
        language = contact.language if contact.language in LANGUAGES else LANGUAGES[0]
        found = text(notice.template, language, notice.facts, self._names)
        self._channel.send(
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
            self._store.notices.retry(errand.notice.id, tries, real_now() + pause)
            return "due"
        self._ask_to_call(errand.notice)
        return "failed"

    def _ask_to_call(self, notice: Notice) -> None:
        template = "call_by_hand" if notice.case_id else BY_HAND.get(notice.template)
        if notice.grid_code is None or template is None:
            return
        staff = schemas.audience(self._members.responsible(grid_code=notice.grid_code))
        drafts = [call_by_hand(notice, worker, template) for worker in staff.grid_workers]
        self._store.notices.add(drafts, real_now(), channel=False)
