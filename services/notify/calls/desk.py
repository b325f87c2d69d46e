"""The entrypoints of calls: one is heard of, everybody whom it is for is told, and how far that has come."""

from typing import Any

import structlog

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.event import Event
from chassis.ids import new_id
from chassis.logs import bind
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from chassis.subscribe import subscribe
from notify.bell import Bell, Ringer, on_bell
from notify.calls import call as rules
from notify.calls import schemas
from notify.calls.call import ISSUED, WITHDRAWN, Call, Off
from notify.calls.store import COUNTED, LEASE, CallsInHand
from notify.notices.store import NoticeStore
from notify.permission import permit_in
from notify.real_time import real_now

log = structlog.get_logger()

Answer = dict[str, Any]

TOLD_AT_ONCE = 500


class CallDesk(Desk):
    """Tells thousands of people that they are called, page by page, beside everything else (docs/domain.md F41)."""

    calls_in_hand: CallsInHand = Store(CallsInHand)
    calls: Bell = Ringer("calls")
    bulk: Bell = Ringer("bulk")
    notices_kept: NoticeStore
    members: Any

    @subscribe("members", ISSUED)
    def take_call_in_hand(self, event: Event) -> None:
        """Note the call, so that everybody whom it is for is told, whatever happens meanwhile."""
        call = schemas.call_in_hand(event)
        bind({"call_id": call.id})
        self.calls_in_hand.add(call, real_now())
        self.calls.ring()

    @subscribe("members", WITHDRAWN)
    def call_off(self, event: Event) -> None:
        """Tell nobody any more, and whoever has been told that it is withdrawn."""
        call = schemas.withdrawn_call(event)
        bind({"call_id": call.id})
        if call.off:
            self.calls_in_hand.withdraw(call, call.off, real_now())
        known = self.calls_in_hand.find(call.id)
        if known:
            self.calls_in_hand.stop(known.event_id, real_now())
        self.calls.ring()

    @on_bell("calls", seconds=5.0)
    def tell_of_calls(self) -> None:
        """Tell a page of those whom a call is for, until everybody is told; emergencies first.

        Of one that is withdrawn, those who have it in the inbox.

        Whoever ends in between leaves a page that is told again: nobody gets a notice twice.
        """
        token = new_id()
        while call := self.calls_in_hand.claim(token, real_now(), real_now() + LEASE):
            if call.off is None:
                self.calls_in_hand.advance(call.id, token, self._told(call), real_now())
            else:
                self.calls_in_hand.advance_off(call.id, token, self._told_off(call, call.off), real_now())

    @rpc
    def call_counts(self, caller: Answer, call_id: str) -> Answer:
        """How many have a call in their inbox (`told`), wait for the message, have had it, and have read it.

        Nobody is counted before the call is heard of; refuses `not_permitted` unless every grid is in the scope.
        """
        who, asked = Caller.load(caller), load(schemas.CallIdSchema(), {"call_id": call_id})
        call = self.calls_in_hand.find(asked["call_id"])
        permit_in(who, "count_call", call.grids if call else ())
        return self.calls_in_hand.counts(call.event_id) if call else dict.fromkeys(COUNTED, 0)

    def _told(self, call: Call) -> str | None:
        """Put the next page into the inboxes, and on its way outside: where the one after it begins, if any."""
        if rules.over(call, self.clock.now()):
            log.warning("call over before everybody was told", call_id=call.id)
            return None
        page = schemas.page(self.members.called_people(call_id=call.id, after=call.after))
        self.notices_kept.add(list(rules.notices(call, page.people)), real_now())
        self.bulk.ring()
        return page.next

    def _told_off(self, call: Call, off: Off) -> str | None:
        """The same of those who are to know that it is withdrawn."""
        told = self.calls_in_hand.told(call.event_id, off.after, TOLD_AT_ONCE)
        self.notices_kept.add(list(rules.off_notices(call, off, told)), real_now())
        self.bulk.ring()
        return told[-1].notice_id if len(told) == TOLD_AT_ONCE else None
