"""Checking of incoming data: how an instant is read, and how marshmallow's errors become one refusal with pointers."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from marshmallow import Schema, ValidationError, fields

from chassis.errors import Refusal
from chassis.instant import FIRST, LAST
from chassis.unseen import has_unseen, is_unseen

RFC_3339 = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})")
"""Python itself would read all of ISO 8601: weeks, no seconds, no punctuation."""

BLANK_FOR_PLUS = re.compile(r"[0-9] [0-9]{2}:[0-9]{2}$")
"""How an offset ends that came in an address with a plain +, which means a blank there."""

MOST_TOLD = 5_000
"""Faults that are told of one content: as many as the longest list has lines."""

CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")

SEEN = "LNPS"
"""Letters, numbers, punctuation and symbols: categories of Unicode that leave something to be seen, but for a few."""


class Instant(fields.String):
    """An RFC 3339 instant with its offset, as an aware datetime in UTC."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return instant(super()._deserialize(value, attr, data, **kwargs))


class Day(fields.Date):
    """A day like 2026-04-15, as a date; it has a day before and after it, and ends on every clock of the world."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        day = super()._deserialize(value, attr, data, **kwargs)
        if not FIRST.date() < day < LAST.date():
            raise self.make_error("invalid", input=value, obj_type="date")
        return day


def instant(text: str) -> datetime:
    """The instant that the text names, in UTC; raises ValidationError, also for one outside the calendar."""
    try:
        at = datetime.fromisoformat(text).astimezone(UTC) if RFC_3339.fullmatch(text) else None
    except (ValueError, OverflowError):
        at = None  # no day of the calendar, or not one in UTC
    if at is None or not FIRST <= at <= LAST:
        hint = " In an address the + of an offset is written %2B." if BLANK_FOR_PLUS.search(text) else ""
        raise ValidationError(f"Not an RFC 3339 instant with offset.{hint}")
    return at


def reason_or_none(reason: Any) -> Any:
    """The reason that somebody gives, and None for one in which nothing can be seen: it is as good as left out."""
    return None if isinstance(reason, str) and not _anything_seen(reason) else reason


def with_reason(schema: Schema, body: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody says who wants to see what is personal, as `load`; refuses `reason_missing` (docs/domain.md §5)."""
    if reason_or_none(body.get("reason")) is None:
        raise Refusal("reason_missing")
    return load(schema, body)


def legible(text: str) -> None:
    """Refuse a text in which nothing can be seen, or that is no `one_line`."""
    seen(text)
    one_line(text)


def one_line(text: str) -> None:
    """Refuse control characters such as a line break, and others that nobody sees: names would read as others do."""
    if CONTROLS.search(text):
        raise ValidationError("Control characters are not allowed.")
    if has_unseen(text):
        raise ValidationError("Characters that nobody sees, or that turn the direction of writing, are not allowed.")


def seen(text: str) -> None:
    """Refuse a text in which nothing can be seen: it may be as long as it has to be, and says nothing."""
    if text and not _anything_seen(text):
        raise ValidationError("Nothing can be read in it.")


def _anything_seen(text: str) -> bool:
    return any(unicodedata.category(each)[0] in SEEN and not is_unseen(each) for each in text)


def load(schema: Schema, data: Mapping[str, Any]) -> dict[str, Any]:
    """The validated form of `data`; raises `Refusal("invalid")` that names every fault by its pointer (see `told`)."""
    try:
        loaded: dict[str, Any] = schema.load(data)
    except ValidationError as error:
        raise Refusal("invalid", errors=told(error.messages)) from None
    return loaded


def told(messages: Any) -> list[dict[str, str]]:
    """The faults of a marshmallow error tree as a refusal tells them: the first `MOST_TOLD`."""
    return list(islice(faults(messages), MOST_TOLD))


def faults(messages: Any, pointer: str = "") -> Iterator[dict[str, str]]:
    """The faults of a marshmallow error tree, flat: `{"pointer": "/a/0/b", "detail": "..."}`."""
    if isinstance(messages, Mapping):
        for key, value in messages.items():
            yield from faults(value, pointer if key == "_schema" else f"{pointer}/{_escaped(key)}")
    else:
        for text in messages if isinstance(messages, list) else [messages]:
            yield {"pointer": pointer, "detail": str(text)}


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")
