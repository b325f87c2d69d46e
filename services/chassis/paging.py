"""Where a page of a list begins: after the last line of the page before, in the order of an index."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

Line = TypeVar("Line")
Place = TypeVar("Place")

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


def each_kept(page: Mapping[str, Any], keep: Callable[[dict[str, Any]], None]) -> str | None:
    """Have each item of a page of another service kept; where its list goes on, None after the last page."""
    for item in page["items"]:
        keep(item)
    following: str | None = page["next"]
    return following


def page_of_seen(
    read: Callable[[Place | None, int], Sequence[Line]],
    seen: Callable[[Sequence[Line]], Sequence[Line]],
    place: Callable[[Line], Place],
    after: Place | None,
    limit: int,
) -> tuple[list[Line], Place | None]:
    """At most `limit` lines that are `seen` of those that `read` gives after a place, and where the list goes on.

    For lists of which the database cannot know what is seen: it is read on until the page is full, and a page ends with
    a line that it holds, so that neither where it ends nor how long it is tells of one that is left out.
    """
    shown: list[Line] = []
    while len(shown) <= limit:
        found = read(after, limit + 1)
        shown += seen(found)
        if len(found) <= limit:
            break
        after = place(found[-1])
    return shown[:limit], place(shown[limit - 1]) if len(shown) > limit else None
