"""The entrypoints of intake sessions: each loads, lets the rules decide, and stores."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from nameko.timer import timer

from cases import likeness
from cases.case import Case
from cases.casework import Casework
from cases.duplicates import Duplicates
from cases.hidden import hidden_from
from cases.intake_sessions import view
from cases.intake_sessions.following import Progress
from cases.intake_sessions.holding import IntakeSessions, Looked
from cases.intake_sessions.intake_session import Form, IntakeSession, check_told, sees
from cases.intake_sessions.roll import Roll, named
from cases.intake_sessions.schemas import AttendeesSchema, IntakeSessionSchema, SessionPageSchema
from cases.intake_sessions.store import IntakeSessionStore
from cases.keys import sealer
from cases.likeness import Sketch
from cases.match_lists import view as match_view
from cases.match_lists.asking import Demands
from cases.match_lists.store import MatchListStore
from cases.permission import within
from cases.showing import view as case_view
from cases.showing.listing import OVERSEEING, tenants
from cases.showing.sight import sight
from cases.store import CaseStore, ContactStore, PhotoStore, PlaceStore
from cases.trail import TrailDesk
from chassis.caller import Caller
from chassis.command import Asked, digest
from chassis.errors import Refusal
from chassis.instant import written
from chassis.logs import bind
from chassis.records import Kept
from chassis.rpc import rpc
from chassis.schema import load, reason_or_none
from chassis.sealing import Sealer
from chassis.store import Store

Answer = dict[str, Any]

COMPARED = 50
"""With how many of its cases a session is answered with their duplicates: 500 are not compared while somebody waits."""

MOST_READ = 2_000
"""How many open cases are read for that: where so much is open around the first ones, fewer are answered so."""

LOOK_SECONDS = 30
LOOKED_AT_ONCE = 100


class IntakeSessionDesk(TrailDesk):
    """Takes in what came up where people were listened to (docs/domain.md §1, F30)."""

    cases_kept: CaseStore
    places: PlaceStore
    photos: PhotoStore
    contacts: ContactStore
    match_lists: MatchListStore
    members: Any
    seal: Sealer
    intake_sessions: IntakeSessionStore = Store(IntakeSessionStore, sealer)

    @rpc
    def open_intake_session(self, caller: Answer, command_id: str, **body: Any) -> Answer:
        """Keep a session with everything that came up, or nothing: the receipt, with `items` and their `duplicates`.

        Those are None for what was not compared, which `CaseService.duplicates` tells case by case.
        Refuses `invalid`, and what `IntakeSessions.open` does.
        """
        fields, who = load(IntakeSessionSchema(), body), Caller.load(caller)
        asked = self._asked(caller, command_id, body)
        receipt, looked = self._sessions(fields).open(asked, fields)
        opened = [each.case for each in looked if each.case is not None] or self._opened(receipt["items"], who)
        similar = self._similar(opened, who)
        return {**receipt, "items": [{**item, "duplicates": similar.get(item["id"], [])} for item in receipt["items"]]}

    @rpc
    def check_intake_session(self, caller: Answer, **body: Any) -> Answer:
        """What would become of a session, and nothing is kept: `{items}` with `form`, `known` and `duplicates`.

        Refuses as `open_intake_session` does.
        """
        fields, who = load(IntakeSessionSchema(), body), Caller.load(caller)
        asked = Asked(who, "check", digest(body), self.clock.now())
        _, looked, _ = self._sessions(fields).look(asked, fields)
        similar = self._similar([each.case for each in looked if each.case is not None], who)
        return {"items": [_foreseen(each, similar) for each in looked]}

    @rpc
    def intake_session(self, caller: Answer, session_id: str) -> Answer:
        """One session and where each of its items stands; refuses `session_not_found` and `out_of_scope`."""
        bind({"intake_session_id": session_id})
        who = Caller.load(caller)
        kept = self.intake_sessions.sessions.load(session_id, tenants(who))
        if not sees(kept.item, who):
            raise Refusal("out_of_scope", act="see_session")
        hidden = self._hidden([kept.item], who)
        return {**view.shown(kept.item, kept.version, who, hidden), "items": self._items(kept.item, who, hidden)}

    @rpc
    def intake_sessions_of(self, caller: Answer, **page: Any) -> Answer:
        """A page of an area's sessions, those held last first: `{items, next}`; refuses `out_of_scope`."""
        who, asked = Caller.load(caller), load(SessionPageSchema(), page)
        if not within(who, OVERSEEING, asked["area"]):
            raise Refusal("out_of_scope", act="see_sessions")
        found = self.intake_sessions.page(asked["area"], asked["after"], asked["limit"] + 1)
        shown = found[: asked["limit"]]
        following = _position(shown[-1]) if len(found) > len(shown) else None
        hidden = self._hidden([each.item for each in shown], who)
        return {"items": [view.outline(each.item, each.version, hidden) for each in shown], "next": following}

    @rpc
    def attendee_contacts(self, caller: Answer, command_id: str, session_id: str, **body: Any) -> Answer:
        """How to reach those who left a phone: `{items}`; who asked and why is written down first.

        The host needs no reason. Refuses `session_not_found`, `not_permitted`, `out_of_scope`, `reason_missing` and
        `command_id_reused`.
        """
        bind({"intake_session_id": session_id})
        who, reason = (
            Caller.load(caller),
            load(AttendeesSchema(), {**body, "reason": reason_or_none(body.get("reason"))})["reason"],
        )
        session = self.intake_sessions.sessions.load(session_id, tenants(who)).item
        role = check_told(session, who, reason)
        asked = self._asked(caller, command_id, {"session_id": session_id, **body})
        reveal = {"session_id": session_id, "by": who.id, "role": role, "reason": reason, "at": asked.now}
        self.contacts.note(asked.key, asked.digest, reveal)
        areas = self._audit_areas(session.area)
        self._audit_asked(asked, "contact.revealed", role, ("intake_session", session_id), areas, reason)
        return {"items": [view.contact(each, self.seal.reveal) for each in session.attendees if each.by_hand]}

    @timer(interval=LOOK_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def follow_sessions(self) -> None:
        """Tell attendees when everything is decided, and when everything has ended."""
        Progress(self.intake_sessions, self.cases_kept, self.match_lists).look(self.clock.now(), LOOKED_AT_ONCE)

    def _sessions(self, fields: Mapping[str, Any]) -> IntakeSessions:
        """What keeps the session of these fields: its items share places and people, which are asked for once."""
        people, places = Roll(self.members, named(fields)), self.places.remembering()
        casework = Casework(self.cases_kept, places, self.photos, people)
        return IntakeSessions(self.intake_sessions, casework, Demands(self.match_lists, casework))

    def _opened(self, items: Iterable[Mapping[str, Any]], who: Caller) -> list[Case]:
        """The cases that a receipt names which was given before, in its order."""
        ids = [item["id"] for item in items if item["form"] == Form.CASE.value and not item["known"]]
        found = {case.id: case for case in self.cases_kept.with_ids(ids, tenants(who))}
        return [found[id] for id in ids if id in found]

    def _similar(self, cases: Sequence[Case], who: Caller) -> dict[str, list[Answer] | None]:
        """For the first cases the open ones that may be about the same thing, as far as the caller may see them."""
        duplicates = Duplicates(self.cases_kept)
        return {
            case.id: self._likenesses(duplicates, case, who) if n < COMPARED and duplicates.read < MOST_READ else None
            for n, case in enumerate(cases)
        }

    def _likenesses(self, duplicates: Duplicates, case: Case, who: Caller) -> list[Answer]:
        now = self.clock.now()
        found = duplicates.shown_to(who, Sketch.of(case))
        return [likeness.shown(each, case_view.listed(each.case, who, seen, now)) for each, seen in found]

    def _hidden(self, sessions: Iterable[IntakeSession], who: Caller) -> frozenset[str]:
        """The cases of the sessions that complain of the caller's unit, and are none to them (docs/domain.md §5)."""
        return hidden_from(self.cases_kept, [id for session in sessions for id in session.ids(Form.CASE)], who)

    def _items(self, session: IntakeSession, who: Caller, hidden: Collection[str]) -> list[Answer]:
        """Each item as the caller may see it, in the order in which it was typed; none that is hidden."""
        now = self.clock.now()
        cases = {case.id: case for case in self.cases_kept.with_ids(session.ids(Form.CASE), tenants(who))}
        lines = {id: case_view.listed(case, who, sight(case, who), now) for id, case in cases.items()}
        demands = self.match_lists.demands.find({"_id": {"$in": session.ids(Form.NEED)}})
        needs = {kept.id: match_view.demand(kept.item, kept.version, who) for kept in demands}
        return [
            {**vars(item), "form": item.form.value, "case": lines.get(item.id), "demand": needs.get(item.id)}
            for item in session.items
            if item.id not in hidden
        ]


def _foreseen(looked: Looked, similar: Mapping[str, list[Answer] | None]) -> Answer:
    item = looked.item
    number = item.number if item.known else None
    return {"form": item.form.value, "known": item.known, "number": number, "duplicates": similar.get(item.id, [])}


def _position(kept: Kept[IntakeSession]) -> list[str]:
    return [written(kept.item.held_at), kept.id]
