"""Keys of programs in the database: found by the keyed hash of the secret, and listed for the office."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pymongo import ASCENDING, IndexModel

from chassis.errors import Refusal
from chassis.instant import EPOCH
from chassis.mongo import Home
from chassis.outbox import Audited, Document
from chassis.records import COMMANDS, Records
from members.api_keys.api_key import ENDED, OPENED, ApiKey
from members.area import areas_around

AUDITED = Audited(
    {OPENED: ("name", "unit_id", "area"), ENDED: ("name",)}, lambda document: areas_around(document["tenant"])
)
"""Which key was opened for whom, and which was ended; nothing of its secret."""


class ApiKeyStore:
    """Reads and writes keys; nobody outside hears of them."""

    INDEXES: ClassVar[Mapping[str, Sequence[IndexModel]]] = {
        "api_keys": [
            COMMANDS,
            IndexModel([("secret_hash", ASCENDING)], name="secret", unique=True),
            IndexModel([("tenant", ASCENDING), ("_id", ASCENDING)], name="tenant"),
            IndexModel([("unit_id", ASCENDING)], name="unit", partialFilterExpression={"unit_id": {"$gt": ""}}),
            IndexModel([("written_at", ASCENDING)], name="ended", partialFilterExpression={"ended_at": {"$gt": EPOCH}}),
        ]
    }

    def __init__(self, home: Home) -> None:
        outbox = home.outbox("api_keys", subject="api_key", published=(), audited=AUDITED)
        self.records: Records[ApiKey] = Records(outbox, _written, _read, lambda: Refusal("api_key_not_found"))

    def with_secret(self, secret_hash: str) -> ApiKey | None:
        """The key with that secret, if there is or was one."""
        found = self.records.find({"secret_hash": secret_hash}, limit=1)
        return found[0].item if found else None

    def acting(self, ids: Iterable[str]) -> list[ApiKey]:
        """The keys among these ids that are good."""
        return [kept.item for kept in self.records.find({"_id": {"$in": sorted(ids)}}) if kept.item.good]

    def good_of_unit(self, unit_id: str) -> list[str]:
        """The ids of the unit's keys that are good."""
        return [kept.id for kept in self.records.find({"unit_id": unit_id}) if kept.item.good]

    def ended_since(self, moment: datetime, after: str, limit: int) -> list[str]:
        """The ids of so many keys that were ended since then, in their order after that one; `moment` is real time."""
        query = {"ended_at": {"$gt": EPOCH}, "written_at": {"$gte": moment}, "_id": {"$gt": after}}
        found = self.records.outbox.collection.find(query, {"_id": True}).hint("ended")
        return [each["_id"] for each in found.sort("_id", ASCENDING).limit(limit)]

    def page(self, tenants: Iterable[str], after: str | None, limit: int) -> list[ApiKey]:
        """The keys of these districts by their ids, which is as they were opened, after an id."""
        query: Document = {"tenant": {"$in": sorted(tenants)}, "_id": {"$gt": after or ""}}
        return [kept.item for kept in self.records.find(query, [("_id", ASCENDING)], limit)]

    def add(self, keys: Iterable[ApiKey], at: datetime) -> int:
        """Keep those that are missing, for the demo; how many there were."""
        return self.records.add(keys, at, OPENED)


def _written(key: ApiKey) -> Document:
    return {"_id": key.id, **{name: value for name, value in vars(key).items() if name != "id"}}


def _read(found: Mapping[str, Any]) -> ApiKey:
    names = ("tenant", "name", "unit_id", "secret_hash", "opened_at", "opened_by", "ended_at", "ended_by")
    return ApiKey(found["_id"], **{name: found[name] for name in names}, area=found.get("area"))
