"""Identities that people have linked, in the database; of each the keyed print alone is kept."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel
from pymongo.client_session import ClientSession
from pymongo.errors import DuplicateKeyError

from chassis.errors import Refusal
from chassis.mongo import Home
from members.accounts.store import Beside
from members.identity_providers.linked_identity import LinkedIdentity


class LinkedIdentityStore:
    """Reads and writes links; an index gives an identity to one person."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "linked_identities": [
            IndexModel([("print", ASCENDING)], name="print", unique=True),
            IndexModel([("person_id", ASCENDING)], name="person"),
        ]
    }

    def __init__(self, home: Home) -> None:
        self._linked = home.collection("linked_identities")

    def adding(self, linked: LinkedIdentity) -> Beside:
        """What keeps a link in a transaction; refuses `identity_linked_elsewhere` where somebody was faster."""
        fields = asdict(linked)
        document = {"_id": fields.pop("id"), **fields}

        def adding(session: ClientSession) -> None:
            try:
                self._linked.insert_one(document, session=session)
            except DuplicateKeyError:
                raise Refusal("identity_linked_elsewhere") from None

        return adding

    def with_print(self, print: str) -> LinkedIdentity | None:
        """The link of the identity that this stands for."""
        found = self._linked.find_one({"print": print})
        return _linked(found) if found else None

    def of(self, person_ids: Collection[str], session: ClientSession | None = None) -> list[LinkedIdentity]:
        """The identities of whoever has one of these ids, the oldest link first."""
        found = self._linked.find({"person_id": {"$in": sorted(person_ids)}}, session=session)
        return sorted(map(_linked, found), key=lambda each: each.linked_at)

    def removing(self, id: str, looking: Beside) -> Beside:
        """What takes one link away in a transaction, unless who looks at what is left then refuses it."""

        def removing(session: ClientSession) -> None:
            self._linked.delete_one({"_id": id}, session=session)
            looking(session)

        return removing

    def end(self, person_ids: Collection[str], session: ClientSession | None = None) -> None:
        """Take every link of whoever has one of these ids away; done again, it changes nothing."""
        self._linked.delete_many({"person_id": {"$in": sorted(person_ids)}}, session=session)

    def ending(self, person_ids: Collection[str]) -> Beside:
        """The same, to be done in one transaction with what makes them end."""

        def ending(session: ClientSession) -> None:
            self.end(person_ids, session)

        return ending


def _linked(found: Mapping[str, Any]) -> LinkedIdentity:
    return LinkedIdentity(
        id=found["_id"],
        print=found["print"],
        issuer=found["issuer"],
        person_id=found["person_id"],
        linked_at=found["linked_at"],
    )
