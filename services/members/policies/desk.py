"""The entrypoints of the policies for members: entering a version, and what holds where (docs/domain.md §3.2, F53)."""

from typing import Any

from chassis.caller import Caller
from chassis.desk import Desk
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.people.person import LOCAL
from members.permission import permit, role_of
from members.policies.policy import ENTERED, Metric, Policy, Terms, entered, shown
from members.policies.schemas import PoliciesSchema, PolicySchema
from members.policies.span import Period
from members.policies.store import PolicyStore
from members.territory.store import TerritoryStore

Answer = dict[str, Any]


class PolicyDesk(Desk):
    """Keeps the rules of the areas, version after version."""

    policies_kept: PolicyStore = Store(PolicyStore)
    territory: TerritoryStore

    @rpc
    def enter_member_policy(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Enter a rule, or its next version: the receipt with `policy_id` and the version's number as `terms`.

        Refuses `not_permitted`, `invalid` (as `policy.entered` says), `command_id_reused` and `busy_try_again`.
        """
        given, asked = load(PolicySchema(), body), self._asked(caller, command_id, body)
        permit(asked.caller, "enter_member_policy", given["area"])
        first = Policy(given.pop("area"), Metric(given.pop("metric")), Period(given.pop("period")))
        terms = Terms(version=1, entered_by=asked.caller.id, entered_at=asked.now, **given)
        role = role_of(asked.caller, "enter_member_policy", first.area)

        known = self.territory.area(first.area) is not None

        def decide(before: Policy) -> Outcome[Policy]:
            today = asked.now.astimezone(LOCAL).date()
            after = entered(before, terms, today, self.policies_kept.around(first.area), area_known=known)
            number = {"policy_id": after.id, "terms": len(after.versions)}
            return Outcome(after, ENTERED, number, role, answer=number)

        return self.policies_kept.enter(asked, first, decide)

    @rpc
    def member_policies(self, caller: Answer, **asked: Any) -> Answer:
        """The rules around and in an area, widest first: `{items}`; with a day only the versions of then.

        Refuses `not_permitted` outside the caller's districts.
        """
        who, given = Caller.load(caller), load(PoliciesSchema(), asked)
        area, day = given["area"], given["on"]
        permit(who, "see_member_policies", area)
        found = {each.id: each for each in (*self.policies_kept.around(area), *self.policies_kept.within(area))}
        lines = [(each, terms) for each in found.values() for terms in each.versions if not day or terms.hold_on(day)]
        return {"items": [shown(*line) for line in lines]}
