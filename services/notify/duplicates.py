"""Writes that may find their documents there already, from an earlier try or by another process."""

from pymongo.errors import BulkWriteError

DUPLICATE_KEY = 11_000


def require_duplicates(error: BulkWriteError) -> list[int]:
    """Which writes of the bulk, by their place in it, met a document that is there; raises `error` for any other."""
    failed = error.details["writeErrors"]
    if error.details["writeConcernErrors"] or any(each["code"] != DUPLICATE_KEY for each in failed):
        raise error
    return [each["index"] for each in failed]
