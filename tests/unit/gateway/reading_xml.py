"""Reads the standard's XML back into what its JSON has, for tests: text and null are all that XML can tell apart."""

from typing import Any
from xml.etree import ElementTree as ET

from gateway.open311.spark import ITEMS


def read(document: bytes) -> tuple[str, Any]:
    """The name of the root, and the value under it."""
    root = ET.fromstring(document)
    return root.tag, value_of(root)


def value_of(element: ET.Element) -> Any:
    if element.tag in ITEMS:
        assert {each.tag for each in element} <= {ITEMS[element.tag]}
        return [value_of(each) for each in element]
    if len(element):
        return {each.tag: value_of(each) for each in element}
    return element.text


def as_text(value: Any) -> Any:
    """The value with nothing but texts in it, as XML tells it: an empty text is nothing."""
    if isinstance(value, dict):
        return {name: as_text(each) for name, each in value.items()}
    if isinstance(value, list):
        return [as_text(each) for each in value]
    if isinstance(value, bool):
        return str(value).lower()
    return None if value is None or value == "" else str(value)
