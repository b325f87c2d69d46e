"""The gateway as it runs, with a neighbour that answers like cases."""

import socket
import time
from pathlib import Path
from typing import Any

import requests

from dev.ports import free_port
from dev.servers import Broker, Mongod
from gateway.tokens import Tokens
from tests.component.instances import Instances
from tests.unit.gateway.fakes import SEED

NEIGHBOURS = Path(__file__).parent / "neighbours"
CALLER = {"id": "p-1", "grants": [{"role": "resident", "scope": "360704"}], "unit": None}


class Running(Instances):
    """One gateway with its neighbour."""

    def __init__(self, broker: Broker, mongod: Mongod, directory: Path, **settings: str) -> None:
        self.port, cases = free_port(), free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        neighbour = f"http://127.0.0.1:{cases}"
        super().__init__(
            broker,
            mongod,
            directory,
            NEIGHBOURS,
            RPC_SECONDS="2",
            GATEWAY_PORT=str(self.port),
            TOKEN_KEY=SEED,
            CASES_URL=neighbour,
            MEMBERS_URL=neighbour,
            NOTIFY_URL=neighbour,
            **settings,
        )
        self.ports["cases"] = cases

    def session(self) -> requests.Session:
        """A client that is signed in."""
        client = requests.Session()
        client.headers["Authorization"] = f"Bearer {Tokens(SEED, 900).issue('s-1', CALLER, time.time())}"
        return client

    def ask(self, path: str = "/v1/cases/c-1", **options: Any) -> requests.Response:
        with self.session() as client:
            return client.get(self.url + path, timeout=15, **options)

    def raw(self, sent: bytes, *, until_closed: bool = False) -> bytes:
        """What comes back for these bytes on a connection of their own."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(sent)
            received = connection.recv(65536)
            while until_closed and (more := connection.recv(65536)):
                received += more
            return received
