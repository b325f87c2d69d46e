"""The port of every way to people outside: what goes through it, in which order they come, and how one fails."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

ORDER = ("app", "wechat", "email", "sms", "console")
"""The kinds of channels, the first that reaches somebody is taken (docs/domain.md §2.2); voice is by hand."""

DECLINABLE = tuple(kind for kind in ORDER if kind != "console")
"""The kinds that people know and may decline; the console is there for who develops."""

PHONE = "phone"
"""The address that everybody has whom a text message can reach."""

EMAIL = "email"

ADDRESSES: Mapping[str, tuple[str, str]] = {
    PHONE: ("12000000000", "12000000001"),
    EMAIL: ("name@example.cn", "other@example.cn"),
    "ntfy": ("topic", "other"),
    "bark": ("0123456789abcdef", "fedcba9876543210"),
    "wecom": ("00000000-0000-0000-0000-000000000000", "00000000-0000-0000-0000-000000000001"),
    "dingtalk": ("0" * 64, "0" * 63 + "1"),
    "feishu": ("0" * 32, "0" * 31 + "1"),
}
"""The addresses that a person may have with members, each as those of two people may look.

A channel for another would reach nobody.
"""

TO = "{to}"
"""Where the address of the person stands in the URL of a service."""

CODE, PHONE_CHANGED = "one_time_code", "phone_changed"
"""The templates of messages that are kept nowhere."""


@dataclass(frozen=True)
class Parcel:
    """What goes out; `key` is the same on every try, for providers that know one; `about` is for whoever looks on.

    `unsubscribe` is the address at which its reader stops more of the kind.
    """

    key: str
    to: str
    template: str
    language: str
    title: str
    body: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    unsubscribe: str | None = None


class Undeliverable(Exception):
    """The provider will never take this, for the address is none or has been closed; the text is a code, no address."""


class Unavailable(Exception):
    """The provider could not take it now; the text is a code, no address and no secret."""


class Channel(Protocol):
    """One provider: its name in the log, its kind (one of ORDER), and which address of a contact it needs."""

    name: str
    kind: str
    address: str

    def send(self, parcel: Parcel) -> str:
        """Hand the parcel over; what the provider calls it, empty where it says nothing.

        Raises `Undeliverable` or `Unavailable`.
        """
        ...
