"""The link to an anonymous report: what is kept of it, as whom its holder acts, and what it shows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from cases.act import Act, Happening
from cases.case import Case, Remark
from cases.dues import is_overdue
from cases.permission import LINK
from cases.showing.steps import STEPS
from cases.showing.view import open_acts
from chassis.caller import Caller, Grant
from chassis.instant import written, written_or_none
from chassis.privacy import masked_text

RANDOM_BYTES = 32
"""Of the secret in a link: 256 bits."""

SHOWN = STEPS | {Act.ASK, Act.ANSWER}
"""What happened that is told: besides the steps that everybody is told, the questions and their answers."""

SAID = frozenset({Act.REJECT, Act.ANSWER_DIRECTLY, Act.ASK, Act.FEEDBACK})
"""With which acts the words are told: those that are for the reporter. The reporter's own are not; they are known."""


def digest(token: str) -> str:
    """What is kept of the token in a link; from it nobody can tell the token."""
    return sha256(token.encode()).hexdigest()


def holder(case: Case) -> Caller:
    """As whom somebody acts who has the link: one who can be told from the reporter of no other case."""
    return Caller(case.reporter.link or "", (Grant(LINK, case.place.tenant),))


def shown(case: Case, history: Sequence[Happening], joined: Case | None, now: datetime) -> dict[str, Any]:
    """What anybody reads who has the link: no place but the grid, no photo, nobody, and no word that is not for them.

    `joined` is the case that the report was merged into; of it no more is told than how it stands.
    """
    return {
        **_standing(case, now),
        "category": case.category,
        "category_name": {"zh": case.kind.zh, "en": case.kind.en} if case.kind else None,
        "grid_code": case.place.grid_code,
        "reported_at": written(case.reported_at),
        "respond_due": written_or_none(case.dues.respond_due),
        "questions": [_line(entry, case.remarks) for entry in _asked(case, history)],
        "timeline": [_line(entry, case.remarks) for entry in history if entry.data["act"] in SHOWN],
        "merged_into": _standing(joined, now) if joined else None,
        "acts": [act for act in open_acts(case, holder(case)) if _makes_sense(act, case)],
    }


def _standing(case: Case, now: datetime) -> dict[str, Any]:
    return {
        "number": case.number,
        "status": case.status.value,
        "resolve_due": written_or_none(case.dues.resolve_due),
        "resolved_at": written_or_none(case.dues.resolved_at),
        "closed_at": written_or_none(case.dues.closed_at),
        "overdue": case.is_open and is_overdue(case.dues, now),
    }


def _asked(case: Case, history: Iterable[Happening]) -> list[Happening]:
    """The questions that wait for an answer, in their order."""
    return [entry for entry in history if entry.id in case.questions]


def _makes_sense(act: str, case: Case) -> bool:
    return act != Act.ANSWER or bool(case.questions)


def _line(entry: Happening, remarks: Iterable[Remark]) -> Mapping[str, Any]:
    act = entry.data["act"]
    told = next((each for each in remarks if each.event_id == entry.id and not each.internal), None)
    text = masked_text(told.text) if told and told.text and act in SAID else None
    return {"act": act, "at": written(entry.at), "status": entry.data["status"], "text": text}
