"""The standard's documents, made of what cases answers: services, a definition, requests, discovery (GeoReport v2)."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gateway.case_words import ACTS, STATUSES
from gateway.open311.spark import JSON, MEDIA_TYPES, XML
from gateway.open311.words import (
    ATTRIBUTES,
    CONTACT,
    GROUPS,
    HINTS,
    KEYS,
    OFFICE,
    PROMISE,
    STAFF,
    TAKEN,
    UNITS,
    WEIGHS_ON,
)
from gateway.problems import Text, phrase
from gateway.times import local

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
CHANGED = "2026-11-28T00:00:00+08:00"
"""When what is offered under this path was changed last."""

Document = dict[str, Any]


def services(found: Sequence[Mapping[str, Any]], language: str) -> list[Document]:
    """The list of services."""
    return [_service(each, language) for each in found]


def _service(found: Mapping[str, Any], language: str) -> Document:
    return {
        "service_code": found["code"],
        "service_name": _name(found["name"], language),
        "description": _promise(found, language),
        "metadata": True,
        "type": "realtime",
        "keywords": ",".join(dict.fromkeys([found["name"]["zh"], found["name"]["en"]])),
        "group": _group(found["group"], language),
    }


def _group(found: Mapping[str, str], language: str) -> str:
    """What a group is called; one that we have no English for yet, by its code."""
    return phrase(Text(found["zh"], GROUPS.get(found["en"], found["en"])), language)


def _promise(found: Mapping[str, Any], language: str) -> str:
    """Within which times such a matter is answered and solved."""
    return phrase(PROMISE, language).format(**{name: _length(found[name], language) for name in ("respond", "resolve")})


def _length(term: Mapping[str, Any], language: str) -> str:
    one, several = UNITS[term["unit"]]
    return phrase(one if term["count"] == 1 else several, language).format(term["count"])


def definition(found: Mapping[str, Any], language: str) -> Document:
    """What else can be said of a matter of this kind; all of it may be left out."""
    rows = [_attribute("emergency", "string", language, variable=False), _attribute("compound", "string", language)]
    if found["physical"]:
        rows.append(_attribute("asset", "string", language))
    values = [{"key": key, "name": phrase(WEIGHS_ON[key], language)} for key in found["weighs_on"]]
    rows.append(_attribute("weighs_on", "multivaluelist", language, values))
    return {
        "service_code": found["code"],
        "attributes": [{**row, "order": order} for order, row in enumerate(rows, 1)],
    }


def _attribute(
    code: str, datatype: str, language: str, values: Sequence[Document] = (), *, variable: bool = True
) -> Document:
    hint = HINTS.get(code)
    return {
        "variable": variable,
        "code": code,
        "datatype": datatype,
        "required": False,
        "datatype_description": phrase(hint, language) if hint else None,
        "order": 0,
        "description": phrase(ATTRIBUTES[code], language),
        "values": list(values),
    }


def requests(
    found: Sequence[Mapping[str, Any]], language: str, photo_at: Callable[[str], str], *, extended: bool = False
) -> list[Document]:
    """The list of requests; with `extended` also their notes, which say what was done on which day.

    `photo_at` says where everybody sees a photo that was released.
    """
    return [_request(each, language, photo_at) | (_extended(each, language) if extended else {}) for each in found]


def _request(found: Mapping[str, Any], language: str, photo_at: Callable[[str], str]) -> Document:
    point = found["point"] or {}
    return {
        "service_request_id": found["number"],
        "status": "open" if found["open"] else "closed",
        "status_notes": phrase(STATUSES[found["status"]], language),
        "service_name": _name(found["name"], language),
        "service_code": found["code"],
        "description": found["text"],
        "agency_responsible": _responsible(found, language),
        "service_notice": None,
        "requested_datetime": local(found["requested_at"]),
        "updated_datetime": local(found["updated_at"]),
        "expected_datetime": local(found["expected_at"]) if found["expected_at"] else None,
        "address": f"{found['community']}{found['compound'] or ''}" or None,
        "address_id": found["compound_id"],
        "zipcode": None,
        "lat": point.get("lat"),
        "long": point.get("lon"),
        "media_url": photo_at(found["media"][0]) if found["media"] else None,
    }


def _responsible(found: Mapping[str, Any], language: str) -> str:
    """Units by their names, everybody else together; what nobody has is the office's (docs/domain.md §2.2)."""
    names = [*found["units"], *([phrase(STAFF, language)] if found["people"] else [])]
    return ", ".join(names) or phrase(OFFICE, language)


def _extended(found: Mapping[str, Any], language: str) -> Document:
    notes = [
        {"datetime": local(each["at"]), "description": phrase(ACTS[each["act"]], language), "type": each["act"]}
        for each in found["history"]
    ]
    return {"notes": notes}


def filed(receipt: Mapping[str, Any], language: str) -> list[Document]:
    """What who files one is answered: its number at once, and never a token."""
    return [
        {"service_request_id": receipt["number"], "service_notice": phrase(TAKEN, language), "account_id": None},
    ]


def discovery(address: str, language: str) -> Document:
    """Where what is; `address` is that of the gateway, without a slash at its end."""
    return {
        "changeset": CHANGED,
        "contact": phrase(CONTACT, language),
        "key_service": phrase(KEYS, language),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": f"{address}/open311/v2",
                "changeset": CHANGED,
                "type": "production",
                "formats": [MEDIA_TYPES[form].partition(";")[0] for form in (XML, JSON)],
            }
        ],
    }


def _name(names: Mapping[str, str], language: str) -> str:
    return phrase(Text(names["zh"], names["en"]), language)
