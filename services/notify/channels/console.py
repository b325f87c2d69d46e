"""The outside channel of development: messages as lines of a file."""

import hashlib
import json
import os
from pathlib import Path

from notify.channels.port import CODE, PHONE, Parcel, Unavailable
from notify.phones import masked


class Console:
    """One JSON line a message, in a file that only its owner may read."""

    name = "console"
    kind = "console"
    address = PHONE

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, parcel: Parcel) -> str:
        """Append the message; the phone is masked, and `ref` (SHA-256 of it) lets a tool find its own lines."""
        ref = hashlib.sha256(parcel.to.encode()).hexdigest()
        line = {
            "channel": self.name,
            "to": masked(parcel.to),
            "ref": ref,
            "kind": "code" if parcel.template == CODE else "notice",
            "template": parcel.template,
            **(parcel.facts if parcel.template == CODE else {}),
            **parcel.about,
            "language": parcel.language,
            "title": parcel.title,
            "body": parcel.body,
            **({"unsubscribe": parcel.unsubscribe} if parcel.unsubscribe else {}),
        }
        try:
            self._append((json.dumps(line, ensure_ascii=False) + "\n").encode())
        except OSError as error:
            raise Unavailable(type(error).__name__) from None
        return ""

    def _append(self, data: bytes) -> None:
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, data)  # one write, so that lines of several processes do not mix
        finally:
            os.close(file)
