"""RabbitMQ's management API, as far as queues of partners need it; it knows no partner."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, unquote, urlsplit, urlunsplit

import requests

from chassis.tls import Trust

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0


class ManagementFailed(Exception):
    """The API did not answer, or refused; whether it did what it was asked is not known. Asking again is safe."""


class Management:
    """One user of the API at one broker."""

    def __init__(self, url: str, trust: Trust | None = None) -> None:
        """`url` has the user and its password in it; raises ValueError when it has none.

        `trust` is for `https://`: whom to believe and what to show, as to the broker itself.
        """
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not (parts.hostname and parts.username and parts.password):
            raise ValueError("MANAGEMENT_URL has to be like http://user:password@host:15672")
        self.user = unquote(parts.username)
        self._auth = (self.user, unquote(parts.password))
        self._base = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rstrip("/"), "", ""))
        self._trust = trust or Trust()

    def put(self, *path: str, body: Mapping[str, Any] | None = None) -> None:
        """Make it so; raises `ManagementFailed`."""
        self._ask("PUT", path, body or {})

    def delete(self, *path: str) -> None:
        """Remove it, if it is there; raises `ManagementFailed`."""
        self._ask("DELETE", path, gone=True)

    def queues(self, vhost: str) -> list[str]:
        """The names of all queues of a virtual host; raises `ManagementFailed`."""
        return [each["name"] for each in self._ask("GET", ("queues", vhost), query="?columns=name").json()]

    def lying(self, vhost: str, queue: str, most: int) -> list[str]:
        """The message ids of what lies in the queue, of at most so many, and stays; raises `ManagementFailed`."""
        asked = {"count": most, "ackmode": "ack_requeue_true", "encoding": "auto", "truncate": 1}
        found = self._ask("POST", ("queues", vhost, queue, "get"), asked).json()
        return [each["properties"]["message_id"] for each in found]

    def _ask(
        self,
        method: str,
        path: tuple[str, ...],
        body: Mapping[str, Any] | None = None,
        query: str = "",
        *,
        gone: bool = False,
    ) -> requests.Response:
        where = "/".join(quote(part, safe="") for part in path)
        with requests.Session() as session:
            session.trust_env = False  # no proxy between the service and its broker
            session.verify = self._trust.ca_file or True
            session.cert = (self._trust.cert_file, self._trust.key_file) if self._trust.cert_file else None
            try:
                answer = session.request(
                    method,
                    f"{self._base}/api/{where}{query}",
                    json=body,
                    auth=self._auth,
                    timeout=(CONNECT_SECONDS, READ_SECONDS),
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                raise ManagementFailed(f"{method} {where}: {type(error).__name__}") from None  # its text has the URL
        if not (answer.ok or (gone and answer.status_code == HTTPStatus.NOT_FOUND)):
            raise ManagementFailed(f"{method} {where}: {answer.status_code}")
        return answer
