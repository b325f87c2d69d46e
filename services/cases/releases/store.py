"""Which photos were released to everybody, and when: noted beside the photo, so that it ends with it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, DESCENDING, IndexModel
from pymongo.errors import DuplicateKeyError

from chassis.command import Asked
from chassis.errors import Refusal
from chassis.instant import written_or_none
from chassis.mongo import Home

Answer = dict[str, Any]

ACTS_KEPT = 20
"""Of how many commands about one photo it is known that they were carried out."""


class ReleaseStore:
    """The releases of one district's photos."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "photos": [
            IndexModel(
                [("case_id", ASCENDING), ("released_at", DESCENDING)],
                name="released",
                partialFilterExpression={"released_at": {"$exists": True}},
            ),
            IndexModel(
                [("release_acts.command", ASCENDING)],
                name="release_acts",
                unique=True,
                partialFilterExpression={"release_acts": {"$exists": True}},
            ),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._photos = home.collection("photos")

    def answered(self, asked: Asked) -> Answer | None:
        """What the command answered before; refuses `command_id_reused`."""
        which = {"release_acts": {"$exists": True}, "release_acts.command": {"$in": asked.keys}}
        found = self._photos.find_one(which, {"release_acts": True})
        return asked.answered(found["release_acts"]) if found else None

    def note(self, photo_id: str, asked: Asked, released_at: datetime | None) -> Answer:
        """Note since when the photo is released, None for no longer: `{photo_id, released_at}`.

        Refuses `photo_not_found` for one that has gone, and `command_id_reused`.
        """
        answer = {"photo_id": photo_id, "released_at": written_or_none(released_at)}
        act = {"command": asked.key, "digest": asked.digest, "answer": answer}
        stands = {"$set": {"released_at": released_at}} if released_at else {"$unset": {"released_at": ""}}
        changes = {**stands, "$push": {"release_acts": {"$each": [act], "$slice": -ACTS_KEPT}}}
        try:
            found = self._photos.update_one({"_id": photo_id}, changes).matched_count
        except DuplicateKeyError:
            raise Refusal("command_id_reused") from None
        if not found:
            raise Refusal("photo_not_found", photo_id=photo_id)
        return answer

    def released_at(self, photo_id: str) -> datetime | None:
        """Since when the photo is released; None of one that is not."""
        found = self._photos.find_one({"_id": photo_id}, {"released_at": True})
        return found.get("released_at") if found else None

    def of_cases(self, case_ids: Collection[str]) -> Mapping[str, Sequence[str]]:
        """The released photos of each of these cases that has any, the last one that was released first."""
        if not case_ids:
            return {}
        which: dict[str, Any] = {"case_id": {"$in": list(case_ids)}, "released_at": {"$exists": True}}
        found = self._photos.find(which, {"case_id": True, "released_at": True}).hint("released")
        photos = defaultdict[str, list[str]](list)
        for row in sorted(found, key=lambda each: each["released_at"], reverse=True):
            photos[row["case_id"]].append(row["_id"])
        return photos
