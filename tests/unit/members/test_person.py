"""What of a person may be shown, and when somebody is free or licensed."""

from datetime import UTC, date, datetime, time

import pytest

from chassis.caller import Grant
from members.erasure.retention import ERASED, erased
from members.people.person import FreeTime, Person, Residence, Tag, free_at, masked_phone
from members.people.skill import Certificate
from members.people.tenure import Tenure

THURSDAY_EVENING = datetime(2026, 3, 12, 11, 40, tzinfo=UTC)  # 19:40 in Asia/Shanghai
LICENCE = Certificate("low_voltage_electrician", date(2026, 3, 12))


def person(**facts: object) -> Person:
    fields = {"id": "p-1", "tenant": "360704", "name": "谢测001", "grants": (Grant("resident", "360704"),)}
    return Person(**{**fields, **facts})  # type: ignore[arg-type]


def test_a_name_is_shown_by_its_form_of_address_or_by_stars() -> None:
    assert person(honorific="先生").shown_name == "谢先生"
    assert person().shown_name == "谢**"
    assert person(name=ERASED, erased_at=THURSDAY_EVENING).shown_name == "已删除"


def test_a_phone_shows_three_and_four_digits() -> None:
    assert masked_phone("12000000001") == "120****0001"


def test_a_tag_is_shown_only_while_consent_stands() -> None:
    given = Tag("veteran", THURSDAY_EVENING, "2025-07")
    withdrawn = Tag("party_member", THURSDAY_EVENING, "2025-07", revoked_at=THURSDAY_EVENING)
    assert person(tags=(given, withdrawn)).shown_tags == ["veteran"]


def test_of_who_is_erased_the_id_the_district_and_the_times_of_roles_are_left() -> None:
    tenures = (Tenure("resident", "360704", THURSDAY_EVENING, THURSDAY_EVENING),)
    known = person(
        honorific="先生",
        unit_id="u-1",
        registered_with="360704100007",
        home=Residence("c-1", "360704100007001", (115.0, 25.86)),
        skills=frozenset({"electrician"}),
        certificates=(LICENCE,),
        free_times=(FreeTime(3, time(18), time(21)),),
        tags=(Tag("veteran", THURSDAY_EVENING, "2025-07"),),
        declined=frozenset({"sms"}),
        addresses={"email": "sealed"},
        consent={"way": "spoken", "noted_by": "p-2"},
        active=False,
        left_at=THURSDAY_EVENING,
        tenures=tenures,
    )
    gone = person(name=ERASED, active=False, left_at=THURSDAY_EVENING, tenures=tenures, erased_at=THURSDAY_EVENING)
    assert erased(known, THURSDAY_EVENING) == gone


@pytest.mark.parametrize(
    ("span", "free"),
    [
        (FreeTime(3, time(18), time(21)), True),
        (FreeTime(3, time(19, 40), time(21)), True),
        (FreeTime(3, time(18), time(19, 40)), False),
        (FreeTime(2, time(18), time(21)), False),
    ],
)
def test_free_time_is_read_on_the_wall_clock_of_shanghai(span: FreeTime, free: bool) -> None:
    assert free_at([span], THURSDAY_EVENING) is free


def test_without_free_times_nobody_is_free() -> None:
    assert not free_at([], THURSDAY_EVENING)


def test_a_licence_counts_until_the_end_of_its_last_local_day() -> None:
    holder = person(certificates=(LICENCE,))
    assert holder.licences(datetime(2026, 3, 12, 15, 59, tzinfo=UTC)) == ["low_voltage_electrician"]
    assert holder.licences(datetime(2026, 3, 12, 16, 0, tzinfo=UTC)) == []


def test_a_person_acts_with_all_roles_and_the_own_unit() -> None:
    grants = (Grant("resident", "360704"), Grant("in_service_member", "360704"))
    caller = person(grants=grants, unit_id="u-1").caller()
    assert (caller.id, caller.unit) == ("p-1", "u-1")
    assert sorted(caller.roles) == ["in_service_member", "resident"]
