"""What each person has chosen; whoever has chosen nothing has no document."""

from collections.abc import Collection, Mapping
from datetime import time
from typing import Any, ClassVar

from pymongo import IndexModel

from chassis.mongo import Home
from notify.channels.port import DECLINABLE
from notify.preferences.kinds import Kind
from notify.preferences.preference import Preference, Quiet

Document = dict[str, Any]


class PreferenceStore:
    """One document for each person who has chosen."""

    INDEXES: ClassVar[Mapping[str, list[IndexModel]]] = {}

    def __init__(self, home: Home) -> None:
        self._preferences = home.collection("preferences")

    def of(self, person_ids: Collection[str]) -> dict[str, Preference]:
        """The choices of those who have chosen."""
        if not person_ids:
            return {}
        return {each["_id"]: _preference(each) for each in self._preferences.find({"_id": {"$in": list(person_ids)}})}

    def keep(self, preference: Preference) -> None:
        """These are the person's choices from now on."""
        self._preferences.replace_one({"_id": preference.person_id}, _document(preference), upsert=True)

    def forget(self, person_ids: Collection[str]) -> None:
        """Nothing is kept of these people any more."""
        self._preferences.delete_many({"_id": {"$in": list(person_ids)}})

    def decline(self, person_id: str, kinds: Collection[Kind], channels: Collection[str]) -> None:
        """Add these channels to what the person has declined for messages of these kinds."""
        declined = {"$addToSet": {f"declined.{kind.value}": {"$each": sorted(channels)} for kind in kinds}}
        new = _document(Preference(person_id))
        fresh = {name: value for name, value in new.items() if name not in {"_id", "declined"}}
        self._preferences.update_one({"_id": person_id}, {**declined, "$setOnInsert": fresh}, upsert=True)


def _document(preference: Preference) -> Document:
    quiet = preference.quiet
    return {
        "_id": preference.person_id,
        "zone": preference.zone,
        "quiet": [quiet.begins.isoformat(), quiet.ends.isoformat()] if quiet else None,
        "declined": {kind.value: sorted(channels) for kind, channels in preference.declined.items()},
        "gathered": sorted(preference.gathered),
        "digest_at": preference.digest_at.isoformat(),
    }


def _preference(found: Mapping[str, Any]) -> Preference:
    quiet = found["quiet"]
    return Preference(
        person_id=found["_id"],
        zone=found["zone"],
        quiet=Quiet(time.fromisoformat(quiet[0]), time.fromisoformat(quiet[1])) if quiet else None,
        # links of before declined the console as well, which nobody can choose
        declined={Kind(kind): frozenset(channels) & set(DECLINABLE) for kind, channels in found["declined"].items()},
        gathered=frozenset(Kind(kind) for kind in found["gathered"]),
        digest_at=time.fromisoformat(found["digest_at"]),
    )
