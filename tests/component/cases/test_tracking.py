"""An anonymous report is followed by a link: whoever has it reads how it stands and answers, and nobody else does."""

from datetime import timedelta
from itertools import count
from typing import Any

import pytest
import structlog
from pymongo.database import Database

from cases.photo import Photo
from cases.service import CasesService
from cases.store import PhotoStore
from cases.tracking.link import RANDOM_BYTES, digest
from chassis.caller import Caller
from chassis.errors import Refusal
from tests.component.set_clock import SetClock
from tests.unit.cases.play import AT, DISPATCHER, GRID, RESIDENT, WORKER

Stored = Database[dict[str, Any]]

LAMP: dict[str, Any] = {
    "text": "路灯不亮,电话12000000001",
    "location": {"lon": 115.0058, "lat": 25.8672},
    "compound_id": "c-dongyuan",
    "category": "0201",
}


class Desk:
    """Asks the service as the gateway would, each command under an id of its own."""

    def __init__(self, service: CasesService, clock: SetClock, photos: PhotoStore) -> None:
        self.service, self.clock, self.photos, self._ids = service, clock, photos, count(1)
        self.case_id = self.token = ""

    def report(self, **fields: Any) -> str:
        """An anonymous report of somebody with an account: the token of its link."""
        return self._kept(self.service.report(RESIDENT.dump(), self.id(), **{**LAMP, "anonymous": True, **fields}))

    def report_by_anybody(self, **fields: Any) -> str:
        """The same of somebody without one."""
        return self._kept(self.service.report_by_anybody(self.id(), **{**LAMP, **fields}))

    def do(self, act: str, who: Caller = DISPATCHER, **fields: Any) -> None:
        self.clock.moment += timedelta(minutes=1)
        self.service.move(who.dump(), self.id(), self.case_id, act, fields)

    def seen(self) -> dict[str, Any]:
        found: dict[str, Any] = self.service.tracked_report(self.token)
        return found

    def answer(self, text: str = "在3栋东侧", key: str = "") -> dict[str, Any]:
        self.clock.moment += timedelta(minutes=1)
        found: dict[str, Any] = self.service.answer_by_link(self.token, key or self.id(), text=text)
        return found

    def id(self) -> str:
        return f"k-{next(self._ids)}"

    def _kept(self, receipt: dict[str, Any]) -> str:
        self.case_id, self.token = receipt["case_id"], receipt["tracking_token"]
        return self.token


@pytest.fixture
def desk(service: CasesService, clock: SetClock, photos: PhotoStore) -> Desk:
    return Desk(service, clock, photos)


def code(service: CasesService, ask: str, *given: Any, **named: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        getattr(service, ask)(*given, **named)
    return refusal.value.code


def everything(database: Stored) -> str:
    """All that is kept, as text."""
    return repr({name: list(database[name].find()) for name in database.list_collection_names()})


def test_the_link_shows_how_the_report_stands_and_what_was_answered(desk: Desk) -> None:
    desk.report()
    desk.do("register", category="0201")
    desk.do("dispatch", assignees=["p-worker"])
    desk.do("accept", WORKER)
    desk.do("start", WORKER, contact="phone")
    desk.do("feedback", WORKER, text="已更换灯泡,联系12000000002", photos=[_photo(desk)])
    seen = desk.seen()
    assert (seen["status"], seen["category"], seen["grid_code"]) == ("RESOLVED", "0201", GRID)
    assert seen["category_name"]["zh"]
    lines = [(each["act"], each["text"]) for each in seen["timeline"]]
    assert lines == [
        ("report", None),
        ("register", None),
        ("dispatch", None),
        ("accept", None),
        ("start", None),
        ("feedback", "已更换灯泡,联系120****0002"),
    ]
    assert (seen["questions"], seen["acts"], seen["merged_into"]) == ([], [], None)


def _photo(desk: Desk) -> str:
    id = desk.id()
    desk.photos.add(id, WORKER.id, id, b"original", Photo("image/jpeg", b"full", b"small", 4, 3))
    return id


def test_it_shows_nobody_no_place_and_no_word_that_is_not_for_the_reporter(desk: Desk) -> None:
    desk.report()
    desk.do("register", category="0201")
    desk.do("note", text="内部:疑似恶意", internal=True)
    desk.do("note", text="现场已看")
    desk.do("dispatch", assignees=["p-worker"])
    shown = repr(desk.seen())
    for hidden in ("路灯不亮", "恶意", "现场", "p-worker", "p-desk", "115.0", "c-dongyuan", RESIDENT.id, desk.case_id):
        assert hidden not in shown


def test_who_has_the_link_answers_what_was_asked_and_nobody_is_named_for_it(desk: Desk, database: Stored) -> None:
    desk.report()
    desk.do("ask", text="在几栋?")
    seen = desk.seen()
    assert [each["text"] for each in seen["questions"]] == ["在几栋?"]
    assert seen["acts"] == ["answer"]
    receipt = desk.answer(key="once")
    assert desk.answer(key="once") == receipt
    assert set(receipt) == {"number", "version", "status", "act", "at"}
    assert (desk.seen()["questions"], desk.seen()["acts"]) == ([], [])
    found = database["cases"].find_one({"_id": desk.case_id})
    assert found is not None
    last = found["history"][-1]
    assert (last["type"], last["by"], last["data"]["by"]) == (
        "case.answered",
        {"id": None, "role": "link"},
        {"id": None, "role": "link"},
    )
    assert last["data"]["reporter_id"] is None
    told = desk.service.case(DISPATCHER.dump(), desk.case_id)["timeline"][-1]
    assert (told["by"], told["text"]) == ({"id": None, "role": "link"}, "在3栋东侧")


def test_without_a_question_there_is_nothing_to_answer(desk: Desk) -> None:
    desk.report()
    assert code(desk.service, "answer_by_link", desk.token, "k", text="在3栋") == "no_question_waiting"
    assert code(desk.service, "answer_by_link", desk.token, "k", text="") == "invalid"


@pytest.mark.parametrize("act", ["rate", "withdraw", "reopen", "note"])
def test_by_the_link_nothing_else_can_be_done(desk: Desk, act: str) -> None:
    """Whoever came by it could as well; and a mark would count nowhere (docs/domain.md §2.4)."""
    desk.report()
    holder = {"id": digest(desk.token), "grants": [{"role": "link", "scope": "360704"}], "unit": None}
    assert code(desk.service, "move", holder, "k", desk.case_id, act, {"text": "x"}) in {"not_permitted", "invalid"}


@pytest.mark.parametrize("guess", ["", "x", "{token}x", "{half}", "{digest}", "{case}"])
def test_another_token_leads_nowhere(desk: Desk, guess: str) -> None:
    desk.report()
    made = guess.format(token=desk.token, half=desk.token[:-1], digest=digest(desk.token), case=desk.case_id)
    expected = "tracked_report_not_found" if made else "invalid"
    assert code(desk.service, "tracked_report", made) == expected
    assert code(desk.service, "answer_by_link", made, "k", text="x") == expected


def test_the_token_is_long_told_once_and_kept_nowhere(desk: Desk, database: Stored) -> None:
    first = desk.service.report(RESIDENT.dump(), "same", **LAMP, anonymous=True)
    assert len(first["tracking_token"]) >= RANDOM_BYTES * 8 / 6
    again = desk.service.report(RESIDENT.dump(), "same", **LAMP, anonymous=True)
    assert again == {**first, "tracking_token": None}
    assert first["tracking_token"] not in everything(database)
    found = database["cases"].find_one({"_id": first["case_id"]})
    assert found is not None
    assert found["reporter"]["link"] == digest(first["tracking_token"])
    assert digest(first["tracking_token"]) not in repr(found["history"])
    assert desk.service.tracked_report(first["tracking_token"])["number"] == first["number"]


def test_a_report_that_is_not_anonymous_has_no_link(desk: Desk, database: Stored) -> None:
    receipt = desk.service.report(RESIDENT.dump(), "k", **LAMP)
    assert "tracking_token" not in receipt
    found = database["cases"].find_one({"_id": receipt["case_id"]})
    assert found is not None
    assert found["reporter"]["link"] is None


def test_two_links_lead_to_two_reports(desk: Desk) -> None:
    tokens = [desk.report(), desk.report(text="另一盏")]
    numbers = {desk.service.tracked_report(each)["number"] for each in tokens}
    assert len(numbers) == 2


def test_somebody_without_an_account_reports_and_follows(desk: Desk, database: Stored) -> None:
    photo = "ph-anybody"
    desk.photos.add(photo, "anybody", "k", b"original", Photo("image/jpeg", b"full", b"small", 4, 3))
    desk.report_by_anybody(photos=[photo])
    assert desk.seen()["status"] == "REPORTED"
    seen = desk.service.case(DISPATCHER.dump(), desk.case_id)
    assert seen["reporter"] == {"id": None, "anonymous": True, "by_proxy": False, "contact": None}
    assert seen["source"] == "APP"
    assert [each["photo_id"] for each in seen["photos"]] == [photo]
    kept = database["photos"].find_one({"_id": photo})
    assert kept is not None
    assert (kept["owner"], kept["case_id"]) == (None, desk.case_id)
    assert seen["timeline"][0]["by"] == {"id": None, "role": "anybody"}


@pytest.mark.parametrize(
    "field",
    [{"on_behalf_of": {"name": "谢", "consent": True}}, {"source": "PHONE"}, {"anonymous": False}, {"patrol_id": "p"}],
    ids=["for somebody", "a source", "a name", "a patrol"],
)
def test_who_has_no_account_says_what_and_where_and_no_more(desk: Desk, field: dict[str, Any]) -> None:
    assert code(desk.service, "report_by_anybody", "k", **{**LAMP, **field}) == "invalid"


def test_who_has_no_account_names_no_photo_of_somebody_who_has(desk: Desk) -> None:
    desk.photos.add("ph-1", RESIDENT.id, "k", b"original", Photo("image/jpeg", b"full", b"small", 4, 3))
    assert code(desk.service, "report_by_anybody", "k", **{**LAMP, "photos": ["ph-1"]}) == "unknown_photo"


def test_a_ticket_of_anybody_is_for_an_upload_of_nobody(desk: Desk, database: Stored) -> None:
    assert set(desk.service.anybodys_photo_ticket("k")) == {"ticket", "expires_at"}
    assert "'owner': 'anybody'" in everything(database)


def test_neither_a_report_nor_an_answer_is_tied_to_the_request_that_brought_it(desk: Desk, database: Stored) -> None:
    structlog.contextvars.bind_contextvars(correlation_id="chosen-by-the-caller")
    try:
        desk.report_by_anybody()
        desk.do("ask", text="在几栋?")
        desk.answer()
    finally:
        structlog.contextvars.clear_contextvars()
    found = database["cases"].find_one({"_id": desk.case_id})
    assert found is not None
    assert [entry["correlation"] == "chosen-by-the-caller" for entry in found["history"]] == [False, True, False]


def test_a_merged_report_tells_how_the_case_stands_that_it_went_into(desk: Desk) -> None:
    target = desk.service.report(RESIDENT.dump(), "target", **LAMP)
    desk.report()
    desk.do("merge", target_case_id=target["case_id"])
    seen = desk.seen()
    assert (seen["status"], seen["merged_into"]["number"], seen["merged_into"]["status"]) == (
        "MERGED",
        target["number"],
        "REPORTED",
    )
    assert set(seen["merged_into"]) == {"number", "status", "resolve_due", "resolved_at", "closed_at", "overdue"}


def test_when_the_personal_data_of_the_case_go_the_link_leads_nowhere(desk: Desk, database: Stored) -> None:
    desk.report()
    desk.do("register", category="0201")
    desk.do("dispatch", assignees=["p-worker"])
    desk.do("accept", WORKER)
    desk.do("start", WORKER, contact="phone")
    desk.do("feedback", WORKER, text="已更换", photos=[_photo(desk)])
    desk.do("inspect_pass")
    assert desk.seen()["status"] == "CLOSED"
    desk.clock.moment = AT + timedelta(days=4 * 366)
    desk.service.end_retention()
    assert code(desk.service, "tracked_report", desk.token) == "tracked_report_not_found"
    assert digest(desk.token) not in everything(database)
