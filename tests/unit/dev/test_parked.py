"""What `make parked` and `make replay` make of their arguments."""

import pytest

from dev.layout import SERVICES
from dev.parked import chosen


def test_all_services_are_meant_when_none_is_named() -> None:
    assert chosen("parked", {}) == (SERVICES, [])


def test_one_service_and_its_letters_can_be_named() -> None:
    assert chosen("replay", {"service": "notify", "id": "a b"}) == (["notify"], ["a", "b"])


def test_an_unknown_service_is_answered_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match=r"no service foo: make parked service=cases\|members\|notify"):
        chosen("parked", {"service": "foo"})


def test_a_letter_without_its_service_is_refused() -> None:
    with pytest.raises(ValueError, match="Say whose letter"):
        chosen("replay", {"id": "a"})
