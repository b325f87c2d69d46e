"""A partner that fetches its feed over HTTP, page by page, from where it has got to."""

import json
import threading
from http import HTTPStatus

import requests

from dev.client import Client
from tests.chaos.partners.partner import Arrival, Partner
from tests.chaos.partners.wish import Wish

PAUSE_SECONDS = 0.5


class Follower(Partner):
    """Keeps its cursor only after it has kept the page, and asks again whatever went wrong."""

    way = "feed"

    def __init__(self, name: str, who: str, wish: Wish, client: Client) -> None:
        """It reads with a client of its own."""
        super().__init__(name, who, wish)
        self.fetched: list[Arrival] = []
        self.denied = 0
        """How often it was told that there is no such feed."""
        self.asking = threading.Lock()
        """Whoever has it keeps the partner from asking."""
        self._client = client
        self._next = ""
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def joined(self, secret: str | None) -> None:
        """A feed is read with its owner's sign-in: there is no secret."""

    def start(self) -> None:
        """Begin to fetch."""
        self._thread.start()

    def stop(self) -> None:
        """Fetch no more."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(15)

    def arrivals(self) -> list[Arrival]:
        """What was fetched."""
        return self.fetched

    def _run(self) -> None:
        while not self._ended.wait(PAUSE_SECONDS):
            if not self.subscription:
                continue
            try:
                while self._more():
                    pass
            except requests.RequestException as error:  # it asks again, whatever was answered
                self.denied += error.response is not None and error.response.status_code == HTTPStatus.NOT_FOUND

    def _more(self) -> bool:
        with self.asking:
            return self._fetch()

    def _fetch(self) -> bool:
        """One page; whether there may be another."""
        path = self._next or f"/v1/events?subscription_id={self.subscription}"
        answer = self._client.get(path)
        answer.raise_for_status()
        page = [_arrival(each) for each in json.loads(answer.text)]
        self.fetched += page
        following = answer.links["next"]["url"] if "next" in answer.links else path
        further, self._next = following != path, following
        return further


def _arrival(event: dict[str, str]) -> Arrival:
    case = event["subject"].removeprefix("case/")
    return Arrival(event["id"], case, int(event["sequence"]), json.dumps(event["data"]).encode())
