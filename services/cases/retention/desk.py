"""The sweeps that end retention and let go of who was deleted, and the trace of what they did."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

import structlog
from nameko.timer import timer

from cases import heard
from cases.intake_sessions.store import IntakeSessionStore
from cases.keys import PseudonymProvider
from cases.match_lists.store import MatchListStore
from cases.moves import event
from cases.retention.copying import OwnCopy
from cases.retention.keeper import Keeper
from cases.retention.working import OwnWork
from cases.schemas import ContactSchema
from cases.showing import contact
from cases.showing.listing import tenants
from cases.showing.sight import check_there
from cases.store import CaseStore, ContactStore, PhotoStore, RetentionStore
from cases.store.cases import Step
from cases.summons.store import SummonsStore
from cases.surveys.store import SurveyStore
from cases.trail import EVERYBODY, TrailDesk
from chassis.audit.row import OPERATOR
from chassis.caller import CLOCK, Caller
from chassis.event import Event
from chassis.ids import new_id
from chassis.logs import bind
from chassis.outbox import Entry
from chassis.records import again_when_stale
from chassis.rpc import rpc
from chassis.schema import load
from chassis.sealing import Sealer
from chassis.store import Store
from chassis.subscribe import subscribe

Answer = dict[str, Any]

log = structlog.get_logger()

SWEEP_SECONDS = 3600
LOT = 100
MOST_LOTS = 50
"""How many lots one sweep sees to at most, so that it ends; what is left is seen to by the next."""

LOOK_SECONDS = 30


class RetentionDesk(TrailDesk):
    """Lets go of what is personal once its term is over, or its person has asked for it (docs/domain.md §5)."""

    cases_kept: CaseStore
    photos: PhotoStore
    contacts: ContactStore
    match_lists: MatchListStore
    intake_sessions: IntakeSessionStore
    summons_kept: SummonsStore
    surveys_kept: SurveyStore
    seal: Sealer
    retention_kept: RetentionStore = Store(RetentionStore)
    pseudonym: Callable[[str], str] = PseudonymProvider()

    @timer(interval=SWEEP_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def end_retention(self) -> None:
        """Let go of everything whose term is over."""
        now = self.clock.now()
        self._run(CLOCK, now, lambda: self._keeper.let_go(now, LOT))

    @subscribe("members", "person.erased")
    def note_deleted(self, deletion: Event) -> None:
        """Remember who was deleted; the next look takes them out of what is kept here."""
        self.retention_kept.note_deleted(heard.leaver(deletion.data))

    @timer(interval=LOOK_SECONDS)  # type: ignore[untyped-decorator]  # nameko is untyped
    def let_deleted_go(self) -> None:
        """Take who was deleted out of cases, demands and sessions, also of one that was opened at that very moment."""
        ids, now = self.retention_kept.deleted_lately(), self.clock.now()
        if ids:
            self._run("deletion", now, lambda: self._keeper.let_people_go(ids, now, LOT))

    @rpc
    def own_data(self, caller: Answer) -> Answer:
        """Everything that this service keeps of the caller, unmasked, once it is in the audit trail: `OwnCopy.of`."""
        who = Caller.load(caller)
        copy = OwnCopy(self.cases_kept, self.match_lists, self.intake_sessions, self.contacts, self.seal.reveal)
        found = copy.of(who, self.clock.now()) | self._own_work.of(who.ids)
        areas = [area for each in who.grants for area in self._audit_areas(each.scope)]
        self._audit(who, "own_data.copied", who.acting(EVERYBODY, ""), "person", who.id, areas)
        return found

    @rpc
    def correct_contact(self, caller: Answer, command_id: str, case_id: str, **body: Any) -> Answer:
        """Put right how the reporter is reached: the receipt. Refuses `invalid`, and as `role_that_corrects`."""
        bind({"case_id": case_id})
        fields = load(ContactSchema(), body)
        # Of what is personal the command keeps a pseudonym, by which it is recognised when it comes again.
        told = {name: self.pseudonym(value) for name, value in fields.items()}
        asked = self._asked(caller, command_id, {"case_id": case_id, **told})

        def once() -> Answer:
            loaded = self.cases_kept.load(case_id, tenants(asked.caller), asked.keys)
            if answer := asked.answered(loaded.earlier):
                return answer
            case = check_there(loaded.case, asked.caller)
            by = {"id": asked.caller.id, "role": contact.role_that_corrects(case, asked.caller)}
            after = contact.corrected(loaded.case, fields)
            data, id = event.contact_corrected(after, by, fields, asked.now), new_id()
            answer = dict(event.receipt(after, data["act"], asked.now, id))
            entry = Entry(id, event.CONTACT_CORRECTED, asked.now, data, "", by, asked.key, asked.digest, answer)
            self.cases_kept.save(Step(loaded.case, after, entry))
            return answer

        return again_when_stale(once)

    @rpc
    def retain(self, after: str = "") -> str | None:
        """One step of a run by hand: the `after` of the next step, None after the last. For operators.

        First it is noted when documents are over that older releases kept, and then what is over goes.
        """
        if after != "due":
            return self._keeper.mark(after, LOT) or "due"
        now = self.clock.now()
        gone = self._keeper.let_go(now, LOT)
        self._note(OPERATOR, now, gone)
        return "due" if gone else None

    @rpc
    def retention_due(self) -> Answer:
        """How many of what the next run would let go of, of documents that are marked. For operators."""
        return dict(self._keeper.due(self.clock.now()))

    def _run(self, by: str, now: datetime, lot: Callable[[], Counter[str]]) -> None:
        gone = Counter[str]()
        for _ in range(MOST_LOTS):
            more = lot()
            gone += more
            if not more:
                break
        self._note(by, now, gone)

    def _note(self, by: str, now: datetime, gone: Counter[str]) -> None:
        if gone:
            id = new_id()
            self._audit_retention(by, gone, id)
            self.retention_kept.note_run(id, now, by, gone)
            log.info("personal data let go", by=by, **gone)

    @property
    def _own_work(self) -> OwnWork:
        stores = (self.cases_kept, self.intake_sessions, self.match_lists, self.summons_kept, self.surveys_kept)
        return OwnWork(*stores, self.audit)

    @property
    def _keeper(self) -> Keeper:
        return Keeper(
            self.cases_kept,
            self.match_lists,
            self.intake_sessions,
            self.photos,
            self.contacts,
            self.seal.reveal,
            self.pseudonym,
        )
