"""Events in, notices out: each handler reads what it needs, asks the rules, and keeps what they say."""

from collections.abc import Iterable
from typing import Any

from chassis import logs
from chassis.desk import Desk
from chassis.event import Event
from chassis.store import Store
from chassis.subscribe import subscribe
from notify.bell import Bell, Ringer
from notify.notices import (
    activity_notice,
    case_notice,
    dual_service_notice,
    hours_notice,
    match_list_notice,
    partner_notice,
    schemas,
    session_notice,
    sign_in_notice,
)
from notify.notices.activity_schemas import organiser_events, reminder_events, signup_event
from notify.notices.audience import STAFF, Audience, CaseEvent
from notify.notices.case_notice import NOTICES
from notify.notices.case_schemas import case_event
from notify.notices.dual_service_schemas import dual_service_event
from notify.notices.hours_schemas import hours_event
from notify.notices.match_list_schemas import match_list_event
from notify.notices.notice import NoticeDraft
from notify.notices.partner_schemas import subscription_event
from notify.notices.reminder import REMINDED
from notify.notices.session_schemas import session_event
from notify.notices.sign_in_schemas import sign_in_event
from notify.notices.store import NoticeStore
from notify.notices.summons_notice import SUMMONS
from notify.real_time import real_now


class TellingDesk(Desk):
    """Tells people what happens to what concerns them (docs/domain.md §2.2)."""

    notices_kept: NoticeStore = Store(NoticeStore)
    outside: Bell = Ringer("outside")
    live_due: Bell
    members: Any

    @subscribe("cases", *NOTICES, REMINDED, *SUMMONS)
    def tell(self, event: Event) -> None:
        """Put the notices that the event causes into the inboxes, and send them on their way outside."""
        found = case_event(event)
        logs.bind({"case_id": found.case_id})
        self._tell(case_notice.notices(found, self._audience(found)))

    @subscribe("cases", *match_list_notice.TOLD)
    def tell_of_match_lists(self, event: Event) -> None:
        """Put the notices that an event of a demand or a resource causes into the inboxes, and on their way outside."""
        found = match_list_event(event)
        staff = self.members.responsible(grid_code=found.grid_code) if match_list_notice.calls_by_hand(found) else {}
        self._tell(match_list_notice.notices(found, schemas.audience(staff)))

    @subscribe("cases", session_notice.PROGRESSED)
    def tell_of_session(self, event: Event) -> None:
        """Tell those who were at an intake session how far it has come, and the host whom to call."""
        self._tell(session_notice.notices(session_event(event)))

    @subscribe("members", *dual_service_notice.TOLD)
    def tell_of_dual_service(self, event: Event) -> None:
        """Tell members and units how far their registrations and evaluations have come."""
        self._tell(dual_service_notice.notices(dual_service_event(event)))

    @subscribe("members", *activity_notice.TEMPLATES)
    def tell_of_signups(self, event: Event) -> None:
        """Tell people what becomes of their places in activities without their asking."""
        self._tell(activity_notice.notices(signup_event(event)))

    @subscribe("members", activity_notice.CALLED_OFF)
    def tell_organiser(self, event: Event) -> None:
        """Tell who organises an activity that somebody else has called it off."""
        self._tell(activity_notice.of_organisers(organiser_events(event)))

    @subscribe("members", activity_notice.REMINDED)
    def remind_of_activity(self, event: Event) -> None:
        """Remind whoever has a place in an activity that begins soon."""
        self._tell(activity_notice.reminders(reminder_events(event)))

    @subscribe("members", *hours_notice.HOURS)
    def tell_of_hours(self, event: Event) -> None:
        """Tell people what becomes of their volunteer hours, stars and certificates."""
        self._tell(hours_notice.notices(hours_event(event)))

    @subscribe("members", sign_in_notice.CHANGED)
    def tell_of_sign_in(self, event: Event) -> None:
        """Tell somebody that what they sign in by has changed."""
        self._tell(sign_in_notice.notices(sign_in_event(event)))

    @subscribe("notify", partner_notice.DISABLED)
    def tell_owner(self, event: Event) -> None:
        """Tell the owner of a subscription why it was disabled."""
        self._tell(partner_notice.notices(subscription_event(event)))

    def _audience(self, event: CaseEvent) -> Audience:
        """The staff around the case; of a complaint about a unit none of its people (docs/domain.md §5)."""
        needed = case_notice.addressed(event) & STAFF
        if not needed or not event.grid_code:
            return schemas.audience({})
        return schemas.audience(self.members.responsible(**schemas.staff_of(event.grid_code, event.facts)))

    def _tell(self, drafts: Iterable[NoticeDraft]) -> None:
        self.notices_kept.add(list(drafts), real_now())
        self.outside.ring()
        self.live_due.ring()
