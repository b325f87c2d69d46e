"""The gateway with notify as it is, and with neighbours that answer like cases and members."""

import time
from itertools import count
from pathlib import Path

from dev.ports import free_port
from dev.servers import Broker, Mongod
from gateway.tokens import Tokens
from tests.component.gateway.crowd import Reader
from tests.component.gateway.running import CALLER, NEIGHBOURS
from tests.component.notify.running import Running as Notifying
from tests.unit.gateway.fakes import SEED


class Streaming(Notifying):
    """One gateway, notify and their neighbours; readers of streams are made here."""

    def __init__(self, broker: Broker, mongod: Mongod, directory: Path, **settings: str) -> None:
        self.port = free_port()
        self._readers = count()
        super().__init__(broker, mongod, directory, **settings)
        self.environment["PYTHONPATH"] = f"{NEIGHBOURS}:{self.environment['PYTHONPATH']}"
        nowhere = "http://127.0.0.1:9"
        self.environment |= {
            "GATEWAY_PORT": str(self.port),
            "TOKEN_KEY": SEED,
            "CASES_URL": nowhere,
            "MEMBERS_URL": nowhere,
            "NOTIFY_URL": nowhere,
            "RPC_SECONDS": "3",
            "STREAMS_OF_ONE": "3",
        }

    def reader(self, path: str = "/v1/streams/desk", *, person: str | None = None, seconds: int = 900) -> Reader:
        """A reader with a token that is good for so long, not connected yet; by default of a person of its own.

        The place of who breaks off stays taken until that is noticed, and nobody else should be refused for it.
        """
        person = person or f"p-reader-{next(self._readers)}"
        token = Tokens(SEED, seconds).issue("s-1", {**CALLER, "id": person}, time.time())
        return Reader(self.port, path, token)
