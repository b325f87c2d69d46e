"""The entrypoints of notify: events in, notices and deliveries out, and what users ask; each loads, decides, stores."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import structlog
from nameko.timer import timer

from chassis import logs
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.event import Event
from chassis.rpc import Remote, rpc
from chassis.schema import load
from chassis.service import Service
from chassis.store import Store
from chassis.subscribe import subscribe
from notify import activity_notice, dual_service_notice, match_list_notice, schemas, session_notice, views
from notify.activity_notice import REMINDED as REMINDED_OF_ACTIVITY
from notify.activity_notice import TEMPLATES as SIGNUPS
from notify.activity_schemas import reminder_events, signup_event
from notify.audience import STAFF, Audience, CaseEvent
from notify.bell import Bell, Ringer, on_bell
from notify.channels import Console
from notify.courier import Courier
from notify.dual_service_notice import TOLD as DUAL_SERVICE
from notify.dual_service_schemas import dual_service_event
from notify.match_list_notice import TOLD, calls_by_hand
from notify.match_list_schemas import match_list_event
from notify.messenger import Messenger
from notify.notice import (
    NOTICES,
    NoticeDraft,
    about_subscription,
    addressed,
    notices,
)
from notify.permission import inboxes
from notify.post_room import PostRoom
from notify.providers import ConsoleProvider, PostRoomProvider
from notify.real_time import real_now
from notify.reminder import REMINDED
from notify.session_notice import PROGRESSED
from notify.session_schemas import session_event
from notify.store import NotifyStore
from notify.subscribing import Subscribing
from notify.summons_notice import SUMMONS
from notify.wording import SHANGHAI, named, text

log = structlog.get_logger()

EVENTS_KEPT = timedelta(days=90)
NOTICES_KEPT = timedelta(days=180)
"""docs/domain.md §5, retention: message bodies 180 d; longer than any letter can be parked and replayed."""

NAMES_AT_ONCE = 200

OUTSIDE_GATHER_SECONDS = 0.2
"""Nobody waits for a text message so closely; a round costs the same for one notice and for fifty."""

Answer = dict[str, Any]


class NotifyService(Service):
    """Tells people and partners what becomes of cases."""

    name = "notify"

    store: NotifyStore = Store(NotifyStore)
    members = Remote("members")
    console: Console | None = ConsoleProvider()
    post_room: PostRoom = PostRoomProvider()
    outside: Bell = Ringer("outside")
    deliveries_due: Bell = Ringer("deliveries")
    tests_due: Bell = Ringer("tests")

    @subscribe("cases", *NOTICES, REMINDED, *SUMMONS)
    def tell(self, event: Event) -> None:
        """Put the notices that the event causes into the inboxes, and send them on their way outside."""
        found = schemas.case_event(event)
        logs.bind({"case_id": found.case_id})
        self._add(notices(found, self._audience(found)))

    @subscribe("cases", *TOLD)
    def tell_of_match_lists(self, event: Event) -> None:
        """Put the notices that an event of a demand or a resource causes into the inboxes, and on their way outside."""
        found = match_list_event(event)
        staff = self.members.responsible(grid_code=found.grid_code) if calls_by_hand(found) else {}
        self._add(match_list_notice.notices(found, schemas.audience(staff)))

    @subscribe("cases", PROGRESSED)
    def tell_of_session(self, event: Event) -> None:
        """Tell those who were at an intake session how far it has come, and the host whom to call."""
        self._add(list(session_notice.notices(session_event(event))))

    @subscribe("members", *DUAL_SERVICE)
    def tell_of_dual_service(self, event: Event) -> None:
        """Tell members and units how far their registrations and evaluations have come."""
        self._add(list(dual_service_notice.notices(dual_service_event(event))))

    @subscribe("members", *SIGNUPS)
    def tell_of_signups(self, event: Event) -> None:
        """Tell people what becomes of their places in activities without their asking."""
        self._add(list(activity_notice.notices(signup_event(event))))

    @subscribe("members", REMINDED_OF_ACTIVITY)
    def remind_of_activity(self, event: Event) -> None:
        """Remind whoever has a place in an activity that begins soon."""
        self._add(list(activity_notice.reminders(reminder_events(event))))

    @subscribe("cases", ordered=True)
    def keep_events(self, events: Sequence[Event]) -> None:
        """Log the events of cases, each at the next position, and owe them to each subscription that wants them."""
        logged = [schemas.logged_event(event) for event in events if event.subject.startswith("case/")]
        positions = self.store.log.append(logged, real_now())
        Courier(self.store, self.clock, self.post_room).owe(dict(zip(positions, logged, strict=True)))

    @subscribe("notify", "subscription.disabled")
    def tell_owner(self, event: Event) -> None:
        """Tell the owner of a subscription why it was disabled."""
        data = schemas.read(schemas.SubscriptionDisabledSchema(), event.data)
        facts = {"subscription_id": data["subscription_id"], "disabled_reason": data["reason"]}
        self._add([about_subscription(event.id, data["recipient"], "subscription_disabled", event.time, facts)])

    @subscribe(
        "members",
        "grid.opened",
        "grid.changed",
        "compound.registered",
        "compound.changed",
        "unit.registered",
        "unit.changed",
        "unit.closed",
        "area.opened",
        "area.changed",
    )
    def learn_name(self, event: Event) -> None:
        """Keep what a grid, a compound, a unit or an area is called."""
        self._learn(event.type, event.data, event.sequence)

    @rpc
    def copy_names(self, after: str = "") -> str | None:
        """Copy one page of names anew: the `after` of the next page, None after the last. For operators."""
        page = self.members.places(after=after, limit=NAMES_AT_ONCE)
        for item in page["items"]:
            self._learn(item["type"], item["data"], item["sequence"])
        following: str | None = page["next"]
        return following

    @on_bell("outside", seconds=2.0, gather=OUTSIDE_GATHER_SECONDS)
    def send_outside(self) -> None:
        """Take notices that are due to people outside, where there is a channel."""
        if self.console is not None:
            Messenger(self.store, self.members, self.console, self.clock).send_due()

    @on_bell("deliveries", seconds=1.0)
    def deliver(self) -> None:
        """Post what waits and is due to partners."""
        Courier(self.store, self.clock, self.post_room).deliver()

    @on_bell("tests", seconds=2.0)
    def test_subscriptions(self) -> None:
        """Post a test event to each new subscription."""
        Courier(self.store, self.clock, self.post_room).test()

    @timer(interval=3600)  # type: ignore[untyped-decorator]  # nameko is untyped
    def purge(self) -> None:
        """Remove what has been kept long enough."""
        now = real_now()
        removed = {
            "events": self.store.log.purge(now - EVENTS_KEPT),
            "deliveries": self.store.deliveries.purge(now - EVENTS_KEPT),
            "notices": self.store.notices.purge(now - NOTICES_KEPT),
            "reached": self.store.reached.purge(now - EVENTS_KEPT),
        }
        log.info("purged", **removed)

    @rpc
    def inbox(self, caller: Answer, after: str | None = None, limit: int = 20) -> Answer:
        """The caller's notices, newest first: `{items, next, unread}`."""
        mine = inboxes(Caller.load(caller))
        page = load(schemas.InboxSchema(), {"after": after, "limit": limit})
        found = self.store.notices.page(mine, page["after"], page["limit"] + 1)
        shown = found[: page["limit"]]
        names = self.store.names.of({code for each in shown for code in named(each.facts)})
        return {
            "items": [views.notice(each, names) for each in shown],
            "next": shown[-1].id if len(found) > len(shown) else None,
            "unread": self.store.notices.unread(mine),
        }

    @rpc
    def mark_read(self, caller: Answer, command_id: str, notice_id: str) -> Answer:
        """The notice, read, so that it has reached the caller; refuses `notice_not_found` also for one of another."""
        who, now = Caller.load(caller), self.clock.now()
        load(schemas.NoticeIdSchema(), {"notice_id": notice_id})
        found = self.store.notices.mark_read(notice_id, inboxes(who), now)
        if found is None:
            raise Refusal("notice_not_found", notice_id=notice_id)
        self.store.reached.note([who.id], now.astimezone(SHANGHAI).date(), now)
        return views.notice(found, self.store.names.of(named(found.facts)))

    @rpc
    def send_code(self, phone: str, code: str, expires_at: str) -> Answer:
        """Send a one-time code; it is kept nowhere here. Refuses `no_channel` where there is no way to send it."""
        load(schemas.CodeSchema(), {"phone": phone, "code": code, "expires_at": expires_at})
        if self.console is None:
            raise Refusal("no_channel")
        words = text("one_time_code", "zh-CN", {"code": code, "expires_at": expires_at}, {})
        self.console.send(phone, kind="code", code=code, expires_at=expires_at, title=words.title, body=words.body)
        log.info("code sent")
        return {"sent": True}

    @rpc
    def subscribe_webhook(
        self, caller: Answer, command_id: str, url: str, types: list[str], grid_prefix: str | None = None
    ) -> Answer:
        """A new subscription: its receipt with the secret, which is not shown again."""
        asked = load(schemas.SubscribeSchema(), {"url": url, "types": types, "grid_prefix": grid_prefix})
        answer = self._of(caller).open(command_id, asked)
        self.tests_due.ring()
        return answer

    @rpc
    def subscriptions(self, caller: Answer) -> Answer:
        """The subscriptions that the caller may see: `{items}`."""
        return {"items": [views.subscription(each) for each in self._of(caller).all()]}

    @rpc
    def subscription(self, caller: Answer, subscription_id: str) -> Answer:
        """One subscription; refuses `subscription_not_found`."""
        load(schemas.SubscriptionIdSchema(), {"subscription_id": subscription_id})
        return views.subscription(self._of(caller).one(subscription_id))

    @rpc
    def deliveries(self, caller: Answer, subscription_id: str, after: int | None = None, limit: int = 20) -> Answer:
        """What became of each event that this subscription was to get, newest first: `{items, next}`."""
        page = load(schemas.DeliveriesSchema(), {"subscription_id": subscription_id, "after": after, "limit": limit})
        subscription = self._of(caller).one(subscription_id)
        found = self.store.deliveries.page(subscription.id, page["after"], page["limit"] + 1)
        shown = found[: page["limit"]]
        more = len(found) > len(shown)
        return {
            "items": [views.delivery(each) for each in shown],
            "next": shown[-1].position if more else None,
        }

    @rpc
    def pause_subscription(self, caller: Answer, command_id: str, subscription_id: str) -> Answer:
        """Send nothing for now; events are kept for it meanwhile."""
        return self._of(caller).move(subscription_id, command_id, "pause")

    @rpc
    def resume_subscription(self, caller: Answer, command_id: str, subscription_id: str) -> Answer:
        """Send again; a subscription that had been disabled is tested first."""
        answer = self._of(caller).move(subscription_id, command_id, "resume")
        self.deliveries_due.ring()
        self.tests_due.ring()
        return answer

    @rpc
    def remove_subscription(self, caller: Answer, command_id: str, subscription_id: str) -> Answer:
        """End it; what it was still owed is cancelled."""
        return self._of(caller).move(subscription_id, command_id, "remove")

    @rpc
    def replay_delivery(self, caller: Answer, command_id: str, subscription_id: str, delivery_id: str) -> Answer:
        """Send one event again; doing so twice before it is sent is doing it once."""
        asked = {"subscription_id": subscription_id, "delivery_id": delivery_id}
        load(schemas.ReplaySchema(), asked)
        found = self._of(caller).replay(subscription_id, delivery_id)
        self.deliveries_due.ring()
        return views.delivery(found)

    def _audience(self, event: CaseEvent) -> Audience:
        needed = addressed(event) & STAFF
        return schemas.audience(
            self.members.responsible(grid_code=event.grid_code) if needed and event.grid_code else {}
        )

    def _add(self, drafts: list[NoticeDraft]) -> None:
        self.store.notices.add(drafts, real_now(), channel=self.console is not None)
        self.outside.ring()

    def _learn(self, type_: str, data: Answer, sequence: int) -> None:
        code, name = schemas.name(type_, data)
        self.store.names.learn(code, name, sequence)

    def _of(self, caller: Answer) -> Subscribing:
        return Subscribing(self.store, self.clock, self.post_room, caller)
