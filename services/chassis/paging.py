"""Where a page of a list begins: after the last line of the page before, in the order of an index."""

from datetime import datetime
from typing import Any

After = tuple[datetime | float | str, str]
"""A page goes on after the document with that place in the list's order, and that id."""


def following(field: str, way: int, after: After | None) -> dict[str, Any]:
    """What comes after the position in a list by `field` and then by id, both `way` (1 up, -1 down)."""
    if after is None:
        return {}
    at, id = after
    later, not_yet = ("$lte", "$gte") if way < 0 else ("$gte", "$lte")
    # Put as what it is not: an `$or` would tempt the planner away from the index that has the order.
    return {field: {later: at}, "$nor": [{field: at, "_id": {not_yet: id}}]}
