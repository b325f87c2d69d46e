"""A body is JSON in UTF-8, of whole characters, or it is refused."""

import pytest
from werkzeug.exceptions import BadRequest

from chassis.errors import Refusal
from gateway.parsing import parsed


@pytest.mark.parametrize(
    "body",
    [b'{"text": "a\xed\xa0\x80b"}', b'{"\xed\xa0\x80": 1}', '{"text": "路灯"}'.encode("utf-16"), b"\xff\xfe", b"{"],
)
def test_what_is_not_json_in_utf_8_is_refused_with_its_place(body: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        parsed(body)
    assert refused.value.code == "body_not_json"
    assert refused.value.details["line"] >= 1


@pytest.mark.parametrize("body", [b'{"text": "\\ud800"}', b'{"\\uDfff": 1}'])
def test_half_a_character_is_refused_in_values_and_in_names(body: bytes) -> None:
    with pytest.raises(BadRequest):
        parsed(body)


def test_characters_beyond_the_basic_plane_pass_in_both_spellings() -> None:
    assert parsed('["😀", "\\ud83d\\ude00"]'.encode()) == ["😀", "😀"]
