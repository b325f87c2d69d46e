"""Read copies of what others own: their events come late, twice and in any order, and the newest stays."""

from collections.abc import Mapping
from typing import Any

from pymongo.collection import Collection
from pymongo.errors import DuplicateKeyError


def keep_newest(collection: Collection[dict[str, Any]], id: str, sequence: int, fields: Mapping[str, Any]) -> None:
    """Keep `fields` as what the `sequence`-th event of the subject says, unless a later one is kept."""
    older = {"_id": id, "sequence": {"$lt": sequence}}
    newer = {"$set": {**fields, "sequence": sequence}}
    try:
        collection.update_one(older, newer, upsert=True)
    except DuplicateKeyError:  # it is there: as new as this, or older and inserted by another at this very moment
        collection.update_one(older, newer)
