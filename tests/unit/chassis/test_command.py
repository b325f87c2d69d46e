"""The same command again gets the same answer, and another one under its id is refused."""

import pytest

from chassis.command import digest, earlier_answer
from chassis.errors import Refusal

ASKED = digest({"act": "accept", "fields": {}})
HISTORY = [
    {"command": "c-1", "digest": digest({"act": "report"}), "answer": {"version": 1}},
    {"command": "c-2", "digest": ASKED, "answer": {"version": 2}},
]


def test_a_command_that_was_carried_out_gets_the_answer_of_then() -> None:
    assert earlier_answer(HISTORY, "c-2", ASKED) == {"version": 2}


def test_a_new_command_has_no_earlier_answer() -> None:
    assert earlier_answer(HISTORY, "c-3", ASKED) is None


def test_an_id_that_comes_with_another_content_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        earlier_answer(HISTORY, "c-1", ASKED)
    assert refused.value.code == "command_id_reused"


def test_a_digest_does_not_depend_on_the_order_of_keys_but_on_every_value() -> None:
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1})
    assert digest({"a": 1}) != digest({"a": 2})
