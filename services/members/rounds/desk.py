"""The entrypoints of door-knock rounds: each loads, lets the rules decide, and stores."""

from itertools import repeat
from typing import Any

from chassis.caller import Caller
from chassis.clock import Clock
from chassis.command import digest
from chassis.errors import Refusal
from chassis.ids import new_id
from chassis.instant import written
from chassis.logs import bind
from chassis.records import Kept, Outcome, Writing, again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from chassis.store import Store
from members.area import tenant_of
from members.needs.need import Source, stated
from members.needs.store import NeedStore
from members.permission import permitted_role, scopes_for, tenants
from members.rounds import round as rules
from members.rounds import schemas, views
from members.rounds.purpose import PURPOSES
from members.rounds.round import Address, Result, Round, Visit
from members.rounds.store import DIGITS, RoundStore
from members.sealing import Seal
from members.territory.store import TerritoryStore
from members.trail import TrailDesk

Answer = dict[str, Any]


class RoundDesk(TrailDesk):
    """Keeps rounds from the list of doors to coverage; what is needed goes on to cases (F07)."""

    rounds_kept: RoundStore = Store(RoundStore)
    needs_kept: NeedStore
    territory: TerritoryStore
    seal: Seal
    present: Clock

    @rpc
    def open_round(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Open a round over these doors: the receipt, with `round_id` and `listed`.

        Refuses `invalid` with every fault of every door, `command_id_reused` and what `permission` does.
        """
        given, asked = load(schemas.RoundSchema(), body), self._asked(caller, command_id, body)
        if answer := self.rounds_kept.records.answered(asked):
            return answer
        scopes_for(asked.caller, "open_round")  # who opens none learns nothing of compounds
        # The id follows from the command and what it lists: a repetition after a crash finds the doors that were
        # written, and another list under the same command does not.
        id = digest({"command": asked.key, "content": asked.digest})[:32]
        doors = self._doors(id, given["addresses"], asked.caller)
        area = rules.area_of(doors, DIGITS)
        role = permitted_role(asked.caller, "open_round", area)
        made = Round(id, given["title"], area, len(doors), asked.now, asked.caller.id)
        self.rounds_kept.list_doors(doors)
        outcome = Outcome(made, rules.OPENED, {"area": area, "listed": len(doors)}, role, answer=_answer(made))
        return self.rounds_kept.records.open(asked, outcome)

    @rpc
    def close_round(self, caller: Answer, command_id: str, round_id: str) -> Answer:
        """The round is over: the receipt. Refuses `round_not_found`, `round_closed` and what `permission` does."""
        bind({"round_id": round_id})
        asked = self._asked(caller, command_id, {"round_id": round_id})

        def decide(kept: Round) -> Outcome[Round]:
            role = permitted_role(asked.caller, "close_round", kept.area)
            return Outcome(rules.closed(kept, asked.now), rules.CLOSED, {}, role, answer=_answer(kept))

        return self.rounds_kept.records.change(asked, round_id, tenants(asked.caller), decide)

    @rpc
    def record_visit(self, caller: Answer, command_id: str, round_id: str, address_id: str, **body: Any) -> Answer:
        """Write down what came of a knock at a door: the receipt, with `visit_id`, `standing` and `needs`.

        The command's id is the key of the visit: however often a phone sends it, it counts once. Refuses `invalid`,
        `round_not_found`, `address_not_found`, `round_closed`, `visit_out_of_time`, `command_id_reused`,
        `busy_try_again` and what `permission` does.
        """
        bind({"round_id": round_id, "address_id": address_id})
        given = load(schemas.VisitSchema(), body)
        asked = self._asked(caller, command_id, {"address_id": address_id, **body})
        records = self.rounds_kept.addresses

        def once() -> Answer:
            kept = self._address(round_id, address_id, asked.caller)
            if answer := records.answered(asked):
                return answer
            role = permitted_role(asked.caller, "record_visit", kept.item.grid_code)
            visit = Visit(asked.key, Result(given["outcome"]), given["at"] or asked.now, asked.caller.id)
            running = self._round(round_id, asked.caller)
            after = rules.visited(kept.item, visit, running.item, asked.now)
            where = {"tenant": tenant_of(after.grid_code), "grid_code": after.grid_code, "stated_at": visit.at}
            ids = (new_id() for _ in repeat(None))
            needs = stated(ids, given["needs"], Source.VISIT, visit.id, compound_id=after.compound_id, **where)
            said = {"visit_id": visit.id, "standing": after.standing.value, "needs": [need.id for need in needs]}
            outcome = Outcome(after, rules.VISITED, {**said, "outcome": visit.result.value}, role, answer=said)
            return self.rounds_kept.write(
                asked,
                [
                    records.changing(asked, kept, outcome),
                    # A round that closes at this very moment takes no visit any more.
                    self.rounds_kept.records.unchanged(running),
                    *self.needs_kept.writings(asked, needs, role),
                    *self._note(visit, given["private_note"]),
                ],
            )

        return again_when_stale(once)

    @rpc
    def rounds(self, caller: Answer, **page: Any) -> Answer:
        """A page of the rounds in the caller's scopes, the newest first: `{items, next}`; `next` is `after` later on.

        Refuses `not_permitted`, and `out_of_scope` for an area outside.
        """
        who, asked = Caller.load(caller), load(schemas.RoundPageSchema(), page)
        limit = asked["limit"]
        found = self.rounds_kept.page(scopes_for(who, "see_rounds", asked["area"]), asked["after"], limit + 1)
        last = found[limit - 1] if len(found) > limit else None
        items = [views.round_line(kept.item, kept.version) for kept in found[:limit]]
        return {"items": items, "next": [written(last.item.opened_at), last.id] if last else None}

    @rpc
    def round(self, caller: Answer, round_id: str) -> Answer:
        """One round with its coverage; refuses `round_not_found` and what `permission` does."""
        bind({"round_id": round_id})
        who = Caller.load(caller)
        kept = self._round(round_id, who)
        permitted_role(who, "see_rounds", kept.item.area)
        tally = self.rounds_kept.tally(kept.item, self.clock.now() + rules.AHEAD)
        return {**views.round_line(kept.item, kept.version), **views.counted(tally)}

    @rpc
    def round_addresses(self, caller: Answer, round_id: str, **page: Any) -> Answer:
        """A page of the doors of a round, all or those that stand so: `{items, names, next}`. Refuses as `round`.

        `names` tells what the compounds and grids on the page are called.
        """
        bind({"round_id": round_id})
        who, asked = Caller.load(caller), load(schemas.AddressPageSchema(), page)
        walked = self._round(round_id, who).item
        permitted_role(who, "see_rounds", walked.area)
        limit = asked["limit"]
        found = self.rounds_kept.doors(round_id, asked.get("standing"), asked["after"], limit + 1)
        shown = [kept.item for kept in found[:limit]]
        stated_at = self.needs_kept.of([visit.id for each in shown for visit in each.visits])
        items = [views.address(each, stated_at) for each in shown]
        names = self._door_names(shown, tenant_of(walked.area))
        return {"items": items, "names": names, "next": shown[-1].number if len(found) > limit else None}

    @rpc
    def visit_note(self, caller: Answer, round_id: str, address_id: str, visit_id: str) -> Answer:
        """The private note of a visit, for those who visit there: `{text}`. Refuses `note_not_found`.

        That it was read is in the trail first.
        """
        bind({"round_id": round_id, "address_id": address_id})
        who = Caller.load(caller)
        kept = self._address(round_id, address_id, who)
        role = permitted_role(who, "see_visit_note", kept.item.grid_code)
        ours = any(visit.id == visit_id for visit in kept.item.visits)
        sealed = self.rounds_kept.note(visit_id) if ours else None
        if sealed is None:
            raise Refusal("note_not_found")
        areas = self._audit_areas(kept.item.grid_code)
        self._audit(who, "note.read", role, "visit", visit_id, areas)
        return {"text": self.seal.open(sealed)}

    @rpc
    def visit_form(self) -> Answer:
        """Each field of a visit, and what it is for: `{items}`."""
        return {"items": [{"field": name, "zh": zh, "en": en} for name, (zh, en) in PURPOSES.items()]}

    def _door_names(self, doors: list[Address], tenant: str) -> dict[str, str]:
        """What the compounds and grids of the doors are called."""
        ids = sorted({door.compound_id for door in doors if door.compound_id})
        compounds = self.territory.compounds.find({"_id": {"$in": ids}, "tenant": tenant})
        grids = self.territory.grids_of({door.grid_code for door in doors}, tenant)
        return {each.id: each.name for each in compounds} | {grid.code: grid.name for grid, _ in grids}

    def _doors(self, round_id: str, rows: list[Answer], caller: Caller) -> list[Address]:
        ids = sorted({row["compound_id"] for row in rows if "compound_id" in row})
        found = self.territory.compounds.find({"_id": {"$in": ids}, "tenant": {"$in": sorted(tenants(caller))}})
        grid_of = {compound.id: compound.grid_code for compound in found}
        named = {row["grid_code"] for row in rows if "grid_code" in row} | set(grid_of.values())
        return rules.doors(round_id, rows, grid_of, self._open_grids(named))

    def _open_grids(self, codes: set[str]) -> frozenset[str]:
        """Those of the codes that are grids of one district, that of the first of them, and in force now."""
        tenant = tenant_of(min(codes, default=""))
        left = {code for code in codes if tenant_of(code) == tenant}
        while left:
            try:
                self.territory.check_open(left, tenant, self.clock.now())
            except Refusal as refused:
                left -= set(refused.details["grid_codes"])
            else:
                break
        return frozenset(left)

    def _round(self, id: str, caller: Caller) -> Kept[Round]:
        return self.rounds_kept.records.load(id, tenants(caller))

    def _address(self, round_id: str, id: str, caller: Caller) -> Kept[Address]:
        kept = self.rounds_kept.addresses.load(id, tenants(caller))
        if kept.item.round_id != round_id:
            raise Refusal("address_not_found")
        return kept

    def _note(self, visit: Visit, text: str | None) -> list[Writing]:
        if text is None:
            return []
        forget_at = self.present.now() + rules.NOTE_KEPT
        return [self.rounds_kept.noting(visit.id, self.seal.close(text), visit.at, forget_at)]


def _answer(made: Round) -> Answer:
    return {"area": made.area, "listed": made.listed}
