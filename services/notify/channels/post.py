"""Every service that apprise knows: e-mail, WeCom, DingTalk, Feishu, ntfy, Bark and more, each by its URL."""

import logging
import re
from collections.abc import Iterator
from urllib.parse import quote

import apprise

from notify.channels.port import Parcel, Unavailable, Undeliverable

TO = "{to}"
"""Where the address of the person stands in a URL."""

EMAIL = "email"
MAIL = ("mailto://", "mailtos://")

STOP = {"zh-CN": "不再接收此类消息：{}", "en": "To stop messages of this kind: {}"}
"""The last line of an e-mail, by its language."""

_STATUS = re.compile(r"error=(\d{3})")


class Post:
    """One service at one URL, which holds its secrets: it is never logged, nor is what apprise says about it."""

    def __init__(self, name: str, kind: str, address: str, url: str) -> None:
        """`url` is apprise's, with `{to}` where the person's address belongs."""
        self.name, self.kind, self.address = name, kind, address
        self._url = url

    def send(self, parcel: Parcel) -> str:
        """Nothing to remember: these services name no message."""
        service = apprise.Apprise.instantiate(self._addressed(parcel))
        if service is None:
            raise Undeliverable("no_such_address")
        with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as said:  # type: ignore[no-untyped-call]
            taken = service.notify(body=self._body(parcel), title=parcel.title, body_format=apprise.NotifyFormat.TEXT)
            found = _STATUS.search(said.getvalue())
        if not taken:
            raise Unavailable(f"http_{found[1]}" if found else "not_taken")
        return ""

    def _addressed(self, parcel: Parcel) -> str:
        url = self._url.replace(TO, quote(parcel.to, safe=""))
        if parcel.unsubscribe is None or not self._url.startswith(MAIL):
            return url
        return "&".join([url if "?" in url else f"{url}?", *_headers(parcel.unsubscribe)])

    def _body(self, parcel: Parcel) -> str:
        """The text, with where its reader stops more of it: a mail has room for that, and no button of ours."""
        if parcel.unsubscribe is None or self.kind != EMAIL:
            return parcel.body
        return f"{parcel.body}\n\n{STOP[parcel.language].format(parcel.unsubscribe)}"


def _headers(link: str) -> Iterator[str]:
    """What mail programs make a button of that needs one click (RFC 8058), as apprise takes headers: `+Name=value`."""
    for name, value in (("List-Unsubscribe", f"<{link}>"), ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")):
        yield f"+{name}={quote(value, safe='')}"
