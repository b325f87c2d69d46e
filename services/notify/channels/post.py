"""Every service that apprise knows: e-mail, WeCom, DingTalk, Feishu, ntfy, Bark and more, each by its URL."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from urllib.parse import quote

import apprise

from notify.channels.port import ADDRESSES, EMAIL, TO, Parcel, Unavailable, Undeliverable

MAIL = ("mailto://", "mailtos://")

STOP = {"zh-CN": "不再接收此类消息：{}", "en": "To stop messages of this kind: {}"}
"""The last line of an e-mail, by its language."""

_STATUS = re.compile(r"error=(\d{3})")

_SAID: ContextVar[list[str] | None] = ContextVar("said", default=None)
"""What apprise has said in this greenlet or thread since it began to send; several send at once."""


class _Ear(logging.Handler):
    """Hands what apprise says to the one who is sending it, and to no log: it may hold addresses and secrets."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line for who is listening."""
        if (said := _SAID.get()) is not None:
            said.append(record.getMessage())


_APPRISE = logging.getLogger(apprise.logger.name)
_APPRISE.setLevel(logging.WARNING)
_APPRISE.addHandler(_Ear())
_APPRISE.propagate = False


@contextmanager
def listening() -> Iterator[list[str]]:
    """The warnings of apprise in this greenlet or thread, and of no other, while the block runs."""
    said: list[str] = []
    token = _SAID.set(said)
    try:
        yield said
    finally:
        _SAID.reset(token)


def unfit(url: str, address: str) -> str | None:
    """What is wrong with a channel's URL for this kind of address, if anything; it quotes nothing of it."""
    if url.partition("://")[0].lower() not in apprise.NotificationManager():  # type: ignore[no-untyped-call]  # apprise says no types here
        return "has a url that apprise has no service for"
    if url.lower().startswith(MAIL) and address != EMAIL:
        return f'sends e-mail, and so needs the address "{EMAIL}"'
    with listening():
        if apprise.Apprise.instantiate(url.replace(TO, quote(ADDRESSES[address], safe=""))) is None:
            return "has a url that its service cannot use: something is missing, like a server, or is out of place"
    return None


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
        with listening() as said:
            taken = service.notify(body=self._body(parcel), title=parcel.title, body_format=apprise.NotifyFormat.TEXT)
        if not taken:
            found = _STATUS.search("\n".join(said))
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
