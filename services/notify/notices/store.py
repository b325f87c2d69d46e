"""Notices: the inbox, and which of them are still to go outside."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel, ReturnDocument
from pymongo.errors import BulkWriteError

from chassis.mongo import Home
from notify.duplicates import require_duplicates
from notify.notices.inbox_store import InboxLog
from notify.notices.notice import Notice, NoticeDraft
from notify.notices.rule import Reach
from notify.permission import Inboxes

Document = dict[str, Any]

_DRAFT = tuple(field.name for field in fields(NoticeDraft) if field.name not in {"id", "reach"})
_KEPT = tuple(field.name for field in fields(Notice) if field.name != "id")


class NoticeStore:
    """One document for each event, recipient and template; its id begins with the event's, so it sorts by time."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {
        **InboxLog.INDEXES,
        "notices": [
            IndexModel([("recipient", ASCENDING), ("_id", DESCENDING)], name="inbox"),
            IndexModel([("recipient", ASCENDING), ("unread", ASCENDING)], name="unread"),
            IndexModel(
                [("lane", ASCENDING), ("urgent", DESCENDING), ("due_at", ASCENDING)],
                name="going_outside",
                partialFilterExpression={"outside": "due"},
            ),
            IndexModel([("stored_at", ASCENDING)], name="age"),
        ],
    }

    def __init__(self, home: Home) -> None:
        self._notices = home.collection("notices")
        self._rounds = home.notes("notices")
        self.log = InboxLog(home)

    def add(self, drafts: Sequence[NoticeDraft], now: datetime) -> None:
        """Keep each draft once, whoever else is adding it, and in which order they came.

        `now` is real time: sending does not follow the clock of the domain.
        """
        documents = [_document(draft, now) for draft in drafts]
        try:
            if documents:
                self._notices.insert_many(documents, ordered=False)
        except BulkWriteError as error:
            require_duplicates(error)
        self.log.append([draft.id for draft in drafts], now)

    def page(self, inboxes: Inboxes, after: str | None, limit: int) -> list[Notice]:
        """At most `limit` notices in these inboxes, newest first, older than the notice `after`."""
        where = _in(inboxes) | ({} if after is None else {"_id": {"$lt": after}})
        found = self._notices.find(where).sort("_id", DESCENDING).limit(limit)
        return [_notice(each) for each in found.hint("inbox")]

    def everything_of(self, recipients: Collection[str]) -> list[Notice]:
        """Every notice of these recipients that is still kept, newest first."""
        found = self._notices.find({"recipient": {"$in": sorted(recipients)}}).sort("_id", DESCENDING)
        return [_notice(each) for each in found]

    def forget(self, recipients: Collection[str], but: Collection[str]) -> int:
        """Keep nothing of what these recipients were told, but for these templates; how many notices went."""
        which = {"recipient": {"$in": sorted(recipients)}, "template": {"$nin": sorted(but)}}
        self.log.blank([each["_id"] for each in self._notices.find(which, {"_id": True})])
        return self._notices.delete_many(which).deleted_count

    def unread(self, inboxes: Inboxes) -> int:
        """How many notices in these inboxes nobody has read."""
        return self._notices.count_documents(_in(inboxes) | {"unread": True})

    def mark_read(self, id: str, inboxes: Inboxes, at: datetime) -> Notice | None:
        """The notice, read now or before; None when there is no such notice in these inboxes."""
        found = self._notices.find_one_and_update(
            _in(inboxes) | {"_id": id},
            [{"$set": {"unread": False, "read_at": {"$ifNull": ["$read_at", at]}}}],
            return_document=ReturnDocument.AFTER,
        )
        return _notice(found) if found else None

    def of(self, ids: Sequence[str]) -> list[Notice]:
        """The notices of these ids, as far as they are still kept."""
        return [_notice(each) for each in self._notices.find({"_id": {"$in": list(ids)}})]

    def claim(self, lane: str, token: str, now: datetime, until: datetime, limit: int) -> list[Notice]:
        """At most `limit` notices of the lane that are due outside, nobody else's until `until` (real time).

        Urgent ones are first: an emergency does not wait behind a call to twenty thousand.
        """
        due = {"outside": "due", "lane": lane, "due_at": {"$lte": now}}
        order = [("urgent", DESCENDING), ("due_at", ASCENDING)]
        ids = [each["_id"] for each in self._notices.find(due, {"_id": True}).sort(order).limit(limit)]
        if not ids:
            return []
        mine = {"$set": {"claim": token, "due_at": until}}
        self._rounds.update_many({"_id": {"$in": ids}, **due}, mine)
        claimed = self._notices.find({"_id": {"$in": ids}, "claim": token, "outside": "due"})
        return [_notice(each) for each in claimed]

    def settle(self, ids: Sequence[str], outside: str) -> None:
        """These notices are `handed` on as messages, or `skipped` because there is nobody to send them to."""
        if ids:
            change = {"$set": {"outside": outside}, "$unset": {"claim": ""}}
            self._rounds.update_many({"_id": {"$in": list(ids)}}, change)

    def purge(self, before: datetime) -> int:
        """Remove what was stored earlier than `before`; how many notices that were."""
        return self._notices.delete_many({"stored_at": {"$lt": before}}).deleted_count


def _in(inboxes: Inboxes) -> Document:
    """What is in these inboxes: by its recipient, which the indexes know, and a unit's by its place besides."""
    if inboxes.unit is None:
        return {"recipient": {"$in": list(inboxes.own)}}
    nowhere: Document = {"grid_code": None, "case_id": None}
    within = [{"grid_code": re.compile(f"^{re.escape(scope)}")} for scope in inboxes.scopes]
    ways = [{"recipient": {"$in": list(inboxes.own)}}, nowhere, *within]
    return {"recipient": {"$in": [*inboxes.own, inboxes.unit]}, "$or": ways}


def _document(draft: NoticeDraft, now: datetime) -> Document:
    whole = vars(draft)
    return {
        "_id": draft.id,
        **{name: whole[name] for name in _DRAFT},
        "unread": True,
        "read_at": None,
        "stored_at": now,
        "outside": "due" if draft.reach is Reach.OUTSIDE else "none",
        "due_at": now,
    }


def _notice(document: Mapping[str, Any]) -> Notice:
    return Notice(id=document["_id"], **{name: document[name] for name in _KEPT})
