"""What is filed over Open311 as the fields of a report; it decides nothing about the case (docs/open311.md)."""

import re
from collections.abc import Mapping
from typing import Any

from cases.case import Source

COMMUNITY = re.compile(r"^.{1,20}?社区")
HAN = re.compile(r"[\u3400-\u9fff]")


def reported(given: Mapping[str, Any], compound_id: str | None) -> dict[str, Any]:
    """The fields of the report; `compound_id` is the compound that an address was found to be, None without one."""
    named = compound_id or given.get("address_id") or given.get("compound")
    optional = {
        "text": _text(given),
        "location": _location(given),
        "compound_id": named,
        "asset_id": given.get("asset"),
        "tags": given.get("weighs_on"),
        "photos": given.get("photos"),
    }
    found = {name: value for name, value in optional.items() if value}
    return {"category": given["service_code"], "source": Source.OPEN311.value, **found, **_reporter(given)}


def names_in(address: str) -> tuple[str, ...]:
    """What an address may name a compound by: the whole of it, or what follows its community, as we write addresses."""
    whole = address.strip()
    return tuple(dict.fromkeys(name for name in (whole, COMMUNITY.sub("", whole).strip()) if name))


def _location(given: Mapping[str, Any]) -> dict[str, float] | None:
    """WGS 84, as the standard has it."""
    return {"lon": given["long"], "lat": given["lat"]} if "lat" in given and "long" in given else None


def _text(given: Mapping[str, Any]) -> str | None:
    """The description; an address beside a point is for whoever goes there."""
    address = given.get("address_string") if "lat" in given else None
    lines = [given.get("description"), f"地址：{address}" if address else None]
    return "\n".join(line for line in lines if line) or None


def _reporter(given: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody who can be called back, and agreed to it; without a phone nobody, and no name is kept then (§5)."""
    if not given.get("phone"):
        return {"anonymous": True}
    name = full_name(given.get("first_name"), given.get("last_name"))
    return {"on_behalf_of": {"consent": True, "phone": given["phone"], **({"name": name} if name else {})}}


def full_name(first: str | None, last: str | None) -> str | None:
    """Both names in the order of their language."""
    parts = [part for part in (last, first) if part]
    if any(HAN.search(part) for part in parts):
        return "".join(parts)
    return " ".join(reversed(parts)) or None
