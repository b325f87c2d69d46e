"""The entrypoints of what a district decides about its cases: entering a version, the history, the catalogue (F53)."""

from collections.abc import Callable, Iterable
from typing import Any

from nameko.timer import timer

from cases import category
from cases.category import BOOK
from cases.deadline import LOCAL
from cases.policies import catalogues, scoring
from cases.policies.policy import ENTERED, ENTERS, Kind, Line, Policy, day_faults, history, version_name
from cases.policies.schemas import (
    CatalogueQuerySchema,
    CategoriesSchema,
    PoliciesSchema,
    ScoringSchema,
    read,
)
from cases.policies.store import Policies, PolicyStore
from cases.showing import view
from cases.showing.listing import OVERSEEING, tenants
from chassis.caller import Caller
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.fault import Fault, check
from chassis.instant import written_or_none
from chassis.records import Outcome
from chassis.rpc import rpc
from chassis.schema import load

Answer = dict[str, Any]

ENTERED_AT_ONCE = 50

RENEWED_SECONDS = 5
"""How long an instance may not have heard of a version that another has entered."""


class PolicyDesk(Desk):
    """Keeps the versions of every district."""

    policies_kept: PolicyStore = Policies(PolicyStore)
    cases_kept: Any

    @rpc
    def enter_case_categories(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Enter a whole catalogue of a district from a day on: the receipt with its `policy_id` and `number`.

        Refuses `not_permitted`, `out_of_scope`, `category_in_use`, and all that is wrong with the day and the rows at
        once.
        """

        def found(given: Answer) -> Iterable[Fault]:
            rows, sent = given.get("items", ()), body.get("items")
            if isinstance(sent, list) and len(rows) != len(sent):
                return ()  # one of them is nothing at all: the others would be told of by a wrong place
            codes = {row["code"] for row in rows if "code" in row}
            used = self.cases_kept.open_categories(given["area"], codes) if rows and "area" in given else ()
            return catalogues.faults(rows, used)

        answer = self._enter(
            Kind.CATEGORIES,
            caller,
            command_id,
            body,
            CategoriesSchema(),
            found,
            lambda it: catalogues.terms(it["items"]),
        )
        BOOK.renew()
        return answer

    @rpc
    def enter_case_scoring(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Enter how the rates of a district are made from a day on: the receipt with its `policy_id` and `number`.

        Refuses `not_permitted`, `out_of_scope`, and all that is wrong with the day and the rates at once.
        """
        return self._enter(Kind.SCORING, caller, command_id, body, ScoringSchema(), scoring.faults, scoring.terms)

    @rpc
    def case_policies(self, caller: Answer, **asked: Any) -> Answer:
        """A page of the versions of a district with those that come with the service: `{items, next}`.

        Those that begin last come first. Refuses `not_permitted` to who oversees nothing in the district.
        """
        who, given = Caller.load(caller), load(PoliciesSchema(), asked)
        if given["area"] not in tenants(who) or not who.roles & set(OVERSEEING):
            raise Refusal("not_permitted", act="see_case_policies")
        today = self.clock.now().astimezone(LOCAL).date()
        kinds = [Kind(given["kind"])] if "kind" in given else list(Kind)
        lines = [line for kind in kinds for line in history(self.policies_kept.versions(kind, given["area"]), today)]
        places = [(line.policy.kind.value, line.policy.version) for line in lines]
        start = 1 + places.index(given["after"]) if given["after"] in places else 0
        page = lines[start : start + given["limit"]]
        more = start + len(page) < len(lines)
        return {"items": [shown(line) for line in page], "next": list(places[start + len(page) - 1]) if more else None}

    @rpc
    def categories(self, version: str | None = None, area: str | None = None, caller: Answer | None = None) -> Answer:
        """The catalogue of that version, or the one in force in a district: `{version, from, groups, items}`.

        With neither it is that of the caller's own district. Who belongs to none or to several, or is not known, gets
        what comes with the service.
        """
        load(CatalogueQuerySchema(), {"version": version, "area": area})
        if version:
            return view.catalogue(category.catalogue(version))
        own = tenants(Caller.load(caller)) if caller else ()
        district = area or (own[0] if len(own) == 1 else None)
        return view.catalogue(category.in_force(self.clock.now(), district))

    @rpc
    def entered_policies(self, after: str = "") -> Answer:
        """What was told of the versions that districts entered, in pages by their ids: for rebuilding a read copy."""
        found = self.policies_kept.entered_after(after, ENTERED_AT_ONCE)
        following = found[-1].version if len(found) == ENTERED_AT_ONCE else None
        return {"items": [catalogues.announced(each) for each in found], "next": following}

    @timer(interval=RENEWED_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def renew_catalogues(self) -> None:
        """Read what other instances have entered."""
        BOOK.renew()

    def _enter(
        self,
        kind: Kind,
        caller: Answer,
        command_id: str,
        body: Answer,
        schema: Any,
        found: Callable[[Answer], Iterable[Fault]],
        terms: Callable[[Answer], Answer],
    ) -> Answer:
        asked = self._asked(caller, command_id, {"kind": kind.value, **body})
        given, wrong = read(schema, body)
        role = _role(asked.caller, given.get("area"))
        if answer := self.policies_kept.records.answered(asked):
            return answer
        today = asked.now.astimezone(LOCAL).date()
        days = day_faults(given["valid_from"], today) if "valid_from" in given else ()
        faults = [*days, *found(given)]
        if wrong:
            raise Refusal("invalid", errors=[*wrong, *(each.dump() for each in faults)])
        check(faults)
        area, kept = given["area"], terms(given)

        def decide(number: int) -> Outcome[Policy]:
            name = version_name(area, kind, number)
            made = Policy(name, kind, number, given["valid_from"], kept, area, asked.caller.id, asked.now)
            told = {"kind": kind.value, "number": number, "valid_from": made.valid_from.isoformat()}
            return Outcome(made, ENTERED, catalogues.announced(made), role, area, answer=told)

        return self.policies_kept.enter(asked, kind, area, decide)


def _role(caller: Caller, area: str | None) -> str:
    """The role in which the caller decides for a district; where its code cannot be read, any that decides at all."""
    held = [role for role in ENTERS if role in caller.roles]
    if not held:
        raise Refusal("not_permitted", act="enter_case_policy")
    if area is not None and not caller.holds(held, area):
        raise Refusal("out_of_scope", act="enter_case_policy")
    return held[0]


def shown(line: Line) -> Answer:
    """One version in the history of a district."""
    policy, is_scoring = line.policy, line.policy.kind is Kind.SCORING
    return {
        "policy_id": policy.version,
        "kind": policy.kind.value,
        "number": policy.number,
        "valid_from": policy.valid_from.isoformat(),
        "valid_to": line.valid_to.isoformat() if line.valid_to else None,
        "state": line.standing.value,
        "entered_by": policy.entered_by,
        "entered_at": written_or_none(policy.entered_at),
        "scoring": scoring.shown(policy) if is_scoring else None,
        "changes": None if is_scoring else catalogues.changes(line.before, policy),
    }
