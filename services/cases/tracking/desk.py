"""The entrypoints of anonymous reports that are followed by a link, and of reports without an account."""

import secrets
from typing import Any

from cases.act import Act
from cases.case import Case
from cases.casework import Casework
from cases.permission import THE_PUBLIC
from cases.store import CaseStore, PhotoStore, PlaceStore
from cases.tracking.link import RANDOM_BYTES, digest, holder, shown
from cases.tracking.schemas import AnybodysReportSchema, LinkAnswerSchema, LinkSchema
from chassis.command import Asked
from chassis.desk import Desk
from chassis.errors import Refusal
from chassis.rpc import rpc
from chassis.schema import load

Answer = dict[str, Any]


class TrackingDesk(Desk):
    """Gives out a link with each anonymous report, once, and shows the report to whoever has it."""

    cases_kept: CaseStore
    places: PlaceStore
    photos: PhotoStore
    members: Any

    @rpc
    def report_by_anybody(self, command_id: str, **body: Any) -> Answer:
        """Open a case for somebody without an account, anonymously: as `report` answers, and refuses."""
        fields = load(AnybodysReportSchema(), body)
        return self._reported(self._asked(THE_PUBLIC.dump(), command_id, body), {**fields, "anonymous": True})

    @rpc
    def tracked_report(self, token: str) -> Answer:
        """The report that a link leads to: see `link.shown`; refuses `tracked_report_not_found`.

        How long that takes tells nothing of how near a guess is: what is looked for is its digest.
        """
        case, history = self.cases_kept.tracked(digest(load(LinkSchema(), {"token": token})["token"]))
        return shown(case, history, self._joined(case), self.clock.now())

    @rpc
    def answer_by_link(self, token: str, command_id: str, **body: Any) -> Answer:
        """Answer what was asked: `{number, version, status, act, at}`.

        Refuses `invalid`, `tracked_report_not_found`, `no_question_waiting` and what `move` refuses.
        """
        given = load(LinkAnswerSchema(), {"token": token, **body})
        case, _ = self.cases_kept.tracked(digest(given["token"]))
        asked = self._asked(holder(case).dump(), command_id, {"case_id": case.id, **body})
        receipt = self._work.move(asked, case.id, Act.ANSWER, {"text": given["text"]})
        return {name: receipt[name] for name in ("number", "version", "status", "act", "at")}

    def _reported(self, asked: Asked, fields: Answer) -> Answer:
        """The receipt of a report, of an anonymous one with its `tracking_token`.

        The token is in no entry and no event: a repetition of the command is not told it again.
        """
        if not fields.get("anonymous"):
            return self._work.report(asked, fields)
        token = secrets.token_urlsafe(RANDOM_BYTES)
        receipt = self._work.report(asked, {**fields, "link": digest(token)})
        return {**receipt, "tracking_token": token if self._leads_to(token, receipt["case_id"]) else None}

    def _leads_to(self, token: str, case_id: str) -> bool:
        """Whether the case was opened with this link, and not by an earlier one of the same commands."""
        try:
            return self.cases_kept.tracked(digest(token))[0].id == case_id
        except Refusal:
            return False

    def _joined(self, case: Case) -> Case | None:
        """The case at the end of the merges, if it was merged."""
        found = case
        while found.merged_into is not None:
            found = self.cases_kept.load(found.merged_into, [found.place.tenant]).case
        return found if found is not case else None

    @property
    def _work(self) -> Casework:
        return Casework(self.cases_kept, self.places, self.photos, self.members)
