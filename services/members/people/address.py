"""Addresses of a person besides the phone: what each is made of, and as much of it as may be shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chassis.privacy import masked_email

MOST_CHARACTERS = 254
"""Of an e-mail address (RFC 5321 §4.5.3.1.3, without the brackets); the others are shorter."""

EMAIL = "email"


@dataclass(frozen=True)
class Form:
    """What an address of a kind is made of, and what is said of one that is none."""

    pattern: re.Pattern[str]
    fault: str

    def fits(self, text: str) -> bool:
        """Whether it is one."""
        return bool(self.pattern.fullmatch(text))


ADDRESSES: Mapping[str, Form] = {
    # Without the quoted form of RFC 5321, which may hold commas, blanks and line breaks.
    EMAIL: Form(
        re.compile(
            r"(?=.{6,254}\Z)(?=[^@]{1,64}@)[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
            r"@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]",
            re.IGNORECASE | re.ASCII,
        ),
        "Not an e-mail address, like name@example.cn.",
    ),
    "ntfy": Form(re.compile(r"[A-Za-z0-9_-]{1,64}"), "Not a topic of ntfy: 1 to 64 letters, digits, _ or -."),
    "bark": Form(re.compile(r"[A-Za-z0-9]{8,64}"), "Not a device key of Bark: 8 to 64 letters and digits."),
    "wecom": Form(
        re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE),
        "Not the key of a WeCom robot: 32 hexadecimal digits in five groups.",
    ),
    "dingtalk": Form(
        re.compile(r"[0-9a-f]{64}", re.IGNORECASE), "Not the token of a DingTalk robot: 64 hexadecimal digits."
    ),
    "feishu": Form(
        re.compile(r"[A-Za-z0-9_-]{16,64}"), "Not the token of a Feishu robot: 16 to 64 letters, digits, _ or -."
    ),
}
"""The kinds that people may enter; channels name the kind that they need (docs/operations.md, "Channels to people")."""


def masked(kind: str, text: str) -> str:
    """The address as it may be shown: of an e-mail its first letter and the domain, else two letters at each end."""
    if kind == EMAIL:
        return masked_email(text)
    return f"{text[:2]}****{text[-2:]}" if len(text) > len("ab12cd") else "****"


def changed(known: Mapping[str, str], given: Mapping[str, str | None]) -> dict[str, str]:
    """The addresses after a change: a kind that is not named stays, one that is None goes."""
    return {kind: text for kind, text in {**known, **given}.items() if text is not None}
