"""A partner who follows every case by webhook, answers as a fault wants it, and checks signatures by itself."""

import base64
import hashlib
import hmac
from collections.abc import Iterator

from tests.chaos.reading import WEBHOOK, Effect
from tests.component.notify.receiver import Got, Receiver


class Partner(Receiver):
    """Keeps what came; the end of a subscription, once known, is where nothing more may come."""

    def __init__(self) -> None:
        super().__init__()
        self.secret = ""
        self.disabled_after: int | None = None
        """How many requests had come when the subscription was disabled."""

    def events(self) -> list[Got]:
        """The requests that brought an event of a case."""
        return [got for got in self.got if got.headers.get("ce-subject", "").startswith("case/")]

    def effects(self) -> tuple[Effect, ...]:
        """What was taken with a 2xx."""
        return tuple(Effect(WEBHOOK, got.headers["webhook-id"]) for got in self.events() if taken(got))

    def order(self) -> tuple[tuple[str, int], ...]:
        """Case and version of what was taken, in the order in which it came."""
        return tuple(
            (got.headers["ce-subject"].removeprefix("case/"), int(got.headers["ce-sequence"]))
            for got in self.events()
            if taken(got)
        )

    def unsigned(self) -> Iterator[str]:
        """Ids that came without a valid signature."""
        yield from (got.headers.get("webhook-id", "") for got in self.events() if not signed(got, self.secret))

    def late(self) -> Iterator[str]:
        """Ids that came after the subscription was disabled."""
        if self.disabled_after is not None:
            yield from (got.headers.get("webhook-id", "") for got in self.got[self.disabled_after :])


def taken(got: Got) -> bool:
    """Whether a request was answered with a 2xx; an answer that never comes in whole has the status 0."""
    return 200 <= got.reply.status < 300


def signed(got: Got, secret: str) -> bool:
    """Whether one of the signatures is right, as Standard Webhooks has them: reckoned here without its library."""
    content = b".".join([got.headers["webhook-id"].encode(), got.headers["webhook-timestamp"].encode(), got.body])
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return f"v1,{right}" in got.headers["webhook-signature"].split(" ")
