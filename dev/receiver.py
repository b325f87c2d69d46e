"""A partner's end of a webhook, for the demo and the tests: checks every signature and keeps what came."""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from standardwebhooks import Webhook
from standardwebhooks.webhooks import WebhookVerificationError

from dev.ports import HOST, free_port

OK, REFUSED, BAD_SIGNATURE = 204, 503, 401


@dataclass(frozen=True)
class Delivery:
    """One event that came, and whether its signature was right; `signed` is None while no secret is known."""

    id: str
    type: str
    subject: str
    sequence: int
    data: dict[str, Any]
    signed: bool | None


class Receiver:
    """Listens on 127.0.0.1; answers 204, or 503 while it is told to be `down`."""

    def __init__(self, told: Callable[[Delivery], None] = lambda _: None) -> None:
        """`told` hears of each delivery as it comes."""
        self.deliveries: list[Delivery] = []
        self.secret: str | None = None
        self.down = False
        self._told = told
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                self.send_response(receiver.receive(dict(self.headers.items()), body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing: whoever listens is told of each delivery."""

        self._server = ThreadingHTTPServer((HOST, free_port()), Handler)
        self.url = f"http://{HOST}:{self._server.server_port}/events"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def receive(self, headers: dict[str, str], body: bytes) -> int:
        """Keep one delivery; the status to answer with."""
        if self.down:
            return REFUSED
        named = {name.lower(): value for name, value in headers.items()}
        signed = self._verified(named, body)
        if signed is False:
            return BAD_SIGNATURE
        data = json.loads(body)
        delivery = Delivery(
            id=named["webhook-id"],
            type=named.get("ce-type", ""),
            subject=named.get("ce-subject", ""),
            sequence=int(named.get("ce-sequence", "0")),
            data=data,
            signed=signed,
        )
        self.deliveries.append(delivery)
        self._told(delivery)
        return OK

    def _verified(self, headers: dict[str, str], body: bytes) -> bool | None:
        if self.secret is None:
            return None
        try:
            Webhook(self.secret).verify(body, headers)
        except WebhookVerificationError:
            return False
        return True
