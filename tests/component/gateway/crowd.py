"""Readers of streams on sockets of their own, hundreds in one thread, each of which keeps what it heard and where."""

import json
import selectors
import socket
import time
from collections.abc import Callable, Iterable
from typing import Any, Self

PIECE = 65_536
LISTENING = 200


class Reader:
    """One reader of one stream; it may break off and go on with the last `id`, as a client should."""

    def __init__(self, port: int, path: str, token: str) -> None:
        self._port, self._path, self._token = port, path, token
        self.heard: list[dict[str, Any]] = []
        self.last_id: str | None = None
        self.status = 0
        self.head = ""
        self.end: str | None = None
        self.signs = 0
        """Pieces without an event: comments."""
        self.line: socket.socket | None = None

    def connect(self, last_id: str | None = None) -> Self:
        """Open the stream, after what was heard last."""
        after = last_id or self.last_id
        going_on = f"Last-Event-ID: {after}\r\n" if after else ""
        line = socket.socket()
        line.settimeout(10)
        line.connect(("127.0.0.1", self._port))
        # HTTP/1.0: the body has no chunks, and ends with the connection.
        line.sendall(
            f"GET {self._path} HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer {self._token}\r\n{going_on}\r\n".encode()
        )
        self.line, self._rest, self.end, self.status, self.head = line, b"", None, 0, ""
        return self

    def break_off(self) -> None:
        """Close without a word; what was not read is not heard."""
        if self.line is not None:
            self.line.close()
            self.line = None

    def read(self) -> bool:
        """Read what is there; False at the end of the stream."""
        assert self.line is not None
        try:
            found = self.line.recv(PIECE)
        except ConnectionError:
            found = b""
        self._rest += found
        if not self.status and b"\r\n\r\n" in self._rest:
            head, _, self._rest = self._rest.partition(b"\r\n\r\n")
            self.head = head.decode()
            self.status = int(self.head.split()[1])
        if self.status == LISTENING:
            *blocks, self._rest = self._rest.split(b"\n\n")
            for block in blocks:
                self._take(block.decode())
        if not found:
            self.break_off()
        return bool(found)

    @property
    def body(self) -> dict[str, Any]:
        """The problem that was answered instead of a stream."""
        body: dict[str, Any] = json.loads(self._rest)
        return body

    @property
    def versions(self) -> list[tuple[str, int]]:
        """Which events were heard, in their order: case and version."""
        return [(each["case_id"], each["version"]) for each in self.heard]

    def _take(self, block: str) -> None:
        fields = dict(line.split(":", 1) for line in block.split("\n"))
        said = {name: value.strip() for name, value in fields.items()}
        self.last_id = said.get("id", self.last_id)
        self.signs += "data" not in said
        if said.get("event") == "end":
            self.end = json.loads(said["data"])["reason"]
        elif "data" in said and said["event"] != "begin":
            self.heard.append(json.loads(said["data"]))


def listen(readers: Iterable[Reader], until: Callable[[], bool], seconds: float = 30) -> bool:
    """Read what comes for any of them until that holds; whether it did."""
    deadline = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        for reader in readers:
            if reader.line is not None:
                selector.register(reader.line, selectors.EVENT_READ, reader)
        while not until() and time.monotonic() < deadline:
            for key, _ in selector.select(0.05):
                if not key.data.read():
                    selector.unregister(key.fileobj)
        return until()


LATER = frozenset({503, 504})
"""Statuses after which a reader comes again."""


def begun(readers: Iterable[Reader], seconds: float = 60) -> bool:
    """Connect those that are not, as often as they are asked to come again; whether all listen in the end.

    Fails at once where one of them is refused.
    """
    some, deadline = list(readers), time.monotonic() + seconds

    def settled() -> bool:
        return all(each.status or each.line is None for each in some)

    while time.monotonic() < deadline:
        for each in some:
            if each.line is None or each.status in LATER:
                each.break_off()
                each.connect()
        listen(some, settled)
        refused = [each.head for each in some if each.status and each.status not in {LISTENING, *LATER}]
        assert not refused, refused
        if all(each.line is not None and each.status == LISTENING for each in some):
            return True
        time.sleep(0.2)
    return False
