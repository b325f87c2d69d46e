"""Instants in requests: what is one is read in UTC, what is not is refused and never breaks anything."""

from datetime import UTC, datetime

import pytest
from marshmallow import ValidationError

from members.schemas import Instant


def test_an_instant_is_read_in_utc() -> None:
    assert Instant().deserialize("2026-03-12T19:40:00+08:00") == datetime(2026, 3, 12, 11, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["tomorrow", "2026-03-12T19:40:00", "9999-12-31T23:59:59-01:00", "0001-01-01T00:00:00+08:00"]
)
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        Instant().deserialize(text)
