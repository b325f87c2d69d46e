"""The standard's errors, made of our problem documents: a list, in the format that was asked for (docs/open311.md)."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from gateway.open311.words import NO_ADDRESS
from gateway.problems import Text, phrase

KEPT = frozenset({405, 408, 411, 413, 414, 429, 431})
"""What whoever stands between us and the client has to understand stays as HTTP has it, and so does our own failing."""

NAMES: Mapping[str, str] = {
    "jurisdiction": "jurisdiction_id",
    "numbers": "service_request_id",
    "codes": "service_code",
    "since": "start_date",
    "until": "end_date",
    "updated_since": "updated_after",
    "updated_until": "updated_before",
    "statuses": "status",
    "compound": "attribute[compound]",
    "asset": "attribute[asset]",
    "weighs_on": "attribute[weighs_on]",
    "photos": "media",
}
"""What the standard calls the arguments that a service knows by another name."""

TOLD_AS: Mapping[str, Text] = {
    "compound_id": Text("address_id 或 attribute[compound]", "address_id or attribute[compound]"),
    "asset_id": Text("attribute[asset]", "attribute[asset]"),
}
"""What the standard has for the fields of a report that our advice names."""

FIELD = re.compile(rf"\b(?:{'|'.join(TOLD_AS)})\b")

STOPS: Mapping[str, str] = {"zh-CN": "。", "en": ". "}
"""What stands between what is wrong and what to do about it, by language."""


def status_of(problem: Mapping[str, Any]) -> int:
    """404 for what there is not, 403 for a key, 400 for every other failure of a request (GeoReport v2).

    A body of another type is 415, as everywhere: the standard knows no other body than a form.
    """
    status: int = problem["status"]
    if problem.get("code") == "unsupported_media_type":
        return status
    if status in {401, 403}:
        return 403
    return status if status == 404 or status in KEPT or status >= 500 else 400


def errors_of(problem: Mapping[str, Any], language: str) -> list[dict[str, Any]]:
    """One error for each fault of the request, or one for all; `language` is in which the problem is written."""
    status = status_of(problem)
    if problem.get("code") == "route_not_found":
        return [{"code": status, "description": phrase(NO_ADDRESS, language)}]
    return [{"code": status, "description": text} for text in _descriptions(problem, language)]


def _descriptions(problem: Mapping[str, Any], language: str) -> Iterator[str]:
    faults = problem.get("errors", ())
    for fault in faults:
        yield f"{_argument(fault)}: {fault['detail']}"
    if not faults:
        advice = FIELD.sub(lambda found: phrase(TOLD_AS[found[0]], language), problem["detail"])
        yield f"{problem['title']}{STOPS[language]}{advice}"


def _argument(fault: Mapping[str, Any]) -> str:
    name = fault.get("parameter") or str(fault.get("pointer", "")).strip("/").partition("/")[0]
    return NAMES.get(name, name)
