"""Instants at the edge: the services speak UTC, people see the wall clock of Asia/Shanghai with its offset."""

import re
from datetime import datetime, timedelta, timezone
from typing import Any

LOCAL = timezone(timedelta(hours=8), "Asia/Shanghai")
"""The whole country has had one clock and no summer time since 1991."""

UTC_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z")
TIME_NAMES = frozenset(
    {"at", "at_date", "begins", "ends", "ends_by", "from", "since", "to", "until", "time", "latest", "due_on_site"}
)
TIME_ENDINGS = ("_at", "_due", "_from", "_served", "_since", "_until")


def shown(value: Any, name: str = "") -> Any:
    """A copy of JSON data in which each instant in a field for instants has the local offset.

    Only fields named for instants are touched: a text that happens to look like an instant stays as it is.
    """
    if isinstance(value, dict):
        return {key: shown(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [shown(each, name) for each in value]
    if isinstance(value, str) and holds_time(name) and UTC_INSTANT.fullmatch(value):
        return local(value)
    return value


def holds_time(name: str) -> bool:
    """Whether a field of this name holds instants."""
    return name in TIME_NAMES or name.endswith(TIME_ENDINGS)


def local(instant: str) -> str:
    """The same instant on the local clock, RFC 3339 with offset, in milliseconds when it has any."""
    moment = datetime.fromisoformat(instant).astimezone(LOCAL)
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
