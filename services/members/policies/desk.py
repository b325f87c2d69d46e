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
        """A page of the rules around and in an area, widest first: `{items, next}`; with a day the versions of then.

        Refuses `not_permitted` outside the caller's districts.
        """
        who, given = Caller.load(caller), load(PoliciesSchema(), asked)
        area, day, limit = given["area"], given["on"], given["limit"]
        permit(who, "see_member_policies", area)
        begun, version = given["after"] or ("", 0)
        # One for each line, one to see that there are more, and the one that the page before ended with.
        found = self.policies_kept.page(area, day, begun, limit + 2)
        lines = [(each, terms) for each in found for terms in each.versions if not day or terms.hold_on(day)]
        left = [(each, terms) for each, terms in lines if (each.id, terms.version) > (begun, version)]
        shown_ = [shown(*line) for line in left[:limit]]
        after = [shown_[-1]["policy_id"], shown_[-1]["version"]] if len(left) > limit else None
        return {"items": shown_, "next": after}
