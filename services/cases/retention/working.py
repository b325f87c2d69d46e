"""What somebody did for the office, as the own copy has it: acts and own words, nothing of those it was about."""

from collections.abc import Collection, Mapping
from typing import Any

from cases.intake_sessions import documents as session_documents
from cases.intake_sessions import view as session_view
from cases.intake_sessions.store import IntakeSessionStore
from cases.match_lists import documents as match_documents
from cases.match_lists import view as match_view
from cases.match_lists.store import MatchListStore
from cases.store import CaseStore
from cases.store import forgetting as store
from cases.summons.store import SummonsStore
from cases.surveys import documents as survey_documents
from cases.surveys import view as survey_view
from cases.surveys.store import SurveyStore
from chassis.audit.store import AuditStore
from chassis.audit.view import own
from chassis.instant import written, written_or_none
from chassis.outbox import Document

Answer = dict[str, Any]


class OwnWork:
    """Reads what somebody held, called, planned, asked and decided, under whichever id."""

    def __init__(
        self,
        cases: CaseStore,
        sessions: IntakeSessionStore,
        match_lists: MatchListStore,
        summons: SummonsStore,
        surveys: SurveyStore,
        audit: AuditStore,
    ) -> None:
        self._cases, self._sessions, self._audit = cases.outbox, sessions.sessions.outbox, audit
        self._projects, self._summons = match_lists.projects.outbox, summons.records.outbox
        self._surveys = surveys.records.outbox

    def of(self, ids: Collection[str]) -> Answer:
        """`{sessions_held, summons, projects, surveys, exclusions, trail}`: what was theirs in each (§5)."""
        return {
            "sessions_held": [_session(each) for each in store.sessions_held_by(self._sessions, ids)],
            "summons": [_summons(each, ids) for each in store.moved_by(self._summons, ids)],
            "projects": [_project(each, ids) for each in store.moved_by(self._projects, ids)],
            "surveys": [_survey(each, ids) for each in store.moved_by(self._surveys, ids)],
            "exclusions": [_exclusion(each, ids) for each in store.exclusions_of(self._cases, ids)],
            "trail": [own(row) for row in self._audit.of_who(ids)],
        }


def _acts(found: Document, ids: Collection[str]) -> Answer:
    """What they did with it, and when."""
    mine = [each for each in found["history"] if (each["by"] or {}).get("id") in ids]
    return {"acts": [{"type": each["type"], "at": written(each["at"])} for each in mine]}


def _session(found: Document) -> Answer:
    return session_view.outline(session_documents.read(found), found["version"])


def _summons(found: Document, ids: Collection[str]) -> Answer:
    """The call, with its words for whose they are; how units turned out is the units'."""
    return {
        "summons_id": found["_id"],
        "case_id": found["case_id"],
        "kind": found["kind"],
        "due_on_site": written(found["due_on_site"]),
        "text": found["text"] if found["initiator_id"] in ids else None,
        **_acts(found, ids),
    }


def _project(found: Document, ids: Collection[str]) -> Answer:
    return match_view.project(match_documents.project_read(found), found["version"]) | _acts(found, ids)


def _survey(found: Document, ids: Collection[str]) -> Answer:
    return survey_view.survey(survey_documents.survey_read(found), found["version"]) | _acts(found, ids)


def _exclusion(found: Document, ids: Collection[str]) -> Answer:
    """What they proposed or decided; the words of the other are the other's."""
    said: Mapping[str, Any] = found["exclusion"]
    proposed, decided = said["proposed_by"] in ids, said["decided_by"] in ids
    return {
        "case_id": found["_id"],
        "number": found["number"],
        "reason": said["reason"],
        "state": said["state"],
        "proposed_at": written(said["proposed_at"]) if proposed else None,
        "text": said["text"] if proposed else None,
        "decided_at": written_or_none(said["decided_at"]) if decided else None,
        "answer": said["answer"] if decided else None,
    }
