"""One value in the standard's two formats: what the one says the other says."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.open311.spark import ITEMS, NO_CHARACTER, as_json, as_xml
from tests.unit.gateway.reading_xml import as_text, read

NAMES = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True).filter(lambda name: name not in ITEMS)
TEXTS = st.text(st.characters(exclude_categories=["Cs"])).filter(lambda text: not NO_CHARACTER.search(text))
PLAIN = st.one_of(st.none(), st.booleans(), st.integers(), TEXTS)


def _richer(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """An element that holds others by name, some of which are lists."""
    lists = st.dictionaries(st.sampled_from(sorted(ITEMS)), st.lists(inner, max_size=2), max_size=1)
    named = st.dictionaries(NAMES, inner, min_size=1, max_size=3)
    return st.builds(lambda one, other: {**one, **other}, named, lists)


VALUES = st.recursive(PLAIN, _richer, max_leaves=8)


@given(st.sampled_from(sorted(ITEMS)), st.lists(VALUES, max_size=3))
def test_xml_says_what_json_says(root: str, value: list[Any]) -> None:
    name, found = read(as_xml(root, value))
    assert name == root
    assert found == as_text(json.loads(as_json(value)))


def test_a_list_of_one_stays_a_list_and_nothing_is_null() -> None:
    one = [{"service_code": "0101", "media_url": None}]
    assert json.loads(as_json(one)) == one
    assert as_xml("services", one).decode() == (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        "<services><service><service_code>0101</service_code><media_url/></service></services>"
    )
    assert as_xml("services", []).decode().endswith("<services/>")


def test_truth_is_a_word_in_xml_and_a_value_in_json() -> None:
    assert b"<metadata>true</metadata>" in as_xml("services", [{"metadata": True}])
    assert as_json([{"metadata": True}]) == b'[{"metadata":true}]'


@pytest.mark.parametrize("text", ["a<b>&c", "]]>", "两行\r\n第三行\r", "\t 前后空白 ", "𠮷"])
def test_any_words_arrive_as_they_were(text: str) -> None:
    assert read(as_xml("notes", [{"description": text}]))[1] == [{"description": text}]


@pytest.mark.parametrize("text", ["\x00", "\x0b", "\ufffe", "\ud800"])
def test_what_xml_cannot_say_makes_no_broken_document(text: str) -> None:
    assert read(as_xml("notes", [{"description": f"a{text}b"}]))[1] == [{"description": "a\ufffdb"}]
