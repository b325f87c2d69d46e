"""Gateways before members as it is, each with a way to the broker of its own, which a test may cut."""

from pathlib import Path
from typing import Any, Self

import requests

from dev.ports import free_port
from dev.servers import Broker, Mongod
from tests.chaos.proxy import Proxy, Way
from tests.component.members.running import Running
from tests.unit.gateway.fakes import SEED
from tests.waiting import eventually

NOWHERE = "http://127.0.0.1:9"
PASSWORD = "晨光 a password for tests"


class Signing(Running):
    """members with an administrator and a dispatcher, and two gateways; `cut` keeps the second one from the broker."""

    def __init__(self, broker: Broker, mongod: Mongod, directory: Path) -> None:
        super().__init__(broker, mongod, directory)
        self.environment |= {
            "TOKEN_KEY": SEED,
            "CASES_URL": NOWHERE,
            "MEMBERS_URL": NOWHERE,
            "NOTIFY_URL": NOWHERE,
            "RPC_SECONDS": "3",
        }
        self._proxy = Proxy(broker.port)
        self.faces = {"gateway": free_port(), "gateway.2": free_port()}

    def __enter__(self) -> Self:
        self._proxy.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._proxy.__exit__()

    def open(self, *names: str) -> None:
        """Start gateways."""
        for name in names:
            port = self._proxy.port if name == "gateway.2" else self.broker.port
            way = f"amqp://guest:guest@127.0.0.1:{port}//"
            self.start(name, GATEWAY_PORT=str(self.faces[name]), AMQP_URI=way)

    def cut(self) -> None:
        """The second gateway hears nothing any more."""
        self._proxy.way = Way.HOLD
        self._proxy.reset()
        assert eventually(lambda: not self.is_ready("gateway.2"))

    def mend(self) -> None:
        """It hears again."""
        self._proxy.way = Way.PASS
        self._proxy.reset()
        assert eventually(lambda: self.is_ready("gateway.2"), 60)

    def open_account(self, login: str, role: str) -> str:
        """Somebody who signs in by password: the id."""
        words = ("--name", "谢测001", "--role", role, "360704", "--login", login, "--password-file", "-")
        done = self.sandan("open-account", *words, typed=f"{PASSWORD}\n")
        assert done.returncode == 0, done.stderr
        return done.stdout.removeprefix("registered: ").partition(",")[0]

    def ask(self, name: str, method: str, path: str, token: str = "", **options: Any) -> requests.Response:
        """What this gateway answers."""
        headers = {**({"Authorization": f"Bearer {token}"} if token else {}), **options.pop("headers", {})}
        url = f"http://127.0.0.1:{self.faces[name]}{path}"
        return requests.request(method, url, headers=headers, timeout=15, **options)

    def sign_in(self, login: str, name: str = "gateway") -> dict[str, str]:
        """A session of that login."""
        answer = self.ask(name, "POST", "/v1/sessions", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        found: dict[str, str] = answer.json()
        return found

    def said(self, name: str, token: str) -> str:
        """How this gateway takes the token: `ok`, or the code of its refusal."""
        answer = self.ask(name, "GET", "/v1/sessions", token)
        return "ok" if answer.ok else str(answer.json()["code"])
