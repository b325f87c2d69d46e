"""Where intake sessions are kept."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from cases.intake_sessions import documents
from cases.intake_sessions.intake_session import EVENT_TYPES, IntakeSession
from chassis.command import Asked
from chassis.errors import Refusal
from chassis.mongo import Home
from chassis.outbox import Audited, StaleVersion
from chassis.paging import After, following
from chassis.records import COMMANDS, Answer, Kept, Records, Writing, carried_out

NEWEST = (("held_at", DESCENDING), ("_id", DESCENDING))

AUDITED = Audited({"session.forgotten": ()}, lambda document: document["areas"])


class IntakeSessionStore:
    """The sessions, and the queries over them."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "intake_sessions": [
            COMMANDS,
            IndexModel([("areas", ASCENDING), *NEWEST], name="area"),
            IndexModel(
                [("forget_at", ASCENDING)], name="forget", partialFilterExpression={"forget_at": {"$exists": True}}
            ),
            IndexModel(
                [("attendees.person_id", ASCENDING)],
                name="attendee",
                partialFilterExpression={"attendees.person_id": {"$exists": True}},
            ),
            IndexModel([("host_id", ASCENDING)], name="host"),
            IndexModel([("looked_at", ASCENDING)], name="followed", partialFilterExpression={"followed": True}),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._notes = home.notes("intake_sessions")
        self.sessions: Records[IntakeSession] = Records(
            home.outbox("intake_sessions", subject="session", published=EVENT_TYPES, audited=AUDITED),
            documents.written,
            documents.read,
            lambda: Refusal("session_not_found"),
        )

    def write(self, asked: Asked, writings: Sequence[Writing]) -> Answer:
        """Write a session with all that came of it, or nothing: what it answers, or answered before.

        Raises chassis' StaleVersion when a number was taken meanwhile; refuses `command_id_reused`.
        """
        try:
            return carried_out(writings)[0]
        except DuplicateKeyError as error:
            if answer := self.sessions.answered(asked):
                return answer
            raise StaleVersion from error

    def page(self, area: str, after: After | None, limit: int) -> list[Kept[IntakeSession]]:
        """The sessions of an area, those held last first, after the position."""
        return self.sessions.find({"areas": area, **following("held_at", DESCENDING, after)}, NEWEST, limit)

    def followed(self, limit: int) -> list[Kept[IntakeSession]]:
        """Sessions whose attendees have not been told of the end, those first that were not looked at the longest."""
        return self.sessions.find({"followed": True}, (("looked_at", ASCENDING),), limit)

    def looked_at(self, id: str, now: datetime) -> None:
        """Note that the session was looked at, so that others get their turn."""
        self._notes.update_one({"_id": id}, {"$set": {"looked_at": now}})
