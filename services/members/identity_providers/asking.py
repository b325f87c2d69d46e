"""Identity providers as they are asked: what one says of itself and its keys are remembered for a while, no more.

Whatever goes wrong is a refusal with a code of its own; the log has the code, and neither code nor token of a sign-in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from http.client import HTTPException
from time import monotonic
from typing import Any

import structlog
from joserfc.jwk import Key

from chassis.errors import Refusal
from chassis.outgoing import Deadline
from members.identity_providers import id_token, provider
from members.identity_providers.begun import Begun, Binding
from members.identity_providers.channel import ProviderChannel
from members.identity_providers.id_token import Claims, Expected, UnknownKey
from members.identity_providers.provider import Metadata, Provider, Unfit

log = structlog.get_logger()

FRESH_SECONDS = 3_600.0
"""How long what a provider says of itself and its keys are taken as they were."""

KEYS_AGAIN_SECONDS = 60.0
"""How often at most the keys are read anew because a token names one that is not known."""

RETRY_SECONDS = 5

MOST_AT_ONCE = 10
"""Who waits for one provider at once: one that is silent holds so many workers of the service, and no more."""

REFUSED_CODE = "invalid_grant"
"""What a provider answers to a code that is over, was used, or was given for another (RFC 6749 §5.2)."""


class Crowded(OSError):
    """As many as may wait for the provider already do."""


class AskedProvider:
    """One provider; every question to it ends within `seconds`, however many answers it takes.

    So many are asked at once, for whomever; whoever comes besides is told at once that the provider is away.
    """

    def __init__(
        self, known: Provider, channel: ProviderChannel, seconds: float, ticks: Callable[[], float] = monotonic
    ) -> None:
        """`ticks` are the seconds of a clock that goes on evenly."""
        self.provider = known
        self._channel, self._seconds, self._ticks = channel, seconds, ticks
        self._metadata: tuple[Metadata, float] | None = None
        self._keys: tuple[tuple[Key, ...], float] | None = None
        self._waiting = 0

    def address(self, begun: Begun, binding: Binding) -> str:
        """Where somebody goes to sign in.

        Refuses `identity_provider_away` (`retry_after` in seconds) and `identity_provider_unfit`.
        """
        metadata = self._remembered()
        if metadata is None:
            with self._asking() as deadline:
                metadata = self._described(deadline)
        return provider.authorization_url(self.provider, metadata, begun.redirect_uri, binding)

    def subject(self, begun: Begun, binding: Binding, code: str, issuer: str | None, now: datetime) -> str:
        """Who has signed in with the provider, by its own name for them; `issuer` is what its answer says of itself.

        Refuses as `address`, `identity_provider_mixed_up`, `provider_code_refused`, and as `id_token` does.
        """
        with self._asking() as deadline:
            metadata = self._described(deadline)
            provider.check_sender(self.provider, metadata, issuer)
            form = provider.exchange(self.provider, code, begun.redirect_uri, binding)
            token = self._token(*self._channel.exchange(self.provider, metadata.token, form, deadline))
            claims = self._verified(token, metadata, deadline)
        expected = Expected(self.provider.issuer, self.provider.client_id, binding.nonce)
        return id_token.subject(claims, expected, now)

    def _token(self, status: int, answered: Mapping[str, Any]) -> str:
        if status != 200:
            if answered.get("error") == REFUSED_CODE:
                raise Refusal("provider_code_refused")
            raise Unfit(f"code_status_{status}")
        token = answered.get("id_token")
        if not isinstance(token, str):
            raise Unfit("no_id_token")
        return token

    def _verified(self, token: str, metadata: Metadata, deadline: Deadline) -> Claims:
        try:
            return id_token.verified(token, self._known_keys(metadata, deadline, FRESH_SECONDS), metadata.algorithms)
        except UnknownKey:
            keys = self._known_keys(metadata, deadline, KEYS_AGAIN_SECONDS)
            return id_token.verified(token, keys, metadata.algorithms)

    def _remembered(self) -> Metadata | None:
        """What the provider says of itself, while it is fresh."""
        if self._metadata is None or self._is_older(self._metadata[1], FRESH_SECONDS):
            return None
        return self._metadata[0]

    def _described(self, deadline: Deadline) -> Metadata:
        if (known := self._remembered()) is not None:
            return known
        document = self._channel.read(self.provider, provider.discovery(self.provider.issuer), deadline)
        described = provider.metadata(document, self.provider)
        self._metadata = described, self._ticks()
        return described

    def _known_keys(self, metadata: Metadata, deadline: Deadline, fresh: float) -> tuple[Key, ...]:
        """The keys, read anew when they are older than so many seconds; a set without any puts none out of use."""
        if self._keys is None or self._is_older(self._keys[1], fresh):
            found = id_token.keys(self._channel.read(self.provider, metadata.keys, deadline))
            if not found:
                log.warning("identity provider shows no keys", provider=self.provider.id)
            before = self._keys[0] if self._keys else ()
            self._keys = found or before, self._ticks()
        return self._keys[0]

    def _is_older(self, since: float, seconds: float) -> bool:
        return self._ticks() - since >= seconds

    @contextmanager
    def _asking(self) -> Iterator[Deadline]:
        name = self.provider.id
        try:
            with self._line(), Deadline(self._seconds) as deadline:
                yield deadline
        except Unfit as error:
            log.error("identity provider not understood", provider=name, why=str(error))  # noqa: TRY400 - no traceback
            raise Refusal("identity_provider_unfit", provider=name) from None
        except (OSError, HTTPException) as error:
            log.warning("identity provider away", provider=name, error=type(error).__name__)
            raise Refusal("identity_provider_away", provider=name, retry_after=RETRY_SECONDS) from None

    @contextmanager
    def _line(self) -> Iterator[None]:
        if self._waiting >= MOST_AT_ONCE:
            raise Crowded
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1


class KnownProviders:
    """The providers that the operator has listed, in that order."""

    def __init__(self, asked: Iterable[AskedProvider] = ()) -> None:
        self._by_id = {each.provider.id: each for each in asked}

    def __iter__(self) -> Iterator[Provider]:
        return (each.provider for each in self._by_id.values())

    def named(self, id: str) -> AskedProvider:
        """The one of that id; refuses `unknown_identity_provider` with those that are `known`."""
        found = self._by_id.get(id)
        if found is None:
            raise Refusal("unknown_identity_provider", known=list(self._by_id))
        return found

    @property
    def by_issuer(self) -> Mapping[str, Provider]:
        """Each under what it calls itself."""
        return {each.issuer: each for each in self}
