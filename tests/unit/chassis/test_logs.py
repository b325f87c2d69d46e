"""What is logged of a failure tells what failed, and nobody's number that was quoted in it."""

from chassis.logs import QUOTING, masked


def test_numbers_in_what_an_exception_quotes_are_masked() -> None:
    quoted = 'E11000 duplicate key: { phone: "12012345678" }, 999999199001010016'
    line = masked(None, "error", {"event": "request failed", **dict.fromkeys(QUOTING, quoted)})
    assert {line[name] for name in QUOTING} == {'E11000 duplicate key: { phone: "120****5678" }, 999999********0016'}
    assert line["event"] == "request failed"


def test_a_number_that_was_asked_for_as_an_id_is_masked() -> None:
    line = {"event": "refused", "case_id": "12012345678", "person_id": "999999199001010016", "method": "case"}
    shown = {**line, "case_id": "120****5678", "person_id": "999999********0016"}
    assert masked(None, "info", dict(line)) == shown


def test_ids_and_times_are_left_as_they_are() -> None:
    made = "0196a137-1234-7138-8a38-1200aa123456"
    line = {
        "case_id": "01960000-1380-7000-8000-123456789012",
        "unit_id": "c-dongyuan",
        "event_id": made,
        "ms": 1.5,
        "exception": None,
    }
    assert masked(None, "info", dict(line)) == line
