"""Places and organisations one after the other, for whoever keeps a copy of them."""

from collections.abc import Callable, Mapping

from chassis.outbox import Document

After = Callable[[str, int], list[Document]]
"""The next ones after an id, at most so many, each as the event that announces it and with its `cursor`."""


def page_of(nouns: Mapping[str, After], after: str, limit: int) -> list[Document]:
    """The next ones after the item `<collection>/<id>` ("" for the first), kind after kind in the order given."""
    begun, _, id = after.partition("/")
    left = list(nouns)[list(nouns).index(begun) if begun else 0 :]
    found: list[Document] = []
    for name in left:
        if len(found) < limit:
            found += nouns[name](id if name == begun else "", limit - len(found))
    return found
