"""Links to photos that work without a token for a short time: sealed with a secret of the gateway, kept nowhere."""

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from chassis.errors import Refusal

PURPOSE = "photo-links"
"""For which secrets are derived from the keys of tokens: no link is a token, and no token is a link."""

WRITTEN = re.compile(r"[A-Za-z0-9_-]+")

LONGEST_SECONDS = 900
"""How long a link works at most."""


@dataclass(frozen=True)
class Link:
    """Which photo it shows in which size, on whose behalf, and until when (seconds since 1970, exclusive).

    `session_id` and `narrowed` are those of the token with which it was asked for: the link ends with it.
    """

    photo_id: str
    size: str
    caller: Mapping[str, Any]
    until: int
    session_id: str
    narrowed: int


class PhotoLinks:
    """Writes links and reads them. They are sealed as a whole, for addresses get into logs and histories of others."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        """Secrets of 32 bytes: the first one seals, and all of them open what they have sealed."""
        self._sealer = MultiFernet([Fernet(urlsafe_b64encode(each)) for each in secrets])

    def seal(self, link: Link) -> str:
        """The link as a part of an address."""
        said = json.dumps(asdict(link), ensure_ascii=False, separators=(",", ":"))
        return self._sealer.encrypt(said.encode()).decode().rstrip("=")

    def open(self, sealed: str, now: float) -> Link:
        """The link; refuses `photo_link_not_found` for what is none of ours, and `photo_link_expired`."""
        link = Link(**json.loads(self._said(sealed)))
        if now >= link.until:
            raise Refusal("photo_link_expired")
        return link

    def _said(self, sealed: str) -> bytes:
        if not WRITTEN.fullmatch(sealed):  # decoding would pass over any other character
            raise Refusal("photo_link_not_found")
        try:
            return self._sealer.decrypt(sealed + "=" * (-len(sealed) % 4))
        except InvalidToken:
            raise Refusal("photo_link_not_found") from None
