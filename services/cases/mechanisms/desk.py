"""The entrypoints of the joint mechanisms: entering those of an area, and what is linked to each (F37)."""

from typing import Any

from cases.deadline import LOCAL
from cases.mechanisms.mechanism import ENTERS, MechanismList, entered, report
from cases.mechanisms.schemas import AreaSchema, EnterSchema, ReportSchema
from cases.mechanisms.store import MechanismStore
from cases.period import spanning
from cases.permission import within
from cases.showing.listing import OVERSEEING
from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.instant import written
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store

Answer = dict[str, Any]

ENTERED = "mechanisms.entered"


class MechanismDesk(Desk):
    """Keeps the mechanisms that an agency enters; where none are entered, there is nothing to see of them."""

    mechanisms_kept: MechanismStore = Store(MechanismStore)
    summons_kept: Any

    @rpc
    def enter_mechanisms(self, caller: Answer, command_id: str, area: str, **body: Any) -> Answer:
        """Enter the axis and the mechanisms of an area, all at once: the receipt.

        Refuses `out_of_scope`, `unknown_mechanism`, `mechanism_named_twice` and `mechanism_ends_too_early`.
        """
        load(AreaSchema(), {"area": area})
        given, now = load(EnterSchema(), body), self.clock.now()
        asked = self._asked(caller, command_id, {"area": area, **body})
        role = _role(asked.caller, area)

        def decide(before: MechanismList) -> Outcome[MechanismList]:
            rows, today = given["mechanisms"], now.astimezone(LOCAL).date()
            after = entered(before, given["axis"], rows, today, (new_id() for _ in rows))
            ids = [each.id for each in after.mechanisms]
            return Outcome(after, ENTERED, {"mechanism_ids": ids}, role, answer={"area": area, "mechanism_ids": ids})

        return self.mechanisms_kept.enter(asked, area, decide)

    @rpc
    def mechanisms(self, caller: Answer, **asked: Any) -> Answer:
        """The mechanisms that hold in an area, and how much was linked to each in a period.

        `{area, since, until, axis, items}`; refuses `out_of_scope` and `invalid`.
        """
        who, given, now = Caller.load(caller), load(ReportSchema(), asked), self.clock.now()
        if not within(who, OVERSEEING, given["area"]):
            raise Refusal("out_of_scope", act="mechanisms")
        span = spanning(given["since"], given["until"], now)
        linked = {"summons": self.summons_kept.linked(given["area"], span)}
        found = self.mechanisms_kept.holding(given["area"])
        return {
            "area": given["area"],
            "since": written(span[0]),
            "until": written(span[1]),
            **report(found, linked, now.astimezone(LOCAL).date()),
        }


def _role(caller: Caller, area: str) -> str:
    held = [role for role in ENTERS if role in caller.roles]
    for role in held:
        if caller.holds((role,), area):
            return role
    if held:
        raise Refusal("out_of_scope", act="enter_mechanisms")
    raise Refusal("not_permitted", act="enter_mechanisms")
