"""Sign-ins that were begun at identity providers, in the database; nothing of it signs anybody in."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from chassis.mongo import Home
from members.identity_providers.begun import Begun, Stage

TOLD_APART = timedelta(hours=1)
"""So long after its time a sign-in that is over is told from one that never was."""


class BegunStore:
    """Reads and writes them; each step is taken once, by whoever is first."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "provider_sign_ins": [IndexModel([("forget_at", ASCENDING)], name="forget", expireAfterSeconds=0)]
    }

    def __init__(self, home: Home) -> None:
        self._begun = home.collection("provider_sign_ins")

    def keep(self, begun: Begun) -> None:
        """Keep one that is begun."""
        fields = asdict(begun) | {"stage": str(begun.stage), "forget_at": begun.expires_at + TOLD_APART}
        self._begun.insert_one({"_id": fields.pop("id"), **fields})

    def one(self, id: str) -> Begun | None:
        """The sign-in of that id."""
        found = self._begun.find_one({"_id": id})
        return _begun(found) if found else None

    def take(self, begun: Begun) -> bool:
        """Take one that is begun, to exchange its code; False when somebody was faster."""
        return self._step(begun.id, Stage.BEGUN, {"stage": Stage.TAKEN})

    def give_back(self, begun: Begun) -> None:
        """What was taken is as good as before: the provider has not answered."""
        self._step(begun.id, Stage.TAKEN, {"stage": Stage.BEGUN})

    def prove(self, begun: Begun, code_mark: str, identity_print: str) -> Begun:
        """What was taken is proven, by this code, for this identity."""
        proven = {"stage": Stage.PROVEN, "code_mark": code_mark, "identity_print": identity_print}
        self._step(begun.id, Stage.TAKEN, proven)
        return replace(begun, stage=Stage.PROVEN, code_mark=code_mark, identity_print=identity_print)

    def spend(self, begun: Begun) -> bool:
        """Make one that is proven good for nothing more; False when somebody was faster."""
        return self._step(begun.id, Stage.PROVEN, {"stage": Stage.SPENT})

    def _step(self, id: str, stage: Stage, change: Mapping[str, Any]) -> bool:
        changed = {name: str(value) for name, value in change.items()}
        return self._begun.update_one({"_id": id, "stage": str(stage)}, {"$set": changed}).modified_count == 1


def _begun(found: Mapping[str, Any]) -> Begun:
    return Begun(
        id=found["_id"],
        provider=found["provider"],
        redirect_uri=found["redirect_uri"],
        secret_mark=found["secret_mark"],
        expires_at=found["expires_at"],
        person_id=found["person_id"],
        stage=Stage(found["stage"]),
        code_mark=found["code_mark"],
        identity_print=found["identity_print"],
    )
