"""Resources as they are offered, changed and withdrawn by whose they are."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cases.match_lists import resource as rules
from cases.match_lists.lists import List
from cases.match_lists.outcome import resource_outcome
from cases.match_lists.permission import permitted_role
from cases.match_lists.resource import Resource
from cases.match_lists.store import MatchListStore
from cases.showing.listing import tenants
from chassis.caller import CLOCK, THE_CLOCK, Caller
from chassis.command import Asked, digest
from chassis.ids import new_id
from chassis.records import Answer, Kept, Outcome


class Resources:
    """What is done with resources by those who offer them."""

    def __init__(self, store: MatchListStore) -> None:
        self._store = store

    def offer(self, asked: Asked, fields: Mapping[str, Any]) -> Answer:
        """Offer a resource: `{resource_id, version, at, event_id, status, area}`; a repetition gets the same.

        Refuses what `resource.draft` does, a place outside the caller's district, and `command_id_reused`.
        """
        offered = rules.draft(new_id(), fields, asked.caller, asked.now)
        role = permitted_role("offer", asked.caller, offered.serves)
        opening = self._store.resources.opening(asked, resource_outcome(offered, rules.OFFERED, role))
        return self._store.write(asked, List.RESOURCE, [opening])

    def load(self, id: str, caller: Caller) -> Kept[Resource]:
        """The resource, in one of the caller's districts; refuses `resource_not_found`."""
        return self._store.resources.load(id, tenants(caller))

    def change(self, asked: Asked, id: str, fields: Mapping[str, Any]) -> Answer:
        """Tell something anew of the own resource; refuses what `resource.changed` does, and `not_permitted`."""

        def decide(kept: Resource) -> Outcome[Resource]:
            role = _owner(asked.caller, kept)
            return resource_outcome(rules.changed(kept, fields, asked.now), rules.CHANGED, role)

        return self._store.resources.change(asked, id, tenants(asked.caller), decide)

    def withdraw(self, asked: Asked, id: str) -> Answer:
        """Offer it no longer; refuses `resource_in_use`, `resource_withdrawn` and `not_permitted`."""

        def decide(kept: Resource) -> Outcome[Resource]:
            return resource_outcome(rules.withdrawn(kept), rules.WITHDRAWN, _owner(asked.caller, kept))

        return self._store.resources.change(asked, id, tenants(asked.caller), decide)

    def withdraw_of(self, leavers: Sequence[str], now: datetime, limit: int) -> int:
        """Offer no longer what people offered themselves who have left; how much of it there was."""
        found = self._store.offered_in_person(leavers, limit)
        for kept in found:
            asked = Asked(THE_CLOCK, f"left:{kept.id}:{kept.version}", digest({"left": kept.id}), now)
            self._store.resources.change(asked, kept.id, None, _left)
        return len(found)


def _left(kept: Resource) -> Outcome[Resource]:
    return resource_outcome(rules.owner_left(kept), rules.WITHDRAWN, CLOCK)


def _owner(caller: Caller, kept: Resource) -> str:
    return permitted_role("change_resource", caller, kept.serves, own=kept.is_of(caller))
