"""Posting to partners: the only way from here to addresses that somebody else has chosen; it knows no case."""

import ssl
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPException

from chassis.outgoing import Deadline, connected, exchanged, look_up
from notify.webhooks.address import Address, Network, canonical, listed, open_to
from notify.webhooks.target import BadUrl, Target, target
from notify.webhooks.webhook import Answer

POST_SECONDS = 30.0
RESPONSE_BYTES = 20_000

Resolve = Callable[[str, int], list[str]]


class Unwelcome(Exception):
    """The partner's URL leads where this service does not go; the text is a stable code that says why."""


class WebhookChannel:
    """Posts to partners, at addresses that were checked, within limits of time and size."""

    def __init__(self, networks: Sequence[Network], resolve: Resolve = look_up, seconds: float = POST_SECONDS) -> None:
        """`networks` may be connected to although they are not public, and without TLS."""
        self._networks = networks
        self._resolve = resolve
        self._seconds = seconds
        self._tls = ssl.create_default_context()

    def check(self, url: str) -> None:
        """Raise `Unwelcome` if the URL leads where this service does not go."""
        self._checked(url)

    def post(self, url: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Send one request and read the beginning of its answer; never raises for what a partner does.

        The host is resolved once and the checked address connected to; redirects are answers like others,
        and no proxy of the environment is used.
        """
        try:
            place, addresses = self._checked(url)
            with Deadline(self._seconds) as deadline:
                over = connected(place, addresses, deadline, self._tls)
                told = {"user-agent": "Sandan-Webhook/1", **headers}
                heard = exchanged(place, over, "POST", told, body, RESPONSE_BYTES)
            return Answer(heard.status, heard.headers.get("retry-after"), heard.body.decode("utf-8", "replace"))
        except Unwelcome as error:
            return Answer(error=str(error))
        except TimeoutError:
            return Answer(error="timeout")
        except (OSError, HTTPException, ValueError) as error:
            return Answer(error=type(error).__name__)

    def _checked(self, url: str) -> tuple[Target, list[Address]]:
        try:
            place = target(url)
            addresses = self._addresses(place)
        except BadUrl as error:
            raise Unwelcome(str(error)) from None
        if not all(open_to(address, self._networks) for address in addresses):
            raise Unwelcome("address_refused")
        if place.scheme == "http" and not all(listed(address, self._networks) for address in addresses):
            raise Unwelcome("https_required")
        return place, addresses

    def _addresses(self, place: Target) -> list[Address]:
        with suppress(ValueError):
            return [canonical(place.host)]
        try:
            return [canonical(text) for text in self._resolve(place.host, place.port)]
        except (OSError, ValueError):
            raise Unwelcome("name_not_found") from None
