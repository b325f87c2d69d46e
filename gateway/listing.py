"""Reading a list page by page: the cursor of a request becomes the service's position, and the other way round."""

from collections.abc import Mapping
from typing import Any, cast

from flask import current_app, request

from gateway.cursors import Cursors, listing_of
from gateway.identity import identity


def filters(query: Mapping[str, Any]) -> dict[str, Any]:
    """What a query asks for beyond the page."""
    return {name: value for name, value in query.items() if name not in {"after", "limit"}}


def position(query: Mapping[str, Any]) -> Any:
    """Where the page begins, as the service said it; None for the first page."""
    return _cursors().open(query["after"], _listing(query)) if "after" in query else None


def continued(found: Mapping[str, Any], query: Mapping[str, Any]) -> str | None:
    """The cursor of the page after this one, None when this is the last."""
    following = found.get("next")
    return None if following is None else _cursors().seal(following, _listing(query))


def _listing(query: Mapping[str, Any]) -> str:
    return listing_of(request.path, identity().id, filters(query))


def _cursors() -> Cursors:
    return cast(Cursors, current_app.extensions["cursors"])
