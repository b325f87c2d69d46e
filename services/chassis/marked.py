"""Marked fields: where documents keep sealed texts, and what each looks like once it is sealed with the newest key."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chassis.sealing import Sealer, sealed_field
from chassis.secret import Mask, Secret

EVERY = "*"


@dataclass(frozen=True)
class Marked:
    """A field of a collection's documents; `path` goes through lists, and `*` through every field.

    With a `mask` it is kept as `{mask, sealed}` (`chassis.secret.Secret`), and was plain before it was marked; without
    one it is the sealed text alone. `holds` says what it is, for readers of the table.
    """

    collection: str
    path: str
    holds: str
    mask: Mask | None = None

    @property
    def top(self) -> str:
        """The field of the document that it lies in."""
        return self.path.partition(".")[0]

    @property
    def present(self) -> dict[str, Any]:
        """The query for documents that have it."""
        before, every, _ = self.path.partition(f".{EVERY}")
        return {before: {"$nin": [None, {}]} if every else {"$type": ["string", "object"]}}


def values(document: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """Every value under the path, with where exactly it stands; nothing where there is none."""
    yield from _below(document, path.split("."), ())


def _below(value: Any, path: list[str], where: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
    if value is None:
        return
    if isinstance(value, list):
        for n, each in enumerate(value):
            yield from _below(each, path, (*where, str(n)))
    elif not path:
        yield ".".join(where), value
    elif isinstance(value, Mapping):
        for name in value if path[0] == EVERY else [path[0]]:
            yield from _below(value.get(name), path[1:], (*where, name))


def sealed_texts(document: Mapping[str, Any], marked: Marked) -> Iterator[str]:
    """The sealed texts in the field, as far as they are sealed."""
    for _, value in values(document, marked.path):
        if isinstance(value, Mapping):
            yield value["sealed"]
        elif marked.mask is None:
            yield value


def renewed(value: Any, marked: Marked, sealer: Sealer) -> Any:
    """The value sealed with the newest key: the same where it is. Raises chassis' WrongKeys."""
    if marked.mask is None:
        return sealer.renewed(value)
    if isinstance(value, Mapping):
        return {**value, "sealed": sealer.renewed(value["sealed"])}
    secret = Secret.said(value, marked.mask)
    return sealed_field(secret, sealer) if secret else value
