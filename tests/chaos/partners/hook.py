"""A partner that events are posted to: answers as a fault wants it, and checks signatures in two ways."""

import base64
import hashlib
import hmac
import ssl
from dataclasses import dataclass
from pathlib import Path

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from tests.chaos.partners.partner import Arrival, Partner
from tests.chaos.partners.wish import Wish
from tests.component.notify.receiver import Got, Receiver


@dataclass(frozen=True)
class Posted:
    """One request, and which of the partner's secrets have signed it."""

    got: Got
    signers: frozenset[str]


class Hook(Partner, Receiver):
    """Knows a secret or, while it is rotated, two; looks at each request as it comes, as the library asks for."""

    way = "webhook"

    def __init__(
        self, name: str, who: str, wish: Wish, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
    ) -> None:
        """Its events are posted to it at `host`, with `tls` over https."""
        Partner.__init__(self, name, who, wish)
        Receiver.__init__(self, tls)
        self.host, self.tls = host, tls
        self.secrets: list[str] = []
        self.posted: list[Posted] = []
        self._scheme = "https" if tls else "http"

    @property
    def url(self) -> str:
        """Where it is posted to."""
        return f"{self._scheme}://{self.host}:{self.port}/hook"

    def asked(self) -> dict[str, str]:
        """The request that subscribes it."""
        return {**super().asked(), "url": self.url}

    def joined(self, secret: str | None) -> None:
        """It was subscribed, and this is its secret."""
        self.secrets = [str(secret)]

    def start(self) -> None:
        """Begin to listen."""
        Receiver.start(self)

    def stop(self) -> None:
        """Listen no more."""
        Receiver.stop(self)

    def show(self, chain: Path) -> None:
        """Take another certificate from now on."""
        if self.tls is None:
            raise TypeError(f"{self.name} has no certificate")
        self.tls.load_cert_chain(chain)

    def take(self, got: Got) -> None:
        """Keep a request that came; only those that bring an event of a case."""
        super().take(got)
        if got.headers.get("ce-subject", "").startswith("case/"):
            signers = frozenset(secret for secret in self.secrets if signed(got, secret) and verified(got, secret))
            self.posted.append(Posted(got, signers))

    def arrivals(self) -> list[Arrival]:
        """What was posted; an answer that never comes in whole has the status 0."""
        return [_arrival(each) for each in self.posted]


def _arrival(posted: Posted) -> Arrival:
    headers = posted.got.headers
    return Arrival(
        headers["webhook-id"],
        headers["ce-subject"].removeprefix("case/"),
        int(headers["ce-sequence"]),
        posted.got.body,
        taken=200 <= posted.got.reply.status < 300,
        signed=bool(posted.signers),
    )


def signed(got: Got, secret: str) -> bool:
    """Whether one of the signatures is right, as Standard Webhooks has them: reckoned here without its library."""
    content = b".".join([got.headers["webhook-id"].encode(), got.headers["webhook-timestamp"].encode(), got.body])
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return f"v1,{right}" in got.headers["webhook-signature"].split(" ")


def verified(got: Got, secret: str) -> bool:
    """Whether the library of Standard Webhooks takes it; it wants to be asked within five minutes."""
    try:
        Webhook(secret).verify(got.body, got.headers)
    except WebhookVerificationError:
        return False
    return True
