"""Ids sort by the time at which they were made."""

from datetime import UTC, datetime, timedelta

from chassis.ids import earliest_id, id_at, made_at, new_id


def test_an_id_sorts_after_the_earliest_of_its_time_and_before_that_of_a_later_one() -> None:
    now = datetime.now(UTC)
    assert earliest_id(now - timedelta(seconds=5)) < new_id() < earliest_id(now + timedelta(seconds=5))


def test_the_earliest_id_is_that_of_its_millisecond() -> None:
    # RFC 9562, appendix A.6: the example of a UUIDv7
    at = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    assert earliest_id(at) == "017f22e2-79b0"


def test_an_id_tells_when_it_was_made() -> None:
    # RFC 9562, appendix A.6
    assert made_at("017f22e2-79b0-7cc3-98c4-dc0c0c07398f") == datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)


def test_an_id_of_another_time_is_a_uuid_of_version_7_made_then() -> None:
    # RFC 9562, appendix A.6: random bits 0xCC3 and 0x18C4DC0C0C07398F
    at = datetime(2022, 2, 22, 19, 22, 22, tzinfo=UTC)
    assert id_at(at, 0xCC3 << 62 | 0x18C4DC0C0C07398F) == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f"
    assert made_at(id_at(at, 0)) == at
