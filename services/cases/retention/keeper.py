"""Letting go of what is personal: finds what is over, lets the rules decide what is left, and writes that."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from cases.case import Case, Status
from cases.intake_sessions import documents as session_documents
from cases.intake_sessions.intake_session import attendees_gone
from cases.intake_sessions.store import IntakeSessionStore
from cases.match_lists import documents as demand_documents
from cases.match_lists.store import MatchListStore
from cases.moves import event
from cases.retention import forgetting
from cases.retention.forgetting import Names, Pseudonym
from cases.store import CaseStore, ContactStore, PhotoStore, case_document
from cases.store import forgetting as store
from cases.term import TERMS, case_over_at
from chassis.caller import CLOCK
from chassis.ids import new_id
from chassis.instant import written
from chassis.outbox import Document, Entry, Outbox, StaleVersion
from chassis.secret import Opening
from chassis.term import kept_since

SHORTEST_NAME = 2
"""A name of one character stands in too many words to be looked for in them."""

BY = {"id": CLOCK, "role": CLOCK}


class Keeper:
    """Lets go of cases, demands, sessions and traces of reveals, however many instances do."""

    def __init__(
        self,
        cases: CaseStore,
        match_lists: MatchListStore,
        sessions: IntakeSessionStore,
        photos: PhotoStore,
        contacts: ContactStore,
        opening: Opening,
        pseudonym: Pseudonym,
    ) -> None:
        self._cases, self._demands, self._sessions = cases.outbox, match_lists.demands.outbox, sessions.sessions.outbox
        self._resources = match_lists.resources.outbox
        self._photos, self._contacts, self._opening, self._pseudonym = photos, contacts, opening, pseudonym

    def let_go(self, now: datetime, limit: int) -> Counter[str]:
        """Let go of at most so many of each kind whose term is over; how many of what went."""
        gone = Counter[str]()
        for found in store.over(self._cases, now, limit):
            gone += _tried(partial(self._forget_case, found, now))
        for found in store.over(self._demands, now, limit):
            gone += _tried(partial(self._forget_demand, found, now))
        for found in store.over(self._sessions, now, limit):
            gone += _tried(partial(self._forget_session, found, now))
        gone["reveals"] += self._contacts.forget_before(kept_since(TERMS["reveals"], now))
        return +gone

    def due(self, now: datetime) -> Counter[str]:
        """How many of what has a term that is over; a rejected report is called one, as in `let_go`."""
        cases, rejected = store.number_over(self._cases, now), store.number_over(self._cases, now, Status.REJECTED)
        return +Counter(
            {
                "cases": cases - rejected,
                "rejected": rejected,
                "demands": store.number_over(self._demands, now),
                "sessions": store.number_over(self._sessions, now),
                "reveals": self._contacts.told_before(kept_since(TERMS["reveals"], now)),
            }
        )

    def let_people_go(self, ids: Collection[str], now: datetime, limit: int) -> Counter[str]:
        """Take people who were deleted out of at most so many cases, demands, offers and sessions; how many it was."""
        gone = Counter[str]()
        for found in store.cases_of(self._cases, ids, limit):
            gone += _tried(partial(self._release_case, found, ids, now))
        for found in store.demands_of(self._demands, ids, limit):
            gone += _tried(partial(self._forget_demand, found, now, asked_to=True))
        for found in store.resources_of(self._resources, ids, limit):
            gone += _tried(partial(self._release_resource, found, ids, now))
        for found in store.sessions_of(self._sessions, ids, limit):
            gone += _tried(partial(self._release_session, found, ids, now))
        gone["photos_disowned"] += self._photos.disown(ids)
        return +gone

    def mark(self, after: str, limit: int) -> str | None:
        """Note when older documents are over, a page at a time; `after` names the kind and the last id."""
        kinds: Sequence[tuple[str, Outbox, Callable[[Mapping[str, Any]], datetime | None]]] = (
            ("cases", self._cases, lambda found: case_over_at(case_document.read(found))),
            ("demands", self._demands, _demand_over_at),
            ("sessions", self._sessions, _session_over_at),
        )
        kind, _, last = (after or "cases:").partition(":")
        n = next(n for n, each in enumerate(kinds) if each[0] == kind)
        following = store.marked(kinds[n][1], kinds[n][2], last, limit)
        if following is not None:
            return f"{kind}:{following}"
        return f"{kinds[n + 1][0]}:" if n + 1 < len(kinds) else None

    def _forget_case(self, found: Document, now: datetime) -> Counter[str]:
        case, ids = case_document.read(found), forgetting.people_of(case_document.read(found))
        phone = case.reporter.contact.phone if case.reporter.contact else None
        # Photos first: if we break off before the case is written, it is all done once more.
        photos = self._photos.forget_of_case(case.id)
        known_as = self._opening(phone) if phone else None
        after = forgetting.forgotten(case, self._names(case), self._pseudonym, now, known_as)
        self._write_case(found, case, after, ids, now)
        return Counter({"photos": photos, "rejected" if case.status is Status.REJECTED else "cases": 1})

    def _release_case(self, found: Document, ids: Collection[str], now: datetime) -> Counter[str]:
        case = case_document.read(found)
        after = forgetting.people_gone(case, ids, self._names(case), self._pseudonym)
        self._write_case(found, case, after, ids, now)
        return Counter({"cases": 1})

    def _write_case(self, found: Document, case: Case, after: Case, ids: Collection[str], now: datetime) -> None:
        told = event.forgotten(case, after, now)
        change = case_document.changes(case, after)
        over = after.forgotten_at is not None
        earlier = forgetting.told_without(found["history"], ids, self._pseudonym, over=over)
        store.rewritten(self._cases, found, Entry(new_id(), event.FORGOTTEN, now, told, by=BY), change, earlier)

    def _forget_demand(self, found: Document, now: datetime, *, asked_to: bool = False) -> Counter[str]:
        demand = demand_documents.demand_read(found)
        over = not asked_to or demand.ended_at is not None
        after = forgetting.demand_forgotten(demand, now, raw=demand.is_raw and over, over=over)
        ids = {demand.asker.id} if demand.asker.id else set()
        self._rewrite(self._demands, found, demand_documents.demand_written(after), "demand.forgotten", ids, now)
        return Counter({"demands": 1})

    def _release_resource(self, found: Document, ids: Collection[str], now: datetime) -> Counter[str]:
        after = forgetting.resource_forgotten(demand_documents.resource_read(found), ids, self._pseudonym)
        written_ = demand_documents.resource_written(after)
        self._rewrite(self._resources, found, written_, "resource.forgotten", ids, now)
        return Counter({"resources": 1})

    def _forget_session(self, found: Document, now: datetime) -> Counter[str]:
        session = session_documents.read(found)
        ids = {each.person_id for each in session.attendees if each.person_id}
        after = forgetting.session_forgotten(session, now)
        self._rewrite(self._sessions, found, session_documents.written(after), "session.forgotten", ids, now)
        return Counter({"sessions": 1})

    def _release_session(self, found: Document, ids: Collection[str], now: datetime) -> Counter[str]:
        after = attendees_gone(session_documents.read(found), ids)
        self._rewrite(self._sessions, found, session_documents.written(after), "session.forgotten", ids, now)
        return Counter({"sessions": 1})

    def _rewrite(
        self, outbox: Outbox, found: Document, after: Document, type: str, ids: Collection[str], now: datetime
    ) -> None:
        told = {f"{outbox.subject}_id": found["_id"], "version": found["version"] + 1, "at": written(now), "by": BY}
        change = {"$set": {name: value for name, value in after.items() if name != "_id"}}
        if "forget_at" not in after:
            change["$unset"] = {"forget_at": ""}
        over = "forgotten_at" in after
        earlier = forgetting.told_without(found["history"], ids, self._pseudonym, over=over)
        store.rewritten(outbox, found, Entry(new_id(), type, now, told, by=BY), change, earlier)

    def _names(self, case: Case) -> Names:
        known = {self._opening(each): each.mask for each in forgetting.secrets_of(case)}
        return Names({name: mask for name, mask in known.items() if len(name) >= SHORTEST_NAME})


def _tried(work: Callable[[], Counter[str]]) -> Counter[str]:
    try:
        return work()
    except StaleVersion:
        return Counter()  # somebody has just changed it: the next sweep finds it again


def _demand_over_at(found: Mapping[str, Any]) -> datetime | None:
    over: datetime | None = demand_documents.demand_written(demand_documents.demand_read(found)).get("forget_at")
    return over


def _session_over_at(found: Mapping[str, Any]) -> datetime | None:
    over: datetime | None = session_documents.written(session_documents.read(found)).get("forget_at")
    return over
