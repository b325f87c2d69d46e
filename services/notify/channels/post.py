"""Every service that apprise knows: e-mail, WeCom, DingTalk, Feishu, ntfy, Bark and more, each by its URL."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any
from urllib.parse import quote

import apprise

from notify.channels.port import ADDRESSES, EMAIL, PHONE, TO, Parcel, Unavailable, Undeliverable

MAIL = ("mailto://", "mailtos://")

STOP = {"zh-CN": "不再接收此类消息：{}", "en": "To stop messages of this kind: {}"}
"""The last line of an e-mail, by its language."""

HOLDS: Mapping[str, tuple[str, ...]] = {
    "NotifyWeComBot": ("key",),
    "NotifyDingTalk": ("token",),
    "NotifyFeishu": ("token",),
    "NotifyLark": ("token",),
    "NotifyNtfy": ("topics", "email"),
}
"""Where a service of apprise keeps whom it sends to, if not in LISTS: a robot tells all who are in its group."""

LISTS = ("targets", "topics", "channels", "users", "groups", "rooms", "devices", "cc", "bcc")
"""Where the others do."""

PLACES = frozenset({"host", "port", "fullpath"})
"""What every service has and what may lead to a person all the same."""

_NO_DIGIT = re.compile(r"\D")

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
    if _is_mail(url) and address != EMAIL:
        return f'sends e-mail, and so needs the address "{EMAIL}"'
    with listening():
        services = [apprise.Apprise.instantiate(_leading(url, to)) for to in ADDRESSES[address]]
    if None in services:
        return "has a url that its service cannot use: something is missing, like a server, or is out of place"
    if not _each_alone(services, address):
        return f"is not sent to the person alone: {TO} stands where its service has no recipient, or others beside it"
    return None


def _is_mail(url: str) -> bool:
    return url.lower().startswith(MAIL)


def _leading(url: str, to: str) -> str:
    return url.replace(TO, quote(to, safe=""))


def _each_alone(services: Sequence[Any], address: str) -> bool:
    """Whether each service, made for one of the two addresses of the kind, sends to that one and to nobody else."""
    told = [_recipients(each) for each in services]
    if any(told):
        pairs = zip(told, ADDRESSES[address], strict=True)
        return all(len(found) == 1 and _is(found[0], to, address) for found, to in pairs)
    first, second = (_places(each) for each in services)
    return first != second


def _recipients(service: Any) -> list[str]:
    """Whom the service says that it sends to, as it writes them; nobody where it has no list of them."""
    held = (getattr(service, name, None) for name in HOLDS.get(type(service).__name__, LISTS))
    # Some keep a recipient with a name or a sign before it.
    return [str(each[-1] if isinstance(each, tuple) else each) for every in held for each in _listed(every)]


def _listed(held: object) -> list[Any]:
    if isinstance(held, list | tuple | set):
        return list(held)
    return [held] if held and isinstance(held, str) else []


def _is(recipient: str, to: str, address: str) -> bool:
    # A phone may have the number of its country before it.
    return _NO_DIGIT.sub("", recipient).endswith(to) if address == PHONE else recipient == to


def _places(service: Any) -> dict[str, Any]:
    """Where a service without a list of recipients sends to, and what it adds: all that not every service has."""
    every = apprise.NotifyBase()  # type: ignore[no-untyped-call]  # apprise says no types here
    own = {name: value for name, value in vars(service).items() if name in PLACES or not hasattr(every, name)}
    return {name: value for name, value in own.items() if isinstance(value, str | dict | list | tuple | set)}


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
        url = _leading(self._url, parcel.to)
        if parcel.unsubscribe is None or not _is_mail(self._url):
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
