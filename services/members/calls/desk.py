"""The entrypoints of calls: whom one would reach, issuing it, answering it, and how it stands (F41)."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from operator import itemgetter
from typing import Any

from nameko.timer import timer

from chassis.caller import THE_CLOCK, Caller
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.fault import check
from chassis.ids import new_id
from chassis.logs import bind
from chassis.records import Outcome, again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.area import tenant_of
from members.calls import call as rules
from members.calls import schemas
from members.calls.call import ANSWERED, CALLED, FORGOTTEN, LISTED, TALLIED, WITHDRAWN, Call, Reply
from members.calls.store import CallStore
from members.people.store import PeopleStore
from members.permission import may, permit, role_of, tenants
from members.territory.store import TerritoryStore
from members.trail import TrailDesk

Answer = dict[str, Any]

SWEEP_SECONDS = 3600
FORGOTTEN_AT_ONCE = 20


class CallDesk(TrailDesk):
    """Calls the members of grids together, and counts who comes."""

    calls_kept: CallStore = Store(CallStore)
    territory: TerritoryStore
    people: PeopleStore

    @rpc
    def call_audience(self, caller: Answer, **asked: Any) -> Answer:
        """How many a call would be for: `{called}`, and no name.

        Refuses `invalid`, `not_permitted`, `unknown_grid`, `grid_closed` and `unknown_skill`.
        """
        given = load(schemas.AudienceSchema(), asked)
        tenant = self._checked(Caller.load(caller), given["grids"])
        check(rules.skill_faults(given["skills"]))
        return {"called": self.calls_kept.called((tenant, given["grids"], given["skills"]))}

    @rpc
    def issue_call(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Call the members of grids: the receipt with `call_id` and how many are `called`.

        Refuses `invalid`, `not_permitted` unless every grid is in the caller's scope, `unknown_grid`, `grid_closed`,
        and together `unknown_skill`, `call_in_the_past` and `call_too_far_ahead`; then `nobody_to_call` and
        `too_many_to_call`. Whom it is for is fixed now.
        """
        given, asked = load(schemas.CallSchema(), body), self._asked(caller, command_id, body)
        if answer := self.calls_kept.records.answered(asked):
            return answer
        grids, skills = tuple(sorted(set(given["grids"]))), tuple(sorted(set(given["skills"])))
        tenant = self._checked(asked.caller, grids)
        check([*rules.skill_faults(given["skills"]), *rules.time_faults(given["at"], asked.now)])
        call = Call(
            new_id(),
            tenant,
            grids,
            skills,
            given["text"],
            given["at"],
            asked.caller.id,
            asked.now,
            emergency=given["emergency"],
        )
        return again_when_stale(lambda: self._call_once(asked, call))

    def _call_once(self, asked: Asked, call: Call) -> Answer:
        """The one place where a call is issued, and what may be heard of it told."""
        if answer := self.calls_kept.records.answered(asked):
            return answer
        people = self.calls_kept.audience((call.tenant, call.grids, call.skills))
        rules.check_called(len(people))
        call = replace(call, called=len(people))
        role = role_of(asked.caller, "issue_call", call.grids[0])
        told = Outcome(call, CALLED, rules.told(call), role, answer={"called": call.called})
        lists = (Outcome(each, LISTED, {}, role) for each in rules.lists(call, people))
        return self.calls_kept.issue(asked, told, lists)

    @rpc
    def withdraw_call(self, caller: Answer, command_id: str, call_id: str, **body: Any) -> Answer:
        """Call off a call before its time: the receipt. Whoever has been told of it is told that, with the reason.

        Refuses `invalid`, `call_not_found`, `not_permitted` unless it is the caller's own or all of its grids are in
        the scope of who may withdraw any, `call_withdrawn` and `call_over`.
        """
        bind({"call_id": call_id})
        reason = load(schemas.WithdrawalSchema(), body)["reason"]
        asked = self._asked(caller, command_id, {"call_id": call_id, **body})

        def decide(call: Call) -> Outcome[Call]:
            role = _withdrawing(asked.caller, call)
            gone = rules.withdrawn(call, reason, asked.now)
            return Outcome(gone, WITHDRAWN, rules.called_off(gone), role)

        return self.calls_kept.records.change(asked, call_id, tenants(asked.caller), decide)

    @rpc
    def answer_call(self, caller: Answer, command_id: str, call_id: str, **body: Any) -> Answer:
        """Say whether the caller comes; it may change until then: the receipt.

        Refuses `invalid`, `call_not_found` to whom it is not for, `call_withdrawn` and `call_over`.
        """
        bind({"call_id": call_id})
        coming = load(schemas.ReplySchema(), body)["coming"]
        asked = self._asked(caller, command_id, {"call_id": call_id, **body})
        who = asked.caller
        permit(who, "answer_call", who.id)
        call = self.calls_kept.records.load(call_id, tenants(who)).item
        if not self.calls_kept.is_called(call.id, who.ids):
            raise Refusal("call_not_found")
        if answer := self.calls_kept.replies.answered(asked):
            return answer
        rules.check_open(call, asked.now)
        # Somebody who had two entries has answered under one of them already, perhaps.
        person_id = self.calls_kept.answered_as(call.id, who.ids) or who.id
        first = Reply(rules.reply_id(call.id, person_id), call.id, call.tenant, person_id, coming)
        role = role_of(who, "answer_call", who.id)

        def decide(before: Reply) -> Outcome[Reply]:
            return Outcome(replace(before, coming=coming), ANSWERED, {}, role, answer={"coming": coming})

        return self.calls_kept.replies.enter(asked, first.id, [call.tenant], first, decide)

    @rpc
    def call(self, caller: Answer, call_id: str) -> Answer:
        """A call with how many were called, come and do not; refuses `call_not_found` and `not_permitted`."""
        bind({"call_id": call_id})
        who = Caller.load(caller)
        found = self.calls_kept.records.load(call_id, tenants(who)).item
        if not _oversees(who, found):
            for code in found.grids:
                permit(who, "issue_call", code)
        return rules.shown(found, self.calls_kept.counts(found.id))

    @rpc
    def called_people(self, **asked: Any) -> Answer:
        """A page of the ids of whom a call is for, for who sends it: `{items, next}`; refuses `call_not_found`.

        By the ids that they had when it was issued, in ascending order, so that pages neither miss nor repeat anybody;
        each is named as who they are now. Who has left or declines every channel by now is left out.
        """
        given = load(schemas.CalledSchema(), asked)
        call = self.calls_kept.records.load(given["call_id"], None).item
        found = self.calls_kept.page(call.id, given["after"], given["limit"])
        people = [person for _, person in sorted(self.people.as_asked(found), key=itemgetter(0))]
        reached = dict.fromkeys(person.id for person in people if rules.reachable(person))
        return {"items": list(reached), "next": found[-1] if len(found) == given["limit"] else None}

    @rpc
    def call_answers(self, **asked: Any) -> Answer:
        """Which of these people have said whether they come, for who is about to ask them: `{answered}`, as asked."""
        given = load(schemas.AnswersSchema(), asked)
        ids = {id: person.ids for id, person in self.people.as_asked(given["ids"])}
        said = self.calls_kept.answered_by(given["call_id"], {each for known in ids.values() for each in known})
        return {"answered": sorted(id for id, known in ids.items() if known & said)}

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def forget_called(self) -> None:
        """Keep of calls that are long over how many came, and no longer who was called and what they answered."""
        now = self.clock.now()
        over = self.calls_kept.known_before(now - rules.PEOPLE_KEPT, FORGOTTEN_AT_ONCE)
        for kept in over:
            self._step(kept.id, now, TALLIED, partial(rules.tallied, replies=self.calls_kept.counts(kept.id)))
            self.calls_kept.forget_people(kept.id)
            # Last: if we break off before, the next sweep does it all once more.
            self._step(kept.id, now, FORGOTTEN, lambda call: replace(call, forgotten_at=now))
        self._audit_retention(THE_CLOCK.id, {"calls": len(over)})

    def _step(self, call_id: str, now: datetime, type: str, alter: Callable[[Call], Call]) -> None:
        asked = Asked(THE_CLOCK, f"{type}:{call_id}", "", now)
        self.calls_kept.records.change(asked, call_id, None, lambda call: Outcome(alter(call), type, {}, THE_CLOCK.id))

    def _checked(self, who: Caller, grids: Iterable[str]) -> str:
        """The district of grids in which the caller may call."""
        codes = sorted(set(grids))
        for code in codes:
            permit(who, "issue_call", code)
        self.territory.check_open(codes, tenant_of(codes[0]), self.clock.now())
        return tenant_of(codes[0])


def _oversees(who: Caller, call: Call) -> bool:
    return all(may(who, "withdraw_call", code) for code in call.grids)


def _withdrawing(who: Caller, call: Call) -> str:
    """The role in which the caller withdraws it: as who issued it and still may, or as the office above."""
    own = who.is_(call.caller_id) and all(may(who, "issue_call", code) for code in call.grids)
    act = "issue_call" if own else "withdraw_call"
    for code in call.grids:
        permit(who, act, code)
    return role_of(who, act, call.grids[0])
