"""The entrypoints of party groups: forming one, who sits in it, its meetings, and how it is on a day."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.event import Event, heard
from chassis.ids import new_id
from chassis.records import Kept, Outcome, again_when_stale, carried_out
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.area import tenant_of
from members.party_groups import party_group as rules
from members.party_groups.party_group import FORMED, MET, SEATED, UNSEATED, Meeting, PartyGroup, Seat
from members.party_groups.schemas import (
    FormSchema,
    GroupPageSchema,
    GroupSchema,
    MeetingSchema,
    SeatSchema,
    UnseatSchema,
)
from members.party_groups.store import PartyGroupStore
from members.people.store import PeopleStore
from members.permission import ITSELF, may, permit, role_in, scopes_for, tenants
from members.posts.post import local_day, midnight
from members.posts.schemas import GridEventSchema, leaver
from members.territory.store import TerritoryStore

Answer = dict[str, Any]
Change = Callable[[PartyGroup], PartyGroup]


class PartyGroupDesk(Desk):
    """Keeps the party groups of grids (docs/domain.md §4, V6 and V7)."""

    party_groups: PartyGroupStore = Store(PartyGroupStore)
    people: PeopleStore
    territory: TerritoryStore

    @rpc
    def form_party_group(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Form the group of a grid: the receipt.

        Refuses `invalid`, `not_permitted`, `unknown_grid`, `grid_closed` and `party_group_exists`.
        """
        given, asked = load(FormSchema(), body), self._asked(caller, command_id, body)
        code = given["grid_code"]
        role = role_in(asked.caller, "keep_party_group", code)
        self.territory.check_open([code], tenant_of(code), midnight(given["since"]))
        group = PartyGroup(code, given["since"])
        with self.party_groups.once_each():
            return self.party_groups.records.open(asked, _told(group, FORMED, role))

    @rpc
    def seat_in_party_group(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Give somebody a seat in a capacity: the receipt with the `seat_id`.

        Refuses `invalid`, `party_group_not_found`, `not_permitted`, and with everything that is wrong at once:
        `unknown_person`, `person_left`, `seat_ends_too_early`, `no_party_group_then`, `seat_taken`, `leader_seated`.
        """
        given, asked = load(SeatSchema(), body), self._asked(caller, command_id, body)
        code = given.pop("grid_code")
        seat = Seat(new_id(), **given)
        found = self.people.people([seat.person_id], tenant_of(code))
        known, left = {each.id for each in found}, {each.id for each in found if not each.active}
        return self._change_group(
            asked, code, SEATED, lambda group: rules.seated(group, seat, known, left), {"seat_id": seat.id}
        )

    @rpc
    def unseat_in_party_group(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Let a seat be given up from a day on: the receipt.

        Refuses `invalid`, `party_group_not_found`, `not_permitted`, `seat_not_found`, `seat_ends_too_early` and
        `seat_has_ended`.
        """
        given, asked = load(UnseatSchema(), body), self._asked(caller, command_id, body)
        seat_id, on = given["seat_id"], given["on"]
        answer = {"seat_id": seat_id}
        return self._change_group(
            asked, given["grid_code"], UNSEATED, lambda group: rules.unseated(group, seat_id, on), answer
        )

    @rpc
    def record_party_group_meeting(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Record a meeting and who was there: the receipt with the `meeting_id`.

        Refuses `invalid`, `party_group_not_found`, `not_permitted`, and with everything that is wrong at once:
        `meeting_to_come`, `no_party_group_then`, `meeting_recorded`, `not_of_the_group`.
        """
        given, asked = load(MeetingSchema(), body), self._asked(caller, command_id, body)
        meeting = Meeting(new_id(), given["held_on"], tuple(dict.fromkeys(given["attended"])))
        today = local_day(asked.now)
        answer = {"meeting_id": meeting.id}
        return self._change_group(
            asked, given["grid_code"], MET, lambda group: rules.met(group, meeting, today), answer
        )

    @rpc
    def party_group(self, caller: Answer, **asked: Any) -> Answer:
        """The group of a grid on a day, today unless another is named; refuses `party_group_not_found`."""
        who, given = Caller.load(caller), load(GroupSchema(), asked)
        kept = self.party_groups.of(given["grid_code"])
        if kept is None or tenant_of(given["grid_code"]) not in tenants(who):
            raise Refusal("party_group_not_found")
        permit(who, "see_party_groups", kept.item.grid_code)
        day = given["as_of"] or self._today
        return {**self._groups_shown(who, [kept.item], day)[0], "version": kept.version}

    @rpc
    def party_groups_of(self, caller: Answer, **page: Any) -> Answer:
        """A page of the groups that exist on a day, by grid: `{items, next}`; bound to the caller's scope."""
        who, asked = Caller.load(caller), load(GroupPageSchema(), page)
        filters, limit = asked["filters"], asked["limit"]
        scopes, day = scopes_for(who, "see_party_groups", filters.get("area")), filters.get("as_of") or self._today
        found = self.party_groups.page(scopes, day, asked["after"], limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        following = [last.grid_code, last.grid_code] if last else None
        return {"items": self._groups_shown(who, found[:limit], day), "next": following}

    def unseat_leaver(self, event: Event) -> None:
        """Whoever has left sits in no group any more."""
        on = local_day(event.time)
        for left in leaver(event.data):
            for kept in self.party_groups.with_person(left):
                self._follow_group(event, kept.id, UNSEATED, partial(rules.without, person_id=left, on=on))

    def dissolve_party_group(self, event: Event) -> None:
        """A grid that is closed has no group from that day on."""
        grid = heard(GridEventSchema(), event.data)
        kept = self.party_groups.of(grid["grid_code"])
        if kept is not None and grid["to"] is not None:
            on = local_day(grid["to"])
            self._follow_group(event, kept.id, "party_group.dissolved", lambda group: rules.dissolved(group, on))

    @property
    def _today(self) -> date:
        return local_day(self.clock.now())

    def _change_group(self, asked: Asked, code: str, type: str, change: Change, answer: Answer) -> Answer:
        def decide(group: PartyGroup) -> Outcome[PartyGroup]:
            role = role_in(asked.caller, "keep_party_group", code)
            return _told(change(group), type, role, answer)

        return self.party_groups.records.change(asked, code, tenants(asked.caller), decide)

    def _follow_group(self, event: Event, id: str, type: str, change: Change) -> None:
        asked = Asked(ITSELF, event.id, digest({}), self.clock.now())
        again_when_stale(partial(self._group_followed, asked, id, type, change))

    def _group_followed(self, asked: Asked, id: str, type: str, change: Change) -> Answer:
        kept: Kept[PartyGroup] = self.party_groups.records.load(id, None)
        after = change(kept.item)
        if after == kept.item:
            return {}
        return carried_out(
            [self.party_groups.records.changing(asked, kept, _told(after, type, "members"), along=True)]
        )[0]

    def _groups_shown(self, who: Caller, groups: Iterable[PartyGroup], day: date) -> list[Answer]:
        shown = list(groups)
        ids = {seat.person_id for group in shown for seat in group.seats}
        names = {person.id: person.shown_name for person in self.people.people(sorted(ids))}
        return [
            rules.shown(group, day, names, members=may(who, "see_party_group_members", group.grid_code))
            for group in shown
        ]


def _told(group: PartyGroup, type: str, role: str, answer: Answer | None = None) -> Outcome[PartyGroup]:
    data = {"grid_code": group.grid_code, "seats": len(group.seats), "meetings": len(group.meetings)}
    return Outcome(group, type, data, role, answer=answer or {})
