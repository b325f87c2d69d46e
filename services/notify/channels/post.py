"""Every service that apprise knows: e-mail, WeCom, DingTalk, Feishu, ntfy, Bark and more, each by its URL."""

import logging
import re
from urllib.parse import quote

import apprise

from notify.channels.port import Parcel, Unavailable, Undeliverable

TO = "{to}"
"""Where the address of the person stands in a URL."""

_STATUS = re.compile(r"error=(\d{3})")


class Post:
    """One service at one URL, which holds its secrets: it is never logged, nor is what apprise says about it."""

    def __init__(self, name: str, kind: str, address: str, url: str) -> None:
        """`url` is apprise's, with `{to}` where the person's address belongs."""
        self.name, self.kind, self.address = name, kind, address
        self._url = url

    def send(self, parcel: Parcel) -> str:
        """Nothing to remember: these services name no message."""
        service = apprise.Apprise.instantiate(self._url.replace(TO, quote(parcel.to, safe="")))
        if service is None:
            raise Undeliverable("no_such_address")
        with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as said:  # type: ignore[no-untyped-call]
            taken = service.notify(body=parcel.body, title=parcel.title, body_format=apprise.NotifyFormat.TEXT)
            found = _STATUS.search(said.getvalue())
        if not taken:
            raise Unavailable(f"http_{found[1]}" if found else "not_taken")
        return ""
