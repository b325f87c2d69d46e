"""What was said of activities in the database: once by each person, under an id that says so."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.records import COMMANDS, Answer, Outcome, Records
from members.feedback.feedback import GIVEN, Feedback, feedback_id


class FeedbackStore:
    """Keeps what was said; nobody else hears of it."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "feedback": [
            COMMANDS,
            IndexModel([("activity_id", ASCENDING)], name="activity"),
            IndexModel([("person_id", ASCENDING)], name="person"),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._outbox = home.outbox("feedback", subject="feedback", published=())
        self.records: Records[Feedback] = Records(self._outbox, _written, _read, lambda: Refusal("feedback_not_found"))

    def give(self, asked: Asked, feedback: Feedback, role: str) -> Answer:
        """Keep it; refuses `feedback_given`, and `command_id_reused`."""
        # Neither the mark nor the words: the history is for commands that come again.
        outcome = Outcome(feedback, GIVEN, {"activity_id": feedback.activity_id}, role)
        try:
            return self.records.open(asked, outcome)
        except DuplicateKeyError:
            raise Refusal("feedback_given") from None

    def said(self, activity_id: str, person_ids: Iterable[str]) -> bool:
        """Whether the person has said something already, under whichever id."""
        ids = [feedback_id(activity_id, id) for id in person_ids]
        return bool(self.records.find({"_id": {"$in": ids}}, limit=1))

    def of_activity(self, activity_id: str) -> list[Feedback]:
        """Everything that was said of an activity."""
        return [kept.item for kept in self.records.find({"activity_id": activity_id})]

    def of_people(self, person_ids: Iterable[str]) -> list[Feedback]:
        """Everything that a person said."""
        return [kept.item for kept in self.records.find({"person_id": {"$in": sorted(person_ids)}})]

    def forget_words(self, person_ids: Iterable[str]) -> None:
        """Let go of what a person wrote; the marks stay, so that averages stay as they are."""
        self._outbox.collection.update_many({"person_id": {"$in": sorted(person_ids)}}, {"$set": {"text": None}})


def _written(feedback: Feedback) -> dict[str, Any]:
    return {"_id": feedback.id, **{name: value for name, value in vars(feedback).items() if name != "id"}}


def _read(found: Mapping[str, Any]) -> Feedback:
    plain = {name: found[name] for name in Feedback.__dataclass_fields__ if name != "id"}
    return Feedback(found["_id"], **plain)
