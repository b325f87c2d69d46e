"""The only network of members: asking identity providers, within limits of time and size; it knows no person.

The addresses are the operator's and, by what the provider says of itself, the provider's own. No redirect is followed.
"""

import json
import ssl
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote_plus, urlencode

from chassis.outgoing import Deadline, Heard, connected, exchanged, look_up
from members.identity_providers.provider import BASIC, Endpoint, Provider, Unfit, endpoint, is_plain

MOST_BYTES = 256_000
"""Of an answer; a key set with certificates has some 10 kB."""

TOO_MANY_REQUESTS = 429

Answer = dict[str, Any]
Resolve = Callable[[str, int, float], list[str]]


class Away(OSError):
    """The provider says that it cannot answer now; the text is its status."""


class ProviderChannel:
    """Asks providers, at the addresses that their names have, and reads JSON."""

    def __init__(self, resolve: Resolve = look_up, tls: ssl.SSLContext | None = None) -> None:
        self._resolve = resolve
        self._tls = tls or ssl.create_default_context()

    def read(self, provider: Provider, url: str, deadline: Deadline) -> Answer:
        """The document at that address. Raises `Unfit` for another answer, OSError and HTTPException."""
        status, document = self._asked(provider, "GET", url, {}, None, deadline)
        if status != 200:
            raise Unfit(f"status_{status}")
        return document

    def exchange(self, provider: Provider, url: str, form: Mapping[str, str], deadline: Deadline) -> tuple[int, Answer]:
        """The status and what is answered to a form, with which we say who we are; raises as `read`."""
        headers = {"content-type": "application/x-www-form-urlencoded"}
        if provider.authentication == BASIC:
            headers["authorization"] = _basic(provider)
        return self._asked(provider, "POST", url, headers, urlencode(form).encode("ascii"), deadline)

    def _asked(
        self,
        provider: Provider,
        method: str,
        url: str,
        headers: Mapping[str, str],
        body: bytes | None,
        deadline: Deadline,
    ) -> tuple[int, Answer]:
        place = endpoint(url, plain=is_plain(provider.issuer))
        over = connected(place, self._addresses(place, deadline), deadline, self._tls)
        told = {"user-agent": "Sandan/1", "accept": "application/json", **headers}
        return _read(exchanged(place, over, method, told, body, MOST_BYTES + 1))

    def _addresses(self, place: Endpoint, deadline: Deadline) -> list[str]:
        with suppress(ValueError):
            return [str(ip_address(place.host))]
        return self._resolve(place.host, place.port, deadline.left())


def _read(heard: Heard) -> tuple[int, Answer]:
    if heard.status >= 500 or heard.status == TOO_MANY_REQUESTS:
        raise Away(f"status_{heard.status}")
    if 300 <= heard.status < 400:
        raise Unfit("redirect")
    if len(heard.body) > MOST_BYTES:
        raise Unfit("too_large")
    try:
        document = json.loads(heard.body)
    except (ValueError, RecursionError):
        raise Unfit("not_json") from None
    if not isinstance(document, dict):
        raise Unfit("not_json")
    return heard.status, document


def _basic(provider: Provider) -> str:
    """Both parts are written as in a form before they are put together (RFC 6749 §2.3.1)."""
    pair = f"{quote_plus(provider.client_id)}:{quote_plus(provider.client_secret or '')}"
    return f"Basic {b64encode(pair.encode('ascii')).decode('ascii')}"
