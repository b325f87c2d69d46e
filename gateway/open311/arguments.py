"""The standard's arguments as cases takes them; an empty one is as good as none, an unknown one is let be.

What cannot be read as the number that it should be, and an attribute that there is not, goes on as it came: cases
refuses it together with all else that is wrong with the arguments.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,15})?")
WHOLE = re.compile(r"[0-9]{1,9}")
ATTRIBUTE = re.compile(r"attribute\[(?P<code>[^\]]+)\](?:\[\])?")

TEXTS = {
    "start_date": "since",
    "end_date": "until",
    "updated_after": "updated_since",
    "updated_before": "updated_until",
}
LISTS = {"service_request_id": "numbers", "service_code": "codes", "status": "statuses"}
FILED = ("service_code", "description", "address_string", "address_id", "first_name", "last_name", "phone")
SEVERAL = "weighs_on"
ATTRIBUTES = frozenset({"compound", "asset", SEVERAL})

Fields = Mapping[str, list[str]]
"""Each argument with all of its values, as a form or a query has them."""


def listed(given: Fields) -> dict[str, Any]:
    """Which requests are asked for."""
    found = first_of_each(given)
    asked: dict[str, Any] = {ours: found[name] for name, ours in TEXTS.items() if name in found}
    asked |= {ours: parted(found[name]) for name, ours in LISTS.items() if name in found}
    asked |= {name: _whole(found[name]) for name in ("page", "page_size") if name in found}
    return asked | {"with_history": extended(given)}


def extended(given: Fields) -> bool:
    """Whether the extensions are asked for."""
    return first_of_each(given).get("extensions") == "true"


def filed(given: Fields) -> dict[str, Any]:
    """What is filed."""
    found = first_of_each(given)
    report: dict[str, Any] = {name: found[name] for name in FILED if name in found}
    report |= {name: _number(found[name]) for name in ("lat", "long") if name in found}
    for name, code, said in _attributes(given):
        report[code if code in ATTRIBUTES else name] = said if code == SEVERAL else said[0]
    return report


def first_of_each(given: Fields) -> dict[str, str]:
    """The first value of each argument that has one."""
    firsts = {name: values[0].strip() for name, values in given.items() if values}
    return {name: value for name, value in firsts.items() if value}


def parted(text: str) -> list[str]:
    """What stands between commas, each once."""
    return list(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _attributes(given: Fields) -> Iterator[tuple[str, str, list[str]]]:
    """The name of each argument that is an attribute with something said, what is called so, and what is said."""
    for name, values in given.items():
        asked = ATTRIBUTE.fullmatch(name)
        said = [value.strip() for value in values if value.strip()]
        if asked and said:
            yield name, asked["code"], said


def _whole(text: str) -> int | str:
    return int(text) if WHOLE.fullmatch(text) else text


def _number(text: str) -> float | str:
    return float(text) if NUMBER.fullmatch(text) else text
