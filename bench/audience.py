"""Many readers of streams in one thread: when each of them was told what."""

import selectors
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Self
from urllib.parse import urlsplit

PIECE = 65_536
OPENING_SECONDS = 60.0


class Audience:
    """Reads all its streams until its end; `told` has for each line of a `data` field when each reader got it."""

    def __init__(self, url: str, token: str) -> None:
        self._at, self._token = urlsplit(url), token
        self._selector = selectors.DefaultSelector()
        self._rest: dict[socket.socket, bytes] = {}
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self.begun = 0
        self.told: defaultdict[bytes, list[float]] = defaultdict(list)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(10)
        for line in list(self._rest):
            line.close()

    def open(self, paths: Iterable[str]) -> None:
        """A stream for each path; returns when all have begun, or raises TimeoutError."""
        wanted = self.begun
        for path in paths:
            self._open(path)
            wanted += 1
        deadline = time.monotonic() + OPENING_SECONDS
        while self.begun < wanted and time.monotonic() < deadline:
            time.sleep(0.05)
        if self.begun < wanted:
            raise TimeoutError(f"{self.begun} of {wanted} streams have begun")

    def _open(self, path: str) -> None:
        line = socket.create_connection((self._at.hostname or "", self._at.port or 80), timeout=30)
        asked = f"GET {path} HTTP/1.0\r\nHost: bench\r\nAuthorization: Bearer {self._token}\r\n\r\n"
        line.sendall(asked.encode())
        self._rest[line] = b""
        self._selector.register(line, selectors.EVENT_READ)

    def _read(self) -> None:
        while not self._over.is_set():
            for key, _ in self._selector.select(0.1):
                self._take(key.fileobj)

    def _take(self, line: Any) -> None:
        found = line.recv(PIECE)
        if not found:
            self._selector.unregister(line)
            return
        now = time.time()
        *lines, self._rest[line] = (self._rest[line] + found).split(b"\n")
        for each in lines:
            if each == b"event: begin":
                self.begun += 1
            elif each.startswith(b'data: {"id"'):
                self.told[each].append(now)
