"""An input of which only a part can be read."""

import pytest

from chassis.errors import Refusal
from chassis.fault import Fault
from members.organisations.schemas import NewUnitSchema
from members.reading import read


def test_of_what_cannot_be_read_and_of_the_whole_rules_tell_nothing_more() -> None:
    reading = read(NewUnitSchema(), {"name": "测试企业甲", "unit_type": "ENTERPRISE", "credit_code": "1"})
    found = [
        Fault("/credit_code", "credit_code_taken"),
        Fault("", "out_of_scope"),
        Fault("/contact_id", "unknown_person"),
    ]
    assert [each.pointer for each in reading.besides(found)] == ["/contact_id"]
    whole = read(NewUnitSchema(), {"name": "测试企业甲", "unit_type": "ENTERPRISE"})
    assert whole.besides(found) == found


def test_what_is_no_input_at_all_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        read(NewUnitSchema(), {1: "x", "": {}})  # type: ignore[dict-item]  # as a service may send it
    assert refused.value.code == "invalid"
