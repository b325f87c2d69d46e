"""Places and organisations one after the other, for whoever keeps a copy of them."""

from collections.abc import Mapping
from typing import Any

from chassis.outbox import Document
from members.noun import Noun


def page_of(nouns: Mapping[str, Noun[Any]], after: str, limit: int) -> list[Document]:
    """The next ones after the item `<collection>/<id>` ("" for the first), kind after kind in the order given."""
    begun, _, id = after.partition("/")
    left = list(nouns)[list(nouns).index(begun) if begun else 0 :]
    found: list[Document] = []
    for name in left:
        if len(found) < limit:
            found += nouns[name].after(id if name == begun else "", limit - len(found))
    return found
