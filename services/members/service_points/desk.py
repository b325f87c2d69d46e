"""The entrypoints of the ledger of points: recording, taking back, and reading (docs/domain.md §3.3)."""

from dataclasses import replace
from typing import Any

from chassis.caller import Caller
from chassis.command import Asked
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.people.person import LOCAL
from members.people.store import PeopleStore
from members.permission import PERMISSIONS, may, permit, role_of, tenants
from members.policies.policy import Metric, in_force
from members.policies.span import Period
from members.policies.store import PolicyStore
from members.service_points.entry import PointsEntry, check_new, shown, turn_of
from members.service_points.schemas import PointsPageSchema, PointsSchema
from members.service_points.store import PointsStore

Answer = dict[str, Any]

RECORDERS = PERMISSIONS["record_points"].roles


class PointsDesk(Desk):
    """Adds to the ledger; nothing in it changes, is passed on or is paid for."""

    points_kept: PointsStore = Store(PointsStore)
    policies_kept: PolicyStore
    people: PeopleStore

    @rpc
    def record_points(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Record points for a service: the receipt with `entry_id`.

        Refuses `not_permitted`, and `invalid` with every fault: `unknown_person`, `not_registered`, `own_points`,
        `date_in_the_future`, `service_too_long_ago`, `already_counted`.
        """
        given, asked = load(PointsSchema(), body), self._asked(caller, command_id, body)
        if answer := self.points_kept.records.answered(asked):
            return answer
        person = next((who for _, who in self.people.as_asked([given["person_id"]])), None)
        given = {**given, "person_id": person.id if person else given["person_id"]}
        known = person if person and person.active and person.tenant in tenants(asked.caller) else None
        community = (known.registered_with if known else None) or ""
        permit(asked.caller, "record_points", community or _where(asked.caller))
        entry = self._points_entry(asked, given, community)
        check_new(
            person_known=known is not None,
            registered=bool(community),
            own=asked.caller.is_(entry.person_id),
            long_ago=entry.on.year < asked.now.astimezone(LOCAL).year - 1,
            late=entry.on > asked.now.astimezone(LOCAL).date(),
            counted=turn_of(self.points_kept.of_source(known.ids if known else (), entry.source)) is None,
        )
        return self.points_kept.add(asked, entry, role_of(asked.caller, "record_points", community))

    @rpc
    def reverse_points(self, caller: Answer, command_id: str, entry_id: str) -> Answer:
        """Take an entry back by a row with the other sign: the receipt.

        Refuses `entry_not_found`, `not_permitted`, `already_reversed`, `reversal_is_final`, and `own_points` as
        recording does.
        """
        asked = self._asked(caller, command_id, {"entry_id": entry_id})
        found = self.points_kept.records.load(entry_id, tenants(asked.caller)).item
        permit(asked.caller, "record_points", found.community)
        if asked.caller.is_(found.person_id):
            raise Refusal("own_points")
        role = role_of(asked.caller, "record_points", found.community)
        return self.points_kept.reverse(asked, found, new_id(), role)

    @rpc
    def points(self, caller: Answer, **asked: Any) -> Answer:
        """A page of a person's entries, the latest first: `{items, next}`; the caller's own unless another is named.

        Refuses `person_not_found` and `not_permitted`.
        """
        who, given = Caller.load(caller), load(PointsPageSchema(), asked)
        person_id = given["person_id"] or who.id
        self._check_reader_of_points(who, person_id)
        limit = given["limit"]
        ids = frozenset[str]().union(*self.people.whole([person_id]).values())
        found = self.points_kept.page(ids, given["after"], limit + 1)
        last = found[limit - 1].item if len(found) > limit else None
        items = [shown(kept.item) for kept in found[:limit]]
        return {"items": items, "next": [last.on.isoformat(), last.id] if last else None}

    def _check_reader_of_points(self, who: Caller, person_id: str) -> None:
        if may(who, "see_own_points", person_id):
            return
        person = self.people.person(person_id)
        permit(who, "see_points", (person.registered_with or person.tenant) if person else "")

    def _points_entry(self, asked: Asked, given: Answer, community: str) -> PointsEntry:
        id, day = new_id(), given["on"]
        entry = PointsEntry(
            id=id,
            community=community,
            recorded_by=asked.caller.id,
            recorded_at=asked.now,
            **{**given, "source": given["source"] or f"entry:{id}"},
        )
        found = in_force(self.policies_kept.around(community), community, Metric.POINTS, Period.YEAR, day)
        return replace(entry, policy=(found[0].id, found[1].version)) if found else entry


def _where(caller: Caller) -> str:
    """A place of the caller's own, to ask whether they record points at all, where the person has none."""
    return next((scope for role in RECORDERS for scope in caller.scopes(role)), "")
