"""The own copy: everything that cases keeps of somebody, as they get it, unmasked; nothing of others."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from cases.act import Happening
from cases.intake_sessions import documents as session_documents
from cases.intake_sessions import view as session_view
from cases.intake_sessions.store import IntakeSessionStore
from cases.match_lists import documents as demand_documents
from cases.match_lists import view as match_view
from cases.match_lists.store import MatchListStore
from cases.showing import view
from cases.showing.sight import Sight, sight
from cases.store import CaseStore, ContactStore, case_document
from cases.store import forgetting as store
from chassis.caller import Caller
from chassis.instant import written
from chassis.outbox import Document
from chassis.secret import Opening, shown_secret

Answer = dict[str, Any]

EVERYTHING = 0
"""The limit of a query that has none."""

ENTRY = ("id", "type", "at", "data", "key", "by")


class OwnCopy:
    """Reads what stands under somebody, under whichever id."""

    def __init__(
        self,
        cases: CaseStore,
        match_lists: MatchListStore,
        sessions: IntakeSessionStore,
        contacts: ContactStore,
        opening: Opening,
    ) -> None:
        self._cases, self._match_lists, self._sessions = cases.outbox, match_lists, sessions.sessions.outbox
        self._contacts, self._opening = contacts, opening

    def of(self, who: Caller, now: datetime) -> Answer:
        """`{cases, handled, demands, resources, sessions, contacts_told}`: every own word; who was told, and why.

        `handled` are the cases that are given to them, in outline: the words in these are somebody else's.
        """
        ids = who.ids
        cases = store.cases_of(self._cases, ids, EVERYTHING)
        handled = store.handled_by(self._cases, ids)
        demands = store.demands_of(self._match_lists.demands.outbox, ids, EVERYTHING)
        sessions = store.sessions_of(self._sessions, ids, EVERYTHING)
        offered = self._match_lists.resources.find({"mine": {"$in": sorted(ids)}})
        own = [*(each for each in cases if each["reporter"]["id"] in ids), *demands, *sessions]
        return {
            "cases": [self._case(each, who, now) for each in cases],
            "handled": [view.outline(case_document.read(each), now, Sight.FULL) for each in handled],
            "demands": [self._demand(each, who) for each in demands],
            "resources": [match_view.resource(each.item, each.version, who) for each in offered],
            "sessions": [self._session(each, ids) for each in sessions],
            "contacts_told": [_told(each) for each in self._contacts.told_of({each["_id"] for each in own})],
        }

    def _case(self, found: Document, who: Caller, now: datetime) -> Answer:
        case = case_document.read(found)
        history = [Happening(**{name: each[name] for name in ENTRY}) for each in found["history"]]
        # What somebody had a part in, at least that there was one: also where the part is over.
        seen = max(sight(case, who), Sight.OUTLINE)
        shown = view.shown(case, history, who, seen, now, self._opening)
        contact = case.reporter.contact
        if contact is None or not who.is_(case.reporter.id):
            return {**shown, "contact": None}
        name, phone = shown_secret(contact.name, self._opening), shown_secret(contact.phone, self._opening)
        return {**shown, "contact": {"name": name, "phone": phone, "callback": contact.callback}}

    def _demand(self, found: Document, who: Caller) -> Answer:
        demand = demand_documents.demand_read(found)
        contact = demand.asker.contact
        told = match_view.contact(contact, None, self._opening) if contact else None
        return {**match_view.demand(demand, found["version"], who), "contact": told}

    def _session(self, found: Document, ids: Collection[str]) -> Answer:
        session = session_documents.read(found)
        mine = [each for each in session.attendees if each.person_id in ids]
        shown = session_view.outline(session, found["version"])
        return {**shown, "contacts": [session_view.contact(each, self._opening) for each in mine]}


def _told(reveal: Mapping[str, Any]) -> Answer:
    return {
        **{name: reveal.get(name) for name in ("case_id", "demand_id", "session_id", "role", "reason")},
        "at": written(reveal["at"]),
    }
