"""Releases on a real database: who, which, what everybody is shown of them, and when it ends."""

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image
from pymongo.database import Database

from cases.releases.store import ReleaseStore
from cases.service import CasesService
from chassis.caller import Caller
from chassis.errors import Refusal
from chassis.mongo import Home
from tests.component.cases.test_audit import AUDITOR, trail
from tests.component.cases.test_case_store import Overheard, indexes_of, overheard
from tests.component.cases.test_photo_desk import fetched, large
from tests.component.cases.test_service import Desk, code_of, desk, given_out
from tests.component.set_clock import SetClock
from tests.unit.cases.play import DISPATCHER, ELECTRICIAN, INSPECTOR, NEIGHBOUR, RESIDENT, WORKER

__all__ = ["desk", "overheard"]

Stored = Database[dict[str, Any]]

LOOKED = ["faces", "plates", "house_numbers"]
HERE = "360704"


class Office(Desk):
    """A dispatcher with a registered case that has a photo."""

    photo_id = ""

    def registered(self, **fields: Any) -> "Office":
        self.photo_id = self.upload(RESIDENT, large())["photo_id"]
        self.report(photos=[self.photo_id], **fields)
        self.do(DISPATCHER, "register", category="0101")
        return self

    def release(self, photo_id: str | None = None, who: Caller = DISPATCHER, command: str = "") -> dict[str, Any]:
        command = command or self._command()
        return self.service.release_photo(who.dump(), command, photo_id or self.photo_id, free_of=LOOKED)

    def take_back(self, who: Caller = DISPATCHER) -> dict[str, Any]:
        return self.service.take_back_photo(who.dump(), self._command(), self.photo_id)

    def public(self, size: str = "medium") -> Any:
        ticket = self.service.public_photo_ticket(photo_id=self.photo_id, size=size)["ticket"]
        return given_out(self.service, ticket)

    def media(self) -> list[str]:
        number = self.service.case(DISPATCHER.dump(), self.case_id)["number"]
        return list(self.service.public_request(jurisdiction=HERE, number=number)["media"])

    def flags(self, who: Caller = DISPATCHER) -> list[bool]:
        return [each["released"] for each in self.service.case(who.dump(), self.case_id)["photos"]]


@pytest.fixture
def office(service: CasesService, clock: SetClock) -> Office:
    return Office(service, clock).registered()


def test_a_photo_that_was_released_is_shown_to_everybody_until_it_is_taken_back(office: Office) -> None:
    assert (office.media(), office.flags()) == ([], [False])
    assert code_of(office.public) == "photo_not_found"
    told = office.release()
    assert told == {"photo_id": office.photo_id, "released_at": "2026-03-12T11:40:00Z"}
    assert (office.media(), office.flags(), office.flags(RESIDENT)) == ([office.photo_id], [True], [True])
    shown = office.public()
    assert (shown.status_code, Image.open(io.BytesIO(shown.data)).size) == (200, (1280, 960))
    assert office.public("thumbnail").status_code == 200
    assert office.take_back() == {"photo_id": office.photo_id, "released_at": None}
    assert (office.media(), office.flags()) == ([], [False])
    assert code_of(office.public) == "photo_not_found"


def test_everybody_never_gets_the_photo_in_full(office: Office) -> None:
    office.release()
    assert code_of(office.public, "full") == "invalid"


def test_the_trail_says_who_released_a_photo_and_who_took_it_back(office: Office, service: CasesService) -> None:
    office.release(command="k-1")
    office.release(command="k-1")
    office.release(command="k-2")
    office.take_back()
    office.take_back()
    rows = trail(service, AUDITOR)
    assert [row["act"] for row in rows] == ["photo.taken_back", "photo.released"]
    for row in rows:
        assert (row["who"], row["role"]) == ("p-desk", "dispatcher")
        assert row["what"] == {"kind": "photo", "id": office.photo_id}
        assert row["details"] == {"case_id": office.case_id}


def test_a_command_that_comes_again_is_answered_as_before_and_releases_nothing_anew(office: Office) -> None:
    first = office.release(command="k-1")
    office.take_back()
    assert office.release(command="k-1") == first
    assert office.media() == []


def test_a_key_of_one_photo_is_refused_for_another_and_for_taking_back(office: Office, service: CasesService) -> None:
    office.release(command="k-1")
    other = office.upload(WORKER)["photo_id"]
    office.do(WORKER, "note", text="又一张", photos=[other])
    assert code_of(office.release, other, DISPATCHER, "k-1") == "command_id_reused"
    assert code_of(service.take_back_photo, DISPATCHER.dump(), "k-1", office.photo_id) == "command_id_reused"
    assert office.media() == [office.photo_id]
    assert len(trail(service, AUDITOR)) == 1


def test_a_release_stands_as_of_the_first_time(office: Office) -> None:
    first = office.release()
    office.at("03-12 21:00")
    assert office.release() == first


@pytest.mark.parametrize("who", [RESIDENT, WORKER, INSPECTOR], ids=lambda who: who.id)
def test_who_sees_a_photo_and_is_no_dispatcher_neither_releases_nor_takes_back(office: Office, who: Caller) -> None:
    assert fetched(office.service, office.photo_id, "full", who).status_code == 200
    assert code_of(office.release, None, who) == "not_permitted"
    office.release()
    assert code_of(office.take_back, who) == "not_permitted"
    assert office.media() == [office.photo_id]


def test_who_does_not_see_a_photo_is_told_that_there_is_none(office: Office) -> None:
    for act in (lambda: office.release(None, NEIGHBOUR), lambda: office.take_back(NEIGHBOUR)):
        assert code_of(act) == "photo_not_found"
    assert code_of(office.release, "no-such-photo") == "photo_not_found"


def test_without_having_looked_nothing_is_released(office: Office, service: CasesService) -> None:
    with pytest.raises(Refusal) as refused:
        service.release_photo(DISPATCHER.dump(), "k", office.photo_id, free_of=["faces"])
    assert [each["pointer"] for each in refused.value.details["errors"]] == ["/free_of"]
    assert (office.media(), trail(service, AUDITOR)) == ([], [])


def test_a_case_that_turns_out_to_be_sensitive_shows_nothing_any_more_and_is_taken_back_all_the_same(
    office: Office,
) -> None:
    office.release()
    office.do(DISPATCHER, "correct", category="0806")
    assert code_of(office.public) == "photo_not_found"
    assert code_of(office.media) == "service_request_not_found"
    assert code_of(office.release) == "photo_not_for_everybody"
    assert office.take_back()["released_at"] is None
    office.do(DISPATCHER, "correct", category="0101")
    assert office.media() == []


def test_a_complaint_and_a_report_that_nobody_has_registered_show_no_photo(office: Office) -> None:
    waiting = office.upload(RESIDENT)["photo_id"]
    said = {"text": "灯", "photos": [waiting], "grid_code": "360704100002001", "category": "0101"}
    office.service.report(RESIDENT.dump(), "k-w", **said)
    assert code_of(office.release, waiting) == "photo_not_for_everybody"
    office.do(DISPATCHER, "correct", complained_unit_id="u-property")
    assert code_of(office.release) == "photo_not_for_everybody"


def test_a_photo_of_an_internal_note_is_not_released(office: Office) -> None:
    internal = office.upload(WORKER)["photo_id"]
    office.do(WORKER, "note", text="内部", photos=[internal], internal=True)
    assert code_of(office.release, internal) == "photo_not_for_everybody"


def test_the_last_photo_that_was_released_comes_first(office: Office) -> None:
    office.do(DISPATCHER, "dispatch", assignees=["p-electrician"])
    office.do(ELECTRICIAN, "accept")
    office.do(ELECTRICIAN, "arrive")
    after = office.upload(ELECTRICIAN)["photo_id"]
    office.do(ELECTRICIAN, "feedback", text="已修好", photos=[after])
    office.release()
    office.at("03-12 20:00")
    office.release(after)
    assert office.media() == [after, office.photo_id]


def test_retention_ends_a_release(office: Office, database: Stored, clock: SetClock) -> None:
    office.release()
    office.public()
    office.do(DISPATCHER, "merge", target_case_id=_another(office))
    clock.moment += timedelta(days=4 * 366)
    office.service.end_retention()
    assert database.photos.count_documents({"_id": office.photo_id}) == 0
    assert database.photo_bytes.count_documents({}) == 0
    assert code_of(office.public) == "photo_not_found"


def test_the_deletion_of_who_uploaded_it_ends_a_release(office: Office, database: Stored) -> None:
    office.release()
    assert office.service.photos.disown([RESIDENT.id]) == 1
    assert code_of(office.public) == "photo_not_found"
    assert "p-xie" not in repr(database.photos.find_one({"_id": office.photo_id}))


def test_releases_are_found_by_their_index_alone(
    overheard: tuple[Overheard, Stored], office: Office, database: Stored
) -> None:
    listener, watched = overheard
    office.release()
    store = ReleaseStore(Home(watched))
    for ask, index in (
        (lambda: store.of_cases([office.case_id, "c-none"]), "released"),
        (lambda: store.answered(office.service._asked(DISPATCHER.dump(), "k", {})), "release_acts"),
    ):
        ask()
        explained = watched.command({"explain": listener.finds[-1], "verbosity": "executionStats"})
        assert indexes_of(explained["queryPlanner"]["winningPlan"]) == {index}
        assert explained["executionStats"]["totalDocsExamined"] <= 1


def test_of_no_cases_nothing_is_asked(overheard: tuple[Overheard, Stored]) -> None:
    listener, watched = overheard
    before = len(listener.finds)
    assert ReleaseStore(Home(watched)).of_cases([]) == {}
    assert len(listener.finds) == before


def _another(office: Office) -> str:
    """A second case of the same kind at the same place, into which the first is merged."""
    first = office.case_id
    office.report()
    office.do(DISPATCHER, "register", category="0101")
    office.case_id, second = first, office.case_id
    return second
