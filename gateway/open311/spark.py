"""One value as the standard's XML and as its JSON: containers become lists, empty elements null (GeoReport v2)."""

import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

XML, JSON = "xml", "json"

MEDIA_TYPES: Mapping[str, str] = {XML: "text/xml; charset=utf-8", JSON: "application/json; charset=utf-8"}

ITEMS: Mapping[str, str] = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "notes": "note",
    "errors": "error",
}
"""The elements that hold one kind of element, and which: in JSON a list, also when there is one in it or none."""

DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n'

NO_CHARACTER = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot say (§2.2), not even escaped."""


def written(form: str, root: str, value: Any) -> bytes:
    """The document in that format, in UTF-8."""
    return as_xml(root, value) if form == XML else as_json(value)


def as_json(value: Any) -> bytes:
    """The value; the name of the root is not in it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def as_xml(root: str, value: Any) -> bytes:
    """The value under its root, without a namespace."""
    return (DECLARATION + "".join(_element(root, value))).encode()


def _element(name: str, value: Any) -> Iterator[str]:
    inner = "".join(_content(name, value))
    yield f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def _content(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from _element(key, each)
    elif isinstance(value, list):
        for each in value:
            yield from _element(ITEMS[name], each)
    else:
        yield _text(value)


def _text(value: Any) -> str:
    """A line break of another system is escaped, for whoever reads XML makes a newline of it (XML 1.0 §2.11)."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(NO_CHARACTER.sub("\ufffd", str(value)), quote=False).replace("\r", "&#13;")
