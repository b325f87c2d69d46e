"""The service on a real database: the lamp case as requests, commands that come twice, and who is refused."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest
import structlog
from PIL import Image
from pymongo.database import Database
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request, Response

from cases.deadline import LOCAL
from cases.place import Grid
from cases.routing import Unit
from cases.service import CasesService
from cases.store import CaseStore, PlaceStore
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.rpc import Unreachable
from tests.component.cases.staging import MembersDouble
from tests.component.set_clock import SetClock
from tests.unit.cases.play import (
    CONTACT,
    DISPATCHER,
    ELECTRICIAN,
    GRID,
    NEIGHBOUR,
    OTHER_DISTRICT,
    OTHER_WORKER,
    RESIDENT,
    VOLUNTEER,
    WORKER,
    caller,
)
from tests.unit.cases.samples import FOLDER as SAMPLES
from tests.unit.cases.test_event_samples import HEARD as TELLS

HEARD = tuple(sorted(TELLS.keys() - {"person.left", "person.erased", "need.stated", "rotation.planned"}))
SPOT = {"lon": 115.0058, "lat": 25.8672}
LAMP = {"text": "东源胜景小区路灯闪烁", "location": SPOT, "compound_id": "c-dongyuan", "tags": ["elderly"]}


class Desk:
    """Asks the service as the gateway would."""

    def __init__(self, service: CasesService, clock: SetClock) -> None:
        self.service, self.clock = service, clock
        self.case_id = ""
        self.commands = 0

    def at(self, text: str) -> "Desk":
        self.clock.moment = datetime.fromisoformat(f"2026-{text}").replace(tzinfo=LOCAL)
        return self

    def report(self, who: Caller = RESIDENT, **fields: Any) -> dict[str, Any]:
        receipt = self.service.report(who.dump(), self._command(), **(LAMP | fields))
        self.case_id = receipt["case_id"]
        return receipt

    def do(self, who: Caller, act: str, **fields: Any) -> dict[str, Any]:
        return self.service.move(who.dump(), self._command(), self.case_id, act, fields)

    def seen(self, who: Caller) -> dict[str, Any]:
        return self.service.case(who.dump(), self.case_id)

    def upload(self, who: Caller, content: bytes | None = None, command: str | None = None) -> dict[str, Any]:
        ticket = self.service.photo_ticket(who.dump(), command or self._command(), intent="upload")["ticket"]
        response = self.service.take_in(request(content or picture()), ticket)
        return {"status": response.status_code, **response.get_json()}

    def dispatched(self) -> "Desk":
        self.report()
        self.do(DISPATCHER, "register", category="0101")
        self.do(DISPATCHER, "dispatch", assignees=["p-worker", "p-electrician"], lead="p-worker")
        return self

    def _command(self) -> str:
        self.commands += 1
        return f"command-{self.commands}"


def request(content: bytes) -> Request:
    return Request(EnvironBuilder(method="PUT", data=content).get_environ())


def given_out(service: CasesService, ticket: str) -> Response:
    """The photo that the ticket is for, read to its end."""
    answer: Response = service.give_out(request(b""), ticket)
    answer.get_data()
    answer.close()
    return answer


def picture(colour: tuple[int, int, int] = (10, 10, 40)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), colour).save(out, "JPEG")
    return out.getvalue()


def refusal(action: Any, *arguments: Any, **fields: Any) -> Refusal:
    with pytest.raises(Refusal) as refused:
        action(*arguments, **fields)
    return refused.value


def code_of(action: Any, *arguments: Any, **fields: Any) -> str:
    return refusal(action, *arguments, **fields).code


@pytest.fixture
def desk(service: CasesService, clock: SetClock) -> Desk:
    return Desk(service, clock)


def test_the_street_lamp_from_report_to_rating(desk: Desk) -> None:
    before = desk.upload(RESIDENT)
    assert before["status"] == 201
    receipt = desk.at("03-12 19:40").report(photos=[before["photo_id"]])
    assert (receipt["grid_code"], receipt["status"]) == ("360704100002001", "REPORTED")
    registered = desk.at("03-12 19:44").do(DISPATCHER, "register", category="0101")
    assert registered["respond_due"] == "2026-03-12T13:40:00Z"
    assert registered["resolve_due"] == "2026-03-17T10:00:00Z"

    proposal = desk.service.proposal(DISPATCHER.dump(), desk.case_id)
    assert {"unit_type": "PROPERTY", "reason": "no_property_management"} in proposal["skipped"]
    assert [unit["unit_id"] for unit in proposal["units"]] == ["u-committee"]
    assert [person["person_id"] for person in proposal["people"]] == ["p-electrician"]

    desk.at("03-12 19:46").do(DISPATCHER, "dispatch", assignees=["p-worker", "p-electrician"], lead="p-worker")
    desk.at("03-12 19:52").do(WORKER, "accept")
    desk.do(ELECTRICIAN, "accept")
    arrived = desk.at("03-12 20:20").do(ELECTRICIAN, "arrive", location={"lon": 115.0060, "lat": 25.8675})
    assert arrived["status"] == "IN_PROGRESS"
    desk.at("03-12 20:55").do(ELECTRICIAN, "note", text="镇流器老化,待配件")
    desk.do(ELECTRICIAN, "leave")
    desk.at("03-13 17:00").do(ELECTRICIAN, "arrive")
    desk.at("03-13 18:30")
    assert code_of(desk.do, ELECTRICIAN, "feedback", text="已修好") == "after_photo_missing"
    after = desk.upload(ELECTRICIAN)
    desk.do(ELECTRICIAN, "feedback", text="已修好", photos=[after["photo_id"]])
    desk.at("03-13 19:10")
    assert code_of(desk.do, WORKER, "inspect_pass") == "handler_inspects"
    assert desk.do(OTHER_WORKER, "inspect_pass")["status"] == "CLOSED"
    desk.at("03-14 09:30")
    assert code_of(desk.do, NEIGHBOUR, "rate", solved="yes", satisfaction=4) == "not_the_reporter"
    desk.do(RESIDENT, "rate", solved="yes", satisfaction=4)

    seen = desk.seen(DISPATCHER)
    assert seen["minutes"] == {"p-electrician": 125}
    assert [line["act"] for line in seen["timeline"]][-3:] == ["feedback", "inspect_pass", "rate"]
    arrival = next(line for line in seen["timeline"] if line["act"] == "arrive")
    assert (arrival["details"]["on_site"], arrival["details"]["response_met"]) == (True, True)
    assert {row["act"] for row in seen["photos"]} == {"report", "feedback"}


def test_a_command_that_comes_twice_gets_the_same_receipt(desk: Desk, cases: CaseStore) -> None:
    first = desk.service.report(RESIDENT.dump(), "key-1", **LAMP)
    assert desk.service.report(RESIDENT.dump(), "key-1", **LAMP) == first
    assert code_of(desk.service.report, RESIDENT.dump(), "key-1", **(LAMP | {"text": "x"})) == "command_id_reused"
    assert desk.service.report(NEIGHBOUR.dump(), "key-1", **LAMP)["case_id"] != first["case_id"]

    move = (DISPATCHER.dump(), "key-2", first["case_id"], "register")
    registered = desk.service.move(*move, {"category": "0101"})
    assert desk.service.move(*move, {"category": "0101"}) == registered
    assert code_of(desk.service.move, *move, {"category": "0102"}) == "command_id_reused"
    assert cases.load(first["case_id"], None).case.version == 2


def test_a_key_of_one_case_is_refused_for_another(desk: Desk, cases: CaseStore) -> None:
    who = DISPATCHER.dump()
    first, other = (desk.service.report(who, key, **LAMP)["case_id"] for key in ("key-1", "key-2"))
    desk.service.move(who, "key-3", first, "register", {"category": "0101"})
    assert code_of(desk.service.move, who, "key-3", other, "register", {"category": "0101"}) == "command_id_reused"
    assert code_of(desk.service.move, who, "key-1", other, "register", {"category": "0101"}) == "command_id_reused"
    assert code_of(desk.service.report, who, "key-3", **LAMP) == "command_id_reused"
    assert cases.load(other, None).case.version == 1
    desk.service.move(who, "key-4", other, "register", {"category": "0101"})


def test_a_report_with_a_photo_that_comes_twice_is_one_case(desk: Desk) -> None:
    photo = desk.upload(RESIDENT)["photo_id"]
    first = desk.service.report(RESIDENT.dump(), "key-1", **LAMP, photos=[photo])
    assert desk.service.report(RESIDENT.dump(), "key-1", **LAMP, photos=[photo]) == first


def test_a_photo_belongs_to_one_case_and_to_who_uploaded_it(desk: Desk) -> None:
    photo = desk.upload(RESIDENT)["photo_id"]
    assert code_of(desk.report, NEIGHBOUR, photos=[photo]) == "unknown_photo"
    desk.report(RESIDENT, photos=[photo])
    assert code_of(desk.report, RESIDENT, photos=[photo]) == "unknown_photo"
    assert code_of(desk.report, RESIDENT, photos=["no-photo"]) == "unknown_photo"


def test_a_photo_is_fetched_by_whom_the_case_shows_it_to(desk: Desk, service: CasesService) -> None:
    photo = desk.upload(RESIDENT)["photo_id"]

    def ticket(who: Caller) -> str:
        return str(service.photo_ticket(who.dump(), "k", intent="download", photo_id=photo, size="thumbnail")["ticket"])

    ticket(RESIDENT)
    assert code_of(ticket, DISPATCHER) == "photo_not_found"
    desk.report(photos=[photo])
    assert code_of(ticket, NEIGHBOUR) == "photo_not_found"
    assert code_of(ticket, caller("p-audit", "auditor", scope="360704")) == "photo_not_found"
    once = ticket(DISPATCHER)
    served = given_out(service, once)
    assert (served.status_code, served.content_type) == (200, "image/jpeg")
    again = given_out(service, once)
    assert again.get_json()["code"] == "ticket_invalid"


def test_what_is_no_photo_is_refused_over_the_internal_port(desk: Desk) -> None:
    assert desk.upload(RESIDENT, b"%PDF-1.7 no photo")["code"] == "photo_not_readable"
    assert desk.upload(RESIDENT, bytes(10 * 1024 * 1024 + 1))["code"] == "photo_too_large"


def test_an_anonymous_report_leaves_no_trace_of_who_filed_it(desk: Desk, database: Database[dict[str, Any]]) -> None:
    photos = [desk.upload(RESIDENT)["photo_id"] for _ in range(3)]
    desk.report(anonymous=True, photos=photos)
    kept = [*database.cases.find(), *database.photos.find()]
    assert "p-xie" not in repr(kept)
    assert {photo["case_id"] for photo in database.photos.find()} == {desk.case_id}
    assert all("uploaded_at" not in photo and "digest" not in photo for photo in database.photos.find())
    seen = desk.seen(DISPATCHER)
    assert seen["reporter"] == {"id": None, "anonymous": True, "by_proxy": False, "contact": None}


@pytest.mark.parametrize("anonymous", [False, True])
def test_of_many_repetitions_of_a_report_with_a_photo_at_once_all_get_its_receipt(desk: Desk, anonymous: bool) -> None:
    for n in range(5):
        given = LAMP | {"photos": [desk.upload(RESIDENT)["photo_id"]], "anonymous": anonymous}

        def report(_: int, key: str = f"again-{n}", given: dict[str, Any] = given) -> str:
            return str(desk.service.report(RESIDENT.dump(), key, **given)["case_id"])

        with ThreadPoolExecutor(8) as crowd:
            assert len(set(crowd.map(report, range(8)))) == 1


def test_an_anonymous_report_is_not_tied_to_the_request_that_brought_it(
    desk: Desk, database: Database[dict[str, Any]]
) -> None:
    structlog.contextvars.bind_contextvars(correlation_id="chosen-by-the-caller")
    try:
        desk.report()
        desk.report(anonymous=True)
    finally:
        structlog.contextvars.clear_contextvars()
    entries = [case["history"][0] for case in database["cases"].find().sort("reported_at")]
    named = [entry["correlation"] == "chosen-by-the-caller" for entry in entries]
    assert sorted(named) == [False, True]
    assert all(entry["correlation"] for entry in entries)


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"colour": "red"}, "/colour"),
        ({"text": 7}, "/text"),
        ({"text": "x" * 4001}, "/text"),
        ({"tags": ["sparkling"]}, "/tags/0"),
        ({"photos": ["a", "a"]}, "/photos"),
        ({"location": {"lon": 200, "lat": 0}}, "/location/lon"),
        ({"location": {"lon": "east", "lat": 0}}, "/location/lon"),
        ({"anonymous": True, "on_behalf_of": {"name": "谢", "consent": True}}, "/on_behalf_of"),
        ({"on_behalf_of": {"name": "谢", "consent": False}}, "/on_behalf_of/consent"),
        ({"source": "PIGEON"}, "/source"),
    ],
)
def test_a_report_that_is_not_well_formed_is_refused_by_field(desk: Desk, fields: dict[str, Any], pointer: str) -> None:
    refused = refusal(desk.report, **fields)
    assert refused.code == "invalid"
    assert pointer in {error["pointer"] for error in refused.details["errors"]}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"location": {"lon": 110.0, "lat": 20.0}}, "outside_all_grids"),
        ({"location": {**SPOT, "crs": "wgs84"}}, "unknown_crs"),
        ({"category": "9999"}, "unknown_category"),
        ({"compound_id": "c-nowhere"}, "unknown_compound"),
        ({"grid_code": "360704100001001"}, "grid_mismatch"),
        ({"complained_unit_id": "u-nobody"}, "unknown_unit"),
    ],
)
def test_a_report_that_names_what_is_not_there_is_refused(desk: Desk, fields: dict[str, Any], code: str) -> None:
    assert code_of(desk.report, **fields) == code


def test_a_grid_or_a_compound_is_place_enough(desk: Desk) -> None:
    for place in ({"grid_code": "360704100002001"}, {"compound_id": "c-dongyuan"}):
        receipt = desk.service.report(RESIDENT.dump(), f"key-{place}", text="灯不亮", **place)
        assert receipt["grid_code"] == "360704100002001"
    unknown = {"grid_code": "360704999999999"}
    assert code_of(desk.service.report, RESIDENT.dump(), "k", text="灯", **unknown) == "unknown_grid"
    assert code_of(desk.service.report, RESIDENT.dump(), "k", text="灯") == "invalid"


def test_a_case_of_another_district_does_not_exist(desk: Desk) -> None:
    desk.report()
    far = caller("p-far", "dispatcher", scope="360702")
    assert code_of(desk.seen, far) == code_of(desk.do, far, "register", category="0101") == "case_not_found"
    assert desk.service.cases(far.dump())["items"] == []


def test_somebody_elses_case_is_not_shown(desk: Desk) -> None:
    desk.report()
    assert code_of(desk.seen, NEIGHBOUR) == "not_permitted"


def test_a_version_that_is_not_the_present_one_is_refused(desk: Desk) -> None:
    desk.report()
    stale = (DISPATCHER.dump(), "k", desk.case_id, "register", {"category": "0101"}, 7)
    assert refusal(desk.service.move, *stale).details == {"version": 1}
    assert code_of(desk.service.move, *stale) == "stale_version"
    assert desk.service.move(*stale[:-1], 1)["version"] == 2


def test_an_act_that_does_not_exist_is_refused(desk: Desk) -> None:
    desk.report()
    assert code_of(desk.do, DISPATCHER, "explode") == "invalid"
    assert code_of(desk.do, RESIDENT, "report") == "invalid"


def test_nobody_unknown_to_members_is_dispatched(desk: Desk) -> None:
    desk.report()
    desk.do(DISPATCHER, "register", category="0101")
    assert code_of(desk.do, DISPATCHER, "dispatch", assignees=["p-ghost"]) == "unknown_assignee"


def test_a_case_that_nobody_accepts_goes_to_the_next_candidate_and_then_to_the_office(
    desk: Desk, members: MembersDouble
) -> None:
    desk.at("03-12 19:40").report()
    desk.do(DISPATCHER, "register", category="0101")
    desk.do(DISPATCHER, "dispatch", assignees=["u-lighting"])
    desk.at("03-12 20:30").service.sweep()
    assert [one["id"] for one in desk.seen(DISPATCHER)["assignees"]] == ["u-lighting"]
    desk.at("03-12 20:41").service.sweep()
    assert [one["id"] for one in desk.seen(DISPATCHER)["assignees"]] == ["p-electrician"]
    assert members.candidates_asked[0]["exclude"] == ["u-lighting"]
    desk.at("03-13 10:30").service.sweep()
    seen = desk.seen(DISPATCHER)
    assert (seen["assignees"], seen["accept_due"], seen["status"]) == ([], None, "DISPATCHED")
    desk.at("03-14 10:30").service.sweep()
    later = desk.seen(DISPATCHER)
    assert [line["type"] for line in later["timeline"][seen["version"] :]] == ["case.reminded"]


def test_a_deadline_that_reaches_into_an_unknown_year_names_it_and_goes_on_naming_it(
    desk: Desk, clock: SetClock
) -> None:
    clock.moment = datetime(2998, 12, 29, 10, tzinfo=LOCAL)
    desk.report()
    receipt = desk.do(DISPATCHER, "register", category="0101")
    years = sorted({datetime.fromisoformat(receipt["resolve_due"]).astimezone(LOCAL).year, 2998})
    assert receipt["presumed_years"] == years
    seen = desk.seen(RESIDENT)
    assert (seen["presumed_years"], seen["calendar_presumed"]) == (years, True)
    [registered] = [line for line in desk.seen(DISPATCHER)["timeline"] if line["act"] == "register"]
    assert registered["type"] == "case.registered"


def test_a_case_of_which_nobody_thinks_is_told_of_once_by_any_number_of_instances(desk: Desk) -> None:
    """F39: half of its time to the assignee, then the desk, then the office, and nothing twice."""
    desk.at("03-12 19:40").report()
    desk.do(DISPATCHER, "register", category="0101")
    desk.do(DISPATCHER, "dispatch", assignees=["u-lighting"])
    desk.do(CONTACT, "accept")
    desk.do(CONTACT, "start", contact="phone")
    for day in ("03-15 07:00", "03-16 19:00", "03-17 18:01"):
        desk.at(day)
        with ThreadPoolExecutor(4) as instances:
            for _ in range(3):
                list(instances.map(lambda _: desk.service.sweep(), range(4)))
    rung = [line["details"]["alarm"] for line in desk.seen(DISPATCHER)["timeline"] if line["type"] == "case.reminded"]
    assert [name for name in rung if name != "silence.late"] == ["resolve.50", "resolve.80", "resolve.100"]
    assert rung.count("silence.late") == 2  # the third would have come together with the overdue
    assert not [line for line in desk.seen(RESIDENT)["timeline"] if line["type"] == "case.reminded"]


def test_a_sweep_goes_on_when_members_cannot_be_asked_about_one_case(
    desk: Desk, members: MembersDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    for assignee in ("u-lighting", "u-property"):
        desk.at("03-12 19:40").report()
        desk.do(DISPATCHER, "register", category="0101")
        desk.do(DISPATCHER, "dispatch", assignees=[assignee])
    ask, asked = members.candidates, []

    def sometimes(**query: Any) -> list[dict[str, Any]]:
        asked.append(query)
        if len(asked) == 1:
            raise Unreachable
        return ask(**query)

    monkeypatch.setattr(members, "candidates", sometimes)
    desk.at("03-12 20:41").service.sweep()
    assert len(asked) == 2
    assert [one["id"] for one in desk.seen(DISPATCHER)["assignees"]] == ["p-electrician"]


def test_lists_hold_what_each_caller_may_see(desk: Desk) -> None:
    ids = [desk.report(RESIDENT)["case_id"], desk.report(NEIGHBOUR)["case_id"]]
    desk.do(DISPATCHER, "register", category="0101")
    desk.do(DISPATCHER, "dispatch", places=1)

    def listed(who: Caller, **filters: Any) -> list[str]:
        return [item["case_id"] for item in desk.service.cases(who.dump(), filters=filters)["items"]]

    assert listed(DISPATCHER) == ids[::-1]
    assert listed(RESIDENT) == listed(RESIDENT, reported_by="me") == ids[:1]
    assert listed(DISPATCHER, status="DISPATCHED") == listed(VOLUNTEER, offered=True) == ids[1:]
    assert listed(ELECTRICIAN, assignee="me") == listed(VOLUNTEER) == []
    desk.do(ELECTRICIAN, "accept")
    assert listed(ELECTRICIAN, assignee="me") == listed(ELECTRICIAN) == ids[1:]
    assert listed(VOLUNTEER, offered=True) == []
    assert listed(DISPATCHER, grid="360704100002", tag="elderly", category="0101", source="APP") == ids[1:]
    assert listed(DISPATCHER, grid="360704100001") == listed(DISPATCHER, compound_id="c-other") == []


def test_a_list_goes_on_where_the_page_before_ended(desk: Desk) -> None:
    ids = [desk.at(f"03-12 19:{40 + n // 2}").report()["case_id"] for n in range(5)]
    found: list[str] = []
    after = None
    while True:
        page = desk.service.cases(DISPATCHER.dump(), after=after, limit=2)
        found += [item["case_id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert found == ids[::-1]
    assert code_of(desk.service.cases, DISPATCHER.dump(), after=["yesterday", "x"]) == "invalid"


def test_pages_of_open_offers_are_as_if_there_were_none_about_the_own_unit(desk: Desk) -> None:
    offers = []
    for about in ("u-property", "u-lighting", "u-property", "u-lighting"):
        offers.append(desk.report(complained_unit_id=about))
        desk.do(DISPATCHER, "register", category="0303")
        desk.do(DISPATCHER, "dispatch", places=1)

    def pages(who: Caller, **filters: Any) -> list[tuple[list[str], bool]]:
        found: list[tuple[list[str], bool]] = []
        after = None
        while not found or after:
            page = desk.service.cases(who.dump(), filters={"offered": True, **filters}, after=after, limit=1)
            after = page["next"]
            found.append(([item["case_id"] for item in page["items"]], after is not None))
        return found

    shown = [offer["case_id"] for offer in offers[2::-2]]
    assert pages(CONTACT) == [([shown[0]], True), ([shown[1]], False)]
    assert len(pages(VOLUNTEER)) == 4
    assert pages(CONTACT, number=offers[1]["number"]) == [([], False)]
    assert pages(CONTACT, grid="360704100002", category="0303")[-1] == ([shown[1]], False)


def test_overdue_cases_can_be_listed(desk: Desk, clock: SetClock) -> None:
    desk.report()
    desk.do(DISPATCHER, "register", category="0101")
    late = {"filters": {"overdue": True}}
    assert desk.service.cases(DISPATCHER.dump(), **late)["items"] == []
    clock.wait(days=30)
    assert [item["overdue"] for item in desk.service.cases(DISPATCHER.dump(), **late)["items"]] == [True]


def test_a_reporter_can_be_reached_by_who_has_a_reason_and_it_is_written_down(
    desk: Desk, database: Database[dict[str, Any]]
) -> None:
    desk.dispatched()
    contact = desk.service.reporter_contact
    assert code_of(contact, DISPATCHER.dump(), "k", desk.case_id) == "reason_missing"
    assert code_of(contact, NEIGHBOUR.dump(), "k", desk.case_id, "curious") == "not_permitted"
    assert code_of(contact, ELECTRICIAN.dump(), "k", desk.case_id) == "not_accepted"
    assert contact(DISPATCHER.dump(), "k", desk.case_id, "回访")["phone"] == "12000000001"
    desk.do(ELECTRICIAN, "accept")
    desk.do(WORKER, "accept")
    for who in (ELECTRICIAN, WORKER):
        assert contact(who.dump(), "k", desk.case_id)["phone"] == "12000000001"
    assert [(row["by"], row["reason"]) for row in database.reveals.find().sort("by")] == [
        ("p-desk", "回访"),
        ("p-electrician", None),
        ("p-worker", None),
    ]


def test_whoever_works_on_a_case_and_reads_a_phone_in_it_leaves_a_trace_for_each_day(
    desk: Desk, database: Database[dict[str, Any]]
) -> None:
    desk.report(text="灯不亮，电话12012345678")
    desk.do(DISPATCHER, "register", category="0101")
    desk.do(DISPATCHER, "dispatch", assignees=["p-worker", "p-electrician"], lead="p-worker")
    desk.seen(ELECTRICIAN)
    desk.do(ELECTRICIAN, "accept")
    desk.do(WORKER, "accept")
    for who in (DISPATCHER, WORKER, RESIDENT):
        desk.seen(who)
    assert list(database.reveals.find()) == []  # nobody of them has read one that is not their own
    listed = desk.service.cases(ELECTRICIAN.dump(), filters={"assignee": "me"})["items"]
    assert "12012345678" not in str(listed)
    for _ in range(2):
        assert "12012345678" in desk.seen(ELECTRICIAN)["text"]
    rows = [(row["case_id"], row["by"], row["role"], row["reason"]) for row in database.reveals.find()]
    assert rows == [(desk.case_id, "p-electrician", "in_service_member", None)]
    desk.at("03-13 09:00").seen(ELECTRICIAN)
    assert database.reveals.count_documents({}) == 2


def test_nobody_is_told_under_a_key_that_told_of_another_case_or_for_another_reason(
    desk: Desk, database: Database[dict[str, Any]]
) -> None:
    desk.report()
    contact, first = desk.service.reporter_contact, desk.case_id
    contact(DISPATCHER.dump(), "k", first, "回访")
    assert contact(DISPATCHER.dump(), "k", first, "回访")["phone"] == "12000000001"
    assert code_of(contact, DISPATCHER.dump(), "k", first, "好奇") == "command_id_reused"
    desk.report()
    assert code_of(contact, DISPATCHER.dump(), "k", desk.case_id, "回访") == "command_id_reused"
    assert [row["case_id"] for row in database.reveals.find()] == [first]


def test_the_unit_that_a_case_is_about_is_not_told_how_to_reach_who_reported_it(desk: Desk) -> None:
    desk.report(complained_unit_id="u-committee")
    own = caller("p-desk-2", "dispatcher", scope="360704", unit="u-committee")
    assert code_of(desk.service.reporter_contact, own.dump(), "k", desk.case_id, "回访") == "case_not_found"
    desk.report(
        own, complained_unit_id="u-committee", on_behalf_of={"name": "谢测002", "phone": "12000000002", "consent": True}
    )
    assert code_of(desk.service.reporter_contact, own.dump(), "l", desk.case_id, "回访") == "reporter_confidential"


def test_nobody_is_told_how_to_reach_an_anonymous_reporter(desk: Desk) -> None:
    desk.report(anonymous=True)
    assert code_of(desk.service.reporter_contact, DISPATCHER.dump(), "k", desk.case_id, "回访") == "nobody_to_ask"


def test_categories_are_told_with_their_version(service: CasesService) -> None:
    told = service.categories()
    assert (told["version"], len(told["items"])) == ("2025.1", 58)
    assert told["items"][0]["resolve"] == "3wd"
    assert code_of(service.categories, "1999.1") == "unknown_version"


def test_what_members_tells_of_its_territory_is_copied(service: CasesService, places: PlaceStore) -> None:
    told = [json.loads((SAMPLES / f"{type_}.json").read_text(encoding="utf-8")) for type_ in HEARD]
    for sample in told:
        kind = sample["type"].partition(".")[0]
        event = SimpleNamespace(data=sample["data"], sequence=sample["sequence"])
        copy = {
            "grid": service.copy_grid,
            "compound": service.copy_compound,
            "unit": service.copy_unit,
            "area": service.copy_area,
        }
        copy[kind](event)
    assert all(places.grid(sample["data"]["grid_code"]) for sample in told if sample["type"].startswith("grid"))
    assert all(places.compound(sample["data"]["compound_id"]) for sample in told if "compound." in sample["type"])
    assert all(places.unit(sample["data"]["unit_id"]) for sample in told if sample["type"].startswith("unit"))
    assert places.names(["360704100002"], (), ()) == {"360704100002": "高新第一社区"}, "an older event came later"


def test_a_unit_that_has_closed_is_proposed_no_more(desk: Desk, places: PlaceStore) -> None:
    def proposed() -> list[str]:
        return [unit["unit_id"] for unit in desk.service.proposal(DISPATCHER.dump(), desk.case_id)["units"]]

    desk.report(compound_id="c-dongyuan")
    desk.do(DISPATCHER, "register", category="0101")
    assert proposed() == ["u-committee"]
    gone = json.loads((SAMPLES / "unit.closed.json").read_text(encoding="utf-8"))
    desk.service.copy_unit(SimpleNamespace(data={**gone["data"], "unit_id": "u-committee"}, sequence=3))
    assert proposed() == []
    kept = places.unit("u-committee")
    assert kept is not None
    assert not kept.active


def test_the_copy_can_be_made_anew_page_by_page(service: CasesService, members: MembersDouble) -> None:
    kept = json.loads((SAMPLES / "compound.registered.json").read_text(encoding="utf-8"))
    data = {**kept["data"], "compound_id": "c-anew"}
    area = {"type": "area.opened", "sequence": 1, "data": {"area_id": "360704", "name": "赣县区"}}
    members.pages = {
        "": {"items": [{"type": "compound.registered", "sequence": 9, "data": data}], "next": "compounds/c-anew"},
        "compounds/c-anew": {"items": [area], "next": None},
    }
    assert service.copy_places() == "compounds/c-anew"
    assert service.copy_places("compounds/c-anew") is None
    found = service.places.compound("c-anew")
    assert found
    assert found.name == data["name"]
    assert service.places.names(["360704", "360704100"], (), ()) == {"360704": "赣县区"}


def test_photos_that_nobody_named_are_removed_after_a_day(desk: Desk, database: Database[dict[str, Any]]) -> None:
    forgotten, named, marked = (desk.upload(RESIDENT)["photo_id"] for _ in range(3))
    desk.report(photos=[named])
    desk.report(photos=[marked])
    database.photos.update_one({"_id": marked}, {"$set": {"case_id": None}})
    desk.service.clean_up()
    assert database.photos.count_documents({}) == 3
    database.photos.update_many({}, {"$set": {"uploaded_at": datetime.now(UTC) - timedelta(days=2)}})
    desk.service.clean_up()
    assert {row["_id"] for row in database.photos.find()} == {named, marked}
    assert database.photos.find_one({"_id": marked})["case_id"] == desk.case_id  # type: ignore[index]
    assert {row["_id"] for row in database.photo_bytes.find()} == {named, marked}
    assert forgotten not in {named, marked}


def test_a_report_for_somebody_names_a_person_who_is_known_or_none(desk: Desk) -> None:
    for id in ("p-ghost", "u-lighting", "p-gone"):
        other = {"person_id": id, "consent": True}
        assert refusal(desk.report, WORKER, on_behalf_of=other).details == {"person_id": id}
        assert code_of(desk.report, WORKER, on_behalf_of=other) == "unknown_person"
        assert code_of(desk.report, RESIDENT, on_behalf_of=other) == "not_on_behalf"
    desk.report(WORKER, on_behalf_of={"person_id": "p-xie", "consent": True})
    assert desk.seen(RESIDENT)["case_id"] == desk.case_id


def test_nobody_learns_a_phone_by_filing_for_its_owner(desk: Desk, database: Database[dict[str, Any]]) -> None:
    desk.report(DISPATCHER, on_behalf_of={"person_id": "p-xie", "consent": True})
    contact = desk.service.reporter_contact
    assert code_of(contact, DISPATCHER.dump(), "k", desk.case_id, "回访") == "nobody_to_ask"
    assert database.reveals.count_documents({}) == 0
    given = {"person_id": "p-xie", "phone": "12000000009", "consent": True}
    desk.report(DISPATCHER, on_behalf_of=given)
    assert contact(DISPATCHER.dump(), "k", desk.case_id, "回访")["phone"] == "12000000009"


def test_a_correction_asks_members_whether_the_team_still_suits(desk: Desk) -> None:
    desk.dispatched()
    assert code_of(desk.do, DISPATCHER, "correct", category="0104") == "category_not_for_members"
    assert code_of(desk.do, DISPATCHER, "correct", complained_unit_id="u-committee") == "complained_unit"
    desk.do(DISPATCHER, "correct", category="0102")
    assert desk.seen(DISPATCHER)["category"] == "0102"


def test_a_correction_to_a_grid_of_another_district_is_refused(desk: Desk, places: PlaceStore) -> None:
    desk.dispatched()
    ring = ((116.0, 25.0), (116.1, 25.0), (116.1, 25.1), (116.0, 25.1), (116.0, 25.0))
    places.put_grid(Grid(OTHER_DISTRICT, "邻区", "邻区", "SERVICE", ring), 1)
    assert code_of(desk.do, DISPATCHER, "correct", grid_code=OTHER_DISTRICT) == "outside_your_district"


def test_who_was_merged_into_a_case_is_not_lost_when_its_reporter_withdraws(desk: Desk) -> None:
    target = desk.report()["case_id"]
    joining = desk.report(NEIGHBOUR)["case_id"]
    desk.do(DISPATCHER, "merge", target_case_id=target)
    desk.case_id = target
    assert code_of(desk.do, RESIDENT, "withdraw") == "has_followers"
    desk.case_id = joining
    assert desk.seen(NEIGHBOUR)["status"] == "MERGED"


def test_who_was_merged_twice_over_sees_the_case_at_the_end_and_nobody_else_does(desk: Desk) -> None:
    ids = [desk.report(who)["case_id"] for who in (NEIGHBOUR, caller("p-third", "resident"), RESIDENT)]
    for desk.case_id, target in pairwise(ids):
        desk.do(DISPATCHER, "merge", target_case_id=target)
    desk.case_id = ids[-1]
    seen = desk.seen(NEIGHBOUR)
    assert (seen["sight"], seen["text"], seen["reporter"], seen["acts"]) == ("outline", None, None, [])
    assert [line["details"].get("reports") for line in seen["timeline"]] == [None, 3]
    assert code_of(desk.seen, caller("p-fourth", "resident")) == "not_permitted"


def test_a_case_says_what_its_place_and_its_units_are_called_and_names_nobody(desk: Desk, places: PlaceStore) -> None:
    places.put_unit(Unit("u-lighting", "路灯管理所", "LIGHTING_OFFICE", (GRID,)), 2)
    desk.report(compound_id="c-dongyuan")
    desk.do(DISPATCHER, "register", category="0101")
    desk.do(DISPATCHER, "dispatch", assignees=["u-lighting"])
    for who in (DISPATCHER, RESIDENT):
        names = desk.seen(who)["names"]
        assert names.keys() == {GRID, "c-dongyuan", "u-lighting"}
        assert (names["c-dongyuan"], names["u-lighting"]) == ("东源胜景小区", "路灯管理所")


def test_a_list_says_what_the_places_in_it_are_called_as_far_as_they_are_shown(desk: Desk) -> None:
    """What a page of cases shows needs no request for each of them."""
    desk.report(compound_id="c-dongyuan")
    desk.do(DISPATCHER, "register", category="0101")
    first = desk.case_id
    desk.report(NEIGHBOUR, compound_id="c-dongyuan")
    page = desk.service.cases(DISPATCHER.dump())
    assert [line["compound_id"] for line in page["items"]] == ["c-dongyuan"] * 2
    assert page["names"] == desk.service.case(DISPATCHER.dump(), first)["names"]
    assert page["names"].keys() == {GRID, "c-dongyuan"}
    assert desk.service.duplicates(DISPATCHER.dump(), first)["names"] == page["names"]
    assert desk.service.cases(caller("p-nobody", "resident").dump())["names"] == {}
    desk.do(DISPATCHER, "register", category="0806")
    told = desk.service.cases(caller("p-cadre", "union_cadre").dump(), filters={"category": "0806"})
    assert (told["items"][0]["compound_id"], told["names"].keys()) == (None, {GRID})


def test_nobody_joins_a_case_but_by_a_merge(desk: Desk) -> None:
    desk.report()
    assert code_of(desk.do, DISPATCHER, "join") == "invalid"
