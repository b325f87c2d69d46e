"""Second factors in the database, each under the id of its person; the secret is sealed, no code kept readable."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, ClassVar

from pymongo import IndexModel
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from chassis.errors import Refusal
from chassis.mongo import Home
from members.accounts.second_factor import SecondFactor
from members.accounts.store import Beside


class FactorStore:
    """Reads and writes second factors; whoever spends a code learns whether somebody was faster."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {"second_factors": []}

    def __init__(self, home: Home) -> None:
        self._factors = home.collection("second_factors")

    def of(self, person_ids: Collection[str]) -> SecondFactor | None:
        """The second factor of whoever has one of these ids: one that is in force before one that is pending."""
        found = map(_factor, self._factors.find({"_id": {"$in": sorted(person_ids)}}))
        return min(found, key=lambda each: (each.since is None, each.since or each.begun_at), default=None)

    def begin(self, factor: SecondFactor) -> None:
        """Keep one that is pending, in place of one that is too; refuses `second_factor_active`."""
        fields = asdict(factor)
        try:
            self._factors.replace_one({"_id": fields.pop("id"), "since": None}, fields, upsert=True)
        except DuplicateKeyError:
            raise Refusal("second_factor_active") from None

    def confirm(self, factor: SecondFactor, step: int, now: datetime, session: ClientSession | None = None) -> bool:
        """Put it in force, with the step of its first code spent; False when it is not pending as it was read."""
        pending = {"_id": factor.id, "begun_at": factor.begun_at, "since": None}
        return self._changed(pending, {"$set": {"since": now, "last_step": step}}, session)

    def spend_step(self, factor: SecondFactor, step: int) -> bool:
        """Spend the code of this step and all before it; False when somebody was faster."""
        return self._changed({**_same(factor), "last_step": {"$lt": step}}, {"$set": {"last_step": step}})

    def spend_recovery(self, factor: SecondFactor, mark: str) -> bool:
        """Spend the recovery code of this mark; False when somebody was faster."""
        return self._changed({**_same(factor), "recovery": mark}, {"$pull": {"recovery": mark}})

    def unite(self, left: Collection[str], gone: Collection[str]) -> None:
        """Of two that are in force for what is one person now, that of the entry which is `left` stays alone."""
        if self._factors.find_one({"_id": {"$in": sorted(left)}, "since": {"$ne": None}}, {"_id": True}):
            self.end(gone)

    def end_as_read(self, factor: SecondFactor, session: ClientSession | None = None) -> bool:
        """End this one; False when it is not there, pending or in force, as it was read."""
        query = {"_id": factor.id, "begun_at": factor.begun_at, "since": factor.since}
        return self._factors.delete_one(query, session=session).deleted_count == 1

    def end(self, person_ids: Collection[str], session: ClientSession | None = None) -> None:
        """Nobody with one of these ids has a second factor any more; done again, it changes nothing."""
        self._factors.delete_many({"_id": {"$in": sorted(person_ids)}}, session=session)

    def ending(self, person_ids: Collection[str]) -> Beside:
        """The same, to be done in one transaction with what makes it end."""

        def ending(session: ClientSession) -> None:
            self.end(person_ids, session)

        return ending

    def _changed(
        self, query: Mapping[str, Any], change: Mapping[str, Any], session: ClientSession | None = None
    ) -> bool:
        return self._factors.update_one(query, change, session=session).modified_count == 1


def _same(factor: SecondFactor) -> dict[str, Any]:
    """The one that was read, while it is in force: one that was begun anew has other codes."""
    return {"_id": factor.id, "begun_at": factor.begun_at, "since": {"$ne": None}}


def _factor(found: Mapping[str, Any]) -> SecondFactor:
    return SecondFactor(
        id=found["_id"],
        secret=found["secret"],
        recovery=tuple(found["recovery"]),
        begun_at=found["begun_at"],
        since=found["since"],
        last_step=found["last_step"],
    )
