"""Where surveys are kept, what was answered as counts alone, and apart from it who has answered as keyed marks.

An answer is two writes in one transaction: the mark of who gives it, and the counts that it adds to. No document holds
one answer, and neither a time nor an order ties a mark to a count (docs/domain.md §5, record 0036).
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from cases.surveys.documents import counts_read, increments, survey_read, survey_written
from cases.surveys.result import Counts
from cases.surveys.scale import Scale
from cases.surveys.survey import Status, Survey
from chassis.crash import crash_point
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import StaleVersion, transaction
from chassis.paging import After, following
from chassis.records import COMMANDS, Kept, Records

NEWEST = (("drafted_at", DESCENDING), ("_id", DESCENDING))
LATEST = (("closed_at", DESCENDING), ("_id", DESCENDING))
SHOWN = tuple(each.value for each in Status if each is not Status.DRAFT)
"""What everybody sees."""


@dataclass(frozen=True)
class Wanted:
    """Which surveys a list holds: of these areas and all within them, with or without drafts, and of a status."""

    tenants: tuple[str, ...]
    areas: tuple[str, ...]
    drafts: bool
    status: str | None = None


@dataclass(frozen=True)
class Mark:
    """That somebody has answered: `name` stands for the person in this survey alone, `command` for the command."""

    name: str
    command: str


class SurveyStore:
    """Reads and writes surveys; nobody outside hears of them."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "surveys": [
            COMMANDS,
            IndexModel([("areas", ASCENDING), *NEWEST], name="area"),
            IndexModel([("area", ASCENDING), ("status", ASCENDING), *LATEST], name="of_area"),
            IndexModel([("history.by.id", ASCENDING)], name="moved_by"),
            IndexModel([("due_at", ASCENDING)], name="due"),
        ],
        "survey_marks": [IndexModel([("survey_id", ASCENDING)], name="survey")],
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("surveys", subject="survey", published=())
        self.records = Records(outbox, survey_written, survey_read, lambda: Refusal("survey_not_found"))
        self._surveys = outbox.collection
        self._counts = home.collection("survey_counts")
        self._marks = home.collection("survey_marks")

    def page(self, wanted: Wanted, after: After | None, limit: int) -> list[Kept[Survey]]:
        """A page of surveys, those drafted last first."""
        statuses = [wanted.status] if wanted.status else list(Status) if wanted.drafts else list(SHOWN)
        told = {"status": {"$in": [each for each in statuses if wanted.drafts or each in SHOWN]}}
        where = {"areas": {"$in": list(wanted.areas)}, "tenant": {"$in": list(wanted.tenants)}}
        query = {**where, **told, **following("drafted_at", DESCENDING, after)}
        return self.records.find(query, NEWEST, limit)

    def earlier(self, survey: Survey, limit: int) -> list[Survey]:
        """Published surveys of the same area that ended before this one, the latest first.

        A survey has ended when it was closed, whatever was planned; of two that the clock has closed at once, that
        with the smaller id was the earlier. One that is open has none before it.
        """
        if survey.closed_at is None:
            return []
        before = following("closed_at", DESCENDING, (survey.closed_at, survey.id))
        query = {"area": survey.area, "status": Status.PUBLISHED.value, **before}
        return [kept.item for kept in self.records.find(query, LATEST, limit)]

    def due(self, now: datetime, limit: int) -> list[Survey]:
        """Surveys that the clock has to see to, those that wait longest first."""
        return [kept.item for kept in self.records.find({"due_at": {"$lte": now}}, (("due_at", ASCENDING),), limit)]

    def start_counting(self, survey_id: str) -> None:
        """Answers count from now on; where they do already, or did, nothing changes."""
        self._counts.update_one({"_id": survey_id}, {"$setOnInsert": {"open": True, "n": {}}}, upsert=True)

    def stop_counting(self, survey_id: str) -> None:
        """No answer counts from now on, not even one that is on its way: what is read now stays."""
        self._counts.update_one({"_id": survey_id}, {"$set": {"open": False}})

    def marked(self, names: Sequence[str]) -> list[Mark]:
        """Which of these have answered."""
        return [Mark(each["_id"], each["command"]) for each in self._marks.find({"_id": {"$in": list(names)}})]

    def count(self, survey_id: str, mark: Mark, code: str, scores: Mapping[Scale, int]) -> None:
        """Keep that somebody has answered, and add what was answered to the counts of the place: both, or neither.

        Refuses `survey_not_open`; raises `StaleVersion` where the mark is there, or somebody else answers right now.
        """
        with _once_each(), transaction(self._counts) as session:
            marked = {"_id": mark.name, "command": mark.command, "survey_id": survey_id}
            self._marks.insert_one(marked, session=session)
            crash_point("answer-marked")
            adding = {"$inc": increments(code, scores)}
            found = self._counts.update_one({"_id": survey_id, "open": True}, adding, session=session)
            if not found.matched_count:
                raise Refusal("survey_not_open")
            crash_point("answer-counted")

    def counts(self, survey_id: str) -> Counts:
        """What was answered, place by place."""
        found = self._counts.find_one({"_id": survey_id})
        return counts_read(found) if found else {}

    def counts_of(self, survey_ids: Sequence[str]) -> dict[str, Counts]:
        """The same of several surveys, by their ids."""
        return {each["_id"]: counts_read(each) for each in self._counts.find({"_id": {"$in": list(survey_ids)}})}

    def forget_marks(self, survey_id: str) -> None:
        """Who has answered is needed no more: nobody can again."""
        self._marks.delete_many({"survey_id": survey_id})
        crash_point("marks-forgotten")
        self._surveys.update_one({"_id": survey_id}, {"$set": {"due_at": None}})


@contextmanager
def _once_each() -> Iterator[None]:
    """Somebody's mark that is there already is no other fault than one that is being made."""
    try:
        yield
    except DuplicateKeyError as error:
        raise StaleVersion from error
