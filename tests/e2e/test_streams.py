"""Open pages hear of real cases while they happen, each what its reader may, and of nothing when the suite says no."""

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from dev.client import Client
from tests.component.gateway.crowd import Reader, begun, listen
from tests.e2e.docket import Docket
from tests.e2e.staged import StagedSuite

DESK = "/v1/streams/desk"
INBOX = "/v1/streams/inbox"
SENSITIVE, ORDINARY = "0701", "0303"


class Pages:
    """Open pages, which are closed at the end."""

    def __init__(self, docket: Docket) -> None:
        self.docket = docket
        self._open: list[Reader] = []

    def page(self, who: str, path: str) -> Reader:
        """A page of somebody; an id that nobody may know yet stands for no stream."""
        client = self.docket.people[who]
        token = str(client.headers["Authorization"]).removeprefix("Bearer ")
        reader = Reader(urlsplit(self.docket.suite.url).port or 80, path, token)
        self._open.append(reader)
        return reader

    def open(self, who: str, path: str) -> Reader:
        """The same, listening."""
        reader = self.page(who, path)
        assert begun([reader])
        return reader

    def refused(self, who: str, path: str) -> tuple[int, str]:
        """Status and code of what is answered instead of a stream."""
        reader = self.page(who, path).connect()
        listen([reader], lambda: reader.line is None)
        return reader.status, reader.body["code"]

    def heard(self, reader: Reader, types: list[str]) -> None:
        """It hears this about the case of the docket, and nothing else about it."""
        listen([reader], lambda: len(self.about(reader)) >= len(types))
        assert self.about(reader) == types

    def about(self, reader: Reader) -> list[str]:
        """What was heard about the case of the docket."""
        return [each["type"] for each in reader.heard if each["case_id"] == self.docket.case_id]

    def close(self) -> None:
        for each in self._open:
            each.break_off()


@pytest.fixture
def docket(suite: StagedSuite, people: dict[str, Client]) -> Docket:
    docket = Docket(suite, people)
    docket.set("2026-04-13T09:30:00+08:00")
    return docket


@pytest.fixture
def pages(docket: Docket) -> Iterator[Pages]:
    opened = Pages(docket)
    yield opened
    opened.close()


def test_a_desk_a_reporter_and_an_inbox_hear_of_a_case_while_it_happens(docket: Docket, pages: Pages) -> None:
    desk, admin = pages.open("dispatcher", DESK), pages.open("admin", f"{DESK}?area=360704")
    inbox = pages.open("resident", INBOX)
    docket.report("resident", category=ORDINARY)
    reporter = pages.open("resident", f"/v1/streams/cases/{docket.case_id}")
    docket.act("dispatcher", "register")
    docket.act("dispatcher", "dispatch", assignees=["p-worker"])
    pages.heard(desk, ["case.reported", "case.registered", "case.dispatched"])
    pages.heard(admin, ["case.reported", "case.registered", "case.dispatched"])
    pages.heard(reporter, ["case.registered", "case.dispatched"])
    listen([inbox], lambda: len(pages.about(inbox)) >= len(docket.told("registered")))
    assert "notice.added" in pages.about(inbox)
    mine = [each["notice_id"] for each in inbox.heard if each["case_id"] == docket.case_id]
    shown = [each["notice_id"] for each in docket.people["resident"].get("/v1/inbox").json()["items"]]
    assert set(mine) <= set(shown)
    assert "p-resident" not in str(desk.heard)
    assert [each["status"] for each in reporter.heard] == ["REGISTERED", "DISPATCHED"]


def test_what_is_sensitive_is_heard_where_it_is_handled_alone(docket: Docket, pages: Pages) -> None:
    handling = [pages.open(who, DESK) for who in ("dispatcher", "inspector")]
    onlooking = [pages.open(who, DESK) for who in ("admin", "worker", "party_office", "auditor")]
    docket.report("resident", category=SENSITIVE)
    docket.act("dispatcher", "register")
    sensitive = docket.case_id
    docket.report("neighbour", category=ORDINARY)
    docket.act("dispatcher", "register")
    for each in (*handling, *onlooking):
        pages.heard(each, ["case.reported", "case.registered"])
    docket.case_id = sensitive
    for each in handling:
        assert "case.registered" in pages.about(each)
    for each in onlooking:
        assert "case.registered" not in pages.about(each)


def test_a_reader_goes_on_where_the_stream_broke_off(docket: Docket, pages: Pages) -> None:
    desk = pages.open("dispatcher", DESK)
    docket.report("resident", category=ORDINARY)
    pages.heard(desk, ["case.reported"])
    desk.break_off()
    docket.act("dispatcher", "register")
    docket.act("dispatcher", "dispatch", assignees=["p-worker"])
    desk.connect()
    docket.act("worker", "accept")
    pages.heard(desk, ["case.reported", "case.registered", "case.dispatched", "case.accepted"])


def test_who_may_not_see_it_has_no_stream(docket: Docket, pages: Pages) -> None:
    docket.report("resident", category=ORDINARY)
    path = f"/v1/streams/cases/{docket.case_id}"
    assert pages.refused("neighbour", path) == (403, "not_permitted")
    assert pages.refused("resident", f"{path}x") == (404, "case_not_found")
    assert pages.refused("resident", DESK) == (403, "not_permitted")
    assert pages.refused("dispatcher", f"{DESK}?area=360703") == (403, "out_of_scope")
    assert pages.refused("dispatcher", f"{DESK}?area=36070") == (422, "invalid")
    assert pages.refused("dispatcher", f"{DESK}?after=nonsense") == (400, "invalid_cursor")


def test_an_auditor_who_watches_a_case_is_in_the_trail(docket: Docket, pages: Pages) -> None:
    docket.report("resident", category=ORDINARY)
    docket.act("dispatcher", "register")
    pages.open("auditor", f"/v1/streams/cases/{docket.case_id}")
    asked = {"service": "cases", "what": docket.case_id, "act": "case.audited"}
    assert len(docket.people["auditor"].get("/v1/audit-trail", params=asked).json()["items"]) == 1
