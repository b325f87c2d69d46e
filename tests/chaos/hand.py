"""A client of the suite under test, who reports and moves cases."""

import hashlib
import time
from collections.abc import Mapping

import requests

from dev.client import Client
from tests.chaos.matters import body
from tests.chaos.reading import Sent
from tests.e2e.cast import ACCOUNTS

WHO = {"report": "resident"}
"""Everything else is done by the dispatcher."""
UNKNOWN_YET = {429, 500, 502, 503, 504}
ANSWER_SECONDS = 10.0


class Hand:
    """One thread's client, signed in as whoever the command needs."""

    def __init__(self, url: str, people: Mapping[str, Client]) -> None:
        """It sends to the gateway at `url` with the tokens of those people."""
        self._people = {name: Client(url, token_of(client), ANSWER_SECONDS) for name, client in people.items()}

    def send(self, kind: str, case: str | None, key: str) -> tuple[str, str | None, str]:
        """Send one command: its outcome, the case answered, and the status or error."""
        client = self._people[WHO.get(kind, "dispatcher")]
        path = "/v1/cases" if case is None else f"/v1/cases/{case}/{kind}"
        try:
            answer = client.post(path, json=body(kind, case, key), headers={"Idempotency-Key": key})
        except requests.RequestException as error:
            time.sleep(0.1)
            return "failed", case, type(error).__name__
        if answer.ok:
            return "acknowledged", str(answer.json()["case_id"]), str(answer.status_code)
        outcome = "failed" if answer.status_code in UNKNOWN_YET else "refused"
        return outcome, case, f"{answer.status_code} {answer.text[:300]}"


def token_of(client: Client) -> str:
    """The access token that a client is signed in with."""
    return str(client.headers["Authorization"]).removeprefix("Bearer ")


def command_of(sent: Sent) -> str:
    """The id under which the history keeps a command: twice hashed with who sent it, by gateway and by cases."""
    person = ACCOUNTS[WHO.get(sent.kind, "dispatcher")]["person_id"]
    inner = hashlib.sha256(f"{person}\0{sent.key}".encode()).hexdigest()[:32]
    return hashlib.sha256(f"{person}\0{inner}".encode()).hexdigest()[:32]
