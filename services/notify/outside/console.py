"""The outside channel of development: messages as lines of a file."""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from notify.outside.contact import masked


class Console:
    """The outside channel of development: one JSON line a message, in a file that only its owner may read."""

    name = "console"

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, phone: str, **message: Any) -> None:
        """Append the message; the phone is masked, and `ref` (SHA-256 of it) lets a tool find its own lines."""
        ref = hashlib.sha256(phone.encode()).hexdigest()
        line = {"channel": self.name, "to": masked(phone), "ref": ref, **message}
        data = (json.dumps(line, ensure_ascii=False) + "\n").encode()
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, data)  # one write, so that lines of several processes do not mix
        finally:
            os.close(file)
