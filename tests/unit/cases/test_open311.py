"""Cases as service requests of Open311: what may be shown of each, and what a filed one is as a report."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.act import Act
from cases.case import ENDED, Source, Status, Tag
from cases.category import in_force
from cases.deadline import LOCAL
from cases.open311 import offer
from cases.open311.filing import full_name, names_in, reported
from cases.open311.request import LONGEST, Seen, day_of, of_ninety_days, shown, spot, whole_days
from cases.open311.schemas import FilingSchema, RequestsSchema
from cases.place import Compound, Place, Point
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.instant import FIRST, LAST
from chassis.schema import load
from tests.unit.cases import play as stage
from tests.unit.cases.play import AT, DISPATCHER, GRID, LAMP, Play, caller, code_of, opened

KEY = caller("k-1", "api_key", scope="360704")
COMPOUND = Compound("c-dongyuan", "东源胜景小区", GRID, Point(115.0058, 25.8672), True, False, None)
NAMES = {"360704100002": "高新社区", "u-lighting": "区路灯管理所"}
TYPED = "3栋路灯不亮，电话12000000001，身份证999999199001010016"


def seen(play: Play) -> Seen:
    """What the store would read of the case."""
    case, kinds = play.case, [one.kind for one in play.case.assignment.assignees]
    return Seen(
        id=case.id,
        number=case.number,
        status=case.status,
        reported_at=case.reported_at,
        updated_at=case.quiet_since or case.reported_at,
        ended_at=case.ended_at,
        registered=case.dues.respond_due is not None,
        category=case.category,
        category_version=case.category_version,
        complained_unit_id=case.complained_unit_id,
        place=case.place,
        text=case.text,
        resolve_due=case.dues.resolve_due,
        units=tuple(one.id for one in case.assignment.assignees if one.kind == "unit"),
        people="person" in kinds,
        history=tuple((each.data["act"], each.at) for each in play.history),
    )


def read(play: Play) -> dict[str, Any]:
    return shown(seen(play), {COMPOUND.id: COMPOUND}, NAMES)


@pytest.mark.parametrize(
    ("play", "may"),
    [
        (stage.registered, True),
        (stage.closed, True),
        (stage.opened, True),
        (stage.rejected, True),
        (lambda: opened(category=None), False),
        (lambda: opened(category="0806"), False),
        (lambda: stage.registered(category="0701"), False),
        (lambda: stage.registered(complained_unit_id="u-property"), False),
        (lambda: stage.closed(complained_unit_id="u-property"), False),
    ],
    ids=[
        *("registered", "closed", "waiting", "rejected", "without category", "sensitive and waiting", "dispute"),
        *("complaint", "closed complaint"),
    ],
)
def test_sensitive_matters_complaints_and_what_nobody_can_tell_are_not_for_everybody(
    play: Callable[[], Play], may: bool
) -> None:
    assert seen(play()).may_be_shown is may


def test_a_matter_is_hidden_as_soon_as_it_turns_out_to_be_sensitive_or_about_a_unit() -> None:
    assert seen(opened()).may_be_shown
    assert not seen(stage.registered().do(Act.CORRECT, DISPATCHER, category="0806")).may_be_shown
    assert not seen(stage.registered().do(Act.CORRECT, DISPATCHER, complained_unit_id="u-property")).may_be_shown


@pytest.mark.parametrize("build", [stage.opened, stage.rejected, stage.withdrawn, stage.merged])
def test_words_that_nobody_of_the_desk_has_accepted_are_not_shown(build: Callable[[], Play]) -> None:
    assert read(build())["text"] is None


def test_phones_and_identity_numbers_in_the_words_are_masked() -> None:
    text = read(stage.registered(text=TYPED))["text"]
    assert text.startswith("3栋路灯不亮")
    assert "12000000001" not in text
    assert "999999199001010016" not in text


def test_nothing_that_is_said_later_is_told_and_nobody_is_named() -> None:
    play = stage.resolved(text="路灯闪烁").do(Act.NOTE, DISPATCHER, text="报案人脾气不好")
    play.at("03-13 19:10").do(Act.INSPECT_PASS, stage.OTHER_WORKER).do(Act.RATE, stage.RESIDENT)
    told = json.dumps(read(play), ensure_ascii=False)
    for secret in ("脾气", "已修好", "p-", "photo", "satisfaction", "note", "rate", "T11:4"):
        assert secret not in told, secret
    assert [each["act"] for each in read(play)["history"]] == [
        *("report", "register", "dispatch", "accept", "accept", "arrive", "feedback", "inspect_pass")
    ]


def test_the_office_thinks_about_how_it_is_counted_in_private() -> None:
    assert "exclu" not in json.dumps(read(stage.proposed()))


def test_who_has_it_is_a_unit_by_its_name_or_staff() -> None:
    unit = read(stage.registered().do(Act.DISPATCH, DISPATCHER, assignees=["u-lighting"]))
    assert (unit["units"], unit["people"]) == (["区路灯管理所"], False)
    people = read(stage.dispatched())
    assert (people["units"], people["people"]) == ([], True)


@pytest.mark.parametrize("status", list(Status))
def test_what_has_ended_is_closed_and_all_else_is_open(status: Status) -> None:
    """docs/open311.md: closed are CLOSED, REJECTED, MERGED and WITHDRAWN."""
    case = replace(seen(stage.registered()), status=status)
    assert shown(case, {}, {})["open"] is (status not in ENDED)


STREET = Point(115.00581234, 25.86725678)


@pytest.mark.parametrize(
    ("place", "compound", "expected"),
    [
        (LAMP, COMPOUND, COMPOUND.point),
        (Place(GRID, STREET, None, "c-dongyuan"), COMPOUND, COMPOUND.point),
        (Place(GRID, STREET), None, Point(115.0058, 25.8673)),
        (Place(GRID, STREET, "c-unknown"), None, None),
        (Place(GRID), None, None),
    ],
    ids=["in a compound", "at one", "in the street", "in one that is not known", "in a grid"],
)
def test_where_people_live_nothing_is_nearer_than_the_compound(
    place: Place, compound: Compound | None, expected: Point | None
) -> None:
    assert spot(place, compound) == expected


def test_days_are_told_and_no_instants() -> None:
    told = read(stage.closed())
    assert told["requested_at"] == "2026-03-11T16:00:00Z"
    assert told["updated_at"] == "2026-03-12T16:00:00Z"
    assert told["expected_at"] == "2026-03-16T16:00:00Z"
    assert {each["at"][11:] for each in told["history"]} == {"16:00:00Z"}


@given(st.integers(946_684_800, 4_102_444_800))
def test_the_day_of_an_instant_begins_at_local_midnight_less_than_a_day_before(seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    day = day_of(at)
    assert timedelta(0) <= at - day < timedelta(days=1)
    assert day.astimezone(LOCAL).hour == 0


def test_a_period_is_widened_to_days_so_that_nobody_finds_an_instant_by_asking_for_ever_less() -> None:
    narrow = whole_days(AT, AT + timedelta(seconds=1))
    assert narrow == whole_days(AT - timedelta(hours=3), AT + timedelta(hours=4))
    assert narrow == (day_of(AT), day_of(AT) + timedelta(days=1))
    assert whole_days(None, None) == (None, None)


@pytest.mark.parametrize(("since", "until"), [(FIRST, None), (None, FIRST), (LAST, None), (None, LAST), (FIRST, LAST)])
def test_a_period_ends_where_the_calendar_does(since: datetime | None, until: datetime | None) -> None:
    begins, ends = of_ninety_days(since, until, AT)
    assert FIRST <= begins <= ends <= LAST
    first, end = whole_days(begins, ends)
    assert first is not None and end is not None  # noqa: PT018 - for the type checker
    assert first <= end <= LAST


def test_one_end_of_a_period_says_the_other_one() -> None:
    assert of_ninety_days(None, None, AT) == (AT - LONGEST, AT)
    assert of_ninety_days(None, AT + LONGEST, AT) == (AT, AT + LONGEST)
    assert of_ninety_days(AT, None, AT) == (AT, AT + LONGEST)


def test_every_category_that_is_not_sensitive_is_offered_and_no_other() -> None:
    found = in_force(AT)
    codes = [each["code"] for each in offer.services(found)]
    assert codes == sorted(code for code, kind in found.categories.items() if not kind.restricted)
    assert "0101" in codes
    for code in ("0701", "9999"):
        assert code_of(offer.service, found, code) == "service_not_found"


FILED: Mapping[str, Any] = {
    "jurisdiction": "360704",
    "service_code": "0101",
    "description": "路灯闪烁",
    "lat": 25.8672,
    "long": 115.0058,
}


def filed(**fields: Any) -> dict[str, Any]:
    given = {**FILED, **fields}
    return load(FilingSchema(), {name: value for name, value in given.items() if value is not ...})


def test_what_is_filed_without_a_phone_is_anonymous_and_no_name_is_kept() -> None:
    for names in ({}, {"first_name": "测001", "last_name": "谢"}):
        assert reported(filed(**names), None) == {
            "category": "0101",
            "source": "OPEN311",
            "text": "路灯闪烁",
            "location": {"lon": 115.0058, "lat": 25.8672},
            "anonymous": True,
        }


def test_who_leaves_a_phone_can_be_called_back() -> None:
    fields = reported(filed(phone="12000000001", first_name="测001", last_name="谢"), None)
    assert fields["on_behalf_of"] == {"consent": True, "phone": "12000000001", "name": "谢测001"}
    assert "anonymous" not in fields
    play = opened(KEY, **{**fields, "location": None})
    assert (play.case.source, play.case.reporter.filed_by) == (Source.OPEN311, "k-1")
    assert play.case.reporter.can_be_asked


def test_an_anonymous_one_tells_nothing_of_the_key() -> None:
    play = opened(KEY, **reported(filed(), None))
    assert play.case.reporter.filed_by is None
    assert "k-1" not in json.dumps(dict(play.last.by))


@pytest.mark.parametrize("act", [Act.NOTE, Act.WITHDRAW, Act.RATE, Act.REGISTER])
def test_a_program_with_a_key_does_nothing_but_file(act: Act) -> None:
    play = opened(KEY, **reported(filed(phone="12000000001"), None))
    assert code_of(play.do, act, KEY) == "not_permitted"


def test_a_key_of_another_district_files_nothing_here() -> None:
    stranger: Caller = caller("k-2", "api_key", scope="360702")
    assert code_of(opened, stranger, **reported(filed(), None)) == "outside_your_district"


def test_attributes_are_fields_of_the_report() -> None:
    fields = reported(filed(asset="a-1", compound="c-dongyuan", weighs_on=["elderly"]), None)
    assert (fields["asset_id"], fields["compound_id"], fields["tags"]) == ("a-1", "c-dongyuan", [Tag.ELDERLY.value])


def test_an_address_beside_a_point_is_for_whoever_goes_there() -> None:
    fields = reported(filed(address_string="老街口"), None)
    assert fields["text"] == "路灯闪烁\n地址：老街口"
    alone = reported(filed(address_string="东源胜景小区", lat=..., long=...), "c-dongyuan")
    assert (alone["text"], alone["compound_id"], "location" in alone) == ("路灯闪烁", "c-dongyuan", False)


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("测001", "谢", "谢测001"),
        ("Ann", "Lee", "Ann Lee"),
        (None, "谢", "谢"),
        ("Ann", None, "Ann"),
        (None, None, None),
    ],
)
def test_names_stand_in_the_order_of_their_language(first: str | None, last: str | None, name: str | None) -> None:
    assert full_name(first, last) == name


def test_an_address_may_begin_with_the_community_as_ours_do() -> None:
    assert names_in(" 高新社区东源胜景小区") == ("高新社区东源胜景小区", "东源胜景小区")
    assert names_in("东源胜景小区") == ("东源胜景小区",)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"long": ...}, "/long"),
        ({"lat": ...}, "/lat"),
        ({"lat": ..., "long": ...}, "/lat"),
        ({"lat": 91}, "/lat"),
        ({"description": "灯<b>坏</b>了"}, "/description"),
        ({"description": "a</p>"}, "/description"),
        ({"description": "x" * 4001}, "/description"),
        ({"address_string": "<script>x</script>"}, "/address_string"),
        ({"phone": "123"}, "/phone"),
        ({"weighs_on": ["urgent"]}, "/weighs_on/0"),
        ({"service_code": ...}, "/service_code"),
        ({"jurisdiction": ""}, "/jurisdiction"),
    ],
    ids=lambda each: str(each)[:24],
)
def test_each_fault_of_what_is_filed_has_its_place(fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Refusal) as refused:
        filed(**fields)
    assert pointer in {each["pointer"] for each in refused.value.details["errors"]}


def test_all_faults_of_what_is_filed_are_told_at_once() -> None:
    wrong = {"lat": "north", "long": 181, "phone": "1", "description": "<b>", "attribute[colour]": "red"}
    with pytest.raises(Refusal) as refused:
        filed(**wrong)
    assert {each["pointer"] for each in refused.value.details["errors"]} == {f"/{name}" for name in wrong}


def test_a_point_that_is_wrong_is_not_missing_too() -> None:
    with pytest.raises(Refusal) as refused:
        filed(lat="north")
    assert refused.value.details["errors"] == [{"pointer": "/lat", "detail": "Not a valid number."}]


def test_a_description_may_compare_numbers_and_have_lines() -> None:
    assert filed(description="水深 < 5 cm\n两侧 3<4，a > b")["description"] == "水深 < 5 cm\n两侧 3<4，a > b"


DAY = "2026-03-12T00:00:00+08:00"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"since": "2026-03-12", "until": DAY}, "/since"),
        ({"since": "2026-03-12T00:00:00", "until": DAY}, "/since"),
        ({"since": "2026-03-12T00:00:01+08:00", "until": DAY}, "/until"),
        ({"since": "2025-12-11T23:59:59+08:00", "until": DAY}, "/until"),
        ({"updated_since": "2025-12-01T00:00:00Z", "updated_until": DAY}, "/updated_until"),
        ({"statuses": ["done"]}, "/statuses/0"),
        ({"page": 0}, "/page"),
        ({"page": "two"}, "/page"),
        ({"page": 101, "page_size": 1000}, "/page"),
        ({"page_size": 1001}, "/page_size"),
        ({"numbers": ["n"] * 101}, "/numbers"),
    ],
    ids=lambda each: str(each)[:40],
)
def test_each_fault_of_a_question_has_its_place(fields: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Refusal) as refused:
        load(RequestsSchema(), {"jurisdiction": "360704", **fields})
    assert [each["pointer"] for each in refused.value.details["errors"]] == [pointer]


def test_all_faults_of_a_question_are_told_at_once() -> None:
    before, now = "2025-12-01T00:00:00Z", "2026-03-12T00:00:00Z"
    periods = {"since": before, "until": now, "updated_since": now, "updated_until": before}
    with pytest.raises(Refusal) as refused:
        load(RequestsSchema(), {"jurisdiction": "360704", **periods, "page": "x", "statuses": ["done"]})
    told = {each["pointer"] for each in refused.value.details["errors"]}
    assert told == {"/until", "/updated_until", "/page", "/statuses/0"}


def test_ninety_days_may_be_asked_for() -> None:
    asked = {"jurisdiction": "360704", "since": "2025-12-12T00:00:00+08:00", "until": DAY}
    assert load(RequestsSchema(), asked)["page_size"] == 1000
