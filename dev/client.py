"""A small client of the gateway's API, for the tools and the tests; it knows the wire and no code of the suite."""

import hashlib
import json
import time
from http import HTTPStatus
from pathlib import Path
from typing import Any

import requests

CODE_SECONDS = 10


class SignInFailed(Exception):
    """The gateway did not let the demo person in; the message says why."""


class Client(requests.Session):
    """Sends to one gateway, asking for English, with a limit of time for each answer; paths begin with `/`."""

    def __init__(self, url: str, token: str | None = None, seconds: float = 30) -> None:
        super().__init__()
        self._url = url
        self._seconds = seconds
        self.headers["Accept-Language"] = "en"
        if token:
            self.headers["Authorization"] = f"Bearer {token}"

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """As `requests.Session.request`, relative to the gateway."""
        kwargs.setdefault("timeout", self._seconds)
        return super().request(method, self._url + url, *args, **kwargs)


def sign_in_with_password(client: Client, login: str, password: str) -> str:
    """An access token for a member of staff; raises `SignInFailed`."""
    return _session(client, {"login": login, "password": password})


def sign_in_with_code(client: Client, console_file: Path, phone: str) -> str:
    """An access token for a resident or member, whose one-time code is read from the console; or `SignInFailed`."""
    seen = len(_codes(console_file, phone))
    begun = _checked(client.post("/v1/sign-in/code", json={"phone": phone})).json()
    code = _next_code(console_file, phone, seen)
    return _session(client, {"sign_in_id": begun["sign_in_id"], "code": code})


def _session(client: Client, credentials: dict[str, str]) -> str:
    token: str = _checked(client.post("/v1/sessions", json=credentials)).json()["access_token"]
    return token


def _checked(answer: requests.Response) -> requests.Response:
    if not answer.ok:
        raise SignInFailed(told(answer))
    return answer


def told(answer: requests.Response) -> str:
    """A refusal in a sentence: what is wrong, what to do, and when to try again."""
    if "json" not in answer.headers.get("Content-Type", ""):
        return f"{answer.status_code} {answer.reason}"
    problem = answer.json()
    detail, wait = problem["detail"].rstrip("."), answer.headers.get("Retry-After")
    said = answer.status_code == HTTPStatus.TOO_MANY_REQUESTS
    advice = f"{detail} (try again in {wait} s)." if wait and not said else f"{detail}."
    faults = [f"{each.get('pointer', each.get('parameter'))}: {each['detail']}" for each in problem.get("errors", ())]
    return " ".join([f"{problem['title']}.", advice, *faults])


def _next_code(console_file: Path, phone: str, seen: int) -> str:
    deadline = time.monotonic() + CODE_SECONDS
    while time.monotonic() < deadline:
        codes = _codes(console_file, phone)
        if len(codes) > seen:
            return codes[-1]
        time.sleep(0.05)
    raise SignInFailed(f"No code for this phone came to {console_file} within {CODE_SECONDS} s.")


def _codes(console_file: Path, phone: str) -> list[str]:
    """The one-time codes sent to the phone so far; the console names a phone only by its hash."""
    ref = hashlib.sha256(phone.encode()).hexdigest()
    lines = console_file.read_text().splitlines() if console_file.exists() else []
    messages = (json.loads(line) for line in lines if ref in line)
    return [message["code"] for message in messages if "code" in message]
