"""The entrypoints of calendars to subscribe to: of an area, and of one's own sign-ups by a secret link (F12, F43)."""

from datetime import datetime
from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.instant import written
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.activities.store import ActivityStore
from members.calendars import calendar as rules
from members.calendars.calendar import MOST_CALENDARS, MOST_ENTRIES, OPENED, REVOKED, SINCE, UNTIL, Calendar
from members.calendars.schemas import AreaSchema, CalendarIdSchema, TokenSchema
from members.calendars.store import CalendarStore
from members.changing import known
from members.people.store import PeopleStore
from members.permission import permit
from members.sealing import Seal
from members.signups.signup import State
from members.signups.store import SignupStore
from members.territory.store import TerritoryStore

Answer = dict[str, Any]


class CalendarDesk(Desk):
    """Gives what is announced, and what somebody signed up for, to programs that keep calendars."""

    calendars_kept: CalendarStore = Store(CalendarStore)
    activities_kept: ActivityStore
    signups: SignupStore
    people: PeopleStore
    seal: Seal
    territory: TerritoryStore

    @rpc
    def open_calendar(self, caller: Answer, command_id: str) -> Answer:
        """A new link to one's own sign-ups: the receipt with the secret `token`; refuses `too_many_calendars`."""
        asked = self._asked(caller, command_id, {"open": "calendar"})
        who = asked.caller
        permit(who, "keep_own_calendars", who.id)
        if answer := self.calendars_kept.records.answered(asked):
            return self._with_token(answer)
        person, _ = known(self.people.enrolled_as(who.id), "person_not_found")
        standing = [kept for kept in self.calendars_kept.of_person(who.ids) if kept.item.revoked_at is None]
        if len(standing) >= MOST_CALENDARS:
            raise Refusal("too_many_calendars", most=MOST_CALENDARS)
        opened = Calendar(new_id(), person.tenant, who.id, asked.now)
        return self._with_token(self.calendars_kept.records.open(asked, Outcome(opened, OPENED, {}, "")))

    @rpc
    def revoke_calendar(self, caller: Answer, command_id: str, calendar_id: str) -> Answer:
        """Let a link lead nowhere any more: the receipt. Refuses `calendar_not_found` and `calendar_revoked`."""
        id = load(CalendarIdSchema(), {"calendar_id": calendar_id})["calendar_id"]
        asked = self._asked(caller, command_id, {"calendar_id": id})
        permit(asked.caller, "keep_own_calendars", asked.caller.id)

        def decide(found: Calendar) -> Outcome[Calendar]:
            if not asked.caller.is_(found.person_id):
                raise Refusal("calendar_not_found")
            return Outcome(rules.revoked(found, asked.now), REVOKED, {}, "")

        return self.calendars_kept.records.change(asked, id, None, decide)

    @rpc
    def calendars(self, caller: Answer) -> Answer:
        """One's own links, revoked ones too, without their secrets: `{items}`."""
        who = Caller.load(caller)
        permit(who, "keep_own_calendars", who.id)
        return {"items": [rules.shown(kept.item) for kept in self.calendars_kept.of_person(who.ids)]}

    @rpc
    def own_calendar(self, token: str) -> Answer:
        """What somebody signed up for, by the secret link alone: `{at, items}`.

        Refuses `calendar_not_found`, also for a link that was revoked or whose person has left.
        """
        shown = load(TokenSchema(), {"token": token})["token"]
        found = self.calendars_kept.records.load(rules.calendar_of(self._calendar_key, shown), None).item
        person, _ = known(self.people.enrolled_as(found.person_id), "calendar_not_found")
        if found.revoked_at is not None or not person.active:
            raise Refusal("calendar_not_found")
        now = self.clock.now()
        mine = self.signups.of_person(person.ids, *_reach(now), states=tuple(State))
        activities = self.activities_kept.of_ids(kept.item.activity_id for kept in mine)
        entries = [(activities[kept.item.activity_id], kept) for kept in mine if kept.item.activity_id in activities]
        return _calendar(
            now, [rules.entry(each.item, each.version, (kept.item.state, kept.version)) for each, kept in entries]
        )

    @rpc
    def area_calendar(self, area: str) -> Answer:
        """What is announced in an area, for everybody: `{name, at, items}`, called off or not, and nothing of anybody.

        `name` is what the area or the grid is called; None where there is none of that code.
        """
        code, now = load(AreaSchema(), {"area": area})["area"], self.clock.now()
        found = self.activities_kept.within(code, *_reach(now), MOST_ENTRIES)
        named = self.territory.area(code) or self.territory.grid(code)
        entries = [rules.entry(kept.item, kept.version) for kept in found]
        return {"name": named.name if named else None, **_calendar(now, entries)}

    def _with_token(self, receipt: Answer) -> Answer:
        return {**receipt, "token": rules.token(self._calendar_key, receipt["calendar_id"])}

    @property
    def _calendar_key(self) -> bytes:
        return self.seal.key("calendar")


def _reach(now: datetime) -> tuple[datetime, datetime]:
    return now - SINCE, now + UNTIL


def _calendar(now: datetime, items: list[Answer]) -> Answer:
    return {"at": written(now), "items": items[:MOST_ENTRIES]}
