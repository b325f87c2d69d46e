"""Cursors of paged lists: a service's position, signed and tied to the list that it was made for."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

from itsdangerous import BadSignature, URLSafeSerializer

from chassis.errors import Refusal


class Cursors:
    """Seals and opens cursors; one that was changed, or made for another list or caller, is refused."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        """The first of the secrets seals; those after it still open what they have sealed."""
        self._sealer = URLSafeSerializer(
            secrets[::-1], salt="cursor", signer_kwargs={"digest_method": sha256, "key_derivation": "hmac"}
        )

    def seal(self, position: Any, listing: str) -> str:
        """The cursor for a service's opaque position in `listing`."""
        return str(self._sealer.dumps([position, listing]))

    def open(self, cursor: str, listing: str) -> Any:
        """The position in a cursor; raises `Refusal("invalid_cursor")`."""
        try:
            position, made_for = self._sealer.loads(cursor)
        except (BadSignature, ValueError, TypeError):
            raise Refusal("invalid_cursor") from None
        if made_for != listing:
            raise Refusal("invalid_cursor")
        return position


def listing_of(path: str, caller_id: str, filters: Mapping[str, Any]) -> str:
    """What a cursor is tied to: the list, who reads it, and the filters; short and without content."""
    described = repr((path, caller_id, sorted(filters.items())))
    return sha256(described.encode()).hexdigest()[:16]


def next_link(path: str, query: Mapping[str, Any], cursor: str) -> str:
    """The `Link` header (RFC 8288) that leads to the next page, with the same filters."""
    asked = {name: str(value).lower() if isinstance(value, bool) else value for name, value in query.items()}
    return f'<{quote(path)}?{urlencode({**asked, "after": cursor})}>; rel="next"'
